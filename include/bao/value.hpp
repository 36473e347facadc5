#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace bao {

/// A DynamoDB number: decimal text, at most 38 significant digits, never rounded by this library.
/// The text is kept as given; `core/value/number.hpp` normalises and compares.
struct Number {
  std::string text = {};

  friend bool operator==(const Number&, const Number&) = default;
};

using Binary = std::vector<std::byte>;

/// DynamoDB's attribute types, in the order of Value's alternatives.
enum class ValueKind : std::uint8_t {
  null,
  boolean,
  number,
  string,
  binary,
  string_set,
  number_set,
  binary_set,
  list,
  map,
};

/// An owned DynamoDB attribute value of any type (S N B BOOL NULL M L SS NS BS).
///
/// Faces hand values to the core in their *logical* form, and the core encodes them for storage by the
/// field's type: every date, TtlField included, is a Number of milliseconds since the epoch; a JsonField
/// is its JSON text as a string; a RelatedField is the id as a string. A null means "no value": it
/// removes the attribute when written.
class Value {
 public:
  using List = std::vector<Value>;
  using Map = std::map<std::string, Value, std::less<>>;
  using StringSet = std::set<std::string, std::less<>>;
  using NumberSet = std::vector<Number>;
  using BinarySet = std::set<Binary>;
  struct Null {
    friend bool operator==(Null, Null) = default;
  };
  using Storage =
      std::variant<Null, bool, Number, std::string, Binary, StringSet, NumberSet, BinarySet, List, Map>;

  Value() = default;
  Value(std::nullptr_t) {}
  Value(bool value) : storage_(value) {}
  Value(int value) : Value(std::int64_t{value}) {}
  Value(std::int64_t value);
  Value(std::uint64_t value) : storage_(Number{std::to_string(value)}) {}
  /// The shortest decimal text that reads back as the same double. NaN and infinities, which DynamoDB
  /// cannot hold, become the texts "nan", "inf" and "-inf", which validation refuses by field name.
  Value(double value);
  Value(Number value) : storage_(std::move(value)) {}
  Value(const char* value) : storage_(std::string(value)) {}
  Value(std::string value) : storage_(std::move(value)) {}
  Value(std::string_view value) : storage_(std::string(value)) {}
  Value(Binary value) : storage_(std::move(value)) {}
  Value(StringSet value) : storage_(std::move(value)) {}
  Value(NumberSet value) : storage_(std::move(value)) {}
  Value(BinarySet value) : storage_(std::move(value)) {}
  Value(List value) : storage_(std::move(value)) {}
  Value(Map value) : storage_(std::move(value)) {}

  [[nodiscard]] ValueKind kind() const { return static_cast<ValueKind>(storage_.index()); }
  [[nodiscard]] bool is_null() const { return kind() == ValueKind::null; }

  /// The alternative held, or nullptr where another one is.
  template <class T>
  [[nodiscard]] const T* get_if() const {
    return std::get_if<T>(&storage_);
  }
  template <class T>
  [[nodiscard]] T* get_if() {
    return std::get_if<T>(&storage_);
  }
  [[nodiscard]] const Storage& storage() const { return storage_; }

  /// Same type and same content. Numbers compare as text: normalise first where that matters.
  friend bool operator==(const Value& a, const Value& b) { return a.storage_ == b.storage_; }

 private:
  Storage storage_;
};

}  // namespace bao
