#include "cli/terminal.hpp"

#include <gtest/gtest.h>

namespace bao::cli {
namespace {

TEST(Terminal, GroupsThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(12'345'678), "12,345,678");
}

}  // namespace
}  // namespace bao::cli
