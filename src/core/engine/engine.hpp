#pragma once

#include <coroutine>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <bao/capacity.hpp>
#include <bao/error.hpp>

#include "core/aws/retry.hpp"
#include "core/aws/sigv4.hpp"
#include "core/engine/actions.hpp"
#include "core/engine/fifo.hpp"
#include "core/engine/task.hpp"
#include "core/keys/ulid.hpp"
#include "core/schema/schema.hpp"
#include "core/search/search_text.hpp"

namespace bao::core {

class Engine;
class Scope;

struct EngineOptions {
  std::string table_name = "dynamo-bao-dev";
  /// The index that iteration reads: "iter_index", or "iter_search_index" where the table has that one.
  std::string iteration_index = "iter_index";
  std::string region = "us-west-2";
  /// The Host header's value; signed.
  std::string host;
  /// False: requests leave unsigned and credentials are never asked for (the embedded engine).
  bool sign = true;
  /// Deadline of a call, all its requests and waits included. SPEC 6.4.
  std::int64_t call_ms = 30'000;
  /// Deadline of one attempt of one request.
  std::int64_t attempt_ms = 5'000;
  /// An operation that would send a request outside a scope is an error (strict mode).
  bool require_batch_context = false;
  /// Finds wait for a read of the same loader that another scope's call, or one outside any scope, has in
  /// flight. Off where one request's I/O cannot serve another (Cloudflare Workers): there they read again.
  bool share_reads_in_flight = true;
  RetryOptions retry;
  /// Unicode's tables. Needed as soon as a model is searchable; outlives the engine.
  TextFolding* folding = nullptr;
};

/// Where the core gets random bits from. Called only while an operation runs.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  /// 64 uniformly random bits; unpredictable where ULIDs must not be guessed.
  virtual std::uint64_t next() = 0;
};

namespace detail {

/// A suspended coroutine that an event, or the cancellation of its call, will resume.
struct Waiter {
  virtual ~Waiter() = default;
  /// The call is cancelled: take this waiter out of whatever it waits for.
  virtual void detach() = 0;

  std::coroutine_handle<> handle;
  Waiter* previous = nullptr;
  Waiter* next = nullptr;
  bool cancelled = false;
};

}  // namespace detail

/// What all steps of one operation share: deadline, scope, tenant, cancellation, capacity.
class Call {
 public:
  Call(Engine& engine, std::shared_ptr<Scope> scope, std::string tenant, std::int64_t deadline_ms)
      : engine_(engine), scope_(std::move(scope)), tenant_(std::move(tenant)), deadline_ms_(deadline_ms) {}
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  [[nodiscard]] Engine& engine() { return engine_; }
  /// Null outside a batch context.
  [[nodiscard]] const std::shared_ptr<Scope>& scope() const { return scope_; }
  [[nodiscard]] const std::string& tenant() const { return tenant_; }
  [[nodiscard]] std::int64_t deadline_ms() const { return deadline_ms_; }
  [[nodiscard]] bool cancelled() const { return cancelled_; }

  /// Everything that this operation's requests have consumed so far.
  Capacity capacity;

  void attach(detail::Waiter& waiter);
  void remove(detail::Waiter& waiter);
  /// Resumes every waiter with `cancelled` set.
  void cancel();

 private:
  Engine& engine_;
  std::shared_ptr<Scope> scope_;
  std::string tenant_;
  std::int64_t deadline_ms_;  // steady
  detail::Waiter* waiters_ = nullptr;
  bool cancelled_ = false;
};

/// The sans-I/O heart: operations run here as coroutines, ask for effects by actions, continue on events.
/// Not thread safe; a driver serialises its calls. After each event, and after each start(), drain
/// next_action until it gives false.
class Engine {
 public:
  Engine(EngineOptions options, std::shared_ptr<const Schema> schema, RandomSource& random);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Events.
  void set_time(Moment now) { now_ = now; }  ///< before every other event, and before start()
  void on_response(RequestId id, HttpResponse response);
  void on_transport_error(RequestId id, TransportError error);
  void on_timer(TimerId id);
  void on_turn_over(TurnId id);
  void on_credentials(Result<Credentials> credentials);

