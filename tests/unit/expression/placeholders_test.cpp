#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "unit/expression/expression_model.hpp"

namespace bao::core {
namespace {

TEST(Placeholders, ANameHasOne) {
  Placeholders placeholders;
  EXPECT_EQ(placeholders.name("a"), "#n0");
  EXPECT_EQ(placeholders.name("b"), "#n1");
  EXPECT_EQ(placeholders.name("a"), "#n0");
}

TEST(Placeholders, EqualScalarsShareOneAndOthersDoNot) {
  Placeholders placeholders;
  EXPECT_EQ(placeholders.value("1"), ":v0");
  EXPECT_EQ(placeholders.value(1), ":v1") << "a number is not a string";
  EXPECT_EQ(placeholders.value("1"), ":v0");
  EXPECT_EQ(placeholders.value(true), ":v2");
  EXPECT_EQ(placeholders.value(nullptr), ":v3");
  EXPECT_EQ(placeholders.value(Value::List{}), ":v4");
  EXPECT_EQ(placeholders.value(Value::List{}), ":v5");
}

TEST(Placeholders, NothingIsWrittenWhereThereIsNothing) {
  EXPECT_EQ(members(Placeholders()), "{}");
}

/// Splits an expression into its placeholders, in order.
std::vector<std::string> placeholders_in(const std::string& text) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '#' && text[i] != ':') continue;
    std::size_t end = i + 2;
    while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) ++end;
    found.push_back(text.substr(i, end - i));
  }
  return found;
}

// Whatever attributes and the keys of maps are called, an expression holds no name and no value itself, and
// each placeholder stands for exactly one of them.
TEST(Placeholders, NeverCollideWhateverTheNames) {
  std::vector<std::string> names{"meta",       "#n0", ":v0",  "a.b",    "a",    "b",       "#n1", "AND",
                                 "OR",         "NOT", "size", "status", "name", "Between", "x y", "é👍",
                                 "\"quoted\"", "n0",  "v0",   "[0]",    "(",    "#",       ":",   "SET"};
  std::mt19937 random(8);
  for (int i = 0; i < 40; ++i) {
    std::string name;
    for (std::size_t k = 1 + random() % 6; k > 0; --k) name.push_back("#:nv0123ab.[]() "[random() % 16]);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  for (int round = 0; round < 200; ++round) {
    std::vector<Condition> children;
    std::vector<std::pair<std::string, std::string>> used;
    for (std::size_t k = 1 + random() % 30; k > 0; --k) {
      used.emplace_back(names[random() % names.size()], names[random() % names.size()]);
      children.push_back(at_path(equals("meta", used.back().second), {used.back().first}));
    }
    Placeholders placeholders;
    const auto text = condition_expression(post(), joined(Condition::Kind::all_of, children), placeholders);
    ASSERT_TRUE(text) << text.error().message();
    EXPECT_THAT(*text, testing::MatchesRegex("#n0[.]#n[0-9]+ = :v[0-9]+( AND #n0[.]#n[0-9]+ = :v[0-9]+)*"));
    const std::vector<std::string> found = placeholders_in(*text);
    ASSERT_EQ(found.size(), 3 * used.size());
    std::map<std::string, std::string> meaning;
    std::map<std::string, std::string> name_of;
    for (std::size_t k = 0; k < used.size(); ++k) {
      EXPECT_EQ(meaning.emplace(found[3 * k + 1], used[k].first).first->second, used[k].first);
      EXPECT_EQ(meaning.emplace(found[3 * k + 2], used[k].second).first->second, used[k].second);
      EXPECT_EQ(name_of.emplace(used[k].first, found[3 * k + 1]).first->second, found[3 * k + 1])
          << "a name has two";
    }
    const std::string written = members(placeholders);
    for (const auto& [placeholder, what] : meaning) {
      std::string json;
      JsonWriter writer(json);
      writer.string(what);
      const std::string shown = placeholder[0] == '#' ? json : R"({"S":)" + json + "}";
      EXPECT_THAT(written, testing::HasSubstr("\"" + placeholder + "\":" + shown));
    }
  }
}

}  // namespace
}  // namespace bao::core
