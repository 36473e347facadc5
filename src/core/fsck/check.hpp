#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <bao/capacity.hpp>
#include <bao/error.hpp>

#include "core/engine/engine.hpp"
#include "core/engine/unique.hpp"
#include "core/value/document.hpp"

// Rows that disagree with what the library would have written, and their repair: for `bao fsck`.
namespace bao::core {

struct Finding {
  enum class Kind : std::uint8_t {
    no_key_fields,  ///< an item without the fields that its key is made of: a ghost, or somebody else's row
    key_mismatch,   ///< `_pk` or `_sk` is not what the key fields say
    prefix_clash,   ///< one of its keys has the prefix of another model: two models claim the row
    key_format,     ///< a key is what the fields say, in the other key format than the model's
    attribute_differs,  ///< an index key, iteration key or search text is not what the fields say
    unique_missing,     ///< nothing reserves the item's unique value
    unique_elsewhere,   ///< an item that does not have the value (any more) reserves it
    unique_conflict,    ///< another item has the same unique value
    unique_ghost,       ///< a reservation for an item that is not there or does not have the value
    unique_ttl,         ///< a reservation that does not expire with its item
    unique_malformed,   ///< a reservation of no unique constraint of the models
  };

  Kind kind = Kind::no_key_fields;
  const Model* model = nullptr;  ///< null: none of the models
  std::string id;                ///< the item's primary id; empty where that is the trouble
  RowKey row;                    ///< the row that was looked at
  std::string attribute;         ///< the attribute, or the field of the unique value
  std::string expected;          ///< empty: nothing should be there
  std::string found;             ///< empty: nothing is there
  int found_format = 0;          ///< of key_format: the key format that was found; the model states the other
  std::string obstacle;          ///< why an item that lies in the other format is not moved; empty: none
  bool repairable = false;
  bool repaired = false;

  // What a repair is made from, and conditioned on.
  ItemRef item;  ///< as read; no item: it is not there
  std::optional<Claim> claim;
  std::optional<Release> release;

  /// Of key_format: `_pk` or `_sk` is in the other format, so that the model does not find the item.
  [[nodiscard]] bool is_misplaced() const;
};

/// "unique_missing" and the like, for programs.
[[nodiscard]] const char* name_of(Finding::Kind kind);

struct Repairs {
  bool repair = false;  ///< put right what can be
  /// And give items whose own key is in the other key format the key that their model states: see move.hpp.
  bool move_keys = false;
};

struct CheckedRows {
  std::vector<Finding> findings;
  Capacity capacity;
};

/// Checks rows as a Scan gave them, all of the call's tenant. What looks wrong is read again, consistently,
/// so that what another writer changed meanwhile is not reported. Each repair is one transaction conditioned
/// on what was read; a finding that another writer was faster with stays unrepaired. Rows of no model are
/// skipped.
[[nodiscard]] Task<Result<CheckedRows>> check_rows(Call& call, std::vector<ItemRef> rows, Repairs repairs);

}  // namespace bao::core
