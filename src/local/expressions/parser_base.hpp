#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "local/expressions/ast.hpp"
#include "local/expressions/lexer.hpp"
#include "local/expressions/parser.hpp"

namespace bao::local {

/// What the parsers of all expressions share: tokens, paths, operands, functions, and the two kinds of
/// mistakes. A syntax error stops the parser; a mistake of meaning (a reserved word, a wrong operand type)
/// is noted and reported only where the syntax is right, as the service does. The first of each counts.
class ParserBase {
 public:
  static constexpr std::uint32_t none = 0xFFFFFFFF;

 protected:
  ParserBase(ExpressionKind kind, std::string_view source, Bindings& bindings, Ast& ast);

  [[nodiscard]] const Token& token() const { return current_; }
  [[nodiscard]] bool at_symbol(std::string_view symbol) const {
    return current_.kind == TokenKind::symbol && current_.text == symbol;
  }
  [[nodiscard]] bool at_word(std::string_view upper_case) const {
    return current_.kind == TokenKind::identifier && same_word(current_.text, upper_case);
  }
  /// The token after the present one is an opening parenthesis: a function call.
  [[nodiscard]] bool next_opens() const {
    return following_.kind == TokenKind::symbol && following_.text == "(";
  }
  [[nodiscard]] bool at_end() const { return current_.kind == TokenKind::end; }
  void advance();
  bool expect_symbol(std::string_view symbol);

  /// Notes the syntax error at the present token; false or `none` for the caller to hand on.
  bool syntax_error();
  std::uint32_t syntax_failure() {
    syntax_error();
    return none;
  }
  void note(std::string message);
  void note_operand_type(Op op, std::string_view type);
  /// The mistake of a function that stands where its kind may not.
  [[nodiscard]] static std::string misplaced(Op function);
  [[nodiscard]] std::optional<ApiError> failure() const;
  [[nodiscard]] bool failed() const { return !syntax_.empty(); }

  /// An operator or a function, which counts towards the limit of an expression.
  std::uint32_t add_node(Op op, const std::vector<std::uint32_t>& children);
  /// A path that starts at the present token.
  std::uint32_t parse_path();
  /// path, :value, function(...) or one of these in parentheses.
  std::uint32_t parse_operand();
  std::uint32_t parse_function();
  // These bound the recursion by what an expression may hold; pair each with its leave.
  bool enter_parentheses();
  void leave_parentheses() { --parentheses_; }
  bool enter_operator();  ///< NOT or a function
  void leave_operator() { --open_operators_; }

  [[nodiscard]] const Node& node(std::uint32_t index) const { return ast_.nodes[index]; }
  [[nodiscard]] const Node& child(std::uint32_t index, std::uint32_t number) const {
    return ast_.nodes[ast_.children[ast_.nodes[index].first + number]];
  }
  /// The type that the operand is known to have, before any item is seen.
  [[nodiscard]] std::optional<Tag> known_type(const Node& operand) const;
  [[nodiscard]] bool same_path(const Node& a, const Node& b) const;
  void check_function(std::uint32_t index);
  /// Notes two paths of which one contains the other, or which disagree about what a step is.
  void check_overlaps(const std::vector<std::uint32_t>& paths);

  Bindings& bindings_;
  Ast& ast_;
  ExpressionKind kind_;

 private:
  std::uint32_t parse_value();

  std::string_view source_;
  Lexer lexer_;
  Token previous_;
  Token current_;
  Token following_;
  std::string syntax_;
  std::string meaning_;
  unsigned operators_ = 0;
  unsigned open_operators_ = 0;
  unsigned parentheses_ = 0;
};

[[nodiscard]] bool is_condition_function(Op op);
[[nodiscard]] bool is_function(Op op);

}  // namespace bao::local
