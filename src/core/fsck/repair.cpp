#include "core/fsck/repair.hpp"

#include <utility>

#include "core/engine/draft.hpp"
#include "core/engine/exchange.hpp"
#include "core/engine/transaction.hpp"
#include "core/engine/write_support.hpp"
#include "core/fsck/move.hpp"
#include "core/keys/key_text.hpp"

namespace bao::core {

namespace {

using Kind = Finding::Kind;

RowKey item_key(const Call& call, const Finding& finding) {
  const Result<KeyTexts> texts = split_primary_id(*finding.model, finding.id);
  return texts ? primary_row_key(*finding.model, call.tenant(), *texts) : RowKey();
}

std::string exists(Placeholders& placeholders) {
  return "attribute_exists(" + placeholders.name(pk_attribute) + ")";
}

// Of a derived attribute; all of an item's are written at once.
bool is_of_attribute(const Finding& finding) {
  return finding.kind == Kind::attribute_differs ||
         (finding.kind == Kind::key_format && !finding.is_misplaced());
}

// Everything that derived attributes are made of is as it was read.
std::vector<std::string> unchanged_sources(const Draft& draft, Placeholders& placeholders) {
  const Model& model = draft.model();
  std::vector<bool> source(model.fields().size(), false);
  for (const Index& index : model.indexes()) {
    for (const KeyPart& part : {index.partition, index.sort}) {
      if (index.gsi != 0 && part.kind == KeyPart::Kind::field) source[part.field] = true;
    }
  }
  if (model.definition().search) {
    for (const std::string& name : model.definition().search->fields) source[*model.field_index(name)] = true;
  }
  std::vector<std::string> conditions{exists(placeholders)};
  for (std::uint32_t field = 0; field < source.size(); ++field) {
    if (source[field]) conditions.push_back(unchanged_condition(draft, field, placeholders));
  }
  return conditions;
}

void add_attributes(Transaction& transaction, const std::vector<Finding>& findings) {
  const Finding* first = nullptr;
  Placeholders placeholders;
  UpdateExpression update(placeholders);
  for (const Finding& finding : findings) {
    if (!is_of_attribute(finding)) continue;
    if (first == nullptr) first = &finding;
    if (finding.expected.empty()) {
      update.remove(finding.attribute);
    } else {
      update.set(finding.attribute, Value(finding.expected));
    }
  }
  const std::string text = update.text();
  const std::string condition = all_of(unchanged_sources(Draft(*first->model, first->item), placeholders));
  transaction.update(first->row, text, condition, placeholders);
}

// The item has the value, and the ttl that goes into the row.
void add_holder_check(Transaction& transaction, const Finding& finding) {
  const Draft draft(*finding.model, finding.item);
  Placeholders placeholders;
  std::vector<std::string> conditions{exists(placeholders)};
  const UniqueConstraint& constraint =
      finding.claim ? *finding.claim->constraint : *finding.release->constraint;
  conditions.push_back(unchanged_condition(draft, constraint.field, placeholders));
  if (const auto ttl = ttl_field(*finding.model)) {
    conditions.push_back(unchanged_condition(draft, *ttl, placeholders));
  }
  transaction.check(finding.row, all_of(conditions), placeholders);
}

void add_ghost(const Call& call, Transaction& transaction, const Finding& finding) {
  Placeholders placeholders;
  std::string condition;
  if (finding.item) {
    condition = unchanged_condition(Draft(*finding.model, finding.item), finding.release->constraint->field,
                                    placeholders);
  } else {
    condition = "attribute_not_exists(" + placeholders.name(pk_attribute) + ")";
  }
  transaction.check(item_key(call, finding), condition, placeholders);
  add_release(transaction, *finding.release,
              {.model = *finding.model, .id = finding.id, .ttl = std::nullopt});
}

// Whether it was done; not where a condition failed.
Task<Result<bool>> send(Call& call, const Transaction& transaction) {
  const Exchange ended = co_await exchange(call, ApiOperation::transact_write_items,
                                           transaction.body(call.engine().new_ulid()), Replay::idempotent);
  if (ended.answer) co_return true;
  if (ended.fault && failed_action(*ended.fault)) co_return false;
  co_return std::unexpected(exchange_error(ended, ApiOperation::transact_write_items, Replay::idempotent));
}

}  // namespace

Owner owner_of(const Draft& draft, std::string id) {
  Owner owner{.model = draft.model(), .id = std::move(id), .ttl = std::nullopt};
  if (const auto field = ttl_field(draft.model())) {
    Value ttl = draft.loaded(*field);
    if (!ttl.is_null()) owner.ttl = std::move(ttl);
  }
  return owner;
}

Task<std::optional<Error>> repair_row(Call& call, std::vector<Finding>& findings) {
  const std::string table = call.engine().options().table_name;
  bool attributes_sent = false;
  for (Finding& finding : findings) {
    const bool attribute = is_of_attribute(finding);
    if (!finding.repairable || (attribute && attributes_sent)) continue;
    Transaction transaction(table);
    if (attribute) {
      add_attributes(transaction, findings);
    } else if (finding.is_misplaced()) {
      add_move(call, transaction, finding);
    } else if (finding.kind == Kind::unique_ghost) {
      add_ghost(call, transaction, finding);
    } else {
      const Owner owner = owner_of(Draft(*finding.model, finding.item), finding.id);
      add_holder_check(transaction, finding);
      if (finding.kind == Kind::unique_ttl) {
        add_ttl(transaction, *finding.release, owner);
      } else {
        static_cast<void>(add_claims(transaction, {*finding.claim}, owner));
      }
    }
    const Result<bool> done = co_await send(call, transaction);
    if (!done) co_return done.error();
    if (!attribute) {
      finding.repaired = *done;
      continue;
    }
    attributes_sent = true;
    for (Finding& each : findings) each.repaired |= is_of_attribute(each) && *done;
  }
  co_return std::nullopt;
}

}  // namespace bao::core
