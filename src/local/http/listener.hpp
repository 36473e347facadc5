#pragma once

#include <cstdint>
#include <expected>
#include <string>

namespace bao::local {

struct Listener {
  int socket = -1;          ///< non-blocking; the owner closes it
  std::uint16_t port = 0;   ///< the one that the system chose where 0 was asked for
  std::string host_in_url;  ///< brackets around an IPv6 address
};

/// Listens at the first address of `host` that can be bound.
[[nodiscard]] std::expected<Listener, std::string> listen_at(const std::string& host, std::uint16_t port);

}  // namespace bao::local
