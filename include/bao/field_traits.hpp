#pragma once

#include <chrono>
#include <compare>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <bao/definition.hpp>
#include <bao/value.hpp>

namespace bao {

/// A moment in UTC, in milliseconds: what DynamoDB stores for every date field.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// A ULID as text: 26 characters of Crockford's base 32. Whether it is one is checked when it is written.
class Ulid {
 public:
  Ulid() = default;
  Ulid(std::string text) : text_(std::move(text)) {}
  Ulid(std::string_view text) : text_(text) {}
  Ulid(const char* text) : text_(text) {}

  [[nodiscard]] const std::string& str() const { return text_; }
  operator const std::string&() const { return text_; }
  operator std::string_view() const { return text_; }
  friend bool operator==(const Ulid&, const Ulid&) = default;
  friend auto operator<=>(const Ulid&, const Ulid&) = default;
  friend bool operator==(const Ulid& a, std::string_view b) { return a.text_ == b; }

 private:
  std::string text_;
};

/// Any JSON value as its text, for data that nobody queries by. Checked when it is written.
struct Json {
  std::string text = {};
  friend bool operator==(const Json&, const Json&) = default;
};

/// A stored attribute as a reader of fields sees it. Views into the answer; valid during the read.
struct AttributeView {
  ValueKind kind = ValueKind::null;
  std::string_view text = {};  ///< S: the text; N: decimal text; B: base64
  bool boolean = false;
  const void* document = nullptr;
  std::uint32_t index = 0;

  /// An owned copy of the whole value.
  [[nodiscard]] Value to_value() const;
  /// An integer, or false where the text is none that fits.
  [[nodiscard]] bool to_int64(std::int64_t& value) const;
  [[nodiscard]] bool to_double(double& value) const;
  /// Visits the entries of a map (with their names), the elements of a list or the members of a set, until
  /// the visitor gives false; whether all of them were visited. Nothing is visited of other kinds.
  template <class Visitor>
  bool each(Visitor visitor) const {
    return visit_parts(
        [](void* state, std::string_view name, const AttributeView& part) {
          return static_cast<bool>((*static_cast<Visitor*>(state))(name, part));
        },
        &visitor);
  }

