#include "core/aws/sigv4.hpp"

#include <array>
#include <utility>

#include "core/aws/calendar.hpp"

namespace bao::core {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view dynamodb_service = "dynamodb";
constexpr std::size_t day_size = 8;

void append_digits(std::string& out, std::int64_t value, int count) {
  std::string digits(static_cast<std::size_t>(count), '0');
  for (auto digit = digits.rbegin(); digit != digits.rend() && value > 0; ++digit, value /= 10) {
    *digit = static_cast<char>('0' + value % 10);
  }
  out.append(digits);
}

/// "20261123T200217Z"
std::string amz_date_text(std::int64_t wall_ms) {
  const CivilTime time = civil_time(wall_ms);
  std::string text;
  text.reserve(16);
  append_digits(text, time.year, 4);
  append_digits(text, time.month, 2);
  append_digits(text, time.day, 2);
  text.push_back('T');
  append_digits(text, time.hour, 2);
  append_digits(text, time.minute, 2);
  append_digits(text, time.second, 2);
  text.push_back('Z');
  return text;
}

void append_header_names(std::string& out, std::span<const SignedHeader> headers) {
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (i > 0) out.push_back(';');
    out.append(headers[i].name);
  }
}

void append_scope(std::string& out, const SigningScope& scope) {
  out.append(scope.amz_date.substr(0, day_size)).append("/").append(scope.region).append("/");
  out.append(scope.service).append("/aws4_request");
}

}  // namespace

Sha256Digest derive_signing_key(std::string_view secret_access_key, std::string_view day,
                                std::string_view region, std::string_view service) {
  const std::string secret = std::string("AWS4").append(secret_access_key);
  Sha256Digest key = HmacSha256(secret).mac(day);
  key = HmacSha256(key).mac(region);
  key = HmacSha256(key).mac(service);
  return HmacSha256(key).mac("aws4_request");
}

std::string canonical_request_text(const CanonicalRequest& request) {
  std::string text;
  text.reserve(512);
  text.append(request.method)
      .append("\n")
      .append(request.path)
      .append("\n")
      .append(request.query)
      .append("\n");
  for (const SignedHeader& header : request.headers) {
    text.append(header.name).append(":").append(header.value).append("\n");
  }
  text.append("\n");
  append_header_names(text, request.headers);
  text.append("\n");
  append_hex(text, request.payload_hash);
  return text;
}

std::string sign_request(const CanonicalRequest& request, const SigningScope& scope,
                         std::string_view access_key_id, const HmacSha256& key) {
  std::string to_sign;
  to_sign.reserve(192);
  to_sign.append(algorithm).append("\n").append(scope.amz_date).append("\n");
  append_scope(to_sign, scope);
  to_sign.append("\n");
  append_hex(to_sign, sha256(canonical_request_text(request)));

  std::string authorization;
  authorization.reserve(320);
  authorization.append(algorithm).append(" Credential=").append(access_key_id).append("/");
  append_scope(authorization, scope);
  authorization.append(", SignedHeaders=");
  append_header_names(authorization, request.headers);
  authorization.append(", Signature=");
  append_hex(authorization, key.mac(to_sign));
  return authorization;
}

Signer::Signer(std::string region, std::string host) : region_(std::move(region)), host_(std::move(host)) {}

void Signer::set_credentials(Credentials credentials) {
  credentials_ = std::move(credentials);
  key_day_.clear();
}

void Signer::sign(HttpRequest& request, std::int64_t wall_ms) {
  request.amz_date = amz_date_text(wall_ms);
  request.security_token = credentials_.session_token;
  const std::string_view day = std::string_view(request.amz_date).substr(0, day_size);
  if (day != key_day_) {
    key_ = HmacSha256(derive_signing_key(credentials_.secret_access_key, day, region_, dynamodb_service));
    key_day_ = day;
  }
  std::array<SignedHeader, 5> headers;
  std::size_t count = 0;
  headers[count++] = {"content-type", "application/x-amz-json-1.0"};
  headers[count++] = {"host", host_};
  headers[count++] = {"x-amz-date", request.amz_date};
  if (!request.security_token.empty()) headers[count++] = {"x-amz-security-token", request.security_token};
  headers[count++] = {"x-amz-target", api_target(request.operation)};
  const CanonicalRequest canonical{
      .method = "POST", .headers = std::span(headers).first(count), .payload_hash = sha256(request.body)};
  const SigningScope scope{.amz_date = request.amz_date, .region = region_, .service = dynamodb_service};
  request.authorization = sign_request(canonical, scope, credentials_.access_key_id, key_);
}

}  // namespace bao::core
