#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <bao/context.hpp>
#include <bao/detail/record.hpp>
#include <bao/operation.hpp>
#include <bao/plugin.hpp>
#include <bao/task.hpp>
#include <bao/with_context.hpp>

// Writes with the hooks around them: the same for one write and for those of a transaction, for model classes
// and for models by name. Not for users.
namespace bao::detail {

/// Data of a model class.
template <class M>
struct TypedWriter {
  using Item = M;
  using Data = typename M::Fields;
  using Plugin = bao::Plugin<M>;
  using Options = HookOptions<M>;

  [[nodiscard]] ModelName model() const { return {.info = &M::model_info(), .name = {}}; }
  template <class Args>
  void store(Args& args, const Data& data, Write write) const {
    args.changes = collect_changes(M::model_info(), &data, write);
  }
  [[nodiscard]] std::optional<Error> defaults(const Context& context, Data& data) const {
    return show_defaults(context, M::model_info(), &data);
  }
  [[nodiscard]] Result<void> fill(const Context&, M& item, RawFound found) const {
    return adopt(RecordAccess::record(item), std::move(found));
  }
  [[nodiscard]] static RawWriteOptions raw(const Options& options) {
    return {.condition = options.condition.tree(), .force_reindex = options.force_reindex};
  }
};

[[nodiscard]] Result<void> fill_dynamic(const Context& context, const std::string& model, DynamicItem& item,
                                        RawFound found);

/// Data of a model by its name.
struct DynamicWriter {
  using Item = DynamicItem;
  using Data = std::vector<DynamicChange>;
  using Plugin = DynamicPlugin;
  using Options = DynamicHookOptions;

  std::string name = {};

  [[nodiscard]] ModelName model() const { return {.info = nullptr, .name = name}; }
  template <class Args>
  void store(Args& args, const Data& data, Write) const {
    args.named = data;
  }
  [[nodiscard]] std::optional<Error> defaults(const Context& context, Data& data) const {
    return show_defaults(context, name, data);
  }
  [[nodiscard]] Result<void> fill(const Context& context, DynamicItem& item, RawFound found) const {
    return fill_dynamic(context, name, item, std::move(found));
  }
  [[nodiscard]] static RawWriteOptions raw(const Options& options) {
    return {.condition = options.condition, .force_reindex = options.force_reindex};
  }
};

template <class M>
[[nodiscard]] HookOptions<M> hook_options(SaveOptions<M> options, bool is_new) {
  HookOptions<M> result;
  static_cast<SaveOptions<M>&>(result) = std::move(options);
  result.is_new = is_new;
  return result;
}
template <class M>
[[nodiscard]] HookOptions<M> hook_options(WriteOptions<M> options, bool is_new) {
  return hook_options(SaveOptions<M>{.constraints = {},
                                     .condition = std::move(options.condition),
                                     .force_reindex = options.force_reindex,
                                     .note = std::move(options.note)},
                      is_new);
}
[[nodiscard]] inline DynamicHookOptions hook_options(DynamicSave options, bool is_new) {
  DynamicHookOptions result;
  static_cast<DynamicSave&>(result) = std::move(options);
  result.is_new = is_new;
  return result;
}
[[nodiscard]] inline DynamicHookOptions hook_options(DynamicWrite options, bool is_new) {
  return hook_options(DynamicSave{.must_exist = false,
                                  .must_not_exist = false,
                                  .field_matches = {},
                                  .condition = std::move(options.condition),
                                  .force_reindex = options.force_reindex,
                                  .note = std::move(options.note)},
                      is_new);
}

/// One write, in the steps that it has alone as in a transaction.
class Action {
 public:
  Action() = default;
  Action(const Action&) = delete;
  Action& operator=(const Action&) = delete;
  virtual ~Action() = default;

  /// The instance that it saves or removes, if it is about one: it has to have its turn.
  [[nodiscard]] virtual std::shared_ptr<RecordBase> instance() const { return nullptr; }
  /// What is to be sent, after the hooks before it. Nothing: there is nothing to write.
  [[nodiscard]] virtual Task<Result<std::optional<TransactPart>>> prepare() = 0;
  /// Takes what was written.
  [[nodiscard]] virtual Result<void> take(const Context& context, RawFound found) = 0;
  /// The hooks after it.
  [[nodiscard]] virtual Task<void> finish() = 0;
};

/// create, update and the saves of models by name.
template <class W>
class DataAction final : public Action {
 public:
  using Item = typename W::Item;
  using Options = typename W::Options;
  using Kind = TransactPart::Kind;

