#include "native/credentials/remote_sources.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <utility>

#include "core/value/json_reader.hpp"
#include "native/credentials/fetch.hpp"
#include "native/http/endpoint.hpp"

namespace bao::native {
namespace {

constexpr std::int64_t agent_timeout_ms = 2'000;
/// Off EC2 the address leads nowhere: do not keep the caller waiting for long.
constexpr std::int64_t metadata_timeout_ms = 1'000;
constexpr std::int64_t sts_timeout_ms = 5'000;

std::unexpected<Error> source_error(const std::string& source, const std::string& why) {
  return std::unexpected(Error(ErrorCode::configuration, "AWS credentials from " + source + ": " + why));
}

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// The JSON that container agents and the metadata service give.
MaybeCredentials parse_credentials(const std::string& source, core::HttpResponse response) {
  if (response.status != 200) {
    return source_error(source, "it answered with status " + std::to_string(response.status));
  }
  core::Credentials credentials;
  std::string expiration;
  std::string code = "Success";
  core::JsonReader reader(response.body);
  reader.enter_object();
  std::string_view name;
  while (reader.next_member(name)) {
    std::string* wanted = name == "AccessKeyId"       ? &credentials.access_key_id
                          : name == "SecretAccessKey" ? &credentials.secret_access_key
                          : name == "Token"           ? &credentials.session_token
                          : name == "Expiration"      ? &expiration
                          : name == "Code"            ? &code
                                                      : nullptr;
    std::string_view value;
    if (wanted == nullptr || reader.peek() != core::JsonType::string) {
      reader.skip_value();
    } else if (reader.read_string(value)) {
      *wanted = value;
    }
  }
  if (!reader.finish()) return source_error(source, "its answer is not JSON: " + reader.error().to_string());
  if (code != "Success") return source_error(source, "it answered " + code);
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
    return source_error(source, "its answer holds no keys");
  }
  if (!expiration.empty()) {
    credentials.expires_at_ms = parse_iso_time_ms(expiration);
    if (!credentials.expires_at_ms)
      return source_error(source, "its Expiration '" + expiration + "' is no time");
  }
  return credentials;
}

bool may_receive_token(const Endpoint& endpoint) {
  return endpoint.kind == Endpoint::Kind::https || is_loopback(endpoint) ||
         endpoint.host == "169.254.170.2" || endpoint.host == "169.254.170.23" ||
         endpoint.host == "fd00:ec2::23";
}

/// The text of the first <tag> in an answer of STS; its values need no unescaping.
std::string xml_text(const std::string& xml, const std::string& tag) {
  const std::size_t begin = xml.find("<" + tag + ">");
  if (begin == std::string::npos) return {};
  const std::size_t start = begin + tag.size() + 2;
  const std::size_t end = xml.find("</" + tag + ">", start);
  return end == std::string::npos ? std::string() : xml.substr(start, end - start);
}

std::string form_encoded(const std::string& text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
        c == '_' || c == '~') {
      result += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      result += '%';
      result += digits[byte >> 4U];
      result += digits[byte & 15U];
    }
  }
  return result;
}

MaybeCredentials parse_sts(const std::string& source, const core::HttpResponse& response) {
  if (response.status != 200) {
    const std::string text = xml_text(response.body, "Message");
    return source_error(source, "STS answered with status " + std::to_string(response.status) +
                                    (text.empty() ? text : ": " + text.substr(0, 200)));
  }
  core::Credentials credentials{.access_key_id = xml_text(response.body, "AccessKeyId"),
                                .secret_access_key = xml_text(response.body, "SecretAccessKey"),
                                .session_token = xml_text(response.body, "SessionToken"),
                                .expires_at_ms = parse_iso_time_ms(xml_text(response.body, "Expiration"))};
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty() ||
      credentials.session_token.empty() || !credentials.expires_at_ms) {
    return source_error(source, "STS gave an answer without keys");
  }
  return credentials;
}

}  // namespace

std::optional<std::int64_t> parse_iso_time_ms(std::string_view text) {
  if (text.size() < 20 || text.back() != 'Z' || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
      text[13] != ':' || text[16] != ':' || (text.size() > 20 && text[19] != '.')) {
    return std::nullopt;
  }
  constexpr std::array<std::pair<std::size_t, std::size_t>, 6> places = {
      {{0, 4}, {5, 2}, {8, 2}, {11, 2}, {14, 2}, {17, 2}}};
  std::array<unsigned, 6> parts{};
  for (std::size_t i = 0; i < places.size(); ++i) {
    const char* begin = text.data() + places[i].first;
    const char* end = begin + places[i].second;
    if (const auto [stop, error] = std::from_chars(begin, end, parts[i]);
        error != std::errc{} || stop != end) {
      return std::nullopt;
    }
  }
  const std::chrono::year_month_day day{std::chrono::year(static_cast<int>(parts[0])),
                                        std::chrono::month(parts[1]), std::chrono::day(parts[2])};
  if (!day.ok() || parts[3] > 23 || parts[4] > 59 || parts[5] > 60) return std::nullopt;
  const std::chrono::milliseconds time = std::chrono::sys_days(day).time_since_epoch() +
                                         std::chrono::hours(parts[3]) + std::chrono::minutes(parts[4]) +
                                         std::chrono::seconds(parts[5]);
  return time.count();
}

