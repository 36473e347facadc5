#include "local/expressions/parser.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace bao::local {
namespace {

struct Case {
  std::string_view text;
  std::string_view message;  ///< empty: it parses
};

/// :s "x", :n 1, :two 2, :b true, :set {"x"}, :l [], #n "name".
class ExpressionParserTest : public ::testing::Test {
 protected:
  ExpressionParserTest() {
    add(":s", [](std::string& out) { append_scalar(out, Tag::string, "x"); });
    add(":n", [](std::string& out) { append_scalar(out, Tag::number, "1"); });
    add(":two", [](std::string& out) { append_scalar(out, Tag::number, "2"); });
    add(":b", [](std::string& out) { out += static_cast<char>(Tag::boolean_true); });
    add(":set", [](std::string& out) {
      std::vector<std::string_view> members = {"x"};
      append_set(out, Tag::string_set, members);
    });
    add(":l", [](std::string& out) { ContainerWriter(out, Tag::list).finish(); });
    bindings_.names.push_back({"#n", "name"});
  }

  template <class Write>
  void add(std::string_view placeholder, Write write) {
    auto& bytes = bytes_.emplace_back(std::make_unique<std::string>());
    write(*bytes);
    bindings_.values.push_back({placeholder, Encoded::of(*bytes)});
  }

  std::string condition(std::string_view text, ExpressionKind kind = ExpressionKind::condition) {
    const auto parsed = parse_condition(kind, text, bindings_);
    return parsed ? std::string() : parsed.error().message;
  }
  std::string update(std::string_view text) {
    const auto parsed = parse_update(text, bindings_);
    return parsed ? std::string() : parsed.error().message;
  }
  std::string projection(std::string_view text) {
    const auto parsed = parse_projection(text, bindings_);
    return parsed ? std::string() : parsed.error().message;
  }

  static std::string prefixed(std::string_view parameter, std::string_view message) {
    if (message.empty()) return {};
    return "Invalid " + std::string(parameter) + ": " + std::string(message);
  }

