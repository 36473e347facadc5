// The work of the user's guide, on models generated from the guide's own YAML (guide.yaml).

#include <models/models.hpp>

#include "demo.hpp"

namespace {

using bao::Task;
using demo::say;
using demo::section;
using models::Post;
using models::User;

Task<std::vector<std::string>> create_users() {
  section("create three users and a post for each");
  std::vector<std::string> ids;
  for (const char* name : {"Ada", "Grace", "Barbara"}) {
    User user = co_await User::create({.name = name, .email = std::string(name) + "@example.com"});
    Post post = co_await Post::create({.userId = user->userId, .title = std::string(name) + "'s first post"});
    say("%s is %s, her post is %s", name, user.primary_id().c_str(), post.primary_id().c_str());
    ids.push_back(user.primary_id());
  }
  co_return ids;
}

Task<void> find_in_context(const std::vector<std::string>& ids) {
  section("three finds in a batch context");
  co_await bao::run_with_batch_context([&]() -> Task<void> {
    auto [ada, grace, barbara] =
        co_await bao::all(User::find(ids[0]), User::find(ids[1]), User::find(ids[2]));
    say("found %s, %s, %s", ada->name->c_str(), grace->name->c_str(), barbara->name->c_str());
    const User again = co_await User::find(ids[0]);
    say("found Ada again, without a request: %s", again.same_instance(ada) ? "the same instance" : "a copy");
    say("the context read %.1f units", (co_await bao::batch_context_capacity()).read);
  });
}

Task<void> find_directly(const std::vector<std::string>& ids) {
  section("the same three finds without a context");
  auto [ada, grace, barbara] = co_await bao::all(User::find(ids[0]), User::find(ids[1]), User::find(ids[2]));
  say("found %s, %s, %s", ada->name->c_str(), grace->name->c_str(), barbara->name->c_str());
}

Task<void> query_posts(const std::string& id) {
  section("user.queryPosts");
  User user = co_await User::find(id);
  co_await Post::create({.userId = user->userId, .title = "A second post"});
  auto posts = co_await user.queryPosts({}, {.filter = Post::title.contains("post")});
  for (const Post& post : posts.items) say("%s", post->title->c_str());
}

// Each context works through its own users, step by step, while the other does.
Task<void> one_of_two(const char* name, std::string id) {
  co_await bao::run_with_batch_context([&]() -> Task<void> {
    User user = co_await User::find(id);
    user->name = std::string(name);  // not saved: the other context must not see it
    const User again = co_await User::find(id);
    say("context %s: its instance says %s, %.1f units read", name, again->name->c_str(),
        (co_await bao::batch_context_capacity()).read);
  });
}

Task<void> two_contexts(const std::string& id) {
  section("two interleaved contexts find the same user");
  co_await bao::all(one_of_two("left", id), one_of_two("right", id));
}

Task<void> refused(const std::string& id) {
  section("strict mode: a find outside a context");
  const auto found = co_await User::find(id).as_result();
  say("%s", found ? "was not refused" : found.error().message().c_str());
}

}  // namespace

int main() {
  try {
    bao::Client client = demo::connect(models::all());
    const std::vector<std::string> ids = bao::sync_wait(client, create_users());
    bao::sync_wait(client, find_in_context(ids));
    bao::sync_wait(client, find_directly(ids));
    bao::sync_wait(client, query_posts(ids[0]));
    bao::sync_wait(client, two_contexts(ids[0]));
    bao::Client strict = demo::connect(models::all(), true);
    bao::sync_wait(strict, refused(ids[0]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "demo: %s\n", error.what());
    return 1;
  }
  return 0;
}
