#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <bao/model_condition.hpp>
#include <bao/nested_part.hpp>

namespace bao {

/// A part of a map or list in conditions on the data F of a model; T is its type:
///
///     User::address[&Address::city] == "Paris" && User::former[0][&Address::zip].exists()
///     User::ratings["books"] > 4 && User::anything["a"]["b"][2] == 3
///
/// Compares as a field does. A part of a bao::Value compares with whatever becomes one.
template <class F, class T>
class NestedPath {
  using Held = detail::without_optional<T>;

 public:
  NestedPath(std::string field, std::vector<PathStep> path)
      : field_(std::move(field)), path_(std::move(path)) {}

  template <class M, std::same_as<Held> S>
    requires detail::DescribedStruct<S>
  [[nodiscard]] auto operator[](M S::* member) const {
    return part<M>(PathStep(std::string(detail::attribute_of(member))));
  }
  [[nodiscard]] auto operator[](std::string_view key) const
    requires detail::ByKey<Held>
  {
    return part<detail::element_of<Held>>(PathStep(std::string(key)));
  }
  template <std::integral Position>
  [[nodiscard]] auto operator[](Position position) const
    requires(detail::StoredAsList<Held> || std::same_as<Held, Value>)
  {
    return part<detail::element_of<Held>>(PathStep(static_cast<std::size_t>(position)));
  }

  template <std::convertible_to<Held> U>
  friend ModelCondition<F> operator==(const NestedPath& part, const U& value) {
    return part.compare(Comparison::eq, value);
  }
  template <std::convertible_to<Held> U>
  friend ModelCondition<F> operator!=(const NestedPath& part, const U& value) {
    return part.compare(Comparison::ne, value);
  }
  template <std::convertible_to<Held> U>
  friend ModelCondition<F> operator<(const NestedPath& part, const U& value) {
    return part.compare(Comparison::lt, value);
  }
  template <std::convertible_to<Held> U>
  friend ModelCondition<F> operator<=(const NestedPath& part, const U& value) {
    return part.compare(Comparison::le, value);
  }
  template <std::convertible_to<Held> U>
  friend ModelCondition<F> operator>(const NestedPath& part, const U& value) {
    return part.compare(Comparison::gt, value);
  }
  template <std::convertible_to<Held> U>
  friend ModelCondition<F> operator>=(const NestedPath& part, const U& value) {
    return part.compare(Comparison::ge, value);
  }

  template <std::convertible_to<Held> A, std::convertible_to<Held> B>
  [[nodiscard]] ModelCondition<F> between(const A& low, const B& high) const {
    return made(Condition::Kind::between, {operand(low), operand(high)});
  }
  /// One of 1 to 100 values.
  [[nodiscard]] ModelCondition<F> in(std::initializer_list<Held> values) const {
    std::vector<Value> operands;
    for (const Held& value : values) operands.push_back(operand(value));
    return made(Condition::Kind::in, std::move(operands));
  }
  [[nodiscard]] ModelCondition<F> begins_with(std::string_view prefix) const
    requires std::convertible_to<std::string, Held>
  {
    return made(Condition::Kind::begins_with, {Value(prefix)});
  }
  /// Of a string: a part of it. Of a set of strings: a member.
  [[nodiscard]] ModelCondition<F> contains(std::string_view text) const
    requires(std::convertible_to<std::string, Held> || requires(const Held& set) { set.contains("text"); })
  {
    return made(Condition::Kind::contains, {Value(text)});
  }
  /// Of a list: an element.
  template <class U>
    requires(detail::StoredAsList<Held>)
  [[nodiscard]] ModelCondition<F> contains(const U& element) const {
    using Element = detail::element_of<Held>;
    return made(Condition::Kind::contains, {detail::Nested<Element>::write(Element(element))});
  }
  [[nodiscard]] ModelCondition<F> exists() const { return made(Condition::Kind::exists, {}); }
  [[nodiscard]] ModelCondition<F> not_exists() const { return made(Condition::Kind::not_exists, {}); }
  /// Its size is compared so: in UTF-16 units of a string, bytes, members, entries or elements.
  [[nodiscard]] ModelCondition<F> size(Comparison comparison, std::size_t size) const {
    ModelCondition<F> condition =
        made(Condition::Kind::size, {Value(static_cast<std::uint64_t>(size))}, comparison);
    return condition;
  }

 private:
  template <class M>
  [[nodiscard]] NestedPath<F, M> part(PathStep step) const {
    std::vector<PathStep> path = path_;
    path.push_back(std::move(step));
    return NestedPath<F, M>(field_, std::move(path));
  }
  template <class U>
  [[nodiscard]] static Value operand(const U& value) {
    return detail::Nested<Held>::write(Held(value));
  }
  template <class U>
  [[nodiscard]] ModelCondition<F> compare(Comparison comparison, const U& value) const {
    return made(Condition::Kind::compare, {operand(value)}, comparison);
  }
  [[nodiscard]] ModelCondition<F> made(Condition::Kind kind, std::vector<Value> operands,
                                       Comparison comparison = Comparison::eq) const {
    return ModelCondition<F>(Condition{.kind = kind,
                                       .comparison = comparison,
                                       .field = field_,
                                       .path = path_,
                                       .operands = std::move(operands)});
  }

  std::string field_;
  std::vector<PathStep> path_;
};

}  // namespace bao
