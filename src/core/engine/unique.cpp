#include "core/engine/unique.hpp"

#include <algorithm>
#include <optional>

#include "core/engine/draft.hpp"
#include "core/engine/read_item.hpp"
#include "core/engine/write_support.hpp"
#include "core/keys/key_text.hpp"
#include "core/value/concat.hpp"
#include "core/value/number.hpp"

namespace bao::core {

namespace {

constexpr std::string_view related_id_attribute = "relatedId";
constexpr std::string_view related_model_attribute = "relatedModel";
constexpr std::string_view ttl_attribute = "ttl";

// The row is nobody's, or this owner's.
std::string free_or_mine(Placeholders& placeholders, const Owner& owner) {
  // One after the other: the operands of + are evaluated in any order, and requests are the same everywhere.
  std::string condition = concat({"attribute_not_exists(", placeholders.name(pk_attribute), ") OR "});
  append(condition, {placeholders.name(related_id_attribute), " = "});
  condition += placeholders.value(Value(owner.id));
  return condition;
}

bool text_is(const ItemRef& row, std::string_view attribute, std::string_view text) {
  const ValueView view = row.attribute(attribute);
  return view.present() && view.kind() == ValueKind::string && view.text() == text;
}

std::optional<Value> stored_of(const ItemRef& item, const std::string& attribute) {
  const ValueView view = item.attribute(attribute);
  if (!view.present()) return std::nullopt;
  return view.to_value();
}

}  // namespace

namespace {

std::string claim_condition(const Claim& claim, const Owner& owner, Placeholders& placeholders) {
  if (claim.takeover) {
    return concat({placeholders.name(related_id_attribute), " = ",
                   placeholders.value(Value(claim.takeover->holder_id))});
  }
  std::string condition = free_or_mine(placeholders, owner);
  if (!claim.handed_over_by.empty()) {
    append(condition, {" OR ", placeholders.name(related_id_attribute), " = "});
    condition += placeholders.value(Value(claim.handed_over_by));
  }
  return condition;
}

std::size_t add_row(Transaction& transaction, const Claim& claim, const Owner& owner) {
  Value::Map row{{std::string(pk_attribute), Value(claim.row.pk)},
                 {std::string(sk_attribute), Value(claim.row.sk)},
                 {"uniqueValue", Value(claim.row.pk)},
                 {std::string(related_id_attribute), Value(owner.id)},
                 {std::string(related_model_attribute), Value(owner.model.name())}};
  if (owner.ttl) row.emplace(ttl_attribute, *owner.ttl);
  Placeholders placeholders;
  return transaction.put(row, claim_condition(claim, owner, placeholders), placeholders);
}

}  // namespace

std::string still_lost(const Claim::Takeover& takeover, Placeholders& placeholders) {
  const std::string name = placeholders.name(takeover.attribute);
  if (!takeover.stored) return concat({"attribute_not_exists(", name, ")"});
  return concat({name, " = ", placeholders.value(*takeover.stored)});
}

Result<Claim> claim_of(const Model& model, std::string_view tenant, const UniqueConstraint& constraint,
                       std::string text) {
  const KeyPart part{.kind = KeyPart::Kind::field, .field = constraint.field};
  Claim claim{.constraint = &constraint,
              .text = std::move(text),
              .row = {},
              .takeover = std::nullopt,
              .handed_over_by = {}};
  claim.row = unique_row_key(model, tenant, constraint, claim.text);
  if (auto error = refuse_long_key(model, part, part, claim.row)) return std::unexpected(std::move(*error));
  return claim;
}

ClaimActions add_claimed_rows(Transaction& transaction, const std::vector<Claim>& claims,
                              const Owner& owner) {
  ClaimActions actions;
  for (const Claim& claim : claims) actions.puts.push_back(add_row(transaction, claim, owner));
  actions.checks.resize(claims.size());
  return actions;
}

void add_holder_checks(Transaction& transaction, std::span<const ClaimCheck> claims,
                       std::span<const RowKey> acted_on) {
  for (std::size_t first = 0; first < claims.size(); ++first) {
    if (!claims[first].claim->takeover || *claims[first].position) continue;
    const RowKey& holder = claims[first].claim->takeover->holder_key;
    if (std::ranges::find(acted_on, holder) != acted_on.end()) continue;
    Placeholders placeholders;
    std::vector<std::string> conditions;
    std::vector<std::size_t> shared;
    for (std::size_t other = first; other < claims.size(); ++other) {
      const std::optional<Claim::Takeover>& takeover = claims[other].claim->takeover;
      if (!takeover || takeover->holder_key != holder) continue;
      std::string condition = still_lost(*takeover, placeholders);
      if (std::ranges::find(conditions, condition) == conditions.end())
        conditions.push_back(std::move(condition));
      shared.push_back(other);
    }
    const std::string condition = conditions.size() == 1 ? conditions.front() : all_of(conditions);
    const std::size_t position = transaction.check(holder, condition, placeholders);
    for (const std::size_t claim : shared) *claims[claim].position = position;
  }
}

ClaimActions add_claims(Transaction& transaction, const std::vector<Claim>& claims, const Owner& owner) {
  ClaimActions actions = add_claimed_rows(transaction, claims, owner);
  std::vector<ClaimCheck> checks;
  checks.reserve(claims.size());
  for (std::size_t position = 0; position < claims.size(); ++position)
    checks.push_back({.claim = &claims[position], .position = &actions.checks[position]});
  add_holder_checks(transaction, checks);
  return actions;
}

Task<Clashes> judge_clashes(Call& call, std::vector<Claim>& claims, const ClaimActions& actions,
                            std::size_t failed, const Owner& owner) {
  Clashes clashes;
  for (std::size_t position = 0; position < actions.puts.size(); ++position) {
    if (actions.puts[position] != failed && actions.checks[position] != failed) continue;
    clashes.any = true;
    clashes.error = co_await judge_clash(call, claims[position], owner);
    if (clashes.error) co_return clashes;
  }
  co_return clashes;
}

std::size_t add_release(Transaction& transaction, const Release& release, const Owner& owner) {
  Placeholders placeholders;
  if (release.not_mine) {
    std::string condition = concat({"attribute_not_exists(", placeholders.name(pk_attribute), ") OR "});
    append(condition, {placeholders.name(related_id_attribute), " <> "});
    condition += placeholders.value(Value(owner.id));
    return transaction.check(release.row, condition, placeholders);
  }
  const std::string condition = free_or_mine(placeholders, owner);
  return transaction.remove(release.row, condition, placeholders);
}

std::size_t add_ttl(Transaction& transaction, const Release& held, const Owner& owner) {
  Placeholders placeholders;
  UpdateExpression update(placeholders);
  if (owner.ttl) {
    update.set(ttl_attribute, *owner.ttl);
  } else {
    update.remove(ttl_attribute);
  }
  const std::string condition =
      concat({placeholders.name(related_id_attribute), " = ", placeholders.value(Value(owner.id))});
  return transaction.update(held.row, update.text(), condition, placeholders);
}

bool has_passed(const Value& ttl, std::int64_t service_ms) {
  const auto* number = ttl.get_if<Number>();
  const std::optional<double> seconds = number == nullptr ? std::nullopt : number_to_double(number->text);
  return seconds && *seconds * 1000 <= static_cast<double>(service_ms);
}

Task<std::optional<Error>> judge_clash(Call& call, Claim& claim, const Owner& owner) {
  claim.takeover.reset();
  const Result<ItemRef> row = co_await read_item(call, claim.row);
  if (!row) co_return row.error();
  if (!*row || text_is(*row, related_id_attribute, owner.id)) co_return std::nullopt;
  const Error taken = not_unique_error(owner.model, *claim.constraint, claim.text, "save");
  const ValueView holder_id = row->attribute(related_id_attribute);
  if (!holder_id.present() || holder_id.kind() != ValueKind::string) co_return taken;
  Claim::Takeover takeover;
  takeover.holder_id = std::string(holder_id.text());
  const Result<KeyTexts> texts = split_primary_id(owner.model, takeover.holder_id);
  if (!texts) co_return taken;
  takeover.holder_key = primary_row_key(owner.model, call.tenant(), *texts);
  const Result<ItemRef> holder = co_await read_item(call, takeover.holder_key);
  if (!holder) co_return holder.error();

  const std::string& field = owner.model.field(claim.constraint->field).name;
  if (!*holder) {
    takeover.attribute = std::string(pk_attribute);
  } else if (has_passed(stored_of(*holder, std::string(ttl_attribute)).value_or(Value()),
                        call.engine().service_time_ms())) {
    takeover.attribute = std::string(ttl_attribute);
    takeover.stored = stored_of(*holder, takeover.attribute);
  } else if (const std::optional<Value> stored = stored_of(*holder, field);
             unique_text(stored.value_or(Value())) != claim.text) {
    takeover.attribute = field;
    takeover.stored = stored;
  } else {
    co_return taken;
  }
  claim.takeover = std::move(takeover);
  co_return std::nullopt;
}

Error not_unique_error(const Model& model, const UniqueConstraint& constraint, const std::string& text,
                       std::string operation) {
  const std::string& field = model.field(constraint.field).name;
  return {ErrorCode::conditional,
          ErrorDetails{.message = concat({model.name(), ": ", field, " must be unique: '",
                                          text.substr(0, 100), "' is taken"}),
                       .model = model.name(),
                       .field = field,
                       .value = text.substr(0, 100),
                       .operation = std::move(operation),
                       .condition = constraint.name}};
}

}  // namespace bao::core
