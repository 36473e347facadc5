#pragma once

#include <coroutine>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <bao/capacity.hpp>
#include <bao/condition.hpp>
#include <bao/context.hpp>
#include <bao/error.hpp>
#include <bao/field.hpp>
#include <bao/model_info.hpp>
#include <bao/options.hpp>

// What lies between the typed face and the core: calls by plain values. Not for users.
namespace bao::detail {

/// A stored item, keeping the answer that holds it alive. Empty: no item.
struct RawItem {
  std::shared_ptr<const void> document = {};
  std::uint32_t index = 0;
  bool partial = false;      ///< only some attributes were asked for
  std::uint64_t client = 0;  ///< number of the client that read it

  [[nodiscard]] explicit operator bool() const { return document != nullptr; }
};

/// Visits the attributes of a stored item in the order received; the visitor gives false to stop.
void visit_attributes(const RawItem& item,
                      bool (*visit)(void* state, std::string_view name, const AttributeView&), void* state);
/// An owned copy of a whole stored item.
[[nodiscard]] Value::Map to_map(const RawItem& item);

/// Reads the item's attributes into the fields; fields without an attribute hold nothing afterwards.
[[nodiscard]] std::optional<Error> load_fields(const ModelInfo& model, const RawItem& item, void* fields);
/// The changed fields, in the order of the model.
[[nodiscard]] std::vector<FieldChange> collect_changes(const ModelInfo& model, const void* fields,
                                                       Write write);
void settle_fields(const ModelInfo& model, void* fields);
/// The primary id of a stored item of this model, from its `_pk` and `_sk`; empty for no item.
[[nodiscard]] std::string item_id(const ModelInfo& model, const RawItem& item);

/// Throws a ConfigurationError where the model is not searchable.
[[nodiscard]] std::string normalize_search_term(const ModelInfo& model, std::string term);

/// The cache's entry behind a find or a write: where the face keeps its instance.
class RawEntry {
 public:
  RawEntry() = default;
  explicit RawEntry(std::shared_ptr<void> entry) : entry_(std::move(entry)) {}
  [[nodiscard]] std::shared_ptr<void> instance() const;
  void keep(std::shared_ptr<void> instance) const;
  [[nodiscard]] explicit operator bool() const { return entry_ != nullptr; }

