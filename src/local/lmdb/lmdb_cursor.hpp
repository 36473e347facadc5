#pragma once

#include <lmdb.h>

#include <optional>
#include <string>
#include <vector>

#include "local/lmdb/long_key.hpp"
#include "local/store/store.hpp"

namespace bao::local {

class LmdbCursor;

/// The cursors that are open in a transaction: LMDB wants them closed before it ends.
class OpenCursors {
 public:
  void add(LmdbCursor* cursor) { cursors_.push_back(cursor); }
  void remove(LmdbCursor* cursor) { std::erase(cursors_, cursor); }
  void close_all();

 private:
  std::vector<LmdbCursor*> cursors_;
};

/// Walks a space in the order of whole keys, in and out of the nodes of long ones.
class LmdbCursor final : public Cursor {
 public:
  /// `cursor` may be null: the space is empty, or there is an error.
  LmdbCursor(OpenCursors& open, MDB_cursor* cursor, std::optional<StoreError> error);
  LmdbCursor(const LmdbCursor&) = delete;
  LmdbCursor& operator=(const LmdbCursor&) = delete;
  ~LmdbCursor() override;

  /// Ends its use: the transaction is over.
  void close();

  bool seek(std::string_view key) override;
  bool seek_before(std::string_view key) override;
  bool next() override;
  bool previous() override;
  [[nodiscard]] std::string_view key() const override;
  [[nodiscard]] std::string_view value() const override { return view(value_); }
  [[nodiscard]] const std::optional<StoreError>& error() const override { return error_; }

 private:
  /// A node on the way to the present one, and the part of the key that leads on from it.
  struct Step {
    KeyNode node;
    std::string part;
  };
  enum class Direction : std::uint8_t { forward, backward };

  /// Moves LMDB's cursor; false at the end, and on an error.
  bool move(MDB_cursor_op operation);
  bool move_to(KeyNode node, std::string_view part, MDB_cursor_op operation);
  /// To the last entry before the first one that is not less.
  bool move_before(KeyNode node, std::string_view part);
  /// Follows `key` into nodes for as long as its parts are there; gives what is left of it.
  std::string_view descend(std::string_view key);
  /// `moved`: LMDB's cursor stands at an entry, perhaps of another node. Goes on from there to the next whole
  /// key, out of and into nodes.
  bool arrive(bool moved, Direction direction);
  void push(std::string_view part, KeyNode next);
  void reset();

  OpenCursors& open_;
  MDB_cursor* cursor_;
  std::optional<StoreError> error_;
  std::vector<Step> steps_;
  KeyNode node_ = 0;
  MDB_val key_{};
  MDB_val value_{};
  mutable std::string whole_key_;
};

}  // namespace bao::local
