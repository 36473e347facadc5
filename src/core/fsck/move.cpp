#include "core/fsck/move.hpp"

#include <utility>
#include <vector>

#include "core/engine/draft.hpp"
#include "core/engine/read_item.hpp"
#include "core/engine/write_support.hpp"
#include "core/fsck/derived.hpp"
#include "core/fsck/repair.hpp"
#include "core/keys/key_text.hpp"

namespace bao::core {

namespace {

// DynamoDB's limits are 4,096 bytes and 300 operators.
constexpr std::size_t condition_bytes_max = 4096;
constexpr std::size_t conditions_max = 150;

// The item as it is in the model's own format, complete.
struct Moved {
  std::string id;
  RowKey key;
  /// The tenant is in the key that it has, and not in the one that it would get: nothing could tell for sure
  /// whose it is, and other tenants would read it.
  bool loses_tenant = false;
  Value::Map item;
};

Moved moved_item(Call& call, const Finding& finding) {
  const Model& model = *finding.model;
  const Draft draft(model, finding.item);
  // The checker has made them before.
  const KeyTexts texts = draft.key_texts().value_or(KeyTexts());
  Moved moved{.id = primary_id(model, texts),
              .key = primary_row_key(model, call.tenant(), texts),
              .loses_tenant = false,
              .item = {}};
  moved.loses_tenant = !call.tenant().empty() && moved.key == primary_row_key(model, {}, texts);
  for (const ValueView attribute : finding.item.view()) {
    moved.item.emplace(attribute.name(), attribute.to_value());
  }
  for (auto& [attribute, text] : derived_of(call, draft, moved.id)) {
    moved.item.erase(attribute);
    if (text) moved.item.emplace(attribute, Value(std::move(*text)));
  }
  moved.item.insert_or_assign(std::string(pk_attribute), Value(moved.key.pk));
  moved.item.insert_or_assign(std::string(sk_attribute), Value(moved.key.sk));
  return moved;
}

// Whatever is not derived is as it was read, and no field has come.
std::vector<std::string> all_unchanged(Call& call, const Finding& finding, Placeholders& placeholders) {
  const Draft draft(*finding.model, finding.item);
  std::vector<std::string> conditions{"attribute_exists(" + placeholders.name(pk_attribute) + ")"};
  for (std::uint32_t field = 0; field < finding.model->fields().size(); ++field) {
    conditions.push_back(unchanged_condition(draft, field, placeholders));
  }
  const Derived derived = derived_of(call, draft, finding.id);
  for (const ValueView attribute : finding.item.view()) {
    const std::string_view name = attribute.name();
    if (name == pk_attribute || name == sk_attribute || derived.contains(name) ||
        finding.model->field_index(name)) {
      continue;
    }
    std::string condition = placeholders.name(name) + " = ";
    conditions.push_back(std::move(condition) + placeholders.value(attribute.to_value()));
  }
  return conditions;
}

// The field of any model that may refer to this one's items by their ids; empty: none does.
std::string referring_field(const Model& model) {
  for (const auto& other : model.schema().models()) {
    for (const FieldDefinition& field : other->fields()) {
      if (field.type == FieldType::related && field.related_model == model.name())
        return other->name() + "." + field.name;
    }
  }
  return {};
}

}  // namespace

Task<Result<std::string>> obstacle_to_move(Call& call, const Finding& finding) {
  const Moved moved = moved_item(call, finding);
  if (moved.loses_tenant) co_return "it would lose its tenant: all tenants share that partition";
  if (moved.id != finding.id) {
    std::string field = referring_field(*finding.model);
    if (!field.empty()) co_return std::move(field) + " may refer to it by its id, which would change";
  }
  Placeholders placeholders;
  const std::vector<std::string> conditions = all_unchanged(call, finding, placeholders);
  if (conditions.size() > conditions_max || all_of(conditions).size() > condition_bytes_max) {
    co_return "it has too many attributes for one condition";
  }
  if (item_size(moved.item) > item_bytes_max) {
    co_return "it would be larger than DynamoDB's 400 KB";
  }
  // The move is conditioned on this, too; that alone would not tell why the item stays.
  Result<ItemRef> there = co_await read_item(call, moved.key);
  if (!there) co_return std::unexpected(std::move(there).error());
  co_return *there ? "somebody stands there already" : std::string();
}

void add_move(Call& call, Transaction& transaction, const Finding& finding) {
  const Model& model = *finding.model;
  const Moved moved = moved_item(call, finding);
  Placeholders put;
  transaction.put(moved.item, "attribute_not_exists(" + put.name(pk_attribute) + ")", put);
  Placeholders removed;
  const std::vector<std::string> conditions = all_unchanged(call, finding, removed);
  transaction.remove(finding.row, all_of(conditions), removed);
  const Draft draft(model, finding.item);
  std::vector<Claim> claims;
  for (const UniqueConstraint& constraint : model.unique_constraints()) {
    const std::optional<std::string> text = unique_text(draft.loaded(constraint.field));
    if (!text) continue;
    claims.push_back({.constraint = &constraint,
                      .text = *text,
                      .row = unique_row_key(model, call.tenant(), constraint, *text),
                      .takeover = std::nullopt,
                      .handed_over_by = finding.id});
  }
  static_cast<void>(add_claims(transaction, claims, owner_of(draft, moved.id)));
}

}  // namespace bao::core
