#include "core/engine/removal.hpp"

#include "core/engine/write_support.hpp"
#include "core/keys/key_text.hpp"
#include "core/value/concat.hpp"

namespace bao::core {

std::vector<Release> held_rows(const Call& call, const Draft& item) {
  std::vector<Release> rows;
  for (const UniqueConstraint& constraint : item.model().unique_constraints()) {
    if (const std::optional<std::string> text = unique_text(item.loaded(constraint.field))) {
      rows.push_back(
          {.constraint = &constraint, .row = unique_row_key(item.model(), call.tenant(), constraint, *text)});
    }
  }
  return rows;
}

std::string exists_condition(Placeholders& placeholders) {
  return concat({"attribute_exists(", placeholders.name(pk_attribute), ")"});
}

Result<std::string> removal_condition(const Draft& item, const Condition& asked, Placeholders& placeholders,
                                      std::vector<std::string> conditions) {
  const Model& model = item.model();
  conditions.push_back(exists_condition(placeholders));
  for (const UniqueConstraint& constraint : model.unique_constraints()) {
    conditions.push_back(unchanged_condition(item, constraint.field, placeholders));
  }
  Result<std::string> condition = condition_expression(model, asked, placeholders);
  if (!condition) return condition;
  conditions.push_back(std::move(*condition));
  return all_of(conditions);
}

}  // namespace bao::core
