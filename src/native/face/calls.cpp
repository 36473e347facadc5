#include <boost/asio/post.hpp>
#include <functional>
#include <stop_token>

#include <bao/detail/call.hpp>
#include <bao/detail/record.hpp>
#include <bao/table.hpp>

#include "core/engine/batch_write.hpp"
#include "core/engine/find.hpp"
#include "core/engine/iterate.hpp"
#include "core/engine/query.hpp"
#include "core/engine/scan.hpp"
#include "core/engine/search.hpp"
#include "core/engine/table_operations.hpp"
#include "core/engine/transact.hpp"
#include "core/engine/write.hpp"
#include "core/expression/path.hpp"
#include "core/keys/key_text.hpp"
#include "core/schema/logical_value.hpp"
#include "native/face/client_state.hpp"
#include "native/face/convert.hpp"
#include "native/face/item_owner.hpp"
#include "native/face/rows.hpp"
#include "native/face/tenants.hpp"

namespace bao::detail {

Error unknown_model(const ModelName& name) {
  const std::string& text = name.info != nullptr ? name.info->definition.name : name.name;
  return {ErrorCode::configuration,
          ErrorDetails{.message = "model '" + text + "' was not given to init_models", .model = text}};
}

namespace {

using core::Call;
using core::Model;
using core::Task;

core::FindOptions core_options(const ClientState& client, FindOptions options) {
  return {.batch_delay_ms = options.batch_delay_ms,
          .bypass_cache = options.bypass_cache,
          .consistent = options.consistent,
          .loader = options.loader ? options.loader->state()->cache(client.number()) : nullptr};
}

RawFound raw_found(core::Found found) {
  return {.item = to_raw(found.entry->item),
          .entry = RawEntry(std::static_pointer_cast<void>(found.entry)),
          .capacity = found.capacity};
}

RawFound raw_written(core::Written written) {
  return {.item = to_raw(written.item),
          .entry = RawEntry(std::static_pointer_cast<void>(written.entry)),
          .capacity = written.capacity};
}

Result<core::KeyTexts> key_of(const Model& model, const RawKey& key) {
  if (!key.by_parts) return core::split_primary_id(model, key.id);
  return core::logical_key_texts(model, key.partition, key.sort);
}

// What the field's own type says against the value.
Error refused(const Model& model, const FieldChange& change) {
  const std::string& field = model.field(change.field).name;
  std::string value = change.value.is_null() ? std::string() : core::value_excerpt(change.value);
  std::string message = model.name() + "." + field + " " + change.refused;
  if (!value.empty()) message += " (value: " + value + ")";
  return {
      ErrorCode::validation,
      ErrorDetails{
          .message = std::move(message), .model = model.name(), .field = field, .value = std::move(value)}};
}

// The path of a part may be given as one text.
std::optional<Error> take_path(const Model& model, DynamicChange& change) {
  using Kind = FieldChange::Kind;
  const Kind kind = change.change.kind;
  if (kind != Kind::set_part && kind != Kind::remove_part && kind != Kind::append_part) return std::nullopt;
  if (!change.change.path.empty() || !core::is_path(change.field)) return std::nullopt;
  auto path = core::parse_path(change.field);
  if (!path) {
    return Error(ErrorCode::validation,
                 ErrorDetails{.message = model.name() + "." + change.field + ": " + path.error(),
                              .model = model.name(),
                              .field = change.field});
  }
  change.field = std::move(path->field);
  change.change.path = std::move(path->steps);
  return std::nullopt;
}

Result<std::vector<core::Change>> core_changes(const Model& model, std::vector<FieldChange> changes,
                                               std::vector<DynamicChange> named) {
  std::vector<core::Change> converted;
  converted.reserve(changes.size() + named.size());
  for (FieldChange& change : changes) {
    if (!change.refused.empty()) return std::unexpected(refused(model, change));
    converted.push_back(to_change(std::move(change)));
  }
  for (DynamicChange& change : named) {
    if (std::optional<Error> error = take_path(model, change)) return std::unexpected(std::move(*error));
    const std::optional<std::uint32_t> field = model.field_index(change.field);
    if (!field) {
      return std::unexpected(
          Error(ErrorCode::validation,
                ErrorDetails{.message = model.name() + " has no field '" + change.field + "'",
                             .model = model.name(),
                             .field = change.field}));
    }
    change.change.field = *field;
    converted.push_back(to_change(std::move(change.change)));
  }
  return converted;
}

core::WriteOptions core_options(RawWriteOptions options) {
  return {.condition = std::move(options.condition), .force_reindex = options.force_reindex};
}

// The key of an item to change; an id that cannot be one of this model's names no item.
Result<core::KeyTexts> existing_key(const Model& model, const RawKey& key, std::string operation) {
  Result<core::KeyTexts> texts = key_of(model, key);
  if (texts) return texts;
  return std::unexpected(Error(ErrorCode::item_not_found,
                               ErrorDetails{.message = model.name() + " '" + key.id + "' does not exist",
                                            .model = model.name(),
                                            .primary_id = key.id,
                                            .operation = std::move(operation)}));
}

Task<Result<RawFound>> find_key(Call& call, const Model& model, core::KeyTexts key,
                                core::FindOptions options) {
  auto found = co_await core::find(call, model, std::move(key), std::move(options));
  if (!found) co_return std::unexpected(std::move(found).error());
  co_return raw_found(std::move(*found));
}

Task<Result<RawFound>> known(Result<RawFound> result) {
  co_return result;
}

// No coroutine itself, which would move its arguments into its frame: a find is the call that has to cost
// least.
Task<Result<RawFound>> run(Call& call, const ClientState& client, const Model& model, FindArgs&& args) {
  Result<core::KeyTexts> key = key_of(model, args.key);
  if (key) return find_key(call, model, std::move(*key), core_options(client, std::move(args.options)));
  if (args.key.by_parts) return known(std::unexpected(std::move(key).error()));
  return known(RawFound{});
}

Task<Result<RawFound>> run(Call& call, const ClientState& client, const Model& model, FindUniqueArgs args) {
  auto found = co_await core::find_unique(call, model, std::move(args.constraint), std::move(args.value),
                                          core_options(client, std::move(args.options)));
  if (!found) co_return std::unexpected(std::move(found).error());
  co_return raw_found(std::move(*found));
}

Task<Result<RawFoundMany>> run(Call& call, const ClientState& client, const Model& model, FindManyArgs args) {
  auto found = co_await core::batch_find(call, model, std::move(args.ids),
                                         core_options(client, std::move(args.options)));
  if (!found) co_return std::unexpected(std::move(found).error());
  RawFoundMany many;
  many.capacity = found->capacity;
  many.items.reserve(found->items.size());
  for (auto& [id, one] : found->items) many.items.emplace_back(std::move(id), raw_found(std::move(one)));
  co_return many;
}

Task<Result<RawFound>> run(Call& call, const Model& model, CreateArgs args) {
  auto changes = core_changes(model, std::move(args.changes), std::move(args.named));
  if (!changes) co_return std::unexpected(std::move(changes).error());
  auto written =
      co_await core::create(call, model, std::move(*changes), core_options(std::move(args.options)));
  if (!written) co_return std::unexpected(std::move(written).error());
  co_return raw_written(std::move(*written));
}

Task<Result<RawFound>> run(Call& call, const Model& model, UpdateArgs args) {
  auto key = existing_key(model, args.key, "update");
  if (!key) co_return std::unexpected(std::move(key).error());
  auto changes = core_changes(model, std::move(args.changes), std::move(args.named));
  if (!changes) co_return std::unexpected(std::move(changes).error());
  auto written = co_await core::update(call, model, std::move(*key), std::move(*changes), to_item(args.base),
                                       core_options(std::move(args.options)));
  if (!written) co_return std::unexpected(std::move(written).error());
  co_return raw_written(std::move(*written));
}

Task<Result<RawFound>> run(Call& call, const Model& model, RemoveArgs args) {
  auto key = existing_key(model, args.key, "delete");
  if (!key) co_return std::unexpected(std::move(key).error());
  // What was read in part does not say which unique values it holds.
  auto written = co_await core::remove(call, model, std::move(*key),
                                       args.base.partial ? core::ItemRef() : to_item(args.base),
                                       core_options(std::move(args.options)));
  if (!written) co_return std::unexpected(std::move(written).error());
  // The entry in the cache says that the item is gone; what comes back is the item as it was.
  RawFound found = raw_written(std::move(*written));
  found.entry = RawEntry();
  co_return found;
}

std::optional<std::int64_t> page_limit(const QueryArgs& args) {
  if (!args.limit) return args.count_only ? std::nullopt : std::optional<std::int64_t>(100);
  return *args.limit == 0 ? std::nullopt : args.limit;
}

Result<RawPage> raw_page(Result<core::Page> page, bool partial) {
  if (!page) return std::unexpected(std::move(page).error());
  RawPage raw{.items = {},
              .count = page->count,
              .last_key = std::move(page->last_evaluated_key),
              .capacity = page->capacity};
  raw.items.reserve(page->items.size());
  for (const core::ItemRef& item : page->items) {
    raw.items.push_back(to_raw(item));
    raw.items.back().partial = partial;
  }
  return raw;
}

Task<Result<RawPage>> run(Call& call, const Model& model, QueryArgs args) {
  const bool partial = !args.attributes.empty();
  core::QueryOptions options{.limit = page_limit(args),
                             .start_key = std::move(args.start_key),
                             .descending = args.descending,
                             .filter = std::move(args.filter),
                             .count_only = args.count_only,
                             .consistent = args.consistent,
                             .attributes = std::move(args.attributes)};
  auto page = co_await core::query(call, model, std::move(args.index), std::move(args.partition),
                                   std::move(args.sort), std::move(options));
  co_return raw_page(std::move(page), partial);
}

Task<Result<RawPage>> run(Call& call, const Model& model, ScanArgs args) {
  const bool partial = !args.attributes.empty();
  core::ScanOptions options{.filter = std::move(args.filter),
                            .limit = args.limit,
                            .start_key = std::move(args.start_key),
                            .index = std::move(args.index),
                            .segment = args.segment,
                            .total_segments = args.total_segments,
                            .consistent = args.consistent,
                            .attributes = std::move(args.attributes)};
  auto page = co_await core::scan(call, model, std::move(options));
  co_return raw_page(std::move(page), partial);
}

Task<Result<RawPage>> run(Call& call, const Model& model, CountArgs args) {
  core::CountOptions options{
      .filter = std::move(args.filter), .index = std::move(args.index), .consistent = args.consistent};
  auto page = co_await core::count(call, model, std::move(options));
  co_return raw_page(std::move(page), false);
}

Task<Result<RawBatch>> run(Call& call, const Model& model, IterateArgs args) {
  core::IterateOptions options{
      .batch_size = args.batch_size, .bucket = args.bucket, .filter = std::move(args.filter), .find = {}};
  core::IterationPosition from{
      .bucket = args.from.bucket, .start_key = std::move(args.from.start_key), .ended = args.from.ended};
  auto batch = co_await core::iterate(call, model, std::move(options), std::move(from));
  if (!batch) co_return std::unexpected(std::move(batch).error());
  RawBatch raw{.items = {},
               .next = {.bucket = batch->next.bucket,
                        .start_key = std::move(batch->next.start_key),
                        .ended = batch->next.ended},
               .capacity = batch->capacity};
  raw.items.reserve(batch->items.size());
  for (auto& [id, found] : batch->items) raw.items.push_back(raw_found(std::move(found)));
  co_return raw;
}

Task<Result<RawSearched>> run(Call& call, const Model& model, SearchArgs args) {
  core::SearchOptions options{.any_term = args.any_term,
                              .limit = args.limit,
                              .batch_size = args.batch_size,
                              .queries_per_bucket_max = args.queries_per_bucket_max,
                              .parallel = args.parallel,
                              .bucket = args.bucket,
                              .cursor = std::move(args.cursor),
                              .filter = std::move(args.filter),
                              .find = {}};
  auto found = co_await core::search(call, model, std::move(args.terms), std::move(options));
  if (!found) co_return std::unexpected(std::move(found).error());
  RawSearched raw{.items = {}, .cursor = std::move(found->cursor), .capacity = found->capacity};
  raw.items.reserve(found->items.size());
  for (auto& [id, one] : found->items) raw.items.push_back(raw_found(std::move(one)));
  co_return raw;
}

Result<core::BatchWrite> core_writes(const Model& model, BatchWriteArgs args) {
  core::BatchWrite writes;
  writes.puts.reserve(args.put.size() + args.named.size());
  const auto add = [&](Result<std::vector<core::Change>> changes) -> std::optional<Error> {
    if (!changes) return std::move(changes).error();
    writes.puts.push_back(std::move(*changes));
    return std::nullopt;
  };
  for (std::vector<FieldChange>& put : args.put) {
    if (auto error = add(core_changes(model, std::move(put), {}))) return std::unexpected(std::move(*error));
  }
  for (std::vector<DynamicChange>& put : args.named) {
    if (auto error = add(core_changes(model, {}, std::move(put)))) return std::unexpected(std::move(*error));
  }
  // An id that cannot be one of this model's names no item: there is nothing to delete.
  for (const std::string& id : args.remove) {
    Result<core::KeyTexts> key = core::split_primary_id(model, id);
    if (key) writes.removes.push_back(std::move(*key));
  }
  return writes;
}

Task<Result<RawBatchWritten>> run(Call& call, const Model& model, BatchWriteArgs args) {
  Result<core::BatchWrite> writes = core_writes(model, std::move(args));
  if (!writes) co_return std::unexpected(std::move(writes).error());
  auto written = co_await core::batch_write(call, model, std::move(*writes));
  if (!written) co_return std::unexpected(std::move(written).error());
  RawBatchWritten raw{.put = {}, .capacity = written->capacity};
  raw.put.reserve(written->puts.size());
  for (core::Written& put : written->puts) raw.put.push_back(raw_written(std::move(put)));
  co_return raw;
}

Result<core::TransactAction> core_action(const Model& model, TransactPart part) {
  using From = TransactPart::Kind;
  using Kind = core::TransactAction::Kind;
  core::TransactAction action{.kind = part.kind == From::create   ? Kind::create
                                      : part.kind == From::update ? Kind::update
                                      : part.kind == From::remove ? Kind::remove
                                                                  : Kind::check,
                              .model = &model,
                              .key = {},
                              .changes = {},
                              .base = {},
                              .options = core_options(std::move(part.options))};
  if (part.kind != From::create) {
    if (!part.base.partial) action.base = to_item(part.base);
    Result<core::KeyTexts> key = existing_key(model, part.key, core::operation_of(action.kind));
    if (!key) return std::unexpected(std::move(key).error());
    action.key = std::move(*key);
  }
  Result<std::vector<core::Change>> changes =
      core_changes(model, std::move(part.changes), std::move(part.named));
  if (!changes) return std::unexpected(std::move(changes).error());
  action.changes = std::move(*changes);
  return action;
}

Task<Result<RawTransacted>> run(Call& call, const ClientState& client, TransactArgs args) {
  std::vector<core::TransactAction> actions;
  actions.reserve(args.parts.size());
  for (TransactPart& part : args.parts) {
    const Model* const model = client.model(part.model.info, part.model.name);
    if (model == nullptr) co_return std::unexpected(unknown_model(part.model));
    Result<core::TransactAction> action = core_action(*model, std::move(part));
    if (!action) co_return std::unexpected(std::move(action).error());
    actions.push_back(std::move(*action));
  }
  auto done = co_await core::transact(call, std::move(actions));
  if (!done) co_return std::unexpected(std::move(done).error());
  RawTransacted raw{.items = {}, .capacity = done->capacity};
  raw.items.reserve(done->items.size());
  for (core::Written& written : done->items) raw.items.push_back(raw_written(std::move(written)));
  co_return raw;
}

Task<Result<TableReport>> run(Call& call, TableArgs args) {
  using Kind = core::TableWork::Kind;
  const Kind kind = args.kind == TableArgs::Kind::create   ? Kind::create
                    : args.kind == TableArgs::Kind::update ? Kind::update
                    : args.kind == TableArgs::Kind::remove ? Kind::remove
                                                           : Kind::check;
  auto report = co_await core::work_on_table(call, {.kind = kind,
                                                    .search_index = args.options.search_index,
                                                    .poll_ms = args.options.poll_ms,
                                                    .progress = std::move(args.options.progress)});
  if (!report) co_return std::unexpected(std::move(report).error());
  co_return TableReport{.added_indexes = std::move(report->added_indexes), .ttl = report->ttl};
}

Task<Result<core::ScannedRows>> run(Call& call, ScanRowsArgs args) {
  return core::scan_rows(call, std::move(args.scan));
}

Task<Result<Capacity>> run(Call& call, PutRowsArgs args) {
  return core::put_rows(call, std::move(args.items));
}

Task<Result<core::CheckedRows>> run(Call& call, CheckRowsArgs args) {
  return core::check_rows(call, std::move(args.rows), args.repairs);
}

// The items that a call writes as they were read.
template <class Args>
std::vector<HeldItem> held_items(const Args& args) {
  std::vector<HeldItem> items;
  if constexpr (requires { args.base; }) {
    if (args.base) items.push_back({.model = &args.model, .base = &args.base, .id = &args.key.id});
  } else if constexpr (requires { args.parts; }) {
    for (const TransactPart& part : args.parts) {
      items.push_back({.model = &part.model, .base = &part.base, .id = &part.key.id});
    }
  }
  return items;
}

// Writes into what was read who read it.
void own(RawItem& item, std::uint64_t client) {
  item.client = client;
}
void own(RawFound& found, std::uint64_t client) {
  found.item.client = client;
}
void own(std::pair<std::string, RawFound>& found, std::uint64_t client) {
  found.second.item.client = client;
}
template <class R>
void own(R& result, std::uint64_t client) {
  if constexpr (std::is_same_v<R, RawBatchWritten>) {
    for (RawFound& put : result.put) own(put, client);
  } else if constexpr (!std::is_same_v<R, core::ScannedRows> && requires { result.items; }) {
    for (auto& item : result.items) own(item, client);
  }
}

template <class R>
Task<Result<R>> refuse(Error error) {
  co_return std::unexpected(std::move(error));
}

template <class Args>
class CallOf final : public ResultCall<typename Args::Result>, public Completion {
  using R = typename Args::Result;
  /// Not on the table or its rows as they lie, which are every tenant's.
  static constexpr bool on_items = requires(Args args) { args.model; } || std::is_same_v<Args, TransactArgs>;

