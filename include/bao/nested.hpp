#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <bao/detail/member_name.hpp>
#include <bao/field_traits.hpp>

// Maps and lists as C++ types. A MapField is a struct that describes itself, or a std::map with text keys; a
// ListField is a std::vector:
//
//     struct Address {
//       std::string street{};
//       std::string city{};
//       std::optional<std::string> zip{};
//       static constexpr auto describe() {
//         return bao::members<&Address::street, &Address::city, &Address::zip>();
//       }
//     };
//     struct UserFields {
//       bao::Field<Address> address{};
//       bao::Field<std::vector<Address>> former{};
//       bao::Field<std::map<std::string, double>> ratings{};
//     };
//
// Members, elements and values of maps may be: numbers, bool, std::string, whatever else has FieldTraits
// (dates as milliseconds, bao::Binary, types of your own), std::optional, sets of strings, numbers or
// bao::Binary, bao::Value for anything, and all of the above again. An empty std::optional and an empty set
// are not stored. A member without an attribute, or with a stored NULL, has the value that its initializer
// gives.
//
// An attribute that the struct does not describe is left alone by reading, and by writes of single parts. It
// goes where the map around it is assigned as a whole, which replaces what is stored.
namespace bao {

/// A member of a described struct, and the attribute that holds it.
template <auto Pointer>
struct StructMember {
  std::string_view name = detail::member_name<Pointer>();
};

/// The members of a struct that are stored. Made by bao::members.
template <auto... Pointers>
struct StructMembers {
  std::tuple<StructMember<Pointers>...> all = {};

