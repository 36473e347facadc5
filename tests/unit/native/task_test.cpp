#include <bao/task.hpp>
#include <bao/with_context.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using bao::Context;
using bao::Task;

/// What a test waits for: coroutines queue here and are resumed one by one.
struct Outside {
  std::deque<std::coroutine_handle<>> waiting;

  auto operator co_await() noexcept {
    struct Awaiter {
      Outside& outside;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> handle) const { outside.waiting.push_back(handle); }
      void await_resume() const noexcept {}
    };
    return Awaiter{*this};
  }
  bool resume_one() {
    if (waiting.empty()) return false;
    const std::coroutine_handle<> handle = waiting.front();
    waiting.pop_front();
    handle.resume();
    return true;
  }
};

template <class T>
struct Run {
  bool done = false;
  std::expected<T, std::exception_ptr> outcome = std::unexpected(std::exception_ptr());
};

template <class T>
std::shared_ptr<Run<T>> start(Task<T> task, Context context = {}) {
  auto run = std::make_shared<Run<T>>();
  bao::spawn(std::move(task), std::move(context), [run](std::expected<T, std::exception_ptr> outcome) {
    run->done = true;
    run->outcome = std::move(outcome);
  });
  return run;
}

template <class T>
T result_of(Task<T> task, Context context = {}) {
  auto run = start(std::move(task), std::move(context));
  if (!run->done) throw std::logic_error("the task still waits");
  if (!run->outcome) std::rethrow_exception(run->outcome.error());
  if constexpr (!std::is_void_v<T>) return std::move(*run->outcome);
}

Task<int> number(int value) {
  co_return value;
}
Task<int> failing(std::string message) {
  throw std::runtime_error(message);
  co_return 0;
}

std::string text_of_error(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& exception) {
    return exception.what();
  }
}

TEST(Task, GivesValuesReferencesAndNothing) {
  static int place = 3;
  auto reference = []() -> Task<int&> { co_return place; };
  auto nothing = []() -> Task<void> { co_return; };
  auto owner = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(5); };
  auto all_of_them = [&]() -> Task<int> {
    int& found = co_await reference();
    found += 1;
    co_await nothing();
    co_return co_await number(2) + *co_await owner();
  };
  EXPECT_EQ(result_of(all_of_them()), 7);
  EXPECT_EQ(place, 4);
}

TEST(Task, IsLazyAndMayBeDroppedUnstarted) {
  bool ran = false;
  auto make = [&ran]() -> Task<void> {
    ran = true;
    co_return;
  };
  {
    const Task<void> dropped = make();
  }
  EXPECT_FALSE(ran);
  result_of(make());
  EXPECT_TRUE(ran);
}

TEST(Task, ExceptionsPropagateThroughLevels) {
  auto middle = []() -> Task<int> { co_return co_await failing("deep") + 1; };
  auto top = [&]() -> Task<std::string> {
    try {
      co_await middle();
    } catch (const std::runtime_error& error) {
      co_return error.what();
    }
    co_return "not thrown";
  };
  EXPECT_EQ(result_of(top()), "deep");
  EXPECT_THROW(result_of(middle()), std::runtime_error);
}

TEST(Task, MillionReadyAwaitsUseBoundedStack) {
  auto loop = []() -> Task<long> {
    long sum = 0;
    for (int i = 0; i < 1'000'000; ++i) sum += co_await number(1);
    co_return sum;
  };
  EXPECT_EQ(result_of(loop()), 1'000'000);
}

Task<int> nested(int depth, Outside& outside) {
  if (depth == 0) {
    co_await outside;
    co_return 0;
  }
  co_return co_await nested(depth - 1, outside) + 1;
}

