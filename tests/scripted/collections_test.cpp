#include "core/engine/batch_write.hpp"
#include "core/engine/iterate.hpp"
#include "core/engine/scan.hpp"
#include "scripted/conversation.hpp"
#include "scripted/trouble_scenarios.hpp"

namespace bao::scripted {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Started<core::Page> scan(Conversation& talk, const core::ScanOptions& options, std::string tenant = {}) {
  return talk.start<core::Page>(
      [&](core::Call& call) { return core::scan(call, talk.model("Post"), options); }, nullptr,
      std::move(tenant));
}

Started<core::Page> count(Conversation& talk, const core::CountOptions& options) {
  return talk.start<core::Page>(
      [&](core::Call& call) { return core::count(call, talk.model("Post"), options); });
}

Started<core::IterationBatch> iterate(Conversation& talk, const core::IterateOptions& options,
                                      const core::IterationPosition& from = {}) {
  return talk.start<core::IterationBatch>(
      [&](core::Call& call) { return core::iterate(call, talk.model("Doc"), options, from); });
}

Started<core::BatchWritten> batch_write(Conversation& talk, std::string_view model,
                                        const core::BatchWrite& writes) {
  return talk.start<core::BatchWritten>(
      [&](core::Call& call) { return core::batch_write(call, talk.model(model), writes); });
}

TEST(Scan, OnlyTheModelsRowsInASegment) {
  Conversation talk;
  core::ScanOptions options;
  options.limit = 10;
  options.segment = 1;
  options.total_segments = 4;
  auto page = scan(talk, options);
  talk.expect_request("Scan", AllOf(HasSubstr("begins_with(#n0, :v0)"), HasSubstr(R"(":v0":{"S":"p#"})"),
                                    HasSubstr(R"("Limit":10)"), HasSubstr(R"("Segment":1)"),
                                    HasSubstr(R"("TotalSegments":4)")));
  talk.answer(R"({"Items":[{"_pk":{"S":"p#1"}}],"Count":1,"LastEvaluatedKey":{"_pk":{"S":"x"}}})");
  talk.expect_complete(page);
  EXPECT_EQ(page->value().items.size(), 1U);
  EXPECT_FALSE(page->value().last_evaluated_key.is_null());
}

TEST(Scan, EndsWithTheErrorOfARefusalAndRetriesTheRest) {
  Conversation talk;
  auto page = scan(talk, {});
  talk.expect_request("Scan");
  talk.fault(400, "ProvisionedThroughputExceededException");
  talk.wait_for_retry();
  talk.expect_request("Scan");
  talk.lost();
  talk.wait_for_retry();
  talk.expect_request("Scan");
  talk.fault(400, "AccessDeniedException");
  talk.expect_complete(page);
  EXPECT_EQ(page->error().code(), ErrorCode::service) << page->error().message();
}

TEST(Scan, RefusesBeforeSending) {
  Conversation talk;
  const auto refused = [&](const core::ScanOptions& options) {
    auto page = scan(talk, options);
    talk.expect_complete(page);
    EXPECT_EQ(page->error().code(), ErrorCode::query) << page->error().message();
    talk.expect_nothing();
  };
  core::ScanOptions options;
  options.segment = 1;
  refused(options);
  options.total_segments = 1;
  refused(options);
  options.total_segments = 1'000'001;
  refused(options);
  options = {};
  options.index = "byNobody";
  refused(options);
  options.index = "byUser";
  options.consistent = true;
  refused(options);
}

TEST(Count, PageAfterPageWithAnErrorAtEach) {
  Conversation talk;
  auto page = count(talk, {});
  talk.expect_request("Scan", AllOf(HasSubstr(R"("Select":"COUNT")"), Not(HasSubstr("ExclusiveStartKey"))));
  talk.fault(500, "InternalServerError");
  talk.wait_for_retry();
  talk.expect_request("Scan", Not(HasSubstr("ExclusiveStartKey")));
  talk.answer(R"({"Count":40,"LastEvaluatedKey":{"_pk":{"S":"p#2"}}})");
  talk.expect_request("Scan", HasSubstr(R"("ExclusiveStartKey":{"_pk":{"S":"p#2"}})"));
  talk.lost();
  talk.wait_for_retry();
  talk.expect_request("Scan", HasSubstr("ExclusiveStartKey"));
  talk.answer(R"({"Count":2})");
  talk.expect_complete(page);
  EXPECT_EQ(page->value().count, 42);
}

// What trouble_test measures the disturbed runs by.
TEST(CollectionScenarios, GiveWhatTheTableHolds) {
  const std::vector<std::string> expected{"3:d#", "5:end", "d2,d3,d4,d5,d1,end", "d#d1,d#d9,", "a"};
  const std::vector<Scenario> scenarios = collections();
  ASSERT_EQ(scenarios.size(), expected.size());
  for (std::size_t position = 0; position < scenarios.size(); ++position) {
    SCOPED_TRACE(scenarios[position].name);
    TableDouble table;
    scenarios[position].seed(table);
    const Outcome outcome = scenarios[position].act(table);
    EXPECT_FALSE(outcome.error) << outcome.error->message();
    EXPECT_THAT(outcome.value, testing::StartsWith(expected[position]));
  }
}

TEST(Iterate, RefusesABucketThatIsNotThere) {
  Conversation talk;
  for (const std::int64_t bucket : {-1, 10}) {
    core::IterateOptions options;
    options.bucket = bucket;
    auto batch = iterate(talk, options);
    talk.expect_complete(batch);
    EXPECT_EQ(batch->error().code(), ErrorCode::query) << batch->error().message();
    talk.expect_nothing();
  }
}

TEST(BatchWrite, WritesAgainWhatWasLeftUnprocessed) {
  Conversation talk;
  core::BatchWrite writes;
  writes.puts = {{set(talk, "Post", "postId", "1")}, {set(talk, "Post", "postId", "2")}};
  auto written = batch_write(talk, "Post", writes);
  talk.expect_request("BatchWriteItem", AllOf(HasSubstr("p#1"), HasSubstr("p#2")));
  talk.answer(
      R"({"UnprocessedItems":{"tab":[{"PutRequest":{"Item":{"_pk":{"S":"p#2"},"_sk":{"S":"p"}}}}]}})");
  talk.wait_for_retry();
  talk.expect_request("BatchWriteItem", AllOf(HasSubstr("p#2"), Not(HasSubstr("p#1"))));
  talk.fault(400, "AccessDeniedException");
  talk.expect_complete(written);
  EXPECT_EQ(written->error().code(), ErrorCode::service) << written->error().message();
}

TEST(BatchWrite, OfTwoPutsOfOneItemTheLaterCounts) {
  Conversation talk;
  core::BatchWrite writes;
  writes.puts = {{set(talk, "Post", "postId", "1"), set(talk, "Post", "title", "early")},
                 {set(talk, "Post", "postId", "1"), set(talk, "Post", "title", "late")}};
  auto written = batch_write(talk, "Post", writes);
  talk.expect_request("BatchWriteItem", AllOf(HasSubstr("late"), Not(HasSubstr("early"))));
  talk.answer(R"({"UnprocessedItems":{}})");
  talk.expect_complete(written);
  ASSERT_EQ(written->value().puts.size(), 2U);
  for (const core::Written& put : written->value().puts) EXPECT_EQ(text_of(put.item, "title"), "late");
}

TEST(BatchWrite, RefusesToPutAndDeleteOneItem) {
  Conversation talk;
  core::BatchWrite writes;
  writes.puts = {{set(talk, "Post", "postId", "1")}};
  writes.removes = {{.partition = "1", .sort = {}}};
  auto written = batch_write(talk, "Post", writes);
  talk.expect_complete(written);
  EXPECT_EQ(written->error().code(), ErrorCode::validation) << written->error().message();
  talk.expect_nothing();
}

TEST(BatchWrite, WritesAgainADeleteThatWasLeft) {
  Conversation talk;
  core::BatchWrite writes;
  writes.removes = {{.partition = "1", .sort = {}}, {.partition = "2", .sort = {}}};
  auto written = batch_write(talk, "Post", writes);
  talk.expect_request("BatchWriteItem");
  talk.answer(
      R"({"UnprocessedItems":{"tab":[{"DeleteRequest":{"Key":{"_pk":{"S":"p#1"},"_sk":{"S":"p"}}}}]}})");
  talk.wait_for_retry();
  talk.expect_request("BatchWriteItem",
                      AllOf(HasSubstr("DeleteRequest"), HasSubstr("p#1"), Not(HasSubstr("p#2"))));
  talk.answer(R"({"UnprocessedItems":{}})");
  talk.expect_complete(written);
  EXPECT_TRUE(written->value().puts.empty());
}

TEST(BatchWrite, AnUnprocessedItemThatWasNotSentIsNoSuccess) {
  Conversation talk;
  core::BatchWrite writes;
  writes.removes = {{.partition = "1", .sort = {}}};
  auto written = batch_write(talk, "Post", writes);
  talk.expect_request("BatchWriteItem");
  talk.answer(
      R"({"UnprocessedItems":{"tab":[{"DeleteRequest":{"Key":{"_pk":{"S":"p#7"},"_sk":{"S":"p"}}}}]}})");
  talk.expect_complete(written);
  EXPECT_EQ(written->error().code(), ErrorCode::data_format) << written->error().message();
}

TEST(BatchWrite, AnErrorTellsHowManyAreWritten) {
  Conversation talk;
  core::BatchWrite writes;
  for (int id = 0; id < 30; ++id) writes.removes.push_back({.partition = std::to_string(id), .sort = {}});
  auto written = batch_write(talk, "Post", writes);
  const Sent first = talk.expect_request("BatchWriteItem");
  const Sent second = talk.expect_request("BatchWriteItem");
  talk.answer(first, R"({"UnprocessedItems":{}})");
  talk.respond(second, {.status = 400, .body = R"({"__type":"x#AccessDeniedException","message":"no"})"});
  talk.expect_complete(written);
  EXPECT_THAT(written->error().message(), HasSubstr("25 of 30 items are written"));
}

TEST(BatchWrite, RefusesAModelWithUniqueConstraints) {
  Conversation talk;
  core::BatchWrite writes;
  writes.puts = {{set(talk, "User", "userId", "1")}};
  auto written = batch_write(talk, "User", writes);
  talk.expect_complete(written);
  EXPECT_EQ(written->error().code(), ErrorCode::configuration) << written->error().message();
  talk.expect_nothing();
}

}  // namespace
}  // namespace bao::scripted
