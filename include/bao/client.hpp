#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <bao/capacity.hpp>
#include <bao/context.hpp>
#include <bao/definition.hpp>
#include <bao/error.hpp>
#include <bao/model_info.hpp>
#include <bao/task.hpp>
#include <bao/tenant.hpp>
#include <bao/with_context.hpp>

namespace boost::asio {
class io_context;
}

namespace bao {

struct Credentials {
  std::string access_key_id = {};
  std::string secret_access_key = {};
  std::string session_token = {};  ///< empty for long-lived keys
};

/// Where DynamoDB is, and as whom. What is left empty comes from the environment, then from the profile
/// files, then (credentials) from the container or instance that the program runs on. An endpoint on this
/// machine needs none: emulators take any.
struct AwsConfig {
  std::string region = {};  ///< default: AWS_REGION, AWS_DEFAULT_REGION, profile, us-west-2
  std::optional<Credentials> credentials = {};  ///< default: environment, profile files, container, instance
  /// `https://HOST[:PORT]`, `http://HOST[:PORT]`, `memory:` for the embedded engine, or `file:PATH` for the
  /// same with its table in a file (docs/engine.md), which one process at a time may open. Their table is
  /// made when it is missing. Default: DYNAMO_BAO_ENDPOINT, AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL, AWS.
  std::string endpoint = {};
};

struct DbConfig {
  std::string table_name = {};  ///< default: TABLE_NAME, else dynamo-bao-dev
  /// The index that iteration reads: "iter_index" (the default), or "iter_search_index", which searches need
  /// and which also holds `_searchText`.
  std::string iteration_index_name = {};
  /// `memory:` and `file:` only: makes the table where it is missing. False: that is a ConfigurationError.
  bool create_table = true;
  /// `memory:` and `file:` only: faults for the engine to strike this client with, a plan in JSON
  /// (docs/engine.md, "Faults"). Default: none. ConfigurationError for a plan that cannot be read, and for
  /// one where the endpoint is another.
  std::string faults = {};
};

struct BatchContextConfig {
  /// Strict mode: every operation outside run_with_batch_context that would send a request is an error.
  /// Default: DYNAMO_BAO_REQUIRE_BATCH_CONTEXT, else false.
  std::optional<bool> require_batch_context = {};
};

struct TenancyConfig {
  /// Every operation on items needs a tenant (run_with_tenant, or Client::tenants): without one it is a
  /// ConfigurationError, and never somebody else's. Default: DYNAMO_BAO_TENANCY_ENABLED, else false.
  std::optional<bool> enabled = {};
};

struct TimeoutConfig {
  std::int64_t call_ms = 30'000;    ///< a whole call, retries included; default 30 s
  std::int64_t attempt_ms = 5'000;  ///< one attempt of one request; default 5 s
};

struct RetryConfig {
  int max_attempts = 8;  ///< tries of one request, the first included; default 8
};

struct ConnectionConfig {
  std::size_t connections_max = 64;  ///< open at once; more requests wait; default 64
  std::int64_t idle_ms = 20'000;     ///< an idle connection is closed after this; default 20 s
  std::string ca_file = {};          ///< PEM with the certificates to trust; default: the system's
};

enum class LogLevel : std::uint8_t { off, error, warn, info, debug };

struct LogConfig {
  /// Default: DYNAMO_BAO_LOG_LEVEL (OFF, ERROR, WARN, INFO, DEBUG), else OFF. DEBUG has a line for each
  /// request sent: "sent GetItem 123 bytes".
  std::optional<LogLevel> level = {};
  /// Takes a line without its end. Default: standard error.
  std::function<void(LogLevel, std::string_view)> sink = {};
};

struct Config {
  /// Descriptions of model classes: `{&User::model_info(), &Post::model_info()}`, or a generated
  /// `models::all()`. They must outlive the client.
  std::vector<const ModelInfo*> models = {};
  /// Models known at run time only (from YAML, say); used through DynamicModel.
  std::vector<ModelDefinition> definitions = {};
  AwsConfig aws = {};
  DbConfig db = {};
  BatchContextConfig batch_context = {};
  TenancyConfig tenancy = {};
  TimeoutConfig timeouts = {};
  RetryConfig retry = {};
  ConnectionConfig connections = {};
  LogConfig log = {};
};

/// A connection to one table. Instances of models belong to the client that read them: another one refuses to
/// write them, as its table may be another. Movable; tasks that run in it must have ended before it is
/// destroyed. It belongs to one executor: its own, driven by sync_wait, or that of the io_context it was made
/// with. Calls from other threads are posted there.
///
/// A task may await operations of several clients (with_context): what runs in a client's context runs on
/// that client's executor. Where that is the client's own and no thread is in sync_wait with it, a thread of
/// the library runs it meanwhile; an io_context that the caller gave has to be run by the caller. Clients
/// that are used together on one io_context need no second thread.
class Client {
 public:
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  /// Where the client runs on its own io_context and the endpoint's name is being looked up, this waits for
  /// the system's answer, which nothing can interrupt: some seconds where no name server answers.
  ~Client();

  /// The context for tasks that run with this client, outside of a batch.
  [[nodiscard]] Context context() const;
  [[nodiscard]] const std::string& table_name() const;
  [[nodiscard]] boost::asio::io_context& io_context() const;
  /// On whose behalf calls are made where their coroutine does not say it.
  [[nodiscard]] TenantContext& tenants() const;

