#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/engine/engine.hpp"
#include "local/local_engine.hpp"
#include "scripted/conversation.hpp"

namespace bao::scripted {

/// What happens to one request on its way.
enum class Trouble : std::uint8_t {
  none,
  throttled,            ///< refused, not executed
  error_before_commit,  ///< 500, not executed
  error_after_commit,   ///< 500, executed
  not_sent,
  lost_before_commit,  ///< connection lost, not executed
  lost_after_commit,   ///< connection lost, executed
  timed_out_before_commit,
  timed_out_after_commit,
  garbage_after_commit,  ///< 200 with a body that is no JSON, executed
  cut_after_commit,      ///< 200 with half of the body, executed
  wrong_crc_after_commit,
  keys_unprocessed,  ///< BatchGetItem: the first key is left unprocessed
};
inline constexpr Trouble last_trouble = Trouble::keys_unprocessed;
[[nodiscard]] const char* trouble_name(Trouble trouble);
/// Whether a write that met this trouble was executed.
[[nodiscard]] bool commits(Trouble trouble);

/// A whole table behind an engine: requests are answered by the embedded engine, except that one of them (or
/// every one from there on) meets a trouble. Time stands still but for waits and timeouts.
class TableDouble {
 public:
  TableDouble();

  [[nodiscard]] core::Engine& engine() { return *engine_; }
  [[nodiscard]] const core::Model& model(std::string_view name) const { return *schema_->model(name); }
  [[nodiscard]] core::Change set(std::string_view model, std::string_view field, Value value) const;

  /// The request with this number (1 is the next one) meets the trouble; `lasting`: all later ones too.
  void plan_trouble(std::size_t request, Trouble trouble, bool lasting = false);
  /// Called before each request is executed, with its number: another writer's chance.
  std::function<void(std::size_t)> before_request;
  [[nodiscard]] std::size_t requests() const { return requests_; }
  [[nodiscard]] bool trouble_met() const { return met_; }

  /// While this lives, no trouble happens and requests are not counted: another process is at work.
  class Quiet {
   public:
    explicit Quiet(TableDouble& table) : table_(table), requests_(table.requests_) { table_.quiet_ = true; }
    ~Quiet() { end(); }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;
    /// The other process has done its part; what the table holds is kept for rows_between.
    void end();

   private:
    TableDouble& table_;
    std::size_t requests_;
  };
  [[nodiscard]] const std::map<std::string, std::string>& rows_between() const { return rows_between_; }

  /// Runs an operation to its end.
  template <class T, class Make>
  Result<T> run(Make make, std::shared_ptr<core::Scope> scope = nullptr) {
    auto slot = std::make_unique<std::optional<Result<T>>>();
    engine_->set_time(now_);
    engine_->start(std::move(scope), {}, std::move(make), *slot);
    drive([&] { return slot->has_value(); });
    return std::move(**slot);
  }
  Result<core::Written> create(std::string_view model, std::vector<core::Change> values);
  Result<core::Written> update(std::string_view model, std::string id, std::vector<core::Change> changes,
                               core::ItemRef base = {}, core::WriteOptions options = {});
  Result<core::Written> remove(std::string_view model, std::string id, core::ItemRef base = {},
                               core::WriteOptions options = {});
  /// The item as the table has it, read by no operation.
  [[nodiscard]] core::ItemRef stored(std::string_view model, std::string_view id);
  /// A request straight to the table, past the engine and without trouble; must succeed.
  std::string direct(std::string_view operation, std::string body);

  /// Every row of the table as text, without what differs from run to run (versions, times of saves, ULIDs).
  [[nodiscard]] std::map<std::string, std::string> rows();
  /// What in the table disagrees: index and iteration keys with their item, unique rows with their holders.
  [[nodiscard]] std::vector<std::string> disagreements();

 private:
  void drive(const std::function<bool()>& ended);
  void answer(core::SendRequest send);
  void check_item(const core::Model& model, const core::ItemRef& item, std::vector<std::string>& found);
  void check_unique_row(const core::ItemRef& row, std::vector<std::string>& found);
  [[nodiscard]] std::vector<core::ItemRef> scan();

  std::shared_ptr<const core::Schema> schema_;
  core::Moment now_{.wall_ms = 1'800'000'000'000, .steady_ms = 1'000};
  FixedRandom random_;
  local::LocalEngine table_;
  std::unique_ptr<core::Engine> engine_;
  std::size_t requests_ = 0;
  std::size_t trouble_at_ = 0;
  Trouble trouble_ = Trouble::none;
  bool lasting_ = false;
  bool met_ = false;
  bool quiet_ = false;
  std::map<std::string, std::string> rows_between_;
};

}  // namespace bao::scripted
