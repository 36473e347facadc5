#include "core/engine/read_item.hpp"
#include "core/engine/transaction.hpp"
#include "core/engine/update_outcome.hpp"
#include "core/engine/update_plan.hpp"
#include "core/engine/write.hpp"
#include "core/engine/write_support.hpp"
#include "core/keys/key_text.hpp"
#include "core/request/body.hpp"
#include "core/value/concat.hpp"

namespace bao::core {

namespace {

// What stays the same over all tries of one update.
struct Update {
  const Model& model;
  KeyTexts texts;
  RowKey key;
  std::string id;
  EncodedChanges changes;
  WriteOptions options;
  /// An attempt whose answer was lost may have been executed.
  bool maybe_executed = false;
};

// One try, ready to be sent.
struct Prepared {
  std::string body;
  bool transactional = false;
  ClaimActions claims;
  std::vector<std::size_t> release_positions;
  std::vector<std::size_t> ttl_positions;
};

std::string update_item_body(const std::string& table, const RowKey& key, const std::string& update,
                             const std::string& condition, const Placeholders& placeholders) {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object();
  write_common(writer, table);
  writer.key("Key");
  write_row_key(writer, key);
  if (!update.empty()) write_member(writer, "UpdateExpression", update);
  write_member(writer, "ConditionExpression", condition);
  placeholders.write_members(writer);
  write_member(writer, "ReturnValues", "ALL_NEW");
  write_member(writer, "ReturnValuesOnConditionCheckFailure", "ALL_OLD");
  writer.end_object();
  return body;
}

Result<Prepared> prepare(Call& call, const Update& update, const UpdatePlan& plan) {
  const std::string& table = call.engine().options().table_name;
  Placeholders placeholders;
  UpdateExpression expression(placeholders);
  write_update(plan, update.changes, placeholders, expression);
  const Result<std::string> condition = update_condition(plan, update.options.condition, placeholders);
  if (!condition) return std::unexpected(condition.error());
  Prepared prepared;
  prepared.transactional = plan.transactional();
  if (!prepared.transactional) {
    prepared.body = update_item_body(table, update.key, expression.text(), *condition, placeholders);
    return prepared;
  }
  const Owner owner{.model = update.model, .id = update.id, .ttl = plan.ttl};
  Transaction transaction(table);
  transaction.update(update.key, expression.text(), *condition, placeholders);
  prepared.claims = add_claims(transaction, plan.claims, owner);
  for (const Release& release : plan.releases) {
    prepared.release_positions.push_back(add_release(transaction, release, owner));
  }
  for (const Release& row : plan.ttl_rows) prepared.ttl_positions.push_back(add_ttl(transaction, row, owner));
  prepared.body = transaction.body(call.engine().new_ulid());
  return prepared;
}

Task<Result<ItemRef>> item_after(Call& call, const Update& update, const UpdatePlan& plan,
                                 const Exchange& ended) {
  if (ended.answer->item) co_return ended.answer->item_ref();
  if (plan.outcome_unknown) co_return co_await read_item(call, update.key);
  co_return make_item(merged_item(plan));
}

Written written(WriteMark& mark, const Call& call, ItemRef item) {
  Written result;
  result.item = item;
  result.capacity = call.capacity;
  result.entry = mark.written(std::move(item));
  return result;
}

// The stored item has the version that only this update made: it was executed.
bool has_our_version(const Update& update, const ItemRef& item) {
  if (!update.changes.version || !item) return false;
  const ValueView version = item.attribute(update.model.field(*version_field(update.model)).name);
  return version.present() && version.to_value() == *update.changes.version;
}

// What a try that failed means for the next one.
struct Verdict {
  enum class Next : std::uint8_t { done, again, fail };
  Next next = Next::fail;
  ItemRef item;  // done: the item as it is; again: what to plan from
  std::optional<Error> error;

