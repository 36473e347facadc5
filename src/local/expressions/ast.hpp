#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "local/item/encoded.hpp"

namespace bao::local {

/// One step of a document path: `.name` or `[index]`.
struct PathStep {
  std::string_view name;
  std::uint32_t index = 0;
  bool is_index = false;

  friend bool operator==(const PathStep&, const PathStep&) = default;
};

enum class Op : std::uint8_t {
  path,
  value,
  // Functions that give a value.
  size,
  if_not_exists,
  list_append,
  add,
  subtract,
  // Conditions.
  attribute_exists,
  attribute_not_exists,
  attribute_type,
  begins_with,
  contains,
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  between,
  in,
  logical_and,
  logical_or,
  logical_not,
  // A function nobody knows; the expression that holds it is refused.
  unknown,
};

/// "begins_with", "<", "AND", ...
[[nodiscard]] std::string_view op_name(Op op);

struct Node {
  Op op = Op::path;
  bool parenthesised = false;
  std::uint32_t first = 0;  ///< path: into steps; value: into Bindings::values; else into children
  std::uint32_t count = 0;  ///< path: steps; else children
};

/// What a parsed expression is made of. Names and paths point into the request.
struct Ast {
  std::vector<Node> nodes;
  std::vector<std::uint32_t> children;
  std::vector<PathStep> steps;

  [[nodiscard]] const Node& node(std::uint32_t index) const { return nodes[index]; }
  [[nodiscard]] std::uint32_t child(const Node& node, std::uint32_t number) const {
    return children[node.first + number];
  }
  [[nodiscard]] const PathStep* path_begin(const Node& path) const { return steps.data() + path.first; }
  [[nodiscard]] const PathStep* path_end(const Node& path) const {
    return steps.data() + path.first + path.count;
  }
  /// "[a, [1], b]", as the service's messages show paths.
  [[nodiscard]] std::string path_text(const Node& path) const;
};

/// ExpressionAttributeNames and ExpressionAttributeValues of one request.
struct Bindings {
  struct Name {
    std::string_view placeholder;  ///< "#n"
    std::string_view name;
    bool used = false;
  };
  struct Value {
    std::string_view placeholder;  ///< ":v"
    Encoded value;
    bool used = false;
  };
  std::vector<Name> names;
  std::vector<Value> values;
};

/// A condition, filter or key condition.
struct ConditionExpression {
  Ast ast;
  std::uint32_t root = 0;
};

struct UpdateAction {
  enum class Kind : std::uint8_t { set, remove, add, remove_members };
  Kind kind = Kind::set;
  std::uint32_t path = 0;
  std::uint32_t operand = 0;  ///< not for remove
};

struct UpdateExpression {
  Ast ast;
  std::vector<UpdateAction> actions;  ///< in the order written
  /// AttributeUpdates: ADD also appends to lists, and a wrong type has a message of its own.
  bool legacy = false;
};

struct ProjectionExpression {
  Ast ast;
  std::vector<std::uint32_t> paths;
  bool top_level = true;  ///< every path is one name
};

/// The value at a path; not present() where there is none.
[[nodiscard]] Encoded resolve(Encoded item, const PathStep* begin, const PathStep* end);

}  // namespace bao::local
