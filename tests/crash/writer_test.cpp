// What the crash test's checker must see: a lost change, half a transaction, a change that nobody made.
#include "crash/writer.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <regex>
#include <string>
#include <thread>

namespace bao::crash {
namespace {

/// Says 200 to some requests, then ends the connection; keeps what was sent.
class YesServer {
 public:
  explicit YesServer(int answers) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener_, 1), 0);
    EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, answers] { serve(answers); });
  }
  YesServer(const YesServer&) = delete;
  YesServer& operator=(const YesServer&) = delete;
  ~YesServer() {
    if (thread_.joinable()) thread_.join();
    ::close(listener_);
  }
  [[nodiscard]] int port() const { return port_; }
  /// The requests, the one that got no answer included.
  const std::vector<std::string>& requests() {
    thread_.join();
    return requests_;
  }

 private:
  void serve(int answers) {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    while (requests_.size() <= static_cast<std::size_t>(answers)) {
      std::string request;
      char byte = 0;
      // A request of a writer is one JSON object; its braces say where it ends.
      for (int depth = 0; depth > 0 || request.empty() || request.back() != '}';) {
        if (::recv(client, &byte, 1, 0) != 1) return;
        request += byte;
        depth += byte == '{' ? 1 : byte == '}' ? -1 : 0;
      }
      requests_.push_back(request);
      const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
      if (requests_.size() > static_cast<std::size_t>(answers)) break;
      ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
    }
    ::close(client);
  }

  int listener_ = -1;
  int port_ = 0;
  std::vector<std::string> requests_;
  std::thread thread_;
};

/// The items after these requests: the last `n` and `g` of each key that is not deleted behind them.
Items items_after(const std::vector<std::string>& requests, std::size_t count) {
  static const std::regex put(
      R"re(\{"p":\{"S":"[^"]*"\},"s":\{"S":"([^"]*)"\},"n":\{"N":"(\d+)"\}(?:,"g":\{"S":"([^"]*)"\})?)re");
  static const std::regex update(
      R"re("s":\{"S":"([^"]*)"\}\},"UpdateExpression.*":n":\{"N":"(\d+)"\},":g":\{"S":"([^"]*)"\})re");
  static const std::regex key(R"re("s":\{"S":"([^"]*)"\})re");
  Items items;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string& text = requests[i];
    std::smatch found;
    if (std::regex_search(text, found, update)) {
      items[found[1]] = {std::stoll(found[2]), found[3]};
    } else if (text.find(".DeleteItem") != std::string::npos) {
      EXPECT_TRUE(std::regex_search(text, found, key));
      items.erase(found[1]);
    } else {
      for (auto at = std::sregex_iterator(text.begin(), text.end(), put); at != std::sregex_iterator();
           ++at) {
        items[(*at)[1]] = {std::stoll((*at)[2]), (*at)[3]};
      }
    }
  }
  return items;
}

class WriterTest : public testing::Test {
 protected:
  static constexpr int answers = 40;
  void SetUp() override {
    YesServer server(answers);
    ASSERT_EQ(writer_.write_until_lost(server.port()), std::nullopt);
    requests_ = server.requests();
    ASSERT_EQ(requests_.size(), answers + 1U);
    ASSERT_EQ(writer_.acknowledged(), std::uint64_t{answers});
  }

  Writer writer_{7, 0, false};
  std::vector<std::string> requests_;
};

TEST_F(WriterTest, AcceptsAllThatWasAcknowledged) {
  EXPECT_EQ(writer_.check(items_after(requests_, answers), true), std::nullopt);
}

TEST_F(WriterTest, AcceptsTheChangeThatGotNoAnswer) {
  EXPECT_EQ(writer_.check(items_after(requests_, answers + 1), true), std::nullopt);
}

TEST_F(WriterTest, SeesALostChangeWhereEachMustBeThere) {
  const Items older = items_after(requests_, answers - 1);
  ASSERT_NE(older, items_after(requests_, answers));
  EXPECT_TRUE(writer_.check(older, true).has_value());
  EXPECT_EQ(writer_.check(older, false), std::nullopt) << "a state that was";
}

TEST_F(WriterTest, SeesHalfATransaction) {
  std::size_t at = answers;
  while (at > 0 && requests_[at - 1].find(".TransactWriteItems") == std::string::npos) --at;
  ASSERT_GT(at, 0U) << "this seed has no transaction";
  const Items before = items_after(requests_, at - 1);
  Items half = items_after(requests_, at);
  for (auto& [key, item] : half) {
    const auto old = before.find(key);
    if (old == before.end() || old->second == item) continue;
    item = old->second;
    break;
  }
  if (half == items_after(requests_, at)) {
    for (const auto& [key, item] : items_after(requests_, at)) {
      if (!before.contains(key)) {
        half.erase(key);
        break;
      }
    }
  }
  EXPECT_TRUE(writer_.check(half, false).has_value());
}

TEST_F(WriterTest, SeesAChangeThatNobodyMade) {
  Items other = items_after(requests_, answers);
  other["key0"] = {1'000'000, "group0"};
  EXPECT_TRUE(writer_.check(other, false).has_value());
}

}  // namespace
}  // namespace bao::crash
