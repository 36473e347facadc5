#include "core/schema/schema_check.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "core/schema/names.hpp"
#include "core/schema/report.hpp"
#include "core/value/concat.hpp"

namespace bao::core {
namespace {

constexpr std::string_view prefix_key = "modelPrefix";
constexpr std::size_t name_size_max = 255;  // DynamoDB's limit for the name of a key attribute

bool valid_prefix(std::string_view prefix) {
  if (prefix.empty() || prefix.size() > 4 || prefix[0] == '_') return false;
  return std::ranges::all_of(prefix, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::string where_defined(const SourceLocation& location) {
  if (location.line <= 0) return {};
  return concat(
      {" (first at ", location.file.empty() ? "line " : concat({location.file, ":"}), location.line, ")"});
}

/// By the number in an indexId or uniqueConstraintId, the name of what has it.
using Takers = std::array<const std::string*, 6>;

/// Checks one model; diagnostics go to the caller's list in the order of the definition.
class ModelCheck {
 public:
  ModelCheck(const ModelDefinition& model, const Doubts& doubts, std::vector<Diagnostic>& diagnostics)
      : model_(model), doubts_(doubts), diagnostics_(diagnostics) {}

  void run() {
    if (doubts_.has(Doubts::Part::model, model_.name)) return;
    model_itself();
    fields();
    if (fields_.empty()) return;  // else every key would look wrong
    primary_key();
    indexes();
    unique_constraints();
    search();
    mapping();
  }

 private:
  void report(const SourceLocation& location, std::string_view field,
              std::initializer_list<TextPiece> message) {
    core::report(diagnostics_, location.line > 0 ? location : model_.location, model_.name, field, message);
  }

  void model_itself() {
    if (!is_identifier(model_.name) || model_.name.size() > name_size_max) {
      report(model_.location, {},
             {"model name ", quoted(model_.name), " must be a letter followed by letters, digits and _"});
    }
    if (!doubts_.has(Doubts::Part::prefix, model_.name)) {
      if (model_.model_prefix.empty()) {
        report(model_.location, {}, {"modelPrefix is missing: 1 to 4 letters, digits, - or _ (not first _)"});
      } else if (!valid_prefix(model_.model_prefix)) {
        report(model_.location, {},
               {"modelPrefix ", quoted(model_.model_prefix),
                " must be 1 to 4 letters, digits, - or _ (not first _)"});
      }
    }
    if (model_.iteration_buckets < 1 || model_.iteration_buckets > 1000) {
      report(model_.location, {}, {"iterationBuckets must be 1 to 1000, not ", model_.iteration_buckets});
    }
    if (model_.key_format != 1 && model_.key_format != 2) {
      report(model_.location, {}, {"keyFormat must be 1 or 2, not ", model_.key_format});
    }
  }

  void fields() {
    if (model_.fields.empty()) report(model_.location, {}, {"the model has no fields"});
    for (const FieldDefinition& field : model_.fields) {
      const auto [first, fresh] = fields_.emplace(field.name, &field);
      if (!fresh) {
        report(field.location, field.name,
               {"the field is defined twice", where_defined(first->second->location)});
        continue;
      }
      check_field(model_, field, type_known(field.name), diagnostics_);
    }
  }

  [[nodiscard]] bool type_known(const std::string& field) const {
    return !doubts_.has(Doubts::Part::field, model_.name, field);
  }

  std::string no_such_field(const std::string& name) {
    std::vector<std::string_view> names;
    names.reserve(fields_.size());
    for (const auto& [known, field] : fields_) names.push_back(known);
    return concat({quoted(name), " is not a field of ", model_.name, did_you_mean(name, names)});
  }

  /// `what` is e.g. "partition key"; `element` the index it belongs to, empty for the primary key.
  const FieldDefinition* key_half(const SourceLocation& location, std::string_view element,
                                  std::string_view what, const std::string& name) {
    if (name.empty() || name == prefix_key) return nullptr;
    const auto found = fields_.find(name);
    if (found == fields_.end()) {
      report(location, element, {what, " ", no_such_field(name)});
      return nullptr;
    }
    const FieldDefinition& field = *found->second;
    if (type_known(name) && !can_be_in_key(field.type)) {
      report(location, element,
             {what, " ", quoted(name), " is a ", field_type_name(field.type),
              ", which cannot be part of a key"});
      return nullptr;
    }
    return &field;
  }

  void primary_key() {
    if (doubts_.has(Doubts::Part::primary_key, model_.name)) return;
    const KeyDefinition& key = model_.primary_key;
    if (key.partition_key.empty()) {
      report(key.location, {}, {"primaryKey has no partitionKey"});
      return;
    }
    if (key.partition_key == prefix_key && (key.sort_key.empty() || key.sort_key == prefix_key)) {
      report(key.location, {},
             {"primaryKey needs a field: with modelPrefix as partitionKey, sortKey must name one"});
      return;
    }
    if (key.partition_key == key.sort_key) {
      report(key.location, {},
             {"primaryKey has ", quoted(key.sort_key), " as both partitionKey and sortKey: name two fields"});
    }
    const FieldDefinition* partition =
        key_half(key.location, {}, "primaryKey: partitionKey", key.partition_key);
    const FieldDefinition* sort = key.sort_key == key.partition_key
                                      ? nullptr
                                      : key_half(key.location, {}, "primaryKey: sortKey", key.sort_key);
    for (const FieldDefinition* field : {partition, sort}) {
      if (field != nullptr && type_known(field->name) &&
          (field->type == FieldType::version || field->type == FieldType::modified_date)) {
        report(key.location, {},
               {"primaryKey: ", quoted(field->name), " is a ", field_type_name(field->type),
                ", which changes at every save: a key must stay"});
      }
    }
  }

  void indexes() {
    Takers ids{};
    for (const IndexDefinition& index : model_.indexes) {
      if (defined_twice(model_.indexes, index, "the index")) continue;
      element_name(index.location, index.name, "index");
      if (!doubts_.has(Doubts::Part::index, model_.name, index.name)) one_index(index, ids);
    }
  }

  void one_index(const IndexDefinition& index, Takers& ids) {
    const bool id_known = !doubts_.has(Doubts::Part::index_id, model_.name, index.name);
    if (id_known && index.gsi == 0) {
      const bool same = index.partition_key == model_.primary_key.partition_key &&
                        index.sort_key == model_.primary_key.sort_key;
      if (!same && !index.partition_key.empty()) {
        report(index.location, index.name,
               {"the index needs an indexId (gsi1 to gsi5), as its key is not the primary key"});
      }
      return;
    }
    if (id_known) index_id(index, ids);
    if (index.partition_key.empty()) {
      report(index.location, index.name, {"the index has no partitionKey"});
      return;
    }
    key_half(index.location, index.name, "partitionKey", index.partition_key);
    if (index.sort_key == index.partition_key && index.sort_key != prefix_key) {
      report(index.location, index.name,
             {quoted(index.sort_key), " is both partitionKey and sortKey: name two fields"});
    } else {
      key_half(index.location, index.name, "sortKey", index.sort_key);
    }
  }

  void index_id(const IndexDefinition& index, Takers& ids) {
    if (index.gsi < 1 || index.gsi > 5) {
      report(index.location, index.name, {"indexId must be gsi1 to gsi5, not ", index.gsi});
      return;
    }
    const std::string*& taker = ids[static_cast<std::size_t>(index.gsi)];
    if (taker == nullptr) {
      taker = &index.name;
    } else {
      report(index.location, index.name,
             {"indexId gsi", index.gsi, " is already used by index ", quoted(*taker),
              ": each index of a model needs its own"});
    }
  }

  /// There are few of them in a model: looking through them is quick.
  template <class Element>
  bool defined_twice(const std::vector<Element>& elements, const Element& element, std::string_view what) {
    const auto first = std::ranges::find(elements, element.name, &Element::name);
    if (&*first == &element) return false;
    report(element.location, element.name, {what, " is defined twice", where_defined(first->location)});
    return true;
  }

  void element_name(const SourceLocation& location, std::string_view name, std::string_view what) {
    if (!is_identifier(name) || name.size() > name_size_max) {
      report(location, name,
             {what, " name ", quoted(name), " must be a letter followed by letters, digits and _"});
    }
  }

  void unique_constraints() {
    Takers ids{};
    for (const UniqueConstraintDefinition& constraint : model_.unique_constraints) {
      if (defined_twice(model_.unique_constraints, constraint, "the unique constraint")) continue;
      element_name(constraint.location, constraint.name, "unique constraint");
      if (!doubts_.has(Doubts::Part::unique_constraint, model_.name, constraint.name)) {
        one_unique_constraint(constraint, ids);
      }
    }
  }

  void unique_constraint_id(const UniqueConstraintDefinition& constraint, Takers& ids) {
    if (constraint.id < 1 || constraint.id > 3) {
      report(constraint.location, constraint.name,
             {"uniqueConstraintId must be uc1 to uc3, not ", constraint.id});
      return;
    }
    const std::string*& taker = ids[static_cast<std::size_t>(constraint.id)];
    if (taker == nullptr) {
      taker = &constraint.name;
    } else {
      report(constraint.location, constraint.name,
             {"uniqueConstraintId uc", constraint.id, " is already used by ", quoted(*taker),
              ": each unique constraint of a model needs its own"});
    }
  }

  void one_unique_constraint(const UniqueConstraintDefinition& constraint, Takers& ids) {
    if (!doubts_.has(Doubts::Part::unique_constraint_id, model_.name, constraint.name)) {
      unique_constraint_id(constraint, ids);
    }
    if (constraint.field.empty()) {
      report(constraint.location, constraint.name, {"the unique constraint has no field"});
      return;
    }
    const auto found = fields_.find(constraint.field);
    if (found == fields_.end()) {
      report(constraint.location, constraint.name, {no_such_field(constraint.field)});
    } else if (type_known(constraint.field) && !can_be_in_key(found->second->type)) {
      report(constraint.location, constraint.name,
             {quoted(constraint.field), " is a ", field_type_name(found->second->type),
              ", which cannot be unique"});
    }
  }

  void search() {
    if (!model_.search || doubts_.has(Doubts::Part::search, model_.name)) return;
    const SearchDefinition& search = *model_.search;
    if (search.fields.empty()) report(model_.location, {}, {"searchable lists no fields"});
    for (const std::string& name : search.fields) {
      if (&*std::ranges::find(search.fields, name) != &name) {
        report(model_.location, name, {"searchable lists the field twice"});
        continue;
      }
      const auto found = fields_.find(name);
      if (found == fields_.end()) {
        report(model_.location, {}, {"searchable: ", no_such_field(name)});
      } else if (type_known(name) && found->second->type != FieldType::string) {
        report(found->second->location, name,
               {"searchable fields must be StringFields, not ", field_type_name(found->second->type)});
      }
    }
    if (search.min_term_length < 1) {
      report(model_.location, {},
             {"searchable: minTermLength must be at least 1, not ", search.min_term_length});
    }
  }

  void mapping() {
    if (model_.table_type != TableType::mapping) return;
    std::size_t related = 0;
    for (const FieldDefinition& field : model_.fields) {
      if (field.type == FieldType::related || !type_known(field.name)) ++related;
    }
    if (related < 2) {
      report(model_.location, {},
             {"a mapping table joins two models: it needs two RelatedFields, and has ", related});
    }
  }

  const ModelDefinition& model_;
  const Doubts& doubts_;
  std::vector<Diagnostic>& diagnostics_;
  std::map<std::string_view, const FieldDefinition*> fields_;
};

}  // namespace

void Doubts::add(Part part, std::string_view model, std::string_view name) {
  parts_.push_back({.part = part, .model = std::string(model), .name = std::string(name)});
}

bool Doubts::has(Part part, std::string_view model, std::string_view name) const {
  return std::ranges::any_of(parts_, [&](const Entry& entry) {
    return entry.part == part && entry.model == model && entry.name == name;
  });
}

std::vector<Diagnostic> check_definitions(const std::vector<ModelDefinition>& definitions,
                                          const Schema::Options& options, const Doubts& doubts) {
  std::vector<Diagnostic> diagnostics;
  std::map<std::string_view, const ModelDefinition*> names;
  std::map<std::string_view, const ModelDefinition*> prefixes;
  std::vector<std::string_view> known;
  known.reserve(definitions.size());
  for (const ModelDefinition& model : definitions) known.push_back(model.name);

  for (const ModelDefinition& model : definitions) {
    const auto [first, fresh] = names.emplace(model.name, &model);
    if (!fresh) {
      report(diagnostics, model.location, model.name, {},
             {"the model is defined twice", where_defined(first->second->location)});
      continue;
    }
    if (valid_prefix(model.model_prefix)) {
      const auto [owner, unused] = prefixes.emplace(model.model_prefix, &model);
      if (!unused) {
        report(diagnostics, model.location, model.name, {},
               {"modelPrefix ", quoted(model.model_prefix), " is already used by model ",
                quoted(owner->second->name), ": each model needs its own"});
      }
    }
    ModelCheck(model, doubts, diagnostics).run();
    if (!options.related_models_must_exist) continue;
    for (const FieldDefinition& field : model.fields) {
      if (field.type != FieldType::related || field.related_model.empty() ||
          doubts.has(Doubts::Part::field, model.name, field.name) ||
          std::ranges::find(known, field.related_model) != known.end()) {
        continue;
      }
      report(diagnostics, field.location, model.name, field.name,
             {"related model ", quoted(field.related_model), " is not defined",
              did_you_mean(field.related_model, known)});
    }
  }
  return diagnostics;
}

}  // namespace bao::core
