#pragma once

#include <cstdint>
#include <optional>
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
  /// Empty: none. Of an item that key format 1 partitioned by the prefix, whose `_pk` has no tenant: the one
  /// that its other keys name, whichever format the model is in.
  std::string tenant;
  /// False: the model is in format 1, and this item of it lacks every other key that would tell, or they name
  /// different tenants.
  bool tenant_known = true;
  std::string prefix;  ///< the model's prefix as it stands there; of unknown rows, too
};

[[nodiscard]] RowPlace place_of(const Schema& schema, const ItemRef& row);

/// A key of an item that has the form of another model's.
struct PrefixClaim {
  std::string attribute;
  std::string key;     ///< what stands there
  std::string prefix;  ///< the prefix that it has
};

/// The first key of the item, `_pk` aside, that another prefix than the model's claims: two models write this
/// row, or the prefix of one begins like a key of the other.
[[nodiscard]] std::optional<PrefixClaim> other_claim(const Model& model, const ItemRef& row);

/// The text of a string attribute; empty where it is missing or of another type.
[[nodiscard]] std::string attribute_text(const ItemRef& item, std::string_view name);

}  // namespace bao::core
