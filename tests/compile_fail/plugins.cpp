#include <bao/bao.hpp>

struct UserFields {
  bao::Field<bao::Ulid> userId{};
  bao::Field<std::string> name{};
};
struct User : bao::Model<User, UserFields> {
  using Model::Model;
  static constexpr auto userId = bao::field<&UserFields::userId>({.auto_assign = true});
  static constexpr auto name = bao::field<&UserFields::name>({.required = true});
  static bao::ModelInfo describe() {
    return bao::schema("User", "u").fields(userId, name).primary_key(userId);
  }
};
struct PostFields {
  bao::Field<bao::Ulid> postId{};
  bao::Field<std::string> title{};
  bao::Field<bao::Related<User>> author{};
};
struct Post : bao::Model<Post, PostFields> {
  using Model::Model;
  static constexpr auto postId = bao::field<&PostFields::postId>({.auto_assign = true});
  static constexpr auto title = bao::field<&PostFields::title>();
  static constexpr auto author = bao::field<&PostFields::author>({.related_model = "User"});
  static bao::ModelInfo describe() {
    return bao::schema("Post", "p")
        .fields(postId, title, author)
        .primary_key(postId)
        .index("byAuthor", bao::gsi1, author);
  }
};
//! compiles: every_form
void add(bao::Client& client) {
  Post::register_plugin(client, {.before_save = [](PostFields& changes,
                                                   const bao::HookOptions<Post>& options) -> bao::Task<void> {
                                   if (options.is_new) changes.title = "x";
                                   co_return;
                                 },
                                 .after_save = [](Post post) { (void)post; },
                                 .before_delete = [](const std::string&) -> bao::Task<void> { co_return; },
                                 .after_delete = [](std::string_view, const bao::HookOptions<Post>&) {}});
}
//! compiles: related_and_attributes
bao::Task<void> read(User user) {
  auto query = Post::query_by_index(
      "byAuthor", user, {},
      {.attributes = {Post::title}, .load_related = true, .related_fields = {Post::author}});
  auto page = co_await std::move(query);
  bao::Page<User> users = co_await Post::query_by_index("byAuthor", user).related_only(Post::author);
  bao::PlainPage<PostFields> plain = co_await Post::scan().unwrapped();
  User author = co_await page.items.at(0).get_or_load_related_field(Post::author);
  User known = page.items.at(0).get_related(Post::author);
  Post post(PostFields{.title = "x"});
  auto saving = post.save({.constraints = {.must_exist = true, .field_matches = {Post::title}}});
  co_await std::move(saving);
}
//! fails: hook_of_another_model: HookFunction|constraint|cannot convert|could not convert|no matching
void add(bao::Client& client) {
  Post::register_plugin(client, {.before_save = [](UserFields& changes) { changes.name = "x"; }});
}
//! fails: hook_that_gives_something: HookFunction|constraint|cannot convert|could not convert|no matching
void add(bao::Client& client) {
  Post::register_plugin(client, {.before_save = [](PostFields&) { return 3; }});
}
//! fails: hook_with_options_of_another_model: HookFunction|constraint|not convert|no match
void add(bao::Client& client) {
  Post::register_plugin(client, {.after_save = [](Post&, const bao::HookOptions<User>&) {}});
}
//! fails: deletes_have_no_data: HookFunction|constraint|cannot convert|could not convert|no matching
void add(bao::Client& client) {
  Post::register_plugin(client, {.before_delete = [](PostFields&) {}});
}
//! fails: hook_that_does_not_exist: before_load|Plugin
void add(bao::Client& client) {
  Post::register_plugin(client, {.before_load = [](PostFields&) {}});
}
//! fails: attribute_of_another_model: attributes|QueryOptions|no matching|convert
auto query = Post::query_by_index("byAuthor", "x", {}, {.attributes = {User::name}});
//! fails: attribute_by_text: attributes|QueryOptions|no matching|convert
auto query = Post::query_by_index("byAuthor", "x", {}, {.attributes = {"title"}});
//! fails: related_field_that_is_none: related_fields|QueryOptions|no matching|convert
auto query =
    Post::query_by_index("byAuthor", "x", {}, {.load_related = true, .related_fields = {Post::title}});
//! fails: only_what_is_not_related: related_only
auto query = Post::query_by_index("byAuthor", "x").related_only(Post::title);
//! fails: only_what_another_model_is_related_to: related_only
auto query = User::query_by_primary_key("x").related_only(Post::author);
//! fails: related_item_of_a_text: get_related
auto item = Post().get_related(Post::title);
//! fails: the_wrong_kind_of_related_item: conver|User
Post wrong = Post().get_related(Post::author);
//! fails: matches_of_another_model: field_matches|SaveOptions|SaveConstraints|no matching|convert
auto saved = Post().save({.constraints = {.field_matches = {User::name}}});
//! fails: constraints_of_a_create: constraints|WriteOptions
auto made = Post::create({.title = "x"}, {.constraints = {.must_exist = true}});
//! fails: a_key_that_is_none: query_by_primary_key|KeyValue|conver
struct Nothing {};
auto query = Post::query_by_primary_key(Nothing());
