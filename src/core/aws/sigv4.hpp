#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/aws/sha256.hpp"
#include "core/request/http.hpp"

namespace bao::core {

/// AWS credentials; `expires_at_ms` (wall clock) where they are temporary and the source said so.
struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;
  std::optional<std::int64_t> expires_at_ms;
};

/// Signs DynamoDB requests with AWS Signature Version 4. Keeps the derived key for (secret, day, region).
class Signer {
 public:
  /// `host` is the Host header's value, port included where the endpoint has one that is not the default.
  Signer(std::string region, std::string host);

  void set_credentials(Credentials credentials);

  /// Fills amz_date, authorization and security_token of the request. Signed headers: content-type, host,
  /// x-amz-date, x-amz-security-token where there is one, x-amz-target.
  void sign(HttpRequest& request, std::int64_t wall_ms);

 private:
  std::string region_;
  std::string host_;
  Credentials credentials_;
  std::int64_t second_ = 0;  ///< since the epoch; what amz_date_ tells
  std::string amz_date_;     ///< empty: none yet
  std::string key_day_;      ///< "20261123"; empty: key_ is not derived yet
  HmacSha256 key_{std::string_view()};
};

// The parts of the signature process, as its documentation names them.

struct SignedHeader {
  std::string_view name;   ///< lower case
  std::string_view value;  ///< trimmed, inner runs of spaces collapsed
};

struct SigningScope {
  std::string_view amz_date;  ///< "20150830T123600Z"; its first 8 characters are the day
  std::string_view region;
  std::string_view service;
};

struct CanonicalRequest {
  std::string_view method;
  std::string_view path = "/";            ///< URI-encoded
  std::string_view query;                 ///< encoded and sorted
  std::span<const SignedHeader> headers;  ///< sorted by name
  Sha256Digest payload_hash{};
};

/// The key that signs the requests of one day in one region to one service.
[[nodiscard]] Sha256Digest derive_signing_key(std::string_view secret_access_key, std::string_view day,
                                              std::string_view region, std::string_view service);

[[nodiscard]] std::string canonical_request_text(const CanonicalRequest& request);

/// The Authorization header. `key` is made of the derived key for the scope.
[[nodiscard]] std::string sign_request(const CanonicalRequest& request, const SigningScope& scope,
                                       std::string_view access_key_id, const HmacSha256& key);

}  // namespace bao::core
