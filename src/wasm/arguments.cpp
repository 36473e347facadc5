#include "wasm/arguments.hpp"

#include <utility>

#include "core/expression/refusal.hpp"
#include "core/keys/key_text.hpp"
#include "core/value/number.hpp"
#include "wasm/conditions.hpp"
#include "wasm/tagged.hpp"

namespace bao::wasm {

using core::Change;
using core::JsonType;
using core::KeyTexts;
using core::Model;

namespace {

Value half_value(const Model& model, const core::KeyPart& part, const JsonNode* node) {
  if (node == nullptr || part.kind != core::KeyPart::Kind::field) return {};
  return logical_value(*node, model.field(part.field).type);
}

}  // namespace

Result<KeyTexts> read_key(const Model& model, const JsonNode* key) {
  if (key == nullptr) return std::unexpected(Error(ErrorCode::validation, model.name() + ": no key"));
  if (const JsonNode* const id = key->value("id")) {
    return core::split_primary_id(model, id->is(JsonType::string) ? id->text : std::string_view());
  }
  return core::logical_key_texts(model, half_value(model, model.partition_key(), key->value("partition")),
                                 half_value(model, model.sort_key(), key->value("sort")));
}

Result<KeyTexts> read_existing_key(const Model& model, const JsonNode* key, const char* operation) {
  Result<KeyTexts> texts = read_key(model, key);
  if (texts || key == nullptr || key->value("id") == nullptr) return texts;
  const std::string id(key->string("id"));
  return std::unexpected(
      Error(ErrorCode::item_not_found, ErrorDetails{.message = model.name() + " '" + id + "' does not exist",
                                                    .model = model.name(),
                                                    .primary_id = id,
                                                    .operation = operation}));
}

namespace {

void read_members(const JsonNode* list, Value::StringSet& members) {
  if (list == nullptr) return;
  for (const JsonNode& member : list->children) members.emplace(member.text);
}

Change read_change(const Model& model, std::uint32_t field, const JsonNode& node) {
  Change change;
  change.field = field;
  const JsonNode* const tag = tag_of(node);
  if (tag != nullptr && tag->name == "#i") {
    change.kind = Change::Kind::increment;
    change.value = Number{std::string(tag->text)};
  } else if (tag != nullptr && tag->name == "#e" && model.field(field).type == FieldType::string_set) {
    change.kind = Change::Kind::edit_members;
    read_members(tag->value("added"), change.added);
    read_members(tag->value("deleted"), change.deleted);
  } else {
    change.value = logical_value(node, model.field(field).type);
  }
  return change;
}

}  // namespace

Result<std::vector<Change>> read_changes(const Model& model, const JsonNode* values) {
  std::vector<Change> changes;
  if (values == nullptr) return changes;
  changes.reserve(values->children.size());
  for (const JsonNode& node : values->children) {
    const std::optional<std::uint32_t> field = model.field_index(node.name);
    if (!field) {
      const std::string name(node.name.substr(0, 100));
      return std::unexpected(
          Error(ErrorCode::validation, ErrorDetails{.message = model.name() + " has no field '" + name + "'",
                                                    .model = model.name(),
                                                    .field = name}));
    }
    changes.push_back(read_change(model, *field, node));
  }
  return changes;
}

Result<core::WriteOptions> read_write_options(const Model& model, const JsonNode* options) {
  core::WriteOptions read;
  if (options == nullptr) return read;
  Result<Condition> condition = read_condition(model, options->value("condition"));
  if (!condition) return std::unexpected(std::move(condition).error());
  read.condition = std::move(*condition);
  read.force_reindex = options->flag("forceReindex");
  return read;
}

Result<core::QueryOptions> read_query_options(const Model& model, const JsonNode* options) {
  core::QueryOptions read;
  if (options == nullptr) return read;
  read.count_only = options->flag("countOnly");
  if (const JsonNode* const limit = options->member("limit")) {
    read.limit = limit->is(JsonType::number) ? core::number_to_int64(limit->text) : std::nullopt;
    if (!read.limit && !limit->is_null()) {
      return core::refuse_operand(model, {}, "limit must be a whole number", natural_value(*limit));
    }
  } else if (read.count_only) {
    read.limit.reset();
  }
  if (const JsonNode* const start = options->value("startKey")) read.start_key = natural_value(*start);
  read.descending = options->string("direction") == "DESC";
  Result<Condition> filter = read_condition(model, options->value("filter"));
  if (!filter) return std::unexpected(std::move(filter).error());
  read.filter = std::move(*filter);
  read.consistent = options->flag("consistent");
  if (const JsonNode* const attributes = options->value("attributes")) {
    for (const JsonNode& name : attributes->children) read.attributes.emplace_back(name.text);
  }
  return read;
}

Value read_partition(const Model& model, std::string_view index_name, const JsonNode* value) {
  const core::Index* const index = model.index(index_name);
  return half_value(model, index == nullptr || index->gsi == 0 ? model.partition_key() : index->partition,
                    value);
}

}  // namespace bao::wasm
