#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <bao/condition.hpp>
#include <bao/detail/member_name.hpp>
#include <bao/field.hpp>
#include <bao/model_condition.hpp>
#include <bao/nested_path.hpp>

namespace bao {

namespace detail {

template <class T>
struct MemberPointer;
template <class C, class T>
struct MemberPointer<T C::*> {
  using Class = C;
  using FieldType = T;
  using Value = typename T::value_type;
};
template <auto Member>
using ClassOf = typename MemberPointer<std::remove_const_t<decltype(Member)>>::Class;
template <auto Member>
using ValueOf = typename MemberPointer<std::remove_const_t<decltype(Member)>>::Value;
template <auto Member>
using FieldOf = typename MemberPointer<std::remove_const_t<decltype(Member)>>::FieldType;

/// Stored as a string, types of a user's own included.
template <class T>
concept HeldAsText = std::convertible_to<std::string, T> || FieldTraits<T>::type == FieldType::string;

}  // namespace detail

/// A comparison of one field: a condition, and where the field is an index's sort key, a sort key condition.
template <auto Member>
class FieldComparison : public ModelCondition<detail::ClassOf<Member>> {
  using ModelCondition<detail::ClassOf<Member>>::ModelCondition;
};

/// `size(field)`, in UTF-16 units of a string, bytes, members or elements: compare it with an integer.
template <auto Member>
class FieldSize {
 public:
  explicit FieldSize(std::string_view name) : name_(name) {}

  [[nodiscard]] auto compare(Comparison comparison, std::size_t size) const {
    return ModelCondition<detail::ClassOf<Member>>(
        Condition{.kind = Condition::Kind::size,
                  .comparison = comparison,
                  .field = std::string(name_),
                  .operands = {Value(static_cast<std::uint64_t>(size))}});
  }
  friend auto operator==(const FieldSize& a, std::size_t size) { return a.compare(Comparison::eq, size); }
  friend auto operator!=(const FieldSize& a, std::size_t size) { return a.compare(Comparison::ne, size); }
  friend auto operator<(const FieldSize& a, std::size_t size) { return a.compare(Comparison::lt, size); }
  friend auto operator<=(const FieldSize& a, std::size_t size) { return a.compare(Comparison::le, size); }
  friend auto operator>(const FieldSize& a, std::size_t size) { return a.compare(Comparison::gt, size); }
  friend auto operator>=(const FieldSize& a, std::size_t size) { return a.compare(Comparison::ge, size); }

 private:
  std::string_view name_;
};

/// A default value that a field description can hold at compile time.
struct DefaultValue {
  enum class Kind : std::uint8_t { none, boolean, integer, floating, text };
  Kind kind = Kind::none;
  bool boolean = false;
  std::int64_t integer = 0;
  double floating = 0;
  std::string_view text = {};

  constexpr DefaultValue() = default;
  constexpr DefaultValue(bool value) : kind(Kind::boolean), boolean(value) {}
  template <std::integral Integer>
    requires(!std::same_as<Integer, bool>)
  constexpr DefaultValue(Integer value) : kind(Kind::integer), integer(static_cast<std::int64_t>(value)) {}
  constexpr DefaultValue(double value) : kind(Kind::floating), floating(value) {}
  constexpr DefaultValue(const char* value) : kind(Kind::text), text(value) {}
  constexpr DefaultValue(std::string_view value) : kind(Kind::text), text(value) {}

  [[nodiscard]] Value to_value() const;
};

/// What a field description says besides name and type. 0 stands for "no limit".
struct FieldOptions {
  bool required = false;                ///< a write without a value is a ValidationError; default false
  bool auto_assign = false;             ///< Ulid: made at creation where none is given; default false
  std::int64_t max_length = 0;          ///< string: UTF-16 code units; default 0, no limit
  int precision = -1;                   ///< double: decimals kept; default -1, all
  std::int64_t max_string_length = 0;   ///< StringSet: of one member; default 0, no limit
  std::int64_t max_member_count = 0;    ///< StringSet; default 0, no limit
  DefaultValue default_value = {};      ///< used at creation where none is given
  std::string_view related_model = {};  ///< Related<M>: the other model's name
  std::string_view name = {};           ///< as stored; default: the member's name
};

/// A field of a model, described: `static constexpr auto likes = bao::field<&PostFields::likes>();`. Compares
/// into conditions: `Post::likes > 3 && Post::title.contains("x")`.
template <auto Member>
struct FieldDescription {
  using Fields = detail::ClassOf<Member>;
  using Value = detail::ValueOf<Member>;