  /// The attribute's name, where it is not the member's.
  template <auto Pointer>
  [[nodiscard]] consteval StructMembers named(std::string_view name) const {
    StructMembers renamed = *this;
    std::get<StructMember<Pointer>>(renamed.all).name = name;
    return renamed;
  }
};

template <auto... Pointers>
[[nodiscard]] consteval StructMembers<Pointers...> members() {
  return {};
}

/// Describes a struct that cannot describe itself: specialise it with a `static constexpr auto describe()`.
template <class T>
struct StructTraits {};
template <class T>
  requires requires { T::describe(); }
struct StructTraits<T> {
  static constexpr auto describe() { return T::describe(); }
};

namespace detail {

template <class T>
inline constexpr bool is_members = false;
template <auto... Pointers>
inline constexpr bool is_members<StructMembers<Pointers...>> = true;

template <class T>
concept DescribedStruct = std::is_class_v<T> && std::default_initializable<T> &&
                          requires { requires is_members<decltype(StructTraits<T>::describe())>; };

template <DescribedStruct T>
inline constexpr auto members_of = StructTraits<T>::describe();

/// Where in a nested value reading failed: "address.lines[0]", made from the inside out.
struct NestedFault {
  std::string path = {};
  void in(std::string_view key) { path.insert(0, "." + std::string(key)); }
  void in(std::size_t position) { path.insert(0, "[" + std::to_string(position) + "]"); }
};

/// How a type is a nested value: `write` gives it (null: not stored), `read` takes what is stored.
template <class T>
struct Nested {
  static_assert(
      FieldValue<T>,
      "not a type of nested values: bao/nested.hpp lists them; a struct of your own needs describe(), "
      "any other type FieldTraits");
  static Value write(const T& value) { return FieldTraits<T>::write(value); }
  static bool read(const AttributeView& stored, T& value, NestedFault&) {
    return FieldTraits<T>::read(stored, FieldTraits<T>::type, value);
  }
};

template <class T>
concept OtherInteger = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, std::int64_t> &&
                       (sizeof(T) < 8 || std::is_signed_v<T>);
template <OtherInteger T>
struct Nested<T> {
  static Value write(T value) { return Value(static_cast<std::int64_t>(value)); }
  static bool read(const AttributeView& stored, T& value, NestedFault&) {
    std::int64_t number = 0;
    if (stored.kind != ValueKind::number || !stored.to_int64(number)) return false;
    value = static_cast<T>(number);
    return std::in_range<T>(number);
  }
};

template <>
struct Nested<float> {
  static Value write(float value) { return Value(static_cast<double>(value)); }
  static bool read(const AttributeView& stored, float& value, NestedFault&) {
    double number = 0;
    if (stored.kind != ValueKind::number || !stored.to_double(number)) return false;
    value = static_cast<float>(number);
    return true;
  }
};

template <>
struct Nested<Number> {
  static Value write(const Number& value) { return Value(value); }
  static bool read(const AttributeView& stored, Number& value, NestedFault&) {
    value.text.assign(stored.text);
    return stored.kind == ValueKind::number;
  }
};

template <>
struct Nested<Value> {
  static Value write(const Value& value) { return value; }
  static bool read(const AttributeView& stored, Value& value, NestedFault&) {
    value = stored.to_value();
    return true;
  }
};

template <class T>
struct Nested<std::optional<T>> {
  static Value write(const std::optional<T>& value) { return value ? Nested<T>::write(*value) : Value(); }
  static bool read(const AttributeView& stored, std::optional<T>& value, NestedFault& fault) {
    value.reset();
    return stored.kind == ValueKind::null || Nested<T>::read(stored, value.emplace(), fault);
  }
};

/// Sets are stored as such. DynamoDB has no empty ones: they are not stored.
template <std::convertible_to<std::string_view> T, class Less>
struct Nested<std::set<T, Less>> {
  static Value write(const std::set<T, Less>& set) {
    if (set.empty()) return {};
    Value::StringSet members;
    for (const T& member : set) members.emplace(std::string_view(member));
    return Value(std::move(members));
  }
  static bool read(const AttributeView& stored, std::set<T, Less>& set, NestedFault&) {
    set.clear();
    if (stored.kind != ValueKind::string_set) return false;
    return stored.each([&](std::string_view, const AttributeView& member) {
      set.insert(T(member.text));
      return true;
    });
  }
};
template <class T, class Less>
  requires std::integral<T> || std::floating_point<T>
struct Nested<std::set<T, Less>> {
  static Value write(const std::set<T, Less>& set) {
    if (set.empty()) return {};
    Value::NumberSet members;
    for (const T member : set) {
      Value number = Nested<T>::write(member);
      // What is no number is text, which validation refuses by name.
      if (auto* const held = number.get_if<Number>()) {
        members.push_back(std::move(*held));
      } else {
        return number;
      }
    }
    return Value(std::move(members));
  }
  static bool read(const AttributeView& stored, std::set<T, Less>& set, NestedFault& fault) {
    set.clear();
    if (stored.kind != ValueKind::number_set) return false;
    return stored.each([&](std::string_view, const AttributeView& member) {
      T number{};
      if (!Nested<T>::read(member, number, fault)) return false;
      set.insert(number);
      return true;
    });
  }
};
template <class Less>
struct Nested<std::set<Binary, Less>> {
  static Value write(const std::set<Binary, Less>& set) {
    if (set.empty()) return {};
    return Value(Value::BinarySet(set.begin(), set.end()));
  }
  static bool read(const AttributeView& stored, std::set<Binary, Less>& set, NestedFault&) {
    Value held = stored.to_value();
    const auto* const members = held.get_if<Value::BinarySet>();
    if (members == nullptr) return false;
    set = std::set<Binary, Less>(members->begin(), members->end());
    return true;
  }
};

template <class T>
  requires(!std::same_as<T, std::byte>)
struct Nested<std::vector<T>> {
  static Value write(const std::vector<T>& elements) {
    Value::List list;
    list.reserve(elements.size());
    for (const T& element : elements) list.push_back(Nested<T>::write(element));
    return Value(std::move(list));
  }
  static bool read(const AttributeView& stored, std::vector<T>& elements, NestedFault& fault) {
    elements.clear();
    if (stored.kind != ValueKind::list) return false;
    return stored.each([&](std::string_view, const AttributeView& member) {
      T element{};
      if (member.kind != ValueKind::null || std::same_as<T, Value>) {
        if (!Nested<T>::read(member, element, fault)) {
          fault.in(elements.size());
          return false;
        }
      }
      elements.push_back(std::move(element));
      return true;
    });
  }
};

template <std::constructible_from<std::string_view> Key, class T, class Less>
struct Nested<std::map<Key, T, Less>> {
  static Value write(const std::map<Key, T, Less>& entries) {
    Value::Map map;
    for (const auto& [key, entry] : entries) {
      Value value = Nested<T>::write(entry);
      if (!value.is_null() || std::same_as<T, Value>) map.emplace(std::string_view(key), std::move(value));
    }
    return Value(std::move(map));
  }
  static bool read(const AttributeView& stored, std::map<Key, T, Less>& entries, NestedFault& fault) {
    entries.clear();
    if (stored.kind != ValueKind::map) return false;
    return stored.each([&](std::string_view name, const AttributeView& member) {
      T& entry = entries[Key(name)];
      if (member.kind == ValueKind::null && !std::same_as<T, Value>) return true;
      if (Nested<T>::read(member, entry, fault)) return true;
      fault.in(name);
      return false;
    });
  }
};

template <DescribedStruct T>
struct Nested<T> {
  static Value write(const T& object) {
    Value::Map map;
    const auto add = [&]<auto Pointer>(const StructMember<Pointer>& member) {
      using M = std::remove_cvref_t<decltype(object.*Pointer)>;
      Value value = Nested<M>::write(object.*Pointer);
      if (!value.is_null() || std::same_as<M, Value>) map.emplace(member.name, std::move(value));
    };
    std::apply([&](const auto&... member) { (add(member), ...); }, members_of<T>.all);
    return Value(std::move(map));
  }
  static bool read(const AttributeView& stored, T& object, NestedFault& fault) {
    object = T();
    if (stored.kind != ValueKind::map) return false;
    return stored.each([&](std::string_view name, const AttributeView& attribute) {
      bool fits = true;
      const auto take = [&]<auto Pointer>(const StructMember<Pointer>& member) {
        if (member.name != name) return false;
        using M = std::remove_cvref_t<decltype(object.*Pointer)>;
        if (attribute.kind != ValueKind::null || std::same_as<M, Value>) {
          fits = Nested<M>::read(attribute, object.*Pointer, fault);
        }
        return true;
      };
      std::apply([&](const auto&... member) { (void)(take(member) || ...); }, members_of<T>.all);
      if (!fits) fault.in(name);
      return fits;
    });
  }
};

template <class T>
inline constexpr bool is_text_map = false;
template <std::constructible_from<std::string_view> Key, class T, class Less>
inline constexpr bool is_text_map<std::map<Key, T, Less>> = true;
template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = !std::same_as<T, std::byte>;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
concept StoredAsMap = DescribedStruct<T> || is_text_map<T>;
template <class T>
concept StoredAsList = is_list<T>;
/// Has parts that can be changed one by one.
template <class T>
concept HasParts = StoredAsMap<T> || StoredAsList<T>;

/// T, or what the optional T holds.
template <class T>
struct WithoutOptional {
  using type = T;
};
template <class T>
struct WithoutOptional<std::optional<T>> {
  using type = T;
};
template <class T>
using without_optional = typename WithoutOptional<T>::type;

/// The attribute of a member; throws a ConfigurationError where describe() does not list it.
[[noreturn]] void throw_undescribed(std::string_view type);
template <class M, class S>
[[nodiscard]] std::string_view attribute_of(M S::* pointer) {
  std::string_view name;
  const auto match = [&]<auto Pointer>(const StructMember<Pointer>& member) {
    if constexpr (std::same_as<decltype(Pointer), M S::*>) {
      if (Pointer == pointer) name = member.name;
    }
  };
  std::apply([&](const auto&... member) { (match(member), ...); }, members_of<S>.all);
  if (name.empty()) throw_undescribed(__PRETTY_FUNCTION__);
  return name;
}

}  // namespace detail

/// Structs, maps and lists are fields.
template <class T>
  requires detail::HasParts<T>
struct FieldTraits<T> {
  static constexpr FieldType type = detail::StoredAsMap<T> ? FieldType::map : FieldType::list;
  static Value write(const T& value) { return detail::Nested<T>::write(value); }
  static bool read(const AttributeView& stored, FieldType, T& value) {
    detail::NestedFault fault;
    return detail::Nested<T>::read(stored, value, fault);
  }
  /// `where`: the part that could not be read, to follow the field's name.
  static bool read(const AttributeView& stored, FieldType, T& value, std::string& where) {
    detail::NestedFault fault;
    if (detail::Nested<T>::read(stored, value, fault)) return true;
    where = std::move(fault.path);
    return false;
  }
};

}  // namespace bao
