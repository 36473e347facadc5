// HTTP/1.1 by Boost.Beast, one coroutine for each connection, all on one thread: the work is in DynamoDB, and
// what one request waits for, others use. For more cores start more processes, or a thread with an io_context
// and a client for each.

#include <bao/asio.hpp>
#include <bao/bao.hpp>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <set>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "service.hpp"

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using namespace std::chrono_literals;

constexpr auto idle_timeout = 75s;   // between requests; load balancers keep connections for 60 s
constexpr auto read_timeout = 10s;   // for the head of a request that has begun, and then for its body
constexpr auto write_timeout = 30s;  // for a client that takes its answer slowly
constexpr auto grace = 10s;          // at the end, for requests under way
constexpr std::size_t head_bytes_max = 8 * 1024;
constexpr std::size_t body_bytes_max = 64 * 1024;
constexpr std::size_t connections_max = 1000;

const auto quietly = asio::as_tuple(asio::use_awaitable);  // gives (error code, result) in place of throwing

class Server {
 public:
  Server(asio::io_context& io, bao::Client& client, const tcp::endpoint& where)
      : io_(io), client_(client), acceptor_(io, where), end_(io) {
    asio::co_spawn(io_, accept(), asio::detached);
  }

  [[nodiscard]] tcp::endpoint address() const { return acceptor_.local_endpoint(); }

  /// Takes no more requests; those that have begun are answered, then run() ends.
  void stop() {
    stopping_ = true;
    acceptor_.close();
    for (const auto& connection : connections_) {
      if (!connection->busy) connection->stream.cancel();
    }
    end_.expires_after(connections_.empty() ? 0s : grace);
    end_.async_wait([this](beast::error_code) { io_.stop(); });
  }

 private:
  struct Connection {
    beast::tcp_stream stream;
    bool busy = false;  // a request has begun and is not answered yet
  };

  asio::awaitable<void> accept() {
    while (acceptor_.is_open()) {
      auto [error, socket] = co_await acceptor_.async_accept(quietly);
      if (error == asio::error::no_descriptors) {  // others will close theirs
        asio::steady_timer pause(io_, 100ms);
        co_await pause.async_wait(quietly);
      }
      if (error || connections_.size() >= connections_max) continue;
      auto connection = std::make_shared<Connection>(beast::tcp_stream(std::move(socket)));
      connections_.insert(connection);
      asio::co_spawn(io_, serve(connection), [this, connection](std::exception_ptr) {
        connections_.erase(connection);
        if (stopping_ && connections_.empty()) io_.stop();
      });
    }
  }

  asio::awaitable<void> serve(std::shared_ptr<Connection> connection) {
    beast::tcp_stream& stream = connection->stream;
    beast::flat_buffer buffer(head_bytes_max + body_bytes_max);
    for (bool keep = true; keep && !stopping_; connection->busy = false) {
      beast::error_code error;
      if (buffer.size() == 0) {
        std::size_t received = 0;
        stream.expires_after(idle_timeout);
        std::tie(error, received) = co_await stream.async_read_some(buffer.prepare(4096), quietly);
        if (error) co_return;
        buffer.commit(received);
      }
      connection->busy = true;
      http::request_parser<http::string_body> parser;
      parser.header_limit(head_bytes_max);
      parser.body_limit(body_bytes_max);
      stream.expires_after(read_timeout);
      std::tie(error, std::ignore) = co_await http::async_read_header(stream, buffer, parser, quietly);
      if (!error) {
        stream.expires_after(read_timeout);
        std::tie(error, std::ignore) = co_await http::async_read(stream, buffer, parser, quietly);
      }
      notes::Response response;
      if (!error) {
        response = co_await answer(parser.get());
      } else if (const int status = status_of(error); status != 0) {
        response = notes::problem(status, error.message());
      } else {
        co_return;  // the client went away, or said nothing for too long
      }
      keep = !error && !stopping_ && parser.keep_alive();
      http::response<http::string_body> message =
          make_message(std::move(response), parser.get().version(), keep);
      stream.expires_after(write_timeout);
      std::tie(error, std::ignore) = co_await http::async_write(stream, message, quietly);
      if (error) co_return;
    }
    co_await say_goodbye(stream);
  }

