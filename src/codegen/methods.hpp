#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/schema/schema.hpp"

namespace bao::codegen {

/// A method that a model gets besides those that every model has (SPEC 1, "Generated methods").
struct Method {
  enum class Kind : std::uint8_t {
    self_query,     ///< static: an index of the model partitioned by its prefix
    related_query,  ///< the items of `source` that `index` gathers under this item's id
    mapped_query,   ///< through the mapping table `source`: the items of `target` that its `field` names
    getter,         ///< the item of `target` that the RelatedField `field` names
    finder,         ///< static: the item with this value of the unique field `field`
  };
  Kind kind = Kind::self_query;
  std::string name = {};
  const core::Model* source = nullptr;  ///< whose index, field or constraint it is
  const core::Index* index = nullptr;
  std::uint32_t field = 0;                         ///< of `source`
  const core::Model* target = nullptr;             ///< what getters and mapped queries give
  const core::UniqueConstraint* unique = nullptr;  ///< of finders
};

/// Whether a language cannot take this name for a method of this model: its fields, its own words.
using NameTaken = std::function<bool(const core::Model&, std::string_view name)>;

/// The methods of each model, by Model::number(), in the order in which a reader looks for them. Names are
/// unique within a model: where two indexes make the same one, the first in the definitions has it, and the
/// next is called after its model too ("queryCommentsByUser"); what is still taken gets a `_`.
[[nodiscard]] std::vector<std::vector<Method>> methods_of(const core::Schema& schema, const NameTaken& taken);

}  // namespace bao::codegen
