#include "local/store/btree.hpp"

#include <bit>
#include <cstring>
#include <utility>

namespace bao::local {

namespace {
constexpr std::uint32_t leaf_slots = 32;
constexpr std::uint32_t inner_slots = 64;
}  // namespace

struct BTree::Node {
  bool is_leaf = true;
  std::uint32_t count = 0;
};

struct BTree::Leaf : BTree::Node {
  Leaf* left = nullptr;
  Leaf* right = nullptr;
  std::array<std::uint64_t, leaf_slots> heads{};
  std::array<std::string, leaf_slots> keys;
  std::array<std::string, leaf_slots> values;
};

/// `count` children; keys[i] is not greater than any key under children[i] and greater than all before.
/// keys[0] is not used.
struct BTree::Inner : BTree::Node {
  std::array<std::uint64_t, inner_slots> heads{};
  std::array<std::string, inner_slots> keys;
  std::array<Node*, inner_slots> children{};
};

struct BTree::Split {
  std::string key;
  Node* right = nullptr;
};

std::uint64_t BTree::head(std::string_view key) {
  std::uint64_t bytes = 0;
  if (key.size() >= sizeof bytes) {
    std::memcpy(&bytes, key.data(), sizeof bytes);
    if constexpr (std::endian::native == std::endian::little) bytes = __builtin_bswap64(bytes);
    return bytes;
  }
  for (std::size_t i = 0; i < sizeof bytes; ++i) {
    bytes = (bytes << 8) | (i < key.size() ? static_cast<unsigned char>(key[i]) : 0U);
  }
  return bytes;
}

namespace {

/// Slots from `first` whose key is less than (or, with `or_equal`, not greater than) the given key.
template <class NodeType>
std::uint32_t count_before(const NodeType& node, std::uint32_t first, std::uint64_t head,
                           std::string_view key, bool or_equal) {
  std::uint32_t low = first;
  std::uint32_t high = node.count;
  while (low < high) {
    const std::uint32_t middle = (low + high) / 2;
    bool before = node.heads[middle] < head;
    if (node.heads[middle] == head) {
      const int order = std::string_view(node.keys[middle]).compare(key);
      before = order < 0 || (or_equal && order == 0);
    }
    if (before) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

template <class NodeType>
std::uint32_t child_of(const NodeType& inner, std::uint64_t head, std::string_view key) {
  return count_before(inner, 1, head, key, true) - 1;
}

}  // namespace

BTree::BTree() : root_(new Leaf) {}
BTree::~BTree() {
  if (root_) destroy(root_);
}
BTree::BTree(BTree&& other) noexcept
    : root_(std::exchange(other.root_, nullptr)), size_(std::exchange(other.size_, 0)) {}
BTree& BTree::operator=(BTree&& other) noexcept {
  std::swap(root_, other.root_);
  std::swap(size_, other.size_);
  return *this;
}

void BTree::destroy(Node* node) {
  if (node->is_leaf) {
    delete static_cast<Leaf*>(node);
    return;
  }
  auto* inner = static_cast<Inner*>(node);
  for (std::uint32_t i = 0; i < inner->count; ++i) destroy(inner->children[i]);
  delete inner;
}

const std::string* BTree::find(std::string_view key) const {
  const std::uint64_t wanted = head(key);
  const Node* node = root_;
  while (!node->is_leaf) {
    const auto* inner = static_cast<const Inner*>(node);
    node = inner->children[child_of(*inner, wanted, key)];
  }
  const auto* leaf = static_cast<const Leaf*>(node);
  const std::uint32_t slot = count_before(*leaf, 0, wanted, key, false);
  if (slot < leaf->count && leaf->heads[slot] == wanted && leaf->keys[slot] == key)
    return &leaf->values[slot];
  return nullptr;
}

void BTree::put(std::string key, std::string value) {
  std::optional<Split> split = insert(root_, key, value);
  if (!split) return;
  auto* root = new Inner;
  root->is_leaf = false;
  root->count = 2;
  root->children[0] = root_;
  root->children[1] = split->right;
  root->heads[1] = head(split->key);
  root->keys[1] = std::move(split->key);
  root_ = root;
}

std::optional<BTree::Split> BTree::insert(Node* node, std::string& key, std::string& value) {
  const std::uint64_t wanted = head(key);
  if (node->is_leaf) {
    auto* leaf = static_cast<Leaf*>(node);
    std::uint32_t slot = count_before(*leaf, 0, wanted, key, false);
    if (slot < leaf->count && leaf->heads[slot] == wanted && leaf->keys[slot] == key) {
      leaf->values[slot] = std::move(value);
      return std::nullopt;
    }
    ++size_;
    std::optional<Split> split;
    if (leaf->count == leaf_slots) {
      auto* right = new Leaf;
      // A key past the end of the last leaf is a growing sequence: leave the left node full.
      const std::uint32_t kept = (slot == leaf_slots && !leaf->right) ? leaf_slots : leaf_slots / 2;
      for (std::uint32_t i = kept; i < leaf_slots; ++i) {
        right->heads[i - kept] = leaf->heads[i];
        right->keys[i - kept] = std::move(leaf->keys[i]);
        right->values[i - kept] = std::move(leaf->values[i]);
      }
      right->count = leaf_slots - kept;
      leaf->count = kept;
      right->left = leaf;
      right->right = leaf->right;
      if (right->right) right->right->left = right;
      leaf->right = right;
      const bool goes_right = slot >= kept && (right->count == 0 || slot > kept);
      split = Split{right->count == 0 ? key : right->keys[0], right};
      if (goes_right) {
        slot -= kept;
        leaf = right;
      }
    }
    for (std::uint32_t i = leaf->count; i > slot; --i) {
      leaf->heads[i] = leaf->heads[i - 1];
      leaf->keys[i] = std::move(leaf->keys[i - 1]);
      leaf->values[i] = std::move(leaf->values[i - 1]);
    }
    leaf->heads[slot] = wanted;
    leaf->keys[slot] = std::move(key);
    leaf->values[slot] = std::move(value);
    ++leaf->count;
    return split;
  }

  auto* inner = static_cast<Inner*>(node);
  std::uint32_t slot = child_of(*inner, wanted, key);
  std::optional<Split> below = insert(inner->children[slot], key, value);
  if (!below) return std::nullopt;
  ++slot;
  std::optional<Split> split;
  if (inner->count == inner_slots) {
    auto* right = new Inner;
    right->is_leaf = false;
    constexpr std::uint32_t kept = inner_slots / 2;
    for (std::uint32_t i = kept; i < inner_slots; ++i) {
      right->heads[i - kept] = inner->heads[i];
      right->keys[i - kept] = std::move(inner->keys[i]);
      right->children[i - kept] = inner->children[i];
    }
    right->count = inner_slots - kept;
    inner->count = kept;
    split = Split{std::move(right->keys[0]), right};
    // At slot == kept the new child is greater than everything kept on the left: it stays there, last.
    if (slot > kept) {
      slot -= kept;
      inner = right;
    }
  }
  for (std::uint32_t i = inner->count; i > slot; --i) {
    inner->heads[i] = inner->heads[i - 1];
    inner->keys[i] = std::move(inner->keys[i - 1]);
    inner->children[i] = inner->children[i - 1];
  }
  inner->heads[slot] = head(below->key);
  inner->keys[slot] = std::move(below->key);
  inner->children[slot] = below->right;
  ++inner->count;
  return split;
}

bool BTree::erase(std::string_view key) {
  bool erased = false;
  if (erase_in(root_, key, erased)) {
    destroy(root_);
    root_ = new Leaf;
  }
  while (!root_->is_leaf && root_->count == 1) {
    auto* old = static_cast<Inner*>(root_);
    root_ = old->children[0];
    delete old;
  }
  if (erased) --size_;
  return erased;
}

bool BTree::erase_in(Node* node, std::string_view key, bool& erased) {
  const std::uint64_t wanted = head(key);
  if (node->is_leaf) {
    auto* leaf = static_cast<Leaf*>(node);
    const std::uint32_t slot = count_before(*leaf, 0, wanted, key, false);
    if (slot == leaf->count || leaf->heads[slot] != wanted || leaf->keys[slot] != key) return false;
    erased = true;
    for (std::uint32_t i = slot + 1; i < leaf->count; ++i) {
      leaf->heads[i - 1] = leaf->heads[i];
      leaf->keys[i - 1] = std::move(leaf->keys[i]);
      leaf->values[i - 1] = std::move(leaf->values[i]);
    }
    --leaf->count;
    leaf->keys[leaf->count] = {};
    leaf->values[leaf->count] = {};
    if (leaf->count > 0) return false;
    if (leaf->left) leaf->left->right = leaf->right;
    if (leaf->right) leaf->right->left = leaf->left;
    leaf->left = nullptr;
    leaf->right = nullptr;
    return true;
  }
  auto* inner = static_cast<Inner*>(node);
  const std::uint32_t slot = child_of(*inner, wanted, key);
  if (!erase_in(inner->children[slot], key, erased)) return false;
  destroy(inner->children[slot]);
  for (std::uint32_t i = slot + 1; i < inner->count; ++i) {
    inner->heads[i - 1] = inner->heads[i];
    inner->keys[i - 1] = std::move(inner->keys[i]);
    inner->children[i - 1] = inner->children[i];
  }
  --inner->count;
  return inner->count == 0;
}

BTree::Position BTree::lower_bound(std::string_view key) const {
  const std::uint64_t wanted = head(key);
  Node* node = root_;
  while (!node->is_leaf) {
    auto* inner = static_cast<Inner*>(node);
    node = inner->children[child_of(*inner, wanted, key)];
  }
  auto* leaf = static_cast<Leaf*>(node);
  const std::uint32_t slot = count_before(*leaf, 0, wanted, key, false);
  if (slot < leaf->count) return {leaf, slot};
  return {leaf->right, 0};
}

BTree::Position BTree::last() const {
  Node* node = root_;
  while (!node->is_leaf) node = static_cast<Inner*>(node)->children[node->count - 1];
  auto* leaf = static_cast<Leaf*>(node);
  if (leaf->count == 0) return {};
  return {leaf, leaf->count - 1};
}

BTree::Position BTree::next(Position position) {
  if (position.slot + 1 < position.leaf->count) return {position.leaf, position.slot + 1};
  return {position.leaf->right, 0};
}

BTree::Position BTree::previous(Position position) {
  if (position.slot > 0) return {position.leaf, position.slot - 1};
  Leaf* left = position.leaf->left;
  if (!left) return {};
  return {left, left->count - 1};
}

const std::string& BTree::key(Position position) {
  return position.leaf->keys[position.slot];
}
const std::string& BTree::value(Position position) {
  return position.leaf->values[position.slot];
}

}  // namespace bao::local
