#include "core/engine/creation.hpp"

#include <utility>

#include "core/engine/write_support.hpp"
#include "core/keys/key_text.hpp"
#include "core/schema/field_codec.hpp"
#include "core/value/concat.hpp"

namespace bao::core {

namespace {

// The logical value that a field gets at creation without one of the caller's; null: none.
Value initial_value(Engine& engine, const FieldDefinition& field) {
  switch (field.type) {
    case FieldType::ulid:
      return field.auto_assign ? Value(engine.new_ulid()) : field.default_value;
    case FieldType::version:
      return Value(engine.new_ulid());
    case FieldType::create_date:
    case FieldType::modified_date:
      return Value(engine.now().wall_ms);
    case FieldType::counter:
      return field.default_value.is_null() ? Value(0) : field.default_value;
    default:
      return field.default_value;
  }
}

bool makes_nonce(const FieldDefinition& field) {
  return field.type == FieldType::version || (field.type == FieldType::ulid && field.auto_assign);
}

Result<Value> given_value(const Model& model, const Change& change) {
  switch (change.kind) {
    case Change::Kind::set:
    case Change::Kind::custom:
      return change.value;
    case Change::Kind::increment:  // from nothing, which counts as 0
      if (model.field(change.field).type == FieldType::counter) return change.value;
      return std::unexpected(
          validation_error(model, model.field(change.field).name, "only a CounterField can be incremented"));
    case Change::Kind::edit_members:
      return Value(change.added);
    case Change::Kind::set_path:
    case Change::Kind::remove_path:
    case Change::Kind::append_path:
      break;
  }
  return std::unexpected(
      validation_error(model, model.field(change.field).name, "a new item has no nested value to change"));
}

std::optional<Error> fill_fields(Engine& engine, const std::vector<Change>& values, bool as_a_save,
                                 Creation& creation) {
  const Model& model = creation.draft.model();
  std::vector<const Change*> given(model.fields().size(), nullptr);
  for (const Change& change : values) {
    if (std::exchange(given[change.field], &change) != nullptr) return changed_twice(model, change.field);
  }
  for (std::uint32_t field = 0; field < model.fields().size(); ++field) {
    const FieldDefinition& definition = model.field(field);
    Result<Value> logical = given[field] != nullptr ? given_value(model, *given[field]) : Value();
    if (!logical) return std::move(logical).error();
    if (logical->is_null() || (as_a_save && changes_at_every_save(definition.type))) {
      *logical = initial_value(engine, definition);
      if (makes_nonce(definition)) creation.nonces.insert(field);
    }
    Result<Value> stored = encode_field(model, field, *logical);
    if (!stored) return refused_as_given(stored.error(), definition.name);
    if (!stored->is_null()) creation.item.insert_or_assign(definition.name, *stored);
    creation.draft.set(field, std::move(*stored));
  }
  return std::nullopt;
}

std::optional<Error> derive_rows(Call& call, Creation& creation) {
  const Model& model = creation.draft.model();
  Value::Map& item = creation.item;
  const Result<KeyTexts> texts = creation.draft.key_texts();
  if (!texts) return texts.error();
  creation.key = primary_row_key(model, call.tenant(), *texts);
  if (auto error = refuse_long_key(model, model.partition_key(), model.sort_key(), creation.key))
    return error;
  creation.id = primary_id(model, *texts);
  item.insert_or_assign(std::string(pk_attribute), Value(creation.key.pk));
  item.insert_or_assign(std::string(sk_attribute), Value(creation.key.sk));
  for (const Index& index : model.indexes()) {
    if (index.gsi == 0) continue;
    const Result<std::optional<RowKey>> key = creation.draft.index_key(call.tenant(), index);
    if (!key) return key.error();
    if (!*key) continue;
    item.insert_or_assign(std::string(index_pk_attribute(index.gsi)), Value((*key)->pk));
    item.insert_or_assign(std::string(index_sk_attribute(index.gsi)), Value((*key)->sk));
  }
  if (model.definition().iterable) {
    const RowKey key = iteration_key(model, call.tenant(), creation.id);
    const bool has_sort = model.sort_key().kind == KeyPart::Kind::field;  // its sort half is the primary id
    const KeyPart& last = has_sort ? model.sort_key() : model.partition_key();
    if (auto error = refuse_long_key(model, model.partition_key(), last, key)) return error;
    item.insert_or_assign(std::string(iteration_pk_attribute), Value(key.pk));
    item.insert_or_assign(std::string(iteration_sk_attribute), Value(key.sk));
  }
  if (model.definition().search) {
    std::optional<std::string> text = search_text_of(*call.engine().options().folding, creation.draft);
    if (text) item.insert_or_assign(std::string(search_text_attribute), Value(std::move(*text)));
  }
  if (const std::optional<std::uint32_t> field = ttl_field(model)) {
    Value ttl = creation.draft.stored(*field);
    if (!ttl.is_null()) creation.ttl = std::move(ttl);
  }
  for (const UniqueConstraint& constraint : model.unique_constraints()) {
    const std::optional<std::string> text = unique_text(creation.draft.stored(constraint.field));
    if (!text) continue;
    Result<Claim> claim = claim_of(model, call.tenant(), constraint, *text);
    if (!claim) return std::move(claim).error();
    creation.claims.push_back(std::move(*claim));
  }
  if (item_size(item) > item_bytes_max) {
    return Error(ErrorCode::validation,
                 ErrorDetails{.message = concat({model.name(), " '", creation.id,
                                                 "': the item is larger than DynamoDB's 400 KB"}),
                              .model = model.name(),
                              .primary_id = creation.id});
  }
  return std::nullopt;
}

}  // namespace

Result<Creation> make_creation(Call& call, const Model& model, const std::vector<Change>& values,
                               bool as_a_save) {
  Creation creation(model);
  if (std::optional<Error> error = fill_fields(call.engine(), values, as_a_save, creation)) {
    return std::unexpected(std::move(*error));
  }
  if (std::optional<Error> error = derive_rows(call, creation)) return std::unexpected(std::move(*error));
  return creation;
}

bool is_ours(const Creation& creation, const ItemRef& standing) {
  for (const std::uint32_t field : creation.nonces) {
    const ValueView view = standing.attribute(creation.draft.model().field(field).name);
    const Value& made = creation.item.at(creation.draft.model().field(field).name);
    if (view.present() && view.to_value() == made) return true;
  }
  return false;
}

}  // namespace bao::core
