#pragma once

#include <string>

#include "core/value/json_writer.hpp"
#include "local/expressions/ast.hpp"
#include "local/operations/constraints.hpp"
#include "local/operations/item_request.hpp"
#include "local/table.hpp"

namespace bao::local {

/// Reads a whole request of an operation on items.
[[nodiscard]] Outcome<void> read_request(std::string& body, ItemRequest& request);

/// The constraints that all operations on items have in common. ReturnConsumedCapacity and TableName.
void common_constraints(Constraints& constraints, const ItemRequest& request);

/// A table name that is there but too short or long.
[[nodiscard]] Outcome<void> check_table_name(std::string_view name);

/// An item, or the part of it that a projection names, which `part` holds.
[[nodiscard]] Encoded projected_item(Encoded item, const ProjectionExpression* projection, std::string& part);
void write_projected_item(core::JsonWriter& writer, Encoded item, const ProjectionExpression* projection);

}  // namespace bao::local
