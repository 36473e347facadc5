#include "core/engine/table_rows.hpp"

#include "scripted/conversation.hpp"

namespace bao::scripted {
namespace {

using core::RowScan;
using core::ScannedRows;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class TableRows : public testing::Test {
 protected:
  Started<ScannedRows> scan(RowScan scan = {}) {
    return talk.start<ScannedRows>([&](core::Call& call) { return core::scan_rows(call, std::move(scan)); });
  }
  Started<Capacity> put(std::vector<std::string> items) {
    return talk.start<Capacity>([&](core::Call& call) { return core::put_rows(call, std::move(items)); });
  }
  static std::string row(const std::string& name) { return R"({"k":{"S":")" + name + R"("},"n":{"N":"1"}})"; }
  static std::string requests(const std::string& name) {
    return R"({"PutRequest":{"Item":)" + row(name) + "}}";
  }
  static std::string left(const std::string& list) {
    return R"({"UnprocessedItems":{"tab":[)" + list + R"(]}})";
  }

  Conversation talk;
};

TEST_F(TableRows, ScansAPageOfASegment) {
  Value::Map key;
  key.emplace("k", Value("a"));
  auto running =
      scan({.start_key = Value(key), .segment = 2, .total_segments = 4, .limit = 10, .consistent = true});
  talk.expect_request("Scan",
                      AllOf(HasSubstr(R"("TableName":"tab")"),
                            HasSubstr(R"("Segment":2,"TotalSegments":4,"Limit":10,"ConsistentRead":true)"),
                            HasSubstr(R"("ExclusiveStartKey":{"k":{"S":"a"}})")));
  talk.answer(R"({"Items":[)" + row("b") + "," + row("c") + R"(],"Count":2,"LastEvaluatedKey":{"k":{"S":"c"}},
      "ConsumedCapacity":{"TableName":"tab","CapacityUnits":1.5}})");
  talk.expect_complete(running);
  ASSERT_EQ(running->value().items.size(), 2U);
  EXPECT_EQ(text_of(running->value().items[1], "k"), "c");
  EXPECT_FALSE(running->value().last_evaluated_key.is_null());
  EXPECT_EQ(running->value().capacity.read, 1.5);
}

TEST_F(TableRows, ScansAWholeTableWithoutNamingSegments) {
  auto running = scan();
  talk.expect_request("Scan", AllOf(Not(HasSubstr("Segment")), Not(HasSubstr("Limit")),
                                    Not(HasSubstr("Consistent")), Not(HasSubstr("ExclusiveStartKey"))));
  talk.answer(R"({"Items":[],"Count":0})");
  talk.expect_complete(running);
  EXPECT_TRUE(running->value().items.empty());
  EXPECT_TRUE(running->value().last_evaluated_key.is_null());
}

TEST_F(TableRows, AScanThatIsThrottledIsTriedAgainAndARefusedOneIsAnError) {
  auto running = scan();
  talk.expect_request("Scan");
  talk.fault(400, "ProvisionedThroughputExceededException");
  talk.wait_for_retry();
  talk.expect_request("Scan");
  talk.fault(400, "ResourceNotFoundException", "no table");
  talk.expect_complete(running);
  EXPECT_EQ(running->error().code(), ErrorCode::service);
  EXPECT_EQ(running->error().details().service_name, "ResourceNotFoundException");
}

TEST_F(TableRows, PutsWhatIsLeftAgain) {
  auto running = put({row("a"), row("b"), row("c")});
  talk.expect_request("BatchWriteItem", HasSubstr(R"("RequestItems":{"tab":[)" + requests("a") + "," +
                                                  requests("b") + "," + requests("c") + "]}"));
  talk.answer(left(requests("c") + "," + requests("b")));
  talk.wait_for_retry();
  talk.expect_request("BatchWriteItem", HasSubstr("[" + requests("c") + "," + requests("b") + "]"));
  talk.answer(left(requests("b")));
  talk.wait_for_retry();
  talk.expect_request("BatchWriteItem", HasSubstr("[" + requests("b") + "]"));
  talk.answer(R"({"UnprocessedItems":{},"ConsumedCapacity":[{"TableName":"t","CapacityUnits":2.0}]})");
  talk.expect_complete(running);
  EXPECT_EQ(running->value().write, 2.0);
}

TEST_F(TableRows, GivesUpWhereNothingIsEverWritten) {
  auto running = put({row("a")});
  for (int attempt = 1; attempt <= 8; ++attempt) {
    talk.expect_request("BatchWriteItem");
    talk.answer(left(requests("a")));
    if (attempt < 8) {
      talk.expect_timer(0, 20'000);
      talk.fire_timer();
    }
  }
  talk.expect_complete(running);
  EXPECT_EQ(running->error().code(), ErrorCode::throttling);
}

TEST_F(TableRows, ALostAnswerIsTriedAgainAsPutsAreIdempotent) {
  auto running = put({row("a")});
  talk.expect_request("BatchWriteItem");
  talk.lost();
  talk.wait_for_retry();
  talk.expect_request("BatchWriteItem", HasSubstr(requests("a")));
  talk.answer(left(""));
  talk.expect_complete(running);
  EXPECT_EQ(running->value().write, 0);
}

TEST_F(TableRows, AnswersThatMakeNoSenseAreErrors) {
  auto more = put({row("a")});
  talk.expect_request("BatchWriteItem");
  talk.answer(left(requests("a") + "," + requests("b")));
  talk.expect_complete(more);
  EXPECT_EQ(more->error().code(), ErrorCode::data_format);

  auto without = put({row("a")});
  for (int attempt = 1; attempt <= 8; ++attempt) {
    talk.expect_request("BatchWriteItem");
    talk.answer("{}");
    if (attempt < 8) {
      talk.expect_timer(0, 20'000);
      talk.fire_timer();
    }
  }
  talk.expect_complete(without);
  EXPECT_FALSE(without->slot->has_value());
}

TEST_F(TableRows, ARefusedPutIsAnError) {
  auto running = put({row("a")});
  talk.expect_request("BatchWriteItem");
  talk.fault(400, "ValidationException", "The provided key element does not match the schema");
  talk.expect_complete(running);
  EXPECT_EQ(running->error().details().service_text, "The provided key element does not match the schema");
}

}  // namespace
}  // namespace bao::scripted
