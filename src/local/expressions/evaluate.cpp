#include "local/expressions/evaluate.hpp"

#include <algorithm>

#include "core/value/utf8.hpp"

namespace bao::local {

namespace {

class ConditionEvaluator {
 public:
  ConditionEvaluator(const Ast& ast, const Bindings& bindings, Encoded item)
      : ast_(ast), bindings_(bindings), item_(item) {}

  bool met(std::uint32_t index) {
    const Node& node = ast_.node(index);
    switch (node.op) {
      case Op::logical_and:
        return met(ast_.child(node, 0)) && met(ast_.child(node, 1));
      case Op::logical_or:
        return met(ast_.child(node, 0)) || met(ast_.child(node, 1));
      case Op::logical_not:
        return !met(ast_.child(node, 0));
      case Op::attribute_exists:
        return operand(node, 0).present();
      case Op::attribute_not_exists:
        return !operand(node, 0).present();
      case Op::attribute_type: {
        const Encoded value = operand(node, 0);
        return value.present() && type_name(value.tag()) == operand(node, 1).text();
      }
      case Op::begins_with: {
        const Encoded value = operand(node, 0);
        const Encoded prefix = operand(node, 1);
        return value.present() && prefix.present() && value.tag() == prefix.tag() &&
               (value.tag() == Tag::string || value.tag() == Tag::binary) &&
               value.text().starts_with(prefix.text());
      }
      case Op::contains:
        return contains(operand(node, 0), operand(node, 1));
      case Op::eq:
      case Op::ne: {
        const Encoded left = operand(node, 0);
        const Encoded right = operand(node, 1);
        // What is not there equals nothing, not even something else that is not there.
        if (!left.present() || !right.present()) return node.op == Op::ne;
        return equal(left, right) == (node.op == Op::eq);
      }
      case Op::lt:
      case Op::le:
      case Op::gt:
      case Op::ge:
        return ordered(node.op, operand(node, 0), operand(node, 1));
      case Op::between: {
        const Encoded value = operand(node, 0);
        return ordered(Op::ge, value, operand(node, 1)) && ordered(Op::le, value, operand(node, 2));
      }
      case Op::in: {
        const Encoded value = operand(node, 0);
        if (!value.present()) return false;
        for (std::uint32_t i = 1; i < node.count; ++i) {
          const Encoded candidate = operand(node, i);
          if (candidate.present() && equal(value, candidate)) return true;
        }
        return false;
      }
      default:
        return false;
    }
  }

 private:
  Encoded operand(const Node& node, std::uint32_t number) {
    return evaluate_operand(ast_, ast_.child(node, number), bindings_, item_, scratch_);
  }

  static bool ordered(Op op, Encoded left, Encoded right) {
    if (!left.present() || !right.present() || left.tag() != right.tag() || !is_comparable(left.tag()))
      return false;
    const int order = compare_scalars(left, right);
    switch (op) {
      case Op::lt:
        return order < 0;
      case Op::le:
        return order <= 0;
      case Op::gt:
        return order > 0;
      default:
        return order >= 0;
    }
  }

  static bool contains(Encoded whole, Encoded part) {
    if (!whole.present() || !part.present()) return false;
    switch (whole.tag()) {
      case Tag::string:
      case Tag::binary:
        return part.tag() == whole.tag() && whole.text().find(part.text()) != std::string_view::npos;
      case Tag::string_set:
      case Tag::number_set:
      case Tag::binary_set: {
        const Tag member_type = whole.tag() == Tag::string_set   ? Tag::string
                                : whole.tag() == Tag::number_set ? Tag::number
                                                                 : Tag::binary;
        bool found = false;
        if (part.tag() == member_type) {
          for_each_set_member(whole,
                              [&](std::string_view member) { found = found || member == part.text(); });
        }
        return found;
      }
      case Tag::list: {
        bool found = false;
        for_each_element(whole, [&](Encoded element) { found = found || equal(element, part); });
        return found;
      }
      default:
        return false;
    }
  }

