#pragma once

#include <cstddef>
#include <string>

#include "local/database.hpp"
#include "local/local_engine.hpp"

namespace bao::local {

/// Whether an item's TTL attribute says that it is over: a number of seconds since the epoch that lies in the
/// past, but by less than five years (Developer Guide, "How it works: DynamoDB Time to Live").
[[nodiscard]] bool is_expired(Encoded value, std::int64_t now_ms);

/// Goes through the tables that have a TTL, a part at each call.
class TimeToLiveSweeper {
 public:
  LocalEngine::Sweep sweep(Database& database, std::size_t items_max);

 private:
  /// False: the store failed; the sweep starts anew.
  bool sweep_table(Database& database, Table& table, std::size_t items_max, LocalEngine::Sweep& report);

  std::string table_;  ///< where the last call stopped
  std::string key_;    ///< the next item there
};

}  // namespace bao::local