 private:
  bool visit_parts(bool (*visit)(void* state, std::string_view name, const AttributeView&),
                   void* state) const;
};

/// How a C++ type is a field. Specialise it for a type of your own (an e-mail address, an amount of money, an
/// enum), which then works wherever a field does: in conditions, keys, indexes and unique constraints, whose
/// texts follow from what is stored, unless the type has its own for keys and indexes:
///
///     template <>
///     struct bao::FieldTraits<Email> {
///       static constexpr FieldType type = FieldType::string;       // what it is stored as
///       static Value write(const Email& email) { return Value(email.text()); }     // its logical value
///       static bool read(const AttributeView& stored, FieldType, Email& email) {   // false: it cannot be
///       one
///         if (stored.kind != ValueKind::string) return false;
///         email = Email(stored.text);
///         return true;
///       }
///       // All of these may be left out:
///       static std::string validate(const Email& email);     // why it must not be written; empty: it may
///       static Email initial_value();                        // at creation, where no value is given
///       static std::optional<Email> update_before_save(std::optional<Email> value);
///       static std::string key_text(const Email& email);     // its text in keys and indexes
///     };
///
/// What `validate` refuses is a ValidationError of the write, and nothing is sent; what `read` refuses is a
/// DataFormatError. `update_before_save` is called at each creation and at each save that changes anything,
/// with the value that is about to be written (nothing: the write leaves the field alone) and gives the one
/// to write. By `key_text` items are found and sorted (by bytes): one value must have one text for ever, in
/// every program that shares the table, and no two values of a primary key may share one; unique constraints
/// go by what is stored. What it throws is a ValidationError with its what(); what the others throw reaches
/// the caller as it is. T needs a default constructor and ==.
template <class T>
struct FieldTraits;

namespace detail {

template <class T>
concept StatesFieldType = requires {
  { FieldTraits<T>::type } -> std::convertible_to<FieldType>;
};
template <class T>
concept IsWritten = requires(const T& value) {
  { FieldTraits<T>::write(value) } -> std::convertible_to<Value>;
};
template <class T>
concept IsRead = requires(T& target, const AttributeView& attribute, FieldType type) {
  { FieldTraits<T>::read(attribute, type, target) } -> std::same_as<bool>;
};

}  // namespace detail

/// What a field's type has to have.
template <class T>
concept FieldValue = std::default_initializable<T> && std::copyable<T> && detail::StatesFieldType<T> &&
                     detail::IsWritten<T> && detail::IsRead<T>;

template <>
struct FieldTraits<std::string> {
  static constexpr FieldType type = FieldType::string;
  static Value write(const std::string& value) { return Value(value); }
  static bool read(const AttributeView& attribute, FieldType, std::string& value) {
    if (attribute.kind != ValueKind::string) return false;
    value.assign(attribute.text);
    return true;
  }
};

template <>
struct FieldTraits<Ulid> {
  static constexpr FieldType type = FieldType::ulid;
  static Value write(const Ulid& value) { return Value(value.str()); }
  static bool read(const AttributeView& attribute, FieldType, Ulid& value) {
    if (attribute.kind != ValueKind::string) return false;
    value = Ulid(attribute.text);
    return true;
  }
};

template <>
struct FieldTraits<Json> {
  static constexpr FieldType type = FieldType::json;
  static Value write(const Json& value) { return Value(value.text); }
  static bool read(const AttributeView& attribute, FieldType, Json& value) {
    if (attribute.kind != ValueKind::string) return false;
    value.text.assign(attribute.text);
    return true;
  }
};

template <>
struct FieldTraits<std::int64_t> {
  static constexpr FieldType type = FieldType::integer;
  static Value write(std::int64_t value) { return Value(value); }
  static bool read(const AttributeView& attribute, FieldType, std::int64_t& value) {
    return attribute.kind == ValueKind::number && attribute.to_int64(value);
  }
};

template <>
struct FieldTraits<double> {
  static constexpr FieldType type = FieldType::floating;
  static Value write(double value) { return Value(value); }
  static bool read(const AttributeView& attribute, FieldType, double& value) {
    return attribute.kind == ValueKind::number && attribute.to_double(value);
  }
};

template <>
struct FieldTraits<bool> {
  static constexpr FieldType type = FieldType::boolean;
  static Value write(bool value) { return Value(value); }
  static bool read(const AttributeView& attribute, FieldType, bool& value) {
    value = attribute.boolean;
    return attribute.kind == ValueKind::boolean;
  }
};

template <>
struct FieldTraits<Timestamp> {
  static constexpr FieldType type = FieldType::date_time;
  static Value write(const Timestamp& value) {
    return Value(static_cast<std::int64_t>(value.time_since_epoch().count()));
  }
  /// A TtlField is stored in seconds, every other date in milliseconds.
  static bool read(const AttributeView& attribute, FieldType stored, Timestamp& value) {
    std::int64_t count = 0;
    if (attribute.kind != ValueKind::number || !attribute.to_int64(count)) return false;
    if (stored == FieldType::ttl) {
      value = Timestamp(std::chrono::seconds(count));
    } else {
      value = Timestamp(std::chrono::milliseconds(count));
    }
    return true;
  }
};

template <>
struct FieldTraits<Binary> {
  static constexpr FieldType type = FieldType::binary;
  static Value write(const Binary& value) { return Value(value); }
  static bool read(const AttributeView& attribute, FieldType, Binary& value) {
    const Value stored = attribute.to_value();
    const auto* bytes = stored.get_if<Binary>();
    if (bytes == nullptr) return false;
    value = *bytes;
    return true;
  }
};

namespace detail {

/// Types that are a Value's alternative themselves.
template <class T, FieldType Type>
struct PlainValueTraits {
  static constexpr FieldType type = Type;
  static Value write(const T& value) { return Value(value); }
  static bool read(const AttributeView& attribute, FieldType, T& value) {
    Value stored = attribute.to_value();
    auto* held = stored.get_if<T>();
    if (held == nullptr) return false;
    value = std::move(*held);
    return true;
  }
};

}  // namespace detail

template <>
struct FieldTraits<Value::StringSet> : detail::PlainValueTraits<Value::StringSet, FieldType::string_set> {};

}  // namespace bao
