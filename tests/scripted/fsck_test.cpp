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

Outcome repair(TableDouble& table, const core::RowKey& key) {
  const auto checked = check(table, key, {.repair = true});
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
  std::vector<Scenario> all{attribute, missing, elsewhere, ghost};
  for (Scenario& each : all) each.seed_disagrees = true;
  return all;
}

namespace {

TEST(Fsck, RepairsWhatTheScenariosBreak) {
  const std::vector<std::string> expected{"attribute_differs repaired,", "unique_missing repaired,",
                                          "unique_elsewhere repaired,", "unique_ghost repaired,"};
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