  struct Parts {
    W writer = {};
    Kind kind = Kind::create;
    RawKey key = {};
    typename W::Data data = {};
    RawItem base = {};
    Options options = {};
    Item item = {};  ///< where the written item goes
  };
  explicit DataAction(Parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] Task<Result<std::optional<TransactPart>>> prepare() override {
    const Context context = co_await this_context();
    if (std::optional<Error> error = refuse_context(context)) co_return std::unexpected(std::move(*error));
    if (parts_.base.partial) {
      const ModelName model = parts_.writer.model();
      co_return std::unexpected(
          refuse_partial(model.info != nullptr ? model.info->definition.name : model.name, parts_.key.id));
    }
    hooks_.emplace(context, parts_.writer.model());
    if (hooks_->any()) {
      if (parts_.kind == Kind::create) {
        if (std::optional<Error> error = parts_.writer.defaults(context, parts_.data)) {
          co_return std::unexpected(std::move(*error));
        }
      }
      auto running = hooks_->run(&W::Plugin::before_save, parts_.data, parts_.options);
      co_await std::move(running);
    }
    TransactPart part{.kind = parts_.kind,
                      .model = parts_.writer.model(),
                      .key = parts_.key,
                      .changes = {},
                      .named = {},
                      .base = parts_.base,
                      .options = W::raw(parts_.options)};
    parts_.writer.store(part, parts_.data, parts_.kind == Kind::create ? Write::create : Write::update);
    std::optional<TransactPart> prepared(std::move(part));
    co_return prepared;
  }
  [[nodiscard]] Result<void> take(const Context& context, RawFound found) override {
    return parts_.writer.fill(context, parts_.item, std::move(found));
  }
  [[nodiscard]] Task<void> finish() override {
    return hooks_->run(&W::Plugin::after_save, parts_.item, parts_.options);
  }
  [[nodiscard]] Item& result() { return parts_.item; }

 private:
  Parts parts_;
  std::optional<Hooks<typename W::Plugin>> hooks_;
};

/// Deletes.
template <class W>
class RemoveAction final : public Action {
 public:
  using Item = typename W::Item;
  using Options = typename W::Options;

  /// `base`: the item as loaded, where the caller has it.
  RemoveAction(W writer, std::string id, RawItem base, Options options)
      : writer_(std::move(writer)),
        id_(std::move(id)),
        base_(std::move(base)),
        options_(std::move(options)) {}
  /// Of an instance, as it is when its turn has come.
  RemoveAction(W writer, std::shared_ptr<RecordBase> record, Options options)
      : writer_(std::move(writer)), options_(std::move(options)), record_(std::move(record)) {}

  [[nodiscard]] std::shared_ptr<RecordBase> instance() const override { return record_; }
  [[nodiscard]] Task<Result<std::optional<TransactPart>>> prepare() override {
    const Context context = co_await this_context();
    if (std::optional<Error> error = refuse_context(context)) co_return std::unexpected(std::move(*error));
    if (record_) {
      id_ = id_of(*record_);
      base_ = record_->loaded;
    }
    hooks_.emplace(context, writer_.model());
    auto running = hooks_->run(&W::Plugin::before_delete, id_, options_);
    co_await std::move(running);
    std::optional<TransactPart> prepared(TransactPart{.kind = TransactPart::Kind::remove,
                                                      .model = writer_.model(),
                                                      .key = {.id = id_},
                                                      .changes = {},
                                                      .named = {},
                                                      .base = base_,
                                                      .options = W::raw(options_)});
    co_return prepared;
  }
  [[nodiscard]] Result<void> take(const Context& context, RawFound found) override {
    found.entry = RawEntry();  // the cache's says that the item is gone
    return writer_.fill(context, item_, std::move(found));
  }
  [[nodiscard]] Task<void> finish() override { return hooks_->run(&W::Plugin::after_delete, id_, options_); }
  [[nodiscard]] Item& result() { return item_; }

 private:
  W writer_;
  std::string id_;
  RawItem base_;
  Options options_;
  std::shared_ptr<RecordBase> record_;
  Item item_ = {};
  std::optional<Hooks<typename W::Plugin>> hooks_;
};

/// What `item.save(options)` does, with the changes that the instance has when this is made; or, where other
/// saves of it came between, with those that they left.
template <class M>
class SaveAction final : public Action {
 public:
  using Fields = typename M::Fields;

