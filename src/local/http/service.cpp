#include "local/http/service.hpp"

#include <algorithm>

namespace bao::local {

namespace {

constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::string_view target_prefix = "DynamoDB_20120810.";
constexpr std::string_view missing_token =
    R"({"__type":"com.amazon.coral.service#MissingAuthenticationTokenException",)"
    R"("message":"Request is missing Authentication Token"})";
constexpr std::string_view unknown_operation =
    R"({"__type":"com.amazon.coral.service#UnknownOperationException"})";

/// The answer's type is the request's: SDKs send amz-json, some tools plain JSON.
std::string_view answer_type(std::string_view request_type) {
  return request_type.starts_with("application/json") ? "application/json" : "application/x-amz-json-1.0";
}

}  // namespace

bool OriginRule::allows(std::string_view origin) const {
  return std::ranges::any_of(allowed,
                             [origin](const std::string& one) { return one == "*" || one == origin; });
}

Service::Fate Service::answer(const RequestHead& head, std::string_view body, bool keep_alive,
                              std::string& out) {
  if (head.method == RequestHead::Method::head) {
    RequestHead get = head;
    get.method = RequestHead::Method::get;
    std::string whole;
    const Fate fate = answer(get, body, keep_alive, whole);
    out.append(whole, 0, whole.find(head_end) + head_end.size());
    return fate;
  }
  if (!head.origin.empty() && !origins_.allows(head.origin)) {
    answer_text(403, "requests from web pages are refused; allow an origin with --allow-origin\n", keep_alive,
                out);
    return {};
  }
  if (head.path != "/" && !head.path.starts_with("/?")) {
    answer_text(404, "the only path is /\n", keep_alive, out);
    return {};
  }
  switch (head.method) {
    case RequestHead::Method::post:
      return answer_api(head, body, keep_alive, out);
    case RequestHead::Method::get:
      answer_text(200, "healthy: bao local\n", keep_alive, out);
      return {};
    case RequestHead::Method::options:
      answer_preflight(head, keep_alive, out);
      return {};
    case RequestHead::Method::head:
    case RequestHead::Method::other:
      answer_text(405, "the methods are POST, GET, HEAD and OPTIONS\n", keep_alive, out,
                  "Allow: POST, GET, HEAD, OPTIONS\r\n");
      return {};
  }
  return {};
}

void Service::refuse(int status, std::string_view message, std::string& out) {
  answer_text(status, message, false, out);
}

Service::Fate Service::answer_api(const RequestHead& head, std::string_view body, bool keep_alive,
                                  std::string& out) {
  AnswerHeads::Parts parts{.content_type = answer_type(head.content_type), .keep_alive = keep_alive};
  std::string more_headers;
  if (!head.origin.empty()) {
    more_headers = cross_origin_headers(head);
    parts.more_headers = more_headers;
  }
  Answer answer;
  if (!head.api_target.starts_with(target_prefix)) {
    answer = {.status = 400, .body = std::string(unknown_operation)};
  } else if (!head.has_authorization) {
    answer = {.status = 400, .body = std::string(missing_token)};
  } else {
    answer = engine_.handle(head.api_target.substr(target_prefix.size()), std::string(body));
  }
  const Fate fate{answer.delay_ms, answer.dropped};
  if (fate.dropped) return fate;
  parts.status = answer.status;
  parts.body = answer.body;
  heads_.append(out, parts);
  out += answer.body;
  return fate;
}

void Service::answer_text(int status, std::string_view message, bool keep_alive, std::string& out,
                          std::string_view more_headers) {
  heads_.append(out, {.status = status,
                      .content_type = "text/plain",
                      .body = message,
                      .more_headers = more_headers,
                      .keep_alive = keep_alive,
                      .api = false});
  out += message;
}

void Service::answer_preflight(const RequestHead& head, bool keep_alive, std::string& out) {
  std::string headers;
  if (!head.origin.empty()) {
    headers = cross_origin_headers(head);
    headers += "Access-Control-Allow-Methods: POST, GET, OPTIONS\r\nAccess-Control-Max-Age: 600\r\n";
    if (!head.requested_headers.empty()) {
      headers += "Access-Control-Allow-Headers: ";
      headers += head.requested_headers;
      headers += "\r\n";
    }
  }
  heads_.append(out, {.content_type = "text/plain",
                      .body = {},
                      .more_headers = headers,
                      .keep_alive = keep_alive,
                      .api = false});
}

std::string Service::cross_origin_headers(const RequestHead& head) const {
  std::string headers = "Access-Control-Allow-Origin: ";
  headers += head.origin;
  headers += "\r\nAccess-Control-Expose-Headers: x-amzn-RequestId, x-amz-crc32, Date\r\nVary: Origin\r\n";
  return headers;
}

}  // namespace bao::local
