#include "wasm/arguments.hpp"

#include <utility>

#include "core/expression/path.hpp"
#include "core/expression/refusal.hpp"
#include "core/keys/key_text.hpp"
#include "core/value/concat.hpp"
#include "core/value/number.hpp"
#include "wasm/conditions.hpp"
#include "wasm/rows.hpp"
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
  if (key == nullptr)
    return std::unexpected(Error(ErrorCode::validation, core::concat({model.name(), ": no key"})));
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
      Error(ErrorCode::item_not_found,
            ErrorDetails{.message = core::concat({model.name(), " '", id, "' does not exist"}),
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
  } else if (tag != nullptr && tag->name == "#x") {
    change.kind = Change::Kind::custom;
    change.custom = std::make_shared<const core::CustomUpdate>(
        core::CustomUpdate{.clause = std::string(tag->string("type")),
                           .expression = std::string(tag->string("expression")),
                           .name = std::string(tag->string("attrNameKey")),
                           .value = std::string(tag->string("attrValueKey"))});
    if (const JsonNode* const value = tag->value("fieldValue")) {
      change.value = logical_value(*value, model.field(field).type);
    }
  } else {
    change.value = logical_value(node, model.field(field).type);
  }
  return change;
}

// "address.city": the value there; null removes it.
Result<Change> read_path_change(const Model& model, const JsonNode& node) {
  auto path = core::parse_path(node.name);
  const auto refuse = [&](const std::string& reason) {
    const std::string name(node.name.substr(0, 100));
    return std::unexpected(
        Error(ErrorCode::validation,
              ErrorDetails{.message = core::concat({model.name(), ": '", name, "': ", reason}),
                           .model = model.name(),
                           .field = name}));
  };
  if (!path) return refuse(path.error());
  const std::optional<std::uint32_t> field = model.field_index(path->field);
  if (!field) return refuse(core::concat({"there is no field '", path->field, "'"}));
  Change change{.field = *field, .path = std::move(path->steps)};
  change.value = natural_value(node);
  change.kind = change.value.is_null() ? Change::Kind::remove_path : Change::Kind::set_path;
  return change;
}

}  // namespace

