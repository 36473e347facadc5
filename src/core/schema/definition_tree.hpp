#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include <bao/definition.hpp>

#include "core/schema/schema.hpp"

namespace bao::core {

/// A node of a parsed YAML (or JSON) file, free of the parser that made it: yaml-cpp natively, the `yaml`
/// package in npm. Scalars keep their text as written; what it means depends on where it stands.
struct DefinitionNode {
  enum class Kind : std::uint8_t { null, scalar, list, map };

  Kind kind = Kind::null;
  std::string scalar;
  /// Written in quotes (or a block, or tagged !!str): always a string, never a number, boolean or null.
  bool quoted = false;
  /// Where this node is the value of a map: its key and the line of the key. Keys may repeat: the loader
  /// reports that.
  std::string key;
  int line = 0;  ///< of the key where there is one, else of the node; from 1
  std::vector<DefinitionNode> children;
};

/// One file.
struct DefinitionTree {
  std::string file;  ///< as messages shall show it
  DefinitionNode root;
};

/// Reads the models of all files and checks them as Schema::build does.
/// Every mistake is reported, by file and line, together with `earlier` (files that could not be parsed: a
/// relation to a model that may be in one of them is no mistake).
[[nodiscard]] std::expected<std::unique_ptr<const Schema>, std::vector<Diagnostic>> schema_from_trees(
    const std::vector<DefinitionTree>& trees, std::vector<Diagnostic> earlier = {},
    Schema::Options options = {.related_models_must_exist = true});

}  // namespace bao::core
