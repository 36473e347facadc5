#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/expression/expression.hpp"
#include "core/keys/row_keys.hpp"
#include "core/value/json_writer.hpp"

namespace bao::core {

/// {"_pk":{"S":..},"_sk":{"S":..}}
void write_row_key(JsonWriter& writer, const RowKey& key);
/// The members that every request has: TableName and ReturnConsumedCapacity.
void write_common(JsonWriter& writer, std::string_view table);
void write_member(JsonWriter& writer, std::string_view name, std::string_view value);

/// A GetItem of a whole item.
[[nodiscard]] std::string get_item_body(std::string_view table, const RowKey& key, bool consistent);

/// A BatchGetItem of at most 100 whole items, no key twice.
[[nodiscard]] std::string batch_get_item_body(std::string_view table, std::span<const RowKey* const> keys,
                                              bool consistent);

}  // namespace bao::core
