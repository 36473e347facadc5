#include "native/face/settings.hpp"
#include "core/engine/iterate.hpp"

#include <chrono>
#include <optional>
#include <string>

#include "native/credentials/environment.hpp"
#include "native/credentials/profile.hpp"
#include "native/credentials/provider.hpp"

namespace bao::detail {

namespace {

std::string variable(const native::Environment& environment, const char* name) {
  return environment.variable(name).value_or(std::string());
}

Error bad_setting(const std::string& name, const std::string& value, const std::string& expected) {
  return {ErrorCode::configuration,
          ErrorDetails{.message = name + " must be " + expected + ", not '" + value + "'", .value = value}};
}

// What the configuration says, else the environment.
Result<bool> is_on(std::optional<bool> configured, const native::Environment& environment, const char* name) {
  if (configured) return *configured;
  const std::string text = variable(environment, name);
  if (text == "true" || text == "1") return true;
  if (text.empty() || text == "false" || text == "0") return false;
  return std::unexpected(bad_setting(name, text, "true or false"));
}

Result<LogLevel> log_level(const Config& config, const native::Environment& environment) {
  if (config.log.level) return *config.log.level;
  const std::string text = variable(environment, "DYNAMO_BAO_LOG_LEVEL");
  if (text.empty() || text == "OFF") return LogLevel::off;
  if (text == "ERROR") return LogLevel::error;
  if (text == "WARN") return LogLevel::warn;
  if (text == "INFO") return LogLevel::info;
  if (text == "DEBUG") return LogLevel::debug;
  return std::unexpected(bad_setting("DYNAMO_BAO_LOG_LEVEL", text, "OFF, ERROR, WARN, INFO or DEBUG"));
}

}  // namespace

std::int64_t wall_clock_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::optional<Error> check_limits(const Config& config) {
  const auto positive = [](const char* name, std::int64_t value) -> std::optional<Error> {
    if (value > 0) return std::nullopt;
    return bad_setting(name, std::to_string(value), "greater than 0");
  };
  if (auto error = positive("timeouts.call_ms", config.timeouts.call_ms)) return error;
  if (auto error = positive("timeouts.attempt_ms", config.timeouts.attempt_ms)) return error;
  if (auto error = positive("retry.max_attempts", config.retry.max_attempts)) return error;
  if (auto error = positive("connections.idle_ms", config.connections.idle_ms)) return error;
  return positive("connections.connections_max",
                  static_cast<std::int64_t>(config.connections.connections_max));
}

Result<Settings> resolve_settings(const Config& config) {
  const native::Environment environment = native::process_environment();
  Settings settings;
  settings.table_name = config.db.table_name;
  if (settings.table_name.empty()) settings.table_name = variable(environment, "TABLE_NAME");
  if (settings.table_name.empty()) settings.table_name = "dynamo-bao-dev";
  Result<std::string> region = native::resolve_region(environment, config.aws.region);
  if (!region) return std::unexpected(std::move(region).error());
  settings.region = std::move(*region);
  const std::string endpoint = native::resolve_endpoint(environment, config.aws.endpoint);
  auto parsed =
      endpoint.empty() ? native::default_endpoint(settings.region) : native::parse_endpoint(endpoint);
  if (!parsed) return std::unexpected(std::move(parsed).error());
  settings.endpoint = std::move(*parsed);
  const std::string& index = config.db.iteration_index_name;
  if (!index.empty() && index != core::iteration_index_name && index != core::search_index_name) {
    return std::unexpected(Error(ErrorCode::configuration,
                                 "db.iteration_index_name is 'iter_index' or 'iter_search_index', not '" +
                                     index.substr(0, 100) + "'"));
  }
  const Result<bool> strict =
      is_on(config.batch_context.require_batch_context, environment, "DYNAMO_BAO_REQUIRE_BATCH_CONTEXT");
  if (!strict) return std::unexpected(strict.error());
  settings.require_batch_context = *strict;
  const Result<bool> tenancy = is_on(config.tenancy.enabled, environment, "DYNAMO_BAO_TENANCY_ENABLED");
  if (!tenancy) return std::unexpected(tenancy.error());
  settings.require_tenant = *tenancy;
  const Result<LogLevel> level = log_level(config, environment);
  if (!level) return std::unexpected(level.error());
  settings.log_level = *level;
  return settings;
}

CredentialSource credential_source(boost::asio::io_context& io, const Config& config,
                                   const Settings& settings) {
  std::optional<core::Credentials> configured;
  if (config.aws.credentials) {
    configured = core::Credentials{.access_key_id = config.aws.credentials->access_key_id,
                                   .secret_access_key = config.aws.credentials->secret_access_key,
                                   .session_token = config.aws.credentials->session_token,
                                   .expires_at_ms = std::nullopt};
  }
  return native::make_credential_chain(io.get_executor(), std::move(configured), settings.region,
                                       native::is_loopback(settings.endpoint), native::process_environment());
}

}  // namespace bao::detail