  /// The next thing to do for the driver; false: nothing until the next event.
  bool next_action(Action& action);

  // Operations.
  /// Starts an operation: `make` is called with its Call and gives the Task; the result is put into `slot`,
  /// which stays the caller's and must live until Complete{id, token} was taken or the operation abandoned.
  template <class T, class Make>
  OperationId start(std::shared_ptr<Scope> scope, std::string tenant, Make make, std::optional<T>& slot,
                    void* token = nullptr);
  /// start() in two steps, for a caller with many kinds of operations: the Call of an operation to be made,
  /// which launch() has to follow at once.
  Call& open(std::shared_ptr<Scope> scope, std::string tenant);
  template <class T>
  OperationId launch(Call& call, Task<T> task, std::optional<T>& slot, void* token);
  /// The caller asked to stop: the operation ends soon, with ErrorCode::cancelled, or as it ends anyway.
  void cancel(OperationId id);
  /// The caller is gone: like cancel, but the slot is not touched any more and no Complete comes.
  void abandon(OperationId id);
  /// Abandons every operation, those without a single owner too, whose deadline passed `grace_ms` ago: no
  /// event came that could have ended it, so its driver lost it (a Worker's request that was cancelled takes
  /// its timers and connections with it).
  void abandon_overdue(std::int64_t grace_ms);

  // For operations.
  [[nodiscard]] const EngineOptions& options() const { return options_; }
  [[nodiscard]] const Schema& schema() const { return *schema_; }
  /// Takes a schema with more models. Calls in flight keep those of earlier schemas, which live on.
  void set_schema(std::shared_ptr<const Schema> schema);
  [[nodiscard]] const Moment& now() const { return now_; }
  /// Wall clock as the service sees it: ours, corrected by its Date header once it refused our time.
  [[nodiscard]] std::int64_t service_time_ms() const { return now_.wall_ms + clock_offset_ms_; }
  void correct_clock(std::int64_t service_ms) { clock_offset_ms_ = service_ms - now_.wall_ms; }
  [[nodiscard]] Scheduler& scheduler() { return scheduler_; }
  [[nodiscard]] RandomSource& random() { return random_; }
  [[nodiscard]] RetryQuota& quota() { return quota_; }
  [[nodiscard]] std::string new_ulid();
  /// Runs the task when the present turn is over.
  void when_turn_over(Task<void> task);
  /// Runs work that no single caller owns (a batch) under a Call of its own, with this deadline.
  template <class Make>
  OperationId start_shared(std::int64_t deadline_ms, Make make);

  struct SendAwaiter;
  struct SleepAwaiter;
  struct CredentialsAwaiter;
  using SendOutcome = std::variant<HttpResponse, TransportError>;
  /// Sends a signed request. The outcome is never present when the call was cancelled.
  [[nodiscard]] SendAwaiter send(Call& call, HttpRequest&& request, std::int64_t timeout_ms);
  /// false: cancelled.
  [[nodiscard]] SleepAwaiter sleep(Call& call, std::int64_t delay_ms);
  /// Usable credentials are there (or nothing needs them); an error where they cannot be had.
  [[nodiscard]] CredentialsAwaiter credentials(Call& call);
  /// The service said that the credentials expired: fetch new ones before the next request.
  void drop_credentials() { credentials_ready_ = false; }

 private:
  struct Record;
  template <class T>
  static detail::Detached drive(Engine& engine, Record& record, Task<T> task);

  Record& add_record(std::shared_ptr<Scope> scope, std::string tenant, std::int64_t deadline_ms);
  void finish(Record& record);
  static Task<void> watch_credentials(Call& call);
  void stop_credentials_watch();
  static detail::Detached drive_shared(Engine& engine, Record& record, Task<void> task);
  void emit(Action action) { actions_.push(std::move(action)); }

  template <class Awaiter>
  struct Slots {
    std::vector<std::pair<Awaiter*, std::uint32_t>> entries;  // awaiter, generation
    std::vector<std::uint32_t> free;
    std::uint64_t add(Awaiter& awaiter);
    Awaiter* take(std::uint64_t id);
  };

