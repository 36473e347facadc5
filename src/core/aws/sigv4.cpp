#include "core/aws/sigv4.hpp"

#include <array>
#include <utility>

#include "core/aws/calendar.hpp"

namespace bao::core {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view dynamodb_service = "dynamodb";
constexpr std::size_t day_size = 8;

/// "20261123T200217Z"
std::string amz_date_text(std::int64_t wall_ms) {
  const CivilTime time = civil_time(wall_ms);
  std::string text = "00000000T000000Z";
  const auto put = [&text](std::size_t begin, std::size_t end, std::int64_t value) {
    for (; end > begin && value > 0; value /= 10) text[--end] = static_cast<char>('0' + value % 10);
  };
  put(0, 4, time.year);
  put(4, 6, time.month);
  put(6, 8, time.day);
  put(9, 11, time.hour);
  put(11, 13, time.minute);
  put(13, 15, time.second);
  return text;
}

void append_header_names(std::string& out, std::span<const SignedHeader> headers) {
  for (const SignedHeader& header : headers) {
    if (&header != headers.data()) out.push_back(';');
    out.append(header.name);
  }
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
  for (const std::string_view line : {request.method, request.path, request.query}) {
    text.append(line);
    text.push_back('\n');
  }
  for (const SignedHeader& header : request.headers) {
    text.append(header.name);
    text.push_back(':');
    text.append(header.value);
    text.push_back('\n');
  }
  text.push_back('\n');
  append_header_names(text, request.headers);
  text.push_back('\n');
  append_hex(text, request.payload_hash);
  return text;
}

std::string sign_request(const CanonicalRequest& request, const SigningScope& scope,
                         std::string_view access_key_id, const HmacSha256& key) {
  std::string authorization;
  authorization.reserve(320);
  authorization.append(algorithm).append(" Credential=").append(access_key_id);
  authorization.push_back('/');
  const std::size_t scope_begin = authorization.size();
  authorization.append(scope.amz_date.substr(0, day_size));
  for (const std::string_view part : {scope.region, scope.service, std::string_view("aws4_request")}) {
    authorization.push_back('/');
    authorization.append(part);
  }
  const std::size_t scope_end = authorization.size();
  authorization.append(", SignedHeaders=");
  append_header_names(authorization, request.headers);
  authorization.append(", Signature=");

  std::string text = canonical_request_text(request);
  const Sha256Digest request_hash = sha256(text);
  text.assign(algorithm);  // now the string to sign, which is shorter
  for (const std::string_view line :
       {scope.amz_date, std::string_view(authorization).substr(scope_begin, scope_end - scope_begin)}) {
    text.push_back('\n');
    text.append(line);
  }
  text.push_back('\n');
  append_hex(text, request_hash);
  append_hex(authorization, key.mac(text));
  return authorization;
}

Signer::Signer(std::string region, std::string host) : region_(std::move(region)), host_(std::move(host)) {}

void Signer::set_credentials(Credentials credentials) {
  credentials_ = std::move(credentials);
  key_day_.clear();
}

void Signer::sign(HttpRequest& request, std::int64_t wall_ms) {
  if (const std::int64_t second = wall_ms / 1000; second != second_ || amz_date_.empty()) {
    amz_date_ = amz_date_text(wall_ms);
    second_ = second;
  }
  request.amz_date = amz_date_;
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
