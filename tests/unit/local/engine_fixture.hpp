#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "local/local_engine.hpp"
#include "local/store/memory_store.hpp"

namespace bao::local {

/// SPEC 5's table in small.
inline constexpr std::string_view main_table = R"({"TableName":"main","BillingMode":"PAY_PER_REQUEST",
    "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
    "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"},
      {"AttributeName":"g1p","AttributeType":"S"},{"AttributeName":"g1s","AttributeType":"N"},
      {"AttributeName":"ip","AttributeType":"S"}],
    "GlobalSecondaryIndexes":[
      {"IndexName":"gsi1","KeySchema":[{"AttributeName":"g1p","KeyType":"HASH"},{"AttributeName":"g1s","KeyType":"RANGE"}],
       "Projection":{"ProjectionType":"ALL"}},
      {"IndexName":"iter","KeySchema":[{"AttributeName":"ip","KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"}},
      {"IndexName":"part","KeySchema":[{"AttributeName":"ip","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
       "Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["extra"]}}]})";

/// An engine with SPEC 5's table in small: `main` with string keys pk and sk, gsi1 (ALL), iter (KEYS_ONLY)
/// and part (INCLUDE extra).
class EngineTest : public ::testing::Test {
 protected:
  EngineTest() : engine_(make_memory_store(), {.now_ms = [this] { return now_ms_; }}) {}

  void SetUp() override { ok("CreateTable", main_table); }

  std::string ok(std::string_view operation, std::string_view body) {
    const Answer answer = engine_.handle(operation, std::string(body));
    EXPECT_EQ(answer.status, 200) << operation << ' ' << body << "\n" << answer.body;
    return answer.body;
  }

  /// The error's type and message, "ValidationException: ...".
  std::string error(std::string_view operation, std::string_view body) {
    const Answer answer = engine_.handle(operation, std::string(body));
    EXPECT_NE(answer.status, 200) << operation << ' ' << body << "\n" << answer.body;
    const std::string type = member(answer.body, "__type");
    std::string message = member(answer.body, "message");
    if (message.empty()) message = member(answer.body, "Message");
    return type.substr(type.find('#') + 1) + ": " + message;
  }

  std::string invalid(std::string_view operation, std::string_view body) {
    const std::string text = error(operation, body);
    constexpr std::string_view type = "ValidationException: ";
    EXPECT_TRUE(text.starts_with(type)) << text;
    return text.substr(type.size());
  }

  void put(std::string_view pk, std::string_view sk, std::string_view more = "") {
    ok("PutItem", R"({"TableName":"main","Item":)" + item(pk, sk, more) + "}");
  }

  static std::string item(std::string_view pk, std::string_view sk, std::string_view more = "") {
    return R"({"pk":{"S":")" + std::string(pk) + R"("},"sk":{"S":")" + std::string(sk) + "\"}" +
           (more.empty() ? "" : ",") + std::string(more) + "}";
  }

  std::string get(std::string_view pk, std::string_view sk) {
    return ok("GetItem", R"({"TableName":"main","Key":)" + item(pk, sk) + "}");
  }

  /// The text of a string member, unescaped for quotes only.
  static std::string member(std::string_view json, std::string_view name) {
    const std::string marker = "\"" + std::string(name) + "\":\"";
    const std::size_t at = json.find(marker);
    if (at == std::string_view::npos) return {};
    std::string out;
    for (std::size_t i = at + marker.size(); i < json.size() && json[i] != '"'; ++i) {
      if (json[i] == '\\') ++i;
      out += json[i];
    }
    return out;
  }

  std::int64_t now_ms_ = 1'767'225'600'123;
  LocalEngine engine_;
};

}  // namespace bao::local
