#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <bao/condition.hpp>
#include <bao/error.hpp>

#include "core/engine/engine.hpp"
#include "core/engine/scope.hpp"
#include "core/expression/custom_update.hpp"
#include "core/keys/row_keys.hpp"

namespace bao::core {

/// One change of one field.
struct Change {
  enum class Kind : std::uint8_t {
    set,           ///< `value`, logical; null removes the attribute
    increment,     ///< CounterField: adds `value` (an integer) atomically
    edit_members,  ///< StringSetField: adds `added`, deletes `deleted`, leaves other members as they are
    custom,        ///< as `custom` says, with `value`; a new item gets `value`
    // Of a MapField or ListField, and the parts of it that `path` leads to. Maps and lists that are missing
    // on the way are made, the field's own too. Parts of one write must not overlap.
    set_path,     ///< `value` at `path`, null as a stored NULL; a position behind a list's end appends
    remove_path,  ///< what is at `path`, if anything
    append_path,  ///< behind the list at `path` (empty: the field's own): the elements of `value`, a list
  };

  std::uint32_t field = 0;
  Kind kind = Kind::set;
  Value value;
  Value::StringSet added;
  Value::StringSet deleted;
  std::vector<PathStep> path;
  std::shared_ptr<const CustomUpdate> custom;
};

struct WriteOptions {
  /// Must hold for the stored item, or the write is a ConditionalError.
  Condition condition;
  /// update: computes every index key anew, changed or not.
  bool force_reindex = false;
};

/// What a write came to.
struct Written {
  ItemRef item;  ///< create, update: the item as stored now; remove: as it was
  Capacity capacity;
  /// The cache's entry for the item, inside a scope; the face may keep its instance there.
  std::shared_ptr<Entry> entry;
};

/// Creates an item. Fields without a value get what their type assigns at creation, or their default.
/// ErrorCode::conditional where the key exists or a unique value is taken.
[[nodiscard]] Task<Result<Written>> create(Call& call, const Model& model, std::vector<Change> values,
                                           WriteOptions options);

/// Changes an item. `base` is the item as the caller loaded it; without one, it is read where keys are
/// derived from loaded values. Such writes are conditioned on the values they derive from; when those
/// changed meanwhile, the item is read again and the write tried again.
/// ErrorCode::item_not_found where the item is not there; ErrorCode::validation for a change of the key.
[[nodiscard]] Task<Result<Written>> update(Call& call, const Model& model, KeyTexts key,
                                           std::vector<Change> changes, ItemRef base, WriteOptions options);

/// Deletes an item and the unique values it holds. `base` as for update.
[[nodiscard]] Task<Result<Written>> remove(Call& call, const Model& model, KeyTexts key, ItemRef base,
                                           WriteOptions options);

/// A write that lost against concurrent writers this often gives up (ErrorCode::conditional).
inline constexpr int conflict_tries_max = 12;
/// The longest wait between such tries, in milliseconds. Who loses was overtaken by others, whose writes take
/// milliseconds: the 20 s that a service in trouble is given would only end the call by its deadline.
inline constexpr std::int64_t conflict_wait_max_ms = 1'000;

}  // namespace bao::core