  /// A client that is still sending would lose the answer if the socket were just closed.
  static asio::awaitable<void> say_goodbye(beast::tcp_stream& stream) {
    beast::error_code error;
    stream.socket().shutdown(tcp::socket::shutdown_send, error);
    char rest[4096];
    stream.expires_after(1s);
    while (!error)
      std::tie(error, std::ignore) = co_await stream.async_read_some(asio::buffer(rest), quietly);
  }

  asio::awaitable<notes::Response> answer(http::request<http::string_body>& request) {
    // A service with users to tell apart would take the tenant from the token that it has checked.
    const auto tenant = request.find("Tenant");
    notes::Request asked{.method = std::string(request.method_string()),
                         .target = std::string(request.target()),
                         .tenant = tenant == request.end() ? "public" : std::string(tenant->value()),
                         .body = std::move(request.body())};
    co_return co_await bao::async_run(client_, notes::answer(std::move(asked)), asio::use_awaitable);
  }

  static int status_of(beast::error_code error) {
    if (error == http::error::body_limit) return 413;
    if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
    if (error == http::error::end_of_stream || error == http::error::partial_message) return 0;
    return error.category() == http::make_error_code(http::error::bad_method).category() ? 400 : 0;
  }

  static http::response<http::string_body> make_message(notes::Response response, unsigned version,
                                                        bool keep) {
    http::response<http::string_body> message(static_cast<http::status>(response.status), version);
    if (!response.body.empty()) message.set(http::field::content_type, "application/json");
    if (response.retry_after_s > 0)
      message.set(http::field::retry_after, std::to_string(response.retry_after_s));
    char consumed[64];
    std::snprintf(consumed, sizeof consumed, "read=%g write=%g", response.consumed.read,
                  response.consumed.write);
    message.set("Consumed-Capacity", consumed);
    message.body() = std::move(response.body);
    message.keep_alive(keep);
    if (response.status != 204) message.prepare_payload();  // a 204 has no length
    return message;
  }

  asio::io_context& io_;
  bao::Client& client_;
  tcp::acceptor acceptor_;
  asio::steady_timer end_;
  std::set<std::shared_ptr<Connection>> connections_;
  bool stopping_ = false;
};

// A container listens to 0.0.0.0 (HOST) and the port it is given (PORT); 0: the system chooses.
tcp::endpoint endpoint_of_environment() {
  const char* host = std::getenv("HOST");
  const char* port = std::getenv("PORT");
  unsigned short number = 8080;
  if (port != nullptr) {
    const char* end = port + std::strlen(port);
    const auto [rest, error] = std::from_chars(port, end, number);
    if (error != std::errc() || rest != end) throw std::invalid_argument("PORT is a number from 0 to 65535");
  }
  return {asio::ip::make_address(host == nullptr ? "127.0.0.1" : host), number};
}

}  // namespace

int main() {
  try {
    asio::io_context io(1);
    // Endpoint, credentials, region and table name come from the environment. A web client waits for no half
    // a minute, so calls give up earlier than by default.
    bao::Client client = bao::init_models(io, {.models = notes::models(),
                                               .batch_context = {.require_batch_context = true},
                                               .tenancy = {.enabled = true},
                                               .timeouts = {.call_ms = 5'000, .attempt_ms = 2'000},
                                               .retry = {.max_attempts = 4}});
    Server server(io, client, endpoint_of_environment());
    asio::signal_set signals(io, SIGTERM, SIGINT);
    signals.async_wait([&](beast::error_code, int) { server.stop(); });
    std::printf("notes: http://%s:%d\n", server.address().address().to_string().c_str(),
                server.address().port());
    std::fflush(stdout);
    io.run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "notes: %s\n", error.what());
    return 1;
  }
  return 0;
}
