#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <bao/embedded.hpp>

#include "local/faults.hpp"
#include "local/store/store.hpp"

namespace bao::local {

struct Answer {
  int status = 200;
  std::string body;  ///< JSON; errors as DynamoDB sends them: {"__type":"...","message":"..."}
  /// Faults that only the host can bring about: the answer is to wait, or to be lost with its connection.
  std::int64_t delay_ms = 0;
  bool dropped = false;
};

struct LocalEngineOptions {
  /// Milliseconds since the epoch; called for table dates, idempotency tokens and TTL. Required.
  std::function<std::int64_t()> now_ms;
  /// How long tables and indexes are CREATING, UPDATING and DELETING, ms. 0: not at all, so that a test need
  /// not wait; the service takes seconds.
  std::int64_t table_change_ms = 0;
  /// How far global indexes lag behind their tables, ms. 0: not at all; the service mostly needs a few
  /// milliseconds. Costs the memory of what is written in that time.
  std::int64_t gsi_delay_ms = 0;
  /// What DescribeEndpoints answers; clients with endpoint discovery on connect to it.
  std::string endpoint_address = "localhost";
  /// Faults to strike with, none by default.
  FaultPlan faults;
};

/// A DynamoDB in the process: the same bytes in, the same bytes out. Not thread safe: one caller at a time.
class LocalEngine {
 public:
  /// Takes the tables that the store holds. Where they cannot be read, open_error() tells, and every request
  /// gets an InternalServerError with that text.
  LocalEngine(std::unique_ptr<Store> store, LocalEngineOptions options);
  /// Saves the tables' figures.
  ~LocalEngine();
  LocalEngine(LocalEngine&&) noexcept;
  LocalEngine& operator=(LocalEngine&&) noexcept;

  [[nodiscard]] const std::string& open_error() const;

  /// Answers one request. `operation` is the part of X-Amz-Target after the dot ("GetItem"). Never throws:
  /// bad input gets DynamoDB's error for it.
  [[nodiscard]] Answer handle(std::string_view operation, std::string body);

  /// The same without JSON (bao/embedded.hpp): the same checks, faults, commits and errors.
  [[nodiscard]] embedded::Reply<embedded::GetItemAnswer> get_item(const embedded::GetItemRequest& request);
  [[nodiscard]] embedded::Reply<embedded::WriteAnswer> put_item(const embedded::PutItemRequest& request);
  [[nodiscard]] embedded::Reply<embedded::WriteAnswer> update_item(
      const embedded::UpdateItemRequest& request);
  [[nodiscard]] embedded::Reply<embedded::WriteAnswer> delete_item(
      const embedded::DeleteItemRequest& request);

  struct Sweep {
    std::size_t examined = 0;
    std::size_t deleted = 0;
    bool finished = true;  ///< every table with a TTL was looked through once since the last finished sweep
  };
  /// Deletes items whose time to live is over, looking at `items_max` items at most and going on where the
  /// last call stopped. Hosts call it now and then, between requests.
  Sweep sweep(std::size_t items_max);

  /// Replaces the faults, from the next request on.
  void set_faults(FaultPlan plan);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bao::local
