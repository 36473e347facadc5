#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <bao/error.hpp>

#include "core/engine/engine.hpp"
#include "core/engine/find.hpp"
#include "core/engine/scope.hpp"
#include "wasm/definitions.hpp"
#include "wasm/results.hpp"

namespace bao::wasm {

/// What one call does; the numbers are part of the ABI (abi.hpp).
enum class CallKind : std::uint32_t {
  find,
  find_unique,
  batch_find,
  query,
  create,
  update,
  remove,
  table,
  scan,
  count,
  iterate,
  batch_write,
  transact,
  search
};

/// Fixed for a client's life.
struct ClientSettings {
  core::EngineOptions engine;
  double first_entry = 1;  ///< where the numbers of cache entries start
  core::CustomKeys* custom_keys = nullptr;
};

/// `{tableName, region, host, callMs, attemptMs, maxAttempts, requireBatchContext, shareReads,
/// firstEntry}`. Host empty: requests go out unsigned.
[[nodiscard]] ClientSettings read_settings(const JsonNode& settings);

/// Where a call runs.
struct Place {
  std::uint32_t scope = 0;   ///< the caller's number of a scope; 0: outside any batch context
  bool closed = false;       ///< that scope is closed: the call gets one of its own
  std::uint32_t loader = 0;  ///< the caller's number of a loader's cache; 0: none
  std::string tenant;        ///< empty: none
};

/// The core behind one `Core` of the face: operations with their arguments as JSON, actions and results as
/// one JSON text a poll. Free of the ABI, so that it is tested natively.
class Client {
 public:
  Client(ClientSettings settings, core::RandomSource& random);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Before each of the following.
  void set_time(core::Moment now);

  [[nodiscard]] Result<std::string> register_models(std::string json);
  [[nodiscard]] Result<std::string> primary_id(std::uint32_t number, std::string json) const;

  [[nodiscard]] Result<std::string> type_key_text(std::uint32_t number, std::uint32_t field,
                                                  std::string json) const;
  /// The terms of a query as a JSON array; `fold`: the query as one term, as it is searched for.
  [[nodiscard]] Result<std::string> search_terms(std::uint32_t number, bool fold, std::string query) const;

  void start_find(std::uint32_t call, std::uint32_t number, std::string id, core::FindOptions options,
                  Place place);
  void start(std::uint32_t call, CallKind kind, std::uint32_t number, Place place, std::string json);
  void cancel(std::uint32_t call);
  void abandon(std::uint32_t call);
  /// Core operations whose deadline is long past: their events will never come.
  void sweep(std::int64_t grace_ms) { engine_.abandon_overdue(grace_ms); }

  void close_scope(std::uint32_t scope) { scopes_.erase(scope); }
  void close_loader(std::uint32_t loader) { loaders_.erase(loader); }
  [[nodiscard]] Capacity scope_capacity(std::uint32_t scope) const;
  [[nodiscard]] std::size_t calls() const { return calls_.size(); }

  [[nodiscard]] core::Engine& engine() { return engine_; }

  /// Does what can be done and tells the rest: a JSON array of actions (npm/src/bridge/actions.ts), valid
  /// until the next poll; empty where there is none. Bodies of requests are given by address and size, valid
  /// as long.
  [[nodiscard]] const std::string& poll();

  /// An action's number on both sides of the ABI: 52 bits of it fit a JavaScript number.
  [[nodiscard]] static double number_of(std::uint64_t id);
  [[nodiscard]] static std::uint64_t id_of(double number);

  class Running;

 private:
  template <class T>
  class RunningCall;

  /// The core's Call of a call; null: it was refused, and answered.
  core::Call* open(std::uint32_t call, Place place);
  template <class T>
  void launch(std::uint32_t call, core::Call& running, const core::Model* model, core::Task<Result<T>> task);
  void refuse(std::uint32_t call, const Error& error);
  /// false: it cannot be a tenant, and the call was answered so.
  bool check_tenant(std::uint32_t call, const Place& place);
  [[nodiscard]] std::shared_ptr<core::Scope> scope_of(const Place& place);
  [[nodiscard]] std::shared_ptr<core::Cache> loader_of(std::uint32_t number);
  [[nodiscard]] Result<const core::Model*> model_of(std::uint32_t model) const;
  void start_parsed(std::uint32_t call, CallKind kind, const core::Model& model, Place place,
                    const JsonNode& args);
  void start_table(std::uint32_t call, Place place, const JsonNode& args);

  void perform(core::SendRequest action);
  void perform(core::CancelRequest action);
  void perform(core::StartTimer action);
  void perform(core::CancelTimer action);
  void perform(core::RequestTurn action);
  void perform(core::RequestCredentials action);
  void perform(core::Complete action);
  void begin_entry(char code);
  void append_id(std::uint64_t id);

  core::Moment now_;
  Definitions definitions_;
  ResultWriter results_;
  std::map<std::uint32_t, std::shared_ptr<core::Scope>> scopes_;
  std::map<std::uint32_t, std::shared_ptr<core::Cache>> loaders_;
  std::map<std::uint32_t, std::unique_ptr<Running>> calls_;
  std::list<core::HttpRequest> sent_;  // of the last poll: their bodies must not move
  std::string text_;
  std::string given_;
  core::Engine engine_;  // last: its end resumes operations
};

}  // namespace bao::wasm