Task<MaybeCredentials> container_credentials(boost::asio::any_io_executor executor,
                                             const Environment& environment) {
  const std::string source = "the container";
  FetchRequest request;
  request.method = "GET";
  request.timeout_ms = agent_timeout_ms;
  if (const auto path = environment.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
    request.url = "http://169.254.170.2" + *path;
  } else if (const auto url = environment.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
    request.url = *url;
  } else {
    co_return std::optional<core::Credentials>();
  }
  const Result<Endpoint> endpoint = parse_http_url(request.url);
  if (!endpoint) co_return std::unexpected(endpoint.error());
  if (!may_receive_token(*endpoint)) {
    co_return source_error(source,
                           "'" + request.url + "' is neither https nor the address of a container agent");
  }
  std::string token = environment.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or("");
  if (const auto path = environment.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
    const Result<std::optional<std::string>> text = environment.file(*path);
    if (!text) co_return std::unexpected(text.error());
    if (!*text) co_return source_error(source, "there is no token file '" + *path + "'");
    token = trimmed(**text);
  }
  if (!token.empty()) request.headers.push_back("Authorization: " + token);
  Result<core::HttpResponse> response = co_await fetch(std::move(executor), std::move(request));
  if (!response) co_return source_error(source, response.error().message());
  co_return parse_credentials(source, *std::move(response));
}

Task<MaybeCredentials> web_identity_credentials(boost::asio::any_io_executor executor,
                                                const Environment& environment, std::string region) {
  const std::string source = "a web identity";
  const auto path = environment.variable("AWS_WEB_IDENTITY_TOKEN_FILE");
  if (!path) co_return std::optional<core::Credentials>();
  const auto role = environment.variable("AWS_ROLE_ARN");
  if (!role) co_return source_error(source, "AWS_WEB_IDENTITY_TOKEN_FILE is set but AWS_ROLE_ARN is not");
  const Result<std::optional<std::string>> token = environment.file(*path);
  if (!token) co_return std::unexpected(token.error());
  if (!*token) co_return source_error(source, "there is no token file '" + *path + "'");
  const std::string session = environment.variable("AWS_ROLE_SESSION_NAME").value_or("dynamo-bao");
  FetchRequest request;
  request.method = "POST";
  request.timeout_ms = sts_timeout_ms;
  request.url = environment.variable("AWS_ENDPOINT_URL_STS")
                    .value_or("https://sts." + region + "." + std::string(aws_domain(region)));
  request.headers.emplace_back("Content-Type: application/x-www-form-urlencoded");
  request.body = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=" + form_encoded(*role) +
                 "&RoleSessionName=" + form_encoded(session) +
                 "&WebIdentityToken=" + form_encoded(trimmed(**token));
  const Result<core::HttpResponse> response = co_await fetch(std::move(executor), std::move(request));
  if (!response) co_return source_error(source, response.error().message());
  co_return parse_sts(source, *response);
}

Task<MaybeCredentials> instance_credentials(boost::asio::any_io_executor executor,
                                            const Environment& environment) {
  const std::string source = "EC2's metadata service";
  const std::optional<core::Credentials> none;
  if (environment.variable("AWS_EC2_METADATA_DISABLED").value_or("") == "true") co_return none;
  std::string base =
      environment.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT").value_or("http://169.254.169.254");
  while (base.ends_with('/')) base.pop_back();
  FetchRequest request;
  request.method = "PUT";
  request.url = base + "/latest/api/token";
  request.headers.emplace_back("X-aws-ec2-metadata-token-ttl-seconds: 21600");
  request.timeout_ms = metadata_timeout_ms;
  const Result<core::HttpResponse> token = co_await fetch(executor, std::move(request));
  if (!token && token.error().code() == ErrorCode::transport) co_return none;
  if (!token) co_return std::unexpected(token.error());
  if (token->status != 200) {
    co_return source_error(source, "it gave no token but status " + std::to_string(token->status));
  }
  const std::string header = "X-aws-ec2-metadata-token: " + trimmed(token->body);
  const std::string folder = base + "/latest/meta-data/iam/security-credentials/";
  FetchRequest role_request;
  role_request.method = "GET";
  role_request.url = folder;
  role_request.headers.push_back(header);
  role_request.timeout_ms = metadata_timeout_ms;
  const Result<core::HttpResponse> role = co_await fetch(executor, std::move(role_request));
  if (!role) co_return source_error(source, role.error().message());
  if (role->status == 404) co_return none;  // an instance without a role
  const std::string role_name = trimmed(role->body.substr(0, role->body.find('\n')));
  if (role->status != 200 || role_name.empty()) {
    co_return source_error(source, "it named no role but gave status " + std::to_string(role->status));
  }
  FetchRequest keys_request;
  keys_request.method = "GET";
  keys_request.url = folder + role_name;
  keys_request.headers.push_back(header);
  keys_request.timeout_ms = metadata_timeout_ms;
  Result<core::HttpResponse> keys = co_await fetch(executor, std::move(keys_request));
  if (!keys) co_return source_error(source, keys.error().message());
  co_return parse_credentials(source, *std::move(keys));
}

}  // namespace bao::native
