#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "native/http/http_transport.hpp"
#include "unit/native/loopback_server.hpp"

namespace bao::test {

inline core::RequestId request_id(std::uint64_t number) {
  return static_cast<core::RequestId>(number);
}

/// An HttpTransport on its own executor that notes what it reports.
class TransportTest : public testing::Test {
 protected:
  void connect_to(const std::string& url, native::PoolOptions options = {}) {
    Result<native::Endpoint> endpoint = native::parse_endpoint(url);
    ASSERT_TRUE(endpoint) << endpoint.error().message();
    Result<std::unique_ptr<native::Transport>> made =
        native::make_http_transport(io_.get_executor(), *endpoint, std::move(options), events());
    ASSERT_TRUE(made) << made.error().message();
    transport_ = std::move(*made);
  }
  void connect_to(const LoopbackServer& server, native::PoolOptions options = {}) {
    connect_to("http://127.0.0.1:" + std::to_string(server.port()), std::move(options));
  }

  native::TransportEvents events() {
    return {.on_response =
                [this](core::RequestId id, core::HttpResponse response) {
                  EXPECT_FALSE(sending_) << "reported from inside send()";
                  responses_[id] = std::move(response);
                  ++reports_;
                  if (after_report_) after_report_(id);
                },
            .on_transport_error =
                [this](core::RequestId id, core::TransportError error) {
                  EXPECT_FALSE(sending_) << "reported from inside send()";
                  errors_[id] = std::move(error);
                  ++reports_;
                  if (after_report_) after_report_(id);
                }};
  }

  void send(std::uint64_t id, std::int64_t timeout_ms = 5000, std::string body = "{}") {
    sending_ = true;
    core::HttpRequest request;
    request.body = std::move(body);
    request.amz_date = "20261123T200000Z";
    request.authorization = "AWS4-HMAC-SHA256 test";
    transport_->send(request_id(id), std::move(request), timeout_ms);
    sending_ = false;
  }

  /// Runs until so many reports have come in total; fails after 10 s.
  void run_until_reports(int count) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (reports_ < count && std::chrono::steady_clock::now() < end) {
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(100));
    }
    ASSERT_GE(reports_, count) << "no report came";
  }

  const core::TransportError& error_of(std::uint64_t id) { return errors_[request_id(id)]; }
  const core::HttpResponse& response_of(std::uint64_t id) { return responses_[request_id(id)]; }

  boost::asio::io_context io_;
  std::unique_ptr<native::Transport> transport_;
  std::map<core::RequestId, core::HttpResponse> responses_;
  std::map<core::RequestId, core::TransportError> errors_;
  std::function<void(core::RequestId)> after_report_;
  int reports_ = 0;
  bool sending_ = false;
};

}  // namespace bao::test
