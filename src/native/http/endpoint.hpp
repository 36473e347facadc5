#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <bao/error.hpp>

namespace bao::native {

/// Where requests go.
struct Endpoint {
  enum class Kind : std::uint8_t { https, http, memory, file };

  Kind kind = Kind::https;
  std::string host;         ///< a name, or an address without brackets; empty for memory and file
  std::uint16_t port = 0;   ///< 0 for memory and file
  std::string host_header;  ///< what the Host header says and the signature covers: default ports left out
  /// Always "/" for DynamoDB over HTTP; the credential sources have others; file: the file's.
  std::string path = "/";

  /// The engine runs in the process.
  [[nodiscard]] bool is_embedded() const { return kind == Kind::memory || kind == Kind::file; }
};

/// Reads `https://HOST[:PORT]`, `http://HOST[:PORT]` (HOST may be an IPv6 address in brackets; one slash at
/// the end is allowed), `memory:` or `file:PATH`. Anything else is a ConfigurationError that quotes the text.
[[nodiscard]] Result<Endpoint> parse_endpoint(std::string_view text);

/// The same for http and https with any path and query, for services other than DynamoDB.
[[nodiscard]] Result<Endpoint> parse_http_url(std::string_view text);

/// What the names of a region's services end with: "amazonaws.com", but for AWS's other partitions.
[[nodiscard]] std::string_view aws_domain(std::string_view region);

/// DynamoDB's public endpoint of a region.
[[nodiscard]] Result<Endpoint> default_endpoint(std::string_view region);

/// The address is 127.0.0.0/8 or ::1, or the name is localhost.
[[nodiscard]] bool is_loopback(const Endpoint& endpoint);

}  // namespace bao::native
