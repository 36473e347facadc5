// Items that RelatedFields name: loaded, kept, forgotten and counted.

#include <algorithm>
#include <unordered_set>
#include <utility>

#include <bao/detail/record.hpp>
#include <bao/operation.hpp>
#include <bao/query.hpp>

#include "native/face/item_owner.hpp"

namespace bao::detail {

namespace {

// A record leads to others by what it is related to; no walk looks at more than this.
constexpr std::size_t walk_max = 10'000;

std::vector<std::shared_ptr<RecordBase>> kept_by(RecordBase& record) {
  std::vector<std::shared_ptr<RecordBase>> kept;
  for (const FieldBinding& binding : record.model->bindings) {
    if (binding.related == nullptr) continue;
    if (std::shared_ptr<void> loaded = binding.related->loaded(record.data())) {
      kept.push_back(std::static_pointer_cast<RecordBase>(std::move(loaded)));
    }
  }
  return kept;
}

// Every record that is loaded from this one on, itself included; false where there are too many.
bool walk(RecordBase& start, std::unordered_set<RecordBase*>& seen) {
  std::vector<RecordBase*> open{&start};
  seen.insert(&start);
  while (!open.empty()) {
    RecordBase* const record = open.back();
    open.pop_back();
    for (const std::shared_ptr<RecordBase>& next : kept_by(*record)) {
      if (!seen.insert(next.get()).second) continue;
      if (seen.size() > walk_max) return false;
      open.push_back(next.get());
    }
  }
  return true;
}

bool named(const std::vector<std::string>& fields, const std::string& name) {
  return fields.empty() || std::ranges::find(fields, name) != fields.end();
}

const RelatedBinding* related_field(const RecordBase& record, const std::string& name) {
  const std::vector<FieldDefinition>& fields = record.model->definition.fields;
  for (std::size_t position = 0; position < fields.size(); ++position) {
    if (fields[position].name == name) return record.model->bindings[position].related;
  }
  return nullptr;
}

Error never_described(const RecordBase& record, const FieldDefinition& field) {
  const std::string& model = record.model->definition.name;
  return {ErrorCode::configuration,
          ErrorDetails{.message = model + "." + field.name + ": model '" + field.related_model +
                                  "' was not given to init_models",
                       .model = field.related_model,
                       .field = field.name}};
}

Task<Result<void>> load_one(std::shared_ptr<RecordBase> record, std::size_t position,
                            std::optional<LoaderContext> loader) {
  const RelatedBinding& field = *record->model->bindings[position].related;
  const std::string id = field.id(record->data());
  if (id.empty() || field.loaded(record->data())) co_return Result<void>();
  const ModelInfo* const target = field.target->load(std::memory_order_acquire);
  if (target == nullptr) {
    co_return std::unexpected(never_described(*record, record->model->definition.fields[position]));
  }
  FindArgs args{.model = {.info = target, .name = {}}, .key = {.id = id}, .options = {}};
  args.options.loader = std::move(loader);
  Operation finding(std::move(args), ToRecord{target});
  auto waiting = std::move(finding).as_result();
  Result<std::shared_ptr<RecordBase>> found = co_await std::move(waiting);
  if (!found) co_return std::unexpected(std::move(found).error());
  // The field may have been given another id meanwhile.
  if (field.id(record->data()) != id) co_return Result<void>();
  if (leads_back(*record, **found)) {
    field.keep_weakly(record->data(), *found);
  } else {
    field.keep(record->data(), *found);
  }
  co_return Result<void>();
}

}  // namespace

bool leads_back(RecordBase& holder, RecordBase& target) {
  std::unordered_set<RecordBase*> seen;
  return !walk(target, seen) || seen.contains(&holder);
}

double consumed_units(RecordBase& record, CapacityType type, bool include_related) {
  if (!include_related) return record.capacity.units(type);
  std::unordered_set<RecordBase*> seen;
  walk(record, seen);
  double units = 0;
  for (const RecordBase* one : seen) units += one->capacity.units(type);
  return units;
}

Result<Context> context_of(Context context, RecordBase& record) {
  if (!record.loaded) return context;
  const ModelName model{.info = record.model, .name = {}};
  return context_for(std::move(context), {.model = &model, .base = &record.loaded, .id = &id_of(record)});
}

void forget_related(RecordBase& record, const std::vector<std::string>& fields) {
  const ModelInfo& model = *record.model;
  for (std::size_t position = 0; position < model.bindings.size(); ++position) {
    const RelatedBinding* const related = model.bindings[position].related;
    if (related == nullptr || !named(fields, model.definition.fields[position].name)) continue;
    related->keep(record.data(), nullptr);
  }
}

Task<Result<void>> load_related(std::vector<std::shared_ptr<RecordBase>> records,
                                std::vector<std::string> fields, std::optional<LoaderContext> loader) {
  const Context context = co_await this_context();
  std::vector<Task<Result<void>>> loads;
  for (const std::shared_ptr<RecordBase>& record : records) {
    const ModelInfo& model = *record->model;
    const Result<Context> own = context_of(context, *record);
    if (!own) co_return std::unexpected(own.error());
    for (std::size_t position = 0; position < model.bindings.size(); ++position) {
      if (model.bindings[position].related == nullptr) continue;
      if (!named(fields, model.definition.fields[position].name)) continue;
      loads.push_back(with_context(*own, load_one(record, position, loader)));
    }
  }
  auto running = all(std::move(loads));
  std::vector<Result<void>> loaded = co_await std::move(running);
  for (Result<void>& one : loaded) {
    if (!one) co_return std::move(one);
  }
  co_return Result<void>();
}

std::shared_ptr<RecordBase> existing_related(RecordBase& record, const std::string& name) {
  const RelatedBinding* const field = related_field(record, name);
  if (field == nullptr) return nullptr;
  auto target = std::static_pointer_cast<RecordBase>(field->loaded(record.data()));
  return target && target->exists ? target : nullptr;
}

}  // namespace bao::detail
