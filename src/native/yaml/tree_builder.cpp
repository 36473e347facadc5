#include "native/yaml/tree_builder.hpp"

#include <algorithm>
#include <utility>

namespace bao::native {
namespace {

constexpr const char* standard_tags = "tag:yaml.org,2002:";

void refuse_foreign_tag(const YAML::Mark& mark, const std::string& tag) {
  if (tag.empty() || tag == "?" || tag == "!" || tag.starts_with(standard_tags)) return;
  throw YAML::ParserException(mark, "the tag " + tag.substr(0, 100) + " is not supported");
}

}  // namespace

void TreeBuilder::OnDocumentStart(const YAML::Mark& mark) {
  if (started_) throw YAML::ParserException(mark, "a second document: one file holds one");
  started_ = true;
}

void TreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  Node node;
  node.line = mark.line + 1;
  count(mark, 1);
  remember(mark, anchor, node);
  place(mark, std::move(node));
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) throw YAML::ParserException(mark, "an alias inside of its own anchor");
  count(mark, found->second.size.nodes);
  check_depth(mark, open_.size() + found->second.size.depth);
  // Lines stay those of the anchored text: that is where a mistake is to be corrected.
  place(mark, Node(found->second.node));
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.quoted = tag == "!" || tag == std::string(standard_tags) + "str";
  refuse_foreign_tag(mark, tag);
  node.scalar = value;
  node.line = mark.line + 1;
  count(mark, 1);
  remember(mark, anchor, node);
  place(mark, std::move(node));
}

void TreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                                  YAML::EmitterStyle::value /*style*/) {
  open(mark, tag, anchor, Node::Kind::list);
}

void TreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value /*style*/) {
  open(mark, tag, anchor, Node::Kind::map);
}

TreeBuilder::Size TreeBuilder::measure(const Node& node) {
  Size size;
  if (node.kind == Node::Kind::list || node.kind == Node::Kind::map) size.depth = 1;
  for (const Node& child : node.children) {
    const Size below = measure(child);
    size.nodes += below.nodes;
    size.depth = std::max(size.depth, 1 + below.depth);
  }
  return size;
}

void TreeBuilder::count(const YAML::Mark& mark, std::size_t nodes) {
  nodes_ += nodes;
  if (nodes_ > limits_.nodes_max) {
    throw YAML::ParserException(mark, "more than " + std::to_string(limits_.nodes_max) + " values");
  }
}

void TreeBuilder::check_depth(const YAML::Mark& mark, std::size_t depth) const {
  if (depth > limits_.depth_max) {
    throw YAML::ParserException(mark,
                                "more than " + std::to_string(limits_.depth_max) + " levels of nesting");
  }
}

void TreeBuilder::open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       Node::Kind kind) {
  refuse_foreign_tag(mark, tag);
  count(mark, 1);
  check_depth(mark, open_.size() + 1);
  Open next;
  next.node.kind = kind;
  next.node.line = mark.line + 1;
  next.mark = mark;
  next.anchor = anchor;
  open_.push_back(std::move(next));
}

void TreeBuilder::close() {
  Open done = std::move(open_.back());
  open_.pop_back();
  remember(done.mark, done.anchor, done.node);
  place(done.mark, std::move(done.node));
}

void TreeBuilder::remember(const YAML::Mark& mark, YAML::anchor_t anchor, const Node& node) {
  if (anchor == 0) return;
  const Size size = measure(node);
  count(mark, size.nodes);
  anchors_.insert_or_assign(anchor, Anchored{node, size});
}

void TreeBuilder::place(const YAML::Mark& mark, Node&& node) {
  if (open_.empty()) {
    root_ = std::move(node);
    return;
  }
  Open& parent = open_.back();
  if (parent.node.kind == Node::Kind::list) {
    parent.node.children.push_back(std::move(node));
    return;
  }
  if (!parent.has_key) {
    if (node.kind == Node::Kind::list || node.kind == Node::Kind::map) {
      throw YAML::ParserException(mark, "a map or list as the key of a map: keys are names");
    }
    parent.has_key = true;
    parent.key = std::move(node.scalar);
    parent.key_line = mark.line + 1;
    return;
  }
  parent.has_key = false;
  node.key = std::move(parent.key);
  node.line = parent.key_line;
  parent.node.children.push_back(std::move(node));
}

}  // namespace bao::native
