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
//! compiles: a_type_with_traits
enum class Colour { red, green };
template <>
struct bao::FieldTraits<Colour> {
  static constexpr FieldType type = FieldType::string;
  static Value write(Colour colour) { return Value(colour == Colour::red ? "red" : "green"); }
  static bool read(const AttributeView& attribute, FieldType, Colour& colour) {
    colour = attribute.text == "red" ? Colour::red : Colour::green;
    return attribute.kind == ValueKind::string;
  }
};
struct CarFields {
  bao::Field<std::string> id{};
  bao::Field<Colour> colour{};
};
struct Car : bao::Model<Car, CarFields> {
  using Model::Model;
  static constexpr auto id = bao::field<&CarFields::id>();
  static constexpr auto colour = bao::field<&CarFields::colour>();
  static bao::ModelInfo describe() { return bao::schema("Car", "c").fields(id, colour).primary_key(id); }
};
auto red = Car::colour == Colour::red;
//! fails: a_type_without_traits: FieldTraits
struct Colour {
  int rgb = 0;
  bool operator==(const Colour&) const = default;
};
struct CarFields {
  bao::Field<Colour> colour{};
};
struct Car {
  static constexpr auto colour = bao::field<&CarFields::colour>();
};
//! fails: create_date_of_text: create_date
struct CarFields {
  bao::Field<std::string> made{};
};
struct Car {
  static constexpr auto made = bao::create_date<&CarFields::made>();
};
//! fails: version_of_an_integer: version
struct CarFields {
  bao::Field<std::int64_t> version{};
};
struct Car {
  static constexpr auto version = bao::version<&CarFields::version>();
};
//! fails: unique_of_a_name: unique
bao::ModelInfo info = bao::schema("User", "u").fields(User::name).unique("uniqueName", 1, "name");
//! fails: unknown_option: maxLength|FieldOptions
struct CarFields {
  bao::Field<std::string> made{};
};
struct Car {
  static constexpr auto made = bao::field<&CarFields::made>({.maxLength = 3});
};
//! fails: default_of_no_type: DefaultValue|FieldOptions
struct CarFields {
  bao::Field<std::string> made{};
};
struct Car {
  static constexpr auto made = bao::field<&CarFields::made>({.default_value = User::name});
};
