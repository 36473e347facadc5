#include "core/engine/task.hpp"

#include <memory>

#include <gtest/gtest.h>

namespace bao::core {
namespace {

Task<int> ready(int value) {
  co_return value;
}

Task<void> sum_of(int count, long& sum) {
  for (int step = 0; step < count; ++step) sum += co_await ready(1);
}

TEST(CoreTask, AHundredThousandReadyAwaitsDoNotGrowTheStack) {
  Scheduler scheduler;
  long sum = 0;
  spawn(scheduler, sum_of(100'000, sum));
  scheduler.run();
  EXPECT_EQ(sum, 100'000);
}

Task<int> nested(int depth) {
  if (depth == 0) co_return 0;
  co_return 1 + co_await nested(depth - 1);
}

Task<void> deep(int& result) {
  result = co_await nested(50'000);
}

TEST(CoreTask, NorDoDeeplyNestedOnes) {
  Scheduler scheduler;
  int result = 0;
  spawn(scheduler, deep(result));
  scheduler.run();
  EXPECT_EQ(result, 50'000);
}

Task<void> part(Join& join, int& done) {
  ++done;
  join.done();
  co_return;
}

Task<void> whole(Scheduler& scheduler, int parts, int& done, bool& ended) {
  Join join(scheduler, static_cast<std::size_t>(parts));
  for (int started = 0; started < parts; ++started) spawn(scheduler, part(join, done));
  co_await join;
  ended = true;
}

TEST(CoreTask, AJoinWaitsForAllItsParts) {
  for (const int parts : {0, 1, 100}) {
    Scheduler scheduler;
    int done = 0;
    bool ended = false;
    spawn(scheduler, whole(scheduler, parts, done, ended));
    scheduler.run();
    EXPECT_EQ(done, parts);
    EXPECT_TRUE(ended);
  }
}

Task<void> hold(std::shared_ptr<int> held) {
  ++*held;
  co_return;
}

TEST(CoreTask, FramesFreeWhatTheyHold) {
  auto held = std::make_shared<int>(0);
  {
    const Task<void> never_started = hold(held);
    EXPECT_EQ(held.use_count(), 2);
  }
  Scheduler scheduler;
  spawn(scheduler, hold(held));
  scheduler.run();
  EXPECT_EQ(*held, 1);
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace bao::core
