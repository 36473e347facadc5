#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <bao/definition.hpp>

#include "core/schema/definition_tree.hpp"
#include "core/value/concat.hpp"

namespace bao::core {

/// Reads one definition's tree; what is wrong goes to a list. `model` and `element` name the part in
/// messages.
class TreeReader {
 public:
  TreeReader(const std::string& file, std::vector<Diagnostic>& diagnostics)
      : file_(file), diagnostics_(diagnostics) {}

  /// Names what the following reports are about.
  void about(std::string model, std::string element = {}) {
    model_ = std::move(model);
    element_ = std::move(element);
  }
  void report(int line, std::initializer_list<TextPiece> message);
  [[nodiscard]] SourceLocation at(const DefinitionNode& node) const { return {file_, node.line}; }

  /// The members of a map, the first one of each key; repeated keys are reported. `what` is the name of the
  /// node in messages. Nothing, and a report, where it is not a map.
  [[nodiscard]] std::optional<std::vector<const DefinitionNode*>> members(const DefinitionNode& node,
                                                                          std::string_view what);
  /// As members, and reports keys that are not in `known`; these are left out.
  [[nodiscard]] std::optional<std::vector<const DefinitionNode*>> options(
      const DefinitionNode& node, std::string_view what, std::span<const std::string_view> known);

  /// Whether the last call of options() met an unknown key: perhaps the one that then seems to be missing.
  [[nodiscard]] bool had_unknown() const { return had_unknown_; }

  // Each reads the value of an option into `out`, or reports, leaves `out` alone and gives false.
  bool text(const DefinitionNode& node, std::string& out);
  bool boolean(const DefinitionNode& node, bool& out);
  bool integer(const DefinitionNode& node, std::optional<std::int64_t>& out);
  bool integer(const DefinitionNode& node, int& out);

 private:
  const std::string& file_;
  std::vector<Diagnostic>& diagnostics_;
  std::string model_;
  std::string element_;
  bool had_unknown_ = false;
};

}  // namespace bao::core
