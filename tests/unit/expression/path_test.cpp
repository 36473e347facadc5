#include "core/expression/path.hpp"

#include <gtest/gtest.h>

namespace bao::core {
namespace {

TEST(Path, FaultsSayWhy) {
  EXPECT_EQ(path_fault(FieldType::map, {"a", std::size_t{0}}), nullptr);
  EXPECT_EQ(path_fault(FieldType::string, {}), nullptr);
  EXPECT_STREQ(path_fault(FieldType::string, {"a"}), "only maps and lists have parts");
  EXPECT_STREQ(path_fault(FieldType::list, {"a"}), "a part of a list is named by its position");
}

TEST(Path, OverlapsWhatItIsAPartOf) {
  EXPECT_TRUE(overlap({"a"}, {"a", std::size_t{1}}));
  EXPECT_TRUE(overlap({"a", "b"}, {"a"}));
  EXPECT_FALSE(overlap({"a", "b"}, {"a", "c"}));
}

}  // namespace
}  // namespace bao::core
