#include "codegen/methods.hpp"

#include <optional>
#include <set>

#include "codegen/naming.hpp"

namespace bao::codegen {
namespace {

using core::Index;
using core::KeyPart;
using core::Model;
using core::Schema;

// Types whose key text is the value itself, so that an id stands for it.
bool holds_id(FieldType type) {
  return type == FieldType::string || type == FieldType::ulid || type == FieldType::related;
}

/// The one field of a model's primary key, or null where it has two.
const FieldDefinition* id_field(const Model& model) {
  const bool partition = model.partition_key().kind == KeyPart::Kind::field;
  const bool sort = model.sort_key().kind == KeyPart::Kind::field;
  if (partition == sort) return nullptr;
  return &model.field(partition ? model.partition_key().field : model.sort_key().field);
}

/// Which RelatedField of a mapping table the items of an index stand for: its sort key, or the only one left.
std::optional<std::uint32_t> mapped_field(const Model& mapping, const Index& index) {
  const auto is_related = [&](std::uint32_t field) {
    return mapping.field(field).type == FieldType::related && field != index.partition.field;
  };
  if (index.sort.kind == KeyPart::Kind::field && is_related(index.sort.field)) return index.sort.field;
  std::optional<std::uint32_t> only;
  for (std::uint32_t field = 0; field < mapping.fields().size(); ++field) {
    if (!is_related(field)) continue;
    if (only) return std::nullopt;
    only = field;
  }
  return only;
}

class MethodPlan {
 public:
  MethodPlan(const Schema& schema, const NameTaken& taken)
      : schema_(schema), taken_(taken), methods_(schema.models().size()), names_(schema.models().size()) {}

  std::vector<std::vector<Method>> run() {
    for (const auto& model : schema_.models()) own_fields(*model);
    for (const auto& model : schema_.models()) indexes(*model);
    // Last, as these give way to every other name.
    for (const auto& model : schema_.models()) keyed_queries(*model);
    return std::move(methods_);
  }

 private:
  [[nodiscard]] bool is_taken(const Model& owner, const std::string& name) const {
    return names_[owner.number()].contains(name) || taken_(owner, name);
  }

  void add(const Model& owner, Method method, const std::string& second_choice = {}) {
    if (is_taken(owner, method.name) && !second_choice.empty()) method.name = second_choice;
    while (is_taken(owner, method.name)) method.name += '_';
    names_[owner.number()].insert(method.name);
    methods_[owner.number()].push_back(std::move(method));
  }

  void own_fields(const Model& model) {
    for (std::uint32_t field = 0; field < model.fields().size(); ++field) {
      const FieldDefinition& definition = model.field(field);
      const Model* target =
          definition.type == FieldType::related ? schema_.model(definition.related_model) : nullptr;
      if (target == nullptr) continue;
      add(model, {.kind = Method::Kind::getter,
                  .name = getter_name(definition.name),
                  .source = &model,
                  .field = field,
                  .target = target});
    }
    for (const core::UniqueConstraint& unique : model.unique_constraints()) {
      add(model, {.kind = Method::Kind::finder,
                  .name = finder_name(unique.name),
                  .source = &model,
                  .field = unique.field,
                  .unique = &unique});
    }
  }

  void indexes(const Model& model) {
    for (const Index& index : model.indexes()) {
      const std::string title = index_title(index.name);
      if (index.partition.kind == KeyPart::Kind::prefix) {
        add(model,
            {.kind = Method::Kind::self_query, .name = "query" + title, .source = &model, .index = &index});
        continue;
      }
      if (index.partition.kind != KeyPart::Kind::field) continue;
      const FieldDefinition& partition = model.field(index.partition.field);
      const Model* owner =
          partition.type == FieldType::related ? schema_.model(partition.related_model) : nullptr;
      if (owner == nullptr) continue;
      if (model.definition().table_type == TableType::mapping) {
        mapped_query(*owner, model, index, title);
      } else {
        add(*owner,
            {.kind = Method::Kind::related_query, .name = "query" + title, .source = &model, .index = &index},
            model_query_name(model.name()) + title);
      }
    }
  }

  void mapped_query(const Model& owner, const Model& mapping, const Index& index, const std::string& title) {
    const std::optional<std::uint32_t> field = mapped_field(mapping, index);
    const Model* target = field ? schema_.model(mapping.field(*field).related_model) : nullptr;
    if (target == nullptr) return;
    add(owner,
        {.kind = Method::Kind::mapped_query,
         .name = "get" + title,
         .source = &mapping,
         .index = &index,
         .field = *field,
         .target = target},
        "get" + capitalised(mapping.name()) + "s" + title);
  }

  // Indexes of other models whose partition key has the name of this model's id, and holds ids.
  void keyed_queries(const Model& owner) {
    const FieldDefinition* id = id_field(owner);
    if (id == nullptr || !holds_id(id->type)) return;
    for (const auto& model : schema_.models()) {
      if (model.get() == &owner || model->definition().table_type == TableType::mapping) continue;
      for (const Index& index : model->indexes()) {
        if (index.partition.kind != KeyPart::Kind::field) continue;
        const FieldDefinition& partition = model->field(index.partition.field);
        const bool holds_our_id =
            partition.name == id->name && holds_id(partition.type) && partition.type != FieldType::related;
        std::string name = model_query_name(model->name());
        if (!holds_our_id || is_taken(owner, name)) continue;
        add(owner, {.kind = Method::Kind::related_query,
                    .name = std::move(name),
                    .source = model.get(),
                    .index = &index});
      }
    }
  }

  const Schema& schema_;
  const NameTaken& taken_;
  std::vector<std::vector<Method>> methods_;
  std::vector<std::set<std::string, std::less<>>> names_;
};

}  // namespace

std::vector<std::vector<Method>> methods_of(const Schema& schema, const NameTaken& taken) {
  return MethodPlan(schema, taken).run();
}

}  // namespace bao::codegen
