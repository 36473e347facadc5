#include "core/fsck/check.hpp"

#include "core/request/answer.hpp"
#include "core/request/body.hpp"
#include "scripted/trouble_scenarios.hpp"

namespace bao::scripted {

namespace {

using testing::IsEmpty;

core::ItemRef row_of(TableDouble& table, const core::RowKey& key) {
  auto answer = core::parse_answer(table.direct("GetItem", core::get_item_body("tab", key, true)));
  return answer && answer->item ? answer->item_ref() : core::ItemRef();
}

void set_attribute(TableDouble& table, const core::RowKey& key, const std::string& name,
                   const std::string& value) {
  table.direct("UpdateItem",
               R"({"TableName":"tab","Key":{"_pk":{"S":")" + key.pk + R"("},"_sk":{"S":")" + key.sk +
                   R"("}},"UpdateExpression":"SET #a = :v","ExpressionAttributeNames":{"#a":")" + name +
                   R"("},"ExpressionAttributeValues":{":v":{"S":")" + value + R"("}}})");
}

const core::RowKey ann{.pk = "u#ann", .sk = "u"};
const core::RowKey ann_email{.pk = "_raft_uc#_uc1#u#email:ann@x", .sk = "_raft_uc"};

void seed_ann(TableDouble& table) {
  const auto written =
      table.create("User", {table.set("User", "userId", "ann"), table.set("User", "email", "ann@x")});
  ASSERT_TRUE(written) << written.error().message();
}

Result<core::CheckedRows> check(TableDouble& table, const core::RowKey& key, core::Repairs repairs) {
  const core::ItemRef row = row_of(table, key);
  return table.run<core::CheckedRows>(
      [&](core::Call& call) { return core::check_rows(call, {row}, repairs); });
}

// An item of Score as key format 1 has it, and the row that reserves its nick.
const core::RowKey old_score{.pk = "s#chess", .sk = "000000000000000000-5"};
const core::RowKey new_score{.pk = "s#chess", .sk = "-9999999999999999994"};

