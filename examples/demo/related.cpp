// Related data, unique values and counters, on models generated from related.yaml.

#include <models/models.hpp>

#include "demo.hpp"

namespace {

using bao::Task;
using demo::say;
using demo::section;
using models::Post;
using models::User;

Task<void> create_posts() {
  section("create three authors, two posts each");
  for (const char* name : {"Ada", "Grace", "Barbara"}) {
    User user = co_await User::create({.name = name, .email = std::string(name) + "@example.com"});
    for (const char* title : {"On engines", "On compilers"}) {
      co_await Post::create({.userId = user, .title = title});
    }
  }
}

Task<void> load_related() {
  section("all posts, then their authors: related data in one further batch");
  co_await bao::run_with_batch_context([]() -> Task<void> {
    auto posts = co_await Post::queryAllPosts();
    std::vector<Task<User>> authors;
    for (Post& post : posts.items) authors.push_back(post.getUser());
    const std::vector<User> users = co_await bao::all(std::move(authors));
    for (std::size_t position = 0; position < users.size(); ++position) {
      say("%s, by %s", posts.items[position]->title->c_str(), users[position]->name->c_str());
    }
  });
}

Task<void> unique_email() {
  section("a second user with an e-mail address that is taken");
  const auto second = co_await User::create({.name = "Eve", .email = "Ada@example.com"}).as_result();
  say("%s", second ? "was created" : second.error().message().c_str());
  const User ada = co_await User::findByEmail("Ada@example.com");
  say("the address belongs to %s", ada->name->c_str());
}

Task<void> count_likes() {
  section("two writers like a post at once");
  auto posts = co_await Post::queryAllPosts({}, {.limit = 1});
  Post one = posts.items.front();
  Post other = co_await Post::find(one.primary_id());
  one->likes.increment();
  other->likes.increment();
  co_await bao::all(one.save(), other.save());
  const Post liked = co_await Post::find(one.primary_id(), {.consistent = true});
  say("it has %lld likes", static_cast<long long>(*liked->likes));
}

}  // namespace

int main() {
  try {
    bao::Client client = demo::connect(models::all());
    bao::sync_wait(client, create_posts());
    bao::sync_wait(client, load_related());
    bao::sync_wait(client, unique_email());
    bao::sync_wait(client, count_likes());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "demo: %s\n", error.what());
    return 1;
  }
  return 0;
}
