#pragma once

#include <memory>
#include <string>
#include <vector>

#include <bao/error.hpp>

#include "core/schema/definition_tree.hpp"
#include "core/schema/schema.hpp"
#include "wasm/json_tree.hpp"

namespace bao::wasm {

/// The models registered so far, in the shape of the YAML's `models:`, and the Schema of all of them.
class Definitions {
 public:
  /// `custom_keys`: as in Schema::Options.
  explicit Definitions(core::CustomKeys* custom_keys);
  /// Adds models (name -> definition), all or none. ErrorCode::configuration names every mistake. The models
  /// that were there keep their numbers; their Model objects of earlier schemas stay valid while somebody
  /// holds those.
  [[nodiscard]] Result<std::shared_ptr<const core::Schema>> add(const JsonNode& models);
  [[nodiscard]] const std::shared_ptr<const core::Schema>& schema() const { return schema_; }

 private:
  core::CustomKeys* custom_keys_;
  std::vector<core::DefinitionTree> trees_;
  std::shared_ptr<const core::Schema> schema_;
};

}  // namespace bao::wasm
