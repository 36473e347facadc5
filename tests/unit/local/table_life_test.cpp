#include <gtest/gtest.h>

#include "local/catalogue.hpp"
#include "unit/local/engine_fixture.hpp"

namespace bao::local {
namespace {

std::string describe(LocalEngine& engine) {
  return engine.handle("DescribeTable", R"({"TableName":"main"})").body;
}

class RealisticTables : public ::testing::Test {
 protected:
  RealisticTables()
      : engine_(make_memory_store(), {.now_ms = [this] { return now_ms_; }, .table_change_ms = 100}) {}
  Answer call(std::string_view operation, std::string_view body) {
    return engine_.handle(operation, std::string(body));
  }
  std::int64_t now_ms_ = 1'767'225'600'123;
  LocalEngine engine_;
};

TEST_F(RealisticTables, TakeTimeToBeMadeChangedAndDeleted) {
  constexpr std::string_view put =
      R"({"TableName":"main","Item":{"pk":{"S":"a"},"sk":{"S":"b"},"n":{"S":"x"}}})";
  EXPECT_NE(call("CreateTable", main_table).body.find(R"("TableStatus":"CREATING")"), std::string::npos);
  EXPECT_NE(call("PutItem", put).body.find("ResourceNotFoundException"), std::string::npos);
  EXPECT_NE(call("DeleteTable", R"({"TableName":"main"})").body.find("Table is being created: main"),
            std::string::npos);
  now_ms_ += 100;
  EXPECT_NE(describe(engine_).find(R"("TableStatus":"ACTIVE")"), std::string::npos);
  EXPECT_EQ(call("PutItem", put).status, 200);

  constexpr std::string_view add_index =
      R"({"TableName":"main","AttributeDefinitions":[{"AttributeName":"n","AttributeType":"S"}],"GlobalSecondaryIndexUpdates":[{"Create":
        {"IndexName":"late","KeySchema":[{"AttributeName":"n","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}}]})";
  const std::string changed = call("UpdateTable", add_index).body;
  EXPECT_NE(changed.find(R"("TableStatus":"UPDATING")"), std::string::npos) << changed;
  EXPECT_NE(changed.find(R"("IndexStatus":"CREATING","Backfilling":true)"), std::string::npos) << changed;
  EXPECT_NE(call("UpdateTable", add_index).body.find("Table is being updated: main"), std::string::npos);
  constexpr std::string_view query =
      R"({"TableName":"main","IndexName":"late","KeyConditionExpression":"n = :n","ExpressionAttributeValues":{":n":{"S":"x"}}})";
  EXPECT_NE(call("Query", query).body.find("Cannot read from backfilling global secondary index: late"),
            std::string::npos);
  EXPECT_EQ(call("PutItem", put).status, 200);
  now_ms_ += 100;
  EXPECT_NE(call("Query", query).body.find(R"("Count":1)"), std::string::npos);

  constexpr std::string_view drop_index =
      R"({"TableName":"main","GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"late"}}]})";
  EXPECT_NE(call("UpdateTable", drop_index).body.find(R"("IndexStatus":"DELETING")"), std::string::npos);
  now_ms_ += 100;
  EXPECT_EQ(describe(engine_).find("late"), std::string::npos);

  EXPECT_NE(call("DeleteTable", R"({"TableName":"main"})").body.find(R"("TableStatus":"DELETING")"),
            std::string::npos);
  EXPECT_NE(describe(engine_).find(R"("TableStatus":"DELETING")"), std::string::npos);
  EXPECT_NE(call("PutItem", put).body.find("ResourceNotFoundException"), std::string::npos);
  now_ms_ += 100;
  EXPECT_NE(describe(engine_).find("ResourceNotFoundException"), std::string::npos);
  EXPECT_EQ(call("ListTables", "{}").body, R"({"TableNames":[]})");
}

class TableLife : public EngineTest {};

TEST_F(TableLife, IndexesTellTheirFigures) {
  put("a", "1", R"("g1p":{"S":"x"},"g1s":{"N":"1"},"ip":{"S":"i"},"other":{"S":"longer than the keys"})");
  const auto figures = [this](std::string_view index) {
    const std::string text = describe(engine_);
    const std::size_t at = text.find(R"("IndexName":")" + std::string(index));
    const std::size_t from = text.find(R"("IndexSizeBytes")", at);
    return text.substr(from, text.find(R"(,"IndexArn")", from) - from);
  };
  EXPECT_EQ(figures("gsi1"), R"("IndexSizeBytes":43,"ItemCount":1)");
  EXPECT_EQ(figures("iter"), R"("IndexSizeBytes":9,"ItemCount":1)");
  put("a", "1", R"("ip":{"S":"i2"})");
  EXPECT_EQ(figures("gsi1"), R"("IndexSizeBytes":0,"ItemCount":0)");
  EXPECT_EQ(figures("iter"), R"("IndexSizeBytes":10,"ItemCount":1)");
}

