// Models known at run time only.

#include <bao/dynamic.hpp>

#include <algorithm>
#include <utility>

#include <bao/transaction.hpp>

#include "core/engine/draft.hpp"
#include "core/schema/field_codec.hpp"
#include "core/schema/names.hpp"
#include "native/face/client_state.hpp"
#include "native/face/convert.hpp"
#include "native/face/item_owner.hpp"

namespace bao {

namespace detail {

namespace {

Result<DynamicItem> dynamic_item(const Context& context, const std::string& name, RawItem raw,
                                 Capacity capacity) {
  DynamicItem item;
  item.is_new = false;
  item.capacity = capacity;
  if (!raw) return item;
  const core::Model& model = *context.client->model(nullptr, name);
  const core::ItemRef stored = to_item(raw);
  for (std::uint32_t field = 0; field < model.fields().size(); ++field) {
    Result<Value> value = core::decode_field(model, field, stored.attribute(model.field(field).name));
    if (!value) return std::unexpected(std::move(value).error());
    if (!value->is_null()) item.fields.emplace(model.field(field).name, std::move(*value));
  }
  const Result<core::KeyTexts> texts = core::Draft(model, stored).key_texts();
  if (!texts) return std::unexpected(texts.error());
  item.id = core::primary_id(model, *texts);
  item.exists = true;
  item.loaded = std::move(raw);
  return item;
}

}  // namespace

Result<DynamicItem> ToDynamic::operator()(const Context& context, RawFound found) const {
  return dynamic_item(context, model, std::move(found.item), found.capacity);
}

Result<DynamicPage> ToDynamicPage::operator()(const Context& context, RawPage raw) const {
  DynamicPage page;
  page.count = raw.count;
  page.last_key.key = std::move(raw.last_key);
  page.capacity = raw.capacity;
  for (RawItem& item : raw.items) {
    Result<DynamicItem> converted = dynamic_item(context, model, std::move(item), {});
    if (!converted) return std::unexpected(std::move(converted).error());
    page.items.push_back(std::move(*converted));
  }
  return page;
}

Result<DynamicBatch> ToDynamicBatch::operator()(const Context& context, RawBatch raw) const {
  DynamicBatch batch{.items = {}, .next = std::move(raw.next), .capacity = raw.capacity};
  for (RawFound& found : raw.items) {
    Result<DynamicItem> item = dynamic_item(context, model, std::move(found.item), found.capacity);
    if (!item) return std::unexpected(std::move(item).error());
    batch.items.push_back(std::move(*item));
  }
  return batch;
}

Result<std::vector<DynamicItem>> ToDynamicWritten::operator()(const Context& context,
                                                              RawBatchWritten raw) const {
  std::vector<DynamicItem> items;
  for (RawFound& put : raw.put) {
    Result<DynamicItem> item = dynamic_item(context, model, std::move(put.item), put.capacity);
    if (!item) return std::unexpected(std::move(item).error());
    items.push_back(std::move(*item));
  }
  return items;
}

Result<DynamicSearched> ToDynamicSearched::operator()(const Context& context, RawSearched raw) const {
  DynamicSearched searched{.items = {}, .cursor = std::move(raw.cursor), .capacity = raw.capacity};
  for (RawFound& found : raw.items) {
    Result<DynamicItem> item = dynamic_item(context, model, std::move(found.item), found.capacity);
    if (!item) return std::unexpected(std::move(item).error());
    searched.items.push_back(std::move(*item));
  }
  return searched;
}

Result<std::vector<DynamicItem>> ToDynamicMany::operator()(const Context& context, RawFoundMany found) const {
  std::vector<DynamicItem> items;
  for (auto& [id, one] : found.items) {
    Result<DynamicItem> converted = dynamic_item(context, model, std::move(one.item), one.capacity);
    if (!converted) return std::unexpected(std::move(converted).error());
    converted->id = id;
    items.push_back(std::move(*converted));
  }
  return items;
}

Result<void> fill_dynamic(const Context& context, const std::string& model, DynamicItem& item,
                          RawFound found) {
  Result<DynamicItem> converted = dynamic_item(context, model, std::move(found.item), found.capacity);
  if (!converted) return std::unexpected(std::move(converted).error());
  item = std::move(*converted);
  return {};
}

// Related items.

namespace {

Task<Result<void>> load_one(DynamicItem& item, const FieldDefinition& field,
                            std::optional<LoaderContext> loader) {
  const auto given = item.fields.find(field.name);
  const auto* id = given == item.fields.end() ? nullptr : given->second.get_if<std::string>();
  if (id == nullptr || id->empty() || item.related.contains(field.name)) co_return Result<void>();
  FindOptions options;
  options.loader = std::move(loader);
  auto finding = DynamicModel(field.related_model).find(*id, std::move(options));
  auto waiting = std::move(finding).as_result();
  Result<DynamicItem> found = co_await std::move(waiting);
  if (!found) co_return std::unexpected(std::move(found).error());
  item.related.insert_or_assign(field.name, std::make_shared<const DynamicItem>(std::move(*found)));
  co_return Result<void>();
}

Task<Result<void>> load_all(const core::Model& model, std::vector<DynamicItem>& items,
                            const std::vector<std::string>& fields,
                            const std::optional<LoaderContext>& loader) {
  std::vector<Task<Result<void>>> loads;
  for (DynamicItem& item : items) {
    for (const FieldDefinition& field : model.fields()) {
      if (field.type != FieldType::related) continue;
      if (!fields.empty() && std::ranges::find(fields, field.name) == fields.end()) continue;
      loads.push_back(load_one(item, field, loader));
    }
  }
  auto running = all(std::move(loads));
  std::vector<Result<void>> loaded = co_await std::move(running);
  for (Result<void>& one : loaded) {
    if (!one) co_return std::move(one);
  }
  co_return Result<void>();
}

std::optional<Error> refuse_contradictions(const DynamicQuery& options) {
  if (!options.related_only) return std::nullopt;
  if (!options.load_related) return Error(ErrorCode::query, "related_only requires load_related");
  if (options.related_fields.size() == 1) return std::nullopt;
  return Error(ErrorCode::query, "related_only requires a single entry in related_fields");
}

// The name of another field would load nothing, unseen. A model that is not known is refused by who asks it.
std::optional<Error> refuse_unrelated(const core::Model* model, const std::vector<std::string>& names) {
  if (model == nullptr) return std::nullopt;
  for (const std::string& name : names) {
    const std::optional<std::uint32_t> field = model->field_index(name);
    if (field && model->field(*field).type == FieldType::related) continue;
    std::vector<std::string_view> known;
    for (const FieldDefinition& each : model->fields()) {
      if (each.type == FieldType::related) known.emplace_back(each.name);
    }
    ErrorDetails details{.model = model->name(), .field = name};
    details.message = model->name() + "." + name + " is no RelatedField" + core::did_you_mean(name, known);
    return Error(ErrorCode::query, std::move(details));
  }
  return std::nullopt;
}

void keep_related_only(DynamicPage& page, const std::string& field) {
  std::vector<DynamicItem> targets;
  for (DynamicItem& item : page.items) {
    const auto found = item.related.find(field);
    if (found != item.related.end() && found->second->exists) targets.push_back(*found->second);
  }
  page.items = std::move(targets);
}

}  // namespace

Task<Result<DynamicPage>> query_dynamic(std::string name, QueryArgs args, DynamicQuery options) {
  if (std::optional<Error> error = refuse_contradictions(options)) {
    co_return std::unexpected(std::move(*error));
  }
  const Context context = co_await this_context();
  if (std::optional<Error> error =
          refuse_unrelated(context.client->model(nullptr, name), options.related_fields)) {
    co_return std::unexpected(std::move(*error));
  }
  Operation asking(std::move(args), ToDynamicPage{name});
  auto waiting = std::move(asking).as_result();
  Result<DynamicPage> page = co_await std::move(waiting);
  if (!page || !options.load_related || options.count_only) co_return page;
  const core::Model& model = *context.client->model(nullptr, name);
  auto loading = load_all(model, page->items, options.related_fields, options.loader);
  Result<void> loaded = co_await std::move(loading);
  if (!loaded) co_return std::unexpected(std::move(loaded).error());
  if (options.related_only) keep_related_only(*page, options.related_fields.front());
  co_return page;
}

Task<Result<DynamicItem>> load_related_of(std::string name, DynamicItem item, std::vector<std::string> fields,
                                          std::optional<LoaderContext> loader) {
  const Context context = co_await this_context();
  if (std::optional<Error> error = refuse_context(context)) co_return std::unexpected(std::move(*error));
  const core::Model* const model = context.client->model(nullptr, name);
  if (model == nullptr) co_return std::unexpected(unknown_model({.info = nullptr, .name = name}));
  const ModelName of{.info = nullptr, .name = name};
  Result<Context> own = context_for(context, {.model = &of, .base = &item.loaded, .id = &item.id});
  if (!own) co_return std::unexpected(std::move(own).error());
  std::vector<DynamicItem> items{std::move(item)};
  auto loading = with_context(std::move(*own), load_all(*model, items, fields, loader));
  Result<void> loaded = co_await std::move(loading);
  if (!loaded) co_return std::unexpected(std::move(loaded).error());
  co_return std::move(items.front());
}

// Saves.

namespace {

// All values that a new item gets: those that the item has, where the changes do not say otherwise.
std::vector<DynamicChange> whole(const DynamicItem& item, std::vector<DynamicChange> changes) {
  for (const auto& [name, value] : item.fields) {
    const auto changed = [&](const DynamicChange& change) { return change.field == name; };
    if (std::ranges::none_of(changes, changed))
      changes.push_back({.field = name, .change = {.value = value}});
  }
  return changes;
}

RawKey key_among(const core::Model& model, std::vector<DynamicChange>& changes) {
  const KeyDefinition& key = model.definition().primary_key;
  RawKey taken{.id = {}, .by_parts = true, .partition = {}, .sort = {}};
  std::erase_if(changes, [&](DynamicChange& change) {
    Value* const half = change.field == key.partition_key ? &taken.partition
                        : change.field == key.sort_key    ? &taken.sort
                                                          : nullptr;
    if (half == nullptr) return false;
    *half = std::move(change.change.value);
    return true;
  });
  return taken;
}

}  // namespace

Task<Result<DynamicItem>> save_dynamic(std::string name, DynamicItem item, std::vector<DynamicChange> changes,
                                       DynamicSave options) {
  using Save = DataAction<DynamicWriter>;
  const Context context = co_await this_context();
  if (std::optional<Error> error = refuse_context(context)) co_return std::unexpected(std::move(*error));
  const core::Model* const model = context.client->model(nullptr, name);
  if (model == nullptr) co_return std::unexpected(unknown_model({.info = nullptr, .name = name}));
  const bool is_new = item.is_new;
  if (!is_new && !item.exists) {
    co_return std::unexpected(
        Error(ErrorCode::item_not_found, ErrorDetails{.message = name + " '" + item.id + "' does not exist",
                                                      .model = name,
                                                      .primary_id = item.id,
                                                      .operation = "update"}));
  }
  if (item.loaded.partial) co_return std::unexpected(refuse_partial(name, item.id));
  // What must not exist is created whole, whatever changed of it.
  if (!is_new && changes.empty() && !options.force_reindex && !options.must_not_exist) co_return item;
  Save::Parts parts{.writer = {name}, .options = hook_options(options, is_new)};
  if (options.must_not_exist || (is_new && !options.must_exist)) {
    parts.data = whole(item, std::move(changes));
  } else {
    parts.kind = TransactPart::Kind::update;
    parts.data = std::move(changes);
    if (is_new) parts.key = key_among(*model, parts.data);
  }
  if (!is_new) {
    parts.base = item.loaded;
    parts.key.id = item.id;
  }
  if (!options.field_matches.empty()) {
    Result<Condition> same =
        still_matches(context, {.info = nullptr, .name = name}, item.loaded, options.field_matches);
    if (!same) co_return std::unexpected(std::move(same).error());
    parts.options.condition = both(std::move(parts.options.condition), std::move(*same));
  }
  auto saving = item_of(std::make_unique<Save>(std::move(parts)));
  auto waiting = std::move(saving).as_result();
  co_return co_await std::move(waiting);
}

}  // namespace detail

// Transactions.

void DynamicTransaction::create(std::string model, std::vector<DynamicChange> changes, DynamicWrite options) {
  using Create = detail::DataAction<detail::DynamicWriter>;
  auto action =
      std::make_unique<Create>(Create::Parts{.writer = {std::move(model)},
                                             .data = std::move(changes),
                                             .options = detail::hook_options(std::move(options), true)});
  items_.push_back(&action->result());
  actions_.push_back(std::move(action));
}

void DynamicTransaction::update(std::string model, std::string id, std::vector<DynamicChange> changes,
                                DynamicWrite options, detail::RawItem base) {
  using Update = detail::DataAction<detail::DynamicWriter>;
  auto action =
      std::make_unique<Update>(Update::Parts{.writer = {std::move(model)},
                                             .kind = detail::TransactPart::Kind::update,
                                             .key = {.id = std::move(id)},
                                             .data = std::move(changes),
                                             .base = std::move(base),
                                             .options = detail::hook_options(std::move(options), false)});
  items_.push_back(&action->result());
  actions_.push_back(std::move(action));
}

void DynamicTransaction::remove(std::string model, std::string id, DynamicWrite options,
                                detail::RawItem base) {
  using Remove = detail::RemoveAction<detail::DynamicWriter>;
  auto action = std::make_unique<Remove>(detail::DynamicWriter{std::move(model)}, std::move(id),
                                         std::move(base), detail::hook_options(std::move(options), false));
  items_.push_back(&action->result());
  actions_.push_back(std::move(action));
}

void DynamicTransaction::check(std::string model, std::string id, Condition condition) {
  items_.push_back(nullptr);
  actions_.push_back(std::make_unique<detail::CheckAction>(
      detail::TransactPart{.kind = detail::TransactPart::Kind::check,
                           .model = {.info = nullptr, .name = std::move(model)},
                           .key = {.id = std::move(id)},
                           .changes = {},
                           .named = {},
                           .base = {},
                           .options = {.condition = std::move(condition)}}));
}

namespace {

// `actions` own what `items` point to: they are kept until the items were taken.
Task<Result<std::vector<DynamicItem>>> transact_dynamic(std::vector<std::unique_ptr<detail::Action>> actions,
                                                        std::vector<DynamicItem*> items) {
  auto acting = detail::act_together(actions);
  Result<Capacity> done = co_await std::move(acting);
  if (!done) co_return std::unexpected(std::move(done).error());
  std::vector<DynamicItem> results;
  results.reserve(items.size());
  for (DynamicItem* item : items) results.push_back(item == nullptr ? DynamicItem() : std::move(*item));
  co_return results;
}

}  // namespace

TaskOperation<std::vector<DynamicItem>> transact(DynamicTransaction transaction) {
  return TaskOperation<std::vector<DynamicItem>>(
      transact_dynamic(std::move(transaction.actions_), std::move(transaction.items_)));
}

}  // namespace bao
