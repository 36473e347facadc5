#include "core/engine/table_operations.hpp"

#include "scripted/conversation.hpp"

namespace bao::scripted {
namespace {

using core::TableReport;
using core::TableWork;
using testing::HasSubstr;
using Kind = TableWork::Kind;

constexpr const char* active = R"({"Table":{"TableStatus":"ACTIVE"}})";
constexpr const char* ttl_off = R"({"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}})";
constexpr const char* own_keys = R"(
  "AttributeDefinitions":[{"AttributeName":"_gsi1_pk","AttributeType":"S"},
    {"AttributeName":"_sk","AttributeType":"S"},{"AttributeName":"_pk","AttributeType":"S"}],
  "KeySchema":[{"AttributeName":"_pk","KeyType":"HASH"},{"AttributeName":"_sk","KeyType":"RANGE"}])";

// What DescribeTable answers; the parts in their JSON.
std::string described(const std::string& keys, const std::string& indexes) {
  return R"({"Table":{"TableStatus":"ACTIVE",)" + keys + R"(,"GlobalSecondaryIndexes":[)" + indexes + "]}}";
}

class TableTest : public testing::Test {
 protected:
  Started<TableReport> start(Kind kind) {
    return talk.start<TableReport>([&](core::Call& call) {
      return core::work_on_table(call,
                                 {.kind = kind, .poll_ms = 500, .progress = [&](std::string_view state) {
                                    told.emplace_back(state);
                                  }});
    });
  }
  void look(const std::string& table) {
    talk.expect_request("DescribeTable");
    talk.answer(table);
  }
  void wait() {
    talk.expect_timer(500, 500);
    talk.fire_timer();
  }
  void no_table() {
    talk.expect_request("DescribeTable");
    talk.fault(400, "ResourceNotFoundException");
  }
  void ttl() {
    talk.expect_request("DescribeTimeToLive");
    talk.answer(ttl_off);
    talk.expect_request("UpdateTimeToLive", HasSubstr(R"("AttributeName":"ttl")"));
    talk.answer("{}");
  }

  const std::string all_but_gsi2 = described(own_keys, R"(
    {"IndexName":"gsi1","IndexStatus":"ACTIVE"},{"IndexName":"gsi3"},{"IndexName":"gsi4"},
    {"IndexName":"gsi5"},{"IndexName":"iter_index"})");
  const std::string building = described(own_keys, R"(
    {"IndexName":"gsi1"},{"IndexName":"gsi2","IndexStatus":"CREATING"},{"IndexName":"gsi3"},
    {"IndexName":"gsi4"},{"IndexName":"gsi5"},{"IndexName":"iter_index"})");
  const std::string complete = described(own_keys, R"(
    {"IndexName":"gsi1"},{"IndexName":"gsi2"},{"IndexName":"gsi3"},
    {"IndexName":"gsi4"},{"IndexName":"gsi5"},{"IndexName":"iter_index"})");
  Conversation talk;
  std::vector<std::string> told;
};

TEST_F(TableTest, CreatesWaitsAndEnablesTtl) {
  auto running = start(Kind::create);
  talk.expect_request("CreateTable", HasSubstr(R"("IndexName":"gsi5")"));
  talk.answer(R"({"TableDescription":{"TableStatus":"CREATING"}})");
  no_table();  // not seen yet
  wait();
  look(R"({"Table":{"TableStatus":"CREATING"}})");
  wait();
  look(active);
  ttl();
  talk.expect_complete(running);
  EXPECT_TRUE(running->value().ttl);
  EXPECT_EQ(told, (std::vector<std::string>{"CREATING", "CREATING", "enabling TTL"}));
}

TEST(TableForSearch, HasTheIndexThatTheClientIteratesOver) {
  core::EngineOptions options = unsigned_options();
  options.iteration_index = "iter_search_index";
  Conversation talk(options);
  auto running = talk.start<TableReport>(
      [](core::Call& call) { return core::work_on_table(call, {.kind = Kind::create, .progress = {}}); });
  talk.expect_request("CreateTable", HasSubstr(R"("IndexName":"iter_search_index")"));
  talk.fault(400, "AccessDeniedException");
  EXPECT_EQ(running->error().code(), ErrorCode::service);
}

TEST_F(TableTest, CreatingATableThatExistsIsAnError) {
  auto running = start(Kind::create);
  talk.expect_request("CreateTable");
  talk.fault(400, "ResourceInUseException");
  talk.expect_complete(running);
  EXPECT_EQ(running->error().code(), ErrorCode::configuration);
  EXPECT_THAT(running->error().message(), HasSubstr("exists already"));
}

