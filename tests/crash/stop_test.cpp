#include <gtest/gtest.h>

#include "crash/server_process.hpp"
#include "support/temporary_folder.hpp"

namespace bao::crash {
namespace {

constexpr const char* table = R"({"TableName":"main","BillingMode":"PAY_PER_REQUEST",
    "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
    "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]})";

// None of these clients ever sends another byte or closes: only the server's own patience ends the wait,
// which the test's time limit bounds.
TEST(Stop, SigtermKeepsTheFileAndDoesNotWaitForClientsThatSayNothing) {
  const TemporaryFolder folder;
  const std::vector<std::string> arguments{"--db", (folder / "db").string()};
  ServerProcess server;
  ASSERT_EQ(server.start(arguments), std::nullopt);
  HttpClient idle(server.port());
  ASSERT_EQ(idle.call("CreateTable", table)->status, 200);
  ASSERT_EQ(idle.call("PutItem", R"({"TableName":"main","Item":{"id":{"S":"a"}}})")->status, 200);
  const HttpClient silent(server.port());
  const HttpClient half_a_head(server.port());
  ASSERT_TRUE(half_a_head.send("POST / HTTP/1.1\r\nHost: local"));
  const HttpClient half_a_body(server.port());
  ASSERT_TRUE(half_a_body.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"));
  // The server has met them all when it answers one that came behind them.
  HttpClient last(server.port());
  ASSERT_TRUE(last.call("ListTables", "{}"));
  EXPECT_EQ(server.terminate(), 0);
  EXPECT_FALSE(idle.call("ListTables", "{}"));

  ASSERT_EQ(server.start(arguments), std::nullopt);
  HttpClient reader(server.port());
  const auto found = reader.call("GetItem", R"({"TableName":"main","Key":{"id":{"S":"a"}}})");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->body, R"({"Item":{"id":{"S":"a"}}})");
  EXPECT_EQ(server.terminate(), 0);
}

}  // namespace
}  // namespace bao::crash
