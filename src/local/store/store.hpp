#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bao::local {

/// One ordered key space of a store: a table's items, an index's entries, or the catalogue.
using SpaceId = std::uint32_t;

/// The storage medium failed; `message` is its own text.
struct StoreError {
  std::string message;
};

template <class T>
using StoreResult = std::expected<T, StoreError>;

/// Changes that take effect together or not at all, in the order they were added.
class WriteBatch {
 public:
  struct Change {
    enum class Kind : std::uint8_t { put, erase, drop_space };
    Kind kind = Kind::put;
    SpaceId space = 0;
    std::string key;
    std::string value;
  };

  void put(SpaceId space, std::string key, std::string value) {
    changes_.push_back({Change::Kind::put, space, std::move(key), std::move(value)});
  }
  void erase(SpaceId space, std::string key) {
    changes_.push_back({Change::Kind::erase, space, std::move(key), {}});
  }
  /// Removes every key of the space.
  void drop_space(SpaceId space) { changes_.push_back({Change::Kind::drop_space, space, {}, {}}); }

  [[nodiscard]] bool empty() const { return changes_.empty(); }
  void clear() { changes_.clear(); }
  /// A store may take the keys and values out of the changes when it commits.
  [[nodiscard]] std::vector<Change>& changes() { return changes_; }

 private:
  std::vector<Change> changes_;
};

/// A position in a space. Invalid after a commit.
class Cursor {
 public:
  virtual ~Cursor() = default;
  /// To the first key >= `key`. False: there is none (or the store failed: see error()).
  virtual bool seek(std::string_view key) = 0;
  /// To the last key < `key`; an empty `key` means the end of the space.
  virtual bool seek_before(std::string_view key) = 0;
  virtual bool next() = 0;
  virtual bool previous() = 0;
  /// Views of the present entry, valid until the next commit. Only after a call that gave true.
  [[nodiscard]] virtual std::string_view key() const = 0;
  [[nodiscard]] virtual std::string_view value() const = 0;
  [[nodiscard]] virtual const std::optional<StoreError>& error() const = 0;
};

/// An ordered key-value store: byte-string keys in bytewise order. One caller at a time.
class Store {
 public:
  virtual ~Store() = default;
  /// The value, valid until the next commit; nothing where the key is not there.
  [[nodiscard]] virtual StoreResult<std::optional<std::string_view>> get(SpaceId space,
                                                                         std::string_view key) = 0;
  [[nodiscard]] virtual std::unique_ptr<Cursor> cursor(SpaceId space) = 0;
  /// Applies the batch atomically and empties it. On an error nothing was changed.
  [[nodiscard]] virtual StoreResult<void> commit(WriteBatch& batch) = 0;

  /// Makes what was committed as durable as the store promises before an answer leaves; hosts call it once
  /// for all the requests of a turn. `everything`: whatever the store promises otherwise. After an error
  /// the store takes no more calls: what was not settled is lost.
  [[nodiscard]] virtual StoreResult<void> settle(bool everything) {
    (void)everything;
    return {};
  }
  /// settle(false) has something to do, at once or in some milliseconds.
  [[nodiscard]] virtual bool is_unsettled() const { return false; }
};

}  // namespace bao::local