  std::string_view name = detail::member_name<Member>();
  FieldType type = FieldTraits<Value>::type;
  FieldOptions options = {};

  template <class... T>
  [[nodiscard]] static bao::Value operand(const T&... value) {
    return FieldTraits<Value>::write(Value(value...));
  }

  template <class T>
  [[nodiscard]] FieldComparison<Member> compare(Comparison comparison, const T& value) const {
    return FieldComparison<Member>(Condition{.kind = Condition::Kind::compare,
                                             .comparison = comparison,
                                             .field = std::string(name),
                                             .operands = {operand(value)}});
  }
  template <class Values>
  [[nodiscard]] ModelCondition<Fields> in_range(const Values& values) const {
    Condition condition{.kind = Condition::Kind::in, .field = std::string(name)};
    for (const Value& value : values) condition.operands.push_back(operand(value));
    return ModelCondition<Fields>(std::move(condition));
  }
  template <class A, class B>
    requires(std::convertible_to<const A&, Value> && std::convertible_to<const B&, Value>)
  [[nodiscard]] FieldComparison<Member> between(const A& low, const B& high) const {
    return FieldComparison<Member>(Condition{.kind = Condition::Kind::between,
                                             .field = std::string(name),
                                             .operands = {operand(low), operand(high)}});
  }
  [[nodiscard]] FieldComparison<Member> begins_with(std::string_view prefix) const
    requires detail::HeldAsText<Value>
  {
    return FieldComparison<Member>(Condition{
        .kind = Condition::Kind::begins_with, .field = std::string(name), .operands = {bao::Value(prefix)}});
  }
  /// Of a string: a part of it. Of a set of strings: a member.
  [[nodiscard]] ModelCondition<Fields> contains(std::string_view part) const
    requires(detail::HeldAsText<Value> || std::same_as<Value, StringSet>)
  {
    return ModelCondition<Fields>(Condition{
        .kind = Condition::Kind::contains, .field = std::string(name), .operands = {bao::Value(part)}});
  }
  /// One of 1 to 100 values.
  [[nodiscard]] ModelCondition<Fields> in(std::initializer_list<Value> values) const {
    return in_range(values);
  }
  // A template, as braces would make a vector of the wrong things: {"a", "b"} are two iterators.
  template <std::same_as<std::vector<Value>> Values>
  [[nodiscard]] ModelCondition<Fields> in(const Values& values) const {
    return in_range(values);
  }
  [[nodiscard]] ModelCondition<Fields> exists() const {
    return ModelCondition<Fields>(Condition{.kind = Condition::Kind::exists, .field = std::string(name)});
  }
  [[nodiscard]] ModelCondition<Fields> not_exists() const {
    return ModelCondition<Fields>(Condition{.kind = Condition::Kind::not_exists, .field = std::string(name)});
  }
  [[nodiscard]] FieldSize<Member> size() const
    requires requires(const Value& value) { value.size(); }
  {
    return FieldSize<Member>(name);
  }

  /// A part of a struct, map or list: `User::address[&Address::city] == "Paris"`.
  template <class Step>
    requires detail::HasParts<Value>
  [[nodiscard]] auto operator[](Step step) const {
    return NestedPath<Fields, Value>(std::string(name), {})[step];
  }

  template <std::convertible_to<Value> T>
  friend FieldComparison<Member> operator==(const FieldDescription& field, const T& value) {
    return field.compare(Comparison::eq, value);
  }
  template <std::convertible_to<Value> T>
  friend ModelCondition<Fields> operator!=(const FieldDescription& field, const T& value) {
    return field.compare(Comparison::ne, value);
  }
  template <std::convertible_to<Value> T>
  friend FieldComparison<Member> operator<(const FieldDescription& field, const T& value) {
    return field.compare(Comparison::lt, value);
  }
  template <std::convertible_to<Value> T>
  friend FieldComparison<Member> operator<=(const FieldDescription& field, const T& value) {
    return field.compare(Comparison::le, value);
  }
  template <std::convertible_to<Value> T>
  friend FieldComparison<Member> operator>(const FieldDescription& field, const T& value) {
    return field.compare(Comparison::gt, value);
  }
  template <std::convertible_to<Value> T>
  friend FieldComparison<Member> operator>=(const FieldDescription& field, const T& value) {
    return field.compare(Comparison::ge, value);
  }
};

/// A sort key condition for a query of model data F; empty: every sort key.
template <class F>
class SortCondition {
 public:
  SortCondition() = default;
  SortCondition(std::nullptr_t) {}
  template <auto Member>
    requires std::same_as<detail::ClassOf<Member>, F>
  SortCondition(const FieldComparison<Member>& comparison) : condition_(from(comparison.tree())) {}

