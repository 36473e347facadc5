#include "core/fsck/derived.hpp"

#include <utility>
#include <vector>

#include "core/engine/write_support.hpp"

namespace bao::core {

namespace {

constexpr int gsis = 5;

}  // namespace

Derived derived_of(Call& call, const Draft& draft, const std::string& id) {
  const Model& model = draft.model();
  Derived derived;
  for (int gsi = 1; gsi <= gsis; ++gsi) {
    derived[std::string(index_pk_attribute(gsi))] = std::nullopt;
    derived[std::string(index_sk_attribute(gsi))] = std::nullopt;
  }
  for (const Index& index : model.indexes()) {
    if (index.gsi == 0) continue;
    const Result<std::optional<RowKey>> key = draft.index_key(call.tenant(), index);
    if (!key || !*key) continue;
    derived[std::string(index_pk_attribute(index.gsi))] = (*key)->pk;
    derived[std::string(index_sk_attribute(index.gsi))] = (*key)->sk;
  }
  const bool iterable = model.definition().iterable;
  const RowKey iteration = iterable ? iteration_key(model, call.tenant(), id) : RowKey();
  derived[std::string(iteration_pk_attribute)] = iterable ? std::optional(iteration.pk) : std::nullopt;
  derived[std::string(iteration_sk_attribute)] = iterable ? std::optional(iteration.sk) : std::nullopt;
  derived[std::string(search_text_attribute)] =
      model.definition().search ? search_text_of(*call.engine().options().folding, draft) : std::nullopt;
  return derived;
}

const Model& OtherFormats::of(const Model& model) {
  std::unique_ptr<const Schema>& schema = schemas_[&model];
  if (!schema) {
    ModelDefinition definition = model.definition();
    definition.key_format = model.key_format() == 1 ? 2 : 1;
    std::vector<ModelDefinition> definitions;
    definitions.push_back(std::move(definition));
    // It was right in its own format, and is right in the other one.
    schema = std::move(*Schema::build(std::move(definitions), {.custom_keys = model.schema().custom_keys()}));
  }
  return *schema->models().front();
}

}  // namespace bao::core
