#include "core/expression/custom_update.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>
#include <vector>

#include "core/expression/refusal.hpp"
#include "core/schema/names.hpp"
#include "core/value/concat.hpp"

namespace bao::core {
namespace {

constexpr bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
constexpr bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Names, placeholders with their mark, and single other characters; without white space.
std::vector<std::string_view> tokens_of(std::string_view text) {
  std::vector<std::string_view> tokens;
  for (std::size_t at = 0; at < text.size();) {
    if (is_space(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    if (is_word(text[at]) || text[at] == '#' || text[at] == ':') {
      while (end < text.size() && is_word(text[end])) ++end;
    }
    tokens.push_back(text.substr(at, end - at));
    at = end;
  }
  return tokens;
}

bool is_position(std::string_view token) {
  return std::ranges::all_of(token, [](char c) { return c >= '0' && c <= '9'; });
}

constexpr std::array<std::string_view, 4> clauses{"SET", "REMOVE", "ADD", "DELETE"};
constexpr std::array<std::string_view, 2> functions{"if_not_exists", "list_append"};
constexpr std::string_view punctuation = "()[],.=+-";

/// Why the token cannot stand there; empty: it can.
std::string fault_of(const CustomUpdate& update, const std::vector<std::string_view>& tokens,
                     std::size_t at) {
  const std::string_view token = tokens[at];
  if (token == update.name || token == update.value) return {};
  if (token.starts_with('#') || token.starts_with(':')) {
    return concat(
        {"uses the placeholder ", quoted(token), ", which is neither its attrNameKey nor its attrValueKey"});
  }
  if (!is_word(token.front())) {
    return punctuation.find(token) != std::string_view::npos
               ? std::string()
               : concat({"holds ", quoted(token), ", which no update has"});
  }
  const bool after_dot = at > 0 && tokens[at - 1] == ".";
  const bool in_brackets = at > 0 && tokens[at - 1] == "[" && is_position(token);
  const bool is_function = std::ranges::find(functions, token) != functions.end();
  if (after_dot || in_brackets || is_function) return {};
  return concat({"names ", quoted(token), ": it may change its own attribute only, by its placeholder"});
}

}  // namespace

bool is_plain(const CustomUpdate& update) {
  const std::vector<std::string_view> tokens = tokens_of(update.expression);
  if (update.clause == "REMOVE") return tokens.size() == 1 && tokens[0] == update.name;
  return update.clause == "SET" && tokens.size() == 3 && tokens[0] == update.name && tokens[1] == "=" &&
         tokens[2] == update.value;
}

bool is_repeatable(const CustomUpdate& update, const Value& stored) {
  const std::vector<std::string_view> tokens = tokens_of(update.expression);
  // A place in a list is another one after the first time.
  if (std::ranges::find(tokens, "[") != tokens.end()) return false;
  if (update.clause == "ADD") return stored.kind() != ValueKind::number;
  return update.clause != "SET" || std::ranges::count(tokens, std::string_view(update.name)) == 1;
}

bool uses_value(const CustomUpdate& update) {
  const std::vector<std::string_view> tokens = tokens_of(update.expression);
  return std::ranges::find(tokens, std::string_view(update.value)) != tokens.end();
}

std::optional<Number> summand_of(const CustomUpdate& update, const Value& stored) {
  const auto* const number = stored.get_if<Number>();
  if (number == nullptr) return std::nullopt;
  const std::string_view name = update.name;
  const std::string_view value = update.value;
  const std::vector<std::string_view> tokens = tokens_of(update.expression);
  const auto is = [&](std::initializer_list<std::string_view> form) {
    return std::ranges::equal(tokens, form);
  };
  if (update.clause == "ADD") return is({name, value}) ? std::optional<Number>(*number) : std::nullopt;
  if (update.clause != "SET") return std::nullopt;
  if (is({name, "=", name, "+", value}) || is({name, "=", value, "+", name}) ||
      is({name, "=", "if_not_exists", "(", name, ",", value, ")", "+", value})) {
    return *number;
  }
  if (!is({name, "=", name, "-", value})) return std::nullopt;
  const bool negative = number->text.starts_with('-');
  return Number{negative ? number->text.substr(1) : concat({"-", number->text})};
}

std::optional<Error> check_custom_update(const Model& model, std::uint32_t field, const CustomUpdate& update,
                                         const Value& stored) {
  const auto refuse = [&](const std::string& reason) {
    return std::optional<Error>(
        refuse_operand(model, model.field(field).name,
                       concat({"its getUpdateExpression gave an update that ", reason}),
                       Value(update.expression))
            .error());
  };
  if (std::ranges::find(clauses, std::string_view(update.clause)) == clauses.end()) {
    return refuse(concat({"has the type ", quoted(update.clause), ", not SET, REMOVE, ADD or DELETE"}));
  }
  const std::vector<std::string_view> tokens = tokens_of(update.expression);
  if (tokens.empty() || tokens.front() != update.name || update.name.empty()) {
    return refuse("does not begin with its attrNameKey");
  }
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (std::string fault = fault_of(update, tokens, at); !fault.empty()) return refuse(fault);
  }
  if (stored.is_null() && uses_value(update)) return refuse("has no fieldValue, and needs it");
  return std::nullopt;
}

void add_custom_update(std::string_view attribute, const CustomUpdate& update, const Value& stored,
                       Placeholders& placeholders, UpdateExpression& expression) {
  const std::vector<std::string_view> tokens = tokens_of(update.expression);
  std::string text;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    const std::string_view token = tokens[at];
    const bool joined = at == 0 || token == "." || token == "[" || token == "]" || token == "(" ||
                        token == ")" || token == "," || tokens[at - 1] == "." || tokens[at - 1] == "[" ||
                        tokens[at - 1] == "(";
    if (!joined) text += ' ';
    if (token == update.name) {
      text += placeholders.name(attribute);
    } else if (token == update.value) {
      text += placeholders.value(stored);
    } else if (at > 0 && tokens[at - 1] == ".") {
      text += placeholders.name(token);
    } else {
      text += token;
    }
  }
  expression.add_action(update.clause, std::move(text));
}

}  // namespace bao::core
