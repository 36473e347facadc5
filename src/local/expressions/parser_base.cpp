#include "local/expressions/parser_base.hpp"

#include <algorithm>
#include <array>

namespace bao::local {

namespace {

constexpr std::size_t expression_size_max = 4096;
constexpr unsigned operators_max = 300;
// Each pair needs an operator of its own inside, but for the one around a whole expression: more are
// redundant.
constexpr unsigned parentheses_max = operators_max + 1;
constexpr std::string_view too_many_operators =
    "The expression contains too many operators; operator count: 301";

struct FunctionName {
  std::string_view name;
  Op op;
  std::uint32_t operands;
};
constexpr std::array functions = {
    FunctionName{"attribute_exists", Op::attribute_exists, 1},
    FunctionName{"attribute_not_exists", Op::attribute_not_exists, 1},
    FunctionName{"attribute_type", Op::attribute_type, 2},
    FunctionName{"begins_with", Op::begins_with, 2},
    FunctionName{"contains", Op::contains, 2},
    FunctionName{"size", Op::size, 1},
    FunctionName{"if_not_exists", Op::if_not_exists, 2},
    FunctionName{"list_append", Op::list_append, 2},
};

}  // namespace

std::string_view expression_parameter(ExpressionKind kind) {
  switch (kind) {
    case ExpressionKind::condition:
      return "ConditionExpression";
    case ExpressionKind::filter:
      return "FilterExpression";
    case ExpressionKind::key_condition:
      return "KeyConditionExpression";
    case ExpressionKind::update:
      return "UpdateExpression";
    case ExpressionKind::projection:
      return "ProjectionExpression";
  }
  return "";
}

bool is_condition_function(Op op) {
  return op == Op::attribute_exists || op == Op::attribute_not_exists || op == Op::attribute_type ||
         op == Op::begins_with || op == Op::contains;
}

bool is_function(Op op) {
  return is_condition_function(op) || op == Op::size || op == Op::if_not_exists || op == Op::list_append ||
         op == Op::unknown;
}

ParserBase::ParserBase(ExpressionKind kind, std::string_view source, Bindings& bindings, Ast& ast)
    : bindings_(bindings), ast_(ast), kind_(kind), source_(source), lexer_(source) {
  current_ = lexer_.next();
  following_ = current_.kind == TokenKind::end ? current_ : lexer_.next();
  if (source.size() > expression_size_max) {
    syntax_ = "Expression size has exceeded the maximum allowed size; expression size: " +
              std::to_string(source.size());
  } else if (at_end()) {
    syntax_ = "The expression can not be empty;";
  }
}

void ParserBase::advance() {
  previous_ = current_;
  current_ = following_;
  if (current_.kind != TokenKind::end) following_ = lexer_.next();
}

bool ParserBase::expect_symbol(std::string_view symbol) {
  if (!at_symbol(symbol)) return syntax_error();
  advance();
  return true;
}

bool ParserBase::syntax_error() {
  if (!syntax_.empty()) return false;
  const std::size_t from = previous_.text.empty() ? current_.offset : previous_.offset;
  const Token& last = following_.kind == TokenKind::end ? current_ : following_;
  const std::size_t to =
      last.kind == TokenKind::end ? previous_.offset + previous_.text.size() : last.offset + last.text.size();
  syntax_ = "Syntax error; token: \"" + std::string(current_.text) + "\", near: \"" +
            std::string(source_.substr(from, to - from)) + '"';
  return false;
}

void ParserBase::note(std::string message) {
  if (meaning_.empty()) meaning_ = std::move(message);
}

void ParserBase::note_operand_type(Op op, std::string_view type) {
  note("Incorrect operand type for operator or function; operator or function: " + std::string(op_name(op)) +
       ", operand type: " + std::string(type));
}

std::string ParserBase::misplaced(Op function) {
  return "The function is not allowed to be used this way in an expression; function: " +
         std::string(op_name(function));
}

std::optional<ApiError> ParserBase::failure() const {
  std::string_view mistake = !syntax_.empty() ? syntax_ : meaning_;
  if (mistake.empty() && operators_ > operators_max) mistake = too_many_operators;
  if (mistake.empty()) return std::nullopt;
  return validation_error("Invalid " + std::string(expression_parameter(kind_)) + ": " +
                          std::string(mistake));
}

bool ParserBase::enter_parentheses() {
  if (++parentheses_ <= parentheses_max) return true;
  if (syntax_.empty())
    syntax_ = "The expression is nested too deeply; maximum: " + std::to_string(parentheses_max);
  return false;
}

bool ParserBase::enter_operator() {
  if (++open_operators_ <= operators_max) return true;
  if (syntax_.empty()) syntax_ = too_many_operators;
  return false;
}

std::uint32_t ParserBase::add_node(Op op, const std::vector<std::uint32_t>& children) {
  ++operators_;
  const auto first = static_cast<std::uint32_t>(ast_.children.size());
  ast_.children.insert(ast_.children.end(), children.begin(), children.end());
  ast_.nodes.push_back({op, false, first, static_cast<std::uint32_t>(children.size())});
  return static_cast<std::uint32_t>(ast_.nodes.size() - 1);
}

std::uint32_t ParserBase::parse_path() {
  const auto first = static_cast<std::uint32_t>(ast_.steps.size());
  while (true) {
    PathStep step;
    if (current_.kind == TokenKind::identifier) {
      if (is_reserved(current_.text)) {
        note("Attribute name is a reserved keyword; reserved keyword: " + std::string(current_.text));
      }
      step.name = current_.text;
    } else if (current_.kind == TokenKind::name) {
      const auto found =
          std::find_if(bindings_.names.begin(), bindings_.names.end(),
                       [&](const Bindings::Name& name) { return name.placeholder == current_.text; });
      if (found == bindings_.names.end()) {
        note("An expression attribute name used in the document path is not defined; attribute name: " +
             std::string(current_.text));
      } else {
        found->used = true;
        step.name = found->name;
      }
    } else {
      return syntax_failure();
    }
    advance();
    ast_.steps.push_back(step);
    while (at_symbol("[")) {
      advance();
      if (current_.kind != TokenKind::number) return syntax_failure();
      PathStep index{.is_index = true};
      if (current_.text.size() > 9) {
        note("List index is not within the allowable range; index: [" + std::string(current_.text) + "]");
      } else {
        for (const char digit : current_.text)
          index.index = index.index * 10 + static_cast<std::uint32_t>(digit - '0');
      }
      ast_.steps.push_back(index);
      advance();
      if (!expect_symbol("]")) return none;
    }
    if (!at_symbol(".")) break;
    advance();
  }
  const auto count = static_cast<std::uint32_t>(ast_.steps.size()) - first;
  if (count > 32)
    note("The document path has too many nesting elements; nesting levels: " + std::to_string(count));
  ast_.nodes.push_back({Op::path, false, first, count});
  return static_cast<std::uint32_t>(ast_.nodes.size() - 1);
}

std::uint32_t ParserBase::parse_value() {
  std::uint32_t number = 0;
  while (number < bindings_.values.size() && bindings_.values[number].placeholder != current_.text) ++number;
  if (number == bindings_.values.size()) {
    note("An expression attribute value used in expression is not defined; attribute value: " +
         std::string(current_.text));
  } else {
    bindings_.values[number].used = true;
  }
  ast_.nodes.push_back({Op::value, false, number, 0});
  advance();
  return static_cast<std::uint32_t>(ast_.nodes.size() - 1);
}

std::uint32_t ParserBase::parse_operand() {
  if (at_symbol("(")) {
    if (!enter_parentheses()) return none;
    advance();
    const std::uint32_t inner = parse_operand();
    leave_parentheses();
    if (inner == none || !expect_symbol(")")) return none;
    if (node(inner).parenthesised) note("The expression has redundant parentheses;");
    ast_.nodes[inner].parenthesised = true;
    return inner;
  }
  if (current_.kind == TokenKind::value) return parse_value();
  if (current_.kind == TokenKind::identifier && next_opens()) {
    const std::uint32_t function = parse_function();
    if (function != none && is_condition_function(node(function).op)) {
      note(kind_ == ExpressionKind::update
               ? "The function is not allowed in an update expression; function: " +
                     std::string(op_name(node(function).op))
               : misplaced(node(function).op));
    }
    return function;
  }
  return parse_path();
}

std::uint32_t ParserBase::parse_function() {
  const std::string_view name = current_.text;
  if (!enter_operator()) return none;
  advance();
  advance();
  // Only functions are open here in an update. Noted before what its operands get wrong, as the service does.
  if (kind_ == ExpressionKind::update && name == op_name(Op::list_append) && open_operators_ > 1) {
    note(misplaced(Op::list_append));
  }
  std::vector<std::uint32_t> operands;
  while (true) {
    const std::uint32_t operand = parse_operand();
    if (operand == none) return none;
    operands.push_back(operand);
    if (!at_symbol(",")) break;
    advance();
  }
  leave_operator();
  if (!expect_symbol(")")) return none;
  const auto* known = std::find_if(functions.data(), functions.data() + functions.size(),
                                   [name](const FunctionName& function) { return function.name == name; });
  if (known == functions.data() + functions.size()) {
    note("Invalid function name; function: " + std::string(name));
    return add_node(Op::unknown, operands);
  }
  const bool update_function = known->op == Op::if_not_exists || known->op == Op::list_append;
  if (update_function && kind_ != ExpressionKind::update) {
    note("The function is not allowed in a condition expression; function: " + std::string(name));
  } else if (known->op == Op::size && kind_ == ExpressionKind::update) {
    note("The function is not allowed in an update expression; function: size");
  }
  if (operands.size() != known->operands) {
    note("Incorrect number of operands for operator or function; operator or function: " + std::string(name) +
         ", number of operands: " + std::to_string(operands.size()));
    return add_node(Op::unknown, operands);
  }
  const std::uint32_t index = add_node(known->op, operands);
  check_function(index);
  return index;
}

std::optional<Tag> ParserBase::known_type(const Node& operand) const {
  switch (operand.op) {
    case Op::value:
      if (operand.first < bindings_.values.size()) return bindings_.values[operand.first].value.tag();
      return std::nullopt;
    case Op::size:
    case Op::add:
    case Op::subtract:
      return Tag::number;
    case Op::list_append:
      return Tag::list;
    default:
      return std::nullopt;
  }
}

bool ParserBase::same_path(const Node& a, const Node& b) const {
  return a.op == Op::path && b.op == Op::path &&
         std::equal(ast_.path_begin(a), ast_.path_end(a), ast_.path_begin(b), ast_.path_end(b));
}

void ParserBase::check_function(std::uint32_t index) {
  const Op op = node(index).op;
  const Node& first = child(index, 0);
  switch (op) {
    case Op::attribute_exists:
    case Op::attribute_not_exists:
    case Op::if_not_exists:
      if (first.op != Op::path) {
        note("Operator or function requires a document path; operator or function: " +
             std::string(op_name(op)));
      }
      return;
    case Op::attribute_type: {
      static constexpr std::array types = {"S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"};
      const Node& type = child(index, 1);
      if (known_type(type) != Tag::string) {
        note_operand_type(op,
                          known_type(type) ? type_name(*known_type(type)) : "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
        return;
      }
      const std::string_view text = bindings_.values[type.first].value.text();
      if (std::find(types.begin(), types.end(), text) == types.end()) {
        note("Invalid attribute type name found; type: " + std::string(text) +
             ", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
      }
      return;
    }
    case Op::begins_with:
      for (std::uint32_t i = 0; i < 2; ++i) {
        const auto type = known_type(child(index, i));
        if (type && *type != Tag::string && *type != Tag::binary) note_operand_type(op, type_name(*type));
      }
      break;
    case Op::size: {
      const auto type = known_type(first);
      if (type && (*type == Tag::number || *type == Tag::null || *type == Tag::boolean_true ||
                   *type == Tag::boolean_false)) {
        note_operand_type(op, type_name(*type));
      }
      return;
    }
    case Op::list_append:
      for (std::uint32_t i = 0; i < 2; ++i) {
        const auto type = known_type(child(index, i));
        if (type && *type != Tag::list) note_operand_type(op, type_name(*type));
      }
      return;
    default:
      break;
  }
  if ((op == Op::contains || op == Op::begins_with) && same_path(first, child(index, 1))) {
    note(
        "The first operand must be distinct from the remaining operands for this operator or function; "
        "operator: " +
        std::string(op_name(op)) + ", first operand: " + ast_.path_text(first));
  }
}

void ParserBase::check_overlaps(const std::vector<std::uint32_t>& paths) {
  for (std::size_t i = 1; i < paths.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const Node& a = node(paths[j]);
      const Node& b = node(paths[i]);
      const std::uint32_t common = std::min(a.count, b.count);
      std::uint32_t same = 0;
      while (same < common && ast_.path_begin(a)[same] == ast_.path_begin(b)[same]) ++same;
      std::string_view relation;
      if (same == common) {
        relation = "overlap";
      } else if (ast_.path_begin(a)[same].is_index != ast_.path_begin(b)[same].is_index) {
        relation = "conflict";
      }
      if (relation.empty()) continue;
      note("Two document paths " + std::string(relation) +
           " with each other; must remove or rewrite one of these paths; path one: " + ast_.path_text(a) +
           ", path two: " + ast_.path_text(b));
    }
  }
}

}  // namespace bao::local
