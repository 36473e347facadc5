#include "local/operations/key_range.hpp"

#include <utility>

#include "local/keys.hpp"

namespace bao::local {

namespace {

struct OneCondition {
  std::string_view attribute;
  Op op = Op::eq;
  Encoded first;
  Encoded second;
};

Op mirrored(Op op) {
  switch (op) {
    case Op::lt:
      return Op::gt;
    case Op::le:
      return Op::ge;
    case Op::gt:
      return Op::lt;
    case Op::ge:
      return Op::le;
    default:
      return op;
  }
}

class Collector {
 public:
  Collector(const ConditionExpression& expression, const Bindings& bindings)
      : ast_(expression.ast), bindings_(bindings) {}

  Outcome<std::vector<OneCondition>> run(std::uint32_t root) {
    if (auto done = collect(root); !done) return std::unexpected(std::move(done.error()));
    if (found_.size() > 2) return invalid("Conditions can be of length 1 or 2 only");
    return std::move(found_);
  }

 private:
  Outcome<void> collect(std::uint32_t index) {
    const Node& node = ast_.node(index);
    switch (node.op) {
      case Op::logical_and: {
        if (auto done = collect(ast_.child(node, 0)); !done) return done;
        return collect(ast_.child(node, 1));
      }
      case Op::eq:
      case Op::lt:
      case Op::le:
      case Op::gt:
      case Op::ge:
      case Op::between:
      case Op::begins_with:
        return add(node);
      default:
        return invalid("Invalid operator used in KeyConditionExpression: " + std::string(op_name(node.op)));
    }
  }

  Outcome<void> add(const Node& node) {
    OneCondition condition{.op = node.op};
    std::uint32_t path = ast_.child(node, 0);
    std::uint32_t value = ast_.child(node, 1);
    if (node.count == 2 && node.op != Op::begins_with && ast_.node(path).op == Op::value) {
      std::swap(path, value);
      condition.op = mirrored(condition.op);
    }
    for (std::uint32_t i = 0; i < node.count; ++i) {
      const Op op = ast_.node(ast_.child(node, i)).op;
      if (op != Op::path && op != Op::value) {
        return invalid("KeyConditionExpressions cannot contain nested operations");
      }
    }
    if (ast_.node(path).op != Op::path) {
      return invalid("Invalid condition in KeyConditionExpression: " + std::string(op_name(node.op)) +
                     " operator must have the key attribute as its first operand");
    }
    const PathStep* step = ast_.path_begin(ast_.node(path));
    if (ast_.node(path).count > 1) {
      return invalid(
          "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: "
          "Key: " +
          std::string(step->name));
    }
    condition.attribute = step->name;
    for (std::uint32_t i = 0; i < node.count; ++i) {
      const std::uint32_t operand = ast_.child(node, i);
      if (operand != path && ast_.node(operand).op != Op::value) {
        return invalid(
            "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition");
      }
    }
    condition.first = bindings_.values[ast_.node(value).first].value;
    if (node.count == 3) condition.second = bindings_.values[ast_.node(ast_.child(node, 2)).first].value;
    for (const OneCondition& other : found_) {
      if (other.attribute == condition.attribute) {
        return invalid("KeyConditionExpressions must only contain one condition per key");
      }
    }
    found_.push_back(condition);
    return {};
  }

