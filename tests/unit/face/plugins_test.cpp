#include <stdexcept>

#include "unit/face/models.hpp"

// Hooks around writes.
namespace bao::face {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Seen = std::vector<std::string>;

struct Stopped : std::runtime_error {
  using std::runtime_error::runtime_error;
  int number = 7;
};

class PluginsTest : public FaceTest {
 protected:
  // Notes what each hook of Post is told.
  void watch(const std::string& name = {}) {
    Post::register_plugin(
        client,
        {.before_save = [this, name](PostFields& changes, const HookOptions<Post>& options) -> Task<void> {
           co_await User::find("nobody");  // a hook may wait
           seen.push_back(name + (options.is_new ? "creating " : "saving ") + *changes.title);
         },
         .after_save = [this, name](Post& post) { seen.push_back(name + "saved " + *post->title); },
         .before_delete = [this, name](const std::string& id) { seen.push_back(name + "deleting " + id); },
         .after_delete = [this, name](const std::string& id,
                                      const HookOptions<Post>&) { seen.push_back(name + "deleted " + id); }});
  }
  Seen seen_now() { return std::exchange(seen, {}); }

  Seen seen;
};

TEST_F(PluginsTest, RunAroundEveryWrite) {
  watch();
  run([&]() -> Task<void> {
    Post post = co_await Post::create({.title = "a"});
    EXPECT_THAT(seen_now(), ElementsAre("creating a", "saved a"));
    post->title = "b";
    co_await post.save();
    EXPECT_THAT(seen_now(), ElementsAre("saving b", "saved b"));
    co_await post.save();  // no change: no write, no hooks
    EXPECT_THAT(seen_now(), IsEmpty());
    co_await Post::update(post.primary_id(), {.title = "c"});
    EXPECT_THAT(seen_now(), ElementsAre("saving c", "saved c"));
    Post made(PostFields{.title = "d"});
    co_await made.save();
    EXPECT_THAT(seen_now(), ElementsAre("creating d", "saved d"));
    co_await made.remove_item();
    EXPECT_THAT(seen_now(), ElementsAre("deleting " + made.primary_id(), "deleted " + made.primary_id()));
    co_await Post::remove(post.primary_id());
    EXPECT_THAT(seen_now(), ElementsAre("deleting " + post.primary_id(), "deleted " + post.primary_id()));
    const auto written =
        co_await Post::batch_write({.put = {{.title = "e"}, {.title = "f"}}, .remove = {"x"}});
    EXPECT_EQ(written.items.size(), 2U);
    EXPECT_THAT(seen_now(),
                ElementsAre("creating e", "creating f", "deleting x", "saved e", "saved f", "deleted x"));
  });
}

TEST_F(PluginsTest, OfATransactionRunBeforeAndAfterAllOfIt) {
  watch();
  run([&]() -> Task<void> {
    Post old = co_await Post::create({.title = "old"});
    Post kept = co_await Post::create({.title = "kept"});
    Post gone = co_await Post::create({.title = "gone"});
    seen_now();
    sent_now();
    Transaction transaction;
    Post made = transaction.create<Post>({.title = "new"});
    transaction.update<Post>(old.primary_id(), {.title = "older"});
    transaction.save(kept);  // no change: no action
    transaction.remove_item(gone);
    transaction.check<User>("nobody", User::name.not_exists());
    EXPECT_THAT(seen_now(), IsEmpty());
    const auto refused = co_await transact(std::move(transaction)).as_result();
    EXPECT_EQ(refused.error().code(), ErrorCode::item_not_found);
    EXPECT_THAT(seen_now(), ElementsAre("creating new", "saving older", "deleting " + gone.primary_id()));

    Transaction second;
    made = second.create<Post>({.title = "new"});
    second.save(kept);
    second.remove<Post>(gone.primary_id());
    sent_now();
    co_await transact(std::move(second));
    EXPECT_TRUE(made.exists());
    EXPECT_THAT(seen_now(), ElementsAre("creating new", "deleting " + gone.primary_id(), "saved new",
                                        "deleted " + gone.primary_id()));
    EXPECT_THAT(sent_now(), testing::Contains("TransactWriteItems").Times(1));
  });
}

TEST_F(PluginsTest, SeeDefaultsAndChangeWhatIsWritten) {
  std::vector<std::string> kinds;
  Post::register_plugin(client, {.before_save = [&](PostFields& changes, const HookOptions<Post>& options) {
                          kinds.push_back(*changes.kind);
                          EXPECT_EQ(changes.rank.has_value(), options.is_new);
                          changes.title = "<" + *changes.title + ">";
                          if (!options.is_new) changes.rank = nullptr;
                          EXPECT_EQ(changes.rank.changed(), true);
                          changes.likes = increment(2);
                        }});
  run([&]() -> Task<void> {
    Post post = co_await Post::create({.title = "a", .rank = 1});
    EXPECT_EQ(*post->title, "<a>");
    EXPECT_EQ(*post->likes, 2);
    EXPECT_EQ(*post->kind, "note");
    post->title = "b";
    co_await post.save();
    EXPECT_EQ(*post->title, "<b>");
    EXPECT_FALSE(post.has_changes());
    const Post found = co_await Post::find(post.primary_id());
    EXPECT_EQ(*found->title, "<b>");
    EXPECT_EQ(*found->likes, 4);
    EXPECT_FALSE(found->rank.has_value());
    // The default shows, and only that: of a save what was not changed does not.
    EXPECT_THAT(kinds, ElementsAre("note", ""));
  });
}

TEST_F(PluginsTest, RunInTheOrderOfRegistrationEachAwaited) {
  watch("1 ");
  watch("2 ");
  run([&]() -> Task<void> {
    co_await Post::create({.title = "a"});
    EXPECT_THAT(seen_now(), ElementsAre("1 creating a", "2 creating a", "1 saved a", "2 saved a"));
  });
}

TEST_F(PluginsTest, OneThatThrowsStopsTheWriteAndReachesTheCallerUnchanged) {
  Post::register_plugin(
      client,
      {.before_save = [](PostFields& changes) -> Task<void> {
         if (*changes.title == "stop") throw Stopped("stopped");
         co_return;
       },
       .before_delete = [](const std::string&) { throw_error(Error(ErrorCode::validation, "not now")); }});
  watch();
  run([&]() -> Task<void> {
    sent_now();
    int number = 0;
    try {
      co_await Post::create({.title = "stop"});
    } catch (const Stopped& stopped) {
      number = stopped.number;
    }
    EXPECT_EQ(number, 7);
    number = 0;
    try {  // no error of the library: it is thrown all the same
      (void)co_await Post::create({.title = "stop"}).as_result();
    } catch (const Stopped& stopped) {
      number = stopped.number;
    }
    EXPECT_EQ(number, 7);
    Transaction transaction;
    transaction.create<User>({.name = "Ann"});
    transaction.create<Post>({.title = "stop"});
    EXPECT_THROW(co_await transact(std::move(transaction)), Stopped);
    EXPECT_THROW(co_await Post::batch_write({.put = {{.title = "go"}, {.title = "stop"}}}), Stopped);
    EXPECT_THAT(sent_now(), testing::Not(testing::Contains(testing::EndsWith("Items"))));
    EXPECT_EQ(co_await Post::count(), 0);

    const Post post = co_await Post::create({.title = "go"});
    EXPECT_THROW(co_await Post::remove(post.primary_id()), ValidationError);
    const auto refused = co_await Post::remove(post.primary_id()).as_result();
    EXPECT_EQ(refused.error().message(), "not now");
    EXPECT_TRUE((co_await Post::find(post.primary_id())).exists());
  });
}

TEST_F(PluginsTest, AfterAWriteThatFailsNothingRuns) {
  watch();
  run([&]() -> Task<void> {
    const auto missing = co_await Post::update("01ARZ3NDEKTSV4RRFFQ69G5FAV", {.title = "a"}).as_result();
    EXPECT_EQ(missing.error().code(), ErrorCode::item_not_found);
    EXPECT_THAT(seen_now(), ElementsAre("saving a"));
  });
}

TEST_F(PluginsTest, GetTheOptionsOfTheCaller) {
  std::vector<int> notes;
  bool conditioned = false;
  Post::register_plugin(client, {.before_save = [&](PostFields&, const HookOptions<Post>& options) {
                          if (const int* note = std::any_cast<int>(&options.note)) notes.push_back(*note);
                          conditioned = !options.condition.empty();
                        }});
  run([&]() -> Task<void> {
    Post post = co_await Post::create({.title = "a"}, {.note = 1});
    EXPECT_FALSE(conditioned);
    post->title = "b";
    co_await post.save({.condition = Post::title == "a", .note = 2});
    EXPECT_TRUE(conditioned);
    EXPECT_THAT(notes, ElementsAre(1, 2));
  });
}

TEST_F(PluginsTest, RunInTheContextOfTheWrite) {
  std::string tenant;
  bool inside = false;
  Post::register_plugin(client, {.before_save = [&](PostFields&) -> Task<void> {
                          tenant = (co_await get_current_tenant()).value_or("");
                          inside = co_await is_inside_batch_context();
                        }});
  run([&]() -> Task<void> {
    co_await run_with_tenant("acme", [&]() -> Task<void> {
      co_await run_with_batch_context([&]() -> Task<void> { co_await Post::create({.title = "a"}); });
    });
    EXPECT_EQ(tenant, "acme");
    EXPECT_TRUE(inside);
  });
}

TEST_F(PluginsTest, BelongToOneClient) {
  watch();
  Client other = init_models(config(nullptr));
  sync_wait(other, Post::create({.title = "a"}));
  EXPECT_THAT(seen_now(), IsEmpty());
  // They go with the client where it is moved to.
  Client moved = std::move(client);
  sync_wait(moved, Post::create({.title = "b"}));
  EXPECT_THAT(seen_now(), ElementsAre("creating b", "saved b"));
  client = std::move(moved);
}

TEST_F(PluginsTest, OfAModelThatTheClientDoesNotHaveAreRefused) {
  Config alone = config(nullptr);
  alone.models = {&User::model_info()};
  Client users = init_models(std::move(alone));
  EXPECT_THROW(Post::register_plugin(users, {}), ConfigurationError);
  EXPECT_THROW(DynamicModel("Nobody").register_plugin(users, {}), ConfigurationError);
}

TEST_F(PluginsTest, OfAModelByItsNameRunForWritesByTheName) {
  const DynamicModel posts("Post");
  posts.register_plugin(client,
                        {.before_save =
                             [&](std::vector<DynamicChange>& changes, const DynamicHookOptions& options) {
                               seen.push_back(options.is_new ? "creating" : "saving");
                               for (const DynamicChange& change : changes) seen.push_back(change.field);
                               changes.push_back({.field = "likes", .change = {.value = Value(5)}});
                             },
                         .after_save = [&](DynamicItem& item) { seen.push_back("saved " + item.id); },
                         .before_delete = [&](const std::string& id) { seen.push_back("deleting " + id); },
                         .after_delete = [&](const std::string& id) { seen.push_back("deleted " + id); }});
  run([&]() -> Task<void> {
    std::vector<DynamicChange> data{{.field = "title", .change = {.value = Value("a")}}};
    DynamicItem item = co_await posts.create(data);
    EXPECT_EQ(item.fields.at("likes"), Value(5));
    EXPECT_THAT(seen_now(), ElementsAre("creating", "title", "class", "saved " + item.id));
    item = co_await posts.save(item, data);
    EXPECT_THAT(seen_now(), ElementsAre("saving", "title", "saved " + item.id));
    DynamicTransaction transaction;
    transaction.update("Post", item.id, data);
    const auto done = co_await transact(std::move(transaction));
    EXPECT_EQ(done.at(0).id, item.id);
    EXPECT_THAT(seen_now(), ElementsAre("saving", "title", "saved " + item.id));
    co_await posts.remove(item.id);
    EXPECT_THAT(seen_now(), ElementsAre("deleting " + item.id, "deleted " + item.id));
    const auto written = co_await posts.batch_write({data}, {"x"});
    EXPECT_THAT(seen_now(), ElementsAre("creating", "title", "class", "deleting x",
                                        "saved " + written.at(0).id, "deleted x"));
    co_await Post::create({.title = "typed"});
    EXPECT_THAT(seen_now(), IsEmpty());
  });
}

}  // namespace
}  // namespace bao::face
