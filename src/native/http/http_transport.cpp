#include "native/http/http_transport.hpp"

#include <charconv>
#include <string>
#include <utility>

namespace bao::native {
namespace {

class HttpTransport final : public Transport {
 public:
  HttpTransport(std::unique_ptr<ConnectionPool> pool, const std::string& host_header)
      : pool_(std::move(pool)),
        head_("POST / HTTP/1.1\r\nHost: " + host_header +
              "\r\nContent-Type: application/x-amz-json-1.0\r\nAccept-Encoding: identity"
              "\r\nUser-Agent: dynamo-bao/1\r\nX-Amz-Target: ") {}

  void send(core::RequestId id, core::HttpRequest request, std::int64_t timeout_ms) override {
    pool_->send(id, serialise(request), timeout_ms);
  }
  void cancel(core::RequestId id) override { pool_->cancel(id); }

 private:
  /// Head and body in one string, so that they leave in one write.
  [[nodiscard]] std::string serialise(const core::HttpRequest& request) const {
    const std::string_view target = core::api_target(request.operation);
    char length[20];
    const char* length_end = std::to_chars(length, length + sizeof length, request.body.size()).ptr;
    std::string bytes;
    bytes.reserve(head_.size() + target.size() + request.amz_date.size() + request.authorization.size() +
                  request.security_token.size() + request.body.size() + 128);
    bytes.append(head_).append(target);
    bytes.append("\r\nX-Amz-Date: ").append(request.amz_date);
    bytes.append("\r\nAuthorization: ").append(request.authorization);
    if (!request.security_token.empty()) {
      bytes.append("\r\nX-Amz-Security-Token: ").append(request.security_token);
    }
    bytes.append("\r\nContent-Length: ").append(length, static_cast<std::size_t>(length_end - length));
    bytes.append("\r\n\r\n").append(request.body);
    return bytes;
  }

  std::unique_ptr<ConnectionPool> pool_;
  std::string head_;
};

}  // namespace

Result<std::unique_ptr<Transport>> make_http_transport(boost::asio::any_io_executor executor,
                                                       Endpoint endpoint, PoolOptions options,
                                                       TransportEvents events) {
  const std::string host_header = endpoint.host_header;
  Result<std::unique_ptr<ConnectionPool>> pool =
      ConnectionPool::create(std::move(executor), std::move(endpoint), std::move(options), std::move(events));
  if (!pool) return std::unexpected(pool.error());
  return std::make_unique<HttpTransport>(std::move(*pool), host_header);
}

}  // namespace bao::native
