#include <algorithm>
#include <array>
#include <compare>
#include <utility>

#include "core/expression/expression.hpp"
#include "core/expression/operand.hpp"
#include "core/expression/path.hpp"
#include "core/expression/refusal.hpp"
#include "core/value/number.hpp"

namespace bao::core {
namespace {

using Kind = Condition::Kind;
using Shape = Target::Shape;

constexpr int depth_max = 50;
constexpr std::size_t in_operands_max = 100;
/// DynamoDB's limit on any one expression.
constexpr std::size_t expression_bytes_max = 4096;

const char* symbol(Comparison comparison) {
  constexpr std::array<const char*, 6> symbols{" = ", " <> ", " < ", " <= ", " > ", " >= "};
  return symbols[static_cast<std::size_t>(comparison)];
}

/// Expression text without parentheses around it. DynamoDB refuses redundant pairs ("((a = b))"), so they are
/// put where a part joins others, and only around a part that is itself joined.
struct Part {
  std::string text;
  bool joined = false;  ///< by AND or OR at its top level

  [[nodiscard]] std::string as_operand() && {
    if (joined) text.insert(0, "(").append(")");
    return std::move(text);
  }
};

/// Whether the condition holds for every item, so that it adds nothing to a request.
bool always_holds(const Condition& condition, int depth) {
  if (depth > depth_max) return false;  // refused by the builder
  const auto holds = [depth](const Condition& child) { return always_holds(child, depth + 1); };
  switch (condition.kind) {
    case Kind::empty:
      return true;
    case Kind::all_of:
      return std::all_of(condition.children.begin(), condition.children.end(), holds);
    case Kind::any_of:
      return std::any_of(condition.children.begin(), condition.children.end(), holds);
    default:
      return false;
  }
}

/// The order of two values of one ordered kind.
std::strong_ordering order_of(const Value& a, const Value& b) {
  const auto* x = a.get_if<Number>();
  const auto* y = b.get_if<Number>();
  if (x != nullptr && y != nullptr) {
    const auto left = parse_number(x->text);
    const auto right = parse_number(y->text);
    return left && right ? *left <=> *right : std::strong_ordering::equal;
  }
  if (const auto* text = a.get_if<std::string>()) return *text <=> *b.get_if<std::string>();
  return *a.get_if<Binary>() <=> *b.get_if<Binary>();
}

class Builder {
 public:
  Builder(const Model& model, Placeholders& placeholders) : model_(model), placeholders_(placeholders) {}

  Result<Part> build(const Condition& condition, int depth);

 private:
  Result<Part> build_children(const Condition& condition, int depth);
  Result<Part> build_negated(const Condition& condition, int depth);
  Result<Part> build_test(const Condition& condition);
  Result<Part> compare(const Condition& condition, const Target& target);
  Result<Part> between(const Condition& condition, const Target& target);
  Result<Part> in(const Condition& condition, const Target& target);
  Result<Part> contains(const Condition& condition, const Target& target);
  Result<Part> begins_with(const Condition& condition, const Target& target);
  Result<Part> size(const Condition& condition, const Target& target);

  /// An operand of <, <=, >, >= or BETWEEN: of a type that has an order.
  Result<Value> ordered_operand(const Target& target, const Value& logical);
  std::string path(const Condition& condition) {
    return document_path(condition.field, condition.path, placeholders_);
  }
  std::string function(const char* name, const Condition& condition) {
    return std::string(name).append("(").append(path(condition)).append(")");
  }
  std::string function(const char* name, const Condition& condition, Value operand) {
    std::string text = std::string(name).append("(").append(path(condition)).append(", ");
    return text.append(placeholders_.value(std::move(operand))).append(")");
  }