  SaveAction(M item, SaveOptions<M> options)
      : item_(std::move(item)),
        record_(RecordAccess::record(item_)),
        changes_(fields()),
        options_(hook_options(std::move(options), !record_->exists)) {
    keep_changes_only(*record_, &changes_);
    // The mark of a save that is under way is its own until it has ended.
    if (!record_->saves.taken) mark_ = mark_changes(*record_);
  }

  [[nodiscard]] std::shared_ptr<RecordBase> instance() const override { return record_; }
  [[nodiscard]] Task<Result<std::optional<TransactPart>>> prepare() override {
    const Context context = co_await this_context();
    if (std::optional<Error> error = refuse_context(context)) co_return std::unexpected(std::move(*error));
    if (mark_ != record_->marks) take_again();
    if (std::optional<Error> error = refuse_save(*record_)) co_return std::unexpected(std::move(*error));
    const ModelInfo& info = M::model_info();
    std::optional<TransactPart> prepared;
    // What must not exist is created whole, whatever changed of it.
    if (!options_.is_new && !options_.force_reindex && !options_.constraints.must_not_exist &&
        collect_changes(info, &changes_, Write::update).empty()) {
      co_return prepared;
    }
    hooks_.emplace(context, TypedWriter<M>().model());
    if (hooks_->any()) {
      if (options_.is_new) {
        if (std::optional<Error> error = show_defaults(context, info, &changes_)) {
          co_return std::unexpected(std::move(*error));
        }
      }
      auto running = hooks_->run(&bao::Plugin<M>::before_save, changes_, options_);
      co_await std::move(running);
    }
    Result<TransactPart> part = planned(context);
    if (!part) co_return std::unexpected(std::move(part).error());
    prepared.emplace(std::move(*part));
    co_return prepared;
  }
  [[nodiscard]] Result<void> take(const Context&, RawFound found) override {
    return adopt(record_, std::move(found), true);
  }
  [[nodiscard]] Task<void> finish() override {
    return hooks_->run(&bao::Plugin<M>::after_save, item_, options_);
  }

 private:
  [[nodiscard]] const Fields& fields() const { return *static_cast<const Fields*>(record_->data()); }

  void take_again() {
    std::destroy_at(&changes_);  // assignment would compare what is there
    std::construct_at(&changes_, fields());
    keep_changes_only(*record_, &changes_);
    mark_ = mark_changes(*record_);
    options_.is_new = !record_->exists;
  }

  [[nodiscard]] Result<TransactPart> planned(const Context& context) {
    const ModelInfo& info = M::model_info();
    const SaveConstraints<M>& constraints = options_.constraints;
    const bool creates = constraints.must_not_exist || (options_.is_new && !constraints.must_exist);
    TransactPart part{.kind = TransactPart::Kind::update,
                      .model = TypedWriter<M>().model(),
                      .key = {},
                      .changes = collect_changes(info, &changes_, creates ? Write::create : Write::update),
                      .named = {},
                      .base = {},
                      .options = TypedWriter<M>::raw(options_)};
    if (creates) {
      part.kind = TransactPart::Kind::create;
      if (!options_.is_new) part.changes = with_changes(std::move(part.changes));
    } else if (options_.is_new) {
      part.key = take_key(info, part.changes);
    }
    if (!options_.is_new) {
      part.key.id = id_of(*record_);
      part.base = record_->loaded;
    }
    if (constraints.field_matches.empty()) return part;
    Result<Condition> same = still_matches(context, *record_, field_names(constraints.field_matches));
    if (!same) return std::unexpected(std::move(same).error());
    part.options.condition = both(std::move(part.options.condition), std::move(*same));
    return part;
  }

  // All that the instance has, where hooks have not said otherwise.
  [[nodiscard]] std::vector<FieldChange> with_changes(std::vector<FieldChange> changes) {
    const Fields copy = fields();
    std::vector<FieldChange> whole = whole_item(*record_, &copy);
    for (FieldChange& change : changes) {
      if (change.kind != FieldChange::Kind::set) continue;  // the whole has what came of it
      bool known = false;
      for (FieldChange& value : whole) {
        if (value.field != change.field) continue;
        value = change;
        known = true;
      }
      if (!known) whole.push_back(std::move(change));
    }
    return whole;
  }

  M item_;
  std::shared_ptr<RecordBase> record_;
  Fields changes_;
  std::uint64_t mark_ = 0;  ///< 0: none
  HookOptions<M> options_;
  std::optional<Hooks<bao::Plugin<M>>> hooks_;
};

/// A condition of a transaction; it has no hooks and gives nothing.
class CheckAction final : public Action {
 public:
  explicit CheckAction(TransactPart part) : part_(std::move(part)) {}

