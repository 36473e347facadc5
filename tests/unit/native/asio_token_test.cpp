// Completion tokens, and calls from several threads.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bao/asio.hpp>
#include <bao/bao.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <future>
#include <thread>
#include <variant>
#include <vector>

namespace {

namespace asio = boost::asio;

struct NoteFields {
  bao::Field<std::string> noteId{};
  bao::Field<std::string> text{};
};

class Note : public bao::Model<Note, NoteFields> {
 public:
  using Model::Model;
  static constexpr auto noteId = bao::field<&NoteFields::noteId>({.required = true});
  static constexpr auto text = bao::field<&NoteFields::text>({.required = true});
  static bao::ModelInfo describe() {
    return bao::schema("Note", "n").fields(noteId, text).primary_key(noteId);
  }
};

bao::Config config() {
  return {.models = {&Note::model_info()}, .aws = {.endpoint = "memory:"}};
}

TEST(AsioToken, AwaitsAnOperationFromAnAsioCoroutine) {
  asio::io_context io;
  bao::Client client = bao::init_models(io, config());
  std::string text;
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        co_await bao::async_run(client, Note::create({.noteId = "1", .text = "hello"}), asio::use_awaitable);
        const Note found = co_await bao::async_run(client, Note::find("1"), asio::use_awaitable);
        text = *found->text;
      },
      asio::detached);
  io.run();
  EXPECT_EQ(text, "hello");
}

TEST(AsioToken, CarriesTheErrorOfATask) {
  asio::io_context io;
  bao::Client client = bao::init_models(io, config());
  std::exception_ptr error;
  bao::async_run(client, Note::create({.noteId = "1"}),
                 [&](std::exception_ptr thrown, const Note&) { error = std::move(thrown); });
  io.run();
  EXPECT_THROW(std::rethrow_exception(error), bao::ValidationError);
}

TEST(AsioToken, FulfilsAFutureFromAnotherThread) {
  asio::io_context io;
  bao::Client client = bao::init_models(io, config());
  auto work = asio::make_work_guard(io);
  std::thread runner([&] { io.run(); });
  std::future<Note> future =
      bao::async_run(client, Note::create({.noteId = "1", .text = "hello"}), asio::use_future);
  EXPECT_EQ(future.get()->text, "hello");
  work.reset();
  runner.join();
}

bao::Config slow_config() {
  bao::Config slow = config();
  slow.db.faults = R"({"rules": [{"fault": "latency", "operation": "GetItem", "delayMs": 5000}]})";
  return slow;
}

TEST(AsioToken, ACancelledCallEndsSoon) {
  using namespace asio::experimental::awaitable_operators;
  using namespace std::chrono_literals;
  asio::io_context io;
  bao::Client client = bao::init_models(io, slow_config());
  bool timed_out = false;
  bool goes_on = false;
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        asio::steady_timer timer(io, 20ms);
        const auto first = co_await (bao::async_run(client, Note::find("1"), asio::use_awaitable) ||
                                     timer.async_wait(asio::use_awaitable));
        timed_out = std::holds_alternative<std::monostate>(first);
        co_await bao::async_run(client, Note::create({.noteId = "1", .text = "hello"}), asio::use_awaitable);
        goes_on = true;
      },
      asio::detached);
  const auto start = std::chrono::steady_clock::now();
  io.run();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 2s);
  EXPECT_TRUE(timed_out);
  EXPECT_TRUE(goes_on);
}

TEST(AsioToken, ASignalMakesItACancelledError) {
  asio::io_context io;
  bao::Client client = bao::init_models(io, slow_config());
  for (const auto type : {asio::cancellation_type::terminal, asio::cancellation_type::total}) {
    for (const bool before_it_starts : {true, false}) {
      asio::cancellation_signal signal;
      std::exception_ptr error;
      int completions = 0;
      bao::async_run(client, Note::find("1"),
                     asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr thrown, const Note&) {
                       ++completions;
                       error = std::move(thrown);
                     }));
      if (before_it_starts) {
        signal.emit(type);
      } else {
        asio::post(io, [&] { signal.emit(type); });
      }
      io.run();
      io.restart();
      EXPECT_EQ(completions, 1);
      ASSERT_TRUE(error);
      EXPECT_THROW(std::rethrow_exception(error), bao::CancelledError);
      EXPECT_FALSE(signal.slot().has_handler());
    }
  }
}

TEST(SyncWait, ServesSeveralThreadsOverOneClient) {
  bao::Client client = bao::init_models(config());
  constexpr int threads_count = 4;
  constexpr int notes_each = 50;
  std::vector<std::thread> threads;
  std::vector<int> found(threads_count, 0);
  for (int thread = 0; thread < threads_count; ++thread) {
    threads.emplace_back([&, thread] {
      const auto work = [&]() -> bao::Task<void> {
        for (int number = 0; number < notes_each; ++number) {
          const std::string id = std::to_string(thread) + "-" + std::to_string(number);
          co_await Note::create({.noteId = id, .text = id});
          const Note note = co_await Note::find(id);
          if (note->text == id) ++found[static_cast<std::size_t>(thread)];
        }
      };
      bao::sync_wait(client, work());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(found, testing::Each(notes_each));
}

}  // namespace
