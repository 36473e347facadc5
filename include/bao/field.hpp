#pragma once

#include <concepts>
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
#include <bao/plain_field.hpp>

namespace bao {

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
  /// `whole`: for an item that is written whole, which has nothing that could be added to.
  [[nodiscard]] bool collect(FieldChange& change, bool whole = false) const {
    if (!changed_) return false;
    const bool adds = delta_ && !whole;
    change.kind = adds ? FieldChange::Kind::increment : FieldChange::Kind::set;
    change.value = Value(adds ? *delta_ : value_);
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
  /// `whole`: for an item that is written whole, which has no members yet.
  [[nodiscard]] bool collect(FieldChange& change, bool whole = false) const {
    if (!changed()) return false;
    if (replaced_ || whole) {
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
