#include <gtest/gtest.h>

#include "core/expression/path.hpp"

namespace bao::core {
namespace {

std::string readable(std::string_view text) {
  const auto path = parse_path(text);
  return path ? path->field + " " + std::to_string(path->steps.size()) + " " +
                    readable_path(path->field, path->steps)
              : std::string(path.error());
}

TEST(ParsePath, NamesPositionsAndQuotedKeys) {
  EXPECT_EQ(readable("address.city"), "address 1 address.city");
  EXPECT_EQ(readable("tags[0]"), "tags 1 tags[0]");
  EXPECT_EQ(readable("a[12].b[3][4].c d"), "a 5 a[12].b[3][4].c d");
  EXPECT_EQ(readable(R"(a["b.c"].d)"), "a 2 a.b.c.d");
  const auto quoted = parse_path("a[\"q\\\"]\\u00e9\\n\"][0]");
  ASSERT_TRUE(quoted);
  EXPECT_EQ(quoted->steps, (std::vector<PathStep>{"q\"]\xC3\xA9\n", std::size_t{0}}));
}

TEST(ParsePath, SaysWhatIsWrong) {
  EXPECT_EQ(readable(".a"), "a path begins with the name of a field");
  EXPECT_EQ(readable(""), "a path begins with the name of a field");
  EXPECT_EQ(readable("a."), "a name is missing behind a dot");
  EXPECT_EQ(readable("a..b"), "a name is missing behind a dot");
  EXPECT_EQ(readable("a[x]"), "in brackets there is a position, or a key in double quotes");
  EXPECT_EQ(readable("a[]"), "in brackets there is a position, or a key in double quotes");
  EXPECT_EQ(readable("a[99999999999]"), "in brackets there is a position, or a key in double quotes");
  EXPECT_EQ(readable("a[1"), "a ] is missing");
  EXPECT_EQ(readable("a[1]b"), "behind ] there is a dot, or another [");
  EXPECT_EQ(readable("a]"), "behind ] there is a dot, or another [");
  EXPECT_EQ(readable(R"(a["b)"), "a quote is not closed");
  EXPECT_EQ(readable("a[\"b\\"), "a quote is not closed");
  EXPECT_EQ(readable(R"(a["\x"])"), "what is in quotes is no JSON text");
}

}  // namespace
}  // namespace bao::core
