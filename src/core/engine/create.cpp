#include <set>

#include "core/engine/read_item.hpp"
#include "core/engine/transaction.hpp"
#include "core/engine/write.hpp"
#include "core/engine/write_support.hpp"
#include "core/keys/key_text.hpp"
#include "core/request/body.hpp"
#include "core/schema/field_codec.hpp"

namespace bao::core {

namespace {

// What is to be written, complete.
struct Creation {
  explicit Creation(const Model& model) : draft(model, ItemRef()) {}

  Draft draft;
  RowKey key;
  std::string id;
  Value::Map item;
  /// Fields whose value was made for this very write and that nobody else can have made: the item that has
  /// one of them is ours.
  std::set<std::uint32_t> nonces;
  std::vector<Claim> claims;
  std::optional<Value> ttl;
};

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
      return change.value;
    case Change::Kind::increment:  // from nothing, which counts as 0
      if (model.field(change.field).type == FieldType::counter) return change.value;
      return std::unexpected(
          validation_error(model, model.field(change.field).name, "only a CounterField can be incremented"));
    case Change::Kind::edit_members:
      return Value(change.added);
    case Change::Kind::set_path:
    case Change::Kind::remove_path:
      break;
  }
  return std::unexpected(
      validation_error(model, model.field(change.field).name, "a new item has no nested value to change"));
}

std::optional<Error> fill_fields(Engine& engine, const std::vector<Change>& values, Creation& creation) {
  const Model& model = creation.draft.model();
  std::vector<const Change*> given(model.fields().size(), nullptr);
  for (const Change& change : values) {
    if (std::exchange(given[change.field], &change) != nullptr) return changed_twice(model, change.field);
  }
  for (std::uint32_t field = 0; field < model.fields().size(); ++field) {
    const FieldDefinition& definition = model.field(field);
    Result<Value> logical = given[field] != nullptr ? given_value(model, *given[field]) : Value();
    if (!logical) return std::move(logical).error();
    if (logical->is_null()) {
      *logical = initial_value(engine, definition);
      if (makes_nonce(definition)) creation.nonces.insert(field);
    }
    Result<Value> stored = encode_field(model, field, *logical);
    if (!stored) return std::move(stored).error();
    if (!stored->is_null()) creation.item.insert_or_assign(definition.name, *stored);
    creation.draft.set(field, std::move(*stored));
  }
  return std::nullopt;
}

std::optional<Error> derive_rows(const Call& call, Creation& creation) {
  const Model& model = creation.draft.model();
  Value::Map& item = creation.item;
  const Result<KeyTexts> texts = creation.draft.key_texts();
  if (!texts) return texts.error();
  creation.key = primary_row_key(model, call.tenant(), *texts);
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
    item.insert_or_assign(std::string(iteration_pk_attribute), Value(key.pk));
    item.insert_or_assign(std::string(iteration_sk_attribute), Value(key.sk));
  }
  if (const std::optional<std::uint32_t> field = ttl_field(model)) {
    Value ttl = creation.draft.stored(*field);
    if (!ttl.is_null()) creation.ttl = std::move(ttl);
  }
  for (const UniqueConstraint& constraint : model.unique_constraints()) {
    const std::optional<std::string> text = unique_text(creation.draft.stored(constraint.field));
    if (!text) continue;
    creation.claims.push_back({.constraint = &constraint,
                               .text = *text,
                               .row = unique_row_key(model, call.tenant(), constraint, *text),
                               .takeover = std::nullopt});
  }
  if (item_size(item) > item_bytes_max) {
    return Error(ErrorCode::validation,
                 ErrorDetails{.message = model.name() + " '" + creation.id +
                                         "': the item is larger than DynamoDB's 400 KB",
                              .model = model.name(),
                              .primary_id = creation.id});
  }
  return std::nullopt;
}

// The put was refused. Nothing stands there: the caller's own condition was not met.
Error refused_error(const Model& model, const std::string& id, bool exists) {
  return condition_error(model, id, "create",
                         exists ? "an item with this key exists already" : "Condition check failed");
}

// Whether the item that stands where ours was to be put is ours: it holds a value that only this write made.
bool is_ours(const Creation& creation, const ItemRef& standing) {
  for (const std::uint32_t field : creation.nonces) {
    const ValueView view = standing.attribute(creation.draft.model().field(field).name);
    const Value& made = creation.item.at(creation.draft.model().field(field).name);
    if (view.present() && view.to_value() == made) return true;
  }
  return false;
}

Written written(WriteMark& mark, Call& call, ItemRef item) {
  Written result;
  result.item = item;
  result.capacity = call.capacity;
  result.entry = mark.written(std::move(item));
  return result;
}

std::string put_body(const Creation& creation, const std::string& table, const std::string& user_condition,
                     Placeholders placeholders) {
  std::string body;
  JsonWriter writer(body);
  const std::string absent = "attribute_not_exists(" + placeholders.name(pk_attribute) + ")";
  writer.begin_object();
  write_common(writer, table);
  write_member(writer, "ConditionExpression", all_of({absent, user_condition}));
  placeholders.write_members(writer);
  write_member(writer, "ReturnValuesOnConditionCheckFailure", "ALL_OLD");
  writer.key("Item");
  writer.item(creation.item);
  writer.end_object();
  return body;
}

