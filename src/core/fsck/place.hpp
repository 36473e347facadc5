#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/schema/schema.hpp"
#include "core/value/document.hpp"

namespace bao::core {

/// What a row of the table is, by its partition key (docs/stored-format.md).
struct RowPlace {
  enum class Kind : std::uint8_t {
    item,     ///< of `model`
    unique,   ///< reserves a unique value
    unknown,  ///< of no model of the schema
  };
  Kind kind = Kind::unknown;
  const Model* model = nullptr;  ///< of an item
  std::string tenant;            ///< empty: none
  std::string prefix;            ///< the model's prefix as it stands there; of unknown rows, too
};

/// `partition_key`: the row's `_pk`.
[[nodiscard]] RowPlace place_of(const Schema& schema, std::string_view partition_key);

/// The text of a string attribute; empty where it is missing or of another type.
[[nodiscard]] std::string attribute_text(const ItemRef& item, std::string_view name);

}  // namespace bao::core
