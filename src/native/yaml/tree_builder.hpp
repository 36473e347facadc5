#pragma once

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/schema/definition_tree.hpp"
#include "native/yaml/parse.hpp"

namespace bao::native {

/// Builds a tree from the parser's events. What it refuses is thrown as the parser's own errors are
/// (YAML::ParserException), which stops the parser.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const YamlLimits& limits) : limits_(limits) {}

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

  /// The root of the document; null where there was none.
  [[nodiscard]] core::DefinitionNode take() { return std::move(root_); }

 private:
  using Node = core::DefinitionNode;

  /// A map or list whose end has not been seen.
  struct Open {
    Node node;
    YAML::Mark mark;
    YAML::anchor_t anchor = 0;
    bool has_key = false;  ///< a map that waits for the value of `key`
    std::string key;
    int key_line = 0;
  };
  struct Size {
    std::size_t nodes = 1;
    std::size_t depth = 0;  ///< levels of maps and lists
  };
  struct Anchored {
    Node node;
    Size size;
  };

  static Size measure(const Node& node);
  void count(const YAML::Mark& mark, std::size_t nodes);
  void check_depth(const YAML::Mark& mark, std::size_t depth) const;
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind);
  void close();
  void remember(const YAML::Mark& mark, YAML::anchor_t anchor, const Node& node);
  /// Puts a complete node where it belongs: it is a key, a value, a member or the root.
  void place(const YAML::Mark& mark, Node&& node);

  YamlLimits limits_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  Node root_;
  std::size_t nodes_ = 0;
  bool started_ = false;
};

}  // namespace bao::native