  const Ast& ast_;
  const Bindings& bindings_;
  Encoded item_;
  Scratch scratch_;
};

Encoded size_of(Encoded value, Scratch& scratch) {
  std::size_t size = 0;
  switch (value.tag()) {
    case Tag::string:
      size = core::utf16_size(value.text());
      break;
    case Tag::binary:
      size = value.text().size();
      break;
    case Tag::string_set:
    case Tag::number_set:
    case Tag::binary_set:
    case Tag::list:
    case Tag::map:
      size = value.count();
      break;
    default:
      return {};
  }
  std::string& bytes = scratch.emplace_front();
  append_scalar(bytes, Tag::number, std::to_string(size));
  return Encoded::of(bytes);
}

/// A path of which some steps were taken already.
struct Rest {
  const PathStep* at;
  const PathStep* end;
};

/// Appends the parts of `value` that lie under the paths; false: none does, and nothing was appended.
bool append_parts(std::string& out, Encoded value, const std::vector<Rest>& rests) {
  for (const Rest& rest : rests) {
    if (rest.at == rest.end) {
      out += value.bytes();
      return true;
    }
  }
  const std::size_t start = out.size();
  std::vector<Rest> deeper;
  if (value.tag() == Tag::map) {
    ContainerWriter writer(out, Tag::map);
    for_each_member(value, [&](std::string_view name, Encoded member) {
      deeper.clear();
      for (const Rest& rest : rests) {
        if (!rest.at->is_index && rest.at->name == name) deeper.push_back({rest.at + 1, rest.end});
      }
      if (deeper.empty()) return;
      const std::size_t before = out.size();
      append_bytes(out, name);
      if (append_parts(out, member, deeper)) {
        writer.count_one();
      } else {
        out.resize(before);
      }
    });
    writer.finish();
  } else if (value.tag() == Tag::list) {
    ContainerWriter writer(out, Tag::list);
    std::uint32_t index = 0;
    for_each_element(value, [&](Encoded element) {
      deeper.clear();
      for (const Rest& rest : rests) {
        if (rest.at->is_index && rest.at->index == index) deeper.push_back({rest.at + 1, rest.end});
      }
      ++index;
      if (!deeper.empty() && append_parts(out, element, deeper)) writer.count_one();
    });
    writer.finish();
  } else {
    return false;
  }
  const char* at = out.data() + start;
  if (Encoded::take(at).count() > 0) return true;
  out.resize(start);
  return false;
}

}  // namespace

Encoded evaluate_operand(const Ast& ast, std::uint32_t index, const Bindings& bindings, Encoded item,
                         Scratch& scratch) {
  const Node& node = ast.node(index);
  switch (node.op) {
    case Op::path:
      return item.present() ? resolve(item, ast.path_begin(node), ast.path_end(node)) : Encoded();
    case Op::value:
      return bindings.values[node.first].value;
    case Op::size: {
      const Encoded value = evaluate_operand(ast, ast.child(node, 0), bindings, item, scratch);
      return value.present() ? size_of(value, scratch) : Encoded();
    }
    default:
      return {};
  }
}

bool evaluate(const ConditionExpression& condition, const Bindings& bindings, Encoded item) {
  return ConditionEvaluator(condition.ast, bindings, item).met(condition.root);
}

void append_projected(std::string& out, Encoded item, const Ast& ast,
                      const std::vector<std::uint32_t>& paths) {
  std::vector<Rest> rests;
  rests.reserve(paths.size());
  for (const std::uint32_t path : paths) {
    const Node& node = ast.node(path);
    rests.push_back({ast.path_begin(node), ast.path_end(node)});
  }
  if (!item.present() || !append_parts(out, item, rests)) ContainerWriter(out, Tag::map).finish();
}

}  // namespace bao::local
