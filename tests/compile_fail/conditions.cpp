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
auto a = User::age > 3 && User::name.contains("x") || !User::tags.exists();
auto b = User::name.begins_with("a") && User::age.between(1, 5) && User::tags.size() > 2U;
const std::vector<std::string> names{"a", "b"};
auto e = User::name.in(names);
auto c = User::createdAt.between(bao::Timestamp(), bao::Timestamp()) && User::name.in({"a", "b"});
auto d = User::query_by_primary_key("x", User::age > 3, {.filter = User::name == "y"});
//! fails: unknown_field: nickname
auto condition = User::nickname == "x";
//! fails: number_with_text: invalid operands|no match for .operator>
auto condition = User::age > "three";
//! fails: text_with_number: invalid operands|no match for .operator==
auto condition = User::name == 3;
//! fails: date_with_text: invalid operands|no match for .operator<
auto condition = User::createdAt < "2024-05-31";
//! fails: contains_on_a_number: contains
auto condition = User::age.contains("1");
//! fails: begins_with_on_a_number: begins_with
auto condition = User::age.begins_with("1");
//! fails: between_texts_on_a_date: between
auto condition = User::createdAt.between("2024-01-01", "2024-12-31");
//! fails: size_of_a_number: size
auto condition = User::age.size() > 3U;
//! fails: in_with_a_wrong_type: in
auto condition = User::age.in({"a", "b"});
//! fails: two_models_in_one_condition: invalid operands|no match for .operator&&
auto condition = User::age > 3 && Post::title == "x";
//! fails: filter_of_another_model: PostFields|QueryOptions
auto query = User::query_by_primary_key("x", {}, {.filter = Post::title == "x"});
//! fails: sort_condition_of_another_model: PostFields|Post::title|query_by_primary_key
auto query = User::query_by_primary_key("x", Post::title == "x");
//! fails: contains_as_a_sort_condition: ModelCondition|query_by_primary_key
auto query = User::query_by_primary_key("x", User::name.contains("x"));
//! fails: write_condition_of_another_model: PostFields|WriteOptions
auto written = User::update("id", {.age = 3}, {.condition = Post::title == "x"});
