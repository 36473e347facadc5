#include "core/engine/creation.hpp"
#include "core/engine/read_item.hpp"
#include "core/engine/transaction.hpp"
#include "core/engine/write.hpp"
#include "core/engine/write_support.hpp"
#include "core/keys/key_text.hpp"
#include "core/request/body.hpp"
#include "core/value/concat.hpp"

namespace bao::core {

namespace {

// The put was refused. Nothing stands there: the caller's own condition was not met.
Error refused_error(const Model& model, const std::string& id, bool exists) {
  return condition_error(model, id, "create",
                         exists ? "an item with this key exists already" : "Condition check failed");
}

Written written(WriteMark& mark, Call& call, ItemRef item) {
  Written result;
  result.item = item;
  result.capacity = call.capacity;
  result.entry = mark.written(std::move(item));
  return result;
}

std::string put_body(const Creation& creation, const std::string& table, const std::string& user_condition,
                     Placeholders placeholders) {
  std::string body;
  JsonWriter writer(body);
  const std::string absent = concat({"attribute_not_exists(", placeholders.name(pk_attribute), ")"});
  writer.begin_object();
  write_common(writer, table);
  write_member(writer, "ConditionExpression", all_of({absent, user_condition}));
  placeholders.write_members(writer);
  write_member(writer, "ReturnValuesOnConditionCheckFailure", "ALL_OLD");
  writer.key("Item");
  writer.item(creation.item);
  writer.end_object();
  return body;
}

// The key is taken, and an earlier attempt of ours may have taken it.
Task<Result<ItemRef>> settle(Call& call, const Creation& creation, ItemRef standing) {
  const Model& model = creation.draft.model();
  if (!standing) {
    Result<ItemRef> read = co_await read_item(call, creation.key);
    if (!read) co_return std::unexpected(ambiguous_error(model, creation.id, "create"));
    standing = std::move(*read);
  }
  if (standing && is_ours(creation, standing)) co_return standing;
  co_return std::unexpected(ambiguous_error(model, creation.id, "create"));
}

Task<Result<Written>> put_item(Call& call, const Creation& creation, std::string user_condition,
                               Placeholders placeholders) {
  const Model& model = creation.draft.model();
  WriteMark mark(call, creation.key);
  std::string body = put_body(creation, call.engine().options().table_name, user_condition, placeholders);
  Exchange ended = co_await exchange(call, ApiOperation::put_item, std::move(body), Replay::idempotent);
  if (ended.answer) co_return written(mark, call, make_item(creation.item));
  const bool refused = ended.fault && ended.fault->kind == Fault::Kind::condition_failed;
  if (refused && !ended.maybe_executed) {
    const bool exists = user_condition.empty() || ended.fault->item;
    co_return std::unexpected(refused_error(model, creation.id, exists));
  }
  if (!ended.maybe_executed || (ended.fault && !refused)) {
    co_return std::unexpected(
        write_error(ended, ApiOperation::put_item, Replay::idempotent, model, creation.id));
  }
  if (!refused) {
    // The tries ran out without an answer.
    if (call.cancelled()) co_return std::unexpected(ambiguous_error(model, creation.id, "create"));
  }
  // Named before the co_await: g++ 12 loses temporaries of a conditional expression inside one.
  ItemRef standing;
  if (refused) standing = ended.fault->item;
  Result<ItemRef> ours = co_await settle(call, creation, std::move(standing));
  if (!ours) co_return std::unexpected(std::move(ours).error());
  co_return written(mark, call, std::move(*ours));
}

Task<Result<Written>> put_with_claims(Call& call, Creation& creation, std::string user_condition,
                                      Placeholders placeholders) {
  const Model& model = creation.draft.model();
  WriteMark mark(call, creation.key);
  const Owner owner{.model = model, .id = creation.id, .ttl = creation.ttl};
  const std::string absent = concat({"attribute_not_exists(", placeholders.name(pk_attribute), ")"});
  for (int tries = 1;; ++tries) {
    Transaction transaction(call.engine().options().table_name);
    transaction.put(creation.item, all_of({absent, user_condition}), placeholders);
    const ClaimActions actions = add_claims(transaction, creation.claims, owner);
    std::string body = transaction.body(call.engine().new_ulid());
    const Exchange ended =
        co_await exchange(call, ApiOperation::transact_write_items, std::move(body), Replay::idempotent);
    if (ended.answer) co_return written(mark, call, make_item(creation.item));
    const std::optional<std::size_t> failed =
        ended.fault ? failed_action(*ended.fault) : std::optional<std::size_t>();
    if (!failed) {
      Error error =
          write_error(ended, ApiOperation::transact_write_items, Replay::idempotent, model, creation.id);
      if (!ended.maybe_executed || ended.fault || call.cancelled())
        co_return std::unexpected(std::move(error));
      // The tries ran out without an answer. One transaction: where the item is ours, so are its rows.
      Result<ItemRef> ours = co_await settle(call, creation, ItemRef());
      if (!ours) co_return std::unexpected(std::move(error));
      co_return written(mark, call, std::move(*ours));
    }
    if (*failed == 0) {
      const bool exists = user_condition.empty() || failed_item(*ended.fault, 0);
      co_return std::unexpected(refused_error(model, creation.id, exists));
    }
    const Clashes clashes = co_await judge_clashes(call, creation.claims, actions, *failed, owner);
    if (clashes.error) co_return std::unexpected(*clashes.error);
    if (tries >= conflict_tries_max || (tries > 1 && !co_await wait_after_conflict(call, tries))) {
      co_return std::unexpected(
          conflict_error(call, model, creation.id, "create", tries, "took its unique values"));
    }
  }
}

}  // namespace

Task<Result<Written>> create(Call& call, const Model& model, std::vector<Change> values,
                             WriteOptions options) {
  if (std::optional<Error> error = refuse_outside_scope(call, call.engine())) {
    co_return std::unexpected(std::move(*error));
  }
  Result<Creation> creation = make_creation(call, model, values);
  if (!creation) co_return std::unexpected(std::move(creation).error());
  Placeholders placeholders;
  const Result<std::string> condition = condition_expression(model, options.condition, placeholders);
  if (!condition) co_return std::unexpected(condition.error());
  if (creation->claims.empty())
    co_return co_await put_item(call, *creation, *condition, std::move(placeholders));
  co_return co_await put_with_claims(call, *creation, *condition, std::move(placeholders));
}

}  // namespace bao::core
