#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <bao/field_change.hpp>
#include <bao/field_traits.hpp>
#include <bao/nested_part.hpp>

namespace bao {

namespace detail {

template <class T>
concept Text = std::convertible_to<const T&, std::string_view>;
/// What a field of T may be compared with: text with text, and whatever becomes a T.
template <class T, class U>
concept ComparesWith = (Text<T> && Text<U>) || std::convertible_to<const U&, T>;

/// Maps and lists compare by what is stored of them: their structs need no ==.
template <class T>
[[nodiscard]] bool is_same(const T& a, const T& b) {
  if constexpr (HasParts<T>) {
    return FieldTraits<T>::write(a) == FieldTraits<T>::write(b);
  } else {
    return a == b;
  }
}

/// What a list or map may be initialised with in braces. Not of bao::Value, which takes lists and maps, too.
struct NoElement {};
template <class T>
struct InitialElement {
  using type = NoElement;
};
template <class T>
  requires((is_list<T> || is_text_map<T>) && !std::same_as<element_of<T>, Value>)
struct InitialElement<T> {
  using type = typename T::value_type;
};
template <class T>
using initial_element = typename InitialElement<T>::type;
template <class T>
concept HasInitialElements = !std::same_as<initial_element<T>, NoElement>;

/// Which parts of a map or list were changed; `since`: those of them since a save took the changes.
struct ChangedParts {
  std::vector<FieldChange> changes = {};
  std::optional<std::vector<FieldChange>> since = {};
  bool of_loaded_item = false;
};
struct NoParts {};

}  // namespace detail

/// A field of a model's data: a value, null, or nothing yet; and whether it was changed since it was loaded.
/// A write sends changed fields only. null removes the attribute. Of maps and lists, single parts can be
/// changed: see NestedPart.
template <class T>
class Field {
 public:
  using value_type = T;

  Field() = default;
  Field(std::nullptr_t) : state_(State::null), changed_(true) {}
  template <class U>
    requires(std::constructible_from<T, U &&> && std::convertible_to<U &&, T> &&
             !std::same_as<std::remove_cvref_t<U>, Field>)
  Field(U&& value) : value_(std::forward<U>(value)), state_(State::value), changed_(true) {}
  template <class U>
    requires(!std::same_as<U, T> && std::convertible_to<const U&, T>)
  Field(const Field<U>& other)
      : value_(other.has_value() ? T(*other) : T()),
        state_(other.has_value() ? State::value : State::null),
        changed_(true) {}

  /// The elements of a list, the entries of a map.
  Field(std::initializer_list<detail::initial_element<T>> elements)
    requires detail::HasInitialElements<T>
      : Field(T(elements)) {}

  /// A copy is a field of its own with that value: `Comment::create({.postId = post->postId})` sends it.
  Field(const Field& other)
      : value_(other.value_),
        parts_(other.pending_parts()),
        state_(other.state_),
        changed_(other.changed_ || (other.state_ == State::value && !has_parts())) {}
  Field(Field&&) noexcept = default;
  ~Field() = default;
  /// Copying from another field copies its value; it is a change only where the value differs.
  Field& operator=(const Field& other) {
    if (this != &other && !(is_untouched() && other.is_untouched())) {
      assign(other.has_value() ? std::optional<T>(other.value_) : std::nullopt);
    }
    return *this;
  }
  Field& operator=(Field&& other) noexcept {
    if (is_untouched() && other.is_untouched()) return *this;
    assign(other.has_value() ? std::optional<T>(std::move(other.value_)) : std::nullopt);
    return *this;
  }
  template <class U>
    requires(std::constructible_from<T, U &&> && std::convertible_to<U &&, T>)
  Field& operator=(U&& value) {
    assign(std::optional<T>(T(std::forward<U>(value))));
    return *this;
  }
  /// No change only where the item is known not to have the attribute: changes for an update send it.
  Field& operator=(std::nullptr_t) {
    assign(std::nullopt);
    return *this;
  }

  [[nodiscard]] bool has_value() const { return state_ == State::value; }
  [[nodiscard]] explicit operator bool() const { return has_value(); }
  /// The value; a default constructed T where there is none.
  [[nodiscard]] const T& operator*() const { return value_; }
  [[nodiscard]] const T* operator->() const { return &value_; }
  operator const T&() const { return value_; }
  [[nodiscard]] T value_or(T other) const { return has_value() ? value_ : std::move(other); }

  [[nodiscard]] bool changed() const { return changed_ || has_parts(); }

  /// A part of a struct, map or list, to be changed.
  template <class Step>
    requires detail::HasParts<T>
  [[nodiscard]] auto operator[](Step step) {
    return whole()[step];
  }
  /// Appends to a list, whatever others appended meanwhile.
  template <class U>
    requires detail::StoredAsList<T>
  void push_back(U&& element) {
    whole().push_back(std::forward<U>(element));
  }

  template <class U>
    requires(!std::same_as<U, Field> && detail::ComparesWith<T, U>)
  friend bool operator==(const Field& field, const U& other) {
    if (!field.has_value()) return false;
    if constexpr (detail::Text<T> && detail::Text<U>) {
      return std::string_view(field.value_) == std::string_view(other);
    } else {
      return detail::is_same(field.value_, T(other));
    }
  }
  friend bool operator==(const Field& a, const Field& b) {
    return a.has_value() == b.has_value() && (!a.has_value() || detail::is_same(a.value_, b.value_));
  }
  template <class Stream>
    requires requires(Stream& stream, const T& value) { stream << value; }
  friend Stream& operator<<(Stream& stream, const Field& field) {
    stream << field.value_;
    return stream;
  }