 public:
  explicit CallOf(Args&& args) : args_(std::move(args)) {}
  ~CallOf() override {
    stop_.reset();
    if (alive_) *alive_ = false;
    if (running_) client_->engine().abandon(id_);
  }

  void start(const Context& context, std::coroutine_handle<> caller) override {
    client_ = context.client;
    caller_ = caller;
    scope_ = context.scope ? context.scope->scope : nullptr;
    // fsck says itself whose rows it checks; the tenant that a client is set to is none of its business.
    std::optional<std::string> tenant;
    if (on_items) {
      tenant = tenant_of(context);
      refused_ = keep_owner(*client_, held_items(args_), Doing::write, tenant);
    } else if (context.tenant) {
      tenant = *context.tenant;
    }
    if (tenant) {
      if (!refused_) refused_ = core::refuse_tenant(*tenant);
      tenant_ = std::move(*tenant);
    } else if (on_items && client_->requires_tenant()) {
      refused_ = tenant_required();
    }
    if (context.stop.stop_requested()) {
      refused_ = Error(ErrorCode::cancelled, "the call was cancelled before it started");
    } else if (context.stop.stop_possible()) {
      watch(context.stop);
    }
    if (client_->on_executor()) {
      launch();
      return;
    }
    boost::asio::post(client_->io(), [this, alive = alive()] {
      if (*alive) launch();
    });
  }

