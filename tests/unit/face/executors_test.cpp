// Which thread runs what: sync_wait, and tasks that talk to several clients.
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <ctime>
#include <stdexcept>
#include <thread>

#include "unit/face/models.hpp"

namespace bao::face {
namespace {

using namespace std::chrono_literals;

double thread_cpu_ms() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

/// Something outside of every executor: a thread resumes the coroutine after a while, itself or by a post.
class LaterOnAThread {
 public:
  LaterOnAThread(std::jthread& thread, boost::asio::io_context* io) : thread_(thread), io_(io) {}
  [[nodiscard]] bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> caller) {
    std::jthread& thread = thread_;  // this awaiter is gone as soon as the thread goes on
    thread = std::jthread([caller, io = io_] {
      std::this_thread::sleep_for(200ms);
      if (io == nullptr) {
        caller.resume();
      } else {
        boost::asio::post(*io, [caller] { caller.resume(); });
      }
    });
  }
  void await_resume() const {}

 private:
  std::jthread& thread_;
  boost::asio::io_context* io_;
};

class SyncWaitTest : public FaceTest {
 protected:
  Task<void> wait_outside(boost::asio::io_context* io) {
    LaterOnAThread later(thread, io);
    co_await later;
  }
  std::jthread thread;
};

TEST_F(SyncWaitTest, SleepsWhileItsExecutorHasNothingToDo) {
  const double before = thread_cpu_ms();
  sync_wait(client, wait_outside(&client.io_context()));
  EXPECT_LT(thread_cpu_ms() - before, 50);
}

TEST_F(SyncWaitTest, WakesWhenTheTaskEndsOnAnotherThread) {
  const double before = thread_cpu_ms();
  sync_wait(client, wait_outside(nullptr));
  EXPECT_LT(thread_cpu_ms() - before, 50);
}

// Not what the documentation asks for, but it must end.
TEST_F(SyncWaitTest, WakesWhereAnotherThreadRunsTheExecutorToo) {
  boost::asio::io_context io;
  Client on_io = init_models(io, config(nullptr));
  auto guard = boost::asio::make_work_guard(io);
  std::jthread runner([&] { io.run(); });
  for (int round = 0; round < 50; ++round) {
    sync_wait(on_io, []() -> Task<void> { co_return; }());
  }
  guard.reset();
}

TEST_F(SyncWaitTest, ThreadsThatShareAnExecutorByTwoClientsTakeTurns) {
  boost::asio::io_context io;
  Client one = init_models(io, config(nullptr));
  Client two = init_models(io, config(nullptr));
  std::atomic<int> inside = 0;
  std::atomic<int> together = 0;
  const auto work = [&]() -> Task<void> {
    for (int round = 0; round < 20; ++round) {
      co_await User::create({.name = "Ada"});
      if (++inside != 1) ++together;
      std::this_thread::sleep_for(1ms);
      --inside;
    }
  };
  {
    std::jthread first([&] { sync_wait(one, work()); });
    std::jthread second([&] { sync_wait(two, work()); });
  }
  EXPECT_EQ(together, 0);
}

TEST_F(SyncWaitTest, IsRefusedOnTheExecutorThatItWouldWaitFor) {
  run([&]() -> Task<void> {
    EXPECT_THROW(sync_wait(client, User::find("x")), ConfigurationError);
    co_return;
  });
}

// A handler of the program's own on the same executor. The task goes on with whoever runs it next.
TEST_F(SyncWaitTest, LetsThroughWhatAHandlerThrows) {
  boost::asio::post(client.io_context(), [] { throw std::runtime_error("mine"); });
  bool ended = false;
  const auto work = [&]() -> Task<void> {
    co_await User::create({.name = "Ada"});
    ended = true;
  };
  EXPECT_THROW(sync_wait(client, work()), std::runtime_error);
  while (!ended) sync_wait(client, User::find("x"));
}

class TwoClientsTest : public FaceTest {
 protected:
  template <class Function>
  auto as_other(Function function) {
    return with_context(other.context(), std::move(function));
  }
  static Task<User> create(std::string name) { co_return co_await User::create({.name = std::move(name)}); }
  static Task<std::int64_t> count() { co_return co_await User::count(); }

  Client other = init_models(config(nullptr));  // an executor of its own
};

TEST_F(TwoClientsTest, ATaskTalksToAClientWhoseExecutorNobodyRuns) {
  run([&]() -> Task<void> {
    co_await create("ours");
    for (int round = 0; round < 3; ++round) co_await as_other([] { return create("theirs"); });
    EXPECT_EQ(co_await count(), 1);
    EXPECT_EQ(co_await as_other(count), 3);
  });
  EXPECT_EQ(sync_wait(other, count()), 3);
}

TEST_F(TwoClientsTest, ItComesBackToItsOwnExecutor) {
  run([&]() -> Task<void> {
    const std::thread::id home = std::this_thread::get_id();
    std::thread::id there;
    co_await as_other([&]() -> Task<void> {
      there = std::this_thread::get_id();
      co_await create("theirs");
      EXPECT_EQ(std::this_thread::get_id(), there);
    });
    EXPECT_EQ(std::this_thread::get_id(), home);
    EXPECT_NE(there, home);
    const auto refused = [&]() -> Task<void> { co_await User::create({}); };
    EXPECT_THROW(co_await as_other(refused), ValidationError);
    EXPECT_EQ(std::this_thread::get_id(), home);
  });
}

TEST_F(TwoClientsTest, BothAtOnce) {
  run([&]() -> Task<void> {
    std::vector<Task<User>> creating;
    for (int number = 0; number < 20; ++number) {
      creating.push_back(create("ours"));
      creating.push_back(as_other([] { return create("theirs"); }));
    }
    const std::vector<User> created = co_await all(std::move(creating));
    EXPECT_EQ(created.size(), 40U);
    EXPECT_EQ(co_await count(), 20);
    EXPECT_EQ(co_await as_other(count), 20);
  });
}

TEST_F(TwoClientsTest, WhileOtherThreadsComeAndGoThere) {
  std::atomic<bool> stop = false;
  std::jthread visitor([&] {
    while (!stop) sync_wait(other, count());
  });
  run([&]() -> Task<void> {
    for (int number = 0; number < 100; ++number) co_await as_other([] { return create("theirs"); });
  });
  stop = true;
  visitor.join();
  EXPECT_EQ(sync_wait(other, count()), 100);
}

TEST_F(TwoClientsTest, AClientOfTheSameExecutorIsNoOtherPlace) {
  boost::asio::io_context io;
  client = init_models(io, config(nullptr));
  other = init_models(io, config(nullptr));
  run([&]() -> Task<void> {
    const std::thread::id home = std::this_thread::get_id();
    co_await as_other([] { return create("theirs"); });
    EXPECT_EQ(std::this_thread::get_id(), home);
  });
}

TEST_F(TwoClientsTest, ATaskThatIsGivenUpOnTheWay) {
  const auto visit = [&]() -> Task<void> { co_await as_other([] { return create("theirs"); }); };
  run([&]() -> Task<void> {
    for (int round = 0; round < 20; ++round) {
      auto abandoned = visit();
      (void)abandoned;
    }
    co_await visit();
  });
  EXPECT_EQ(sync_wait(other, count()), 1);
}

}  // namespace
}  // namespace bao::face
