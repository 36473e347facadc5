#include "runtime.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace lambda {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

namespace {

constexpr std::uint64_t event_bytes_max =
    16 * 1024 * 1024;  // events have 6 MB, and Lambda may escape characters

using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

std::string error_json(const std::string& type, const std::string& message) {
  return boost::json::serialize(boost::json::object{
      {"errorType", type}, {"errorMessage", message}, {"stackTrace", boost::json::array()}});
}

std::string header(const Response& response, const char* name) {
  const auto found = response.find(name);
  if (found == response.end()) throw std::runtime_error(std::string("the Runtime API sent no ") + name);
  return found->value();
}

}  // namespace

/// One connection that is kept, and made anew where the other side has closed it in between.
class Runtime::Connection {
 public:
  explicit Connection(const std::string& address)
      : host_(address.substr(0, address.rfind(':'))),
        port_(address.substr(address.rfind(':') + 1)),
        socket_(io_) {}

  Response get(const std::string& path) { return exchange(Request(http::verb::get, path, 11)); }

  void post(const std::string& path, const std::string& json, const std::string& error_type = {}) {
    Request request(http::verb::post, path, 11, json);
    request.set(http::field::content_type, "application/json");
    if (!error_type.empty()) request.set("Lambda-Runtime-Function-Error-Type", error_type);
    exchange(std::move(request));
  }

 private:
  Response exchange(Request request) {
    request.target("/2018-06-01/runtime/" + std::string(request.target()));
    request.set(http::field::host, host_ + ":" + port_);
    request.prepare_payload();
    Response response;
    const bool kept = socket_.is_open();
    beast::error_code error = try_exchange(request, response);
    if (error && kept) error = try_exchange(request, response);
    if (error) throw std::runtime_error("the Runtime API does not answer: " + error.message());
    if (response.result_int() >= 300) {
      throw std::runtime_error("the Runtime API answered " + std::to_string(response.result_int()) + ": " +
                               response.body());
    }
    return response;
  }

  /// Leaves the socket closed where it fails.
  beast::error_code try_exchange(const Request& request, Response& response) {
    beast::error_code error;
    if (!socket_.is_open()) {
      tcp::resolver resolver(io_);
      const auto addresses = resolver.resolve(host_, port_, error);
      if (!error) asio::connect(socket_, addresses, error);
      if (!error) socket_.set_option(tcp::no_delay(true), error);
    }
    http::response_parser<http::string_body> parser;
    parser.body_limit(event_bytes_max);
    beast::flat_buffer buffer;
    if (!error) http::write(socket_, request, error);
    if (!error) http::read(socket_, buffer, parser, error);
    if (error || !parser.keep_alive()) socket_.close();
    if (!error) response = parser.release();
    return error;
  }

  std::string host_;
  std::string port_;
  asio::io_context io_;
  tcp::socket socket_;
};

Runtime::Runtime(const std::string& address) : connection_(std::make_unique<Connection>(address)) {}
Runtime::~Runtime() = default;

Invocation Runtime::next() {
  Response response = connection_->get("invocation/next");
  // AWS's libraries read it where they trace what a function calls.
  const auto trace = response.find("Lambda-Runtime-Trace-Id");
  if (trace != response.end()) ::setenv("_X_AMZN_TRACE_ID", std::string(trace->value()).c_str(), 1);
  const std::chrono::milliseconds deadline(std::stoll(header(response, "Lambda-Runtime-Deadline-Ms")));
  return {.id = header(response, "Lambda-Runtime-Aws-Request-Id"),
          .event = std::move(response.body()),
          .deadline = std::chrono::system_clock::time_point(deadline)};
}

void Runtime::succeed(const Invocation& invocation, const std::string& json) {
  connection_->post("invocation/" + invocation.id + "/response", json);
}

void Runtime::fail(const Invocation& invocation, const std::string& type, const std::string& message) {
  connection_->post("invocation/" + invocation.id + "/error", error_json(type, message), type);
}

void Runtime::fail_to_start(const std::string& type, const std::string& message) {
  connection_->post("init/error", error_json(type, message), type);
}

}  // namespace lambda