  Result<R> take() override {
    Result<R> result = std::move(*slot_);
    if (result) own(*result, client_->number());
    // Requests may be of several calls: what failed one of them does not say whose it was.
    if (!result && model_ != nullptr && result.error().details().model.empty()) {
      ErrorDetails details = result.error().details();
      details.model = model_->name();
      return std::unexpected(Error(result.error().code(), std::move(details)));
    }
    return result;
  }
  void complete() override {
    running_ = false;
    caller_.resume();
  }

 private:
  void launch() {
    client_->tick();
    running_ = true;
    id_ = client_->engine().template start<Result<R>>(
        std::move(scope_), std::move(tenant_),
        [&](Call& call) {
          if (refused_) return refuse<R>(*refused_);
          if constexpr (std::is_same_v<Args, TransactArgs>) {
            return run(call, *client_, std::move(args_));
          } else if constexpr (!requires { args_.model; }) {
            return run(call, std::move(args_));
          } else {
            const Model* const model = client_->model(args_.model.info, args_.model.name);
            if (model == nullptr) return refuse<R>(unknown_model(args_.model));
            model_ = model;
            if constexpr (requires { args_.options.loader; }) {
              return run(call, *client_, *model, std::move(args_));
            } else {
              return run(call, *model, std::move(args_));
            }
          }
        },
        slot_, static_cast<Completion*>(this));
    if (cancelled_) client_->engine().cancel(id_);
    client_->pump();
  }

