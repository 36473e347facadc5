#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bao::local {

/// A B+tree of byte strings. Entries live in linked leaves. Each key's first eight bytes are kept as a
/// number beside it: the engine's keys start with a hash, so that one integer comparison nearly always
/// decides. A node is freed when it becomes empty; nodes are not merged before that, which keeps erasing
/// cheap and never hurts the order of growth in practice.
class BTree {
 public:
  struct Leaf;
  struct Position {
    Leaf* leaf = nullptr;
    std::uint32_t slot = 0;
    [[nodiscard]] bool valid() const { return leaf != nullptr; }
  };

  BTree();
  ~BTree();
  BTree(BTree&&) noexcept;
  BTree& operator=(BTree&&) noexcept;

  [[nodiscard]] const std::string* find(std::string_view key) const;
  void put(std::string key, std::string value);
  bool erase(std::string_view key);
  [[nodiscard]] std::size_t size() const { return size_; }

  /// First key >= `key`.
  [[nodiscard]] Position lower_bound(std::string_view key) const;
  [[nodiscard]] Position last() const;
  [[nodiscard]] static Position next(Position position);
  [[nodiscard]] static Position previous(Position position);
  [[nodiscard]] static const std::string& key(Position position);
  [[nodiscard]] static const std::string& value(Position position);

 private:
  struct Node;
  struct Inner;
  struct Split;

  static std::uint64_t head(std::string_view key);
  std::optional<Split> insert(Node* node, std::string& key, std::string& value);
  /// True: the node is empty now and its owner must drop it.
  bool erase_in(Node* node, std::string_view key, bool& erased);
  static void destroy(Node* node);

  Node* root_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace bao::local
