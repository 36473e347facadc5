#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/engine/draft.hpp"
#include "core/engine/engine.hpp"

namespace bao::core {

/// Attributes that the library derives from an item's fields; nothing: the attribute should not be there.
using Derived = std::map<std::string, std::optional<std::string>, std::less<>>;

/// What the library would have derived, by the draft's model and its key format: index keys, iteration keys,
/// search text. `_pk` and `_sk` are not among them.
[[nodiscard]] Derived derived_of(Call& call, const Draft& draft, const std::string& id);

/// Models as they would be in the other key format.
class OtherFormats {
 public:
  /// The model with key format 1 for 2 and 2 for 1; it lives as long as this.
  [[nodiscard]] const Model& of(const Model& model);

 private:
  std::unordered_map<const Model*, std::unique_ptr<const Schema>> schemas_;
};

}  // namespace bao::core
