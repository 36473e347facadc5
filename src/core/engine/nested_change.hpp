#pragma once

#include <optional>
#include <span>
#include <vector>

#include <bao/error.hpp>

#include "core/engine/write.hpp"

// Changes of parts of maps and lists: what set_path, remove_path and append_path mean.
namespace bao::core {

[[nodiscard]] bool is_nested(Change::Kind kind);

/// The change with its value as it is stored. ErrorCode::validation for a field without parts, a path that
/// cannot lead anywhere in it, a value that DynamoDB cannot hold there.
[[nodiscard]] Result<Change> encode_nested_change(const Model& model, const Change& change);

/// ErrorCode::validation where two changes of one field are of the same part, or of a part and what it is a
/// part of: DynamoDB refuses such an update, and what it should come to is not known.
[[nodiscard]] std::optional<Error> check_overlaps(const Model& model, std::span<const Change> changes);

/// Whether the item is already as the change would leave it.
[[nodiscard]] bool is_so_already(const Model& model, const ItemRef& item, const Change& change);

/// Whether the item has every map and list that the path leads through: DynamoDB makes none of them.
[[nodiscard]] bool has_parents(const Model& model, const ItemRef& item, const Change& change);

/// The whole value of a field with its parts changed as DynamoDB would change them, but that what is missing
/// on the way is made. `stored`: the field as loaded, null for none. The changes are of this field, and do
/// not overlap. ErrorCode::validation where something on the way is neither map nor list, or a position is
/// behind a list's end where something is to be in it.
[[nodiscard]] Result<Value> with_changed_parts(const Model& model, Value stored,
                                               std::span<const Change> changes);

}  // namespace bao::core