  void watch(const std::stop_token& token) {
    stop_.emplace(token, [this, client = client_, alive = alive()] {
      boost::asio::post(client->io(), [this, alive] {
        if (!*alive) return;
        cancelled_ = true;
        if (!running_) return;
        client_->tick();
        client_->engine().cancel(id_);
        client_->pump();
      });
    });
  }

  /// For handlers that may run when this is gone; made for the first of them.
  const std::shared_ptr<bool>& alive() {
    if (!alive_) alive_ = std::make_shared<bool>(true);
    return alive_;
  }

  Args args_;
  ClientState* client_ = nullptr;
  const Model* model_ = nullptr;  ///< of a call of one model
  std::coroutine_handle<> caller_;
  std::shared_ptr<core::Scope> scope_;
  std::string tenant_;
  std::optional<Error> refused_;
  core::OperationId id_{};
  std::optional<Result<R>> slot_;
  bool running_ = false;
  bool cancelled_ = false;
  std::shared_ptr<bool> alive_;
  std::optional<std::stop_callback<std::function<void()>>> stop_;
};

}  // namespace

template <class Args>
std::unique_ptr<ResultCall<typename Args::Result>> make_call(Args&& args) {
  return std::make_unique<CallOf<Args>>(std::forward<Args>(args));
}

template std::unique_ptr<ResultCall<RawFound>> make_call(FindArgs&&);
template std::unique_ptr<ResultCall<RawFound>> make_call(FindUniqueArgs&&);
template std::unique_ptr<ResultCall<RawFoundMany>> make_call(FindManyArgs&&);
template std::unique_ptr<ResultCall<RawFound>> make_call(CreateArgs&&);
template std::unique_ptr<ResultCall<RawFound>> make_call(UpdateArgs&&);
template std::unique_ptr<ResultCall<RawFound>> make_call(RemoveArgs&&);
template std::unique_ptr<ResultCall<RawPage>> make_call(QueryArgs&&);
template std::unique_ptr<ResultCall<RawPage>> make_call(ScanArgs&&);
template std::unique_ptr<ResultCall<RawPage>> make_call(CountArgs&&);
template std::unique_ptr<ResultCall<RawBatch>> make_call(IterateArgs&&);
template std::unique_ptr<ResultCall<RawBatchWritten>> make_call(BatchWriteArgs&&);
template std::unique_ptr<ResultCall<RawTransacted>> make_call(TransactArgs&&);
template std::unique_ptr<ResultCall<RawSearched>> make_call(SearchArgs&&);
template std::unique_ptr<ResultCall<TableReport>> make_call(TableArgs&&);
template std::unique_ptr<ResultCall<core::ScannedRows>> make_call(ScanRowsArgs&&);
template std::unique_ptr<ResultCall<Capacity>> make_call(PutRowsArgs&&);
template std::unique_ptr<ResultCall<core::CheckedRows>> make_call(CheckRowsArgs&&);

}  // namespace bao::detail
