#pragma once

#include <yaml-cpp/yaml.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include <bao/condition.hpp>
#include <bao/dynamic.hpp>
#include <bao/options.hpp>

namespace bao::scenarios {

/// What steps have captured with `as`, and the loop's number.
struct Names {
  std::map<std::string, DynamicItem> items = {};
  std::map<std::string, PageKey> pages = {};
  std::map<std::string, Value> values = {};
  /// Caches of the caller, by name: made when they are first named.
  std::shared_ptr<std::map<std::string, LoaderContext>> loaders =
      std::make_shared<std::map<std::string, LoaderContext>>();
};

/// The value that a node of the corpus stands for (README.md, "Values"), placeholders replaced.
[[nodiscard]] Value to_value(const YAML::Node& node, const Names& names);
/// A text with its placeholders replaced.
[[nodiscard]] std::string to_text(const YAML::Node& node, const Names& names);

/// Nothing where `actual` is what the node expects; else how they differ.
[[nodiscard]] std::optional<std::string> mismatch(const YAML::Node& expected, const Value& actual,
                                                  const Names& names);

[[nodiscard]] DynamicChange to_change(const std::string& field, const YAML::Node& node, const Names& names);
[[nodiscard]] Condition to_condition(const YAML::Node& filter, const Names& names);
[[nodiscard]] SortKeyCondition to_sort_condition(const YAML::Node& node, const Names& names);

/// For messages.
[[nodiscard]] std::string describe(const Value& value);

}  // namespace bao::scenarios
