// Short links behind an API Gateway HTTP API (payload version 2.0) or a function URL:
//   POST /links {"code": "docs", "url": "https://..."}   GET /links?codes=docs,blog   GET /docs: a redirect,
//   counted

#include <bao/bao.hpp>
#include <boost/asio/system_timer.hpp>
#include <boost/json/src.hpp>  // Boost.JSON itself: in one source file of a program, and there is no library to link
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <models/models.hpp>
#include <ranges>
#include <stdexcept>
#include <stop_token>
#include <utility>

#include "runtime.hpp"

namespace {

namespace json = boost::json;
using bao::Task;
using models::Link;
using namespace std::chrono_literals;

/// The event is none of an HTTP API: whoever invokes the function is set up wrongly.
struct BadEvent : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// The event is fine, and what the client sent is not.
struct BadRequest : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// ---- Events and answers of an HTTP API

struct Request {
  std::string method;
  std::string path;
  json::object query;
  std::string body;
};

std::string decode_base64(std::string_view text) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned held = 0;
  int bits = 0;
  for (const char letter : text.substr(0, text.find('='))) {
    const std::size_t digit = digits.find(letter);
    if (digit == std::string_view::npos) throw BadEvent("the event's body is not base64");
    held = held << 6U | static_cast<unsigned>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<char>(held >> bits & 0xffU));
  }
  return bytes;
}

Request parse_event(const std::string& text) {
  try {
    const json::value event = json::parse(text);
    const json::value& http = event.at("requestContext").at("http");
    Request request{.method = std::string(http.at("method").as_string()),
                    .path = std::string(event.at("rawPath").as_string()),
                    .query = {},
                    .body = {}};
    const json::object& members = event.as_object();
    if (const json::value* query = members.if_contains("queryStringParameters"))
      request.query = query->as_object();
    if (const json::value* body = members.if_contains("body")) request.body = body->as_string();
    const json::value* encoded = members.if_contains("isBase64Encoded");
    if (encoded != nullptr && encoded->as_bool()) request.body = decode_base64(request.body);
    return request;
  } catch (const BadEvent&) {
    throw;
  } catch (const std::exception& error) {  // of Boost.JSON: not JSON, not there, of another type
    throw BadEvent(std::string("not an event of an HTTP API, payload version 2.0: ") + error.what());
  }
}

json::value respond(int status, const json::value& body, json::object headers = {}) {
  headers["content-type"] = "application/json";
  return {{"statusCode", status}, {"headers", std::move(headers)}, {"body", json::serialize(body)}};
}

json::value problem(int status, std::string_view message, json::object headers = {}) {
  return respond(status, {{"error", message}}, std::move(headers));
}

// ---- What the function does

json::object to_json(const Link& link) {
  return {{"code", *link->code}, {"url", *link->url}, {"visits", *link->visits}};
}

std::string text_of(const json::object& body, std::string_view name) {
  const json::value* value = body.if_contains(name);
  if (value == nullptr || !value->is_string()) throw BadRequest(std::string(name) + " must be a string");
  return std::string(value->get_string());
}

Task<json::value> create_link(const Request& request) {
  boost::system::error_code error;
  const json::value body = json::parse(request.body, error);
  if (error || !body.is_object()) throw BadRequest("the body must be a JSON object");
  const json::object& members = body.get_object();
  const std::string code = text_of(members, "code");
  if (code == "links" || code.find_first_of("/,") != std::string::npos)
    throw BadRequest("this code cannot be had");
  const Link link = co_await Link::create({.code = code, .url = text_of(members, "url")});
  co_return respond(201, to_json(link));
}

/// The finds of one invocation leave together, as one BatchGetItem.
Task<json::value> show_links(const Request& request) {
  const std::string codes = text_of(request.query, "codes");
  std::vector<decltype(Link::find(""))> finds;
  for (const auto code : codes | std::views::split(',')) finds.push_back(Link::find(std::string_view(code)));
  if (finds.size() > 100) throw BadRequest("ask for 100 codes at the most");
  json::array items;
  for (const Link& link : co_await bao::all(std::move(finds))) {
    items.push_back(link.exists() ? json::value(to_json(link)) : json::value());
  }
  co_return respond(200, std::move(items));
}