 private:
  friend Result<Client> try_init_models(Config config);
  friend Result<Client> try_init_models(boost::asio::io_context& io, Config config);
  explicit Client(std::unique_ptr<detail::ClientState> state);

  std::unique_ptr<detail::ClientState> state_;
};

/// Makes a client for these models. No request is sent. Throws ConfigurationError, with every mistake of
/// the models in its message.
[[nodiscard]] Client init_models(Config config);
/// The same on the caller's io_context, which has to be run by one thread at a time.
[[nodiscard]] Client init_models(boost::asio::io_context& io, Config config);
/// The same as values.
[[nodiscard]] Result<Client> try_init_models(Config config);
[[nodiscard]] Result<Client> try_init_models(boost::asio::io_context& io, Config config);

namespace detail {

[[nodiscard]] std::shared_ptr<BatchScope> make_scope();
[[nodiscard]] Capacity scope_capacity(const std::shared_ptr<BatchScope>& scope);

/// Tells drive() that its work has ended.
class DriveEnd {
 public:
  explicit DriveEnd(ClientState& client);
  /// On whichever thread. Whoever drives may go on at once.
  void set();

 private:
  friend void drive(ClientState& client, std::function<void()> work, const DriveEnd& end);

  std::shared_ptr<Driving> driving_;
  bool ended_ = false;
};

/// Posts `work` to the client's executor and drives it until `end` was set; any thread may call it but one
/// that runs that executor.
void drive(ClientState& client, std::function<void()> work, const DriveEnd& end);

template <class Function>
auto in_new_scope(Function function) -> std::invoke_result_t<Function&> {
  Context context = co_await this_context();
  context.scope = make_scope();
  co_return co_await with_context(std::move(context), std::move(function));
}

}  // namespace detail

/// Runs `function`, which makes a Task, in a batch context of its own: finds of one turn become one
/// BatchGetItem and are cached until the task has ended. Nested contexts are separate.
///
/// With g++ 12, await what has a name: `auto finding = User::find(id); co_await std::move(finding);`. That
/// compiler destroys braced temporaries of an awaited expression (options, data, closures that capture by
/// value) twice. clang does not.
template <class Function>
[[nodiscard]] auto run_with_batch_context(Function function) -> std::invoke_result_t<Function&> {
  return detail::in_new_scope(std::move(function));
}

/// Whether the coroutine that asks runs in a batch context.
[[nodiscard]] inline Task<bool> is_inside_batch_context() {
  co_return (co_await this_context()).scope != nullptr;
}

/// What everything inside the present batch context has consumed so far; zeros outside of one.
[[nodiscard]] inline Task<Capacity> get_batch_context_capacity() {
  const Context context = co_await this_context();
  co_return detail::scope_capacity(context.scope);
}
/// The same, by its earlier name.
[[nodiscard]] inline Task<Capacity> batch_context_capacity() {
  return get_batch_context_capacity();
}

/// Runs `awaitable` (an operation or a task), and all that it awaits, until the token asks it to stop: calls
/// under way then end soon, as CancelledError. The stop token that the awaiting coroutine has counts too.
template <detail::CanAwait Awaitable>
[[nodiscard]] auto with_stop_token(std::stop_token token, Awaitable awaitable)
    -> Task<detail::AwaitResult<Awaitable>> {
  Context context = co_await this_context();
  std::stop_source either;
  const auto stop = [&either] { either.request_stop(); };
  const std::stop_callback outer(context.stop, stop);
  const std::stop_callback inner(std::move(token), stop);
  context.stop = either.get_token();
  auto running = with_context(std::move(context), detail::as_task(std::move(awaitable)));
  co_return co_await std::move(running);
}

/// Runs a task with the client, drives the client's executor until it has ended, and gives its result or
/// throws what it threw. Any number of threads may do so at once: one of them drives, the others sleep. For
/// main functions, tests and tools. ConfigurationError from within the client's executor, which would wait
/// for itself. Where a thread of the program runs that executor, give the task to it by async_run instead.
template <class T>
T sync_wait(Client& client, Task<T> task) {
  // Outlives the call where a handler of the program's throws through it.
  struct Waiting {
    Task<T> task;
    detail::DriveEnd end;
    std::optional<std::expected<T, std::exception_ptr>> outcome = {};
  };
  const Context context = client.context();
  const auto waiting = std::make_shared<Waiting>(std::move(task), detail::DriveEnd(*context.client));
  detail::drive(
      *context.client,
      [waiting, context] {
        spawn(std::move(waiting->task), context, [waiting](std::expected<T, std::exception_ptr> result) {
          waiting->outcome = std::move(result);
          waiting->end.set();
        });
      },
      waiting->end);
  std::expected<T, std::exception_ptr>& outcome = *waiting->outcome;
  if (!outcome) std::rethrow_exception(outcome.error());
  if constexpr (!std::is_void_v<T>) return std::move(*outcome);
}

/// The same for an operation: `bao::sync_wait(client, User::find(id))`.
template <detail::CanAwait Awaitable>
  requires(!detail::IsTask<Awaitable>::value)
auto sync_wait(Client& client, Awaitable awaitable) {
  return sync_wait(client, detail::as_task(std::move(awaitable)));
}

}  // namespace bao