  const Ast& ast_;
  const Bindings& bindings_;
  std::vector<OneCondition> found_;
};

Outcome<void> check_value(const KeyAttribute& key, Encoded value, bool may_be_empty) {
  if (value.tag() != key.type) {
    return invalid(
        "One or more parameter values were invalid: Condition parameter type does not match schema type");
  }
  if (!may_be_empty && key.type != Tag::number && value.text().empty()) {
    return invalid(
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain "
        "an empty " +
        std::string(key.type == Tag::binary ? "binary" : "string") + " value. Key: " + key.name);
  }
  return {};
}

}  // namespace

std::string after_prefix(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

Outcome<KeyConditions> key_conditions(const ConditionExpression& expression, const Bindings& bindings,
                                      const KeySchema& keys) {
  auto found = Collector(expression, bindings).run(expression.root);
  if (!found) return std::unexpected(std::move(found.error()));
  const OneCondition* partition = nullptr;
  const OneCondition* sort = nullptr;
  for (const OneCondition& condition : *found) {
    if (condition.attribute == keys.partition.name) {
      partition = &condition;
    } else if (keys.sort && condition.attribute == keys.sort->name) {
      sort = &condition;
    }
  }
  if (!partition) return invalid("Query condition missed key schema element: " + keys.partition.name);
  if (found->size() == 2 && !sort) {
    return keys.sort ? invalid("Query condition missed key schema element: " + keys.sort->name)
                     : invalid("Query key condition not supported");
  }
  if (partition->op != Op::eq) return invalid("Query key condition not supported");
  if (auto checked = check_value(keys.partition, partition->first, false); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  KeyConditions conditions{.partition = partition->first};
  if (!sort) return conditions;
  conditions.sort_op = sort->op;
  conditions.sort_first = sort->first;
  conditions.sort_second = sort->second;
  const bool may_be_empty = sort->op == Op::begins_with;
  if (auto checked = check_value(*keys.sort, sort->first, may_be_empty); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  if (sort->op == Op::between) {
    if (auto checked = check_value(*keys.sort, sort->second, false); !checked) {
      return std::unexpected(std::move(checked.error()));
    }
  }
  return conditions;
}

KeyRange key_range(const KeyConditions& conditions, bool in_index) {
  std::string head;
  append_partition_head(head, conditions.partition);
  KeyRange range{.lower = head, .upper = after_prefix(head)};
  if (conditions.sort_op == Op::unknown) return range;

  // Of all keys with this sort key: where they start, and what follows them.
  const auto start_of = [&](Encoded value) {
    std::string key = head;
    std::string bytes;
    append_key_bytes(bytes, value);
    if (in_index) {
      append_escaped(key, bytes);
      append_escape_end(key);
    } else {
      key += bytes;
    }
    return key;
  };
  const auto end_of = [&](Encoded value) {
    std::string key = start_of(value);
    if (in_index) return after_prefix(std::move(key));
    key += '\0';
    return key;
  };
  switch (conditions.sort_op) {
    case Op::eq:
      range = {start_of(conditions.sort_first), end_of(conditions.sort_first)};
      break;
    case Op::lt:
      range.upper = start_of(conditions.sort_first);
      break;
    case Op::le:
      range.upper = end_of(conditions.sort_first);
      break;
    case Op::gt:
      range.lower = end_of(conditions.sort_first);
      break;
    case Op::ge:
      range.lower = start_of(conditions.sort_first);
      break;
    case Op::between:
      range = {start_of(conditions.sort_first), end_of(conditions.sort_second)};
      break;
    default: {
      // begins_with; a prefix of the content is a prefix of its escaped form.
      std::string prefix = head;
      if (in_index) {
        append_escaped(prefix, conditions.sort_first.text());
      } else {
        prefix += conditions.sort_first.text();
      }
      range.lower = prefix;
      range.upper = after_prefix(std::move(prefix));
    }
  }
  return range;
}

bool within(const KeyConditions& conditions, const KeySchema& keys, Encoded key) {
  if (!equal(key.find(keys.partition.name), conditions.partition)) return false;
  if (conditions.sort_op == Op::unknown || !keys.sort) return true;
  const Encoded sort = key.find(keys.sort->name);
  const auto order = [&](Encoded bound) { return compare_scalars(sort, bound); };
  switch (conditions.sort_op) {
    case Op::eq:
      return order(conditions.sort_first) == 0;
    case Op::lt:
      return order(conditions.sort_first) < 0;
    case Op::le:
      return order(conditions.sort_first) <= 0;
    case Op::gt:
      return order(conditions.sort_first) > 0;
    case Op::ge:
      return order(conditions.sort_first) >= 0;
    case Op::between:
      return order(conditions.sort_first) >= 0 && order(conditions.sort_second) <= 0;
    default:
      return sort.text().starts_with(conditions.sort_first.text());
  }
}

}  // namespace bao::local
