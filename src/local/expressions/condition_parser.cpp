#include "local/expressions/parser_base.hpp"

namespace bao::local {

namespace {

std::string operand_text(Encoded value) {
  return "AttributeValue: {" + std::string(type_name(value.tag())) + ":" + std::string(value.text()) + "}";
}

class ConditionParser : ParserBase {
 public:
  ConditionParser(ExpressionKind kind, std::string_view source, Bindings& bindings, Ast& ast)
      : ParserBase(kind, source, bindings, ast) {}

  Outcome<std::uint32_t> parse() {
    std::uint32_t root = failed() ? none : parse_or(false);
    if (root != none && !at_end()) {
      syntax_error();
    }
    if (auto error = failure()) return std::unexpected(std::move(*error));
    return root;
  }

 private:
  [[nodiscard]] bool is_operand(std::uint32_t index) const { return node(index).op <= Op::subtract; }

  /// `operand_allowed`: inside parentheses a bare operand may stand; the caller finds out what follows.
  std::uint32_t parse_or(bool operand_allowed) {
    std::uint32_t left = parse_and(operand_allowed);
    while (left != none && at_word("OR") && !is_operand(left)) {
      advance();
      const std::uint32_t right = parse_and(false);
      if (right == none) return none;
      left = add_node(Op::logical_or, {left, right});
    }
    return left;
  }

  std::uint32_t parse_and(bool operand_allowed) {
    std::uint32_t left = parse_not(operand_allowed);
    while (left != none && at_word("AND") && !is_operand(left)) {
      advance();
      const std::uint32_t right = parse_not(false);
      if (right == none) return none;
      left = add_node(Op::logical_and, {left, right});
    }
    return left;
  }

  std::uint32_t parse_not(bool operand_allowed) {
    if (!at_word("NOT")) return parse_primary(operand_allowed);
    if (!enter_operator()) return none;
    advance();
    const std::uint32_t inner = parse_not(false);
    leave_operator();
    return inner == none ? none : add_node(Op::logical_not, {inner});
  }

  std::uint32_t parse_primary(bool operand_allowed) {
    std::uint32_t left = none;
    if (at_symbol("(")) {
      if (!enter_parentheses()) return none;
      advance();
      left = parse_or(true);
      leave_parentheses();
      if (left == none || !expect_symbol(")")) return none;
      if (node(left).parenthesised) note("The expression has redundant parentheses;");
      ast_.nodes[left].parenthesised = true;
      if (!is_operand(left)) return left;
    } else if (token().kind == TokenKind::identifier) {
      left = parse_name_or_function();
    } else {
      left = parse_operand();
    }
    if (left == none) return none;
    if (is_condition_function(node(left).op)) {
      if (!at_comparison()) return left;
      note(misplaced(node(left).op));
    }
    if (at_comparison()) return parse_comparison(left);
    if (node(left).op == Op::unknown || is_function(node(left).op)) {
      // size(a) alone, or a function that nobody knows.
      note(misplaced(node(left).op));
      return left;
    }
    if (operand_allowed && at_symbol(")")) return left;
    return syntax_failure();
  }

  /// A function may be the whole condition; ParserBase::parse_operand takes it only as a value.
  std::uint32_t parse_name_or_function() {
    if (!next_opens()) return parse_path();
    return parse_function();
  }

  [[nodiscard]] bool at_comparison() const {
    return comparison() != Op::unknown || at_word("BETWEEN") || at_word("IN");
  }

  [[nodiscard]] Op comparison() const {
    if (token().kind != TokenKind::symbol) return Op::unknown;
    for (const Op op : {Op::eq, Op::ne, Op::lt, Op::le, Op::gt, Op::ge}) {
      if (token().text == op_name(op)) return op;
    }
    return Op::unknown;
  }

  std::uint32_t parse_comparison(std::uint32_t left) {
    if (at_word("BETWEEN")) {
      advance();
      const std::uint32_t lower = parse_operand();
      if (lower == none) return none;
      if (!at_word("AND")) return syntax_failure();
      advance();
      const std::uint32_t upper = parse_operand();
      if (upper == none) return none;
      check_between(left, lower, upper);
      return add_node(Op::between, {left, lower, upper});
    }
    if (at_word("IN")) {
      advance();
      if (!expect_symbol("(")) return none;
      std::vector<std::uint32_t> operands = {left};
      while (true) {
        const std::uint32_t operand = parse_operand();
        if (operand == none) return none;
        operands.push_back(operand);
        if (!at_symbol(",")) break;
        advance();
      }
      if (!expect_symbol(")")) return none;
      if (operands.size() > 101) {
        note("The IN operator is provided with too many operands; number of operands: " +
             std::to_string(operands.size()));
      }
      for (std::size_t i = 1; i < operands.size(); ++i) check_distinct(Op::in, left, operands[i]);
      return add_node(Op::in, operands);
    }
    const Op op = comparison();
    advance();
    const std::uint32_t right = parse_operand();
    if (right == none) return none;
    if (op != Op::eq && op != Op::ne) {
      check_orderable(op, left);
      check_orderable(op, right);
    }
    check_distinct(op, left, right);
    return add_node(op, {left, right});
  }

  void check_orderable(Op op, std::uint32_t operand) {
    const auto type = known_type(node(operand));
    if (type && !is_comparable(*type)) note_operand_type(op, type_name(*type));
  }

  void check_distinct(Op op, std::uint32_t left, std::uint32_t right) {
    if (!same_path(node(left), node(right))) return;
    note(
        "The first operand must be distinct from the remaining operands for this operator or function; "
        "operator: " +
        std::string(op_name(op)) + ", first operand: " + ast_.path_text(node(left)));
  }

  void check_between(std::uint32_t operand, std::uint32_t lower, std::uint32_t upper) {
    for (const std::uint32_t index : {operand, lower, upper}) check_orderable(Op::between, index);
    check_distinct(Op::between, operand, lower);
    check_distinct(Op::between, operand, upper);
    const auto low_type = known_type(node(lower));
    const auto high_type = known_type(node(upper));
    if (node(lower).op != Op::value || node(upper).op != Op::value || !low_type || !high_type) return;
    const Encoded low = bindings_.values[node(lower).first].value;
    const Encoded high = bindings_.values[node(upper).first].value;
    if (!is_comparable(*low_type) || !is_comparable(*high_type)) return;
    std::string_view mistake;
    if (*low_type != *high_type) {
      mistake = "requires same data type for lower and upper bounds";
    } else if (compare_scalars(low, high) > 0) {
      mistake = "requires upper bound to be greater than or equal to lower bound";
    } else {
      return;
    }
    note("The BETWEEN operator " + std::string(mistake) + "; lower bound operand: " + operand_text(low) +
         ", upper bound operand: " + operand_text(high));
  }
};

}  // namespace

Outcome<ConditionExpression> parse_condition(ExpressionKind kind, std::string_view source,
                                             Bindings& bindings) {
  ConditionExpression expression;
  auto root = ConditionParser(kind, source, bindings, expression.ast).parse();
  if (!root) return std::unexpected(std::move(root.error()));
  expression.root = *root;
  return expression;
}

}  // namespace bao::local