TEST_F(TableTest, ACreationWhoseAnswerWasLostIsFinished) {
  auto running = start(Kind::create);
  talk.expect_request("CreateTable");
  talk.lost();
  talk.wait_for_retry();
  talk.expect_request("CreateTable");
  talk.fault(400, "ResourceInUseException");
  look(active);
  ttl();
  talk.expect_complete(running);
  EXPECT_TRUE(running->value().ttl);
}

TEST_F(TableTest, EndpointsWithoutTtlAreTakenAsTheyAre) {
  auto running = start(Kind::create);
  talk.expect_request("CreateTable");
  talk.answer("{}");
  look(active);
  talk.expect_request("DescribeTimeToLive");
  talk.fault(400, "UnknownOperationException");
  talk.expect_complete(running);
  EXPECT_FALSE(running->value().ttl);
}

TEST_F(TableTest, TtlThatIsOnStaysOn) {
  auto running = start(Kind::create);
  talk.expect_request("CreateTable");
  talk.answer("{}");
  look(active);
  talk.expect_request("DescribeTimeToLive");
  talk.answer(R"({"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED"}})");
  talk.expect_complete(running);
  EXPECT_TRUE(running->value().ttl);
}

TEST_F(TableTest, EveryStepOfACreationMayBeRefused) {
  for (int step = 0; step < 4; ++step) {
    auto running = start(Kind::create);
    talk.expect_request("CreateTable");
    if (step > 0) talk.answer("{}");
    if (step > 0) talk.expect_request("DescribeTable");
    if (step > 1) talk.answer(active);
    if (step > 1) talk.expect_request("DescribeTimeToLive");
    if (step > 2) talk.answer(ttl_off);
    if (step > 2) talk.expect_request("UpdateTimeToLive");
    talk.fault(400, "AccessDeniedException");
    talk.expect_complete(running);
    EXPECT_EQ(running->error().code(), ErrorCode::service) << step;
    EXPECT_EQ(running->error().details().service_name, "AccessDeniedException") << step;
  }
}

TEST_F(TableTest, AddsMissingIndexesOneAtATime) {
  auto running = start(Kind::update);
  look(all_but_gsi2);
  look(all_but_gsi2);  // before gsi1
  look(all_but_gsi2);  // before gsi2
  talk.expect_request("UpdateTable", testing::AllOf(HasSubstr(R"("IndexName":"gsi2")"),
                                                    HasSubstr(R"("AttributeName":"_gsi2_pk")")));
  talk.answer("{}");
  look(building);
  wait();
  for (int i = 0; i < 5; ++i) look(complete);
  ttl();
  talk.expect_complete(running);
  EXPECT_EQ(running->value().added_indexes, std::vector<std::string>{"gsi2"});
}

TEST_F(TableTest, AnIndexThatDoesNotAppearIsAnError) {
  auto running = start(Kind::update);
  for (int i = 0; i < 3; ++i) look(all_but_gsi2);
  talk.expect_request("UpdateTable");
  talk.answer("{}");
  look(all_but_gsi2);
  talk.expect_complete(running);
  EXPECT_THAT(running->error().message(), HasSubstr("gsi2"));
}

TEST_F(TableTest, UpdatingWhatIsNotThereIsAnError) {
  auto running = start(Kind::update);
  no_table();
  talk.expect_complete(running);
  EXPECT_EQ(running->error().code(), ErrorCode::configuration);
}

// Somebody else's table is left as it is: neither an index nor TTL is asked for.
TEST_F(TableTest, UpdatingATableOfOtherKeysIsAnErrorThatNamesThem) {
  struct Case {
    const char* keys;
    const char* named;
  };
  const std::vector<Case> cases{
      {R"("AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"s","AttributeType":"N"}],
          "KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"s","KeyType":"RANGE"}])",
       "its keys are p (S, HASH) and s (N, RANGE), "},
      {R"("KeySchema":[{"AttributeName":"_pk","KeyType":"HASH"}],
          "AttributeDefinitions":[{"AttributeName":"_pk","AttributeType":"S"}])",
       "its keys are _pk (S, HASH), "},
      {R"("KeySchema":[{"AttributeName":"_pk","KeyType":"HASH"},{"AttributeName":"_sk","KeyType":"RANGE"}],
          "AttributeDefinitions":[{"AttributeName":"_sk","AttributeType":"B"},{"AttributeName":"_pk","AttributeType":"S"}])",
       "its keys are _pk (S, HASH) and _sk (B, RANGE), "},
      {R"("KeySchema":[{"AttributeName":"_sk","KeyType":"HASH"},{"AttributeName":"_pk","KeyType":"RANGE"}],
          "AttributeDefinitions":[{"AttributeName":"_sk","AttributeType":"S"},{"AttributeName":"_pk","AttributeType":"S"}])",
       "its keys are _sk (S, HASH) and _pk (S, RANGE), "},
  };
  for (const Case& each : cases) {
    for (const Kind kind : {Kind::update, Kind::check}) {
      auto running = start(kind);
      look(described(each.keys, ""));
      talk.expect_complete(running);
      ASSERT_TRUE(running->ended());
      EXPECT_EQ(running->error().code(), ErrorCode::configuration);
      EXPECT_EQ(running->error().message(), std::string("table 'tab' is of another program: ") + each.named +
                                                "where _pk (S, HASH) and _sk (S, RANGE) are needed");
    }
  }
}

