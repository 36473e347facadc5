#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <bao/value.hpp>

/// The embedded engine, called in the process: a DynamoDB without a port, and for single items without JSON.
/// Programs that use models do not need it: they give a client the endpoint `memory:` or `file:PATH`.
namespace bao::embedded {

/// DynamoDB's error, or the loss of its answer.
struct Error {
  int status = 400;       ///< as over HTTP; 0: no answer came, which only the "drop" faults bring about
  std::string type = {};  ///< "ConditionalCheckFailedException", without a prefix; empty: no answer came
  std::string message = {};
  /// With ConditionalCheckFailedException, where the request asked for it: the item as it is.
  std::optional<Value::Map> item = std::nullopt;
};

/// What a request came to. Used like std::expected.
template <class T>
struct Reply {
  std::expected<T, Error> result = {};
  /// How late a "latency" fault lets the answer be, ms. The engine does not wait: callers that want to feel
  /// it do. 0: no fault.
  std::int64_t delay_ms = 0;

  explicit operator bool() const { return result.has_value(); }
  [[nodiscard]] T& operator*() { return *result; }
  [[nodiscard]] const T& operator*() const { return *result; }
  [[nodiscard]] T* operator->() { return &*result; }
  [[nodiscard]] const T* operator->() const { return &*result; }
  [[nodiscard]] const Error& error() const { return result.error(); }
};

/// ReturnValues. Puts and deletes know none and all_old.
enum class ReturnValues : std::uint8_t { none, all_old, updated_old, all_new, updated_new };
/// ReturnConsumedCapacity.
enum class ReturnCapacity : std::uint8_t { none, total, indexes };

/// ExpressionAttributeNames: {"#n", "name"}.
using Names = std::map<std::string, std::string, std::less<>>;

struct ConsumedCapacity {
  std::string table = {};
  double units = 0;  ///< all of it
  // With ReturnCapacity::indexes, where it came from:
  double table_units = 0;
  std::map<std::string, double> local_indexes = {};
  std::map<std::string, double> global_indexes = {};
};

// Texts are UTF-8. An empty expression stands for none; a null Value for DynamoDB's NULL.

struct GetItemRequest {
  std::string table = {};
  Value::Map key = {};
  std::string projection = {};  ///< ProjectionExpression
  Names names = {};
  bool consistent = false;  ///< only the capacity differs: reads of a table are never stale
  ReturnCapacity return_capacity = ReturnCapacity::none;
};

struct GetItemAnswer {
  std::optional<Value::Map> item = std::nullopt;
  std::optional<ConsumedCapacity> capacity = std::nullopt;
};

struct PutItemRequest {
  std::string table = {};
  Value::Map item = {};
  std::string condition = {};  ///< ConditionExpression
  Names names = {};
  Value::Map values = {};  ///< ExpressionAttributeValues: {":v", value}
  ReturnValues return_values = ReturnValues::none;
  bool return_item_on_failure = false;  ///< ReturnValuesOnConditionCheckFailure
  ReturnCapacity return_capacity = ReturnCapacity::none;
};

struct UpdateItemRequest {
  std::string table = {};
  Value::Map key = {};
  std::string update = {};  ///< UpdateExpression
  std::string condition = {};
  Names names = {};
  Value::Map values = {};
  ReturnValues return_values = ReturnValues::none;
  bool return_item_on_failure = false;
  ReturnCapacity return_capacity = ReturnCapacity::none;
};

struct DeleteItemRequest {
  std::string table = {};
  Value::Map key = {};
  std::string condition = {};
  Names names = {};
  Value::Map values = {};
  ReturnValues return_values = ReturnValues::none;
  bool return_item_on_failure = false;
  ReturnCapacity return_capacity = ReturnCapacity::none;
};

struct WriteAnswer {
  std::optional<Value::Map> attributes = std::nullopt;  ///< what return_values asked for
  std::optional<ConsumedCapacity> capacity = std::nullopt;
};

/// An answer as it goes over HTTP.
struct JsonAnswer {
  int status = 200;
  std::string body = {};      ///< errors as DynamoDB sends them: {"__type":"...","message":"..."}
  std::int64_t delay_ms = 0;  ///< as Reply's
  bool dropped = false;       ///< a "drop" fault: the client is to get no answer
};

/// When an acknowledged write is safe in the file.
enum class Sync : std::uint8_t {
  full,    ///< before the call returns
  normal,  ///< with the next call after 100 ms, with settle(), or at the end: then the disk has it
  off,     ///< the same, but left to the system: after a loss of power the file may be unusable
};

struct Options {
  /// The file that keeps the tables (docs/engine.md, "The file"). Empty, the default: in memory.
  std::string file = {};
  Sync sync = Sync::normal;  ///< default normal; without a file nothing to sync
  /// Milliseconds since the epoch, for dates, idempotency tokens and time to live. Default: the system clock.
  std::function<std::int64_t()> now_ms = {};
  /// How long tables and indexes are CREATING, UPDATING and DELETING, ms. Default 0: changes at once.
  std::int64_t table_change_ms = 0;
  /// How far global indexes lag behind their tables, ms. Default 0: not at all.
  std::int64_t gsi_delay_ms = 0;
};

/// Not thread safe: one caller at a time. Nothing throws. The typed calls make the checks, commits and errors
/// of the operations of their names; what is said of one holds for the other.
class Engine {
 public:
  /// The error says why the file cannot be used.
  [[nodiscard]] static std::expected<Engine, std::string> open(Options options = {});
  /// Writes the file.
  ~Engine();
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;

  /// Any operation ("CreateTable"), JSON to JSON.
  [[nodiscard]] JsonAnswer handle(std::string_view operation, std::string body);

  [[nodiscard]] Reply<GetItemAnswer> get_item(const GetItemRequest& request);
  Reply<WriteAnswer> put_item(const PutItemRequest& request);
  Reply<WriteAnswer> update_item(const UpdateItemRequest& request);
  Reply<WriteAnswer> delete_item(const DeleteItemRequest& request);

  /// Replaces the faults by those of a plan in JSON (docs/engine.md, "Faults"); `{}` ends them. The error
  /// names what is wrong with the plan.
  [[nodiscard]] std::expected<void, std::string> set_faults(std::string plan);
  /// Deletes items whose time to live is over, looking at `items_max` items at most and going on where the
  /// last call stopped. How many it deleted.
  std::size_t sweep(std::size_t items_max);
  /// Makes every write safe in the file now. After an error the file takes no more writes.
  [[nodiscard]] std::expected<void, std::string> settle();

 private:
  struct Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace bao::embedded