  [[nodiscard]] const SortKeyCondition& get() const { return condition_; }

 private:
  static SortKeyCondition from(const Condition& tree) {
    SortKeyCondition sort{.operands = tree.operands, .field = tree.field};
    using Kind = SortKeyCondition::Kind;
    if (tree.kind == Condition::Kind::between) {
      sort.kind = Kind::between;
    } else if (tree.kind == Condition::Kind::begins_with) {
      sort.kind = Kind::begins_with;
    } else {
      switch (tree.comparison) {
        case Comparison::lt:
          sort.kind = Kind::lt;
          break;
        case Comparison::le:
          sort.kind = Kind::le;
          break;
        case Comparison::gt:
          sort.kind = Kind::gt;
          break;
        case Comparison::ge:
          sort.kind = Kind::ge;
          break;
        default:
          sort.kind = Kind::eq;
      }
    }
    return sort;
  }

  SortKeyCondition condition_;
};

namespace detail {

/// Says in words what is missing where a type is no field.
template <class T>
consteval void check_field_type() {
  static_assert(StatesFieldType<T>,
                "no type of fields: bao::FieldTraits<T> must say what it is stored as, in a static constexpr "
                "bao::FieldType type (a struct stored as a map needs describe(), see bao/nested.hpp)");
  static_assert(!StatesFieldType<T> || IsWritten<T>,
                "bao::FieldTraits<T> must have static bao::Value write(const T&)");
  static_assert(
      !StatesFieldType<T> || IsRead<T>,
      "bao::FieldTraits<T> must have static bool read(const bao::AttributeView&, bao::FieldType, T&)");
  static_assert(!StatesFieldType<T> || (std::default_initializable<T> && std::copyable<T>),
                "a field's type must have a default value and be copied");
  static_assert(!StatesFieldType<T> || std::equality_comparable<T> || HasParts<T>,
                "a field's type must have ==, which tells what was changed");
}

template <auto Member>
consteval FieldDescription<Member> describe_field(FieldType type, FieldOptions options) {
  FieldDescription<Member> field{.type = type, .options = options};
  if (!options.name.empty()) field.name = options.name;
  return field;
}

}  // namespace detail

template <auto Member>
[[nodiscard]] consteval FieldDescription<Member> field(FieldOptions options = {}) {
  using T = detail::ValueOf<Member>;
  detail::check_field_type<T>();
  if constexpr (detail::StatesFieldType<T>) {
    return detail::describe_field<Member>(FieldTraits<T>::type, options);
  } else {
    return {};
  }
}
/// A date set at creation (CreateDateField).
template <auto Member>
  requires std::same_as<detail::ValueOf<Member>, Timestamp>
[[nodiscard]] consteval FieldDescription<Member> create_date(FieldOptions options = {}) {
  return detail::describe_field<Member>(FieldType::create_date, options);
}
/// A date set at every save (ModifiedDateField).
template <auto Member>
  requires std::same_as<detail::ValueOf<Member>, Timestamp>
[[nodiscard]] consteval FieldDescription<Member> modified_date(FieldOptions options = {}) {
  return detail::describe_field<Member>(FieldType::modified_date, options);
}
/// When DynamoDB deletes the item (TtlField); the member must be named `ttl`.
template <auto Member>
  requires std::same_as<detail::ValueOf<Member>, Timestamp>
[[nodiscard]] consteval FieldDescription<Member> ttl(FieldOptions options = {}) {
  return detail::describe_field<Member>(FieldType::ttl, options);
}
/// A new ULID at every save, for optimistic locking (VersionField).
template <auto Member>
  requires std::same_as<detail::ValueOf<Member>, Ulid>
[[nodiscard]] consteval FieldDescription<Member> version(FieldOptions options = {}) {
  return detail::describe_field<Member>(FieldType::version, options);
}

}  // namespace bao
