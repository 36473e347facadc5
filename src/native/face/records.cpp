// The state behind the handles of model classes: filled by what was read and written.

#include <bao/detail/record.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include <bao/exception.hpp>

#include "core/engine/draft.hpp"
#include "core/keys/key_text.hpp"
#include "core/keys/row_keys.hpp"
#include "core/schema/field_codec.hpp"
#include "native/face/client_state.hpp"
#include "native/face/convert.hpp"
#include "native/face/custom_keys.hpp"

namespace bao::detail {

const std::string& id_of(RecordBase& record) {
  if (record.id.empty()) record.id = item_id(*record.model, record.loaded);
  return record.id;
}

Result<void> fill(RecordBase& record, RawItem item, Capacity capacity) {
  record.capacity += capacity;
  if (!item) return {};
  if (std::optional<Error> error = load_fields(*record.model, item, record.data())) {
    return std::unexpected(std::move(*error));
  }
  record.id.clear();
  record.loaded = std::move(item);
  record.exists = true;
  record.is_new = false;
  return {};
}

std::uint64_t mark_changes(RecordBase& record) {
  for (const FieldBinding& binding : record.model->bindings) binding.mark(record.data());
  return ++record.marks;
}

namespace {

// Fills the record with what its save left, under what was changed since that took the changes.
Result<void> fill_below(RecordBase& record, RawItem item, Capacity capacity) {
  const std::shared_ptr<RecordBase> stored = record.model->make_record();
  Result<void> filled = fill(*stored, std::move(item), {});
  if (!filled) return filled;
  for (const FieldBinding& binding : record.model->bindings) {
    binding.take_stored(record.data(), stored->data());
  }
  record.capacity += capacity;
  record.id.clear();
  record.loaded = std::move(stored->loaded);
  record.exists = true;
  record.is_new = false;
  return {};
}

}  // namespace

Result<void> adopt(const std::shared_ptr<RecordBase>& record, RawFound written, bool keep_later) {
  struct Kept {
    const RelatedBinding* field;
    std::string id;
    std::shared_ptr<RecordBase> target;
  };
  std::vector<Kept> kept;
  for (const FieldBinding& binding : record->model->bindings) {
    if (binding.related == nullptr) continue;
    std::shared_ptr<void> loaded = binding.related->loaded(record->data());
    if (!loaded) continue;
    kept.push_back({.field = binding.related,
                    .id = binding.related->id(record->data()),
                    .target = std::static_pointer_cast<RecordBase>(std::move(loaded))});
  }
  const auto changed = [&](const FieldBinding& binding) {
    return binding.changed_since_mark(record->data());
  };
  const bool below = keep_later && written.item && std::ranges::any_of(record->model->bindings, changed);
  Result<void> filled = below ? fill_below(*record, std::move(written.item), written.capacity)
                              : fill(*record, std::move(written.item), written.capacity);
  if (!filled) return filled;
  if (!below) settle_fields(*record->model, record->data());
  for (const Kept& one : kept) {
    if (one.field->id(record->data()) != one.id) continue;
    if (leads_back(*record, *one.target)) {
      one.field->keep_weakly(record->data(), one.target);
    } else {
      one.field->keep(record->data(), one.target);
    }
  }
  written.entry.keep(record);
  return {};
}

Result<std::shared_ptr<RecordBase>> ToRecord::operator()(const Context&, RawFound found) const {
  if (std::shared_ptr<void> known = found.entry.instance()) {
    auto record = std::static_pointer_cast<RecordBase>(std::move(known));
    record->capacity += found.capacity;
    return record;
  }
  std::shared_ptr<RecordBase> record = model->make_record();
  Result<void> filled = fill(*record, std::move(found.item), found.capacity);
  if (!filled) return std::unexpected(std::move(filled).error());
  found.entry.keep(record);
  return record;
}

std::optional<Error> refuse_save(RecordBase& record) {
  const std::string& model = record.model->definition.name;
  if (!record.exists && !record.is_new) {
    return Error(ErrorCode::item_not_found,
                 ErrorDetails{.message = model + ": an item that does not exist cannot be saved",
                              .model = model,
                              .operation = "update"});
  }
  if (record.exists && record.loaded.partial) return refuse_partial(model, id_of(record));
  return std::nullopt;
}

Error refuse_partial(const std::string& model, const std::string& id) {
  return {
      ErrorCode::validation,
      ErrorDetails{.message = model + " '" + id + "' was read with `attributes`, in part: it cannot be saved",
                   .model = model,
                   .value = id}};
}

void keep_changes_only(RecordBase& record, void* fields) {
  for (const FieldBinding& binding : record.model->bindings) binding.keep_changes(fields, record.data());
}

std::vector<FieldChange> whole_item(RecordBase& record, const void* copy) {
  return collect_changes(*record.model, copy, Write::create);
}

RawKey take_key(const ModelInfo& model, std::vector<FieldChange>& changes) {
  const KeyDefinition& key = model.definition.primary_key;
  RawKey taken{.id = {}, .by_parts = true, .partition = {}, .sort = {}};
  std::erase_if(changes, [&](FieldChange& change) {
    const std::string& name = model.definition.fields[change.field].name;
    Value* const half = name == key.partition_key ? &taken.partition
                        : name == key.sort_key    ? &taken.sort
                                                  : nullptr;
    if (half == nullptr) return false;
    *half = std::move(change.value);
    return true;
  });
  return taken;
}

namespace {

// What is stored may have more decimals than the field's precision keeps, to which an operand of == would be
// rounded; bounds are exact.
Condition is_still(const FieldDefinition& field, const Value& value) {
  if (field.type == FieldType::floating && field.precision && !value.is_null()) {
    return {.kind = Condition::Kind::between, .field = field.name, .operands = {value, value}};
  }
  return {.kind = Condition::Kind::compare,
          .comparison = Comparison::eq,
          .field = field.name,
          .operands = {value}};
}

}  // namespace

Result<Condition> still_matches(const Context& context, RecordBase& record,
                                const std::vector<std::string>& fields) {
  return still_matches(context, {.info = record.model, .name = {}}, record.loaded, fields);
}

Result<Condition> still_matches(const Context& context, const ModelName& name, const RawItem& loaded,
                                const std::vector<std::string>& fields) {
  const core::Model* const model = context.client->model(name.info, name.name);
  if (model == nullptr) return std::unexpected(unknown_model(name));
  const core::ItemRef item = to_item(loaded);
  Condition all;
  for (const std::string& field : fields) {
    const std::optional<std::uint32_t> position = model->field_index(field);
    if (!position) {
      return std::unexpected(
          Error(ErrorCode::validation,
                ErrorDetails{.message = model->name() + " has no field '" + field + "' (field_matches)",
                             .model = model->name(),
                             .field = field}));
    }
    Result<Value> value = core::decode_field(*model, *position, item.attribute(field));
    if (!value) return std::unexpected(std::move(value).error());
    all = both(std::move(all), is_still(model->field(*position), *value));
  }
  return all;
}

Condition both(Condition a, Condition b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  Condition all{.kind = Condition::Kind::all_of};
  all.children.push_back(std::move(a));
  all.children.push_back(std::move(b));
  return all;
}

std::optional<Error> show_defaults(const Context& context, const ModelInfo& info, void* fields) {
  const core::Model* const model = context.client->model(&info, {});
  if (model == nullptr) return unknown_model({.info = &info, .name = {}});
  std::vector<FieldChange> given;
  for (std::uint32_t position = 0; position < info.bindings.size(); ++position) {
    const FieldDefinition& field = info.definition.fields[position];
    const FieldBinding& binding = info.bindings[position];
    if (field.default_value.is_null()) continue;
    given.clear();
    binding.collect(fields, position, Write::update, given);
    if (!given.empty()) continue;
    Result<Value> stored = core::encode_field(*model, position, field.default_value);
    if (!stored) return std::move(stored).error();
    // As if it had been loaded: the core gives it to the item in any case.
    const core::ItemRef item = core::make_item({{field.name, std::move(*stored)}});
    std::string where;
    (void)binding.load(fields, to_attribute(item.attribute(field.name)), field.type, where);
  }
  return std::nullopt;
}

std::optional<Error> show_defaults(const Context& context, const std::string& name,
                                   std::vector<DynamicChange>& changes) {
  const core::Model* const model = context.client->model(nullptr, name);
  if (model == nullptr) return unknown_model({.info = nullptr, .name = name});
  for (const FieldDefinition& field : model->fields()) {
    const auto given = [&](const DynamicChange& change) { return change.field == field.name; };
    if (field.default_value.is_null() || std::ranges::any_of(changes, given)) continue;
    changes.push_back({.field = field.name, .change = {.value = field.default_value}});
  }
  return std::nullopt;
}

namespace {

// A model as a schema of its own, for what needs no client.
const core::Model& alone(const ModelInfo& info) {
  static std::mutex mutex;
  static std::map<const ModelInfo*, std::unique_ptr<const core::Schema>> schemas;
  const std::scoped_lock lock(mutex);
  std::unique_ptr<const core::Schema>& schema = schemas[&info];
  if (!schema) {
    auto built = core::Schema::build({info.definition},
                                     {.related_models_must_exist = false, .custom_keys = &custom_keys()});
    if (!built) throw_error(Error(ErrorCode::configuration, built.error().front().to_string()));
    schema = std::move(*built);
  }
  return *schema->models().front();
}

}  // namespace

std::string make_primary_id(const ModelInfo& info, const Value& partition, const Value& sort) {
  const core::Model& model = alone(info);
  // The prefix stands for one half: then the one value that was given is the other's.
  const bool only_sort = model.partition_key().kind == core::KeyPart::Kind::prefix && sort.is_null();
  Result<core::KeyTexts> texts =
      core::logical_key_texts(model, only_sort ? Value() : partition, only_sort ? partition : sort);
  if (!texts) throw_error(std::move(texts).error());
  return core::primary_id(model, *texts);
}

}  // namespace bao::detail