  // For the library.
  void load(T value) {
    value_ = std::move(value);
    state_ = State::value;
    loaded();
  }
  void load_nothing() {
    value_ = T();
    state_ = State::null;
    loaded();
  }
  void settle() {
    changed_ = false;
    touched_ = false;
    if constexpr (detail::HasParts<T>) {
      parts_.changes.clear();
      parts_.since.reset();
    }
  }
  /// A save takes the changes: from now on later ones are told apart.
  void mark() {
    touched_ = false;
    if constexpr (detail::HasParts<T>) parts_.since.emplace();
  }
  [[nodiscard]] bool changed_since_mark() const {
    if constexpr (detail::HasParts<T>) {
      if (parts_.since && !parts_.since->empty()) return true;
    }
    return touched_;
  }
  /// That save is done and left `stored`: later changes stay changes, on top of it.
  void take_stored(Field stored) {
    if (touched_) {
      std::optional<T> later = has_value() ? std::optional<T>(std::move(value_)) : std::nullopt;
      accept(std::move(stored));
      assign(std::move(later));
      return;
    }
    if constexpr (detail::HasParts<T>) {
      if (changed_since_mark()) {
        // What was changed later is in the value already, which so stays.
        parts_.changes = std::exchange(parts_.since, std::nullopt).value();
        parts_.of_loaded_item = parts_.of_loaded_item || changed_;
        changed_ = false;
        return;
      }
    }
    accept(std::move(stored));
  }
  /// The change of the field as a whole, if there is one. A new item has no parts to change.
  [[nodiscard]] bool collect(FieldChange& change, bool is_new = false) const {
    if (!changed_ && !(is_new && has_parts())) return false;
    if (has_value()) change.value = FieldTraits<T>::write(value_);
    return true;
  }
  [[nodiscard]] const std::vector<FieldChange>& part_changes() const
    requires detail::HasParts<T>
  {
    return parts_.changes;
  }
  /// Makes this copy of another field have the very changes of that one, parts as parts.
  void copy_parts(const Field& other)
    requires detail::HasParts<T>
  {
    parts_ = other.parts_;
    changed_ = other.changed_;
  }
  [[nodiscard]] T& part_root()
    requires detail::HasParts<T>
  {
    state_ = State::value;
    return value_;
  }
  void note(FieldChange change)
    requires detail::HasParts<T>
  {
    if (parts_.since) note_in(*parts_.since, change);
    if (!changed_) note_in(parts_.changes, std::move(change));  // else it is written whole
  }
  void note_whole(std::vector<PathStep> path)
    requires detail::HasParts<T>
  {
    if (path.empty()) {
      settle();
      changed_ = true;
      touched_ = true;
      return;
    }
    if (parts_.since) detail::note_whole(*parts_.since, FieldTraits<T>::write(value_), path);
    if (!changed_) detail::note_whole(parts_.changes, FieldTraits<T>::write(value_), std::move(path));
  }

 private:
  enum class State : std::uint8_t { unknown, null, value };

  // Neither read from an item nor assigned.
  [[nodiscard]] bool is_untouched() const { return state_ == State::unknown; }

  using Parts = std::conditional_t<detail::HasParts<T>, detail::ChangedParts, detail::NoParts>;

  void assign(std::optional<T> value) {
    // A field that nobody has read may have a value in the item: null removes it.
    if (value ? has_value() && detail::is_same(*value, value_) : state_ == State::null) return;
    state_ = value ? State::value : State::null;
    value_ = value ? std::move(*value) : T();
    settle();
    changed_ = true;
    touched_ = true;
  }
  void accept(Field stored) {
    if (stored.has_value()) {
      load(std::move(stored.value_));
    } else {
      load_nothing();
    }
  }
  void note_in(std::vector<FieldChange>& changes, FieldChange change)
    requires detail::HasParts<T>
  {
    std::vector<PathStep> list;
    if (detail::note_part(changes, change, list)) return;
    if (!parts_.of_loaded_item && !changed_) {
      changes.push_back(std::move(change));  // the write refuses it by name
    } else if (list.empty()) {
      note_whole(std::move(list));
    } else {
      detail::note_whole(changes, FieldTraits<T>::write(value_), std::move(list));
    }
  }
  void loaded() {
    settle();
    if constexpr (detail::HasParts<T>) parts_.of_loaded_item = true;
  }
  [[nodiscard]] bool has_parts() const {
    if constexpr (detail::HasParts<T>) {
      return !parts_.changes.empty();
    } else {
      return false;
    }
  }
  /// Of a field that was never loaded, a copy has the changes of parts; of another one, the value.
  [[nodiscard]] Parts pending_parts() const {
    if constexpr (detail::HasParts<T>) {
      if (!parts_.of_loaded_item) return parts_;
    }
    return {};
  }
  [[nodiscard]] auto whole()
    requires detail::HasParts<T>
  {
    using Place = detail::FieldPlace<Field>;
    return NestedPart<Field, Place>(this, Place{this}, {});
  }

  T value_{};
  [[no_unique_address]] Parts parts_{};
  State state_ = State::unknown;
  bool changed_ = false;
  bool touched_ = false;  // assigned since the mark
};

}  // namespace bao