void seed_old_score(TableDouble& table) {
  table.direct(
      "PutItem",
      R"({"TableName":"tab","Item":{"_pk":{"S":"s#chess"},"_sk":{"S":"000000000000000000-5"},"game":{"S":"chess"},)"
      R"("points":{"N":"-5"},"level":{"N":"-1"},"nick":{"S":"ann"},"more":{"L":[{"N":"1"}]},)"
      R"("_gsi1_pk":{"S":"s#gsi1#chess"},"_gsi1_sk":{"S":"000000000000000000-1"}}})");
  table.direct("PutItem",
               R"({"TableName":"tab","Item":{"_pk":{"S":"_raft_uc#_uc1#s#nick:ann"},"_sk":{"S":"_raft_uc"},)"
               R"("uniqueValue":{"S":"_raft_uc#_uc1#s#nick:ann"},"relatedModel":{"S":"Score"},)"
               R"("relatedId":{"S":"chess##__SK__##000000000000000000-5"}}})");
}

Outcome repair(TableDouble& table, const core::RowKey& key) {
  const auto checked = check(table, key, {.repair = true, .move_keys = true});
  if (!checked) return {.error = checked.error(), .value = {}};
  std::string value;
  for (const core::Finding& finding : checked->findings) {
    value += std::string(core::name_of(finding.kind)) + (finding.repaired ? " repaired," : ",");
  }
  return {.error = std::nullopt, .value = value};
}

}  // namespace

std::vector<Scenario> repairs() {
  Scenario attribute{
      "repair an index key",
      [](TableDouble& table) {
        ASSERT_TRUE(table.create("Doc", {table.set("Doc", "docId", "d"), table.set("Doc", "status", "new")}));
        set_attribute(table, {.pk = "d#d", .sk = "d"}, "_gsi1_pk", "other");
      },
      [](TableDouble& table) { return repair(table, {.pk = "d#d", .sk = "d"}); }};
  Scenario missing{"repair a missing unique row",
                   [](TableDouble& table) {
                     seed_ann(table);
                     set_attribute(table, ann, "handle", "ann");
                   },
                   [](TableDouble& table) { return repair(table, ann); }};
  Scenario elsewhere{"repair a unique row that somebody else has",
                     [](TableDouble& table) {
                       seed_ann(table);
                       set_attribute(table, ann_email, "relatedId", "nobody");
                     },
                     [](TableDouble& table) { return repair(table, ann); }};
  Scenario ghost{"repair a unique row without an item",
                 [](TableDouble& table) {
                   seed_ann(table);
                   table.direct("DeleteItem",
                                R"({"TableName":"tab","Key":{"_pk":{"S":"u#ann"},"_sk":{"S":"u"}}})");
                 },
                 [](TableDouble& table) { return repair(table, ann_email); }};
  Scenario moved{"move an item from key format 1 to 2", seed_old_score,
                 [](TableDouble& table) { return repair(table, old_score); }};
  std::vector<Scenario> all{attribute, missing, elsewhere, ghost, moved};
  for (Scenario& each : all) each.seed_disagrees = true;
  return all;
}

namespace {

TEST(Fsck, RepairsWhatTheScenariosBreak) {
  const std::vector<std::string> expected{"attribute_differs repaired,", "unique_missing repaired,",
                                          "unique_elsewhere repaired,", "unique_ghost repaired,",
                                          "key_format repaired,"};
  const std::vector<Scenario> scenarios = repairs();
  ASSERT_EQ(scenarios.size(), expected.size());
  for (std::size_t position = 0; position < scenarios.size(); ++position) {
    SCOPED_TRACE(scenarios[position].name);
    TableDouble table;
    scenarios[position].seed(table);
    const Outcome outcome = scenarios[position].act(table);
    EXPECT_FALSE(outcome.error) << outcome.error->message();
    EXPECT_EQ(outcome.value, expected[position]);
    EXPECT_THAT(table.disagreements(), IsEmpty());
  }
}

TEST(Fsck, WhatIsRightCostsOneReadForEachUniqueValue) {
  TableDouble table;
  seed_ann(table);
  const std::size_t before = table.requests();
  const auto checked = check(table, ann, {.repair = true});
  ASSERT_TRUE(checked);
  EXPECT_THAT(checked->findings, IsEmpty());
  EXPECT_EQ(table.requests() - before, 1U);
}

TEST(Fsck, ALateScanIsNoFinding) {
  TableDouble table;
  seed_ann(table);
  const core::ItemRef late = row_of(table, ann);
  ASSERT_TRUE(table.update("User", "ann", {table.set("User", "email", "new@x")}));
  const auto checked = table.run<core::CheckedRows>(
      [&](core::Call& call) { return core::check_rows(call, {late}, {.repair = true}); });
  ASSERT_TRUE(checked);
  EXPECT_THAT(checked->findings, IsEmpty());
  EXPECT_THAT(table.disagreements(), IsEmpty());
}

// Nor is what another writer changes in an item that moves: it moves as it is by then, or stays.
TEST(Fsck, AMoveGivesWayToANewerWrite) {
  for (std::size_t at = 1; at <= 5; ++at) {
    SCOPED_TRACE(at);
    TableDouble table;
    seed_old_score(table);
    const std::size_t start = table.requests();
    table.before_request = [&](std::size_t request) {
      if (request != start + at) return;
      const TableDouble::Quiet quiet(table);
      set_attribute(table, old_score, "nick", "theirs");
    };
    const Outcome outcome = repair(table, old_score);
    table.before_request = nullptr;
    EXPECT_FALSE(outcome.error);
    EXPECT_EQ(table.requests() - start, at <= 2 ? 6U : 5U);
    const core::ItemRef stayed = row_of(table, old_score);
    const core::ItemRef moved = row_of(table, new_score);
    EXPECT_EQ(static_cast<bool>(stayed), at > 2);
    EXPECT_NE(static_cast<bool>(stayed), static_cast<bool>(moved));
    EXPECT_EQ(text_of(stayed ? stayed : moved, "nick"), "theirs");
  }
}

// Whatever another writer does between the reads and the repair stays.
TEST(Fsck, ARepairGivesWayToANewerWrite) {
  const Scenario scenario = repairs().front();
  for (std::size_t at = 1; at <= 3; ++at) {
    TableDouble table;
    scenario.seed(table);
    const std::size_t start = table.requests();
    bool met = false;
    table.before_request = [&](std::size_t request) {
      if (met || request != start + at) return;
      met = true;
      const TableDouble::Quiet quiet(table);
      ASSERT_TRUE(table.update("Doc", "d", {table.set("Doc", "status", "theirs")}));
    };
    const Outcome outcome = scenario.act(table);
    table.before_request = nullptr;
    EXPECT_FALSE(outcome.error);
    EXPECT_EQ(text_of(table.stored("Doc", "d"), "status"), at <= 2 ? "theirs" : "new") << at;
    EXPECT_THAT(table.disagreements(), IsEmpty());
  }
}

}  // namespace
}  // namespace bao::scripted