TEST_F(TableLife, Tags) {
  constexpr std::string_view arn = R"("ResourceArn":"arn:aws:dynamodb:local:000000000000:table/main")";
  const auto body = [&](std::string_view more) { return "{" + std::string(arn) + std::string(more) + "}"; };
  EXPECT_EQ(ok("ListTagsOfResource", body("")), R"({"Tags":[]})");
  EXPECT_EQ(ok("TagResource", body(R"(,"Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":""}])")), "");
  ok("TagResource", body(R"(,"Tags":[{"Key":"a","Value":"2"}])"));
  EXPECT_EQ(ok("ListTagsOfResource", body("")),
            R"({"Tags":[{"Key":"a","Value":"2"},{"Key":"b","Value":""}]})");
  ok("UntagResource", body(R"(,"TagKeys":["a","zz"])"));
  EXPECT_EQ(ok("ListTagsOfResource", body("")), R"({"Tags":[{"Key":"b","Value":""}]})");
  EXPECT_EQ(invalid("ListTagsOfResource", "{}"), "Invalid TableArn");
  EXPECT_EQ(invalid("ListTagsOfResource", R"({"ResourceArn":"main"})"),
            "Invalid TableArn: Invalid ResourceArn provided as input main");
  EXPECT_EQ(
      error("ListTagsOfResource", R"({"ResourceArn":"arn:aws:dynamodb:local:000000000000:table/nope"})"),
      "ResourceNotFoundException: Requested resource not found: ResourcArn: "
      "arn:aws:dynamodb:local:000000000000:table/nope not found");
  EXPECT_EQ(invalid("TagResource", body("")), "Atleast one Tag needs to be provided as Input.");
  EXPECT_EQ(invalid("UntagResource", body(R"(,"TagKeys":[])")),
            "Atleast one Tag Key needs to be provided as Input.");
  EXPECT_NE(invalid("TagResource", body(R"(,"Tags":[{"Key":"aws:x","Value":"1"}])")).find("reserved"),
            std::string::npos);
  EXPECT_NE(invalid("TagResource", body(R"(,"Tags":[{"Key":"x","Value":"1"},{"Key":"x","Value":"2"}])"))
                .find("Duplicate"),
            std::string::npos);
  EXPECT_NE(invalid("TagResource", body(R"(,"Tags":[{"Key":"","Value":"1"}])")).find("'tags.1.member.key'"),
            std::string::npos);
  std::string many;
  for (int i = 0; i < 50; ++i)
    many += std::string(i > 0 ? "," : "") + R"({"Key":"k)" + std::to_string(i) + R"(","Value":"v"})";
  EXPECT_TRUE(error("TagResource", body(R"(,"Tags":[)" + many + "]")).starts_with("LimitExceededException"));
}

TEST_F(TableLife, AccountAnswers) {
  EXPECT_EQ(ok("DescribeEndpoints", "{}"),
            R"({"Endpoints":[{"Address":"localhost","CachePeriodInMinutes":1440}]})");
  EXPECT_NE(ok("DescribeLimits", "{}").find(R"("TableMaxWriteCapacityUnits":40000)"), std::string::npos);
}

TEST_F(TableLife, SweepDeletesWhatHasExpired) {
  ok("UpdateTimeToLive",
     R"({"TableName":"main","TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":true}})");
  const std::int64_t now_s = now_ms_ / 1000;
  const auto with_ttl = [](const std::string& number) {
    return R"("ip":{"S":"i"},"ttl":{"N":")" + number + "\"}";
  };
  for (int i = 0; i < 25; ++i) put("over", std::to_string(i), with_ttl(std::to_string(now_s - i)));
  put("keep", "future", with_ttl(std::to_string(now_s + 10)));
  put("keep", "ancient", with_ttl("86400"));
  put("keep", "text", R"("ttl":{"S":"1"})");
  put("keep", "none");
  std::size_t calls = 0;
  std::size_t deleted = 0;
  LocalEngine::Sweep report;
  do {
    report = engine_.sweep(10);
    EXPECT_LE(report.examined, 10U);
    deleted += report.deleted;
  } while (!report.finished && ++calls < 100);
  EXPECT_EQ(deleted, 25U);
  EXPECT_EQ(calls, 2U);
  EXPECT_EQ(ok("Scan", R"({"TableName":"main","Select":"COUNT"})"), R"({"Count":4,"ScannedCount":4})");
  EXPECT_EQ(ok("Scan", R"({"TableName":"main","IndexName":"iter","Select":"COUNT"})"),
            R"({"Count":2,"ScannedCount":2})");
  now_ms_ += 10'000;
  EXPECT_EQ(engine_.sweep(1000).deleted, 1U);
}

TEST_F(TableLife, SweepGoesOnInTheNextTable) {
  for (const std::string name : {"t1", "t2"}) {
    ok("CreateTable",
       R"({"TableName":")" + name + "x" +
           R"(","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}]})");
    ok("UpdateTimeToLive",
       R"({"TableName":")" + name + R"(x","TimeToLiveSpecification":{"AttributeName":"e","Enabled":true}})");
    for (int i = 0; i < 4; ++i) {
      ok("PutItem", R"({"TableName":")" + name + R"(x","Item":{"p":{"S":")" + std::to_string(i) +
                        R"("},"e":{"N":"1767225000"}}})");
    }
  }
  EXPECT_FALSE(engine_.sweep(4).finished);
  const LocalEngine::Sweep second = engine_.sweep(4);
  EXPECT_EQ(second.deleted, 4U);
  EXPECT_TRUE(engine_.sweep(4).finished);
  EXPECT_EQ(ok("Scan", R"({"TableName":"t2x","Select":"COUNT"})"), R"({"Count":0,"ScannedCount":0})");
}

