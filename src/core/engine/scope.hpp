#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <bao/error.hpp>

#include "core/engine/engine.hpp"
#include "core/keys/row_keys.hpp"
#include "core/value/document.hpp"
#include "core/value/hash_index.hpp"

namespace bao::core {

/// What one find asks for and what is known about it. Shared by the finds that wait for it, the cache, and
/// the face, which keeps its instance of the item here: a later find gives the very same instance.
struct Entry {
  RowKey key;
  bool ready = false;
  ItemRef item;                  ///< ready: no item means that there is none
  std::optional<Error> error;    ///< ready: could not be read; such an entry is not cached
  Capacity capacity;             ///< this find's share of what was consumed
  std::shared_ptr<void> face;    ///< owned by the face; the core only carries it
  const void* reader = nullptr;  ///< not ready: the scope whose call reads it; null outside one
  std::int64_t deadline_ms = 0;  ///< not ready: of the call that reads it; steady
  std::vector<detail::Waiter*> waiters;
};

/// For HashIndex.
[[nodiscard]] std::size_t hash_of(std::string_view pk, std::string_view sk);
[[nodiscard]] inline std::size_t hash_of(const RowKey& key) {
  return hash_of(key.pk, key.sk);
}

/// Finds known so far, by row key (which holds prefix and tenant, so neither models nor tenants mix).
/// Bounded: the oldest entries leave first.
class Cache {
 public:
  static constexpr std::size_t entries_max = 10'000;

  [[nodiscard]] std::shared_ptr<Entry> find(const RowKey& key) const;
  void put(std::shared_ptr<Entry> entry);
  /// Drops the entry, but only where it is still this one.
  void drop(const Entry& entry);
  void drop(const RowKey& key);
  void clear();
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  [[nodiscard]] std::optional<std::uint32_t> position(const RowKey& key) const;
  void drop_at(std::uint32_t position);

  std::vector<std::shared_ptr<Entry>> entries_;
  HashIndex positions_;  // in entries_, by key
  Fifo<std::weak_ptr<Entry>> order_;
};

/// One `run_with_batch_context`: its cache, its open batches and what it consumed. A driver keeps it by
/// shared_ptr; so do the calls made inside.
class Scope {
 public:
  Cache cache;
  Capacity capacity;

  /// Entries that leave together. One for each delay and consistency.
  struct Batch {
    std::optional<std::int64_t> delay_ms;  ///< nothing: at the end of the turn
    bool consistent = false;
    std::int64_t deadline_ms = 0;
    std::vector<std::shared_ptr<Entry>> entries;
  };
  std::vector<std::shared_ptr<Batch>> open;

  /// Finds of this scope look into this cache, too: it loses the rows that the scope wrote, and writes.
  void use_loader(const std::shared_ptr<Cache>& loader);
  /// Whether the scope wrote this row. Then its finds look into its own cache, whatever loader they were
  /// given: that has what the write left, or what was read since. What the loader has came from others, who
  /// share it, and may be older; and what this scope wrote may be older than what they know.
  [[nodiscard]] bool wrote(const RowKey& key) const;

  /// A write of this row starts.
  void begin_write(const RowKey& key);
  /// It ended; `item` is the row's state now (no item: deleted), nothing where that is not known. The cache
  /// takes the state, except where writes of one row overlapped: their order is not known, so a later find
  /// reads again. Loaders drop the row: how this write stands to those of other scopes is not known.
  std::shared_ptr<Entry> end_write(const RowKey& key, std::optional<ItemRef> item);

 private:
  struct Writes {
    int running = 0;
    bool overlapped = false;
  };
  std::map<std::string, Writes> writes_;
  std::vector<std::weak_ptr<Cache>> loaders_;
  /// Rows that were written. With that many, it is all rows.
  static constexpr std::size_t written_max = 1'000;
  std::map<std::string, RowKey> written_;
};

}  // namespace bao::core
