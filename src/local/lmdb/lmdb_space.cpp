#include "local/lmdb/lmdb_space.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "local/lmdb/long_key.hpp"

namespace bao::local {

namespace {

/// A cursor that is closed at the end of a block.
class ScopedCursor {
 public:
  ScopedCursor() = default;
  ScopedCursor(const ScopedCursor&) = delete;
  ScopedCursor& operator=(const ScopedCursor&) = delete;
  ~ScopedCursor() {
    if (cursor_) ::mdb_cursor_close(cursor_);
  }
  [[nodiscard]] int open(MDB_txn* txn, MDB_dbi dbi) { return ::mdb_cursor_open(txn, dbi, &cursor_); }
  [[nodiscard]] int get(MDB_val& key, MDB_val& value, MDB_cursor_op operation) {
    return ::mdb_cursor_get(cursor_, &key, &value, operation);
  }

 private:
  MDB_cursor* cursor_ = nullptr;
};

/// A number that no node has: one more than the last in the order of keys.
int free_node(MDB_txn* txn, MDB_dbi dbi, KeyNode& node) {
  ScopedCursor cursor;
  if (const int code = cursor.open(txn, dbi)) return code;
  MDB_val key{};
  MDB_val value{};
  const int code = cursor.get(key, value, MDB_LAST);
  if (code != 0 && code != MDB_NOTFOUND) return code;
  const auto* bytes = static_cast<const char*>(key.mv_data);
  node = code == 0 && bytes[0] == 1 ? load_node(bytes + 1) + 1 : 1;
  return 0;
}

int is_empty_node(MDB_txn* txn, MDB_dbi dbi, KeyNode node, bool& empty) {
  ScopedCursor cursor;
  if (const int code = cursor.open(txn, dbi)) return code;
  ShortKey first(node, {});
  MDB_val key = first.value();
  MDB_val value{};
  const int code = cursor.get(key, value, MDB_SET_RANGE);
  if (code != 0 && code != MDB_NOTFOUND) return code;
  empty = code == MDB_NOTFOUND || !is_in_node(key, node);
  return 0;
}

}  // namespace

int lmdb_get(MDB_txn* txn, MDB_dbi dbi, std::string_view key, std::optional<std::string_view>& value) {
  value.reset();
  KeyNode node = 0;
  MDB_val found{};
  while (key.size() >= ShortKey::part_size_max(node)) {
    ShortKey step(node, key.substr(0, ShortKey::part_size_max(node)));
    MDB_val step_key = step.value();
    const int code = ::mdb_get(txn, dbi, &step_key, &found);
    if (code != 0) return code == MDB_NOTFOUND ? 0 : code;
    key.remove_prefix(ShortKey::part_size_max(node));
    node = load_node(found.mv_data);
  }
  ShortKey last(node, key);
  MDB_val last_key = last.value();
  const int code = ::mdb_get(txn, dbi, &last_key, &found);
  if (code == 0) value = view(found);
  return code == MDB_NOTFOUND ? 0 : code;
}

int lmdb_put(MDB_txn* txn, MDB_dbi dbi, std::string_view key, std::string_view value) {
  KeyNode node = 0;
  while (key.size() >= ShortKey::part_size_max(node)) {
    ShortKey step(node, key.substr(0, ShortKey::part_size_max(node)));
    MDB_val step_key = step.value();
    MDB_val found{};
    KeyNode next = 0;
    int code = ::mdb_get(txn, dbi, &step_key, &found);
    if (code == 0) {
      next = load_node(found.mv_data);
    } else if (code == MDB_NOTFOUND) {
      if ((code = free_node(txn, dbi, next)) != 0) return code;
      std::array<char, 8> number{};
      // A node that this put has just made has no key yet that would show its number to be taken.
      next = std::max(next, node + 1);
      store_node(number.data(), next);
      MDB_val stored{number.size(), number.data()};
      code = ::mdb_put(txn, dbi, &step_key, &stored, 0);
    }
    if (code != 0) return code;
    key.remove_prefix(ShortKey::part_size_max(node));
    node = next;
  }
  ShortKey last(node, key);
  MDB_val last_key = last.value();
  MDB_val stored{value.size(), const_cast<char*>(value.data())};
  return ::mdb_put(txn, dbi, &last_key, &stored, 0);
}

int lmdb_erase(MDB_txn* txn, MDB_dbi dbi, std::string_view key) {
  struct Step {
    ShortKey key;
    KeyNode leads_to;
  };
  std::vector<Step> steps;
  KeyNode node = 0;
  while (key.size() >= ShortKey::part_size_max(node)) {
    Step step{ShortKey(node, key.substr(0, ShortKey::part_size_max(node))), 0};
    MDB_val step_key = step.key.value();
    MDB_val found{};
    const int code = ::mdb_get(txn, dbi, &step_key, &found);
    if (code != 0) return code == MDB_NOTFOUND ? 0 : code;
    key.remove_prefix(ShortKey::part_size_max(node));
    node = step.leads_to = load_node(found.mv_data);
    steps.push_back(step);
  }
  ShortKey last(node, key);
  MDB_val last_key = last.value();
  int code = ::mdb_del(txn, dbi, &last_key, nullptr);
  for (auto step = steps.rbegin(); code == 0 && step != steps.rend(); ++step) {
    bool empty = false;
    if ((code = is_empty_node(txn, dbi, step->leads_to, empty)) != 0 || !empty) break;
    MDB_val step_key = step->key.value();
    code = ::mdb_del(txn, dbi, &step_key, nullptr);
  }
  return code == MDB_NOTFOUND ? 0 : code;
}

}  // namespace bao::local
