#include "core/engine/table_operations.hpp"

#include <optional>
#include <utility>

#include "core/engine/exchange.hpp"
#include "core/engine/iterate.hpp"
#include "core/keys/row_keys.hpp"
#include "core/request/table_body.hpp"
#include "core/value/concat.hpp"

namespace bao::core {

namespace {

using Outcome = Result<void>;

const std::string& table_of(Call& call) {
  return call.engine().options().table_name;
}

bool is_fault(const Exchange& ended, std::string_view name) {
  return ended.fault && ended.fault->name == name;
}

Error about_table(Call& call, const std::string& problem) {
  return {ErrorCode::configuration, concat({"table '", table_of(call), "' ", problem})};
}

void tell(const TableWork& work, std::string_view state) {
  if (work.progress) work.progress(state);
}

// These settle themselves when asked again, so a lost answer is no ambiguity: its error is the plain one.
Error plain_error(const Exchange& ended, ApiOperation operation) {
  return exchange_error(ended, operation, Replay::read);
}

/// The table as it is now; nothing where there is none.
Task<Result<std::optional<TableState>>> look(Call& call) {
  const Exchange ended =
      co_await exchange(call, ApiOperation::describe_table, table_name_body(table_of(call)), Replay::read);
  if (is_fault(ended, "ResourceNotFoundException")) co_return std::optional<TableState>();
  if (!ended.answer) co_return std::unexpected(plain_error(ended, ApiOperation::describe_table));
  co_return std::optional<TableState>(ended.answer->table);
}

Task<Outcome> wait_between_looks(Call& call, const TableWork& work) {
  Engine& engine = call.engine();
  const bool in_time = engine.now().steady_ms + work.poll_ms < call.deadline_ms();
  const bool woken = in_time && co_await engine.sleep(call, work.poll_ms);
  if (woken) co_return Outcome();
  if (call.cancelled()) {
    co_return std::unexpected(Error(ErrorCode::cancelled, "waiting for the table was cancelled"));
  }
  co_return std::unexpected(
      Error(ErrorCode::timeout,
            concat({"table '", table_of(call), "' was not ready within ", engine.options().call_ms, " ms"})));
}

/// Waits until the table and its indexes are ready, or until it is gone.
Task<Result<TableState>> wait_until(Call& call, const TableWork& work, bool gone) {
  for (;;) {
    Result<std::optional<TableState>> state = co_await look(call);
    if (!state) co_return std::unexpected(std::move(state).error());
    if (gone && !*state) co_return TableState();
    if (!gone && *state && (*state)->active()) co_return std::move(**state);
    // A table that was just created may not be seen yet.
    const bool table_is_ready = *state && (*state)->status == "ACTIVE";
    tell(work, !*state ? "CREATING" : table_is_ready ? "indexes are being built" : (*state)->status);
    Outcome waited = co_await wait_between_looks(call, work);
    if (!waited) co_return std::unexpected(std::move(waited).error());
  }
}

/// Whether items expire now; false where the service knows no TTL.
Task<Result<bool>> enable_ttl(Call& call, const TableWork& work) {
  tell(work, "enabling TTL");
  const std::string table = table_of(call);
  const Exchange described =
      co_await exchange(call, ApiOperation::describe_time_to_live, table_name_body(table), Replay::read);
  if (is_fault(described, "UnknownOperationException")) co_return false;
  if (!described.answer) {
    co_return std::unexpected(plain_error(described, ApiOperation::describe_time_to_live));
  }
  const std::string& status = described.answer->ttl_status;
  if (status == "ENABLED" || status == "ENABLING") co_return true;
  const Exchange ended =
      co_await exchange(call, ApiOperation::update_time_to_live, enable_ttl_body(table), Replay::idempotent);
  if (is_fault(ended, "UnknownOperationException")) co_return false;
  // A try whose answer was lost may have done it.
  const bool done_before = ended.maybe_executed && is_fault(ended, "ValidationException");
  if (!ended.answer && !done_before) {
    co_return std::unexpected(plain_error(ended, ApiOperation::update_time_to_live));
  }
  co_return true;
}

Task<Result<TableReport>> finish(Call& call, const TableWork& work, TableReport report) {
  Result<bool> ttl = co_await enable_ttl(call, work);
  if (!ttl) co_return std::unexpected(std::move(ttl).error());
  report.ttl = *ttl;
  co_return report;
}

// A client that iterates over the search index needs it, whether it was asked for or not.
TableOptions indexes_of(Call& call, const TableWork& work) {
  const bool iterates = call.engine().options().iteration_index == search_index_name;
  return TableOptions{.search_index = work.search_index || iterates};
}

Task<Result<TableReport>> create(Call& call, const TableWork& work) {
  std::string body = create_table_body(table_of(call), indexes_of(call, work));
  const Exchange ended =
      co_await exchange(call, ApiOperation::create_table, std::move(body), Replay::idempotent);
  const bool exists = is_fault(ended, "ResourceInUseException");
  if (exists && !ended.maybe_executed) co_return std::unexpected(about_table(call, "exists already"));
  if (!ended.answer && !exists) co_return std::unexpected(plain_error(ended, ApiOperation::create_table));
  Result<TableState> ready = co_await wait_until(call, work, false);
  if (!ready) co_return std::unexpected(std::move(ready).error());
  co_return co_await finish(call, work, TableReport());
}

std::string keys_text(const std::vector<TableState::Key>& keys) {
  std::string text;
  for (const TableState::Key& key : keys) {
    if (!text.empty()) text += " and ";
    append(text, {key.name, " (", key.type, ", ", key.role, ")"});
  }
  return text.empty() ? "nothing" : text;
}

/// Why the table cannot hold models, whose rows need their own keys; nothing: it can.
std::optional<Error> refuse_keys(Call& call, const TableState& table) {
  const std::vector<TableState::Key> needed{
      {.name = std::string(pk_attribute), .role = "HASH", .type = "S"},
      {.name = std::string(sk_attribute), .role = "RANGE", .type = "S"}};
  if (table.keys == needed) return std::nullopt;
  return about_table(call, concat({"is of another program: its keys are ", keys_text(table.keys), ", where ",
                                   keys_text(needed), " are needed"}));
}

Task<Result<TableReport>> check(Call& call) {
  Result<std::optional<TableState>> state = co_await look(call);
  if (!state) co_return std::unexpected(std::move(state).error());
  if (!*state) co_return std::unexpected(about_table(call, "does not exist"));
  if (auto foreign = refuse_keys(call, **state)) co_return std::unexpected(std::move(*foreign));
  co_return TableReport();
}

Task<Result<TableReport>> update(Call& call, const TableWork& work) {
  Result<TableReport> checked = co_await check(call);
  if (!checked) co_return std::unexpected(std::move(checked).error());
  TableReport report;
  const std::vector<std::string> wanted = table_index_names(indexes_of(call, work));
  for (const std::string& index : wanted) {
    Result<TableState> ready = co_await wait_until(call, work, false);
    if (!ready) co_return std::unexpected(std::move(ready).error());
    if (ready->has_index(index)) continue;
    tell(work, concat({"adding index ", index}));
    const Exchange ended = co_await exchange(call, ApiOperation::update_table,
                                             add_index_body(table_of(call), index), Replay::idempotent);
    // A try whose answer was lost may have added it: the next look tells.
    const bool settled = ended.maybe_executed && ended.fault;
    if (!ended.answer && !settled) {
      co_return std::unexpected(plain_error(ended, ApiOperation::update_table));
    }
    ready = co_await wait_until(call, work, false);
    if (!ready) co_return std::unexpected(std::move(ready).error());
    if (!ready->has_index(index)) {
      co_return std::unexpected(settled ? plain_error(ended, ApiOperation::update_table)
                                        : about_table(call, concat({"did not get index ", index})));
    }
    report.added_indexes.push_back(index);
  }
  co_return co_await finish(call, work, std::move(report));
}

Task<Result<TableReport>> remove(Call& call, const TableWork& work) {
  const Exchange ended = co_await exchange(call, ApiOperation::delete_table, table_name_body(table_of(call)),
                                           Replay::idempotent);
  const bool missing = is_fault(ended, "ResourceNotFoundException");
  // In use: it is being deleted already, by a try whose answer was lost.
  const bool deleting = ended.maybe_executed && is_fault(ended, "ResourceInUseException");
  if (missing && !ended.maybe_executed) co_return std::unexpected(about_table(call, "does not exist"));
  if (!ended.answer && !missing && !deleting) {
    co_return std::unexpected(plain_error(ended, ApiOperation::delete_table));
  }
  Result<TableState> gone = co_await wait_until(call, work, true);
  if (!gone) co_return std::unexpected(std::move(gone).error());
  co_return TableReport();
}

}  // namespace

Task<Result<TableReport>> work_on_table(Call& call, TableWork work) {
  switch (work.kind) {
    case TableWork::Kind::create:
      co_return co_await create(call, work);
    case TableWork::Kind::update:
      co_return co_await update(call, work);
    case TableWork::Kind::remove:
      co_return co_await remove(call, work);
    case TableWork::Kind::check:
      co_return co_await check(call);
  }
  co_return std::unexpected(Error(ErrorCode::configuration, "no such work on a table"));
}

}  // namespace bao::core
