#include "core/engine/transact.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "core/engine/creation.hpp"
#include "core/engine/exchange.hpp"
#include "core/engine/read_item.hpp"
#include "core/engine/removal.hpp"
#include "core/engine/transact_part.hpp"
#include "core/engine/transaction.hpp"
#include "core/engine/update_outcome.hpp"
#include "core/engine/update_plan.hpp"
#include "core/engine/write_support.hpp"
#include "core/keys/key_text.hpp"
#include "core/value/concat.hpp"

namespace bao::core {

namespace {

using Kind = TransactAction::Kind;
using Part = TransactPart;
using Parts = TransactParts;

// What stands at a position of the request.
struct Place {
  enum class What : std::uint8_t { item, claim, release, ttl };
  What what;
  Part* part;
  std::size_t index = 0;  // of the release or ttl row
};

struct Request {
  std::string body;
  std::vector<Place> places;
};

// What a failed try means.
struct Verdict {
  std::optional<Error> error;  // nothing: try again
};

Error at_once_error(const Part& part) {
  return {ErrorCode::validation,
          ErrorDetails{.message = concat({part.model().name(), " '", part.id,
                                          "': a transaction can have one action only for an item"}),
                       .model = part.model().name(),
                       .primary_id = part.id,
                       .operation = part.operation()}};
}

std::optional<Error> prepare(Call& call, Part& part) {
  TransactAction& action = part.action;
  const Model& model = part.model();
  if (action.kind == Kind::create) {
    Result<Creation> creation = make_creation(call, model, action.changes);
    if (!creation) return std::move(creation).error();
    part.creation.emplace(std::move(*creation));
    part.key = part.creation->key;
    part.id = part.creation->id;
    part.ttl = part.creation->ttl;
    return std::nullopt;
  }
  part.key = primary_row_key(model, call.tenant(), action.key);
  part.id = primary_id(model, action.key);
  part.base = action.base;
  if (action.kind == Kind::remove) part.loads = !part.base;
  if (action.kind != Kind::update) return std::nullopt;
  Result<EncodedChanges> encoded = encode_changes(call.engine(), model, action.key, action.changes, part.base,
                                                  action.options.force_reindex);
  if (!encoded) return std::move(encoded).error();
  const bool nothing = encoded->empty() && !action.options.force_reindex;
  part.loads = !part.base && (nothing || needs_base(model, *encoded, action.options.force_reindex));
  if (!nothing) part.changes.emplace(std::move(*encoded));
  return std::nullopt;
}

// What was needed is not there.
Error missing(const Part& part) {
  return item_not_found(part.model(), part.id, part.operation());
}

Task<void> load(Call& call, Part& part, std::optional<Error>& error, Join& join) {
  part.loads = false;
  Result<ItemRef> read = co_await read_item(call, part.key);
  if (!read) {
    if (!error) error = std::move(read).error();
  } else if (!*read) {
    if (!error) error = missing(part);
  } else {
    part.base = std::move(*read);
    part.was_read = true;
    part.plan.reset();
  }
  join.done();
}

Task<std::optional<Error>> load_all(Call& call, Parts& parts) {
  const auto count = static_cast<std::size_t>(std::ranges::count_if(parts, &Part::loads));
  std::optional<Error> error;
  Scheduler& scheduler = call.engine().scheduler();
  Join join(scheduler, count);
  for (Part& part : parts) {
    if (part.loads) spawn(scheduler, load(call, part, error, join));
  }
  if (count > 0) co_await join;
  co_return error;
}

// Claims and releases of a part as it stands now; what earlier tries learnt of its claims is kept.
std::optional<Error> plan_part(Call& call, Part& part) {
  std::vector<Claim> known = std::move(part.claims);
  part.claims.clear();
  part.releases.clear();
  part.ttl_rows.clear();
  if (part.creation) part.claims = part.creation->claims;
  if (part.action.kind == Kind::remove) part.releases = held_rows(call, Draft(part.model(), part.base));
  if (part.changes) {
    if (!part.plan) {
      Result<UpdatePlan> plan = plan_update(call, part.model(), part.id, *part.changes, part.base,
                                            part.action.options.force_reindex);
      if (!plan) return std::move(plan).error();
      part.plan.emplace(std::move(*plan));
    }
    part.claims = part.plan->claims;
    part.releases = part.plan->releases;
    part.ttl_rows = part.plan->ttl_rows;
    part.ttl = part.plan->ttl;
  }
  for (Release& release : part.releases) {
    release.not_mine = std::ranges::find(part.not_ours, release.row) != part.not_ours.end();
  }
  for (Claim& claim : part.claims) {
    const auto before = std::ranges::find(known, claim.row, &Claim::row);
    if (before != known.end()) claim.takeover = before->takeover;
  }
  return std::nullopt;
}

std::optional<Error> add_item(Transaction& transaction, const Part& part, const Parts& parts) {
  Placeholders placeholders;
  UpdateExpression expression(placeholders);
  if (part.plan) write_update(*part.plan, *part.changes, placeholders, expression);
  const Condition& asked = part.action.options.condition;
  std::vector<std::string> conditions = guards(part, parts, placeholders);
  Result<std::string> condition;
  if (part.plan) {
    condition = update_condition(*part.plan, asked, placeholders, std::move(conditions));
  } else if (part.action.kind == Kind::remove) {
    condition = removal_condition(Draft(part.model(), part.base), asked, placeholders, std::move(conditions));
  } else {
    conditions.push_back(concat({(part.creation ? "attribute_not_exists(" : "attribute_exists("),
                                 placeholders.name(pk_attribute), ")"}));
    condition = condition_expression(part.model(), asked, placeholders);
    if (condition) {
      conditions.push_back(std::move(*condition));
      condition = all_of(conditions);
    }
  }
  if (!condition) return std::move(condition).error();
  if (part.creation) {
    transaction.put(part.creation->item, *condition, placeholders);
  } else if (part.plan) {
    transaction.update(part.key, expression.text(), *condition, placeholders);
  } else if (part.action.kind == Kind::remove) {
    transaction.remove(part.key, *condition, placeholders);
  } else {
    transaction.check(part.key, *condition, placeholders);
  }
  return std::nullopt;
}

void note(Request& request, std::size_t position, Place place) {
  if (request.places.size() <= position) request.places.resize(position + 1, place);
  request.places[position] = place;
}

Result<Request> build(Call& call, Parts& parts) {
  for (Part& part : parts) {
    if (std::optional<Error> error = plan_part(call, part)) return std::unexpected(std::move(*error));
  }
  if (std::optional<Error> error = merge_rows(call, parts)) return std::unexpected(std::move(*error));
  Transaction transaction(call.engine().options().table_name);
  Request request;
  std::vector<RowKey> acted_on;
  for (Part& part : parts) {
    if (std::optional<Error> error = add_item(transaction, part, parts))
      return std::unexpected(std::move(*error));
    request.places.push_back({.what = Place::What::item, .part = &part});
    acted_on.push_back(part.key);
  }
  std::vector<ClaimCheck> checks;
  for (Part& part : parts) {
    part.claim_actions = add_claimed_rows(transaction, part.claims, part.owner());
    for (std::size_t index = 0; index < part.claims.size(); ++index) {
      note(request, part.claim_actions.puts[index], {.what = Place::What::claim, .part = &part});
      checks.push_back({.claim = &part.claims[index], .position = &part.claim_actions.checks[index]});
    }
    for (std::size_t index = 0; index < part.releases.size(); ++index) {
      note(request, add_release(transaction, part.releases[index], part.owner()),
           {.what = Place::What::release, .part = &part, .index = index});
    }
    for (std::size_t index = 0; index < part.ttl_rows.size(); ++index) {
      note(request, add_ttl(transaction, part.ttl_rows[index], part.owner()),
           {.what = Place::What::ttl, .part = &part, .index = index});
    }
  }
  add_holder_checks(transaction, checks, acted_on);
  for (Part& part : parts) {
    for (const std::optional<std::size_t>& check : part.claim_actions.checks) {
      if (check) note(request, *check, {.what = Place::What::claim, .part = &part});
    }
  }
  if (request.places.size() > transaction_actions_max) {
    return std::unexpected(
        Error(ErrorCode::validation,
              ErrorDetails{.message = concat({"a transaction takes at most 100 actions; these are ",
                                              request.places.size(), " with the rows of unique values"}),
                           .operation = "transact"}));
  }
  request.body = transaction.body(call.engine().new_ulid());
  return request;
}

// The condition on an item that was loaded failed: another plan where it has changed.
Verdict judge_loaded(Part& part, ItemRef current) {
  if (!current) return {.error = missing(part)};
  const bool plan_is_stale = part.plan && changed_what_we_rely_on(*part.plan, current);
  if (part.plan && !plan_is_stale) {
    if (std::optional<Error> error = counter_out_of_range(*part.plan, current))
      return {.error = std::move(error)};
  }
  bool changed = plan_is_stale || part.action.options.condition.empty();
  if (part.action.kind == Kind::remove) {
    for (const UniqueConstraint& constraint : part.model().unique_constraints()) {
      changed = changed || !same_field(part.model(), constraint.field, part.base, current);
    }
  }
  if (!changed) {
    return {.error = condition_error(
                part.model(), part.id, part.operation(),
                part.action.kind == Kind::remove ? "Delete condition not met" : "Condition check failed")};
  }
  part.base = std::move(current);
  part.was_read = true;
  part.plan.reset();
  part.not_ours.clear();
  return {};
}

Task<Verdict> judge_item(Call& call, Parts& parts, Part& part, ItemRef current) {
  if (part.creation) {
    const bool exists = part.action.options.condition.empty() || current;
    co_return Verdict{
        .error = condition_error(part.model(), part.id, part.operation(),
                                 exists ? "an item with this key exists already" : "Condition check failed")};
  }
  if (!current) {
    // The service did not say what it met (or there was nothing): look.
    Result<ItemRef> read = co_await read_item(call, part.key);
    if (!read) co_return Verdict{.error = std::move(read).error()};
    current = std::move(*read);
  }
  forget_takeovers(parts, part.key);
  if (part.plan || part.action.kind == Kind::remove) co_return judge_loaded(part, std::move(current));
  if (!current) co_return Verdict{.error = missing(part)};
  if (part.action.options.condition.empty()) co_return Verdict{};  // somebody created it since
  co_return Verdict{.error =
                        condition_error(part.model(), part.id, part.operation(), "Condition check failed")};
}

Task<Verdict> judge_claim(Call& call, Parts& parts, Part& part, std::size_t failed) {
  bool handed_over = false;
  for (std::size_t position = 0; position < part.claims.size(); ++position) {
    if (part.claim_actions.puts[position] != failed || part.claims[position].handed_over_by.empty()) continue;
    take_back(parts, part.claims[position]);
    handed_over = true;
  }
  if (handed_over) co_return Verdict{};
  // A check of a former holder may be for the claims of several items.
  for (Part& each : parts) {
    const Clashes clashes =
        co_await judge_clashes(call, each.claims, each.claim_actions, failed, each.owner());
    if (clashes.error) co_return Verdict{.error = clashes.error};
  }
  co_return Verdict{};
}

Task<Verdict> judge(Call& call, Parts& parts, const Request& request, const Fault& fault,
                    std::size_t failed) {
  if (failed >= request.places.size()) {
    co_return Verdict{.error = Error(ErrorCode::data_format,
                                     "TransactWriteItems gave a reason for an action that was not sent")};
  }
  const Place& place = request.places[failed];
  Part& part = *place.part;
  switch (place.what) {
    case Place::What::item:
      co_return co_await judge_item(call, parts, part, failed_item(fault, failed));
    case Place::What::claim:
      co_return co_await judge_claim(call, parts, part, failed);
    case Place::What::release: {
      const RowKey& row = part.releases[place.index].row;
      if (std::erase(part.not_ours, row) == 0) part.not_ours.push_back(row);
      break;
    }
    case Place::What::ttl: {
      const RowKey row = part.ttl_rows[place.index].row;
      for (std::size_t position = 0; position < part.plan->ttl_rows.size(); ++position) {
        if (part.plan->ttl_rows[position].row != row) continue;
        claim_instead(call, *part.plan, position);
        break;
      }
      break;
    }
  }
  co_return Verdict{};
}

bool holds_version(const Part& part, const ItemRef& item) {
  if (!part.changes || !part.changes->version || !item) return false;
  const ValueView version = item.attribute(part.model().field(*version_field(part.model())).name);
  return version.present() && version.to_value() == *part.changes->version;
}

// The tries ran out without an answer. One transaction: where one item is as only it can have left it, all
// are.
Task<bool> was_done(Call& call, const Parts& parts, const Exchange& ended) {
  if (!ended.maybe_executed || ended.fault || call.cancelled()) co_return false;
  for (const Part& part : parts) {
    const bool provable =
        part.creation ? !part.creation->nonces.empty() : part.changes && part.changes->version;
    if (!provable) continue;
    const Result<ItemRef> item = co_await read_item(call, part.key);
    if (!item) co_return false;
    co_return *item && (part.creation ? is_ours(*part.creation, *item) : holds_version(part, *item));
  }
  co_return false;
}

// An update whose item was never seen, or that added to what is there: only a read tells what it came to.
bool needs_reading(const Part& part) {
  return part.plan && (!part.base || part.plan->outcome_unknown);
}

Task<void> read_back(Call& call, Part& part, Join& join) {
  Result<ItemRef> read = co_await read_item(call, part.key);
  if (read) part.after = std::move(*read);
  join.done();
}

Task<void> read_back_all(Call& call, Parts& parts) {
  const auto count = static_cast<std::size_t>(std::ranges::count_if(parts, needs_reading));
  Scheduler& scheduler = call.engine().scheduler();
  Join join(scheduler, count);
  for (Part& part : parts) {
    if (needs_reading(part)) spawn(scheduler, read_back(call, part, join));
  }
  if (count > 0) co_await join;
}

Written result_of(Part& part) {
  Written written;
  if (part.creation) {
    written.item = make_item(part.creation->item);
  } else if (!part.plan) {
    written.item = part.base;
  } else if (!needs_reading(part)) {
    written.item = make_item(merged_item(*part.plan));
  } else if (part.after) {
    written.item = part.after;
  } else {
    // Written, but not to be read back just now: the write stands, and the cache forgets the item.
    Value::Map item = merged_item(*part.plan);
    item.insert_or_assign(std::string(pk_attribute), Value(part.key.pk));
    item.insert_or_assign(std::string(sk_attribute), Value(part.key.sk));
    written.item = make_item(item);
    return written;
  }
  if (part.action.kind == Kind::remove) {
    written.entry = part.mark->written(ItemRef());
  } else if (part.mark) {
    written.entry = part.mark->written(written.item);
  }
  return written;
}

Task<Result<Transacted>> done(Call& call, Parts& parts) {
  co_await read_back_all(call, parts);
  Transacted result;
  result.items.reserve(parts.size());
  for (Part& part : parts) result.items.push_back(result_of(part));
  result.capacity = call.capacity;
  co_return result;
}

Error transact_error(const Exchange& ended) {
  const Error error = exchange_error(ended, ApiOperation::transact_write_items, Replay::idempotent);
  ErrorDetails details = error.details();
  details.message = concat({"transact: ", details.message});
  details.operation = "transact";
  return {error.code(), std::move(details)};
}

// An attempt whose answer was lost may still arrive, and another transaction would do it again.
bool must_not_repeat(const Part& part) {
  return part.plan && part.plan->must_not_repeat;
}

// The update whose item lacks something that its paths lead through, or has something else there: its fields
// are written whole from now on. No part: the service refused something else.
Part* refused_part(const Request& request, const Exchange& ended) {
  for (std::size_t at = 0; ended.fault && at < request.places.size(); ++at) {
    Part& part = *request.places[at].part;
    if (request.places[at].what != Place::What::item || !part.changes) continue;
    EncodedChanges& changes = *part.changes;
    if (changes.paths.empty() || changes.paths_as_whole || !refused_path(*ended.fault, at)) continue;
    changes.paths_as_whole = true;
    return &part;
  }
  return nullptr;
}

Task<Verdict> plan_as_whole(Call& call, Part& part) {
  Result<ItemRef> read = co_await read_item(call, part.key);
  if (!read) co_return Verdict{.error = std::move(read).error()};
  if (!*read) co_return Verdict{.error = missing(part)};
  part.base = std::move(*read);
  part.was_read = true;
  part.plan.reset();
  co_return Verdict{};
}

// Items that the caller had loaded, and that nobody looked at since.
bool read_what_may_be_stale(Parts& parts) {
  bool any = false;
  for (Part& part : parts) {
    part.loads = part.base && !part.was_read && (part.plan || part.action.kind == Kind::remove);
    any = any || part.loads;
  }
  return any;
}

// The item that was in the way, as it was met before the wait: planned from that, the next try would lose,
// too.
bool read_what_was_met(const Request& request, std::size_t failed) {
  Part& part = *request.places[failed].part;
  part.loads = request.places[failed].what == Place::What::item && part.was_read;
  return part.loads;
}

Task<Result<Transacted>> run(Call& call, Parts& parts) {
  for (Part& part : parts) {
    if (part.writes() && (part.creation || part.changes || part.action.kind == Kind::remove)) {
      part.mark = std::make_unique<WriteMark>(call, part.key);
    }
  }
  for (int tries = 1;; ++tries) {
    const Result<Request> request = build(call, parts);
    if (!request) {
      // Actions that are in each other's way may be so only as they were loaded.
      const bool in_the_way = request.error().code() == ErrorCode::conditional;
      if (!in_the_way || !read_what_may_be_stale(parts)) co_return std::unexpected(request.error());
      if (std::optional<Error> error = co_await load_all(call, parts))
        co_return std::unexpected(std::move(*error));
      continue;
    }
    const Exchange ended =
        co_await exchange(call, ApiOperation::transact_write_items, request->body, Replay::idempotent);
    if (ended.answer) co_return co_await done(call, parts);
    const std::optional<std::size_t> failed =
        ended.fault ? failed_action(*ended.fault) : std::optional<std::size_t>();
    const bool must_end = ended.maybe_executed && std::ranges::any_of(parts, must_not_repeat);
    if (!failed) {
      if (Part* const part = refused_part(*request, ended)) {
        if (must_end) co_return std::unexpected(transact_error(ended));
        const Verdict verdict = co_await plan_as_whole(call, *part);
        if (verdict.error) co_return std::unexpected(*verdict.error);
        --tries;  // each part is refused once
        continue;
      }
      if (co_await was_done(call, parts, ended)) co_return co_await done(call, parts);
      co_return std::unexpected(transact_error(ended));
    }
    Verdict verdict = co_await judge(call, parts, *request, *ended.fault, *failed);
    if (verdict.error) co_return std::unexpected(std::move(*verdict.error));
    if (must_end) co_return std::unexpected(transact_error(ended));
    if (tries >= conflict_tries_max || (tries > 1 && !co_await wait_after_conflict(call, tries))) {
      const Part& part = *request->places[*failed].part;
      co_return std::unexpected(
          conflict_error(call, part.model(), part.id, part.operation(), tries, "changed the item"));
    }
    if (tries == 1 || !read_what_was_met(*request, *failed)) continue;
    if (std::optional<Error> error = co_await load_all(call, parts))
      co_return std::unexpected(std::move(*error));
  }
}

}  // namespace

const char* operation_of(TransactAction::Kind kind) {
  switch (kind) {
    case Kind::create:
      return "create";
    case Kind::update:
      return "update";
    case Kind::remove:
      return "delete";
    case Kind::check:
      break;
  }
  return "check";
}

Task<Result<Transacted>> transact(Call& call, std::vector<TransactAction> actions) {
  Parts parts;
  std::set<std::pair<std::string, std::string>> acted_on;
  for (TransactAction& action : actions) {
    Part& part = parts.emplace_back(std::move(action));
    if (std::optional<Error> error = prepare(call, part)) co_return std::unexpected(std::move(*error));
    if (!acted_on.emplace(part.key.pk, part.key.sk).second) co_return std::unexpected(at_once_error(part));
  }
  if (parts.empty()) co_return Transacted{};
  if (std::optional<Error> error = refuse_outside_scope(call, call.engine())) {
    co_return std::unexpected(std::move(*error));
  }
  if (std::optional<Error> error = co_await load_all(call, parts))
    co_return std::unexpected(std::move(*error));
  co_return co_await run(call, parts);
}

}  // namespace bao::core
