#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <bao/client.hpp>

#include "native/face/client_state.hpp"
#include "native/http/endpoint.hpp"

namespace bao::detail {

/// What the configuration, the environment and the profile files come to together (SPEC 2).
struct Settings {
  std::string table_name;
  std::string region;
  native::Endpoint endpoint;
  bool require_batch_context = false;
  bool require_tenant = false;
  LogLevel log_level = LogLevel::off;
};

/// Numbers of the configuration that make no sense, by name.
[[nodiscard]] std::optional<Error> check_limits(const Config& config);
[[nodiscard]] Result<Settings> resolve_settings(const Config& config);
[[nodiscard]] CredentialSource credential_source(boost::asio::io_context& io, const Config& config,
                                                 const Settings& settings);
[[nodiscard]] std::int64_t wall_clock_ms();

}  // namespace bao::detail
