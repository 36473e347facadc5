#include <string>
#include <vector>

#include "scripted/trouble_scenarios.hpp"

// Every operation, with every trouble at each of its requests. Whatever happens, the outcome that the caller
// is told agrees with the table, and the table agrees with itself.
namespace bao::scripted {
namespace {

using Rows = std::map<std::string, std::string>;

class Troubles : public testing::TestWithParam<Scenario> {};

struct Reference {
  Rows before;
  Rows after;
  Outcome outcome;
  std::size_t requests = 0;
};

Reference run_without_trouble(const Scenario& scenario) {
  Reference reference;
  TableDouble table;
  scenario.seed(table);
  reference.before = table.rows();
  table.plan_trouble(0, Trouble::none);
  reference.outcome = scenario.act(table);
  reference.requests = table.requests();
  reference.after = table.rows();
  if (!scenario.seed_disagrees || !reference.outcome.error) {
    EXPECT_THAT(table.disagreements(), testing::Each(testing::HasSubstr("reserved for 2")));
  }
  return reference;
}

// What another writer's part of a scenario left is "before" too.
bool is_undone(const Rows& rows, const Reference& reference, const Rows& between) {
  return rows == reference.before || rows == between;
}

TEST_P(Troubles, TheCallerIsToldWhatTheTableHolds) {
  const Scenario& scenario = GetParam();
  const Reference reference = run_without_trouble(scenario);
  for (int kind = 1; kind <= static_cast<int>(last_trouble); ++kind) {
    for (const bool lasting : {false, true}) {
      for (std::size_t at = 1; at <= 12; ++at) {
        const auto trouble = static_cast<Trouble>(kind);
        SCOPED_TRACE(std::string(trouble_name(trouble)) + (lasting ? " from request " : " at request ") +
                     std::to_string(at));
        TableDouble table;
        scenario.seed(table);
        table.plan_trouble(at, trouble, lasting);
        const Outcome outcome = scenario.act(table);
        if (!table.trouble_met()) break;
        table.plan_trouble(0, Trouble::none);
        const Rows rows = table.rows();
        const Rows& between = table.rows_between().empty() ? reference.before : table.rows_between();
        const bool done = rows == reference.after;
        const bool undone = is_undone(rows, reference, between);
        EXPECT_TRUE(done || undone) << "the table holds something else:\n" << testing::PrintToString(rows);
        if (!scenario.seed_disagrees) {
          EXPECT_THAT(table.disagreements(), testing::IsEmpty());
        }
        if (!outcome.error) {
          EXPECT_TRUE(done) << "reported as done";
          if (scenario.gone_is_done && outcome.value == "(none)") continue;
          EXPECT_FALSE(reference.outcome.error)
              << "should have failed: " << reference.outcome.error->message();
          EXPECT_EQ(outcome.value, reference.outcome.value);
          continue;
        }
        const Error& error = *outcome.error;
        const bool expected = reference.outcome.error && error.code() == reference.outcome.error->code();
        if (error.code() == ErrorCode::ambiguous_write) {
          EXPECT_TRUE(scenario.may_be_ambiguous || lasting) << error.message();
          EXPECT_TRUE(trouble != Trouble::throttled && trouble != Trouble::not_sent) << error.message();
        } else {
          EXPECT_TRUE(undone) << "reported as failed: " << error.message();
          EXPECT_TRUE(expected || lasting) << "one trouble is no reason to fail: " << error.message();
        }
      }
    }
  }
}

std::string name_of(const testing::TestParamInfo<Scenario>& info) {
  std::string name = info.param.name;
  for (char& byte : name) {
    if (byte < '0' || byte > 'z') byte = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Reads, Troubles, testing::ValuesIn(reads()), name_of);
INSTANTIATE_TEST_SUITE_P(Creates, Troubles, testing::ValuesIn(creates()), name_of);
INSTANTIATE_TEST_SUITE_P(Updates, Troubles, testing::ValuesIn(updates()), name_of);
INSTANTIATE_TEST_SUITE_P(Removals, Troubles, testing::ValuesIn(removals()), name_of);
INSTANTIATE_TEST_SUITE_P(Collections, Troubles, testing::ValuesIn(collections()), name_of);
INSTANTIATE_TEST_SUITE_P(Transactions, Troubles, testing::ValuesIn(transactions()), name_of);
INSTANTIATE_TEST_SUITE_P(Repairs, Troubles, testing::ValuesIn(repairs()), name_of);

}  // namespace
}  // namespace bao::scripted
