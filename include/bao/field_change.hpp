#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <bao/condition.hpp>
#include <bao/value.hpp>

namespace bao {

/// One change of one field, as a write collects it. Exactly one of the parts applies, by `kind`.
struct FieldChange {
  enum class Kind : std::uint8_t {
    set,           ///< `value`, logical; null removes the attribute
    increment,     ///< of a counter, by `value`
    edit_members,  ///< of a set of strings: `added` and `deleted`
    // Of a map or list: what `path` leads to. Maps and lists that are missing on the way are made.
    set_part,     ///< to `value`; a position behind a list's end appends
    remove_part,  ///< nothing happens where there is none; what follows in a list moves up
    append_part,  ///< behind the list there: the elements of `value`, a list
  };
  std::uint32_t field = 0;
  Kind kind = Kind::set;
  Value value = {};
  Value::StringSet added = {};
  Value::StringSet deleted = {};
  std::vector<PathStep> path = {};
  /// Why the field's type refuses the value: the write is a ValidationError, and nothing is sent. Empty: it
  /// does not.
  std::string refused = {};
};

/// A change of a field by its name, for models known at run time only.
struct DynamicChange {
  /// Of a part with an empty `path`, the whole path: `address.lines[0]`, or `address["a key with a . in it"]`
  /// with a JSON text.
  std::string field = {};
  FieldChange change = {};
};

/// Writes one part of a map or list, and leaves the rest to whoever writes that: `set_part("address.city",
/// "Paris")`. What FieldChange says of each kind holds; parts of one write must not overlap.
[[nodiscard]] inline DynamicChange set_part(std::string_view path, Value value) {
  return {.field = std::string(path),
          .change = {.kind = FieldChange::Kind::set_part, .value = std::move(value)}};
}
[[nodiscard]] inline DynamicChange remove_part(std::string_view path) {
  return {.field = std::string(path), .change = {.kind = FieldChange::Kind::remove_part}};
}
[[nodiscard]] inline DynamicChange append_part(std::string_view path, Value::List elements) {
  return {.field = std::string(path),
          .change = {.kind = FieldChange::Kind::append_part, .value = Value(std::move(elements))}};
}

}  // namespace bao