  std::vector<std::unique_ptr<std::string>> bytes_;
  Bindings bindings_;
};

TEST_F(ExpressionParserTest, ConditionsParseOrFailWithTheServicesWords) {
  const Case cases[] = {
      {"a = :s", ""},
      {"a=:s", ""},
      {"#n.b[1].c <> :s AND NOT (a < :n OR size(a) >= :two)", ""},
      {"not a = :s and b in (:s, :n, c)", ""},
      {"a BETWEEN :n AND :two", ""},
      {"a between :n and :two and b = :s", ""},
      {"(a) = :s", ""},
      {":s = :s", ""},
      {"attribute_exists(a) and attribute_not_exists(#n) and attribute_type(a, :s)",
       "Invalid attribute type name found; type: x, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"},
      {"begins_with(a, :s) or contains(a, :n)", ""},
      {"", "The expression can not be empty;"},
      {"   ", "The expression can not be empty;"},
      {"a =", R"(Syntax error; token: "<EOF>", near: "=")"},
      {"a", R"(Syntax error; token: "<EOF>", near: "a")"},
      {"a == :s", R"(Syntax error; token: "=", near: "== :s")"},
      {"a = :s and", R"(Syntax error; token: "<EOF>", near: "and")"},
      {"a = :s b = :s", R"(Syntax error; token: "b", near: ":s b =")"},
      {"a = :s )", R"x(Syntax error; token: ")", near: ":s )")x"},
      {"(a = :s", R"(Syntax error; token: "<EOF>", near: ":s")"},
      {"a in ()", R"x(Syntax error; token: ")", near: "()")x"},
      {"a = 5", R"(Syntax error; token: "5", near: "= 5")"},
      {"a = 'x'", R"(Syntax error; token: "'x'", near: "= 'x'")"},
      {"a = :s @", R"(Syntax error; token: "@", near: ":s @")"},
      {"_a = :s", R"(Syntax error; token: "_", near: "_a")"},
      {"a[b] = :s", R"(Syntax error; token: "b", near: "[b]")"},
      {"a between :n or :two", R"(Syntax error; token: "or", near: ":n or :two")"},
      {"name = :s", "Attribute name is a reserved keyword; reserved keyword: name"},
      {"a.Status = :s", "Attribute name is a reserved keyword; reserved keyword: Status"},
      {"#x = :s",
       "An expression attribute name used in the document path is not defined; attribute name: #x"},
      {"a = :x", "An expression attribute value used in expression is not defined; attribute value: :x"},
      {"foo(a)", "Invalid function name; function: foo"},
      {"size(a)", "The function is not allowed to be used this way in an expression; function: size"},
      {"attribute_exists(a) = :s",
       "The function is not allowed to be used this way in an expression; function: attribute_exists"},
      {"a = attribute_exists(a)",
       "The function is not allowed to be used this way in an expression; function: attribute_exists"},
      {"if_not_exists(a, b) = :s",
       "The function is not allowed in a condition expression; function: if_not_exists"},
      {"size(a, b) = :n",
       "Incorrect number of operands for operator or function; operator or function: size, number of "
       "operands: 2"},
      {"attribute_exists(:s)",
       "Operator or function requires a document path; operator or function: attribute_exists"},
      {"begins_with(a, :n)",
       "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"},
      {"begins_with(size(a), :s)",
       "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"},
      {"a < :b",
       "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL"},
      {"size(:n) = :n",
       "Incorrect operand type for operator or function; operator or function: size, operand type: N"},
      {"a = a",
       "The first operand must be distinct from the remaining operands for this operator or function; "
       "operator: =, first operand: [a]"},
      {"contains(a.b[2], a.b[2])",
       "The first operand must be distinct from the remaining operands for this operator or function; "
       "operator: contains, first operand: [a, b, [2]]"},
      {"a between :two and :n",
       "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound "
       "operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}"},
      {"a between :s and :n",
       "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: "
       "AttributeValue: {S:x}, upper bound operand: AttributeValue: {N:1}"},
      {"((a = :s))", "The expression has redundant parentheses;"},
      // A syntax error outweighs a mistake of meaning before it.
      {"name = :x and", R"(Syntax error; token: "<EOF>", near: "and")"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(condition(c.text), prefixed("ConditionExpression", c.message)) << c.text;
  EXPECT_EQ(condition("a =", ExpressionKind::filter),
            R"(Invalid FilterExpression: Syntax error; token: "<EOF>", near: "=")");
}

TEST_F(ExpressionParserTest, UpdatesParseOrFailWithTheServicesWords) {
  const Case cases[] = {
      {"SET a = :s", ""},
      {"set a = :s, b.c[3] = if_not_exists(b.c[3], :n) + :two remove d, e[0] ADD f :n, g :set delete h :set",
       ""},
      {"SET a = list_append(a, if_not_exists(b, :l))", ""},
      {"SET a = (:n + :two) - b", ""},
      {"", "The expression can not be empty;"},
      {"SET", R"(Syntax error; token: "<EOF>", near: "SET")"},
      {"SET a :s", R"(Syntax error; token: ":s", near: "a :s")"},
      {"SET a = :s,", R"(Syntax error; token: "<EOF>", near: ",")"},
      {"FOO a = :s", R"(Syntax error; token: "FOO", near: "FOO a")"},
      {"ADD a b", R"(Syntax error; token: "b", near: "a b")"},
      {"REMOVE a b", R"(Syntax error; token: "b", near: "a b")"},
      {"SET a = :n + :n + :n", R"(Syntax error; token: "+", near: ":n + :n")"},
      {"SET a = :s SET b = :s", R"(The "SET" section can only be used once in an update expression;)"},
      {"SET a = :s, a = :n",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: "
       "[a], path two: [a]"},
      {"SET a.b = :s REMOVE a",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a, "
       "b], path two: [a]"},
      {"SET a[0] = :s, a.b = :n",
       "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: "
       "[a, [0]], path two: [a, b]"},
      {"SET a = contains(a, :s)", "The function is not allowed in an update expression; function: contains"},
      {"SET a = size(b)", "The function is not allowed in an update expression; function: size"},
      {"SET a = foo(b)", "Invalid function name; function: foo"},
      {"SET a = if_not_exists(:s, :s)",
       "Operator or function requires a document path; operator or function: if_not_exists"},
      {"SET a = a + :s",
       "Incorrect operand type for operator or function; operator or function: +, operand type: S"},
      {"SET a = list_append(a, :s)",
       "Incorrect operand type for operator or function; operator or function: list_append, operand type: S"},
      {"ADD a :s",
       "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: "
       "ALLOWED_FOR_ADD_OPERAND"},
      {"DELETE a :n",
       "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: "
       "ALLOWED_FOR_DELETE_OPERAND"},
  };
  for (const Case& c : cases) EXPECT_EQ(update(c.text), prefixed("UpdateExpression", c.message)) << c.text;
}

