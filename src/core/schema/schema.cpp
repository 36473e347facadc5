#include "core/schema/schema.hpp"

#include <functional>
#include <utility>

#include "core/schema/schema_check.hpp"

namespace bao::core {
namespace {

constexpr std::string_view prefix_key = "modelPrefix";

/// Models whose keys are ids of one another come to no end; nobody has chains of this length.
constexpr int related_keys_max = 8;

KeyPart resolve(const Model& model, const std::string& name) {
  if (name.empty()) return {};
  if (name == prefix_key) return {.kind = KeyPart::Kind::prefix};
  return {.kind = KeyPart::Kind::field, .field = model.field_index(name).value_or(0)};
}

}  // namespace

std::optional<std::uint32_t> Model::field_index(std::string_view name) const {
  return field_numbers_.find(std::hash<std::string_view>()(name),
                             [&](std::uint32_t number) { return field(number).name == name; });
}

const Index* Model::index(std::string_view name) const {
  // A model has at most a handful of indexes: looking through them beats hashing.
  for (const Index& index : indexes_) {
    if (index.name == name) return &index;
  }
  return nullptr;
}

std::expected<std::unique_ptr<const Schema>, std::vector<Diagnostic>> Schema::build(
    std::vector<ModelDefinition> definitions, const Options& options) {
  std::vector<Diagnostic> diagnostics = check_definitions(definitions, options, Doubts());
  if (!diagnostics.empty()) return std::unexpected(std::move(diagnostics));

  auto schema = std::make_unique<Schema>();
  schema->custom_keys_ = options.custom_keys;
  schema->models_.reserve(definitions.size());
  for (ModelDefinition& definition : definitions) schema->add(std::move(definition));
  for (const std::unique_ptr<Model>& model : schema->models_) {
    model->partition_separators_ = schema->separators_of(*model, model->partition_key_, 1);
    model->sort_separators_ = schema->separators_of(*model, model->sort_key_, 1);
  }
  return schema;
}

std::size_t Schema::separators_of(const Model& model, const KeyPart& part, int depth) const {
  if (part.kind != KeyPart::Kind::field || depth > related_keys_max) return 0;
  const FieldDefinition& field = model.field(part.field);
  if (field.type != FieldType::related || field.custom_key != 0) return 0;
  const Model* const related = this->model(field.related_model);
  if (related == nullptr) return 0;
  const KeyPart& partition = related->partition_key();
  const KeyPart& sort = related->sort_key();
  const bool two = partition.kind == KeyPart::Kind::field && sort.kind == KeyPart::Kind::field;
  return separators_of(*related, partition, depth + 1) + (two ? 1 : 0) +
         separators_of(*related, sort, depth + 1);
}

void Schema::add(ModelDefinition&& definition) {
  auto model = std::make_unique<Model>();
  model->definition_ = std::move(definition);
  model->number_ = static_cast<std::uint32_t>(models_.size());
  model->schema_ = this;

  std::vector<FieldDefinition>& fields = model->definition_.fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    model->field_numbers_.insert(std::hash<std::string_view>()(fields[i].name), i);
  }

  const KeyDefinition& key = model->definition_.primary_key;
  model->partition_key_ = resolve(*model, key.partition_key);
  model->sort_key_ = resolve(*model, key.sort_key);
  for (const KeyPart part : {model->partition_key_, model->sort_key_}) {
    if (part.kind == KeyPart::Kind::field) fields[part.field].required = true;
  }
  for (const IndexDefinition& index : model->definition_.indexes) {
    if (index.gsi == 0) {
      model->indexes_.push_back({index.name, 0, model->partition_key_, model->sort_key_});
    } else {
      model->indexes_.push_back(
          {index.name, index.gsi, resolve(*model, index.partition_key), resolve(*model, index.sort_key)});
    }
  }
  for (const UniqueConstraintDefinition& constraint : model->definition_.unique_constraints) {
    model->unique_constraints_.push_back(
        {constraint.name, model->field_index(constraint.field).value_or(0), constraint.id});
  }

  // The views point into the model, which stays where it is.
  by_name_.emplace(model->definition_.name, model.get());
  by_prefix_.emplace(model->definition_.model_prefix, model.get());
  models_.push_back(std::move(model));
}

const Model* Schema::model(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

const Model* Schema::model_by_prefix(std::string_view prefix) const {
  const auto found = by_prefix_.find(prefix);
  return found == by_prefix_.end() ? nullptr : found->second;
}

}  // namespace bao::core
