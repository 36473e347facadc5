#include "local/lmdb/lmdb_cursor.hpp"

#include <utility>

namespace bao::local {

void OpenCursors::close_all() {
  for (LmdbCursor* cursor : cursors_) cursor->close();
  cursors_.clear();
}

LmdbCursor::LmdbCursor(OpenCursors& open, MDB_cursor* cursor, std::optional<StoreError> error)
    : open_(open), cursor_(cursor), error_(std::move(error)) {
  if (cursor_) open_.add(this);
}

LmdbCursor::~LmdbCursor() {
  if (!cursor_) return;
  open_.remove(this);
  close();
}

void LmdbCursor::close() {
  ::mdb_cursor_close(cursor_);
  cursor_ = nullptr;
}

bool LmdbCursor::seek(std::string_view key) {
  reset();
  const std::string_view rest = descend(key);
  return arrive(move_to(node_, rest.substr(0, ShortKey::part_size_max(node_)), MDB_SET_RANGE),
                Direction::forward);
}

bool LmdbCursor::seek_before(std::string_view key) {
  reset();
  if (key.empty()) {
    // The root's entries end where the nodes' begin.
    ShortKey first_of_nodes(1, {});
    key_ = {1, first_of_nodes.value().mv_data};
    const bool found = move(MDB_SET_RANGE);
    return arrive(!error_ && move(found ? MDB_PREV : MDB_LAST), Direction::backward);
  }
  const std::string_view rest = descend(key);
  return arrive(move_before(node_, rest.substr(0, ShortKey::part_size_max(node_))), Direction::backward);
}

bool LmdbCursor::next() {
  return arrive(move(MDB_NEXT), Direction::forward);
}

bool LmdbCursor::previous() {
  return arrive(move(MDB_PREV), Direction::backward);
}

std::string_view LmdbCursor::key() const {
  const std::string_view part = part_of(key_, node_);
  if (steps_.empty()) return part;
  whole_key_.clear();
  for (const Step& step : steps_) whole_key_ += step.part;
  whole_key_ += part;
  return whole_key_;
}

bool LmdbCursor::move(MDB_cursor_op operation) {
  if (!cursor_) return false;
  const int code = ::mdb_cursor_get(cursor_, &key_, &value_, operation);
  if (code != 0 && code != MDB_NOTFOUND) error_ = StoreError{::mdb_strerror(code)};
  return code == 0;
}

bool LmdbCursor::move_to(KeyNode node, std::string_view part, MDB_cursor_op operation) {
  ShortKey wanted(node, part);
  key_ = wanted.value();
  return move(operation);
}

bool LmdbCursor::move_before(KeyNode node, std::string_view part) {
  const bool found = move_to(node, part, MDB_SET_RANGE);
  return !error_ && move(found ? MDB_PREV : MDB_LAST);
}

std::string_view LmdbCursor::descend(std::string_view key) {
  while (key.size() >= ShortKey::part_size_max(node_)) {
    const std::string_view part = key.substr(0, ShortKey::part_size_max(node_));
    if (!move_to(node_, part, MDB_SET)) break;
    push(part, load_node(value_.mv_data));
    key.remove_prefix(part.size());
  }
  return key;
}

bool LmdbCursor::arrive(bool moved, Direction direction) {
  const bool forward = direction == Direction::forward;
  while (!error_) {
    if (moved && is_in_node(key_, node_)) {
      if (!leads_to_node(key_)) return true;
      push(part_of(key_, node_), load_node(value_.mv_data));
      // The node after this one, or else the end, is where this one ends.
      moved = forward ? move_to(node_, {}, MDB_SET_RANGE) : move_before(node_ + 1, {});
    } else if (steps_.empty()) {
      return false;
    } else {
      const Step step = std::move(steps_.back());
      steps_.pop_back();
      node_ = step.node;
      moved = move_to(node_, step.part, MDB_SET) && move(forward ? MDB_NEXT : MDB_PREV);
    }
  }
  return false;
}

void LmdbCursor::push(std::string_view part, KeyNode next) {
  steps_.push_back({node_, std::string(part)});
  node_ = next;
}

void LmdbCursor::reset() {
  steps_.clear();
  node_ = 0;
}

}  // namespace bao::local
