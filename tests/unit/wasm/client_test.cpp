// The client behind the C ABI, driven as the npm package's bridge drives it: arguments and results as JSON.
#include "wasm/client.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/wasm/client_driver.hpp"

namespace bao::wasm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr const char* user_model = R"({"User": {
  "modelPrefix": "u",
  "fields": {"userId": {"type": "StringField", "required": true}, "name": {"type": "StringField", "maxLength": 5},
             "email": {"type": "StringField"}, "visits": {"type": "CounterField"}},
  "primaryKey": {"partitionKey": "userId"},
  "indexes": {"byEmail": {"partitionKey": "email", "sortKey": "userId", "indexId": "gsi1"}},
  "uniqueConstraints": {"uniqueEmail": {"field": "email", "uniqueConstraintId": "uc1"}}}})";

class WasmClient : public ::testing::Test {
 protected:
  WasmClient() { EXPECT_EQ(driver.register_models(user_model), R"({"User":0})"); }

  std::string create(const std::string& id, const std::string& name = "Ann") {
    return driver.run(CallKind::create, R"({"values":{"userId":")" + id + R"(","name":")" + name +
                                            R"(","email":")" + id + R"(@x"}})");
  }

  ClientDriver driver;
};

TEST_F(WasmClient, CreatesFindsUpdatesAndDeletes) {
  EXPECT_THAT(create("a"), StartsWith(R"(r[0,["a","Ann","a@x",0],"a",)"));
  EXPECT_THAT(driver.find("a"), HasSubstr(R"(["a","Ann","a@x",0],"a")"));
  EXPECT_THAT(driver.run(CallKind::update,
                         R"({"key":{"partition":"a"},"values":{"name":"Bob","visits":{"#i":"2"}}})"),
              HasSubstr(R"(["a","Bob","a@x",2])"));
  EXPECT_THAT(driver.run(CallKind::remove, R"({"key":{"partition":"a"}})"),
              HasSubstr(R"(["a","Bob","a@x",2])"));
  EXPECT_THAT(driver.find("a"), HasSubstr(R"(,null,"a",)"));
}

TEST_F(WasmClient, FindsOfOneTurnInAScopeAreOneRequest) {
  create("a");
  create("b", "Bob");
  driver.sent.clear();
  const std::uint32_t first = driver.start_find("a", {.scope = 7});
  const std::uint32_t second = driver.start_find("b", {.scope = 7});
  const std::uint32_t same = driver.start_find("a", {.scope = 7});
  driver.settle();
  EXPECT_THAT(driver.sent, ElementsAre("BatchGetItem"));
  EXPECT_THAT(driver.result_of(first), HasSubstr("Ann"));
  EXPECT_THAT(driver.result_of(second), HasSubstr("Bob"));
  // The row crosses once; the face knows it by its entry.
  EXPECT_THAT(driver.result_of(same), ::testing::MatchesRegex(R"(r\[[0-9]+,0,"a",.*)"));
  EXPECT_DOUBLE_EQ(driver.client().scope_capacity(7).read, 1.0);
  driver.client().close_scope(7);
  EXPECT_DOUBLE_EQ(driver.client().scope_capacity(7).read, 0.0);
}

TEST_F(WasmClient, FindsOutsideAScopeAreTheirOwnRequests) {
  create("a");
  driver.sent.clear();
  driver.start_find("a");
  driver.start_find("b");
  driver.settle();
  EXPECT_THAT(driver.sent, ElementsAre("GetItem", "GetItem"));
}

TEST_F(WasmClient, QueriesAnIndexAndLooksUpAUniqueValue) {
  create("a");
  EXPECT_THAT(driver.run(CallKind::query, R"({"index":"byEmail","partition":"a@x"})"),
              StartsWith(R"(r[[["a",["a","Ann","a@x",0]]],1,null,)"));
  EXPECT_THAT(driver.run(CallKind::find_unique, R"({"constraint":"uniqueEmail","value":"a@x"})"),
              HasSubstr("Ann"));
  EXPECT_THAT(driver.run(CallKind::batch_find, R"({"ids":["a","zz","a"]})"), HasSubstr(R"(,null,"zz")"));
}

TEST_F(WasmClient, ErrorsNameWhatIsWrong) {
  EXPECT_THAT(create("a", "Barbara"),
              ::testing::AllOf(StartsWith("e"), HasSubstr("ValidationError"), HasSubstr("name")));
  create("a");
  EXPECT_THAT(create("a"), ::testing::AllOf(StartsWith("e"), HasSubstr("ConditionalError")));
  EXPECT_THAT(driver.run(CallKind::update, R"({"key":{"partition":"b"},"values":{"name":"x"}})"),
              ::testing::AllOf(StartsWith("e"), HasSubstr("ItemNotFoundError")));
  EXPECT_THAT(driver.run(CallKind::query, R"({"index":"byName","partition":"a@x"})"),
              ::testing::AllOf(StartsWith("e"), HasSubstr("QueryError"), HasSubstr("byName")));
  EXPECT_THAT(driver.run(CallKind::create, "{"),
              ::testing::AllOf(StartsWith("e"), HasSubstr("ValidationError")));
}

TEST_F(WasmClient, RefusesModelsThatAreWrongAndKeepsThoseThatAreThere) {
  EXPECT_THAT(driver.register_models(
                  R"({"Post": {"modelPrefix": "u", "fields": {}, "primaryKey": {"partitionKey": "x"}}})"),
              HasSubstr("ConfigurationError"));
  EXPECT_THAT(driver.register_models("[1"), HasSubstr("ConfigurationError"));
  EXPECT_THAT(create("a"), StartsWith("r"));
}

TEST_F(WasmClient, AnUnknownModelNumberIsAnError) {
  driver.client().start_find(99, 5, "a", {}, {});
  driver.settle();
  EXPECT_THAT(driver.result_of(99), ::testing::AllOf(StartsWith("e"), HasSubstr("model number 5")));
}

TEST_F(WasmClient, RequestsThatDidNotLeaveAreTriedAgain) {
  create("a");
  driver.sent.clear();
  driver.failures.push_back({.kind = core::TransportError::Kind::not_sent, .message = "refused"});
  EXPECT_THAT(driver.find("a"), HasSubstr("Ann"));
  EXPECT_THAT(driver.sent, ElementsAre("GetItem", "GetItem"));
}

TEST_F(WasmClient, ACancelledCallEndsAndAnAbandonedOneIsNotTold) {
  driver.answering = false;
  const std::uint32_t cancelled = driver.start_find("a");
  const std::uint32_t abandoned = driver.start_find("b");
  (void)driver.client().poll();
  driver.client().cancel(cancelled);
  driver.client().abandon(abandoned);
  driver.settle();
  EXPECT_THAT(driver.result_of(cancelled), StartsWith("e"));
  EXPECT_EQ(driver.result_of(abandoned), "");
  EXPECT_EQ(driver.client().calls(), 0U);
}

TEST_F(WasmClient, ATenantThatCannotBeIsRefusedBeforeAnyRequest) {
  EXPECT_THAT(driver.find("a", {.tenant = "x]#y"}), StartsWith("e"));
  EXPECT_THAT(driver.sent, IsEmpty());
}

TEST_F(WasmClient, TenantsDoNotSeeEachOther) {
  EXPECT_THAT(driver.run(CallKind::create, R"({"values":{"userId":"a","name":"One"}})", {.tenant = "one"}),
              StartsWith("r"));
  EXPECT_THAT(driver.find("a", {.tenant = "one"}), HasSubstr("One"));
  EXPECT_THAT(driver.find("a", {.tenant = "two"}), HasSubstr(",null,"));
  EXPECT_THAT(driver.find("a"), HasSubstr(",null,"));
}

TEST_F(WasmClient, TableWorkTellsItsProgress) {
  EXPECT_THAT(driver.run(CallKind::table, R"({"kind":"delete"})"), StartsWith("r"));
  driver.told.clear();
  EXPECT_EQ(driver.run(CallKind::table, R"({"kind":"create"})"), "r[[],true]");
  ASSERT_FALSE(driver.told.empty());
  EXPECT_EQ(driver.told[0].code, "p");
  EXPECT_EQ(create("a").substr(0, 1), "r");
}

TEST(WasmClientIds, FitANumberOfJavaScript) {
  for (const std::uint64_t id :
       {std::uint64_t{0}, std::uint64_t{1} << 32U, (std::uint64_t{4'000'000} << 32U) | 1'048'575U}) {
    EXPECT_EQ(Client::id_of(Client::number_of(id)), id);
    EXPECT_LT(Client::number_of(id), 9007199254740992.0);
  }
}

}  // namespace
}  // namespace bao::wasm
