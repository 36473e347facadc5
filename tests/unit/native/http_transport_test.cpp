#include <gmock/gmock.h>

#include <future>

#include "unit/native/transport_fixture.hpp"

namespace {

using bao::native::PoolOptions;
using bao::test::LoopbackServer;
using bao::test::ok_answer;
using bao::test::read_request;
using bao::test::request_id;
using bao::test::tcp;
using bao::test::TransportTest;
using bao::test::write_all;
using testing::HasSubstr;
using Kind = bao::core::TransportError::Kind;

/// Answers every request with its body.
void echo(tcp::socket& socket, int) {
  while (true) {
    const std::string request = read_request(socket);
    if (request.empty()) return;
    write_all(socket, ok_answer(request.substr(request.find("\r\n\r\n") + 4)));
  }
}

/// Reads one request, answers with these bytes, and waits for the client to close.
LoopbackServer::Script answers_with(std::string bytes) {
  return [bytes = std::move(bytes)](tcp::socket& socket, int) {
    read_request(socket);
    write_all(socket, bytes);
    read_request(socket);
  };
}

TEST_F(TransportTest, SendsTheHeadersThatTheCoreSigns) {
  std::promise<std::string> seen;
  LoopbackServer server([&](tcp::socket& socket, int) {
    seen.set_value(read_request(socket));
    write_all(socket, ok_answer("{}"));
  });
  connect_to(server);
  bao::core::HttpRequest request{.operation = bao::core::ApiOperation::query,
                                 .body = R"({"a":1})",
                                 .amz_date = "20261123T200000Z",
                                 .authorization = "AWS4-HMAC-SHA256 x",
                                 .security_token = "token"};
  transport_->send(request_id(1), request, 5000);
  run_until_reports(1);
  EXPECT_EQ(seen.get_future().get(),
            "POST / HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                "\r\nContent-Type: application/x-amz-json-1.0\r\nAccept-Encoding: identity"
                "\r\nUser-Agent: dynamo-bao/1\r\nX-Amz-Target: DynamoDB_20120810.Query"
                "\r\nX-Amz-Date: 20261123T200000Z\r\nAuthorization: AWS4-HMAC-SHA256 x"
                "\r\nX-Amz-Security-Token: token\r\nContent-Length: 7\r\n\r\n{\"a\":1}");
}

TEST_F(TransportTest, ReadsStatusBodyAndHeaders) {
  LoopbackServer server(answers_with(
      "HTTP/1.1 400 Bad Request\r\nx-amzn-RequestId: R1\r\nX-Amz-Crc32: 4294967295\r\nDate: Mon, 23 Nov "
      "2026 20:02:17 GMT\r\ncontent-length: 5\r\n\r\nhello"));
  connect_to(server);
  send(1);
  run_until_reports(1);
  EXPECT_EQ(response_of(1).status, 400);
  EXPECT_EQ(response_of(1).body, "hello");
  EXPECT_EQ(response_of(1).request_id, "R1");
  EXPECT_EQ(response_of(1).crc32, 4294967295U);
  EXPECT_EQ(response_of(1).date, "Mon, 23 Nov 2026 20:02:17 GMT");
}

TEST_F(TransportTest, ReadsChunkedAndSlowAnswers) {
  LoopbackServer server([](tcp::socket& socket, int) {
    read_request(socket);
    for (const std::string_view piece : {"HTTP/1.1 200 OK\r\nTransfer-", "Encoding: chunked\r\n\r",
                                         "\n3\r\nabc\r", "\n2;x=y\r\nde\r\n0\r\n\r\n"}) {
      write_all(socket, piece);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    echo(socket, 0);
  });
  connect_to(server);
  send(1);
  run_until_reports(1);
  EXPECT_EQ(response_of(1).body, "abcde");
  send(2, 5000, "again");
  run_until_reports(2);
  EXPECT_EQ(response_of(2).body, "again");
  EXPECT_EQ(server.accepted(), 1);
}

TEST_F(TransportTest, LargeRequestsAndAnswersGoThroughOneConnection) {
  LoopbackServer server(echo);
  connect_to(server);
  for (std::uint64_t i = 1; i <= 3; ++i) {
    const std::string body(5'000'000 * i, static_cast<char>('a' + i));
    send(i, 5000, body);
    run_until_reports(static_cast<int>(i));
    EXPECT_TRUE(response_of(i).body == body);
  }
  EXPECT_EQ(server.accepted(), 1);
}

TEST_F(TransportTest, ConnectionsAreReusedAndRunReturnsWhenNothingIsInFlight) {
  LoopbackServer server(echo);
  connect_to(server);
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint64_t i = 1; i <= 20; ++i) {
    send(i);
    io_.restart();
    io_.run();
    EXPECT_EQ(reports_, static_cast<int>(i));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(4));
  EXPECT_EQ(server.accepted(), 1);
}

TEST_F(TransportTest, AnswerThatNeverComesTimesOut) {
  LoopbackServer server([](tcp::socket& socket, int) {
    read_request(socket);
    read_request(socket);
  });
  connect_to(server);
  send(1, 100);
  run_until_reports(1);
  EXPECT_EQ(error_of(1).kind, Kind::timed_out);
  EXPECT_THAT(error_of(1).message, HasSubstr("gave no whole answer within 100 ms"));
}

TEST_F(TransportTest, AnswerThatStopsInTheMiddleTimesOut) {
  LoopbackServer server(answers_with("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"));
  connect_to(server);
  send(1, 100);
  run_until_reports(1);
  EXPECT_EQ(error_of(1).kind, Kind::timed_out);
}

TEST_F(TransportTest, LaterRequestWithAShorterTimeoutEndsFirst) {
  LoopbackServer server([](tcp::socket& socket, int) { read_request(socket), read_request(socket); });
  connect_to(server);
  send(1, 8000);
  send(2, 100);
  run_until_reports(1);
  EXPECT_EQ(error_of(2).kind, Kind::timed_out);
  EXPECT_FALSE(errors_.contains(request_id(1)));
}

TEST_F(TransportTest, ClosedInTheMiddleOfTheBodyIsLost) {
  LoopbackServer server([](tcp::socket& socket, int) {
    read_request(socket);
    write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
  });
  connect_to(server);
  send(1);
  run_until_reports(1);
  EXPECT_EQ(error_of(1).kind, Kind::lost);
  EXPECT_THAT(error_of(1).message, HasSubstr("in the middle of an answer"));
}

TEST_F(TransportTest, ClosedBeforeTheAnswerIsLostAndNotTriedAgain) {
  LoopbackServer server([](tcp::socket& socket, int) { read_request(socket); });
  connect_to(server);
  send(1);
  run_until_reports(1);
  EXPECT_EQ(error_of(1).kind, Kind::lost);
  EXPECT_THAT(error_of(1).message, HasSubstr("closed before an answer"));
  EXPECT_EQ(server.accepted(), 1);
}

TEST_F(TransportTest, IdleConnectionThatThePeerClosedIsNotUsed) {
  LoopbackServer server([](tcp::socket& socket, int) {
    read_request(socket);
    write_all(socket, ok_answer("{}"));
  });
  connect_to(server);
  for (std::uint64_t i = 1; i <= 3; ++i) {
    send(i);
    run_until_reports(static_cast<int>(i));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_TRUE(errors_.empty());
  EXPECT_EQ(server.accepted(), 3);
}

TEST_F(TransportTest, ConnectionCloseAndOldIdleConnectionsAreNotUsedAgain) {
  LoopbackServer server([](tcp::socket& socket, int index) {
    read_request(socket);
    write_all(socket, ok_answer("{}", index == 0 ? "Connection: close\r\n" : ""));
    echo(socket, 0);
  });
  connect_to(server, {.idle_ms_max = 50});
  send(1);
  run_until_reports(1);
  send(2);
  run_until_reports(2);
  EXPECT_EQ(server.accepted(), 2);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  send(3);
  run_until_reports(3);
  EXPECT_EQ(server.accepted(), 3);
  EXPECT_EQ(responses_.size(), 3U);
}

TEST_F(TransportTest, GarbageIsLostWithAReason) {
  const std::pair<const char*, const char*> cases[] = {
      {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "not HTTP/1.1"},
      {"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "malformed Content-Length"},
      {"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "malformed header"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "body of the answer is too large"},
  };
  for (const auto& [bytes, reason] : cases) {
    LoopbackServer server(answers_with(bytes));
    connect_to(server);
    errors_.clear();
    send(1);
    run_until_reports(reports_ + 1);
    EXPECT_EQ(error_of(1).kind, Kind::lost) << bytes;
    EXPECT_THAT(error_of(1).message, HasSubstr(reason)) << bytes;
  }
}

TEST_F(TransportTest, EndlessHeadIsRefused) {
  LoopbackServer server([](tcp::socket& socket, int) {
    read_request(socket);
    write_all(socket, "HTTP/1.1 200 OK\r\nX-Long: " + std::string(200'000, 'a'));
    read_request(socket);
  });
  connect_to(server);
  send(1);
  run_until_reports(1);
  EXPECT_EQ(error_of(1).kind, Kind::lost);
  EXPECT_THAT(error_of(1).message, HasSubstr("head of the answer is too large"));
}

TEST_F(TransportTest, NeverOpensMoreConnectionsThanAllowed) {
  std::atomic<int> open = 0;
  std::atomic<int> open_max = 0;
  LoopbackServer server([&](tcp::socket& socket, int) {
    const int now_open = ++open;
    int seen = open_max;
    while (now_open > seen && !open_max.compare_exchange_weak(seen, now_open)) {
    }
    echo(socket, 0);
    --open;
  });
  connect_to(server, {.connections_max = 3});
  for (std::uint64_t i = 1; i <= 100; ++i) send(i, 5000, std::to_string(i));
  run_until_reports(100);
  EXPECT_TRUE(errors_.empty());
  for (std::uint64_t i = 1; i <= 100; ++i) EXPECT_EQ(response_of(i).body, std::to_string(i));
  EXPECT_LE(open_max, 3);
}

TEST_F(TransportTest, FullQueueAndWaitingTooLongAreNotSent) {
  LoopbackServer server([](tcp::socket& socket, int) { read_request(socket), read_request(socket); });
  connect_to(server, {.connections_max = 1, .queue_max = 2});
  send(1, 5000);
  while (server.accepted() == 0) io_.run_one_for(std::chrono::milliseconds(20));
  io_.run_for(std::chrono::milliseconds(50));
  send(2, 150);
  send(3, 5000);
  send(4, 5000);
  run_until_reports(2);
  EXPECT_EQ(error_of(4).kind, Kind::not_sent);
  EXPECT_THAT(error_of(4).message, HasSubstr("too many requests wait"));
  EXPECT_EQ(error_of(2).kind, Kind::not_sent);
  EXPECT_THAT(error_of(2).message, HasSubstr("within 150 ms"));
  EXPECT_EQ(reports_, 2);
}

TEST_F(TransportTest, CancelledRequestsAreSilentAndTheirConnectionIsClosed) {
  std::promise<bool> closed;
  LoopbackServer server([&](tcp::socket& socket, int index) {
    read_request(socket);
    if (index == 0) {
      closed.set_value(read_request(socket).empty());
      return;
    }
    write_all(socket, ok_answer("{}"));
    echo(socket, 0);
  });
  connect_to(server, {.connections_max = 1, .queue_max = 2});
  send(1);
  while (server.accepted() == 0) io_.run_one_for(std::chrono::milliseconds(20));
  io_.run_for(std::chrono::milliseconds(50));
  send(2);
  send(3);
  send(4);
  transport_->cancel(request_id(4));
  transport_->cancel(request_id(3));
  transport_->cancel(request_id(1));
  transport_->cancel(request_id(99));
  run_until_reports(1);
  EXPECT_TRUE(closed.get_future().get());
  io_.restart();
  io_.run_for(std::chrono::milliseconds(50));
  EXPECT_EQ(reports_, 1);
  EXPECT_EQ(response_of(2).status, 200);
}

TEST_F(TransportTest, NameThatDoesNotResolveIsNotSent) {
  connect_to("http://no-such-host.invalid:1");
  send(1);
  run_until_reports(1);
  EXPECT_EQ(error_of(1).kind, Kind::not_sent);
  EXPECT_THAT(error_of(1).message, HasSubstr("cannot resolve no-such-host.invalid:1"));
}

TEST_F(TransportTest, RefusedConnectionIsNotSentForEveryRequest) {
  unsigned short port = 0;
  {
    LoopbackServer server(echo);
    port = server.port();
  }
  connect_to("http://127.0.0.1:" + std::to_string(port));
  for (std::uint64_t i = 1; i <= 5; ++i) send(i);
  run_until_reports(5);
  for (std::uint64_t i = 1; i <= 5; ++i) {
    EXPECT_EQ(error_of(i).kind, Kind::not_sent);
    EXPECT_THAT(error_of(i).message, HasSubstr("cannot connect to 127.0.0.1"));
  }
}

TEST_F(TransportTest, GoesOnToTheNextAddressOfAName) {
  // "localhost" is ::1 and 127.0.0.1 on most machines; the server listens on one of them only.
  for (const char* address : {"127.0.0.1", "::1"}) {
    std::unique_ptr<LoopbackServer> server;
    try {
      server = std::make_unique<LoopbackServer>(echo, address);
    } catch (const boost::system::system_error&) {
      continue;  // no IPv6 here
    }
    boost::asio::io_context io;
    boost::system::error_code error;
    bool listed = false;
    for (const auto& entry : tcp::resolver(io).resolve("localhost", std::to_string(server->port()), error)) {
      listed = listed || entry.endpoint().address().to_string() == address;
    }
    if (!listed) continue;
    connect_to("http://localhost:" + std::to_string(server->port()));
    send(1);
    run_until_reports(reports_ + 1);
    EXPECT_TRUE(errors_.empty()) << error_of(1).message;
    responses_.clear();
  }
  EXPECT_GE(reports_, 1);
}

TEST_F(TransportTest, ReportsMaySendMoreOrDestroyTheTransport) {
  LoopbackServer server(echo);
  connect_to(server);
  after_report_ = [&](bao::core::RequestId id) {
    if (id == request_id(1)) send(2);
    if (id == request_id(2)) transport_.reset();
  };
  send(1);
  run_until_reports(2);
  io_.restart();
  io_.run();
  EXPECT_EQ(responses_.size(), 2U);

  unsigned short port = server.port();
  connect_to("http://127.0.0.1:" + std::to_string(port), {.queue_max = 0});
  after_report_ = [&](bao::core::RequestId) { transport_.reset(); };
  send(3);
  run_until_reports(3);
  EXPECT_EQ(error_of(3).kind, Kind::not_sent);
}

TEST_F(TransportTest, DestroyingItEndsEverythingSilently) {
  LoopbackServer server([](tcp::socket& socket, int) { read_request(socket), read_request(socket); });
  connect_to(server, {.connections_max = 2});
  for (std::uint64_t i = 1; i <= 5; ++i) send(i);
  io_.run_for(std::chrono::milliseconds(50));
  transport_.reset();
  io_.restart();
  io_.run();
  EXPECT_EQ(reports_, 0);
}

}  // namespace
