#include "core/engine/engine.hpp"

#include <algorithm>

#include "core/engine/scope.hpp"
#include "core/value/concat.hpp"

namespace bao::core {

namespace {

// Credentials are renewed in the background this long before they expire, and waited for when closer.
constexpr std::int64_t credentials_renew_ms = 5 * 60'000;
constexpr std::int64_t credentials_unusable_ms = 10'000;

Error cancelled_error() {
  return {ErrorCode::cancelled, "the call was cancelled"};
}

Error no_credentials_in_time(std::int64_t call_ms) {
  return {ErrorCode::timeout,
          ErrorDetails{.message = concat({"the credentials did not arrive within ", call_ms, " ms"}),
                       .retryable = true}};
}

}  // namespace

void Call::attach(detail::Waiter& waiter) {
  waiter.previous = nullptr;
  waiter.next = waiters_;
  if (waiters_ != nullptr) waiters_->previous = &waiter;
  waiters_ = &waiter;
}

void Call::remove(detail::Waiter& waiter) {
  if (waiter.previous != nullptr) {
    waiter.previous->next = waiter.next;
  } else {
    waiters_ = waiter.next;
  }
  if (waiter.next != nullptr) waiter.next->previous = waiter.previous;
  waiter.previous = nullptr;
  waiter.next = nullptr;
}

void Call::cancel() {
  if (cancelled_) return;
  cancelled_ = true;
  while (waiters_ != nullptr) {
    detail::Waiter& waiter = *waiters_;
    remove(waiter);
    waiter.detach();
    waiter.cancelled = true;
    engine_.scheduler().push(waiter.handle);
  }
}

template <class Awaiter>
std::uint64_t Engine::Slots<Awaiter>::add(Awaiter& awaiter) {
  std::uint32_t index = 0;
  if (free.empty()) {
    index = static_cast<std::uint32_t>(entries.size());
    entries.emplace_back(&awaiter, 1U);
  } else {
    index = free.back();
    free.pop_back();
    entries[index].first = &awaiter;
  }
  return std::uint64_t{entries[index].second} << 32U | index;
}

template <class Awaiter>
Awaiter* Engine::Slots<Awaiter>::take(std::uint64_t id) {
  const auto index = static_cast<std::uint32_t>(id);
  const auto generation = static_cast<std::uint32_t>(id >> 32U);
  if (index >= entries.size() || entries[index].second != generation) return nullptr;
  Awaiter* const awaiter = std::exchange(entries[index].first, nullptr);
  if (awaiter != nullptr) {
    ++entries[index].second;
    free.push_back(index);
  }
  return awaiter;
}

Engine::Engine(EngineOptions options, std::shared_ptr<const Schema> schema, RandomSource& random)
    : options_(std::move(options)),
      schema_(std::move(schema)),
      random_(random),
      quota_(options_.retry.quota),
      signer_(options_.region, options_.host) {}

// Operations still running are given up: cancelling resumes them until none waits for anything.
Engine::~Engine() {
  closing_ = true;
  for (auto& [id, record] : records_) record->slot = nullptr;
  std::vector<Call*> calls;
  calls.reserve(records_.size());
  for (auto& [id, record] : records_) calls.push_back(record.get());
  for (Call* call : calls) call->cancel();
  for (auto& [id, task] : turn_tasks_) spawn(scheduler_, std::move(task));
  turn_tasks_.clear();
  scheduler_.run();
}

bool Engine::next_action(Action& action) {
  scheduler_.run();
  return actions_.pop(action);
}

void Engine::on_response(RequestId id, HttpResponse response) {
  SendAwaiter* const awaiter = sends_.take(static_cast<std::uint64_t>(id));
  if (awaiter == nullptr) return;  // cancelled meanwhile
  awaiter->outcome.emplace(std::move(response));
  awaiter->call_.remove(*awaiter);
  scheduler_.push(awaiter->handle);
}

void Engine::on_transport_error(RequestId id, TransportError error) {
  SendAwaiter* const awaiter = sends_.take(static_cast<std::uint64_t>(id));
  if (awaiter == nullptr) return;
  awaiter->outcome.emplace(std::move(error));
  awaiter->call_.remove(*awaiter);
  scheduler_.push(awaiter->handle);
}

void Engine::on_timer(TimerId id) {
  SleepAwaiter* const awaiter = sleeps_.take(static_cast<std::uint64_t>(id));
  if (awaiter == nullptr) return;
  awaiter->call_.remove(*awaiter);
  scheduler_.push(awaiter->handle);
}

void Engine::on_turn_over(TurnId id) {
  const auto found = turn_tasks_.find(static_cast<std::uint64_t>(id));
  if (found == turn_tasks_.end()) return;
  spawn(scheduler_, std::move(found->second));
  turn_tasks_.erase(found);
}

void Engine::when_turn_over(Task<void> task) {
  turn_tasks_.emplace(++last_turn_, std::move(task));
  emit(RequestTurn{TurnId{last_turn_}});
}

void Engine::on_credentials(Result<Credentials> credentials) {
  credentials_requested_ = false;
  std::optional<Error> error;
  if (credentials) {
    credentials_expire_ms_ = credentials->expires_at_ms;
    signer_.set_credentials(std::move(*credentials));
    credentials_ready_ = true;
  } else {
    error = std::move(credentials).error();
  }
  stop_credentials_watch();
  for (CredentialsAwaiter* awaiter : std::exchange(credentials_waiters_, {})) {
    awaiter->error = error;
    awaiter->call_.remove(*awaiter);
    scheduler_.push(awaiter->handle);
  }
}

std::string Engine::new_ulid() {
  return ulids_.next(now_.wall_ms, random_.next(), random_.next());
}

Engine::Record& Engine::add_record(std::shared_ptr<Scope> scope, std::string tenant,
                                   std::int64_t deadline_ms) {
  auto record = std::make_unique<Record>(*this, std::move(scope), std::move(tenant), deadline_ms);
  if (closing_) record->cancel();
  record->id = ++last_operation_;
  Record& added = *record;
  records_.emplace(added.id, std::move(record));
  return added;
}

Call& Engine::open(std::shared_ptr<Scope> scope, std::string tenant) {
  return add_record(std::move(scope), std::move(tenant), now_.steady_ms + options_.call_ms);
}

detail::Detached Engine::drive_shared(Engine& engine, Record& record, Task<void> task) {
  co_await std::move(task);
  engine.finish(record);
}

void Engine::finish(Record& record) {
  if (record.slot != nullptr) emit(Complete{OperationId{record.id}, record.token});
  records_.erase(record.id);
}

void Engine::cancel(OperationId id) {
  const auto found = records_.find(static_cast<std::uint64_t>(id));
  if (found != records_.end()) found->second->cancel();
}

void Engine::abandon(OperationId id) {
  const auto found = records_.find(static_cast<std::uint64_t>(id));
  if (found == records_.end()) return;
  found->second->slot = nullptr;
  found->second->cancel();
}

void Engine::abandon_overdue(std::int64_t grace_ms) {
  std::vector<OperationId> overdue;
  for (const auto& [id, record] : records_) {
    if (record->deadline_ms() + grace_ms < now_.steady_ms) overdue.push_back(OperationId{id});
  }
  for (const OperationId id : overdue) abandon(id);
}

void Engine::set_schema(std::shared_ptr<const Schema> schema) {
  earlier_schemas_.push_back(std::exchange(schema_, std::move(schema)));
}

Engine::SendAwaiter Engine::send(Call& call, HttpRequest&& request, std::int64_t timeout_ms) {
  if (options_.sign) signer_.sign(request, service_time_ms());
  return {call, std::move(request), timeout_ms};
}

Engine::SleepAwaiter Engine::sleep(Call& call, std::int64_t delay_ms) {
  return {call, delay_ms};
}

Engine::CredentialsAwaiter Engine::credentials(Call& call) {
  return CredentialsAwaiter(call);
}

void Engine::SendAwaiter::await_suspend(std::coroutine_handle<> coroutine) {
  handle = coroutine;
  Engine& engine = call_.engine();
  id_ = engine.sends_.add(*this);
  call_.attach(*this);
  engine.emit(SendRequest{RequestId{id_}, std::move(request_), timeout_ms_});
}

void Engine::SendAwaiter::detach() {
  call_.engine().sends_.take(id_);
  call_.engine().emit(CancelRequest{RequestId{id_}});
}

void Engine::SleepAwaiter::await_suspend(std::coroutine_handle<> coroutine) {
  handle = coroutine;
  Engine& engine = call_.engine();
  id_ = engine.sleeps_.add(*this);
  call_.attach(*this);
  engine.emit(StartTimer{TimerId{id_}, delay_ms_});
}

void Engine::SleepAwaiter::detach() {
  call_.engine().sleeps_.take(id_);
  call_.engine().emit(CancelTimer{TimerId{id_}});
}

bool Engine::CredentialsAwaiter::await_ready() {
  Engine& engine = call_.engine();
  if (!engine.options_.sign || call_.cancelled()) return true;
  bool usable = engine.credentials_ready_;
  bool renew = !usable;
  if (usable && engine.credentials_expire_ms_) {
    const std::int64_t left_ms = *engine.credentials_expire_ms_ - engine.service_time_ms();
    renew = left_ms < credentials_renew_ms;
    usable = left_ms > credentials_unusable_ms;
  }
  if (renew && !engine.credentials_requested_) {
    engine.credentials_requested_ = true;
    engine.emit(RequestCredentials{});
  }
  return usable;
}

void Engine::CredentialsAwaiter::await_suspend(std::coroutine_handle<> coroutine) {
  handle = coroutine;
  call_.attach(*this);
  Engine& engine = call_.engine();
  engine.credentials_waiters_.push_back(this);
  // Who comes later may have less time left.
  if (engine.credentials_watch_ && call_.deadline_ms() < engine.credentials_watch_ends_ms_)
    engine.stop_credentials_watch();
  if (!engine.credentials_watch_) {
    engine.credentials_watch_ends_ms_ = call_.deadline_ms();
    engine.credentials_watch_ =
        engine.start_shared(call_.deadline_ms(), [](Call& watch) { return watch_credentials(watch); });
  }
}

// Calls do not wait for credentials any longer than for DynamoDB, however slow their source is.
Task<void> Engine::watch_credentials(Call& call) {
  Engine& engine = call.engine();
  std::vector<CredentialsAwaiter*>& waiters = engine.credentials_waiters_;
  while (!waiters.empty()) {
    std::int64_t next_ms = waiters.front()->call_.deadline_ms();
    for (const CredentialsAwaiter* waiter : waiters) next_ms = std::min(next_ms, waiter->call_.deadline_ms());
    engine.credentials_watch_ends_ms_ = next_ms;
    const std::int64_t wait_ms = std::max<std::int64_t>(next_ms - engine.now().steady_ms, 0);
    if (!co_await engine.sleep(call, wait_ms))
      co_return;  // stopped: whoever did that cleared credentials_watch_
    std::erase_if(waiters, [&](CredentialsAwaiter* waiter) {
      if (waiter->call_.deadline_ms() > engine.now().steady_ms) return false;
      waiter->error = no_credentials_in_time(engine.options().call_ms);
      waiter->call_.remove(*waiter);
      engine.scheduler().push(waiter->handle);
      return true;
    });
  }
  engine.credentials_watch_.reset();
}

void Engine::stop_credentials_watch() {
  if (const auto watch = std::exchange(credentials_watch_, std::nullopt)) cancel(*watch);
}

std::optional<Error> Engine::CredentialsAwaiter::await_resume() {
  if (call_.cancelled()) return cancelled_error();
  return std::move(error);
}

void Engine::CredentialsAwaiter::detach() {
  Engine& engine = call_.engine();
  std::erase(engine.credentials_waiters_, this);
  if (engine.credentials_waiters_.empty()) engine.stop_credentials_watch();
}

}  // namespace bao::core
