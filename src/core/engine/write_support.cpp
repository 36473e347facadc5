#include "core/engine/write_support.hpp"

#include <algorithm>

#include "core/engine/read_item.hpp"
#include "core/value/concat.hpp"

namespace bao::core {

WriteMark::WriteMark(const Call& call, RowKey key) : scope_(call.scope()), key_(std::move(key)) {
  if (scope_) scope_->begin_write(key_);
}

WriteMark::~WriteMark() {
  if (scope_ && !ended_) scope_->end_write(key_, std::nullopt);
}

std::shared_ptr<Entry> WriteMark::written(ItemRef item) {
  ended_ = true;
  return scope_ ? scope_->end_write(key_, std::move(item)) : nullptr;
}

Error item_not_found(const Model& model, const std::string& id, std::string operation) {
  return {ErrorCode::item_not_found,
          ErrorDetails{.message = concat({model.name(), " '", id, "' does not exist"}),
                       .model = model.name(),
                       .primary_id = id,
                       .operation = std::move(operation)}};
}

Error condition_error(const Model& model, const std::string& id, std::string operation,
                      std::string condition) {
  return {ErrorCode::conditional, ErrorDetails{.message = concat({model.name(), " '", id, "': ", condition}),
                                               .model = model.name(),
                                               .primary_id = id,
                                               .operation = std::move(operation),
                                               .condition = std::move(condition)}};
}

Error ambiguous_error(const Model& model, const std::string& id, std::string operation) {
  std::string message = concat({model.name(), " '", id, "': the answer to the ", operation,
                                " was lost, and the item as it is now does not tell whether it was done"});
  return {ErrorCode::ambiguous_write, ErrorDetails{.message = std::move(message),
                                                   .model = model.name(),
                                                   .primary_id = id,
                                                   .operation = std::move(operation)}};
}

Error validation_error(const Model& model, const std::string& field, std::string message) {
  return {ErrorCode::validation, ErrorDetails{.message = concat({model.name(), ".", field, ": ", message}),
                                              .model = model.name(),
                                              .field = field}};
}

Error refused_as_given(const Error& error, std::string given) {
  ErrorDetails details = error.details();
  details.given = std::move(given);
  return {error.code(), std::move(details)};
}

Error changed_twice(const Model& model, std::uint32_t field) {
  return validation_error(model, model.field(field).name, "it is changed twice in one write");
}

Error write_error(const Exchange& ended, ApiOperation operation, Replay replay, const Model& model,
                  const std::string& id) {
  const Error error = exchange_error(ended, operation, replay);
  ErrorDetails details = error.details();
  details.message = concat({model.name(), " '", id, "': ", details.message});
  details.model = model.name();
  details.primary_id = id;
  return {error.code(), std::move(details)};
}

namespace {

std::optional<std::uint32_t> field_of_type(const Model& model, FieldType type) {
  for (std::uint32_t field = 0; field < model.fields().size(); ++field) {
    if (model.field(field).type == type) return field;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint32_t> version_field(const Model& model) {
  return field_of_type(model, FieldType::version);
}

std::optional<std::uint32_t> ttl_field(const Model& model) {
  return field_of_type(model, FieldType::ttl);
}

std::string all_of(const std::vector<std::string>& conditions) {
  std::string joined;
  for (const std::string& condition : conditions) {
    if (condition.empty()) continue;
    if (!joined.empty()) joined += " AND ";
    joined += '(';
    joined += condition;
    joined += ')';
  }
  return joined;
}

std::string unchanged_condition(const Draft& draft, std::uint32_t field, Placeholders& placeholders) {
  const std::string& attribute = draft.model().field(field).name;
  const ValueView loaded = draft.base().attribute(attribute);
  const std::string name = placeholders.name(attribute);
  if (!loaded.present()) return concat({"attribute_not_exists(", name, ")"});
  return concat({name, " = ", placeholders.value(loaded.to_value())});
}

bool same_field(const Model& model, std::uint32_t field, const ItemRef& a, const ItemRef& b) {
  const std::string& attribute = model.field(field).name;
  const ValueView left = a.attribute(attribute);
  const ValueView right = b.attribute(attribute);
  if (!left.present() || !right.present()) return left.present() == right.present();
  return left.to_value() == right.to_value();
}

std::optional<std::size_t> failed_action(const Fault& fault) {
  for (std::size_t position = 0; position < fault.reasons.size(); ++position) {
    if (fault.reasons[position].code == "ConditionalCheckFailed") return position;
  }
  return std::nullopt;
}

// By the kind of the refusal, as services word it differently. What was refused for another reason is refused
// once more.
bool refused_path(const Fault& fault, std::size_t action) {
  if (fault.kind == Fault::Kind::refused) return fault.name == "ValidationException";
  return action < fault.reasons.size() && fault.reasons[action].code == "ValidationError";
}

ItemRef failed_item(const Fault& fault, std::size_t action) {
  if (action >= fault.reasons.size() || !fault.reasons[action].item || !fault.document) return {};
  return {fault.document, *fault.reasons[action].item};
}

Task<bool> wait_after_conflict(Call& call, int tries) {
  Engine& engine = call.engine();
  RetryOptions waits = engine.options().retry;
  waits.backoff_max_ms = std::min(waits.backoff_max_ms, conflict_wait_max_ms);
  const std::int64_t delay_ms = backoff_ms(waits, tries, engine.random().next());
  if (call.cancelled() || engine.now().steady_ms + delay_ms >= call.deadline_ms()) co_return false;
  if (delay_ms == 0) co_return true;
  co_return co_await engine.sleep(call, delay_ms);
}

Task<ItemRef> item_after_wait(Call& call, RowKey key, ItemRef met) {
  Result<ItemRef> read = co_await read_item(call, std::move(key));
  if (!read || !*read) co_return met;
  co_return std::move(*read);
}

Error conflict_error(Call& call, const Model& model, const std::string& id, const std::string& operation,
                     int tries, const std::string& others) {
  if (!call.cancelled() && tries >= conflict_tries_max) {
    return condition_error(model, id, operation,
                           concat({"other writers ", others, " at each of ", conflict_tries_max, " tries"}));
  }
  const bool cancelled = call.cancelled();
  std::string message = concat({model.name(), " '", id, "': the ", operation});
  if (cancelled) {
    message += " was cancelled";
  } else {
    append(message, {" did not end within ", call.engine().options().call_ms, " ms; other writers ", others});
  }
  return {cancelled ? ErrorCode::cancelled : ErrorCode::timeout, ErrorDetails{.message = std::move(message),
                                                                              .model = model.name(),
                                                                              .primary_id = id,
                                                                              .operation = operation,
                                                                              .retryable = !cancelled}};
}

Error ambiguous_after(const Error& last, const Model& model, const std::string& id,
                      const std::string& operation) {
  ErrorDetails details = last.details();
  details.message = concat({model.name(), " '", id, "': whether the ", operation,
                            " was done is not known; last: ", details.message});
  details.model = model.name();
  details.primary_id = id;
  details.operation = operation;
  return {ErrorCode::ambiguous_write, std::move(details)};
}

}  // namespace bao::core
