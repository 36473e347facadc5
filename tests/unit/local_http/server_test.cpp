#include "local/http/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <thread>

#include "core/aws/fault.hpp"
#include "local/store/memory_store.hpp"

namespace bao::local {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Client {
 public:
  explicit Client(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval limit{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { ::close(socket_); }

  void send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t size = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (size <= 0) return;  // a test that minds sees it in the answer
      text.remove_prefix(static_cast<std::size_t>(size));
    }
  }
  /// One answer; less where the connection ends or nothing comes for long.
  std::string receive() {
    while (true) {
      const std::size_t end = input_.find("\r\n\r\n");
      if (end != std::string::npos) {
        const std::size_t at = input_.find("Content-Length: ");
        const std::size_t size =
            end + 4 + (at < end ? std::strtoull(input_.c_str() + at + 16, nullptr, 10) : 0);
        if (input_.size() >= size) {
          std::string answer = input_.substr(0, size);
          input_.erase(0, size);
          return answer;
        }
      }
      if (!receive_more()) return std::exchange(input_, {});
    }
  }
  /// Everything up to the end of the connection.
  std::string receive_all() {
    while (receive_more()) {
    }
    return std::exchange(input_, {});
  }

 private:
  bool receive_more() {
    char buffer[65536];
    const ssize_t size = ::recv(socket_, buffer, sizeof buffer, 0);
    if (size > 0) input_.append(buffer, static_cast<std::size_t>(size));
    return size > 0;
  }
  int socket_;
  std::string input_;
};

std::string request(const std::string& operation, const std::string& body, const std::string& headers = {}) {
  return "POST / HTTP/1.1\r\nHost: h\r\nAuthorization: any\r\nX-Amz-Target: DynamoDB_20120810." + operation +
         "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

class ServerTest : public testing::Test {
 protected:
  ServerTest() { options_.port = 0; }
  ~ServerTest() override { stop(); }

  void start(FaultPlan faults = {}) {
    auto store = make_memory_store();
    store_ = store.get();
    engine_.emplace(std::move(store), LocalEngineOptions{.now_ms = [] { return std::int64_t{0}; },
                                                         .faults = std::move(faults)});
    auto server = Server::open(*engine_, *store_, options_);
    ASSERT_TRUE(server.has_value()) << server.error();
    server_ = std::move(*server);
    thread_ = std::thread([this] { EXPECT_TRUE(server_->run().has_value()); });
  }
  void stop() {
    if (!thread_.joinable()) return;
    server_->stop();
    thread_.join();
  }
  [[nodiscard]] int port() const { return server_->port(); }
  std::string exchange(const std::string& text) {
    Client client(port());
    client.send(text);
    return client.receive();
  }

  ServerOptions options_;
  Store* store_ = nullptr;
  std::optional<LocalEngine> engine_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

TEST_F(ServerTest, AnswersAsDynamoDbDoes) {
  start();
  const std::string answer = exchange(request("ListTables", "{}"));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\nDate: "));
  EXPECT_THAT(answer, HasSubstr("\r\nContent-Type: application/x-amz-json-1.0\r\n"));
  EXPECT_THAT(answer, testing::ContainsRegex("\r\nx-amzn-RequestId: [0-9A-Z]{52}\r\n"));
  const std::string body = R"({"TableNames":[]})";
  EXPECT_THAT(answer, HasSubstr("\r\nx-amz-crc32: " + std::to_string(core::crc32(body)) + "\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n" + body));
  EXPECT_THAT(exchange(request("ListTables", "{}", "Content-Type: application/json\r\n")),
              HasSubstr("\r\nContent-Type: application/json\r\n"));
}

TEST_F(ServerTest, TellsApartWhatIsNoRequestOfTheService) {
  start();
  EXPECT_THAT(exchange(request("Nothing", "{}")), HasSubstr("UnknownOperationException"));
  EXPECT_THAT(exchange("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"),
              HasSubstr("UnknownOperationException"));
  EXPECT_THAT(
      exchange(
          "POST / HTTP/1.1\r\nX-Amz-Target: DynamoDB_20120810.ListTables\r\nContent-Length: 2\r\n\r\n{}"),
      HasSubstr("MissingAuthenticationTokenException"));
  EXPECT_THAT(exchange("GET / HTTP/1.1\r\n\r\n"), HasSubstr("healthy"));
  EXPECT_THAT(exchange("GET /x HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(exchange("PUT / HTTP/1.1\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("\r\nAllow: POST, GET, HEAD, OPTIONS\r\n")));
}

// A body after the head would be taken for the next answer.
TEST_F(ServerTest, AnswersHeadAsGetWithoutTheBody) {
  start();
  for (const std::string path : {"/", "/x"}) {
    const std::string get = exchange("GET " + path + " HTTP/1.1\r\n\r\n");
    Client client(port());
    client.send("HEAD " + path + " HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    const std::string both = client.receive_all();
    const std::size_t end = both.find("\r\n\r\n") + 4;
    EXPECT_EQ(both.substr(0, both.find("\r\n")), get.substr(0, get.find("\r\n")));
    EXPECT_THAT(both.substr(0, end), HasSubstr("\r\nContent-Length: 19\r\n"));  // of either body
    EXPECT_THAT(both.substr(end), AllOf(StartsWith("HTTP/1.1 200 OK"), HasSubstr("healthy")));
  }
}

TEST_F(ServerTest, KeepsTheOrderOfPipelinedRequestsAndPiecesOfThem) {
  start();
  Client client(port());
  const std::string three =
      request("ListTables", "{}") + request("Nothing", "{}") + request("ListTables", "{}");
  for (const char c : three) client.send({&c, 1});
  client.send(three);
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(client.receive(), HasSubstr("TableNames"));
    EXPECT_THAT(client.receive(), HasSubstr("UnknownOperation"));
    EXPECT_THAT(client.receive(), HasSubstr("TableNames"));
  }
}

// RFC 9112, 2.2: older clients end a body with a line that they do not count.
TEST_F(ServerTest, IgnoresAFewEmptyLinesBeforeARequest) {
  start();
  Client client(port());
  const std::string list = request("ListTables", "{}");
  client.send("\r\n" + list + "\r\n\r\n\r\n\r\n" + list);
  EXPECT_THAT(client.receive(), HasSubstr("TableNames"));
  EXPECT_THAT(client.receive(), HasSubstr("TableNames"));
  for (const char c : "\r\n\r\n" + list) client.send({&c, 1});
  EXPECT_THAT(client.receive(), HasSubstr("TableNames"));
  for (const std::string_view wrong : {"\r\n\r\n\r\n\r\n\r\n", "\n", "\r\r\n"}) {
    Client other(port());
    other.send(std::string(wrong) + list);
    EXPECT_THAT(other.receive(), StartsWith("HTTP/1.1 400 ")) << testing::PrintToString(wrong);
  }
  // Endless ones, each alone.
  Client endless(port());
  for (int i = 0; i < 5; ++i) {
    endless.send("\r\n");
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_THAT(endless.receive(), StartsWith("HTTP/1.1 400 "));
}

TEST_F(ServerTest, EmptyLineBehindARequestBeginsNoOther) {
  options_.limits.transfer_ms_max = 300;
  start();
  Client client(port());
  client.send(request("ListTables", "{}") + "\r\n");
  EXPECT_THAT(client.receive(), HasSubstr("TableNames"));
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));  // the server looks once a second
  client.send(request("ListTables", "{}"));
  EXPECT_THAT(client.receive(), HasSubstr("TableNames"));
}

TEST_F(ServerTest, TakesChunkedBodies) {
  start();
  const auto chunked = [](std::string_view operation, std::string_view chunks,
                          std::string_view headers = "") {
    return "POST / HTTP/1.1\r\nX-Amz-Target: DynamoDB_20120810." + std::string(operation) +
           "\r\nAuthorization: any\r\nTransfer-Encoding: chunked\r\n" + std::string(headers) + "\r\n" +
           std::string(chunks);
  };
  const std::string listing = chunked("ListTables", "8\r\n{\"Limit\"\r\n4\r\n : 5\r\n1\r\n}\r\n0\r\n\r\n");
  const std::string wrong = chunked("ListTables", "b\r\n{\"Limit\":0}\r\n0\r\nA: trailer\r\n\r\n");
  const std::string all = listing + wrong + request("ListTables", "{}") + listing;
  Client client(port());
  client.send(all);
  for (const char c : all) client.send({&c, 1});
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(client.receive(), EndsWith("\r\n\r\n{\"TableNames\":[]}"));
    EXPECT_THAT(client.receive(), HasSubstr("Value '0' at 'limit'"));
    EXPECT_THAT(client.receive(), EndsWith("\r\n\r\n{\"TableNames\":[]}"));
    EXPECT_THAT(client.receive(), EndsWith("\r\n\r\n{\"TableNames\":[]}"));
  }
  client.send(chunked("ListTables", "", "Expect: 100-continue\r\n"));
  EXPECT_EQ(client.receive(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("2\r\n{}\r\n0\r\n\r\n");
  EXPECT_THAT(client.receive(), StartsWith("HTTP/1.1 200 "));
  // A body of a few MB, in chunks that straddle the server's reads.
  const std::string spaces(70'001, ' ');
  std::string chunks = "1\r\n{\r\n";
  for (int i = 0; i < 50; ++i) chunks += "11171\r\n" + spaces + "\r\n";
  client.send(chunked("ListTables", chunks + "1\r\n}\r\n0\r\n\r\n"));
  EXPECT_THAT(client.receive(), EndsWith("\r\n\r\n{\"TableNames\":[]}"));
}

TEST_F(ServerTest, HoldsBackRequestsOfAClientThatReadsNoAnswers) {
  options_.limits.waiting_output_max = 10'000;
  start();
  Client client(port());
  constexpr int requests = 5'000;
  std::thread sender([&] {
    for (int i = 0; i < requests; ++i) client.send(request("ListTables", "{}"));
  });
  int answered = 0;
  while (answered < requests && client.receive().ends_with(R"({"TableNames":[]})")) ++answered;
  sender.join();
  EXPECT_EQ(answered, requests);
}

TEST_F(ServerTest, LimitsWhatAClientSends) {
  options_.limits.body_size_max = 1000;
  start();
  Client large(port());
  large.send("POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n" + std::string(200'000, 'x'));
  EXPECT_THAT(large.receive(), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(exchange("POST / HTTP/1.1\r\nA: " + std::string(20'000, 'x')), StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(exchange("nonsense\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(exchange("POST / HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 411 "));
  EXPECT_THAT(exchange("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(exchange("POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"),
              StartsWith("HTTP/1.1 501 Not Implemented\r\n"));
  EXPECT_THAT(exchange("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(exchange("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"),
              StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(exchange(request("ListTables", "{}" + std::string(998, ' '))), StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerTest, EndsClientsThatAreTooSlow) {
  options_.limits.transfer_ms_max = 300;
  options_.limits.idle_ms_max = 300;
  start();
  Client slow(port());
  slow.send("POST / HTTP/1.1\r\nContent-");
  EXPECT_THAT(slow.receive_all(), StartsWith("HTTP/1.1 408 "));
  Client idle(port());
  EXPECT_EQ(idle.receive_all(), "");
}

TEST_F(ServerTest, SaysContinueToThoseWhoAsk) {
  start();
  Client client(port());
  const std::string text = request("ListTables", "{}", "Expect: 100-continue\r\n");
  client.send(text.substr(0, text.size() - 2));
  EXPECT_EQ(client.receive(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("{}");
  EXPECT_THAT(client.receive(), StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerTest, RefusesWebPagesUnlessToldOtherwise) {
  options_.origins.allowed = {"https://mine.example"};
  start();
  const std::string refused = exchange(request("ListTables", "{}", "Origin: https://other.example\r\n"));
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(refused, Not(HasSubstr("Access-Control")));
  EXPECT_THAT(exchange(request("ListTables", "{}", "Origin: https://mine.example\r\n")),
              HasSubstr("\r\nAccess-Control-Allow-Origin: https://mine.example\r\n"));
  const std::string preflight = exchange(
      "OPTIONS / HTTP/1.1\r\nOrigin: https://mine.example\r\nAccess-Control-Request-Headers: "
      "x-amz-target\r\n\r\n");
  EXPECT_THAT(preflight, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(preflight, HasSubstr("\r\nAccess-Control-Allow-Headers: x-amz-target\r\n"));
}

TEST_F(ServerTest, BringsAboutTheFaultsOfAPlan) {
  FaultPlan plan;
  plan.rules.push_back({.kind = FaultKind::latency, .operation = "ListTables", .times = 1, .delay_ms = 200});
  plan.rules.push_back({.kind = FaultKind::drop_before, .operation = "ListTables", .skip = 1, .times = 1});
  start(std::move(plan));
  Client client(port());
  const auto before = std::chrono::steady_clock::now();
  client.send(request("ListTables", "{}"));
  EXPECT_THAT(client.receive(), StartsWith("HTTP/1.1 200 "));
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(190));
  client.send(request("ListTables", "{}"));
  EXPECT_EQ(client.receive_all(), "");
}

TEST_F(ServerTest, WaitsForRequestsThatHaveBegunWhenItStops) {
  start();
  Client client(port());
  const std::string text = request("ListTables", "{}");
  client.send(request("ListTables", "{}") + text.substr(0, 30));
  EXPECT_THAT(client.receive(), StartsWith("HTTP/1.1 200 "));
  Client idle(port());
  idle.send(text);
  EXPECT_THAT(idle.receive(), StartsWith("HTTP/1.1 200 "));
  server_->stop();
  EXPECT_EQ(idle.receive_all(), "");
  client.send(text.substr(30));
  EXPECT_THAT(client.receive_all(), HasSubstr("\r\nConnection: close\r\n"));
  thread_.join();
}

TEST_F(ServerTest, WaitsNoLongerThanItSaysForHalfARequest) {
  options_.stop_ms_max = 100;
  start();
  const std::string text = request("ListTables", "{}");
  Client half_a_head(port());
  half_a_head.send(text + text.substr(0, 30));
  EXPECT_THAT(half_a_head.receive(), StartsWith("HTTP/1.1 200 "));
  Client half_a_body(port());
  half_a_body.send(text + text.substr(0, text.size() - 1));
  EXPECT_THAT(half_a_body.receive(), StartsWith("HTTP/1.1 200 "));
  server_->stop();
  EXPECT_EQ(half_a_head.receive_all(), "");
  EXPECT_EQ(half_a_body.receive_all(), "");
  thread_.join();
}

TEST_F(ServerTest, TakesMoreClientsOnlyWhenSomeHaveLeft) {
  options_.connections_max = 2;
  start();
  auto first = std::make_unique<Client>(port());
  Client second(port());
  for (Client* client : {first.get(), &second}) {
    client->send(request("ListTables", "{}"));
    EXPECT_THAT(client->receive(), StartsWith("HTTP/1.1 200 "));
  }
  Client third(port());
  third.send(request("ListTables", "{}"));
  first.reset();
  EXPECT_THAT(third.receive(), StartsWith("HTTP/1.1 200 "));
}

TEST(ServerOpen, NamesTheAddressThatItCannotHave) {
  auto store = make_memory_store();
  Store& used = *store;
  LocalEngine engine(std::move(store), {.now_ms = [] { return std::int64_t{0}; }});
  ServerOptions options;
  options.port = 0;
  const auto first = Server::open(engine, used, options);
  ASSERT_TRUE(first.has_value());
  EXPECT_THAT((*first)->endpoint(), StartsWith("http://127.0.0.1:"));
  options.port = (*first)->port();
  const auto second = Server::open(engine, used, options);
  ASSERT_FALSE(second.has_value());
  EXPECT_THAT(second.error(), HasSubstr("127.0.0.1 port " + std::to_string(options.port)));
}

}  // namespace
}  // namespace bao::local