/// One UpdateItem counts the visit and gives the address; ItemNotFoundError where there is no such link.
Task<json::value> follow(std::string code) {
  const Link link = co_await Link::update(code, {.visits = bao::increment()});
  co_return respond(302, nullptr, {{"location", *link->url}});
}

Task<json::value> route(const Request& request) {
  if (request.path == "/links" && request.method == "POST") co_return co_await create_link(request);
  if (request.path == "/links" && request.method == "GET") co_return co_await show_links(request);
  if (request.path.size() > 1 && request.method == "GET") co_return co_await follow(request.path.substr(1));
  co_return problem(404, "there is nothing here");
}

/// What is the client's mistake, or passes, gets an HTTP status. Everything else is an error of the function.
Task<json::value> answer(const Request& request) {
  try {
    co_return co_await route(request);
  } catch (const BadRequest& error) {
    co_return problem(400, error.what());
  } catch (const bao::ValidationError& error) {
    co_return problem(400, error.what());
  } catch (const bao::ItemNotFoundError&) {
    co_return problem(404, "there is no such link");
  } catch (const bao::ConditionalError& error) {
    co_return problem(409, error.what());
  } catch (const bao::ThrottlingError&) {
    co_return problem(503, "the service is busy, try again", {{"retry-after", "1"}});
  }
}

/// Runs `function`, and shortly before the deadline asks all that it still waits for to stop
/// (CancelledError): so it is this function that reports, and not Lambda that kills it.
template <class Function>
auto run_until(bao::Client& client, std::chrono::system_clock::time_point deadline, Function function)
    -> std::invoke_result_t<Function&> {
  constexpr auto time_to_report = 100ms;
  std::stop_source stop;
  boost::asio::system_timer timer(client.io_context(), deadline - time_to_report);
  timer.async_wait([stop](boost::system::error_code error) mutable {
    if (!error) stop.request_stop();
  });
  bao::Context context = co_await bao::this_context();
  context.stop = stop.get_token();
  co_return co_await bao::with_context(std::move(context), std::move(function));
}

std::string handle(bao::Client& client, const lambda::Invocation& invocation) {
  const Request request = parse_event(invocation.event);
  return json::serialize(bao::sync_wait(client, run_until(client, invocation.deadline, [&] {
                                          return bao::run_with_batch_context([&] { return answer(request); });
                                        })));
}

bao::Client connect() {
  // Region, credentials and TABLE_NAME are in a function's environment. The OpenSSL inside of this program is
  // Debian's and looks for certificates where Debian has them; Amazon Linux has them here.
  const std::string certificates = "/etc/pki/tls/certs/ca-bundle.crt";
  return bao::init_models(
      {.models = models::all(),
       .timeouts = {.call_ms = 10'000, .attempt_ms = 2'000},
       .connections = {.ca_file = std::filesystem::exists(certificates) ? certificates : ""}});
}

int run(lambda::Runtime& runtime) {
  std::optional<bao::Client> client;
  try {
    client = connect();  // once: its connections serve all invocations of this process
  } catch (const std::exception& error) {
    runtime.fail_to_start("ConfigurationError", error.what());
    return 1;
  }
  for (;;) {
    const lambda::Invocation invocation = runtime.next();
    std::string answered;
    try {
      answered = handle(*client, invocation);
    } catch (const BadEvent& error) {
      runtime.fail(invocation, "BadEvent", error.what());
      continue;
    } catch (const bao::CancelledError&) {
      runtime.fail(invocation, "DeadlineExceeded", "the deadline of the invocation came before the answer");
      continue;
    } catch (const bao::BaoError& error) {
      runtime.fail(invocation, bao::error_class_name(error.code()), error.what());
      continue;
    } catch (const std::exception& error) {
      runtime.fail(invocation, "Error", error.what());
      continue;
    }
    runtime.succeed(invocation, answered);
  }
}

}  // namespace

int main() {
  const char* address = std::getenv("AWS_LAMBDA_RUNTIME_API");
  if (address == nullptr) {
    std::fprintf(
        stderr,
        "bootstrap: AWS_LAMBDA_RUNTIME_API is not set: Lambda starts this program, or local_runtime.mjs\n");
    return 2;
  }
  try {
    lambda::Runtime runtime(address);
    return run(runtime);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bootstrap: %s\n", error.what());
    return 1;
  }
}
