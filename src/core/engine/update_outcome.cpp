#include "core/engine/update_outcome.hpp"

#include <cstdint>
#include <limits>
#include <optional>

#include "core/engine/write_support.hpp"
#include "core/keys/key_text.hpp"
#include "core/value/concat.hpp"
#include "core/value/number.hpp"

namespace bao::core {

namespace {

// What a counter may be for the sum to have 64 bits, which is all that reading takes.
std::string in_range(const std::string& name, std::int64_t delta, Placeholders& placeholders) {
  using Limits = std::numeric_limits<std::int64_t>;
  const std::int64_t bound = delta > 0 ? Limits::max() - delta : Limits::min() - delta;
  const std::string counter = placeholders.name(name);
  return concat({"attribute_not_exists(", counter, ") OR ", counter,
                 delta > 0 ? " <= " : " >= ", placeholders.value(Value(bound))});
}

}  // namespace

Result<std::string> update_condition(const UpdatePlan& plan, const Condition& condition,
                                     Placeholders& placeholders, std::vector<std::string> conditions) {
  conditions.push_back(concat({"attribute_exists(", placeholders.name(pk_attribute), ")"}));
  for (const std::uint32_t field : plan.relied) {
    conditions.push_back(unchanged_condition(plan.draft, field, placeholders));
  }
  for (const auto& [field, delta] : plan.bounded) {
    const std::int64_t by = number_to_int64(delta.text).value_or(0);
    if (by != 0) conditions.push_back(in_range(plan.draft.model().field(field).name, by, placeholders));
  }
  Result<std::string> asked = condition_expression(plan.draft.model(), condition, placeholders);
  if (!asked) return asked;
  conditions.push_back(std::move(*asked));
  return all_of(conditions);
}

Value::Map merged_item(const UpdatePlan& plan) {
  Value::Map item;
  if (plan.draft.base()) {
    for (const ValueView attribute : plan.draft.base().view()) {
      item.emplace(std::string(attribute.name()), attribute.to_value());
    }
  }
  for (const auto& [field, stored] : plan.draft.changed()) {
    const std::string& name = plan.draft.model().field(field).name;
    if (stored.is_null()) {
      item.erase(name);
    } else {
      item.insert_or_assign(name, stored);
    }
  }
  for (const auto& [attribute, text] : plan.keys) {
    if (text) {
      item.insert_or_assign(attribute, Value(*text));
    } else {
      item.erase(attribute);
    }
  }
  return item;
}

bool changed_what_we_rely_on(const UpdatePlan& plan, const ItemRef& current) {
  for (const std::uint32_t field : plan.relied) {
    if (!same_field(plan.draft.model(), field, plan.draft.base(), current)) return true;
  }
  return false;
}

std::optional<Error> counter_out_of_range(const UpdatePlan& plan, const ItemRef& current) {
  const Model& model = plan.draft.model();
  for (const auto& [field, delta] : plan.bounded) {
    const std::string& name = model.field(field).name;
    const ValueView stored = current.attribute(name);
    if (!stored.present()) continue;
    if (stored.kind() != ValueKind::number) {
      return validation_error(model, name, "what is stored is no number that could be incremented");
    }
    const auto left = parse_number(stored.text());
    const auto right = parse_number(delta.text);
    const auto sum = left && right ? add(*left, *right) : std::unexpected(NumberError::syntax);
    if (sum && number_to_int64(sum->to_string())) continue;
    return validation_error(model, name,
                            concat({"the counter is out of range: it is ", stored.text(), ", and with ",
                                    delta.text, " has no 64 bits any more"}));
  }
  return std::nullopt;
}

void claim_instead(Call& call, UpdatePlan& plan, std::size_t position) {
  const Release row = plan.ttl_rows[position];
  plan.ttl_rows.erase(plan.ttl_rows.begin() + static_cast<std::ptrdiff_t>(position));
  if (plan.ttl && has_passed(*plan.ttl, call.engine().service_time_ms())) return;
  const std::optional<std::string> text = unique_text(plan.draft.stored(row.constraint->field));
  if (!text) return;
  plan.claims.push_back({.constraint = row.constraint,
                         .text = *text,
                         .row = row.row,
                         .takeover = std::nullopt,
                         .handed_over_by = {}});
}

}  // namespace bao::core
