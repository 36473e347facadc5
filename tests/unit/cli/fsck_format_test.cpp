// Keys in the other key format than the model's: found, told apart, and moved.
#include <fstream>
#include <iterator>

#include "unit/cli/fsck_fixture.hpp"

namespace bao::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// Scores, whose keys hold what the formats write differently.
class FsckFormatTest : public FsckTest {
 protected:
  /// `key`: the model's primary key in YAML.
  void use_format(int format, const std::string& key, const std::string& more_models = {}) {
    write("models.yaml", R"(models:
  Score:
    modelPrefix: s
    keyFormat: )" + std::to_string(format) +
                             R"(
    iterable: true
    iterationBuckets: 1
    fields:
      game: {type: StringField}
      points: {type: FloatField}
      level: {type: IntegerField}
      nick: {type: StringField}
      ttl: {type: TtlField}
    primaryKey: )" + key + R"(
    indexes: {byLevel: {partitionKey: game, sortKey: level, indexId: gsi1}}
    uniqueConstraints: {uniqueNick: {field: nick, uniqueConstraintId: uc1}}
)" + more_models);
  }
  /// Of game chess: points -1.5, level -5, nick ann.
  void create_score(const std::string& tenant = {}, std::int64_t ttl_ms = 0) {
    const auto creating = [ttl_ms]() -> Task<void> {
      std::vector<DynamicChange> changes(4);
      changes[0] = {.field = "game", .change = {.value = Value("chess")}};
      changes[1] = {.field = "points", .change = {.value = Value(Number{"-1.5"})}};
      changes[2] = {.field = "level", .change = {.value = Value(-5)}};
      changes[3] = {.field = "nick", .change = {.value = Value("ann")}};
      if (ttl_ms != 0) changes.push_back({.field = "ttl", .change = {.value = Value(ttl_ms)}});
      co_await DynamicModel("Score").create(changes);
    };
    in_tenant(tenant, creating);
  }
  /// The item that the model finds there, as its fields.
  Value::Map found(const std::string& id, const std::string& tenant = {}) {
    Value::Map fields;
    in_tenant(tenant, [&]() -> Task<void> { fields = (co_await DynamicModel("Score").find(id)).fields; });
    return fields;
  }
  void in_tenant(const std::string& tenant, const std::function<Task<void>()>& work) {
    with_client([&]() -> Task<void> {
      if (tenant.empty()) {
        co_await work();
      } else {
        co_await run_with_tenant(tenant, work);
      }
    });
  }
  /// Every row, as text without spaces.
  std::string rows() {
    std::string text;
    with_client([&text]() -> Task<void> {
      auto page = co_await detail::scan_rows({.consistent = true});
      for (const core::ItemRef& row : page.items) core::JsonWriter(text).item(row.view());
    });
    return text;
  }
};

constexpr const char* by_game = "{partitionKey: game}";
constexpr const char* by_points = "{partitionKey: game, sortKey: points}";
constexpr const char* id_in_1 = "chess##__SK__##-1.50000000000000000000e+0";
constexpr const char* id_in_2 = "chess##__SK__##4007ffffffffffff";

TEST_F(FsckFormatTest, IndexKeysMoveBetweenTheFormatsBothWays) {
  use_format(1, by_game);
  create_score();
  EXPECT_EQ(fsck(), 0) << out_;
  use_format(2, by_game);
  expect_repaired(
      "Score chess: _gsi1_sk is '000000000000000000-5' in key format 1, should be '-9999999999999999994' in "
      "format 2");
  use_format(1, by_game);
  expect_repaired(
      "Score chess: _gsi1_sk is '-9999999999999999994' in key format 2, should be '000000000000000000-5' in "
      "format 1");
}

TEST_F(FsckFormatTest, WhatIsInNeitherFormatIsNoMatterOfFormats) {
  use_format(2, by_game);
  create_score();
  change("s#chess", "_gsi1_sk", "-5");
  EXPECT_EQ(fsck(), 1);
  EXPECT_THAT(out_, HasSubstr("Score chess: _gsi1_sk is '-5', should be '-9999999999999999994'\n"));
}

