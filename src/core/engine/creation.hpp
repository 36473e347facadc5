#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include <bao/error.hpp>

#include "core/engine/draft.hpp"
#include "core/engine/unique.hpp"
#include "core/engine/write.hpp"

namespace bao::core {

/// A new item, complete: what create, batch_write and transactions put.
struct Creation {
  explicit Creation(const Model& model) : draft(model, ItemRef()) {}

  Draft draft;
  RowKey key;
  std::string id;
  Value::Map item;
  /// Fields whose value was made for this very write and that nobody else can have made: the item that has
  /// one of them is ours.
  std::set<std::uint32_t> nonces;
  std::vector<Claim> claims;
  std::optional<Value> ttl;
};

/// Makes an item of the values: checked, with what fields get at creation, and everything that is derived.
/// `as_a_save`: it may replace an item, so that fields that change at every save (VersionField,
/// ModifiedDateField) are made anew whatever the values say. Sends nothing.
[[nodiscard]] Result<Creation> make_creation(Call& call, const Model& model,
                                             const std::vector<Change>& values, bool as_a_save = false);

/// Whether the item that stands where this one was to be put is this one: it holds a value that only this
/// write made.
[[nodiscard]] bool is_ours(const Creation& creation, const ItemRef& standing);

}  // namespace bao::core