  const Model& model_;
  Placeholders& placeholders_;
};

Result<Part> Builder::build(const Condition& condition, int depth) {
  if (depth > depth_max) return refuse_query(model_, {}, "a condition is nested more than 50 levels deep");
  if (always_holds(condition, depth)) {
    // Nothing to send, but a wrong field in one of its branches is still a mistake.
    Placeholders unused;
    Builder checker(model_, unused);
    for (const Condition& child : condition.children) {
      if (Result<Part> checked = checker.build(child, depth + 1); !checked) return checked;
    }
    return Part();
  }
  switch (condition.kind) {
    case Kind::all_of:
    case Kind::any_of:
      return build_children(condition, depth);
    case Kind::negated:
      return build_negated(condition, depth);
    default:
      return build_test(condition);
  }
}

Result<Part> Builder::build_children(const Condition& condition, int depth) {
  if (condition.children.empty()) {
    return refuse_query(model_, {}, "an or needs at least one condition");
  }
  const char* joint = condition.kind == Kind::all_of ? " AND " : " OR ";
  std::vector<Part> parts;
  for (const Condition& child : condition.children) {
    Result<Part> part = build(child, depth + 1);
    if (!part) return part;
    if (!part->text.empty()) parts.push_back(*std::move(part));  // empty: always holds, in an and
  }
  if (parts.size() == 1) return std::move(parts[0]);
  Part joined{.text = {}, .joined = true};
  for (Part& part : parts) {
    joined.text.append(joined.text.empty() ? "" : joint).append(std::move(part).as_operand());
  }
  return joined;
}

Result<Part> Builder::build_negated(const Condition& condition, int depth) {
  if (condition.children.size() != 1) return refuse_query(model_, {}, "a not needs exactly one condition");
  Result<Part> part = build(condition.children[0], depth + 1);
  if (!part) return part;
  if (part->text.empty()) return refuse_query(model_, {}, "a not of an empty condition never holds");
  return Part{.text = part->text.insert(0, "NOT (").append(")")};
}

Result<Part> Builder::build_test(const Condition& condition) {
  const Result<Target> target = resolve_target(model_, condition);
  if (!target) return std::unexpected(target.error());
  const bool takes_none = condition.kind == Kind::exists || condition.kind == Kind::not_exists;
  const std::size_t wanted = takes_none ? 0 : condition.kind == Kind::between ? 2 : 1;
  if (condition.kind != Kind::in && condition.operands.size() != wanted) {
    return refuse_query(model_, target->readable,
                        wanted == 2   ? "between needs two values"
                        : wanted == 1 ? "the operator needs one value"
                                      : "the operator takes no value");
  }
  switch (condition.kind) {
    case Kind::compare:
      return compare(condition, *target);
    case Kind::between:
      return between(condition, *target);
    case Kind::in:
      return in(condition, *target);
    case Kind::contains:
      return contains(condition, *target);
    case Kind::begins_with:
      return begins_with(condition, *target);
    case Kind::size:
      return size(condition, *target);
    case Kind::exists:
      return Part{.text = function("attribute_exists", condition)};
    default:
      return Part{.text = function("attribute_not_exists", condition)};
  }
}

Result<Value> Builder::ordered_operand(const Target& target, const Value& logical) {
  if (target.shape != Shape::text && target.shape != Shape::number && target.shape != Shape::binary &&
      target.shape != Shape::unknown) {
    return refuse_query(model_, target.readable, "values of this field have no order to compare by");
  }
  Result<Value> stored = encode_operand(model_, target, logical, true);
  if (!stored) return stored;
  const ValueKind kind = stored->kind();
  if (kind != ValueKind::string && kind != ValueKind::number && kind != ValueKind::binary) {
    return refuse_operand(model_, target.readable, "only strings, numbers and binary data have an order",
                          logical);
  }
  return stored;
}

Result<Part> Builder::compare(const Condition& condition, const Target& target) {
  const Value& logical = condition.operands[0];
  const Comparison comparison = condition.comparison;
  if (comparison != Comparison::eq && comparison != Comparison::ne) {
    Result<Value> stored = ordered_operand(target, logical);
    if (!stored) return std::unexpected(stored.error());
    return Part{
        .text = path(condition).append(symbol(comparison)).append(placeholders_.value(*std::move(stored)))};
  }
  Result<Value> stored = encode_operand(model_, target, logical);
  if (!stored) return std::unexpected(stored.error());
  if (!stored->is_null()) {
    return Part{
        .text = path(condition).append(symbol(comparison)).append(placeholders_.value(*std::move(stored)))};
  }
  // Null means "not there". Attributes of an item are never stored as NULL, but the parts of a map or list
  // are.
  const bool eq = comparison == Comparison::eq;
  Part part{.text = function(eq ? "attribute_not_exists" : "attribute_exists", condition)};
  if (!condition.path.empty()) {
    part.text.append(eq ? " OR " : " AND ").append(path(condition));
    part.text.append(symbol(comparison)).append(placeholders_.value(Value()));
    part.joined = true;
  }
  return part;
}

Result<Part> Builder::between(const Condition& condition, const Target& target) {
  Result<Value> low = ordered_operand(target, condition.operands[0]);
  if (!low) return std::unexpected(low.error());
  Result<Value> high = ordered_operand(target, condition.operands[1]);
  if (!high) return std::unexpected(high.error());
  if (low->kind() != high->kind()) {
    return refuse_operand(model_, target.readable, "the two values of between differ in type",
                          condition.operands[1]);
  }
  if (order_of(*low, *high) > 0) {
    return refuse_operand(model_, target.readable, "the first value of between is above the second",
                          condition.operands[0]);
  }
  std::string text = path(condition).append(" BETWEEN ").append(placeholders_.value(*std::move(low)));
  return Part{.text = text.append(" AND ").append(placeholders_.value(*std::move(high)))};
}

Result<Part> Builder::in(const Condition& condition, const Target& target) {
  const std::size_t count = condition.operands.size();
  if (count == 0 || count > in_operands_max) {
    return refuse_operand(model_, target.readable, "in takes 1 to 100 values",
                          Value(static_cast<std::int64_t>(count)));
  }
  std::string values;
  bool or_missing = false;
  for (const Value& logical : condition.operands) {
    Result<Value> stored = encode_operand(model_, target, logical);
    if (!stored) return std::unexpected(stored.error());
    if (stored->is_null()) {
      or_missing = true;
      continue;
    }
    values.append(values.empty() ? "" : ", ").append(placeholders_.value(*std::move(stored)));
  }
  Part part;
  if (or_missing) {
    Condition missing{.kind = Kind::compare, .field = condition.field, .path = condition.path};
    missing.operands.emplace_back();
    Result<Part> built = compare(missing, target);
    if (!built || values.empty()) return built;
    part = Part{.text = built->text.append(" OR "), .joined = true};
  }
  part.text.append(path(condition)).append(" IN (").append(values).append(")");
  return part;
}

Result<Part> Builder::contains(const Condition& condition, const Target& target) {
  const Value& operand = condition.operands[0];
  switch (target.shape) {
    case Shape::text:
    case Shape::string_set:
      if (operand.kind() != ValueKind::string) {
        return refuse_operand(model_, target.readable, "contains needs a string here", operand);
      }
      break;
    case Shape::binary:
      if (operand.kind() != ValueKind::binary) {
        return refuse_operand(model_, target.readable, "contains needs binary data here", operand);
      }
      break;
    case Shape::list:
    case Shape::unknown: {
      Result<Value> checked = encode_operand(model_, Target{.readable = target.readable}, operand);
      if (!checked) return std::unexpected(checked.error());
      break;
    }
    default:
      return refuse_query(model_, target.readable, "contains works on strings, binary data, sets and lists");
  }
  return Part{.text = function("contains", condition, operand)};
}

Result<Part> Builder::begins_with(const Condition& condition, const Target& target) {
  const Value& operand = condition.operands[0];
  if (target.shape != Shape::text && target.shape != Shape::binary && target.shape != Shape::unknown) {
    return refuse_query(model_, target.readable, "beginsWith works on strings and binary data");
  }
  const bool binary = operand.kind() == ValueKind::binary;
  const bool fits = target.shape == Shape::text     ? operand.kind() == ValueKind::string
                    : target.shape == Shape::binary ? binary
                                                    : binary || operand.kind() == ValueKind::string;
  if (!fits) return refuse_operand(model_, target.readable, "beginsWith cannot look for this", operand);
  return Part{.text = function("begins_with", condition, operand)};
}

Result<Part> Builder::size(const Condition& condition, const Target& target) {
  const Value& operand = condition.operands[0];
  if (target.shape == Shape::number || target.shape == Shape::boolean) {
    return refuse_query(model_, target.readable, "values of this field have no size");
  }
  const auto* number = operand.get_if<Number>();
  if (number == nullptr || !is_valid_number(number->text)) {
    return refuse_operand(model_, target.readable, "a size is compared with a number", operand);
  }
  return Part{.text = function("size", condition)
                          .append(symbol(condition.comparison))
                          .append(placeholders_.value(operand))};
}

}  // namespace

Result<std::string> condition_expression(const Model& model, const Condition& condition,
                                         Placeholders& placeholders) {
  Result<Part> part = Builder(model, placeholders).build(condition, 0);
  if (!part) return std::unexpected(part.error());
  if (part->text.size() > expression_bytes_max) {
    return refuse_query(model, {}, "a condition is longer than the 4096 bytes that DynamoDB takes");
  }
  return std::move(part->text);
}

}  // namespace bao::core
