#include "native/http/endpoint.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace bao::native {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::unexpected<Error> bad_url(std::string_view text, std::string_view why) {
  std::string shown(text.substr(0, 100));
  ErrorDetails details{.message = "endpoint '" + shown + "' " + std::string(why), .value = shown};
  return std::unexpected(Error(ErrorCode::configuration, std::move(details)));
}

bool is_host_character(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_address_character(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'f') || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

bool is_path_character(char c) {
  return c > ' ' && c < '\x7f' && c != '#';
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

struct Authority {
  std::string host;
  std::string_view port;  ///< empty: none was written
  bool bracketed = false;
};

/// Splits "host", "host:port", "[address]" and "[address]:port".
Result<Authority> split_authority(std::string_view text, std::string_view authority) {
  if (authority.find('@') != std::string_view::npos) return bad_url(text, "must not hold a user name");
  Authority parts;
  std::string_view rest;
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return bad_url(text, "has a bracket that is not closed");
    parts.host = authority.substr(1, close - 1);
    parts.bracketed = true;
    rest = authority.substr(close + 1);
    if (parts.host.find(':') == std::string::npos || !std::ranges::all_of(parts.host, is_address_character)) {
      return bad_url(text, "has something else than an IPv6 address in brackets");
    }
  } else {
    const std::size_t colon = authority.find(':');
    parts.host = authority.substr(0, colon);
    rest = colon == std::string_view::npos ? std::string_view() : authority.substr(colon);
    if (parts.host.empty()) return bad_url(text, "has no host name");
    if (!std::ranges::all_of(parts.host, is_host_character)) {
      return bad_url(text, "has a host name with a character that names cannot have");
    }
  }
  std::ranges::transform(parts.host, parts.host.begin(), lower);
  if (!rest.empty()) {
    if (!rest.starts_with(':')) return bad_url(text, "has text between the address and the port");
    parts.port = rest.substr(1);
    if (!parse_port(parts.port)) return bad_url(text, "has a port that is not a number from 1 to 65535");
  }
  return parts;
}

bool starts_with_scheme(std::string_view text, std::string_view scheme) {
  return text.size() >= scheme.size() &&
         std::ranges::equal(text.substr(0, scheme.size()), scheme, {}, lower, lower);
}

}  // namespace

Result<Endpoint> parse_http_url(std::string_view text) {
  Endpoint endpoint;
  std::string_view rest;
  if (starts_with_scheme(text, "https://")) {
    endpoint.kind = Endpoint::Kind::https;
    rest = text.substr(8);
  } else if (starts_with_scheme(text, "http://")) {
    endpoint.kind = Endpoint::Kind::http;
    rest = text.substr(7);
  } else {
    return bad_url(text, "must start with https:// or http://");
  }
  const std::size_t path = rest.find_first_of("/?#");
  Result<Authority> authority = split_authority(text, rest.substr(0, path));
  if (!authority) return std::unexpected(authority.error());
  if (path != std::string_view::npos) {
    endpoint.path = rest.substr(path);
    if (!std::ranges::all_of(endpoint.path, is_path_character)) {
      return bad_url(text, "has a path with a fragment or a character that must be encoded");
    }
    if (!endpoint.path.starts_with('/')) endpoint.path.insert(0, 1, '/');
  }
  const std::uint16_t default_port = endpoint.kind == Endpoint::Kind::https ? 443 : 80;
  endpoint.port = authority->port.empty() ? default_port : *parse_port(authority->port);
  endpoint.host = std::move(authority->host);
  endpoint.host_header = authority->bracketed ? "[" + endpoint.host + "]" : endpoint.host;
  if (endpoint.port != default_port) endpoint.host_header += ":" + std::to_string(endpoint.port);
  return endpoint;
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  if (text == "memory:") {
    return Endpoint{.kind = Endpoint::Kind::memory, .host = {}, .port = 0, .host_header = "memory"};
  }
  if (text.starts_with("memory:")) return bad_url(text, "must have nothing after 'memory:'");
  if (text.starts_with("file:")) {
    std::string path(text.substr(5));
    if (path.empty()) return bad_url(text, "must name a file behind 'file:'");
    return Endpoint{
        .kind = Endpoint::Kind::file, .host = {}, .port = 0, .host_header = "file", .path = std::move(path)};
  }
  if (!starts_with_scheme(text, "https://") && !starts_with_scheme(text, "http://")) {
    return bad_url(text, "must be https://HOST, http://HOST, memory: or file:PATH");
  }
  Result<Endpoint> endpoint = parse_http_url(text);
  if (endpoint && endpoint->path != "/") return bad_url(text, "must not have a path");
  return endpoint;
}

std::string_view aws_domain(std::string_view region) {
  // partitions.json of AWS's SDKs; npm/src/face/config.ts has them too.
  struct Partition {
    std::string_view regions;  ///< what the names begin with
    std::string_view domain;
  };
  constexpr std::array partitions = {
      Partition{"cn-", "amazonaws.com.cn"},    Partition{"eusc-", "amazonaws.eu"},
      Partition{"us-iso-", "c2s.ic.gov"},      Partition{"us-isob-", "sc2s.sgov.gov"},
      Partition{"eu-isoe-", "cloud.adc-e.uk"}, Partition{"us-isof-", "csp.hci.ic.gov"}};
  const auto* const found = std::ranges::find_if(
      partitions, [region](const Partition& partition) { return region.starts_with(partition.regions); });
  return found == partitions.end() ? "amazonaws.com" : found->domain;
}

Result<Endpoint> default_endpoint(std::string_view region) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  if (region.empty() || region.size() > 63 || !std::ranges::all_of(region, fits)) {
    const std::string shown(region.substr(0, 100));
    return std::unexpected(Error(
        ErrorCode::configuration,
        ErrorDetails{.message = "region '" + shown + "' is not the name of an AWS region", .value = shown}));
  }
  return parse_endpoint("https://dynamodb." + std::string(region) + "." + std::string(aws_domain(region)));
}

bool is_loopback(const Endpoint& endpoint) {
  if (endpoint.host == "localhost" || endpoint.host == "::1") return true;
  return endpoint.host.starts_with("127.") &&
         std::ranges::all_of(endpoint.host, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

}  // namespace bao::native
