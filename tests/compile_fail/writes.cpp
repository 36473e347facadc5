#include <bao/bao.hpp>

struct UserFields {
  bao::Field<bao::Ulid> userId{};
  bao::Field<std::string> name{};
  bao::Field<std::int64_t> age{};
  bao::Field<bao::Timestamp> createdAt{};
  bao::Field<bao::StringSet> tags{};
};
struct User : bao::Model<User, UserFields> {
  using Model::Model;
  static constexpr auto userId = bao::field<&UserFields::userId>({.auto_assign = true});
  static constexpr auto name = bao::field<&UserFields::name>({.required = true});
  static constexpr auto age = bao::field<&UserFields::age>();
  static constexpr auto createdAt = bao::create_date<&UserFields::createdAt>();
  static constexpr auto tags = bao::field<&UserFields::tags>();
  static bao::ModelInfo describe() {
    return bao::schema("User", "u").fields(userId, name, age, createdAt, tags).primary_key(userId);
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
    return bao::schema("Post", "p").fields(postId, title, author).primary_key(postId);
  }
};
//! compiles: every_form
auto a = User::create({.name = "Ada", .age = 36, .tags = {"x", "y"}});
auto b = User::update("id", {.name = "Ada", .age = nullptr});
auto c = Post::create({.title = "x", .author = User()});
auto d = Post::create({.title = "x", .author = "an id"});
bao::Task<void> e(User user) {
  user->age = 4;
  user->tags.insert("z");
  co_await user.save();
}
//! fails: unknown_field: nickname|UserFields
auto written = User::create({.nickname = "Ada"});
//! fails: number_from_text: const char|std::string|conversion|convert
auto written = User::create({.age = "thirty"});
//! fails: text_from_number: int|conversion|convert
auto written = User::create({.name = 3});
//! fails: date_from_number: int|conversion|convert
auto written = User::create({.createdAt = 3});
//! fails: id_of_another_model: Post|conversion|convert
auto written = Post::create({.author = Post()});
//! fails: assigned_text_to_a_number: no viable overloaded|no match for .operator=
void use(User user) {
  user->age = "four";
}
//! fails: increment_of_an_integer: increment
void use(User user) {
  user->age.increment();
}
//! fails: option_that_does_not_exist: must_exist|WriteOptions
auto written = User::update("id", {.age = 3}, {.must_exist = true});
//! fails: result_not_awaited: nodiscard|User
void use() {
  const User user = User::find("id");
}
