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

/// A number that is counted up and down atomically (CounterField).
struct Counter {
  std::int64_t count = 0;

  Counter() = default;
  Counter(std::int64_t value) : count(value) {}
  operator std::int64_t() const { return count; }
};

template <>
struct FieldTraits<Counter> {
  static constexpr FieldType type = FieldType::counter;
  static Value write(Counter value) { return Value(value.count); }
  static bool read(const AttributeView& attribute, FieldType, Counter& value) {
    return attribute.kind == ValueKind::number && attribute.to_int64(value.count);
  }
};

/// The change of a counter, for creates, updates and assignment: `post->likes = bao::increment(5)`.
struct Increment {
  std::int64_t by = 1;
};
[[nodiscard]] constexpr Increment increment(std::int64_t by = 1) {
  return {by};
}

template <>
class Field<Counter> {
 public:
  using value_type = Counter;

  Field() = default;
  template <std::integral Integer>
  Field(Integer value) : value_(static_cast<std::int64_t>(value)), changed_(true) {}
  Field(Increment change) : value_(change.by), delta_(change.by), changed_(true) {}
  /// Copying from another field copies its count, or its pending increment.
  Field(const Field& other)
      : value_(other.value_),
        delta_(other.delta_),
        loaded_(other.loaded_),
        changed_(other.changed_ || other.loaded_) {}
  Field(Field&&) noexcept = default;
  ~Field() = default;
  Field& operator=(const Field& other) {
    return is_untouched() && other.is_untouched() ? *this : *this = other.value_;
  }
  Field& operator=(Field&& other) noexcept { return *this = std::as_const(other); }

  template <std::integral Integer>
  Field& operator=(Integer value) {
    const auto count = static_cast<std::int64_t>(value);
    if (count == value_ && !delta_ && known_) return *this;
    value_ = count;
    delta_.reset();
    changed_ = true;
    touched_ = true;
    return *this;
  }
  Field& operator=(Increment change) {
    increment(change.by);
    return *this;
  }
  /// Adds atomically when saved, whatever others added meanwhile; reads as if it were done.
  void increment(std::int64_t by = 1) {
    value_ += by;
    if (!changed_ || delta_) delta_ = delta_.value_or(0) + by;
    changed_ = true;
  }

  [[nodiscard]] std::int64_t operator*() const { return value_; }
  operator std::int64_t() const { return value_; }
  [[nodiscard]] bool changed() const { return changed_; }

  // For the library.
  void load(Counter value) {
    value_ = value.count;
    loaded_ = true;
    known_ = true;
    settle();
  }
  void load_nothing() {
    load({});
    loaded_ = false;
  }
  void settle() {
    delta_.reset();
    changed_ = false;
    touched_ = false;
  }
  void mark() {
    marked_ = value_;
    touched_ = false;
  }
  [[nodiscard]] bool changed_since_mark() const { return touched_ || value_ != marked_; }
  /// Later increments stay increments, on top of what is stored.
  void take_stored(const Field& stored) {
    const bool assigned = touched_;
    const std::int64_t count = value_;
    const std::int64_t by = value_ - marked_;
    if (stored.loaded_) {
      load(stored.value_);
    } else {
      load_nothing();
    }
    if (assigned) {
      *this = count;
    } else if (by != 0) {
      increment(by);
    }
  }
  [[nodiscard]] bool collect(FieldChange& change) const {
    if (!changed_) return false;
    change.kind = delta_ ? FieldChange::Kind::increment : FieldChange::Kind::set;
    change.value = Value(delta_.value_or(value_));
    return true;
  }

 private:
  // Neither read from an item nor assigned.
  [[nodiscard]] bool is_untouched() const { return !known_ && !changed_; }

  std::int64_t value_ = 0;
  std::int64_t marked_ = 0;  // the value at the mark
  std::optional<std::int64_t> delta_;
  bool loaded_ = false;
  bool known_ = false;  // read from an item, with a value or without
  bool changed_ = false;
  bool touched_ = false;  // assigned since the mark
};

using StringSet = Value::StringSet;

/// A set of strings whose members are added and deleted one by one: a save sends what changed, so that two
/// writers do not undo each other. Assigning a whole set replaces it.
template <>
class Field<StringSet> {
 public:
  using value_type = StringSet;

  Field() = default;
  Field(StringSet members) : members_(std::move(members)), replaced_(true) {}
  Field(std::initializer_list<std::string> members)
      : members_(members.begin(), members.end()), replaced_(true) {}
  /// Copying from another field copies its members, or its pending additions and deletions.
  Field(const Field& other)
      : members_(other.members_),
        added_(other.added_),
        deleted_(other.deleted_),
        loaded_(other.loaded_),
        replaced_(other.replaced_ || (other.loaded_ && !other.changed())) {}
  Field(Field&&) noexcept = default;
  ~Field() = default;
  Field& operator=(const Field& other) {
    if (this == &other || (is_untouched() && other.is_untouched())) return *this;
    return *this = other.members_;
  }
  Field& operator=(Field&& other) noexcept {
    if (is_untouched() && other.is_untouched()) return *this;
    return *this = std::move(other.members_);
  }

