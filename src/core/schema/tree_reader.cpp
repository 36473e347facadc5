#include "core/schema/tree_reader.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "core/schema/definition_value.hpp"
#include "core/schema/names.hpp"
#include "core/schema/report.hpp"
#include "core/value/concat.hpp"

namespace bao::core {

void TreeReader::report(int line, std::initializer_list<TextPiece> message) {
  core::report(diagnostics_, {file_, line}, model_, element_, message);
}

std::optional<std::vector<const DefinitionNode*>> TreeReader::members(const DefinitionNode& node,
                                                                      std::string_view what) {
  if (node.kind != DefinitionNode::Kind::map) {
    report(node.line, {what, " must be a map, not ", describe(node)});
    return std::nullopt;
  }
  std::vector<const DefinitionNode*> result;
  std::map<std::string_view, int> lines;
  for (const DefinitionNode& child : node.children) {
    if (child.key == "<<") {
      report(child.line, {what, " has a merge key (<<), which is not supported: write its members out"});
      continue;
    }
    const auto [first, fresh] = lines.emplace(child.key, child.line);
    if (fresh) {
      result.push_back(&child);
    } else {
      report(child.line,
             {what, " has the key ", quoted(child.key), " twice (first at line ", first->second, ")"});
    }
  }
  return result;
}

std::optional<std::vector<const DefinitionNode*>> TreeReader::options(
    const DefinitionNode& node, std::string_view what, std::span<const std::string_view> known) {
  had_unknown_ = false;
  auto result = members(node, what);
  if (!result) return result;
  std::erase_if(*result, [&](const DefinitionNode* child) {
    if (std::ranges::find(known, child->key) != known.end()) return false;
    report(child->line, {what, " has the unknown key ", quoted(child->key), did_you_mean(child->key, known)});
    had_unknown_ = true;
    return true;
  });
  return result;
}

bool TreeReader::text(const DefinitionNode& node, std::string& out) {
  if (node.kind != DefinitionNode::Kind::scalar || is_null(node)) {
    report(node.line, {node.key, " must be text, not ", describe(node)});
    return false;
  }
  out = node.scalar;
  return true;
}

bool TreeReader::boolean(const DefinitionNode& node, bool& out) {
  const std::optional<bool> value = boolean_of(node);
  if (!value) {
    report(node.line, {node.key, " must be true or false, not ", describe(node)});
    return false;
  }
  out = *value;
  return true;
}

bool TreeReader::integer(const DefinitionNode& node, std::optional<std::int64_t>& out) {
  const std::optional<std::int64_t> value = integer_of(node);
  if (!value) {
    report(node.line, {node.key, " must be a whole number, not ", describe(node)});
    return false;
  }
  out = value;
  return true;
}

bool TreeReader::integer(const DefinitionNode& node, int& out) {
  std::optional<std::int64_t> value;
  if (!integer(node, value)) return false;
  if (!std::in_range<int>(*value)) {
    report(node.line, {node.key, " is out of range: ", *value});
    return false;
  }
  out = static_cast<int>(*value);
  return true;
}

}  // namespace bao::core