 private:
  std::shared_ptr<void> entry_;
};

struct RawFound {
  RawItem item = {};
  RawEntry entry = {};
  Capacity capacity = {};
};
struct RawPage {
  std::vector<RawItem> items = {};
  std::int64_t count = 0;
  Value last_key = {};
  Capacity capacity = {};
};
/// What a page counted.
struct ToCount {
  Result<std::int64_t> operator()(const Context& /*context*/, const RawPage& raw) const { return raw.count; }
};
struct RawFoundMany {
  std::vector<std::pair<std::string, RawFound>> items = {};
  Capacity capacity = {};
};

/// Which model a call is for: by its description, or by name for models known at run time only.
struct ModelName {
  const ModelInfo* info = nullptr;
  std::string name = {};
};

/// A key: an id, or the logical values of its halves.
struct RawKey {
  std::string id = {};
  bool by_parts = false;
  Value partition = {};
  Value sort = {};
};

struct FindArgs {
  ModelName model = {};
  RawKey key = {};
  FindOptions options = {};
  using Result = RawFound;
};
struct FindUniqueArgs {
  ModelName model = {};
  std::string constraint = {};
  Value value = {};
  FindOptions options = {};
  using Result = RawFound;
};
struct FindManyArgs {
  ModelName model = {};
  std::vector<std::string> ids = {};
  FindOptions options = {};
  using Result = RawFoundMany;
};
struct RawWriteOptions {
  Condition condition = {};
  bool force_reindex = false;
};
struct CreateArgs {
  ModelName model = {};
  RawKey key = {};    ///< of `base`
  RawItem base = {};  ///< the item as it was read, where one is created again: it says whose it is
  std::vector<FieldChange> changes = {};
  std::vector<DynamicChange> named = {};  ///< instead of changes, where the model is dynamic
  RawWriteOptions options = {};
  using Result = RawFound;
};
struct UpdateArgs {
  ModelName model = {};
  RawKey key = {};
  std::vector<FieldChange> changes = {};
  std::vector<DynamicChange> named = {};  ///< instead of changes, where the model is dynamic
  RawItem base = {};
  RawWriteOptions options = {};
  using Result = RawFound;
};
struct RemoveArgs {
  ModelName model = {};
  RawKey key = {};
  RawItem base = {};
  RawWriteOptions options = {};
  using Result = RawFound;
};
struct QueryArgs {
  ModelName model = {};
  std::string index = {};  ///< empty: the primary key
  Value partition = {};
  SortKeyCondition sort = {};
  std::optional<std::int64_t> limit = {};  ///< as in QueryOptions
  Value start_key = {};
  bool descending = false;
  Condition filter = {};
  bool count_only = false;
  bool consistent = false;
  std::vector<std::string> attributes = {};
  using Result = RawPage;
};

struct ScanArgs {
  ModelName model = {};
  Condition filter = {};
  std::optional<std::int64_t> limit = {};
  Value start_key = {};
  std::string index = {};  ///< empty: the table
  std::optional<std::int64_t> segment = {};
  std::optional<std::int64_t> total_segments = {};
  bool consistent = false;
  std::vector<std::string> attributes = {};
  using Result = RawPage;
};
struct CountArgs {
  ModelName model = {};
  Condition filter = {};
  std::string index = {};  ///< empty: all items
  bool consistent = false;
  using Result = RawPage;
};

struct RawBatch {
  std::vector<RawFound> items = {};
  IterationPosition next = {};
  Capacity capacity = {};
};
struct IterateArgs {
  ModelName model = {};
  std::int64_t batch_size = 100;
  std::optional<std::int64_t> bucket = {};  ///< nothing: all
  Condition filter = {};
  IterationPosition from = {};
  using Result = RawBatch;
};
struct RawBatchWritten {
  std::vector<RawFound> put = {};
  Capacity capacity = {};
};
struct BatchWriteArgs {
  ModelName model = {};
  std::vector<std::vector<FieldChange>> put = {};
  std::vector<std::vector<DynamicChange>> named = {};  ///< instead of put, where the model is dynamic
  std::vector<std::string> remove = {};
  using Result = RawBatchWritten;
};

struct RawSearched {
  std::vector<RawFound> items = {};
  std::string cursor = {};
  Capacity capacity = {};
};
struct SearchArgs {
  ModelName model = {};
  std::vector<std::string> terms = {};
  bool any_term = false;
  std::optional<std::int64_t> limit = {};
  std::int64_t batch_size = 100;
  std::int64_t queries_per_bucket_max = 10;
  std::int64_t parallel = 1;
  std::optional<std::int64_t> bucket = {};  ///< nothing: all
  std::string cursor = {};
  Condition filter = {};
  using Result = RawSearched;
};

/// One action of a transaction.
struct TransactPart {
  enum class Kind : std::uint8_t { create, update, remove, check };
  Kind kind = Kind::check;
  ModelName model = {};
  RawKey key = {};  ///< of a create: that of `base`
  std::vector<FieldChange> changes = {};
  std::vector<DynamicChange> named = {};  ///< instead of changes, where the model is dynamic
  RawItem base = {};
  RawWriteOptions options = {};
};
struct RawTransacted {
  std::vector<RawFound> items = {};  ///< one for each action
  Capacity capacity = {};
};
struct TransactArgs {
  std::vector<TransactPart> parts = {};
  using Result = RawTransacted;
};

/// One call of the core, running. Pinned: the core writes its result here.
class RunningCall {
 public:
  RunningCall() = default;
  RunningCall(const RunningCall&) = delete;
  RunningCall& operator=(const RunningCall&) = delete;
  virtual ~RunningCall() = default;
  /// Starts the call on the client's executor and resumes `caller` when it ended. Gives up when destroyed.
  virtual void start(const Context& context, std::coroutine_handle<> caller) = 0;
};

template <class R>
class ResultCall : public RunningCall {
 public:
  [[nodiscard]] virtual Result<R> take() = 0;
};

template <class Args>
[[nodiscard]] std::unique_ptr<ResultCall<typename Args::Result>> make_call(Args&& args);

extern template std::unique_ptr<ResultCall<RawFound>> make_call(FindArgs&&);
extern template std::unique_ptr<ResultCall<RawFound>> make_call(FindUniqueArgs&&);
extern template std::unique_ptr<ResultCall<RawFoundMany>> make_call(FindManyArgs&&);
extern template std::unique_ptr<ResultCall<RawFound>> make_call(CreateArgs&&);
extern template std::unique_ptr<ResultCall<RawFound>> make_call(UpdateArgs&&);
extern template std::unique_ptr<ResultCall<RawFound>> make_call(RemoveArgs&&);
extern template std::unique_ptr<ResultCall<RawPage>> make_call(QueryArgs&&);
extern template std::unique_ptr<ResultCall<RawPage>> make_call(ScanArgs&&);
extern template std::unique_ptr<ResultCall<RawPage>> make_call(CountArgs&&);
extern template std::unique_ptr<ResultCall<RawBatch>> make_call(IterateArgs&&);
extern template std::unique_ptr<ResultCall<RawBatchWritten>> make_call(BatchWriteArgs&&);
extern template std::unique_ptr<ResultCall<RawTransacted>> make_call(TransactArgs&&);
extern template std::unique_ptr<ResultCall<RawSearched>> make_call(SearchArgs&&);

}  // namespace bao::detail
