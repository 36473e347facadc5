#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <bao/error.hpp>

#include "core/engine/engine.hpp"

namespace bao::core {

struct TableWork {
  enum class Kind : std::uint8_t { create, update, remove, check };
  Kind kind = Kind::create;
  /// create and update: with the index that search needs; so it is for a client that iterates over that
  /// index.
  bool search_index = false;
  /// How long to wait between two looks at a table that is being changed.
  std::int64_t poll_ms = 1'000;
  /// Told at each step and look: "CREATING", "adding index gsi2", "DELETING". May be empty.
  std::function<void(std::string_view state)> progress;
};

struct TableReport {
  std::vector<std::string> added_indexes;  ///< by update
  /// The service expires items by their `ttl`; false where it has no such operation (some emulators).
  bool ttl = false;
};

/// Creates, completes or deletes the engine's table and waits until that is done; the deadline is the
/// call's. A table that exists already (create) or does not (update, remove) is a configuration error, and so
/// is one whose keys are not `_pk` and `_sk` (update), before anything is changed. `check` only looks:
/// whether there is such a table that models can have.
[[nodiscard]] Task<Result<TableReport>> work_on_table(Call& call, TableWork work);

}  // namespace bao::core
