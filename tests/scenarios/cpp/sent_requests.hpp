#pragma once

#include <yaml-cpp/yaml.h>

#include <optional>
#include <span>
#include <string>

#include "scenarios/cpp/wire_tap.hpp"

namespace bao::scenarios {

/// Nothing where the requests are those that the list expects (README.md, "Requests"); else how they differ.
/// `ordered` false: they may have been sent in any order.
[[nodiscard]] std::optional<std::string> mismatch(const YAML::Node& expected,
                                                  std::span<const SentRequest> sent, bool ordered);

}  // namespace bao::scenarios
