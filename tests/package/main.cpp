// Fails where the installed package lacks a header, a symbol or the generator, or behaves otherwise than in
// the build tree. Its models are generated from the guide's YAML. Calls are made before they are
// awaited, because g++ 12, which builds this too, destroys braced temporaries of an awaited expression twice.
#include <cstdio>
#include <models/models.hpp>
#include <utility>

using models::Post;
using models::User;

namespace {

bao::Task<bool> work() {
  auto john = User::create({.name = "John Doe", .email = "john@example.com"});
  User user = co_await std::move(john);
  auto first = Post::create({.userId = user->userId, .title = "My First Post"});
  co_await std::move(first);
  Post post({.userId = user->userId, .title = "Another"});
  auto saving = post.save();
  co_await std::move(saving);
  const std::string id = user.primary_id();
  const auto in_context = [&]() -> bao::Task<bool> {
    auto finding = bao::all(User::find(id), User::find("nobody"));
    auto [found, missing] = co_await std::move(finding);
    auto query = found.queryPosts({}, {.filter = Post::title.contains("First")});
    auto posts = co_await std::move(query);
    co_return found.exists() && !missing.exists() && found->name == "John Doe" && posts.items.size() == 1 &&
        posts.items[0]->title == "My First Post";
  };
  co_return co_await bao::run_with_batch_context(in_context);
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
