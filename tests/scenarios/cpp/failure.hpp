#pragma once

#include <yaml-cpp/yaml.h>

#include <stdexcept>
#include <string>

namespace bao::scenarios {

/// A scenario that did not go as its file says, or a file that says nothing sensible.
class Failure : public std::runtime_error {
 public:
  using runtime_error::runtime_error;
  Failure(const YAML::Node& where, const std::string& what)
      : runtime_error("line " + std::to_string(where.Mark().line + 1) + ": " + what) {}
};

/// The member of a member of a map; undefined where there is no such thing.
inline YAML::Node member_of(const YAML::Node& node, const char* outer, const std::string& inner) {
  const YAML::Node map = node[outer];
  if (map.IsDefined() && map.IsMap()) {
    if (const YAML::Node found = map[inner]; found.IsDefined()) return found;
  }
  return YAML::Node(YAML::NodeType::Undefined);
}

}  // namespace bao::scenarios
