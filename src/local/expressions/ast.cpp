#include "local/expressions/ast.hpp"

namespace bao::local {

std::string_view op_name(Op op) {
  switch (op) {
    case Op::path:
    case Op::value:
    case Op::unknown:
      return "";
    case Op::size:
      return "size";
    case Op::if_not_exists:
      return "if_not_exists";
    case Op::list_append:
      return "list_append";
    case Op::add:
      return "+";
    case Op::subtract:
      return "-";
    case Op::attribute_exists:
      return "attribute_exists";
    case Op::attribute_not_exists:
      return "attribute_not_exists";
    case Op::attribute_type:
      return "attribute_type";
    case Op::begins_with:
      return "begins_with";
    case Op::contains:
      return "contains";
    case Op::eq:
      return "=";
    case Op::ne:
      return "<>";
    case Op::lt:
      return "<";
    case Op::le:
      return "<=";
    case Op::gt:
      return ">";
    case Op::ge:
      return ">=";
    case Op::between:
      return "BETWEEN";
    case Op::in:
      return "IN";
    case Op::logical_and:
      return "AND";
    case Op::logical_or:
      return "OR";
    case Op::logical_not:
      return "NOT";
  }
  return "";
}

std::string Ast::path_text(const Node& path) const {
  std::string out = "[";
  for (const PathStep* step = path_begin(path); step != path_end(path); ++step) {
    if (out.size() > 1) out += ", ";
    if (step->is_index) {
      out += '[' + std::to_string(step->index) + ']';
    } else {
      out += step->name;
    }
  }
  return out + ']';
}

Encoded resolve(Encoded item, const PathStep* begin, const PathStep* end) {
  for (const PathStep* step = begin; step != end && item.present(); ++step) {
    item = step->is_index ? item.at(step->index) : item.find(step->name);
  }
  return item;
}

}  // namespace bao::local
