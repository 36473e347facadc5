#include "core/engine/fifo.hpp"

#include <gtest/gtest.h>

namespace bao::core {
namespace {

TEST(Fifo, GivesThingsInTheOrderInWhichTheyCameAlsoWhileTheyCome) {
  Fifo<int> fifo;
  int next_in = 0;
  int next_out = 0;
  for (int round = 1; round < 20; ++round) {
    for (int i = 0; i < round; ++i) fifo.push(next_in++);
    for (int i = 0; i < round / 2; ++i) {
      int value = -1;
      ASSERT_TRUE(fifo.pop(value));
      EXPECT_EQ(value, next_out++);
    }
    EXPECT_EQ(fifo.size(), static_cast<std::size_t>(next_in - next_out));
  }
  for (int value = -1; fifo.pop(value);) EXPECT_EQ(value, next_out++);
  EXPECT_EQ(next_out, next_in);
  EXPECT_EQ(fifo.size(), 0U);
}

}  // namespace
}  // namespace bao::core
