#include <bao/client.hpp>

#include <cstdio>
#include <cstdlib>

#include <bao/exception.hpp>

#include "core/engine/iterate.hpp"
#include "core/request/table_body.hpp"
#include "local/lmdb/lmdb_store.hpp"
#include "local/local_engine.hpp"
#include "local/store/memory_store.hpp"
#include "native/face/client_state.hpp"
#include "native/face/custom_keys.hpp"
#include "native/face/settings.hpp"
#include "native/http/endpoint.hpp"
#include "native/http/http_transport.hpp"
#include "native/http/memory_transport.hpp"
#include "native/text/folding.hpp"

namespace bao {

namespace {

using detail::ClientState;

Error mistakes(const std::vector<Diagnostic>& diagnostics) {
  std::string message;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!message.empty()) message += '\n';
    message += diagnostic.to_string();
  }
  return {ErrorCode::configuration, std::move(message)};
}

Result<std::shared_ptr<const core::Schema>> build_schema(const Config& config) {
  std::vector<ModelDefinition> definitions;
  definitions.reserve(config.models.size() + config.definitions.size());
  for (const ModelInfo* model : config.models) definitions.push_back(model->definition);
  definitions.insert(definitions.end(), config.definitions.begin(), config.definitions.end());
  auto schema = core::Schema::build(
      std::move(definitions), {.related_models_must_exist = false, .custom_keys = &detail::custom_keys()});
  if (!schema) return std::unexpected(mistakes(schema.error()));
  return std::shared_ptr<const core::Schema>(std::move(*schema));
}

std::function<void(LogLevel, std::string_view)> standard_error_sink() {
  return [](LogLevel, std::string_view line) {
    std::fprintf(stderr, "bao: %.*s\n", static_cast<int>(line.size()), line.data());
  };
}

struct Embedded {
  std::shared_ptr<local::LocalEngine> engine;
  local::Store* file_store = nullptr;
};

// The embedded engine with the client's table in it.
Result<Embedded> open_embedded(const native::Endpoint& endpoint, const std::string& table,
                               const DbConfig& config) {
  Embedded embedded;
  std::unique_ptr<local::Store> store;
  if (endpoint.kind == native::Endpoint::Kind::file) {
    auto opened = local::open_lmdb_store(endpoint.path);
    if (!opened) return std::unexpected(Error(ErrorCode::configuration, opened.error().message));
    store = std::move(*opened);
    embedded.file_store = store.get();
  } else {
    store = local::make_memory_store();
  }
  embedded.engine = std::make_shared<local::LocalEngine>(
      std::move(store), local::LocalEngineOptions{.now_ms = [] { return detail::wall_clock_ms(); }});
  const auto& engine = embedded.engine;
  if (!engine->open_error().empty()) {
    return std::unexpected(Error(ErrorCode::configuration, endpoint.path + ": " + engine->open_error()));
  }
  const local::Answer present = engine->handle("DescribeTable", core::table_name_body(table));
  if (present.status == 200) return embedded;
  if (!config.create_table) {
    return std::unexpected(
        Error(ErrorCode::configuration,
              (endpoint.path.empty() ? "memory:" : endpoint.path) + ": there is no table '" + table + "'"));
  }
  const local::Answer created = engine->handle(
      "CreateTable", core::create_table_body(
                         table, {.search_index = config.iteration_index_name == core::search_index_name}));
  if (created.status != 200) {
    return std::unexpected(Error(ErrorCode::configuration,
                                 "the embedded engine cannot make table '" + table + "': " + created.body));
  }
  const local::Answer ttl = engine->handle("UpdateTimeToLive", core::enable_ttl_body(table));
  if (ttl.status != 200) {
    return std::unexpected(
        Error(ErrorCode::configuration, "the embedded engine cannot enable TTL: " + ttl.body));
  }
  return embedded;
}

Result<Embedded> make_embedded(const Config& config, const detail::Settings& settings) {
  auto embedded = open_embedded(settings.endpoint, settings.table_name, config.db);
  if (!embedded || config.db.faults.empty()) return embedded;
  auto plan = local::parse_fault_plan(config.db.faults);
  if (!plan) return std::unexpected(Error(ErrorCode::configuration, "db.faults: " + plan.error()));
  embedded->engine->set_faults(std::move(*plan));
  return embedded;
}