TEST_F(FsckFormatTest, JsonNamesBothFormats) {
  use_format(1, by_points);
  create_score();
  use_format(2, by_points);
  EXPECT_EQ(fsck({.json = true}), 1);
  EXPECT_EQ(
      out_,
      R"({"kind":"key_format","model":"Score","id":"chess##__SK__##-1.50000000000000000000e+0","pk":"s#chess","sk":"-1.50000000000000000000e+0","attribute":"_sk","expected":"4007ffffffffffff","found":"-1.50000000000000000000e+0","foundFormat":1,"modelFormat":2,"obstacle":"--move-keys moves it","repairable":false,"repaired":false})"
      "\n");
}

TEST_F(FsckFormatTest, ItemsMoveOnlyWhereThatIsAskedFor) {
  use_format(1, by_points);
  create_score();
  use_format(2, by_points);
  const std::string before = rows();
  EXPECT_EQ(fsck({.repair = true}), 1);
  EXPECT_THAT(out_, HasSubstr("_sk is '-1.50000000000000000000e+0' in key format 1, should be "
                              "'4007ffffffffffff' in format 2 (--move-keys moves it)\n"));
  EXPECT_EQ(rows(), before);
  EXPECT_EQ(fsck({.repair = true, .move_keys = true}), 0) << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("(repaired)"));
  EXPECT_EQ(fsck(), 0) << out_;
  EXPECT_THAT(out_, testing::StartsWith("1 items and 1 unique rows checked: 0 findings"));
  const Value::Map fields = found(id_in_2);
  EXPECT_EQ(fields.at("level"), Value(Number{"-5"}));
  EXPECT_EQ(fields.at("nick"), Value("ann"));
  EXPECT_THAT(rows(), AllOf(Not(HasSubstr(id_in_1)), HasSubstr(id_in_2), HasSubstr("-9999999999999999994")));
  // The unique value finds it, and is given back with it.
  with_client([]() -> Task<void> {
    const DynamicModel scores("Score");
    EXPECT_TRUE((co_await scores.find_by_unique_constraint("uniqueNick", Value("ann"))).exists);
    co_await scores.remove(id_in_2);
  });
  EXPECT_EQ(rows(), "");
}

TEST_F(FsckFormatTest, MovesBackToo) {
  use_format(2, by_points);
  create_score("acme", 4'000'000'000'000);
  use_format(1, by_points);
  EXPECT_EQ(fsck({.repair = true, .move_keys = true}), 0) << out_ << err_;
  EXPECT_THAT(out_, testing::StartsWith("[acme] Score chess"));
  EXPECT_EQ(fsck(), 0) << out_;
  EXPECT_EQ(found(id_in_1, "acme").size(), 5U);
}

