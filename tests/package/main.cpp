// Fails where the installed package lacks a header, a symbol or the generator, or behaves otherwise than in
// the build tree. Its models are generated from the guide's YAML.
#include <cstdio>
#include <models/models.hpp>

using models::Post;
using models::User;

namespace {

bao::Task<bool> work() {
  User user = co_await User::create({.name = "John Doe", .email = "john@example.com"});
  co_await Post::create({.userId = user->userId, .title = "My First Post"});
  co_await Post::create({.userId = user->userId, .title = "Another"});
  const std::string id = user.primary_id();
  co_return co_await bao::run_with_batch_context([&]() -> bao::Task<bool> {
    auto [found, missing] = co_await bao::all(User::find(id), User::find("nobody"));
    auto posts = co_await found.queryPosts({}, {.filter = Post::title.contains("First")});
    co_return found.exists() && !missing.exists() && found->name == "John Doe" && posts.items.size() == 1 &&
        posts.items[0]->title == "My First Post";
  });
}

}  // namespace

int main() {
  bao::Client client = bao::init_models({.models = models::all(), .aws = {.endpoint = "memory:"}});
  if (!bao::sync_wait(client, work())) {
    std::puts("outside: what was written is not what was read");
    return 1;
  }
  std::puts("outside: built against the installed package");
  return 0;
}