TEST_F(ExpressionParserTest, ProjectionsParseOrFailWithTheServicesWords) {
  const Case cases[] = {
      {"a", ""},
      {"a, #n.b[0], c[1][2].d", ""},
      {"a,", R"(Syntax error; token: "<EOF>", near: ",")"},
      {"a b", R"(Syntax error; token: "b", near: "a b")"},
      {":s", R"(Syntax error; token: ":s", near: ":s")"},
      {"a, a.b",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: "
       "[a], path two: [a, b]"},
      {"size", "Attribute name is a reserved keyword; reserved keyword: size"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(projection(c.text), prefixed("ProjectionExpression", c.message)) << c.text;
}

std::string repeated(int count, std::string_view text, std::string_view separator = "") {
  std::string out;
  for (int i = 0; i < count; ++i) {
    if (i > 0) out += separator;
    out += text;
  }
  return out;
}

std::string sums(int count) {
  std::string out = "SET ";
  for (int i = 0; i < count; ++i) out += (i > 0 ? ",a" : "a") + std::to_string(i) + "=:n+:n";
  return out;
}

TEST_F(ExpressionParserTest, InHasAtMost100Values) {
  EXPECT_EQ(condition("q IN (" + repeated(100, ":n", ",") + ")"), "");
  EXPECT_EQ(condition("q IN (" + repeated(101, ":n", ",") + ")"),
            prefixed("ConditionExpression",
                     "The IN operator is provided with too many operands; number of operands: 102"));
}

TEST_F(ExpressionParserTest, AnExpressionHasAtMost300OperatorsAndFunctions) {
  constexpr std::string_view too_many = "The expression contains too many operators; operator count: 301";
  const auto refused = [&](std::string_view parameter) { return prefixed(parameter, too_many); };
  for (const std::string_view one :
       {"q=:n", "attribute_exists(q)", "q IN(:n,:two)", "q BETWEEN :n AND :two"}) {
    // An operator or function each, and the AND between them.
    EXPECT_EQ(condition(repeated(150, one, " AND ")), "") << one;
    EXPECT_EQ(condition(repeated(151, one, " AND ")), refused("ConditionExpression")) << one;
  }
  EXPECT_EQ(condition(repeated(150, "q=:n", " OR ")), "");
  EXPECT_EQ(condition(repeated(151, "q=:n", " OR "), ExpressionKind::filter), refused("FilterExpression"));
  for (const std::string_view one : {"size(q)=:n", "NOT attribute_exists(q)"}) {
    EXPECT_EQ(condition(repeated(100, one, " AND ")), "") << one;
    EXPECT_EQ(condition(repeated(101, one, " AND ")), refused("ConditionExpression")) << one;
  }
  EXPECT_EQ(update(sums(300)), "");
  EXPECT_EQ(update(sums(301)), refused("UpdateExpression"));
  // Actions are no operators, nor are parentheses.
  EXPECT_EQ(update(sums(300) + " REMOVE b, c, d ADD e :n"), "");
  EXPECT_EQ(condition(repeated(150, "(q=:n)", " AND ")), "");
  // Mistakes of another kind come first.
  EXPECT_EQ(condition(repeated(151, "q=:n", " AND ") + " AND q=:undefined"),
            "Invalid ConditionExpression: An expression attribute value used in expression is not defined; "
            "attribute value: :undefined");
}

TEST_F(ExpressionParserTest, SizeAndDepthAreLimited) {
  EXPECT_EQ(condition("a = :s" + std::string(4096, ' ')),
            "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression "
            "size: 4102");
  constexpr std::string_view too_many =
      "Invalid ConditionExpression: The expression contains too many operators; operator count: 301";
  // Depth costs nothing but its operators.
  for (const auto& [open, close] : {std::pair{"NOT ", ""}, std::pair{"NOT (", ")"}}) {
    EXPECT_EQ(condition(repeated(299, open) + "a = :s" + repeated(299, close)), "") << open;
    EXPECT_EQ(condition(repeated(300, open) + "a = :s" + repeated(300, close)), too_many) << open;
    EXPECT_EQ(condition(repeated(301, open) + "a = :s" + repeated(301, close)), too_many) << open;
    EXPECT_EQ(condition(repeated(600, open) + "a = :s" + repeated(600, close)), too_many) << open;
  }
  EXPECT_EQ(condition(repeated(149, "(a=:s AND ") + "a=:s AND a=:s" + std::string(149, ')')), too_many);
  EXPECT_EQ(condition(repeated(149, "(a=:s AND ") + "a=:s" + std::string(149, ')')), "");
  EXPECT_EQ(condition(std::string(301, '(') + "a = :s" + std::string(301, ')')),
            "Invalid ConditionExpression: The expression has redundant parentheses;");
  EXPECT_EQ(condition(std::string(2000, '(') + "a = :s" + std::string(2000, ')')),
            "Invalid ConditionExpression: The expression is nested too deeply; maximum: 301");
  EXPECT_EQ(condition("a = " + repeated(400, "size(") + "a"), too_many);
  EXPECT_EQ(update("SET a = " + std::string(2000, '(') + ":n + :n" + std::string(2000, ')')),
            "Invalid UpdateExpression: The expression is nested too deeply; maximum: 301");
}

TEST_F(ExpressionParserTest, ListAppendIsAWholeValueOnly) {
  constexpr std::string_view misused =
      "Invalid UpdateExpression: The function is not allowed to be used this way in an expression; function: "
      "list_append";
  for (const std::string_view value :
       {"list_append(list_append(q, :l), :l)", "list_append(:l, list_append(:l, :l))",
        "list_append((list_append(:l, :l)), :l)", "if_not_exists(q, list_append(:l, :l))",
        "if_not_exists(list_append(:l, :l), :l)", "list_append(if_not_exists(q, list_append(:l, :l)), :l)",
        "list_append(list_append(:n, :l), :l)", "list_append(:l, :l) + :n", ":n - list_append(:l, :l)",
        "list_append(list_append(:l, :undefined), :l)", "list_append(list_append(:l), :l)"}) {
    EXPECT_EQ(update("SET a = " + std::string(value)), misused) << value;
  }
  for (const std::string_view value :
       {"list_append(if_not_exists(q, :l), :l)", "if_not_exists(q, if_not_exists(r, :l))",
        "(list_append(:l, :l))", "list_append(if_not_exists(q, if_not_exists(r, :l)), :l)",
        "if_not_exists(q, (:l))"}) {
    EXPECT_EQ(update("SET a = " + std::string(value)), "") << value;
  }
  EXPECT_EQ(update("SET a = list_append(:l, :l), b = list_append(:l, :l)"), "");
}

TEST_F(ExpressionParserTest, EveryPrefixEndsInAResultOrAnError) {
  const std::string text =
      "#n.b[1].c <> :s AND NOT (a < :n OR size(a) >= :two) AND x BETWEEN :n AND :two AND y IN (:s, :n)";
  for (std::size_t size = 0; size < text.size(); ++size) {
    const std::string message = condition(text.substr(0, size));
    EXPECT_TRUE(message.empty() || message.starts_with("Invalid ConditionExpression: ")) << size;
  }
  EXPECT_EQ(condition(text), "");
}

TEST_F(ExpressionParserTest, MarksWhatItUses) {
  EXPECT_EQ(condition("#n = :s"), "");
  EXPECT_TRUE(bindings_.names[0].used);
  EXPECT_TRUE(bindings_.values[0].used);
  EXPECT_FALSE(bindings_.values[1].used);
}

}  // namespace
}  // namespace bao::local