TEST(Task, ChainOfHundredThousandSuspendsAndUnwinds) {
  Outside outside;
  auto run = start(nested(100'000, outside));
  EXPECT_FALSE(run->done);
  EXPECT_TRUE(outside.resume_one());
  ASSERT_TRUE(run->done);
  EXPECT_EQ(*run->outcome, 100'000);
}

TEST(Task, LoopAfterResumptionUsesBoundedStack) {
  Outside outside;
  auto loop = [&]() -> Task<long> {
    co_await outside;
    long sum = 0;
    for (int i = 0; i < 200'000; ++i) sum += co_await number(1);
    co_await outside;
    for (int i = 0; i < 200'000; ++i) {
      auto [one, two] = co_await bao::all(number(1), number(2));
      sum += one + two;
    }
    co_return sum;
  };
  auto run = start(loop());
  while (outside.resume_one()) {
  }
  ASSERT_TRUE(run->done);
  EXPECT_EQ(*run->outcome, 800'000);
}

TEST(Task, SuspendedTaskCanBeDestroyed) {
  Outside outside;
  auto alive = std::make_shared<int>(1);
  auto waiting = [&outside](std::shared_ptr<int> held) -> Task<void> {
    co_await outside;
    EXPECT_NE(held, nullptr);
  };
  {
    Task<void> outer = [](Task<void> inner) -> Task<void> { co_await std::move(inner); }(waiting(alive));
    // Starts the chain by hand, as a foreign coroutine would.
    auto awaiter = std::move(outer).operator co_await();
    awaiter.await_suspend(std::noop_coroutine());
    EXPECT_EQ(alive.use_count(), 2);
  }
  EXPECT_EQ(alive.use_count(), 1);
}

struct ResumesInline {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) const { handle.resume(); }
  int await_resume() const noexcept { return 4; }
};
struct DoesNotSuspend {
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<>) const noexcept { return false; }
  int await_resume() const noexcept { return 5; }
};
struct ThrowsOnSuspend {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) const { throw std::runtime_error("no room"); }
  void await_resume() const noexcept {}
};

TEST(Task, OutsideAwaitablesOfEveryKind) {
  auto mixed = []() -> Task<int> {
    int sum = co_await number(1);
    sum += co_await ResumesInline{};
    sum += co_await number(1);
    sum += co_await DoesNotSuspend{};
    bool thrown = false;
    try {
      co_await ThrowsOnSuspend{};
    } catch (const std::runtime_error&) {
      thrown = true;
    }
    sum += co_await number(thrown ? 1 : 1000);
    co_return sum;
  };
  EXPECT_EQ(result_of(mixed()), 12);
  auto twice = [&]() -> Task<int> {
    const int first = co_await mixed();
    co_return first + co_await mixed();
  };
  EXPECT_EQ(result_of(twice()), 24);
}

/// The coroutine may be resumed on another thread while the first is still inside await_suspend.
struct ResumesOnThread {
  std::vector<std::jthread>& threads;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) const {
    threads.emplace_back([handle] { handle.resume(); });
  }
  void await_resume() const noexcept {}
};

TEST(Task, MayBeResumedOnAnotherThread) {
  std::atomic<int> ended = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<std::jthread> threads;
    threads.reserve(1);
    bool done = false;
    auto work = [&]() -> Task<int> {
      co_await ResumesOnThread{threads};
      int sum = 0;
      for (int i = 0; i < 10; ++i) sum += co_await number(1);
      co_return sum;
    };
    auto outer = [&]() -> Task<int> { co_return co_await work(); };
    bao::spawn(outer(), Context{}, [&](std::expected<int, std::exception_ptr> outcome) {
      done = outcome == 10;
      ended += 1;
    });
    threads.clear();
    EXPECT_TRUE(done);
  }
  EXPECT_EQ(ended, 200);
}

Task<std::string> tenant_below() {
  const Context context = co_await bao::this_context();
  co_return context.tenant ? *context.tenant : "none";
}
Context of_tenant(std::string name) {
  return Context{.tenant = std::make_shared<const std::string>(std::move(name))};
}

TEST(TaskContext, IsInheritedByAwaitedChildren) {
  auto middle = []() -> Task<std::string> { co_return co_await tenant_below(); };
  EXPECT_EQ(result_of(middle(), of_tenant("a")), "a");
  EXPECT_EQ(result_of(middle()), "none");
}

TEST(TaskContext, WithContextReplacesItBelowOnly) {
  Outside outside;
  auto top = [&]() -> Task<std::string> {
    std::string seen = co_await tenant_below();
    seen += co_await bao::with_context(of_tenant("b"), tenant_below());
    // Named: g++ 12 destroys a closure with captures twice where it is written inside a co_await expression.
    auto below = [suffix = std::string("!"), &outside]() -> Task<std::string> {
      co_await outside;
      co_return co_await tenant_below() + suffix;
    };
    seen += co_await bao::with_context(of_tenant("c"), std::move(below));
    co_return seen + co_await tenant_below();
  };
  auto run = start(top(), of_tenant("a"));
  EXPECT_TRUE(outside.resume_one());
  ASSERT_TRUE(run->done);
  EXPECT_EQ(*run->outcome, "abc!a");
}

