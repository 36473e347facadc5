#include "core/engine/read_item.hpp"
#include "core/engine/removal.hpp"
#include "core/engine/transaction.hpp"
#include "core/engine/write.hpp"
#include "core/engine/write_support.hpp"
#include "core/keys/key_text.hpp"
#include "core/request/body.hpp"

namespace bao::core {

namespace {

struct Removal {
  const Model& model;
  RowKey key;
  std::string id;
  Condition condition;
};

Written removed(WriteMark& mark, const Call& call, ItemRef old) {
  Written result;
  result.item = std::move(old);
  result.capacity = call.capacity;
  result.entry = mark.written(ItemRef());
  return result;
}

Result<std::string> delete_item_body(const Removal& removal, const std::string& table) {
  Placeholders placeholders;
  const Result<std::string> asked = condition_expression(removal.model, removal.condition, placeholders);
  if (!asked) return std::unexpected(asked.error());
  const std::string condition = all_of({exists_condition(placeholders), *asked});
  std::string body;
  JsonWriter writer(body);
  writer.begin_object();
  write_common(writer, table);
  writer.key("Key");
  write_row_key(writer, removal.key);
  write_member(writer, "ConditionExpression", condition);
  placeholders.write_members(writer);
  write_member(writer, "ReturnValues", "ALL_OLD");
  write_member(writer, "ReturnValuesOnConditionCheckFailure", "ALL_OLD");
  writer.end_object();
  return body;
}

// The tries ran out without an answer. An item that is not there any more is what was asked for, unless that
// depended on a condition.
Task<bool> is_gone_as_asked(Call& call, const Removal& removal, const Exchange& ended) {
  if (ended.fault || !ended.maybe_executed || !removal.condition.empty() || call.cancelled()) co_return false;
  const Result<ItemRef> current = co_await read_item(call, removal.key);
  co_return current && !*current;
}

// A delete of an item that holds no unique value.
Task<Result<Written>> remove_item(Call& call, const Removal& removal, ItemRef base) {
  WriteMark mark(call, removal.key);
  const Result<std::string> body = delete_item_body(removal, call.engine().options().table_name);
  if (!body) co_return std::unexpected(body.error());
  const Exchange ended = co_await exchange(call, ApiOperation::delete_item, *body, Replay::idempotent);
  if (ended.answer) co_return removed(mark, call, ended.answer->item_ref());
  if (!ended.fault || ended.fault->kind != Fault::Kind::condition_failed) {
    if (co_await is_gone_as_asked(call, removal, ended)) co_return removed(mark, call, std::move(base));
    co_return std::unexpected(
        write_error(ended, ApiOperation::delete_item, Replay::idempotent, removal.model, removal.id));
  }
  if (removal.condition.empty()) {
    // Refused, so the item was not there. After a lost answer that is what was asked for, whoever did it.
    if (ended.maybe_executed) co_return removed(mark, call, std::move(base));
    co_return std::unexpected(item_not_found(removal.model, removal.id, "delete"));
  }
  // An earlier attempt may have deleted an item that met the condition, and others may have been here since.
  if (ended.maybe_executed) co_return std::unexpected(ambiguous_error(removal.model, removal.id, "delete"));
  ItemRef current = ended.fault->item;
  if (!current) {
    Result<ItemRef> read = co_await read_item(call, removal.key);
    if (!read) co_return std::unexpected(std::move(read).error());
    current = std::move(*read);
  }
  if (!current) co_return std::unexpected(item_not_found(removal.model, removal.id, "delete"));
  co_return std::unexpected(condition_error(removal.model, removal.id, "delete", "Delete condition not met"));
}

// A delete together with the rows of its unique values, in one transaction.
Task<Result<Written>> remove_with_rows(Call& call, const Removal& removal, ItemRef base) {
  const Model& model = removal.model;
  WriteMark mark(call, removal.key);
  const Owner owner{.model = model, .id = removal.id, .ttl = std::nullopt};
  std::vector<Release> rows = held_rows(call, Draft(model, base));
  for (int tries = 1;; ++tries) {
    const Draft item(model, base);
    Placeholders placeholders;
    const Result<std::string> condition = removal_condition(item, removal.condition, placeholders);
    if (!condition) co_return std::unexpected(condition.error());
    Transaction transaction(call.engine().options().table_name);
    transaction.remove(removal.key, *condition, placeholders);
    for (const Release& row : rows) add_release(transaction, row, owner);
    const Exchange ended = co_await exchange(call, ApiOperation::transact_write_items,
                                             transaction.body(call.engine().new_ulid()), Replay::idempotent);
    if (ended.answer) co_return removed(mark, call, std::move(base));
    const std::optional<std::size_t> failed =
        ended.fault ? failed_action(*ended.fault) : std::optional<std::size_t>();
    if (!failed) {
      if (co_await is_gone_as_asked(call, removal, ended)) co_return removed(mark, call, std::move(base));
      co_return std::unexpected(
          write_error(ended, ApiOperation::transact_write_items, Replay::idempotent, model, removal.id));
    }
    if (*failed > 0) {
      if (*failed <= rows.size()) rows[*failed - 1].not_mine = !rows[*failed - 1].not_mine;
    } else {
      Result<ItemRef> current = co_await read_item(call, removal.key);
      if (!current) co_return std::unexpected(std::move(current).error());
      if (!*current) co_return std::unexpected(item_not_found(model, removal.id, "delete"));
      bool changed = removal.condition.empty();
      for (const UniqueConstraint& constraint : model.unique_constraints()) {
        changed = changed || !same_field(model, constraint.field, base, *current);
      }
      if (!changed) {
        co_return std::unexpected(condition_error(model, removal.id, "delete", "Delete condition not met"));
      }
      base = std::move(*current);
      rows = held_rows(call, Draft(model, base));
    }
    if (tries >= conflict_tries_max || (tries > 1 && !co_await wait_after_conflict(call, tries))) {
      co_return std::unexpected(conflict_error(call, model, removal.id, "delete", tries, "changed the item"));
    }
    if (tries == 1 || *failed > 0) continue;
    base = co_await item_after_wait(call, removal.key, std::move(base));
    rows = held_rows(call, Draft(model, base));
  }
}

}  // namespace

Task<Result<Written>> remove(Call& call, const Model& model, KeyTexts key, ItemRef base,
                             WriteOptions options) {
  Engine& engine = call.engine();
  if (std::optional<Error> error = refuse_outside_scope(call, engine))
    co_return std::unexpected(std::move(*error));
  const Removal removal{.model = model,
                        .key = primary_row_key(model, call.tenant(), key),
                        .id = primary_id(model, key),
                        .condition = std::move(options.condition)};
  if (model.unique_constraints().empty()) co_return co_await remove_item(call, removal, std::move(base));
  if (!base) {
    Result<ItemRef> read = co_await read_item(call, removal.key);
    if (!read) co_return std::unexpected(std::move(read).error());
    if (!*read) co_return std::unexpected(item_not_found(model, removal.id, "delete"));
    base = std::move(*read);
  }
  co_return co_await remove_with_rows(call, removal, std::move(base));
}

}  // namespace bao::core
