#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/request/http.hpp"
#include "local/local_engine.hpp"
#include "simulation/agenda.hpp"
#include "simulation/history.hpp"

namespace bao::simulation {

/// A request under way.
struct Flight {
  int client = 0;
  int operation = 0;      ///< whose write it is; 0: a read, or nobody's
  bool given_up = false;  ///< its client does not wait for the answer any more
};

/// The embedded engine on virtual time, and what every write left in it.
class Table {
 public:
  Table(Agenda& agenda, History& history);

  /// The time of day as the service knows it.
  [[nodiscard]] std::int64_t wall_ms() const;
  /// Executes a request and reports what it changed to on_commit.
  local::Answer execute(core::ApiOperation operation, std::string body, const Flight& flight);
  /// BatchGetItem or BatchWriteItem, of which a half is left unprocessed.
  local::Answer execute_half(core::ApiOperation operation, std::string body, const Flight& flight);
  /// Deletes what has expired, as the service does some time later.
  void sweep();

  std::function<void(const Flight& flight, const std::vector<RowName>& changed)> on_commit;

 private:
  [[nodiscard]] core::ItemRef read(const RowName& row);
  void note(const std::vector<RowName>& rows, const Flight& flight);

  Agenda& agenda_;
  History& history_;
  local::LocalEngine engine_;
};

inline constexpr std::string_view table_name = "tab";

/// The rows that a request writes, by its text.
[[nodiscard]] std::vector<RowName> rows_written(std::string_view body);
[[nodiscard]] bool is_write(core::ApiOperation operation);

}  // namespace bao::simulation