  Field& operator=(StringSet members) {
    if (members == members_ && !changed() && known_) return *this;
    members_ = std::move(members);
    replaced_ = true;
    touched_ = true;
    return *this;
  }
  void insert(std::string member) {
    deleted_.erase(member);
    if (since_) since_->deleted.erase(member);
    if (!members_.insert(member).second) return;
    if (since_) since_->added.insert(member);
    added_.insert(std::move(member));
  }
  void erase(const std::string& member) {
    added_.erase(member);
    if (since_) since_->added.erase(member);
    if (members_.erase(member) == 0 && known_) return;
    if (since_) since_->deleted.insert(member);
    deleted_.insert(member);
  }
  void clear() { *this = StringSet(); }

  [[nodiscard]] const StringSet& operator*() const { return members_; }
  [[nodiscard]] const StringSet* operator->() const { return &members_; }
  operator const StringSet&() const { return members_; }
  [[nodiscard]] bool contains(std::string_view member) const { return members_.contains(member); }
  [[nodiscard]] bool changed() const { return replaced_ || !added_.empty() || !deleted_.empty(); }

  // For the library.
  void load(StringSet members) {
    members_ = std::move(members);
    loaded_ = true;
    known_ = true;
    settle();
  }
  void load_nothing() {
    load({});
    loaded_ = false;
  }
  void settle() {
    added_.clear();
    deleted_.clear();
    replaced_ = false;
    since_.reset();
    touched_ = false;
  }
  void mark() {
    since_.emplace();
    touched_ = false;
  }
  [[nodiscard]] bool changed_since_mark() const {
    return touched_ || (since_ && !(since_->added.empty() && since_->deleted.empty()));
  }
  /// Later additions and deletions stay what they are, on top of what is stored.
  void take_stored(Field stored) {
    const bool replaced = touched_;
    StringSet members = std::move(members_);
    const Edits later = since_ ? std::move(*since_) : Edits();
    if (stored.loaded_) {
      load(std::move(stored.members_));
    } else {
      load_nothing();
    }
    if (replaced) {
      *this = std::move(members);
      return;
    }
    for (const std::string& member : later.deleted) erase(member);
    for (const std::string& member : later.added) insert(member);
  }
  [[nodiscard]] bool collect(FieldChange& change) const {
    if (!changed()) return false;
    if (replaced_) {
      change.value = Value(members_);
    } else {
      change.kind = FieldChange::Kind::edit_members;
      change.added = added_;
      change.deleted = deleted_;
    }
    return true;
  }

 private:
  // Neither read from an item nor assigned.
  [[nodiscard]] bool is_untouched() const { return !known_ && !changed(); }

  struct Edits {
    StringSet added;
    StringSet deleted;
  };

  StringSet members_;
  StringSet added_;
  StringSet deleted_;
  std::optional<Edits> since_;  // of the added and deleted, those since the mark
  bool loaded_ = false;
  bool known_ = false;  // read from an item, with members or without
  bool replaced_ = false;
  bool touched_ = false;  // replaced since the mark
};

/// The id of an item of another model (RelatedField). Keeps the item once it was loaded.
template <class M>
class Related {
 public:
  Related() = default;
  template <class Text>
    requires(std::convertible_to<Text, std::string_view> &&
             !std::derived_from<std::remove_cvref_t<Text>, Related>)
  Related(const Text& id) : id_(std::string_view(id)) {}
  /// An instance stands for its id.
  template <class Instance>
    requires(std::same_as<std::remove_cvref_t<Instance>, M>)
  Related(const Instance& instance) : id_(instance.primary_id()), loaded_(instance.shared_record()) {}

  [[nodiscard]] const std::string& id() const { return id_; }
  operator const std::string&() const { return id_; }
  friend bool operator==(const Related& a, const Related& b) { return a.id_ == b.id_; }
  friend bool operator==(const Related& a, std::string_view id) { return a.id_ == id; }

  // For the library: the loaded item's detail::RecordBase, dropped when the id changes.
  [[nodiscard]] std::shared_ptr<void> loaded() const { return loaded_ ? loaded_ : loaded_weakly_.lock(); }
  void keep(std::shared_ptr<void> loaded) const {
    loaded_ = std::move(loaded);
    loaded_weakly_.reset();
  }
  /// For what keeps, in turn, the item that this field is of: the two would never be freed.
  void keep_weakly(const std::shared_ptr<void>& loaded) const {
    loaded_.reset();
    loaded_weakly_ = loaded;
  }

 private:
  std::string id_;
  mutable std::shared_ptr<void> loaded_;
  mutable std::weak_ptr<void> loaded_weakly_;
};

namespace detail {

template <class T>
struct IsRelated : std::false_type {};
template <class M>
struct IsRelated<Related<M>> : std::true_type {
  using Model = M;
};

}  // namespace detail

template <class M>
struct FieldTraits<Related<M>> {
  static constexpr FieldType type = FieldType::related;
  static Value write(const Related<M>& related) { return Value(related.id()); }
  static bool read(const AttributeView& attribute, FieldType, Related<M>& related) {
    if (attribute.kind != ValueKind::string) return false;
    related = Related<M>(attribute.text);
    return true;
  }
};

}  // namespace bao