Result<std::vector<Change>> read_changes(const Model& model, const JsonNode* values) {
  std::vector<Change> changes;
  if (values == nullptr) return changes;
  changes.reserve(values->children.size());
  for (const JsonNode& node : values->children) {
    const std::optional<std::uint32_t> field = model.field_index(node.name);
    if (!field && core::is_path(node.name)) {
      Result<Change> change = read_path_change(model, node);
      if (!change) return std::unexpected(std::move(change).error());
      changes.push_back(std::move(*change));
      continue;
    }
    if (!field) {
      const std::string name(node.name.substr(0, 100));
      return std::unexpected(
          Error(ErrorCode::validation,
                ErrorDetails{.message = core::concat({model.name(), " has no field '", name, "'"}),
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

namespace {

// A whole number; nothing where it is null or absent.
Result<std::optional<std::int64_t>> read_whole(const Model& model, const JsonNode* options,
                                               std::string_view name) {
  const JsonNode* const node = options == nullptr ? nullptr : options->value(name);
  if (node == nullptr) return std::nullopt;
  std::optional<std::int64_t> number;
  if (node->is(JsonType::number)) number = core::number_to_int64(node->text);
  if (number) return number;
  return core::refuse_operand(model, {}, core::concat({name, " must be a whole number"}),
                              natural_value(*node));
}

}  // namespace

Result<core::QueryOptions> read_query_options(const Model& model, const JsonNode* options) {
  core::QueryOptions read;
  if (options == nullptr) return read;
  read.count_only = options->flag("countOnly");
  if (options->member("limit") != nullptr) {
    const auto limit = read_whole(model, options, "limit");
    if (!limit) return std::unexpected(limit.error());
    read.limit = *limit;
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

Result<core::ScanOptions> read_scan_options(const Model& model, const JsonNode* options) {
  Result<core::QueryOptions> common = read_query_options(model, options);
  if (!common) return std::unexpected(std::move(common).error());
  const auto limit = read_whole(model, options, "limit");
  const auto segment = read_whole(model, options, "segment");
  if (!segment) return std::unexpected(segment.error());
  const auto total = read_whole(model, options, "totalSegments");
  if (!total) return std::unexpected(total.error());
  core::ScanOptions read;
  read.filter = std::move(common->filter);
  read.limit = limit ? *limit : std::nullopt;
  read.start_key = std::move(common->start_key);
  if (options != nullptr) read.index = options->string("index");
  read.segment = *segment;
  read.total_segments = *total;
  read.consistent = common->consistent;
  read.attributes = std::move(common->attributes);
  return read;
}

Result<core::IterateOptions> read_iterate_options(const Model& model, const JsonNode* options) {
  core::IterateOptions read;
  const auto batch_size = read_whole(model, options, "batchSize");
  if (!batch_size) return std::unexpected(batch_size.error());
  const auto bucket = read_whole(model, options, "bucket");
  if (!bucket) return std::unexpected(bucket.error());
  read.batch_size = batch_size->value_or(read.batch_size);
  read.bucket = *bucket;
  if (options == nullptr) return read;
  Result<Condition> filter = read_condition(model, options->value("filter"));
  if (!filter) return std::unexpected(std::move(filter).error());
  read.filter = std::move(*filter);
  return read;
}

Result<core::SearchOptions> read_search_options(const Model& model, const JsonNode* options) {
  core::SearchOptions read;
  if (options == nullptr) return read;
  const std::string_view word = options->string("operator");
  if (!word.empty() && word != "AND" && word != "OR") {
    return core::refuse_operand(model, {}, "operator must be \"AND\" or \"OR\"", Value(word));
  }
  read.any_term = word == "OR";
  for (const auto& [name, place] : {std::pair("batchSize", &read.batch_size),
                                    std::pair("maxQueriesPerBucket", &read.queries_per_bucket_max),
                                    std::pair("parallel", &read.parallel)}) {
    const auto number = read_whole(model, options, name);
    if (!number) return std::unexpected(number.error());
    *place = number->value_or(*place);
  }
  if (options->member("limit") != nullptr) {
    const auto limit = read_whole(model, options, "limit");
    if (!limit) return std::unexpected(limit.error());
    read.limit = *limit;
  }
  const auto bucket = read_whole(model, options, "bucket");
  if (!bucket) return std::unexpected(bucket.error());
  read.bucket = *bucket;
  read.cursor = options->string("cursor");
  Result<Condition> filter = read_condition(model, options->value("filter"));
  if (!filter) return std::unexpected(std::move(filter).error());
  read.filter = std::move(*filter);
  return read;
}

std::vector<std::string> read_terms(const JsonNode* terms) {
  std::vector<std::string> read;
  if (terms == nullptr) return read;
  if (terms->is(JsonType::string)) return core::split_search_query(terms->text);
  for (const JsonNode& term : terms->children) read.emplace_back(term.text);
  return read;
}

core::IterationPosition read_position(const JsonNode* position) {
  core::IterationPosition read;
  if (position == nullptr) return read;
  if (const JsonNode* const bucket = position->value("bucket"); bucket && bucket->is(JsonType::number)) {
    read.bucket = static_cast<std::uint32_t>(core::number_to_int64(bucket->text).value_or(0));
  }
  if (const JsonNode* const start = position->value("startKey")) read.start_key = natural_value(*start);
  read.ended = position->flag("ended");
  return read;
}

Result<core::BatchWrite> read_batch_write(const Model& model, const JsonNode& args) {
  core::BatchWrite read;
  if (const JsonNode* const puts = args.value("put")) {
    for (const JsonNode& values : puts->children) {
      Result<std::vector<Change>> changes = read_changes(model, &values);
      if (!changes) return std::unexpected(std::move(changes).error());
      read.puts.push_back(std::move(*changes));
    }
  }
  if (const JsonNode* const removes = args.value("delete")) {
    for (const JsonNode& key : removes->children) {
      Result<KeyTexts> texts = read_key(model, &key);
      if (texts) {
        read.removes.push_back(std::move(*texts));
      } else if (key.value("id") == nullptr) {
        return std::unexpected(std::move(texts).error());
      }
    }
  }
  return read;
}

namespace {

Result<core::TransactAction> read_action(const Model& model, const JsonNode& action) {
  using Kind = core::TransactAction::Kind;
  const std::string_view kind = action.string("kind");
  core::TransactAction read{.kind = kind == "create"   ? Kind::create
                                    : kind == "update" ? Kind::update
                                    : kind == "delete" ? Kind::remove
                                                       : Kind::check,
                            .model = &model,
                            .key = {},
                            .changes = {},
                            .base = item_of_row(model, action.value("base")),
                            .options = {}};
  if (read.kind != Kind::create) {
    Result<KeyTexts> key = read_existing_key(model, action.value("key"), core::operation_of(read.kind));
    if (!key) return std::unexpected(std::move(key).error());
    read.key = std::move(*key);
  }
  Result<std::vector<Change>> changes = read_changes(model, action.value("values"));
  if (!changes) return std::unexpected(std::move(changes).error());
  read.changes = std::move(*changes);
  Result<core::WriteOptions> options = read_write_options(model, action.value("options"));
  if (!options) return std::unexpected(std::move(options).error());
  read.options = std::move(*options);
  return read;
}

}  // namespace

Result<std::vector<core::TransactAction>> read_actions(const core::Schema& schema, const JsonNode& args) {
  std::vector<core::TransactAction> actions;
  const JsonNode* const given = args.value("actions");
  if (given == nullptr) return actions;
  for (const JsonNode& action : given->children) {
    const JsonNode* const number = action.value("model");
    const auto position = number == nullptr ? std::nullopt : core::number_to_int64(number->text);
    if (!position || *position < 0 || static_cast<std::size_t>(*position) >= schema.models().size()) {
      return std::unexpected(Error(ErrorCode::configuration, "an action is for no registered model"));
    }
    Result<core::TransactAction> read =
        read_action(*schema.models()[static_cast<std::size_t>(*position)], action);
    if (!read) return std::unexpected(std::move(read).error());
    actions.push_back(std::move(*read));
  }
  return actions;
}

Value read_partition(const Model& model, std::string_view index_name, const JsonNode* value) {
  const core::Index* const index = model.index(index_name);
  return half_value(model, index == nullptr || index->gsi == 0 ? model.partition_key() : index->partition,
                    value);
}

}  // namespace bao::wasm