  static Verdict fail(Error error) { return {.next = Next::fail, .item = {}, .error = std::move(error)}; }
};

// The condition on the item failed. `current` is the item as it was then.
Verdict judge_item(const Update& update, const UpdatePlan& plan, ItemRef current) {
  if (!current) {
    if (update.maybe_executed && !update.options.condition.empty()) {
      return Verdict::fail(ambiguous_error(update.model, update.id, "update"));
    }
    return Verdict::fail(item_not_found(update.model, update.id, "update"));
  }
  if (update.maybe_executed && has_our_version(update, current)) {
    return {.next = Verdict::Next::done, .item = std::move(current), .error = std::nullopt};
  }
  if (changed_what_we_rely_on(plan, current)) {
    return {.next = Verdict::Next::again, .item = std::move(current), .error = std::nullopt};
  }
  if (std::optional<Error> error = counter_out_of_range(plan, current))
    return Verdict::fail(std::move(*error));
  if (update.options.condition.empty()) {
    // It failed for a state that is gone again by now.
    return {.next = Verdict::Next::again, .item = std::move(current), .error = std::nullopt};
  }
  if (update.maybe_executed) return Verdict::fail(ambiguous_error(update.model, update.id, "update"));
  return Verdict::fail(condition_error(update.model, update.id, "update", "Condition check failed"));
}

Task<Verdict> judge_condition(Call& call, const Update& update, const UpdatePlan& plan, ItemRef current) {
  if (!current) {
    // The service did not say what it met (or there was nothing): look.
    Result<ItemRef> read = co_await read_item(call, update.key);
    if (!read) co_return Verdict::fail(read.error());
    current = std::move(*read);
  }
  co_return judge_item(update, plan, std::move(current));
}

Task<Verdict> judge_transaction(Call& call, const Update& update, UpdatePlan& plan, const Prepared& prepared,
                                const Fault& fault) {
  const Owner owner{.model = update.model, .id = update.id, .ttl = plan.ttl};
  const std::size_t failed = *failed_action(fault);
  if (failed == 0) co_return co_await judge_condition(call, update, plan, failed_item(fault, 0));
  const Clashes clashes = co_await judge_clashes(call, plan.claims, prepared.claims, failed, owner);
  if (clashes.error) co_return Verdict::fail(*clashes.error);
  if (clashes.any)
    co_return Verdict{.next = Verdict::Next::again, .item = plan.draft.base(), .error = std::nullopt};
  // A row that should be this item's is somebody else's: leave it alone, as long as it is.
  for (std::size_t position = 0; position < prepared.release_positions.size(); ++position) {
    if (prepared.release_positions[position] != failed) continue;
    plan.releases[position].not_mine = !plan.releases[position].not_mine;
    co_return Verdict{.next = Verdict::Next::again, .item = plan.draft.base(), .error = std::nullopt};
  }
  for (std::size_t position = 0; position < prepared.ttl_positions.size(); ++position) {
    if (prepared.ttl_positions[position] != failed) continue;
    claim_instead(call, plan, position);
    break;
  }
  co_return Verdict{.next = Verdict::Next::again, .item = plan.draft.base(), .error = std::nullopt};
}

// The item lacks a map or list that a path leads through, or has something else there: its fields are written
// whole from now on.
Task<Verdict> judge_path(Call& call, Update& update) {
  update.changes.paths_as_whole = true;
  Result<ItemRef> read = co_await read_item(call, update.key);
  if (!read) co_return Verdict::fail(std::move(read).error());
  if (!*read) co_return Verdict::fail(item_not_found(update.model, update.id, "update"));
  co_return Verdict{.next = Verdict::Next::again, .item = std::move(*read), .error = std::nullopt};
}

// The tries ran out (or must not go on) and the answer was lost: only our own version proves the outcome.
Task<Verdict> settle_lost(Call& call, const Update& update, const Exchange& ended, ApiOperation operation,
                          Replay replay) {
  if (ended.maybe_executed && update.changes.version && !call.cancelled()) {
    const Result<ItemRef> current = co_await read_item(call, update.key);
    if (current && has_our_version(update, *current)) {
      co_return Verdict{.next = Verdict::Next::done, .item = *current, .error = std::nullopt};
    }
  }
  co_return Verdict::fail(write_error(ended, operation, replay, update.model, update.id));
}

bool writes_parts(const Update& update) {
  return !update.changes.paths.empty() && !update.changes.paths_as_whole;
}

bool same_base(const ItemRef& a, const ItemRef& b) {
  return a && b && &a.view().document() == &b.view().document() && a.view().index() == b.view().index();
}

Task<Result<Written>> run(Call& call, Update& update, ItemRef base) {
  const Model& model = update.model;
  WriteMark mark(call, update.key);
  std::optional<UpdatePlan> plan;
  for (int tries = 1;; ++tries) {
    if (!plan) {
      Result<UpdatePlan> made =
          plan_update(call, model, update.id, update.changes, base, update.options.force_reindex);
      if (!made) co_return std::unexpected(std::move(made).error());
      plan.emplace(std::move(*made));
    }
    const Result<Prepared> prepared = prepare(call, update, *plan);
    if (!prepared) co_return std::unexpected(prepared.error());
    const ApiOperation operation =
        prepared->transactional ? ApiOperation::transact_write_items : ApiOperation::update_item;
    // A transaction carries a token, and runs once however often it is sent.
    const bool once = !prepared->transactional && plan->must_not_repeat;
    const Replay replay = once ? Replay::once : Replay::idempotent;
    const Exchange ended = co_await exchange(call, operation, prepared->body, replay);
    update.maybe_executed = update.maybe_executed || (ended.maybe_executed && !prepared->transactional);
    if (ended.answer) {
      Result<ItemRef> item = co_await item_after(call, update, *plan, ended);
      if (!item) {
        // Written, but not to be read back just now: the write stands, and the cache forgets the item.
        co_return Written{.item = make_item(merged_item(*plan)), .capacity = call.capacity, .entry = nullptr};
      }
      co_return written(mark, call, std::move(*item));
    }
    Verdict verdict;
    if (ended.fault && ended.fault->kind == Fault::Kind::condition_failed) {
      verdict = co_await judge_condition(call, update, *plan, ended.fault->item);
    } else if (ended.fault && writes_parts(update) && refused_path(*ended.fault)) {
      verdict = co_await judge_path(call, update);
    } else if (ended.fault && failed_action(*ended.fault)) {
      verdict = co_await judge_transaction(call, update, *plan, *prepared, *ended.fault);
    } else {
      verdict = co_await settle_lost(call, update, ended, operation, replay);
    }
    if (verdict.next == Verdict::Next::fail) co_return std::unexpected(std::move(*verdict.error));
    if (verdict.next == Verdict::Next::done) co_return written(mark, call, std::move(verdict.item));
    if (ended.maybe_executed && plan->must_not_repeat) {
      // That attempt may still arrive, and another plan would do it again.
      co_return std::unexpected(ambiguous_error(model, update.id, "update"));
    }
    if (tries >= conflict_tries_max || (tries > 1 && !co_await wait_after_conflict(call, tries))) {
      co_return std::unexpected(conflict_error(call, model, update.id, "update", tries, "changed the item"));
    }
    if (same_base(base, verdict.item)) continue;
    plan.reset();
    base = std::move(verdict.item);
    if (tries > 1) base = co_await item_after_wait(call, update.key, std::move(base));
  }
}

}  // namespace

Task<Result<Written>> update(Call& call, const Model& model, KeyTexts key, std::vector<Change> changes,
                             ItemRef base, WriteOptions options) {
  Engine& engine = call.engine();
  Result<EncodedChanges> encoded = encode_changes(engine, model, key, changes, base, options.force_reindex);
  if (!encoded) co_return std::unexpected(std::move(encoded).error());
  Update update{.model = model,
                .texts = key,
                .key = primary_row_key(model, call.tenant(), key),
                .id = primary_id(model, key),
                .changes = std::move(*encoded),
                .options = std::move(options)};
  // A condition is asked even where there is nothing to write: whether it holds is what the caller wants to
  // know.
  const bool nothing =
      update.changes.empty() && !update.options.force_reindex && update.options.condition.empty();
  if (nothing && base) co_return Written{.item = std::move(base), .capacity = {}, .entry = nullptr};
  if (std::optional<Error> error = refuse_outside_scope(call, engine))
    co_return std::unexpected(std::move(*error));
  if (nothing || (!base && needs_base(model, update.changes, update.options.force_reindex))) {
    Result<ItemRef> read = co_await read_item(call, update.key);
    if (!read) co_return std::unexpected(std::move(read).error());
    if (!*read) co_return std::unexpected(item_not_found(model, update.id, "update"));
    base = std::move(*read);
    if (nothing) co_return Written{.item = std::move(base), .capacity = call.capacity, .entry = nullptr};
  }
  Result<Written> result = co_await run(call, update, std::move(base));
  // Where the item is not there, nothing of an earlier attempt is, either.
  const bool settled = result || result.error().code() == ErrorCode::ambiguous_write ||
                       result.error().code() == ErrorCode::item_not_found;
  if (settled || !update.maybe_executed) co_return result;
  co_return std::unexpected(ambiguous_after(result.error(), model, update.id, "update"));
}

}  // namespace bao::core