  [[nodiscard]] Task<Result<std::optional<TransactPart>>> prepare() override {
    std::optional<TransactPart> prepared(part_);
    co_return prepared;
  }
  [[nodiscard]] Result<void> take(const Context&, RawFound) override { return {}; }
  [[nodiscard]] Task<void> finish() override { co_return; }

 private:
  TransactPart part_;
};

/// Does one action by itself. `result` says what it gives.
template <class T, class A, class Give>
Task<Result<T>> act(std::unique_ptr<A> action, Give give) {
  const Context context = co_await this_context();
  SaveTurns turns;
  auto preparing = action->prepare();
  if (std::shared_ptr<RecordBase> instance = action->instance()) {
    std::vector<std::shared_ptr<RecordBase>> records{std::move(instance)};
    auto taking = take_turns(std::move(records));
    Result<SaveTurns> taken = co_await std::move(taking);
    if (!taken) co_return std::unexpected(std::move(taken).error());
    turns = std::move(*taken);
    preparing = with_context(turns.inside(context), std::move(preparing));
  }
  Result<std::optional<TransactPart>> part = co_await std::move(preparing);
  if (!part) co_return std::unexpected(std::move(part).error());
  if (*part) {
    auto writing = write_alone(std::move(**part));
    Result<RawFound> found = co_await std::move(writing);
    if (!found) co_return std::unexpected(std::move(found).error());
    Result<void> taken = action->take(context, std::move(*found));
    if (!taken) co_return std::unexpected(std::move(taken).error());
    turns.end();  // the hooks after it may save the instance again
    auto finishing = action->finish();
    co_await std::move(finishing);
  }
  if constexpr (std::is_void_v<T>) {
    co_return Result<void>();
  } else {
    co_return Result<T>(give(*action));
  }
}

struct GiveItem {
  template <class A>
  auto operator()(A& action) const {
    return std::move(action.result());
  }
};

/// For actions that give their item.
template <class A>
[[nodiscard]] TaskOperation<typename A::Item> item_of(std::unique_ptr<A> action) {
  return TaskOperation<typename A::Item>(act<typename A::Item>(std::move(action), GiveItem()));
}
/// For those that give nothing.
template <class A>
[[nodiscard]] TaskOperation<void> nothing_of(std::unique_ptr<A> action) {
  return TaskOperation<void>(act<void>(std::move(action), GiveItem()));
}

/// The writes of a batch_write, with the hooks around them. `convert` makes the result of what was written,
/// and `items` finds the items in it.
template <class W, class Convert, class Items>
auto write_batch(W writer, std::vector<typename W::Data> put, std::vector<std::string> remove,
                 Convert convert, Items items)
    -> Task<std::invoke_result_t<Convert&, const Context&, RawBatchWritten>> {
  using P = typename W::Plugin;
  const Context context = co_await this_context();
  if (std::optional<Error> error = refuse_context(context)) co_return std::unexpected(std::move(*error));
  const Hooks<P> hooks(context, writer.model());
  typename W::Options putting;
  putting.is_new = true;
  const typename W::Options removing;
  BatchWriteArgs args{.model = writer.model(), .put = {}, .named = {}, .remove = remove};
  for (typename W::Data& data : put) {
    if (hooks.any()) {
      if (std::optional<Error> error = writer.defaults(context, data)) {
        co_return std::unexpected(std::move(*error));
      }
      auto running = hooks.run(&P::before_save, data, putting);
      co_await std::move(running);
    }
    TransactPart part;
    writer.store(part, data, Write::create);
    if (args.model.info != nullptr) {
      args.put.push_back(std::move(part.changes));
    } else {
      args.named.push_back(std::move(part.named));
    }
  }
  for (const std::string& id : remove) {
    auto running = hooks.run(&P::before_delete, id, removing);
    co_await std::move(running);
  }
  Operation writing(std::move(args), std::move(convert));
  auto waiting = std::move(writing).as_result();
  auto written = co_await std::move(waiting);
  if (!written) co_return written;
  for (auto& item : items(*written)) {
    auto running = hooks.run(&P::after_save, item, putting);
    co_await std::move(running);
  }
  for (const std::string& id : remove) {
    auto running = hooks.run(&P::after_delete, id, removing);
    co_await std::move(running);
  }
  co_return written;
}

}  // namespace bao::detail