TEST(TaskContext, InterleavedChainsKeepTheirOwn) {
  Outside outside;
  auto work = [&]() -> Task<std::string> {
    std::string seen;
    for (int i = 0; i < 3; ++i) {
      co_await outside;
      seen += co_await tenant_below();
    }
    co_return seen;
  };
  auto first = start(work(), of_tenant("a"));
  auto second = start(work(), of_tenant("b"));
  while (outside.resume_one()) {
  }
  EXPECT_EQ(*first->outcome, "aaa");
  EXPECT_EQ(*second->outcome, "bbb");
}

TEST(TaskContext, AllHandsItToEveryChild) {
  auto top = []() -> Task<std::string> {
    auto [one, two, context] = co_await bao::all(tenant_below(), tenant_below(), bao::this_context());
    co_return one + two + *context.tenant;
  };
  EXPECT_EQ(result_of(top(), of_tenant("x")), "xxx");
}

TEST(All, StartsInOrderInOneTurnAndKeepsPositions) {
  Outside outside;
  std::string order;
  auto child = [&](std::string name) -> Task<std::string> {
    order += name;
    co_await outside;
    order += name;
    co_return name;
  };
  auto nothing = [&]() -> Task<void> {
    order += "-";
    co_return;
  };
  auto top = [&]() -> Task<std::string> {
    auto [a, none, b, number_five] = co_await bao::all(child("a"), nothing(), child("b"), DoesNotSuspend{});
    static_assert(std::is_same_v<decltype(none), std::monostate>);
    co_return a + b + std::to_string(number_five);
  };
  auto run = start(top());
  EXPECT_EQ(order, "a-b");
  std::swap(outside.waiting[0], outside.waiting[1]);
  EXPECT_TRUE(outside.resume_one());
  EXPECT_FALSE(run->done);
  EXPECT_TRUE(outside.resume_one());
  ASSERT_TRUE(run->done);
  EXPECT_EQ(*run->outcome, "ab5");
  EXPECT_EQ(order, "a-bba");
}

TEST(All, WaitsForAllAndThrowsTheFirstByPosition) {
  Outside outside;
  bool slow_ended = false;
  auto slow_failure = [&]() -> Task<int> {
    co_await outside;
    throw std::runtime_error("first by position");
  };
  auto slow = [&]() -> Task<int> {
    co_await outside;
    slow_ended = true;
    co_return 1;
  };
  auto top = [&]() -> Task<int> {
    co_await bao::all(number(1), slow_failure(), failing("first in time"), slow());
    co_return 1;
  };
  auto run = start(top());
  EXPECT_FALSE(run->done);
  while (outside.resume_one()) {
  }
  ASSERT_TRUE(run->done);
  EXPECT_TRUE(slow_ended);
  ASSERT_FALSE(run->outcome.has_value());
  EXPECT_EQ(text_of_error(run->outcome.error()), "first by position");
}

TEST(All, TakesVectorsAndEmptyOnes) {
  Outside outside;
  auto child = [&](int value) -> Task<int> {
    if (value % 2 == 0) co_await outside;
    co_return value;
  };
  auto top = [&]() -> Task<std::vector<int>> {
    std::vector<Task<int>> tasks;
    for (int i = 0; i < 1000; ++i) tasks.push_back(child(i));
    EXPECT_TRUE((co_await bao::all(std::vector<Task<int>>{})).empty());
    EXPECT_EQ((co_await bao::all(std::vector<DoesNotSuspend>(3))), std::vector<int>(3, 5));
    co_await bao::all();
    co_return co_await bao::all(std::move(tasks));
  };
  auto run = start(top());
  EXPECT_EQ(outside.waiting.size(), 500U);
  while (outside.resume_one()) {
  }
  ASSERT_TRUE(run->done);
  ASSERT_EQ(run->outcome->size(), 1000U);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ((*run->outcome)[static_cast<std::size_t>(i)], i);
}

}  // namespace
