#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <bao/capacity.hpp>
#include <bao/detail/call.hpp>
#include <bao/detail/save_turn.hpp>
#include <bao/error.hpp>
#include <bao/model_info.hpp>
#include <bao/options.hpp>
#include <bao/task.hpp>

namespace bao {

template <class M, class F>
class Model;

}  // namespace bao

// The state behind the handles of models. Not for users.
namespace bao::detail {

/// What the handles of one item share, whatever their model.
struct RecordBase {
  explicit RecordBase(const ModelInfo& info, bool made_by_program = false)
      : model(&info), is_new(made_by_program) {}
  RecordBase(const RecordBase&) = delete;
  RecordBase& operator=(const RecordBase&) = delete;
  virtual ~RecordBase() = default;
  /// The model's fields, as the bindings of `model` take them.
  [[nodiscard]] virtual void* data() = 0;

  const ModelInfo* model;
  RawItem loaded = {};
  std::string id = {};  ///< made when it is asked for
  bool exists = false;
  bool is_new;  ///< made by the program: a save creates it
  Capacity capacity = {};
  std::uint64_t marks = 0;  ///< how often a save took the changes
  SaveQueue saves = {};
};

template <class F>
struct Record final : RecordBase {
  using RecordBase::RecordBase;
  Record(const ModelInfo& info, F given) : RecordBase(info, true), fields(std::move(given)) {}
  [[nodiscard]] void* data() override { return &fields; }

  F fields = {};
};

/// The record's primary id; empty where there is none.
[[nodiscard]] const std::string& id_of(RecordBase& record);

/// Fills a record with an item as it was read. No item: it stays as it is.
[[nodiscard]] Result<void> fill(RecordBase& record, RawItem item, Capacity capacity);
/// Fills it with what a write of it left. Related items stay where their ids do. `keep_later`: what changed
/// since mark_changes() stays a change.
[[nodiscard]] Result<void> adopt(const std::shared_ptr<RecordBase>& record, RawFound written,
                                 bool keep_later = false);
/// A save takes the changes that there are now. Gives the number of the mark: another is another save's.
std::uint64_t mark_changes(RecordBase& record);

/// A found item: the record that the cache has, or a new one that it then keeps.
struct ToRecord {
  const ModelInfo* model = nullptr;
  Result<std::shared_ptr<RecordBase>> operator()(const Context& context, RawFound found) const;
};

/// What reading and writing the item consumed; `include_related`: with the loaded related items, each once.
[[nodiscard]] double consumed_units(RecordBase& record, CapacityType type, bool include_related);

// Related items.

/// Whether `target` keeps `holder` by what it is related to.
[[nodiscard]] bool leads_back(RecordBase& holder, RecordBase& target);
/// Keeps the item that a RelatedField of `holder` names; weakly where that one leads back to the holder.
template <class M>
void keep_related(RecordBase& holder, const Related<M>& field, const std::shared_ptr<RecordBase>& target) {
  if (leads_back(holder, *target)) {
    field.keep_weakly(target);
  } else {
    field.keep(target);
  }
}
/// `context`, on behalf of the record's tenant: for finding what the record is related to. ValidationError
/// where the context is of another tenant or client than the one that the record was read for.
[[nodiscard]] Result<Context> context_of(Context context, RecordBase& record);
/// Forgets the loaded items of these fields; without fields of all.
void forget_related(RecordBase& record, const std::vector<std::string>& fields);
/// Loads what these fields of these records name (without fields: all RelatedFields), all in one turn, each
/// record's in its context_of.
[[nodiscard]] Task<Result<void>> load_related(std::vector<std::shared_ptr<RecordBase>> records,
                                              std::vector<std::string> fields,
                                              std::optional<LoaderContext> loader);

// Writing.

/// Why this instance cannot be saved, or nothing: a miss, and one that was read in part.
[[nodiscard]] std::optional<Error> refuse_save(RecordBase& record);
[[nodiscard]] Error refuse_partial(const std::string& model, const std::string& id);
[[nodiscard]] Error unknown_model(const ModelName& name);
/// Takes out of `fields`, a copy of the record's, what was not changed.
void keep_changes_only(RecordBase& record, void* fields);
/// All values of the record as the values of a new item. `copy` is a copy of its fields.
[[nodiscard]] std::vector<FieldChange> whole_item(RecordBase& record, const void* copy);
/// Changes of the primary key's fields are taken out of `changes` and become the key.
[[nodiscard]] RawKey take_key(const ModelInfo& model, std::vector<FieldChange>& changes);
/// The condition that these fields still have the values that the record was read with.
[[nodiscard]] Result<Condition> still_matches(const Context& context, RecordBase& record,
                                              const std::vector<std::string>& fields);
[[nodiscard]] Result<Condition> still_matches(const Context& context, const ModelName& name,
                                              const RawItem& loaded, const std::vector<std::string>& fields);
/// Both must hold.
[[nodiscard]] Condition both(Condition a, Condition b);
/// Shows the default values that creation will give to fields which have none; they do not count as changes.
[[nodiscard]] std::optional<Error> show_defaults(const Context& context, const ModelInfo& info, void* fields);
[[nodiscard]] std::optional<Error> show_defaults(const Context& context, const std::string& name,
                                                 std::vector<DynamicChange>& changes);
/// One write by itself.
[[nodiscard]] Task<Result<RawFound>> write_alone(TransactPart part);

/// The primary id that these values make; throws a ValidationError where they cannot be a key's.
[[nodiscard]] std::string make_primary_id(const ModelInfo& info, const Value& partition, const Value& sort);

struct RecordAccess {
  template <class M>
  [[nodiscard]] static std::shared_ptr<RecordBase> record(const M& handle) {
    const Model<M, typename M::Fields>& base = handle;
    return base.record();
  }
  template <class M>
  [[nodiscard]] static M handle(std::shared_ptr<RecordBase> record) {
    M handle;
    Model<M, typename M::Fields>& base = handle;
    base.record_ = std::static_pointer_cast<Record<typename M::Fields>>(std::move(record));
    return handle;
  }
};

}  // namespace bao::detail
