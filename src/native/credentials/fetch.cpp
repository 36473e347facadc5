#include "native/credentials/fetch.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "native/http/connection_pool.hpp"

namespace bao::native {
namespace {

struct Exchange {
  std::unique_ptr<ConnectionPool> pool;
  std::string bytes;
  std::int64_t timeout_ms = 0;
  std::optional<Result<core::HttpResponse>> outcome;
  std::coroutine_handle<> waiter;

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    waiter = handle;
    pool->send(core::RequestId{1}, std::move(bytes), timeout_ms);
  }
  Result<core::HttpResponse> await_resume() { return *std::move(outcome); }
};

bool has_line_end(const std::string& text) {
  return text.find_first_of("\r\n") != std::string::npos;
}

}  // namespace

Task<Result<core::HttpResponse>> fetch(boost::asio::any_io_executor executor, FetchRequest request) {
  Result<Endpoint> endpoint = parse_http_url(request.url);
  if (!endpoint) co_return std::unexpected(endpoint.error());
  if (std::ranges::any_of(request.headers, has_line_end)) {
    co_return std::unexpected(
        Error(ErrorCode::configuration, "a header for " + endpoint->host + " has a line end"));
  }
  Exchange exchange;
  exchange.timeout_ms = request.timeout_ms;
  exchange.bytes = request.method + " " + endpoint->path + " HTTP/1.1\r\nHost: " + endpoint->host_header +
                   "\r\nUser-Agent: dynamo-bao/1\r\nConnection: close\r\n";
  for (const std::string& header : request.headers) exchange.bytes += header + "\r\n";
  if (!request.body.empty() || request.method != "GET") {
    exchange.bytes += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  exchange.bytes += "\r\n" + request.body;

  PoolOptions options;
  options.connections_max = 1;
  options.limits.body_bytes_max = 1024 * 1024;
  TransportEvents events;
  events.on_response = [&exchange](core::RequestId, core::HttpResponse response) {
    exchange.outcome.emplace(std::move(response));
    exchange.waiter.resume();
  };
  events.on_transport_error = [&exchange](core::RequestId, const core::TransportError& error) {
    exchange.outcome.emplace(std::unexpected(Error(ErrorCode::transport, error.message)));
    exchange.waiter.resume();
  };
  Result<std::unique_ptr<ConnectionPool>> pool = ConnectionPool::create(
      std::move(executor), *std::move(endpoint), std::move(options), std::move(events));
  if (!pool) co_return std::unexpected(pool.error());
  exchange.pool = std::move(*pool);
  co_return co_await exchange;
}

}  // namespace bao::native
