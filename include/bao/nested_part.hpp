#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <bao/field_change.hpp>
#include <bao/nested.hpp>

namespace bao {

namespace detail {

/// Adds the change of a part to those of a field so far, merged with what it replaces or continues. Gives
/// false, and adds nothing, where DynamoDB cannot do them in one update: an element of a list changes, and
/// elements are appended to it. `list` is then the path of that list.
[[nodiscard]] bool note_part(std::vector<FieldChange>& parts, FieldChange change,
                             std::vector<PathStep>& list);
/// The same for what lies at the path now, as found in the field's whole value.
void note_whole(std::vector<FieldChange>& parts, const Value& whole, std::vector<PathStep> path);

// Where a part lies in memory. `make` gives it, made where it is missing; `erase` takes it away.

template <class T>
without_optional<T>& held(T& value) {
  if constexpr (is_optional<T>) {
    if (!value) value.emplace();
    return *value;
  } else {
    return value;
  }
}

template <class F>
struct FieldPlace {
  F* field;
  using Type = typename F::value_type;

  [[nodiscard]] Type& make() const { return field->part_root(); }
};

template <class Up, class M>
struct MemberPlace {
  Up up;
  M without_optional<typename Up::Type>::* member;
  using Type = M;

  [[nodiscard]] M& make() const { return held(up.make()).*member; }
  void erase() const { make() = M(); }
};

template <class Up, class M>
struct KeyPlace {
  Up up;
  std::string key;
  using Type = M;

  [[nodiscard]] M& make() const {
    auto& map = held(up.make());
    if constexpr (std::same_as<std::remove_cvref_t<decltype(map)>, Value>) {
      if (map.template get_if<Value::Map>() == nullptr) map = Value(Value::Map());
      return (*map.template get_if<Value::Map>())[key];
    } else {
      return map[key];
    }
  }
  void erase() const {
    auto& map = held(up.make());
    if constexpr (std::same_as<std::remove_cvref_t<decltype(map)>, Value>) {
      if (auto* const entries = map.template get_if<Value::Map>()) entries->erase(key);
    } else {
      map.erase(key);
    }
  }
};

template <class Up, class M>
struct PositionPlace {
  Up up;
  std::size_t position;
  using Type = M;

  /// Behind the list's end, as DynamoDB does it, this appends.
  [[nodiscard]] M& make() const {
    auto& elements = list();
    return position < elements.size() ? elements[position] : elements.emplace_back();
  }
  [[nodiscard]] bool is_there() const { return position < list().size(); }
  void erase() const {
    auto& elements = list();
    elements.erase(elements.begin() + static_cast<std::ptrdiff_t>(position));
  }

 private:
  [[nodiscard]] std::vector<M>& list() const {
    auto& value = held(up.make());
    if constexpr (std::same_as<std::remove_cvref_t<decltype(value)>, Value>) {
      if (value.template get_if<Value::List>() == nullptr) value = Value(Value::List());
      return *value.template get_if<Value::List>();
    } else {
      return value;
    }
  }
};

template <class T>
struct ElementOf;
template <class T>
struct ElementOf<std::vector<T>> {
  using type = T;
};
template <class Key, class T, class Less>
struct ElementOf<std::map<Key, T, Less>> {
  using type = T;
};
template <>
struct ElementOf<Value> {
  using type = Value;
};
template <class T>
using element_of = typename ElementOf<T>::type;

template <class T>
concept ByKey = is_text_map<T> || std::same_as<T, Value>;
// A bool of a std::vector<bool> has no address.
template <class T>
concept ByPosition = (StoredAsList<T> && !std::same_as<T, std::vector<bool>>) || std::same_as<T, Value>;

}  // namespace detail

/// A part of a field's map or list, to be changed: a save then sends this part alone, whatever others did to
/// the rest.
///
///     user->address[&Address::city] = "Paris";
///     user->former[0][&Address::zip].remove();
///     user->ratings["books"] = 4.5;
///     user->former.push_back(address);
///     user->anything["a"]["b"][2] = 3;             // bao::Field<bao::Value::Map>
///     co_await user.save();
///
/// Read through `*` and `->` (`user->address->city`). Maps and lists that are missing on the way are made, in
/// memory and in the table. The item need not be loaded: `UserFields changes; changes.address[...] = ...;
/// co_await User::update(id, changes)`.
template <class F, class Place>
class NestedPart {
  using Stored = typename Place::Type;
  using T = detail::without_optional<Stored>;

 public:
  NestedPart(F* field, Place place, std::vector<PathStep> path)
      : field_(field), place_(std::move(place)), path_(std::move(path)) {}
  NestedPart(const NestedPart&) = default;
  NestedPart& operator=(const NestedPart&) = delete;
  ~NestedPart() = default;

  /// Sets the part. An empty optional removes it. A position behind a list's end appends.
  template <class U>
    requires(std::constructible_from<Stored, U &&> && std::convertible_to<U &&, Stored>)
  const NestedPart& operator=(U&& value) const {
    Stored made(std::forward<U>(value));
    Value written = detail::Nested<Stored>::write(made);
    place_.make() = std::move(made);
    if (written.is_null() && !std::same_as<Stored, Value>) {
      note(FieldChange::Kind::remove_part, {});
    } else {
      note(FieldChange::Kind::set_part, std::move(written));
    }
    return *this;
  }

  /// Removes it; what follows in a list moves up. An element of a loaded list is removed by writing the list.
  void remove() const {
    if constexpr (requires { place_.is_there(); }) {
      if (place_.is_there()) {
        place_.erase();
        std::vector<PathStep> list = path_;
        list.pop_back();
        field_->note_whole(std::move(list));
        return;
      }
    } else {
      place_.erase();
    }
    note(FieldChange::Kind::remove_part, {});
  }

  template <class M, std::same_as<T> S>
    requires detail::DescribedStruct<S>
  [[nodiscard]] auto operator[](M S::* member) const {
    return part(detail::MemberPlace<Place, M>{place_, member},
                PathStep(std::string(detail::attribute_of(member))));
  }
  [[nodiscard]] auto operator[](std::string_view key) const
    requires detail::ByKey<T>
  {
    using M = detail::element_of<T>;
    return part(detail::KeyPlace<Place, M>{place_, std::string(key)}, PathStep(std::string(key)));
  }
  template <std::integral Position>
  [[nodiscard]] auto operator[](Position position) const
    requires detail::ByPosition<T>
  {
    using M = detail::element_of<T>;
    const auto at = static_cast<std::size_t>(position);
    return part(detail::PositionPlace<Place, M>{place_, at}, PathStep(at));
  }
  /// Appends, whatever others appended meanwhile.
  template <class U>
    requires detail::StoredAsList<T>
  void push_back(U&& value) const {
    auto& list = detail::held(place_.make());
    list.push_back(std::forward<U>(value));
    note(FieldChange::Kind::append_part,
         Value(Value::List{detail::Nested<detail::element_of<T>>::write(list.back())}));
  }

 private:
  template <class Next>
  [[nodiscard]] NestedPart<F, Next> part(Next next, PathStep step) const {
    std::vector<PathStep> path = path_;
    path.push_back(std::move(step));
    return NestedPart<F, Next>(field_, std::move(next), std::move(path));
  }
  void note(FieldChange::Kind kind, Value value) const {
    field_->note({.kind = kind, .value = std::move(value), .path = path_});
  }

  F* field_;
  Place place_;
  std::vector<PathStep> path_;
};

}  // namespace bao
