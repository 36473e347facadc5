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
  /// False: an item of key format 1 that is partitioned by the prefix has no tenant in `_pk`, and this one
  /// lacks every other key that would tell.
  bool tenant_known = true;
  std::string prefix;  ///< the model's prefix as it stands there; of unknown rows, too
};

[[nodiscard]] RowPlace place_of(const Schema& schema, const ItemRef& row);

/// The text of a string attribute; empty where it is missing or of another type.
[[nodiscard]] std::string attribute_text(const ItemRef& item, std::string_view name);

}  // namespace bao::core