  EngineOptions options_;
  std::shared_ptr<const Schema> schema_;
  std::vector<std::shared_ptr<const Schema>> earlier_schemas_;
  RandomSource& random_;
  Moment now_;
  std::int64_t clock_offset_ms_ = 0;
  Scheduler scheduler_;
  Fifo<Action> actions_;
  RetryQuota quota_;
  Signer signer_;
  UlidGenerator ulids_;

  bool credentials_ready_ = false;
  bool credentials_requested_ = false;
  std::optional<std::int64_t> credentials_expire_ms_;
  std::vector<CredentialsAwaiter*> credentials_waiters_;
  std::optional<OperationId> credentials_watch_;  // ends the waiters whose call's deadline passes
  std::int64_t credentials_watch_ends_ms_ = 0;    // when it looks next; steady

  Slots<SendAwaiter> sends_;
  Slots<SleepAwaiter> sleeps_;
  std::map<std::uint64_t, Task<void>> turn_tasks_;
  std::uint64_t last_turn_ = 0;

  std::map<std::uint64_t, std::unique_ptr<Record>> records_;  // ordered: they end as they started
  std::uint64_t last_operation_ = 0;
  bool closing_ = false;  // in the destructor: every new call is born cancelled
};

struct Engine::SendAwaiter final : detail::Waiter {
  SendAwaiter(Call& call, HttpRequest&& request, std::int64_t timeout_ms)
      : call_(call), request_(std::move(request)), timeout_ms_(timeout_ms) {}
  bool await_ready() const { return call_.cancelled(); }
  void await_suspend(std::coroutine_handle<> coroutine);
  std::optional<SendOutcome> await_resume() { return std::move(outcome); }
  void detach() override;

  std::optional<SendOutcome> outcome;

 private:
  friend class Engine;
  Call& call_;
  HttpRequest request_;
  std::int64_t timeout_ms_;
  std::uint64_t id_ = 0;
};

struct Engine::SleepAwaiter final : detail::Waiter {
  SleepAwaiter(Call& call, std::int64_t delay_ms) : call_(call), delay_ms_(delay_ms) {}
  bool await_ready() const { return call_.cancelled(); }
  void await_suspend(std::coroutine_handle<> coroutine);
  bool await_resume() const { return !call_.cancelled(); }
  void detach() override;

 private:
  friend class Engine;
  Call& call_;
  std::int64_t delay_ms_;
  std::uint64_t id_ = 0;
};

struct Engine::CredentialsAwaiter final : detail::Waiter {
  explicit CredentialsAwaiter(Call& call) : call_(call) {}
  bool await_ready();
  void await_suspend(std::coroutine_handle<> coroutine);
  std::optional<Error> await_resume();
  void detach() override;

  std::optional<Error> error;

 private:
  friend class Engine;
  Call& call_;
};

struct Engine::Record : Call {
  using Call::Call;

  std::uint64_t id = 0;
  void* slot = nullptr;  // std::optional<T>*; null: abandoned
  void* token = nullptr;
};

template <class T>
detail::Detached Engine::drive(Engine& engine, Record& record, Task<T> task) {
  T result = co_await std::move(task);
  if (record.slot != nullptr) static_cast<std::optional<T>*>(record.slot)->emplace(std::move(result));
  engine.finish(record);
}

template <class T>
OperationId Engine::launch(Call& call, Task<T> task, std::optional<T>& slot, void* token) {
  auto& record = static_cast<Record&>(call);
  record.slot = &slot;
  record.token = token;
  detail::start_detached(scheduler_, drive<T>(*this, record, std::move(task)));
  return OperationId{record.id};
}

template <class T, class Make>
OperationId Engine::start(std::shared_ptr<Scope> scope, std::string tenant, Make make, std::optional<T>& slot,
                          void* token) {
  Call& call = open(std::move(scope), std::move(tenant));
  return launch<T>(call, make(call), slot, token);
}

template <class Make>
OperationId Engine::start_shared(std::int64_t deadline_ms, Make make) {
  Record& record = add_record(nullptr, {}, deadline_ms);
  detail::start_detached(scheduler_, drive_shared(*this, record, make(record)));
  return OperationId{record.id};
}

}  // namespace bao::core
