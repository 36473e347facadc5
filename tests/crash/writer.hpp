#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "crash/server_process.hpp"

namespace bao::crash {

struct Item {
  std::int64_t number = 0;
  std::string group;  ///< empty: not in the index by group
  bool operator==(const Item&) const = default;
};
/// By sort key.
using Items = std::map<std::string, Item>;

inline const std::string table_body =
    R"({"TableName":"crash","BillingMode":"PAY_PER_REQUEST",
    "KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"s","KeyType":"RANGE"}],
    "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"s","AttributeType":"S"},
    {"AttributeName":"g","AttributeType":"S"},{"AttributeName":"n","AttributeType":"N"}],
    "GlobalSecondaryIndexes":[{"IndexName":"byGroup","KeySchema":[{"AttributeName":"g","KeyType":"HASH"},
    {"AttributeName":"n","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}],
    "LocalSecondaryIndexes":[{"IndexName":"byNumber","KeySchema":[{"AttributeName":"p","KeyType":"HASH"},
    {"AttributeName":"n","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}]})";

/// Writes random changes to the items of one partition, and knows what must be there.
class Writer {
 public:
  /// `long_keys`: keys near DynamoDB's limits, which LMDB does not take whole.
  Writer(std::uint64_t seed, int number, bool long_keys);

  [[nodiscard]] const std::string& partition() const { return partition_; }

  /// Writes until the connection is lost. The error: an answer that no write should get.
  std::optional<std::string> write_until_lost(int port);
  /// Compares with what is there after a restart, and goes on from it. Nothing is wrong where
  /// - `all_acknowledged`: it is the state after the last acknowledged change, or after the one behind it;
  /// - otherwise: it is the state after some change since the last check, so none is there in part.
  std::optional<std::string> check(const Items& found, bool all_acknowledged);

  [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }

 private:
  struct Change {
    std::string operation;
    std::string body;
    Items after;
  };
  Change random_change();
  std::string sort_key(std::uint64_t number) const;
  std::string put_body(const std::string& key, const Item& item) const;

  std::mt19937_64 random_;
  std::string partition_;
  std::string sort_prefix_;
  std::int64_t next_number_ = 1;
  std::vector<Items> states_;      ///< since the last check; the first is what was found then
  bool last_is_doubtful_ = false;  ///< the last state's change was not acknowledged
  std::uint64_t acknowledged_ = 0;
};

}  // namespace bao::crash
