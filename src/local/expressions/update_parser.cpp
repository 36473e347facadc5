#include <array>

#include "local/expressions/parser_base.hpp"

namespace bao::local {

namespace {

class UpdateParser : ParserBase {
 public:
  UpdateParser(std::string_view source, Bindings& bindings, UpdateExpression& out)
      : ParserBase(ExpressionKind::update, source, bindings, out.ast), out_(out) {}

  std::optional<ApiError> parse() {
    std::array<bool, sections.size()> seen{};
    while (!failed() && !at_end()) {
      std::size_t section = 0;
      while (section < sections.size() && !at_word(sections[section].word)) ++section;
      if (section == sections.size()) {
        syntax_error();
        break;
      }
      if (seen[section]) {
        note("The \"" + std::string(sections[section].word) +
             "\" section can only be used once in an update expression;");
      }
      seen[section] = true;
      advance();
      if (!parse_actions(sections[section].kind)) break;
    }
    std::vector<std::uint32_t> paths;
    paths.reserve(out_.actions.size());
    for (const UpdateAction& action : out_.actions) paths.push_back(action.path);
    if (!failed()) check_overlaps(paths);
    return failure();
  }

 private:
  struct Section {
    std::string_view word;
    UpdateAction::Kind kind;
  };
  static constexpr std::array<Section, 4> sections = {
      Section{"SET", UpdateAction::Kind::set}, Section{"REMOVE", UpdateAction::Kind::remove},
      Section{"ADD", UpdateAction::Kind::add}, Section{"DELETE", UpdateAction::Kind::remove_members}};

  bool parse_actions(UpdateAction::Kind kind) {
    while (true) {
      UpdateAction action{.kind = kind};
      action.path = parse_path();
      if (action.path == none) return false;
      if (kind == UpdateAction::Kind::set) {
        if (!expect_symbol("=")) return false;
        action.operand = parse_set_value();
        if (action.operand == none) return false;
      } else if (kind != UpdateAction::Kind::remove) {
        if (token().kind != TokenKind::value) return syntax_error();
        action.operand = parse_operand();
        if (action.operand == none) return false;
        check_members_operand(kind, action.operand);
      }
      out_.actions.push_back(action);
      if (!at_symbol(",")) return true;
      advance();
    }
  }

  std::uint32_t parse_set_value() {
    const std::uint32_t left = parse_term();
    if (left == none || (!at_symbol("+") && !at_symbol("-"))) return left;
    const Op op = at_symbol("+") ? Op::add : Op::subtract;
    advance();
    const std::uint32_t right = parse_term();
    if (right == none) return none;
    for (const std::uint32_t operand : {left, right}) {
      if (node(operand).op == Op::list_append) note(misplaced(Op::list_append));
      const auto type = known_type(node(operand));
      if (type && *type != Tag::number) note_operand_type(op, type_name(*type));
    }
    return add_node(op, {left, right});
  }

  /// An operand, or a sum in parentheses.
  std::uint32_t parse_term() {
    if (!at_symbol("(")) return parse_operand();
    if (!enter_parentheses()) return none;
    advance();
    const std::uint32_t inner = parse_set_value();
    leave_parentheses();
    if (inner == none || !expect_symbol(")")) return none;
    if (node(inner).parenthesised) note("The expression has redundant parentheses;");
    ast_.nodes[inner].parenthesised = true;
    return inner;
  }

  /// Types as this one message spells them.
  static std::string_view long_type_name(Tag type) {
    switch (type) {
      case Tag::string:
        return "STRING";
      case Tag::number:
        return "NUMBER";
      case Tag::binary:
        return "BINARY";
      case Tag::boolean_false:
      case Tag::boolean_true:
        return "BOOLEAN";
      case Tag::list:
        return "LIST";
      case Tag::map:
        return "MAP";
      default:
        return type_name(type);
    }
  }

  void check_members_operand(UpdateAction::Kind kind, std::uint32_t operand) {
    const bool add = kind == UpdateAction::Kind::add;
    const std::string name = add ? "ADD" : "DELETE";
    const auto type = known_type(node(operand));
    if (!type || *type == Tag::string_set || *type == Tag::number_set || *type == Tag::binary_set) return;
    if (add && *type == Tag::number) return;
    note("Incorrect operand type for operator or function; operator: " + name + ", operand type: " +
         std::string(long_type_name(*type)) + ", typeSet: ALLOWED_FOR_" + name + "_OPERAND");
  }

  UpdateExpression& out_;
};

class ProjectionParser : ParserBase {
 public:
  ProjectionParser(std::string_view source, Bindings& bindings, ProjectionExpression& out)
      : ParserBase(ExpressionKind::projection, source, bindings, out.ast), out_(out) {}

  std::optional<ApiError> parse() {
    while (!failed()) {
      const std::uint32_t path = parse_path();
      if (path == none) break;
      out_.paths.push_back(path);
      out_.top_level = out_.top_level && node(path).count == 1;
      if (at_end()) break;
      if (!expect_symbol(",")) break;
    }
    if (!failed()) check_overlaps(out_.paths);
    return failure();
  }

 private:
  ProjectionExpression& out_;
};

}  // namespace

Outcome<UpdateExpression> parse_update(std::string_view source, Bindings& bindings) {
  UpdateExpression expression;
  if (auto error = UpdateParser(source, bindings, expression).parse())
    return std::unexpected(std::move(*error));
  return expression;
}

Outcome<ProjectionExpression> parse_projection(std::string_view source, Bindings& bindings) {
  ProjectionExpression expression;
  if (auto error = ProjectionParser(source, bindings, expression).parse())
    return std::unexpected(std::move(*error));
  return expression;
}

}  // namespace bao::local