TEST_F(TableTest, CheckingLooksOnceAndChangesNothing) {
  auto running = start(Kind::check);
  look(described(own_keys, ""));  // indexes and TTL are not its business
  talk.expect_complete(running);
  EXPECT_EQ(running->value().added_indexes.size(), 0U);
  EXPECT_TRUE(told.empty());

  auto missing = start(Kind::check);
  no_table();
  talk.expect_complete(missing);
  EXPECT_EQ(missing->error().code(), ErrorCode::configuration);
  EXPECT_EQ(missing->error().message(), "table 'tab' does not exist");

  auto refused = start(Kind::check);
  talk.expect_request("DescribeTable");
  talk.fault(400, "AccessDeniedException");
  talk.expect_complete(refused);
  EXPECT_EQ(refused->error().details().service_name, "AccessDeniedException");
}

TEST_F(TableTest, DeletesAndWaitsUntilItIsGone) {
  auto running = start(Kind::remove);
  talk.expect_request("DeleteTable");
  talk.answer("{}");
  look(R"({"Table":{"TableStatus":"DELETING"}})");
  wait();
  no_table();
  talk.expect_complete(running);
  EXPECT_EQ(running->value().added_indexes, std::vector<std::string>{});
  EXPECT_EQ(told, std::vector<std::string>{"DELETING"});
}

TEST_F(TableTest, ADeletionWhoseAnswerWasLostIsFinished) {
  auto running = start(Kind::remove);
  talk.expect_request("DeleteTable");
  talk.lost();
  talk.wait_for_retry();
  talk.expect_request("DeleteTable");
  talk.fault(400, "ResourceNotFoundException");
  no_table();
  talk.expect_complete(running);
  EXPECT_FALSE(running->value().ttl);
}

TEST_F(TableTest, DeletingWhatIsNotThereIsAnError) {
  auto running = start(Kind::remove);
  talk.expect_request("DeleteTable");
  talk.fault(400, "ResourceNotFoundException");
  talk.expect_complete(running);
  EXPECT_EQ(running->error().code(), ErrorCode::configuration);
  EXPECT_THAT(running->error().message(), HasSubstr("does not exist"));
}

TEST_F(TableTest, CancelledWhileItWaits) {
  auto running = start(Kind::remove);
  talk.expect_request("DeleteTable");
  talk.answer("{}");
  look(R"({"Table":{"TableStatus":"DELETING"}})");
  talk.expect_timer(500, 500);
  talk.cancel(running);
  talk.expect_complete(running);
  EXPECT_EQ(running->error().code(), ErrorCode::cancelled);
}

// The wait ends before the deadline, not after it.
TEST_F(TableTest, TheDeadlineEndsTheWait) {
  auto running = start(Kind::remove);
  talk.expect_request("DeleteTable");
  talk.answer("{}");
  talk.expect_request("DescribeTable");
  talk.advance(29'700);
  talk.answer(R"({"Table":{"TableStatus":"DELETING"}})");
  talk.expect_complete(running);
  EXPECT_EQ(running->error().code(), ErrorCode::timeout);
}

// An answer without a status says nothing about the table.
TEST_F(TableTest, AnAnswerWithoutAStatusIsAskedAgain) {
  auto running = start(Kind::remove);
  talk.expect_request("DeleteTable");
  talk.answer("{}");
  look("{}");
  talk.wait_for_retry();
  no_table();
  talk.expect_complete(running);
  EXPECT_FALSE(running->value().ttl);
}

}  // namespace
}  // namespace bao::scripted