TEST(Catalogue, ADefinitionSurvives) {
  Table table;
  table.name = "t";
  table.id = "some-id";
  table.keys = {.partition = {"p", Tag::string}, .sort = KeyAttribute{"s", Tag::number}};
  table.attributes = {{"p", Tag::string}, {"s", Tag::number}, {"g", Tag::binary}};
  SecondaryIndex index;
  index.name = "gsi";
  index.keys.partition = {"g", Tag::binary};
  index.projection = {Projection::Kind::include, {"a", "b"}};
  index.space = 7;
  index.entries = 3;
  table.indexes.push_back(index);
  table.space = 6;
  table.pay_per_request = true;
  table.ttl_attribute = "ttl";
  table.tags = {{"k", "v"}};
  table.items = 9;
  table.table_class = TableClass::infrequent_access;
  const std::string bytes = encode_table(table);
  const auto read = decode_table(bytes);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(encode_table(*read), bytes);
  EXPECT_EQ(read->indexes[0].projection.include, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(read->keys.sort->name, "s");
  EXPECT_EQ(read->tags[0].value, "v");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_table(std::string_view(bytes).substr(0, size)).has_value()) << size;
  }
}

TEST(Catalogue, ADefinitionOfTheFirstVersionIsRead) {
  Table table;
  table.name = "t";
  table.keys.partition = {"p", Tag::string};
  table.tags = {{"k", "v"}};
  const std::string bytes = encode_table(table);
  // It had no table class, which is the last member now.
  ASSERT_EQ(bytes.front(), 2);
  const auto read = decode_table("\x01" + bytes.substr(1, bytes.size() - 2));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(encode_table(*read), bytes);
  EXPECT_FALSE(decode_table("\x03" + bytes.substr(1)).has_value());
}

/// A store that outlives its engine.
class SharedStore final : public Store {
 public:
  explicit SharedStore(Store& store) : store_(store) {}
  StoreResult<std::optional<std::string_view>> get(SpaceId space, std::string_view key) override {
    return store_.get(space, key);
  }
  std::unique_ptr<Cursor> cursor(SpaceId space) override { return store_.cursor(space); }
  StoreResult<void> commit(WriteBatch& batch) override { return store_.commit(batch); }

 private:
  Store& store_;
};

TEST(Catalogue, AReopenedStoreHasTheSameTablesAndTokens) {
  const auto store = make_memory_store();
  const LocalEngineOptions options{.now_ms = [] { return std::int64_t{1'767'225'600'123}; }};
  const std::string transaction =
      R"({"ClientRequestToken":"t","TransactItems":[{"Update":{"TableName":"main","Key":{"pk":{"S":"a"},"sk":{"S":"b"}},)"
      R"("UpdateExpression":"ADD n :n","ExpressionAttributeValues":{":n":{"N":"1"}}}}]})";
  std::string before;
  {
    LocalEngine engine(std::make_unique<SharedStore>(*store), options);
    ASSERT_EQ(engine.handle("CreateTable", std::string(main_table)).status, 200);
    ASSERT_EQ(engine.handle("TransactWriteItems", transaction).status, 200);
    before = describe(engine);
  }
  LocalEngine engine(std::make_unique<SharedStore>(*store), options);
  EXPECT_EQ(engine.open_error(), "");
  EXPECT_EQ(describe(engine), before);
  EXPECT_EQ(engine.handle("TransactWriteItems", transaction).status, 200);
  EXPECT_EQ(engine.handle("GetItem", R"({"TableName":"main","Key":{"pk":{"S":"a"},"sk":{"S":"b"}}})").body,
            R"({"Item":{"pk":{"S":"a"},"sk":{"S":"b"},"n":{"N":"1"}}})");
  EXPECT_EQ(engine.handle("DeleteTable", R"({"TableName":"main"})").status, 200);
  LocalEngine third(std::make_unique<SharedStore>(*store), options);
  EXPECT_EQ(third.handle("ListTables", "{}").body, R"({"TableNames":[]})");
}

TEST(Catalogue, AnUnreadableDatabaseRefusesEverything) {
  const auto store = make_memory_store();
  WriteBatch batch;
  batch.put(catalogue_space, table_entry_key("t"), "\x7F");
  ASSERT_TRUE(store->commit(batch).has_value());
  LocalEngine engine(std::make_unique<SharedStore>(*store), {.now_ms = [] { return std::int64_t{0}; }});
  EXPECT_EQ(engine.open_error(), "The database holds a table definition that this version cannot read");
  EXPECT_EQ(engine.handle("ListTables", "{}").status, 500);
}

}  // namespace
}  // namespace bao::local
