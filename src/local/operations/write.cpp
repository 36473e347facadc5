#include "local/operations/write.hpp"

#include "core/value/json_writer.hpp"
#include "local/expressions/evaluate.hpp"
#include "local/expressions/parser.hpp"
#include "local/expressions/update.hpp"
#include "local/item/item_size.hpp"
#include "local/item/json_codec.hpp"
#include "local/keys.hpp"

namespace bao::local {

namespace {

void subtract(std::uint64_t& figure, std::uint64_t amount) {
  figure -= amount < figure ? amount : figure;
}

}  // namespace

std::string item_member(std::string_view record) {
  if (record.empty()) return {};
  std::string out = ",\"Item\":";
  core::JsonWriter writer(out);
  write_item(writer, Encoded::of_record(record));
  return out;
}

Outcome<void> WriteOperation::parse() {
  const bool updates = kind == Kind::update;
  const RequestKind request_kind = updates             ? RequestKind::update
                                   : kind == Kind::put ? RequestKind::put
                                                       : RequestKind::remove;
  if (auto checked = check_not_mixed(request, request_kind); !checked) return checked;
  const bool any = request.condition || (updates && request.update);
  auto checked = check_bindings(
      request, any,
      updates ? "UpdateExpression and ConditionExpression are null" : "ConditionExpression is null", any);
  if (!checked) return checked;
  if (request.invalid_value) return std::unexpected(*request.invalid_value);
  if (kind == Kind::put && record_size(*request.item) > item_size_max) {
    return invalid("Item size has exceeded the maximum allowed size");
  }
  if (request.legacy) return parse_legacy();
  if (updates && request.update) {
    auto parsed = parse_update(*request.update, request.bindings);
    if (!parsed) return std::unexpected(std::move(parsed.error()));
    update = std::move(*parsed);
  }
  if (request.condition) {
    auto parsed = parse_condition(ExpressionKind::condition, *request.condition, request.bindings);
    if (!parsed) return std::unexpected(std::move(parsed.error()));
    condition = std::move(*parsed);
  }
  return check_all_used(request.bindings);
}

Outcome<void> WriteOperation::parse_legacy() {
  const LegacyParameters& legacy = *request.legacy;
  if (kind == Kind::update && legacy.attribute_updates) {
    auto built = legacy_update(request);
    if (!built) return std::unexpected(std::move(built.error()));
    update = std::move(*built);
  }
  if (auto checked = check_conditional_operator(request, legacy.expected); !checked) return checked;
  if (!legacy.expected || legacy.expected->empty()) return {};
  auto built = legacy_condition(request, *legacy.expected);
  if (!built) return std::unexpected(std::move(built.error()));
  condition = std::move(*built);
  return {};
}

Outcome<void> WriteOperation::locate(Database& database) {
  auto found = database.require(table_of_arn(*request.table_name));
  if (!found) return std::unexpected(std::move(found.error()));
  table = *found;
  const Encoded named = Encoded::of_record(kind == Kind::put ? *request.item : *request.key);
  auto checked = kind == Kind::put ? check_item_keys(*table, named) : check_key(table->keys, named);
  if (!checked) return checked;
  if (update) {
    for (const UpdateAction& action : update->actions) {
      const std::string_view attribute = update->ast.path_begin(update->ast.node(action.path))->name;
      if (is_key(table->keys, attribute)) {
        return invalid("One or more parameter values were invalid: Cannot update attribute " +
                       std::string(attribute) + ". This attribute is part of the key");
      }
    }
  }
  if (update) {
    if (auto done = check_key_paths(*table, update->ast); !done) return done;
  }
  if (condition) {
    if (auto done = check_key_paths(*table, condition->ast); !done) return done;
  }
  key = item_key(table->keys, named);
  return {};
}

Outcome<void> WriteOperation::evaluate(Database& database) {
  auto found = database.read(*table, key);
  if (!found) return std::unexpected(std::move(found.error()));
  old_record.assign(*found);
  const Encoded old_item = old_record.empty() ? Encoded() : Encoded::of_record(old_record);
  if (condition && !local::evaluate(*condition, request.bindings, old_item)) {
    ApiError error = service_error("ConditionalCheckFailedException", "The conditional request failed");
    condition_failed = true;
    error.members = item_member(record_on_failure());
    return std::unexpected(std::move(error));
  }
  switch (kind) {
    case Kind::put:
      new_record = *request.item;
      break;
    case Kind::check:
      new_record = old_record;
      break;
    case Kind::remove:
      break;
    case Kind::update: {
      const std::string_view base =
          old_record.empty() ? std::string_view(*request.key) : std::string_view(old_record);
      if (!update) {
        new_record = base;
        break;
      }
      auto updated = apply_update(*update, request.bindings, Encoded::of_record(base));
      if (!updated) return std::unexpected(std::move(updated.error()));
      new_record = std::move(*updated);
      if (record_size(new_record) > item_size_max) {
        return invalid("Item size to update has exceeded the maximum allowed size");
      }
      return check_index_keys(*table, Encoded::of_record(new_record), true);
    }
  }
  return {};
}

void WriteOperation::stage(WriteBatch& batch) {
  if (kind == Kind::check) return;
  changes = index_changes(*table, old_record, new_record, key);
  for (const IndexChange& change : changes) {
    if (change.old_entry == change.new_entry) continue;
    if (!change.old_entry.empty()) batch.erase(change.index->space, change.old_entry);
    if (!change.new_entry.empty()) batch.put(change.index->space, change.new_entry, {});
  }
  if (!new_record.empty()) {
    batch.put(table->space, key, new_record);
  } else if (!old_record.empty()) {
    batch.erase(table->space, key);
  }
}

void WriteOperation::count(Database& database) const {
  if (kind == Kind::check) return;
  if (database.recent_writes().enabled()) {
    database.recent_writes().note(*table, key, old_record, database.now_ms());
  }
  // The figures may be those of before a crash: they never go below zero.
  if (!old_record.empty()) {
    subtract(table->items, 1);
    subtract(table->bytes, record_size(old_record));
  }
  if (!new_record.empty()) {
    ++table->items;
    table->bytes += record_size(new_record);
  }
  for (const IndexChange& change : changes) {
    if (!change.old_entry.empty()) subtract(change.index->entries, 1);
    if (!change.new_entry.empty()) ++change.index->entries;
    subtract(change.index->bytes, change.old_size);
    change.index->bytes += change.new_size;
  }
}

}  // namespace bao::local