// The key is taken, and an earlier attempt of ours may have taken it.
Task<Result<ItemRef>> settle(Call& call, const Creation& creation, ItemRef standing) {
  const Model& model = creation.draft.model();
  if (!standing) {
    Result<ItemRef> read = co_await read_item(call, creation.key);
    if (!read) co_return std::unexpected(ambiguous_error(model, creation.id, "create"));
    standing = std::move(*read);
  }
  if (standing && is_ours(creation, standing)) co_return standing;
  co_return std::unexpected(ambiguous_error(model, creation.id, "create"));
}

Task<Result<Written>> put_item(Call& call, const Creation& creation, std::string user_condition,
                               Placeholders placeholders) {
  const Model& model = creation.draft.model();
  WriteMark mark(call, creation.key);
  std::string body = put_body(creation, call.engine().options().table_name, user_condition, placeholders);
  Exchange ended = co_await exchange(call, ApiOperation::put_item, std::move(body), Replay::idempotent);
  if (ended.answer) co_return written(mark, call, make_item(creation.item));
  const bool refused = ended.fault && ended.fault->kind == Fault::Kind::condition_failed;
  if (refused && !ended.maybe_executed) {
    const bool exists = user_condition.empty() || ended.fault->item;
    co_return std::unexpected(refused_error(model, creation.id, exists));
  }
  if (!ended.maybe_executed || (ended.fault && !refused)) {
    co_return std::unexpected(
        write_error(ended, ApiOperation::put_item, Replay::idempotent, model, creation.id));
  }
  if (!refused) {
    // The tries ran out without an answer.
    if (call.cancelled()) co_return std::unexpected(ambiguous_error(model, creation.id, "create"));
  }
  // Named before the co_await: g++ 12 loses temporaries of a conditional expression inside one.
  ItemRef standing;
  if (refused) standing = ended.fault->item;
  Result<ItemRef> ours = co_await settle(call, creation, std::move(standing));
  if (!ours) co_return std::unexpected(std::move(ours).error());
  co_return written(mark, call, std::move(*ours));
}

Task<Result<Written>> put_with_claims(Call& call, Creation& creation, std::string user_condition,
                                      Placeholders placeholders) {
  const Model& model = creation.draft.model();
  WriteMark mark(call, creation.key);
  const Owner owner{.model = model, .id = creation.id, .ttl = creation.ttl};
  const std::string absent = "attribute_not_exists(" + placeholders.name(pk_attribute) + ")";
  for (int tries = 1;; ++tries) {
    Transaction transaction(call.engine().options().table_name);
    transaction.put(creation.item, all_of({absent, user_condition}), placeholders);
    const ClaimActions actions = add_claims(transaction, creation.claims, owner);
    std::string body = transaction.body(call.engine().new_ulid());
    const Exchange ended =
        co_await exchange(call, ApiOperation::transact_write_items, std::move(body), Replay::idempotent);
    if (ended.answer) co_return written(mark, call, make_item(creation.item));
    const std::optional<std::size_t> failed =
        ended.fault ? failed_action(*ended.fault) : std::optional<std::size_t>();
    if (!failed) {
      Error error =
          write_error(ended, ApiOperation::transact_write_items, Replay::idempotent, model, creation.id);
      if (!ended.maybe_executed || ended.fault || call.cancelled())
        co_return std::unexpected(std::move(error));
      // The tries ran out without an answer. One transaction: where the item is ours, so are its rows.
      Result<ItemRef> ours = co_await settle(call, creation, ItemRef());
      if (!ours) co_return std::unexpected(std::move(error));
      co_return written(mark, call, std::move(*ours));
    }
    if (*failed == 0) {
      const bool exists = user_condition.empty() || failed_item(*ended.fault, 0);
      co_return std::unexpected(refused_error(model, creation.id, exists));
    }
    const Clashes clashes = co_await judge_clashes(call, creation.claims, actions, *failed, owner);
    if (clashes.error) co_return std::unexpected(*clashes.error);
    if (tries >= conflict_tries_max || (tries > 1 && !co_await wait_after_conflict(call, tries))) {
      co_return std::unexpected(
          condition_error(model, creation.id, "create", "other writers took its unique values at each try"));
    }
  }
}

}  // namespace

Task<Result<Written>> create(Call& call, const Model& model, std::vector<Change> values,
                             WriteOptions options) {
  if (std::optional<Error> error = refuse_outside_scope(call, call.engine())) {
    co_return std::unexpected(std::move(*error));
  }
  Creation creation(model);
  if (std::optional<Error> error = fill_fields(call.engine(), values, creation)) {
    co_return std::unexpected(std::move(*error));
  }
  if (std::optional<Error> error = derive_rows(call, creation)) co_return std::unexpected(std::move(*error));
  Placeholders placeholders;
  const Result<std::string> condition = condition_expression(model, options.condition, placeholders);
  if (!condition) co_return std::unexpected(condition.error());
  if (creation.claims.empty())
    co_return co_await put_item(call, creation, *condition, std::move(placeholders));
  co_return co_await put_with_claims(call, creation, *condition, std::move(placeholders));
}

}  // namespace bao::core