// What is wrong with its unique rows is put right on the way.
TEST_F(FsckFormatTest, UniqueRowsMoveAlong) {
  use_format(1, by_points);
  create_score();
  change("_raft_uc#_uc1#s#nick:ann", "relatedId", "chess##__SK__##nobody");
  use_format(2, by_points);
  EXPECT_EQ(fsck({.repair = true, .move_keys = true}), 0) << out_ << err_;
  EXPECT_THAT(rows(), HasSubstr(std::string(R"("relatedId":{"S":")") + id_in_2));
  EXPECT_EQ(fsck(), 0) << out_;
}

TEST_F(FsckFormatTest, AnItemThatOthersReferToStays) {
  use_format(1, by_points);
  create_score();
  use_format(2, by_points, R"(  Praise:
    modelPrefix: pr
    fields: {id: {type: StringField}, score: {type: RelatedField, model: Score}}
    primaryKey: {partitionKey: id}
)");
  const std::string before = rows();
  EXPECT_EQ(fsck({.repair = true, .move_keys = true}), 1);
  EXPECT_THAT(out_, HasSubstr("(Praise.score may refer to it by its id, which would change)"));
  EXPECT_EQ(rows(), before);
}

TEST_F(FsckFormatTest, NobodyIsOverwritten) {
  use_format(1, by_points);
  create_score();
  use_format(2, by_points);
  put(R"({"_pk":{"S":"s#chess"},"_sk":{"S":"4007ffffffffffff"},"game":{"S":"chess"},"points":{"N":"-1.5"},)"
      R"("_iter_pk":{"S":"s#iter"},"_iter_sk":{"S":"chess##__SK__##4007ffffffffffff"}})");
  const std::string before = rows();
  for (const bool move_keys : {false, true}) {
    EXPECT_EQ(fsck({.repair = true, .move_keys = move_keys}), 1);
    EXPECT_THAT(out_, AllOf(HasSubstr("'4007ffffffffffff' in format 2 (somebody stands there already)\n"),
                            HasSubstr("1 findings, 0 repaired")));
    EXPECT_EQ(rows(), before);
  }
}

TEST_F(FsckFormatTest, TooManyAttributesForOneConditionStay) {
  use_format(1, by_points);
  create_score();
  std::string many;
  for (int attribute = 0; attribute < 200; ++attribute) {
    many += ",\"attribute" + std::to_string(attribute) + R"(":{"S":"x"})";
  }
  put(R"({"_pk":{"S":"s#go"},"_sk":{"S":"-1.50000000000000000000e+0"},"game":{"S":"go"},"points":{"N":"-1.5"})" +
      many + "}");
  use_format(2, by_points);
  EXPECT_EQ(fsck({.repair = true, .move_keys = true}), 1);
  EXPECT_THAT(out_, AllOf(HasSubstr("(it has too many attributes for one condition)"),
                          HasSubstr("2 findings, 1 repaired")));
}

// In format 1 tenants share the partition of such a model, and their items have the tenant in other keys
// only.
TEST_F(FsckFormatTest, TenantsLeaveAPartitionThatTheyShared) {
  constexpr const char* shared = "{partitionKey: modelPrefix, sortKey: points}";
  use_format(1, shared);
  create_score("acme");
  use_format(2, shared);
  const std::string before = rows();
  // Not taken for an item of no tenant: neither its keys nor its unique row are touched.
  EXPECT_EQ(fsck({.repair = true}), 1);
  EXPECT_THAT(out_,
              HasSubstr("[acme] Score -1.50000000000000000000e+0: _pk is 's' in key format 1, should be "
                        "'[acme]#s' in format 2"));
  EXPECT_THAT(out_, HasSubstr("1 findings, 0 repaired"));
  EXPECT_EQ(rows(), before);
  EXPECT_EQ(fsck({.repair = true, .move_keys = true}), 0) << out_ << err_;
  EXPECT_EQ(fsck(), 0) << out_;
  EXPECT_EQ(found("4007ffffffffffff", "acme").at("nick"), Value("ann"));
}

// The other way their items would lie among everybody's, and without other keys nothing would name the
// tenant.
TEST_F(FsckFormatTest, TenantsDoNotMoveIntoAPartitionThatTheyWouldShare) {
  for (const bool iterable : {false, true}) {
    write("models.yaml", std::string(R"(models:
  Part:
    modelPrefix: pp
    keyFormat: 1
    )") + (iterable ? "iterable: true\n    iterationBuckets: 1" : "iterable: false") +
                             R"(
    fields: {a: {type: StringField}}
    primaryKey: {partitionKey: modelPrefix, sortKey: a}
)");
    for (const std::string tenant : {"t1", "t2"}) {
      std::string row = R"({"_pk":{"S":"[)" + tenant + R"(]#pp"},"_sk":{"S":"x"},"a":{"S":"x"})";
      if (iterable) row += R"(,"_iter_pk":{"S":"[)" + tenant + R"(]#pp#iter"},"_iter_sk":{"S":"x"})";
      put(row + "}");
    }
    const std::string before = rows();
    for (const bool move_keys : {false, true}) {
      EXPECT_EQ(fsck({.repair = true, .move_keys = move_keys}), 1) << err_;
      for (const std::string tenant : {"t1", "t2"}) {
        EXPECT_THAT(out_, HasSubstr("[" + tenant + "] Part x: _pk is '[" + tenant +
                                    "]#pp' in key format 2, should be 'pp' in format 1 (it would lose its "
                                    "tenant: all tenants share that partition)\n"));
      }
      EXPECT_THAT(out_, HasSubstr("2 findings, 0 repaired"));
      EXPECT_EQ(rows(), before);
    }
  }
}

TEST_F(FsckFormatTest, ExpiredItemsStayWhereTheyAre) {
  use_format(1, by_points);
  create_score({}, 1'000'000'000'000);
  use_format(2, by_points);
  EXPECT_EQ(fsck({.repair = true, .move_keys = true}), 0) << out_;
}

}  // namespace
}  // namespace bao::cli