core::EngineOptions engine_options(const Config& config, const detail::Settings& settings) {
  core::EngineOptions options;
  options.table_name = settings.table_name;
  if (!config.db.iteration_index_name.empty()) options.iteration_index = config.db.iteration_index_name;
  options.folding = &native::text_folding();
  options.region = settings.region;
  options.host = settings.endpoint.host_header;
  options.sign = !settings.endpoint.is_embedded();
  options.call_ms = config.timeouts.call_ms;
  options.attempt_ms = config.timeouts.attempt_ms;
  options.require_batch_context = settings.require_batch_context;
  options.retry.max_attempts = config.retry.max_attempts;
  return options;
}

Result<std::unique_ptr<native::Transport>> make_transport(ClientState& state, const Config& config,
                                                          const detail::Settings& settings) {
  const auto executor = state.io().get_executor();
  if (settings.endpoint.is_embedded()) {
    auto embedded = make_embedded(config, settings);
    if (!embedded) return std::unexpected(std::move(embedded).error());
    return native::make_memory_transport(executor, std::move(embedded->engine), state.transport_events(),
                                         embedded->file_store);
  }
  if (!config.db.faults.empty()) {
    return std::unexpected(
        Error(ErrorCode::configuration,
              "db.faults is for the embedded engine: the endpoint is neither memory: nor file:PATH"));
  }
  native::PoolOptions pool;
  pool.connections_max = config.connections.connections_max;
  pool.idle_ms_max = config.connections.idle_ms;
  pool.ca_file = config.connections.ca_file;
  return native::make_http_transport(executor, settings.endpoint, std::move(pool), state.transport_events());
}

Result<std::unique_ptr<ClientState>> make_state(boost::asio::io_context* io, Config config) {
  if (std::optional<Error> error = detail::check_limits(config)) return std::unexpected(std::move(*error));
  auto settings = detail::resolve_settings(config);
  if (!settings) return std::unexpected(std::move(settings).error());
  auto schema = build_schema(config);
  if (!schema) return std::unexpected(std::move(schema).error());
  auto sink = config.log.sink ? config.log.sink : standard_error_sink();
  auto state = std::make_unique<ClientState>(
      io, ClientState::Parts{.engine = engine_options(config, *settings),
                             .schema = std::move(*schema),
                             .models = config.models,
                             .log = detail::Logger(settings->log_level, std::move(sink)),
                             .require_tenant = settings->require_tenant});
  auto transport = make_transport(*state, config, *settings);
  if (!transport) return std::unexpected(std::move(transport).error());
  state->set_transport(std::move(*transport));
  state->set_credential_source(detail::credential_source(state->io(), config, *settings));
  return state;
}

}  // namespace

Client::Client(std::unique_ptr<ClientState> state) : state_(std::move(state)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Context Client::context() const {
  return {.client = state_.get(), .scope = nullptr, .tenant = nullptr, .stop = {}};
}
const std::string& Client::table_name() const {
  return state_->engine().options().table_name;
}
boost::asio::io_context& Client::io_context() const {
  return state_->io();
}

TenantContext& Client::tenants() const {
  return state_->tenants();
}

Result<Client> try_init_models(Config config) {
  auto state = make_state(nullptr, std::move(config));
  if (!state) return std::unexpected(std::move(state).error());
  return Client(std::move(*state));
}

Result<Client> try_init_models(boost::asio::io_context& io, Config config) {
  auto state = make_state(&io, std::move(config));
  if (!state) return std::unexpected(std::move(state).error());
  return Client(std::move(*state));
}

Client init_models(Config config) {
  auto client = try_init_models(std::move(config));
  if (!client) throw_error(std::move(client).error());
  return std::move(*client);
}

Client init_models(boost::asio::io_context& io, Config config) {
  auto client = try_init_models(io, std::move(config));
  if (!client) throw_error(std::move(client).error());
  return std::move(*client);
}

namespace detail {

std::shared_ptr<BatchScope> make_scope() {
  return std::make_shared<BatchScope>();
}

Capacity scope_capacity(const std::shared_ptr<BatchScope>& scope) {
  return scope ? scope->scope->capacity : Capacity{};
}

std::optional<Error> refuse_context(const Context& context) {
  if (context.client != nullptr) return std::nullopt;
  return Error(ErrorCode::configuration,
               "there is no client here: run the task with bao::sync_wait(client, task) or bao::async_run");
}

DriveEnd::DriveEnd(ClientState& client) : driving_(client.driving()) {}

void DriveEnd::set() {
  const std::shared_ptr<Driving> driving = driving_;
  driving->end(ended_);
}

void drive(ClientState& client, std::function<void()> work, const DriveEnd& end) {
  if (client.on_executor()) {
    throw_error(
        Error(ErrorCode::configuration,
              "bao::sync_wait on the client's own executor would wait for itself: co_await the task"));
  }
  end.driving_->drive(std::move(work), end.ended_);
}

}  // namespace detail

}  // namespace bao
