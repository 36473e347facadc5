#include <gtest/gtest.h>

#include "goldens/cpp/blog/models/models.hpp"

// Generated methods at work, on the golden models.
namespace models {
namespace {

bao::Task<void> relations() {
  User ada = co_await User::create({.email = "ada@example.com", .handle = "ada"});
  User eve = co_await User::create({.email = "eve@example.com", .bossId = ada});
  EXPECT_EQ((co_await eve.getBoss()).primary_id(), ada.primary_id());
  EXPECT_EQ((co_await User::findByEmail("eve@example.com")).primary_id(), eve.primary_id());
  EXPECT_EQ((co_await User::findByHandle("ada")).primary_id(), ada.primary_id());
  EXPECT_EQ((co_await ada.queryReports()).count, 1);
  EXPECT_EQ((co_await User::queryByStatus(User::status == "new")).count, 2);
  EXPECT_EQ((co_await User::queryByStatus(User::status == "old")).count, 0);

  const Post post = co_await Post::create({.userId = ada, .title = "On engines"});
  co_await Comment::create({.postId = post->postId, .author = eve, .text = "Fine"});
  EXPECT_EQ((co_await ada.queryByAuthor({}, {.filter = Post::title.begins_with("On")})).count, 1);
  EXPECT_EQ((co_await eve.queryCommentsByAuthor()).items.at(0)->text, "Fine");
  EXPECT_EQ((co_await post.queryComments()).count, 1);
  EXPECT_EQ((co_await Post::queryAllPosts()).count, 1);
}

bao::Task<void> mapping() {
  const Tag tag = co_await Tag::create({.name = "history"});
  std::vector<std::string> titles;
  for (const char* title : {"One", "Two", "Three"}) {
    const Post post = co_await Post::create({.userId = "nobody", .title = title});
    co_await TaggedPost::create({.tagId = tag, .postId = post});
    titles.emplace_back(title);
  }
  co_await bao::run_with_batch_context([&]() -> bao::Task<void> {
    const auto posts = co_await tag.getPosts();
    std::vector<std::string> found;
    for (const Post& post : posts.items) found.push_back(*post->title);
    EXPECT_EQ(found, titles);
    EXPECT_EQ((co_await tag.getRecentPosts({}, {.limit = 2})).items.size(), 2U);
    EXPECT_EQ((co_await tag.getPosts({}, {.count_only = true})).count, 3);
    EXPECT_EQ((co_await posts.items.at(0).getTags()).items.at(0)->name, "history");
  });
  // A mapping may outlive its target.
  const auto posts = co_await tag.getPosts();
  co_await Post::remove(posts.items.at(1).primary_id());
  EXPECT_EQ((co_await tag.getPosts()).count, 2);
}

bao::Task<void> create_for_a() {
  const User ada = co_await User::create({.email = "ada@example.com", .handle = "ada"});
  co_await User::create({.email = "eve@example.com", .bossId = ada});
  const Tag tag = co_await Tag::create({.name = "history"});
  const Post post = co_await Post::create({.userId = ada, .title = "On engines"});
  co_await TaggedPost::create({.tagId = tag, .postId = post});
}

// The same rule as that of saves and of related items.
bao::Task<void> owners() {
  co_await bao::run_with_tenant("A", create_for_a);
  const auto find_ada = []() -> bao::Task<User> { co_return co_await User::findByHandle("ada"); };
  const auto find_tag = []() -> bao::Task<Tag> {
    const bao::Page<Tag> tags = co_await Tag::scan();
    co_return tags.items.at(0);
  };
  const User ada = co_await bao::run_with_tenant("A", find_ada);
  const Tag tag = co_await bao::run_with_tenant("A", find_tag);
  co_await bao::run_with_tenant("B", [&]() -> bao::Task<void> {
    EXPECT_THROW(co_await ada.queryReports(), bao::ValidationError);
    EXPECT_THROW(co_await ada.queryByAuthor(), bao::ValidationError);
    EXPECT_THROW(co_await tag.getPosts(), bao::ValidationError);
  });
  // Where none is set, it is the item's own.
  EXPECT_EQ((co_await ada.queryReports()).count, 1);
  EXPECT_EQ((co_await tag.getPosts()).items.at(0)->title, "On engines");
}

TEST(Generated, Relations) {
  bao::Client client = bao::init_models({.models = all(), .aws = {.endpoint = "memory:"}});
  bao::sync_wait(client, relations());
}

TEST(Generated, InstanceQueriesAreOfTheInstancesTenant) {
  bao::Client client = bao::init_models({.models = all(), .aws = {.endpoint = "memory:"}});
  bao::sync_wait(client, owners());
}

TEST(Generated, MappingTables) {
  bao::Client client = bao::init_models({.models = all(), .aws = {.endpoint = "memory:"}});
  bao::sync_wait(client, mapping());
}

}  // namespace
}  // namespace models
