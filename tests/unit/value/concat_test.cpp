#include "core/value/concat.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace bao::core {
namespace {

TEST(Concat, TakesTextOfEveryKindAndIntegers) {
  const std::string owned = "owned";
  const std::string_view view = std::string_view("a view of more").substr(2, 4);
  EXPECT_EQ(concat({"literal, ", owned, ", ", view, ", ", 7, ", ", std::size_t{8}, ", ", std::int64_t{-9}}),
            "literal, owned, view, 7, 8, -9");
  EXPECT_EQ(concat({std::numeric_limits<std::int64_t>::min()}), "-9223372036854775808");
  EXPECT_EQ(concat({std::string_view(), "", std::string()}), "");
  EXPECT_EQ(concat({}), "");
}

TEST(Concat, KeepsBytesOfEveryValue) {
  EXPECT_EQ(concat({std::string_view("a\0b", 3), "c"}), std::string("a\0bc", 4));
}

TEST(Append, LeavesWhatWasThereInFront) {
  std::string text = "first";
  append(text, {", ", 2});
  EXPECT_EQ(text, "first, 2");
}

}  // namespace
}  // namespace bao::core
