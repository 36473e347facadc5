#include "native/face/settings.hpp"

#include <chrono>
#include <cstdlib>
#include <string_view>

namespace bao::detail {

namespace {

// The first of the environment's variables that is set and not empty.
std::string from_environment(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const char* const value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return {};
}

std::string first(std::string given, std::initializer_list<const char*> names, std::string otherwise) {
  if (!given.empty()) return given;
  std::string found = from_environment(names);
  return found.empty() ? otherwise : found;
}

Error bad_setting(const std::string& name, const std::string& value, const std::string& expected) {
  return {ErrorCode::configuration,
          ErrorDetails{.message = name + " must be " + expected + ", not '" + value + "'", .value = value}};
}

Result<bool> strict_mode(const Config& config) {
  if (config.batch_context.require_batch_context) return *config.batch_context.require_batch_context;
  const std::string text = from_environment({"DYNAMO_BAO_REQUIRE_BATCH_CONTEXT"});
  if (text == "true" || text == "1") return true;
  if (text.empty() || text == "false" || text == "0") return false;
  return std::unexpected(bad_setting("DYNAMO_BAO_REQUIRE_BATCH_CONTEXT", text, "true or false"));
}

Result<LogLevel> log_level(const Config& config) {
  if (config.log.level) return *config.log.level;
  const std::string text = from_environment({"DYNAMO_BAO_LOG_LEVEL"});
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
  Settings settings;
  settings.table_name = first(config.db.table_name, {"TABLE_NAME"}, "dynamo-bao-dev");
  settings.region = first(config.aws.region, {"AWS_REGION", "AWS_DEFAULT_REGION"}, "us-west-2");
  const std::string endpoint = first(
      config.aws.endpoint, {"DYNAMO_BAO_ENDPOINT", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"}, "");
  auto parsed =
      endpoint.empty() ? native::default_endpoint(settings.region) : native::parse_endpoint(endpoint);
  if (!parsed) return std::unexpected(std::move(parsed).error());
  settings.endpoint = std::move(*parsed);
  const Result<bool> strict = strict_mode(config);
  if (!strict) return std::unexpected(strict.error());
  settings.require_batch_context = *strict;
  const Result<LogLevel> level = log_level(config);
  if (!level) return std::unexpected(level.error());
  settings.log_level = *level;
  return settings;
}

CredentialSource credential_source(boost::asio::io_context&, const Config& config) {
  core::Credentials credentials;
  if (config.aws.credentials) {
    credentials = {.access_key_id = config.aws.credentials->access_key_id,
                   .secret_access_key = config.aws.credentials->secret_access_key,
                   .session_token = config.aws.credentials->session_token,
                   .expires_at_ms = std::nullopt};
  } else {
    credentials = {.access_key_id = from_environment({"AWS_ACCESS_KEY_ID"}),
                   .secret_access_key = from_environment({"AWS_SECRET_ACCESS_KEY"}),
                   .session_token = from_environment({"AWS_SESSION_TOKEN"}),
                   .expires_at_ms = std::nullopt};
  }
  return [credentials](const std::function<void(Result<core::Credentials>)>& answer) {
    if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
      answer(std::unexpected(
          Error(ErrorCode::configuration, "there are no AWS credentials: set aws.credentials")));
    } else {
      answer(credentials);
    }
  };
}

}  // namespace bao::detail
