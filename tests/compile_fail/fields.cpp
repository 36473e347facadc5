#include <bao/bao.hpp>

struct Place {
  double latitude = 0;
  static constexpr auto describe() { return bao::members<&Place::latitude>(); }
};
struct Address {
  std::string city{};
  std::optional<Place> place{};
  std::vector<std::string> notes{};
  static constexpr auto describe() {
    return bao::members<&Address::city, &Address::place, &Address::notes>();
  }
};
struct Plain {
  int number = 0;
};
struct UserFields {
  bao::Field<std::string> userId{};
  bao::Field<Address> address{};
  bao::Field<std::vector<Address>> former{};
  bao::Field<std::map<std::string, double>> ratings{};
  bao::Field<bao::Value::Map> anything{};
};
struct User : bao::Model<User, UserFields> {
  using Model::Model;
  static constexpr auto userId = bao::field<&UserFields::userId>();
  static constexpr auto address = bao::field<&UserFields::address>();
  static constexpr auto former = bao::field<&UserFields::former>();
  static constexpr auto ratings = bao::field<&UserFields::ratings>();
  static constexpr auto anything = bao::field<&UserFields::anything>();
  static bao::ModelInfo describe() {
    return bao::schema("User", "u").fields(userId, address, former, ratings, anything).primary_key(userId);
  }
};
User user;
//! compiles: every_form
void change() {
  user->address[&Address::city] = "Paris";
  user->address[&Address::place][&Place::latitude] = 1;
  user->address[&Address::place].remove();
  user->former[0][&Address::notes].push_back("x");
  user->former.push_back(Address{});
  user->ratings["books"] = 4.5;
  user->anything["a"]["b"][2] = 3;
}
auto a = User::address[&Address::city] == "Paris" && User::former[0][&Address::place].exists();
auto b = User::ratings["books"] > 4 || User::anything["a"][1] == "x";
//! compiles: traits_of_every_kind
struct Email {
  std::string text{};
  bool operator==(const Email&) const = default;
};
template <>
struct bao::FieldTraits<Email> {
  static constexpr FieldType type = FieldType::string;
  static Value write(const Email& email) { return Value(email.text); }
  static bool read(const AttributeView& stored, FieldType, Email& email) {
    email.text = stored.text;
    return stored.kind == ValueKind::string;
  }
  static std::string validate(const Email&) { return {}; }
  static Email initial_value() { return {}; }
  static std::optional<Email> update_before_save(std::optional<Email> email) { return email; }
};
struct CarFields {
  bao::Field<Email> owner{};
};
constexpr auto owner = bao::field<&CarFields::owner>();
//! fails: a_struct_that_describes_nothing: no type of fields: bao::FieldTraits<T> must say what it is
struct CarFields {
  bao::Field<Plain> plain{};
};
constexpr auto plain = bao::field<&CarFields::plain>();
//! fails: a_member_that_cannot_be_nested: not a type of nested values
struct Box {
  Plain plain{};
  static constexpr auto describe() { return bao::members<&Box::plain>(); }
};
bao::Value value = bao::FieldTraits<Box>::write(Box());
//! fails: an_element_that_cannot_be_nested: not a type of nested values
bao::Value value = bao::FieldTraits<std::vector<Plain>>::write({});
//! fails: traits_without_write: bao::FieldTraits<T> must have static bao::Value write
template <>
struct bao::FieldTraits<Plain> {
  static constexpr FieldType type = FieldType::string;
  static bool read(const AttributeView&, FieldType, Plain&) { return true; }
};
struct CarFields {
  bao::Field<Plain> plain{};
};
constexpr auto plain = bao::field<&CarFields::plain>();
//! fails: traits_whose_read_reads_something_else: bao::FieldTraits<T> must have static bool read
template <>
struct bao::FieldTraits<Plain> {
  static constexpr FieldType type = FieldType::string;
  static Value write(const Plain&) { return {}; }
  static bool read(const AttributeView&, FieldType, std::string&) { return true; }
};
struct CarFields {
  bao::Field<Plain> plain{};
};
constexpr auto plain = bao::field<&CarFields::plain>();
//! fails: a_type_without_equality: which tells what was changed
template <>
struct bao::FieldTraits<Plain> {
  static constexpr FieldType type = FieldType::string;
  static Value write(const Plain&) { return {}; }
  static bool read(const AttributeView&, FieldType, Plain&) { return true; }
};
struct CarFields {
  bao::Field<Plain> plain{};
};
constexpr auto plain = bao::field<&CarFields::plain>();
//! fails: a_member_of_another_struct: operator\[\]|subscript
void change() {
  user->address[&Place::latitude] = 1;
}
//! fails: a_part_of_a_wrong_type: operator=|no match for|overloaded '='
void change() {
  user->address[&Address::city] = 3;
}
//! fails: a_key_into_a_struct: operator\[\]|subscript
void change() {
  user->address["city"] = "Paris";
}
//! fails: a_position_in_a_map: operator\[\]|subscript
void change() {
  user->ratings[0] = 1;
}
//! fails: a_part_of_a_text: operator\[\]|subscript
void change() {
  user->userId["a"] = 1;
}
//! fails: append_to_a_map: push_back
void change() {
  user->ratings.push_back(1.0);
}
//! fails: append_a_wrong_element: push_back|no matching|no known conversion
void change() {
  user->former.push_back("x");
}
//! fails: compare_a_part_with_a_wrong_type: invalid operands|no match for .operator==
auto condition = User::address[&Address::city] == 3;
//! fails: condition_on_a_member_of_another_struct: operator\[\]|subscript
auto condition = User::address[&Place::latitude] == 3;
//! fails: parts_of_two_models: invalid operands|no match for .operator&&
struct CarFields {
  bao::Field<Address> place{};
};
constexpr auto place = bao::field<&CarFields::place>();
auto condition = place[&Address::city] == "x" && User::address[&Address::city] == "x";
//! fails: index_over_a_part: index
bao::ModelInfo info = bao::schema("User", "u").index("byCity", bao::gsi1, User::address[&Address::city]);
