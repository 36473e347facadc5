#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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

  /// Fills amz_date, authorization and security_token of the request.
  void sign(HttpRequest& request, std::int64_t wall_ms);

 private:
  std::string region_;
  std::string host_;
  Credentials credentials_;
  std::string key_day_;
  std::array<std::byte, 32> key_{};
};

}  // namespace bao::core
