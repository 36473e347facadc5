// What outlives what: handles that were moved from, tasks that are dropped or awaited twice, and contexts
// that end before what was asked in them.
#include <optional>
#include <stdexcept>
#include <utility>

#include "unit/face/models.hpp"

namespace bao::face {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LifetimesTest : public FaceTest {
 protected:
  void SetUp() override {
    ids = run([]() -> Task<std::vector<std::string>> {
      std::vector<std::string> made;
      for (const char* name : {"Ada", "Bob", "Eve"}) {
        made.push_back((co_await User::create({.name = name})).primary_id());
      }
      co_return made;
    });
    sent.clear();
  }
  static Task<std::string> name_of(std::string id) {
    const User user = co_await User::find(id);
    co_return user->name.value_or("nobody");
  }

  std::vector<std::string> ids;
};

TEST_F(LifetimesTest, AHandleThatWasMovedFromIsAMiss) {
  run([&]() -> Task<void> {
    User user = co_await User::find(ids[0]);
    User moved = std::move(user);
    EXPECT_EQ(*moved->name, "Ada");
    // NOLINTBEGIN(bugprone-use-after-move): that is what this is about
    EXPECT_FALSE(user.exists());
    EXPECT_FALSE(user.has_changes());
    EXPECT_FALSE(user.same_instance(moved));
    EXPECT_EQ(user.primary_id(), "");
    EXPECT_FALSE(user->name.has_value());
    EXPECT_THROW(co_await user.save(), ItemNotFoundError);
    user = std::move(moved);
    EXPECT_EQ(*user->name, "Ada");
    EXPECT_FALSE(moved.exists());
    // NOLINTEND(bugprone-use-after-move)
  });
}

TEST_F(LifetimesTest, ATaskIsAwaitedOnce) {
  run([&]() -> Task<void> {
    Task<std::string> task = name_of(ids[0]);
    EXPECT_EQ(co_await std::move(task), "Ada");
    // NOLINTBEGIN(bugprone-use-after-move)
    EXPECT_THROW(co_await std::move(task), std::logic_error);
    Task<std::string> elsewhere = std::move(task);
    EXPECT_THROW(co_await std::move(task), std::logic_error);
    EXPECT_THROW(co_await std::move(elsewhere), std::logic_error);
    EXPECT_THROW(co_await with_context(client.context(), std::move(task)), std::logic_error);
    std::vector<Task<std::string>> tasks;
    tasks.push_back(std::move(task));
    tasks.push_back(name_of(ids[1]));
    EXPECT_THROW(co_await all(std::move(tasks)), std::logic_error);
    // NOLINTEND(bugprone-use-after-move)
  });
  Task<std::string> task = name_of(ids[0]);
  EXPECT_EQ(sync_wait(client, std::move(task)), "Ada");
  EXPECT_THROW(sync_wait(client, std::move(task)), std::logic_error);  // NOLINT(bugprone-use-after-move)
}

TEST_F(LifetimesTest, WhatABatchContextsBodyThrowsEndsIt) {
  std::optional<Task<std::string>> late;
  run([&]() -> Task<void> {
    const auto body = [&]() -> Task<int> {
      co_await User::find(ids[0]);
      (void)co_await all(name_of(ids[1]), name_of(ids[2]));
      throw std::out_of_range("mine");
    };
    EXPECT_THROW(co_await run_with_batch_context(body), std::out_of_range);
    EXPECT_FALSE(co_await is_inside_batch_context());
    const auto in_all = [&]() -> Task<void> {
      const auto throwing = []() -> Task<std::string> {
        throw std::out_of_range("at once");
        co_return "";
      };
      // The find shares its fate with nobody: it ends before the exception goes on.
      (void)co_await all(throwing(), name_of(ids[0]));
    };
    EXPECT_THROW(co_await run_with_batch_context(in_all), std::out_of_range);
    EXPECT_THAT(sent_now(), ElementsAre("GetItem", "BatchGetItem", "GetItem"));
    // Nothing of them is left.
    EXPECT_EQ(co_await name_of(ids[0]), "Ada");
    EXPECT_THAT(sent_now(), ElementsAre("GetItem"));
  });
}

TEST_F(LifetimesTest, ATaskThatIsDroppedLeavesTheOthersOfItsBatch) {
  run([&]() -> Task<void> {
    co_await run_with_batch_context([&]() -> Task<void> {
      const Context context = co_await this_context();
      std::optional<Task<std::string>> dropped(with_context(context, name_of(ids[0])));
      detail::start_owned(*dropped);
      Task<std::string> kept = name_of(ids[1]);
      const auto drop = [&]() -> Task<std::string> {
        dropped.reset();  // both are in the open batch
        co_return "";
      };
      const auto [name, nothing] = co_await all(std::move(kept), drop());
      EXPECT_EQ(name, "Bob");
      // It may be asked again.
      EXPECT_EQ(co_await name_of(ids[0]), "Ada");
    });
  });
}

TEST_F(LifetimesTest, AFindOutlivesTheContextThatItWasAskedIn) {
  std::vector<std::string> names;
  run([&]() -> Task<void> {
    co_await run_with_batch_context([&]() -> Task<void> {
      const Context context = co_await this_context();
      for (const std::string& id : ids) {
        spawn(name_of(id), context, [&](std::expected<std::string, std::exception_ptr> name) {
          names.push_back(name.value_or("failed"));
        });
      }
    });
    EXPECT_THAT(names, IsEmpty());
    while (names.size() < ids.size()) co_await name_of("somebody");
  });
  EXPECT_THAT(names, ElementsAre("Ada", "Bob", "Eve"));
}

TEST_F(LifetimesTest, ADroppedSaveIsWrittenOrNotAndItsInstanceCanBeSavedAgain) {
  run([&]() -> Task<void> {
    User user = co_await User::find(ids[0]);
    const Context context = co_await this_context();
    for (int round = 0; round < 3; ++round) {
      user->name = "round " + std::to_string(round);
      const auto save = [&]() -> Task<void> { co_await user.save(); };
      std::optional<Task<void>> dropped(with_context(context, save()));
      detail::start_owned(*dropped);
      if (round > 0) co_await User::find("somebody");  // lets it go on for a turn
      dropped.reset();
    }
    user->name = "at last";
    co_await user.save();
    EXPECT_EQ(co_await name_of(ids[0]), "at last");
  });
}

}  // namespace
}  // namespace bao::face
