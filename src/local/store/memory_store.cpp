#include "local/store/memory_store.hpp"

#include <utility>
#include <vector>

#include "local/store/btree.hpp"

namespace bao::local {

namespace {

class MemoryCursor final : public Cursor {
 public:
  explicit MemoryCursor(const BTree* tree) : tree_(tree) {}

  bool seek(std::string_view key) override { return move_to(tree_ ? tree_->lower_bound(key) : Position{}); }
  bool seek_before(std::string_view key) override {
    if (!tree_) return false;
    if (key.empty()) return move_to(tree_->last());
    const Position at = tree_->lower_bound(key);
    return move_to(at.valid() ? BTree::previous(at) : tree_->last());
  }
  bool next() override { return move_to(BTree::next(position_)); }
  bool previous() override { return move_to(BTree::previous(position_)); }
  [[nodiscard]] std::string_view key() const override { return BTree::key(position_); }
  [[nodiscard]] std::string_view value() const override { return BTree::value(position_); }
  [[nodiscard]] const std::optional<StoreError>& error() const override { return error_; }

 private:
  using Position = BTree::Position;
  bool move_to(Position position) {
    position_ = position;
    return position_.valid();
  }

  const BTree* tree_;
  Position position_;
  std::optional<StoreError> error_;
};

class MemoryStore final : public Store {
 public:
  StoreResult<std::optional<std::string_view>> get(SpaceId space, std::string_view key) override {
    const BTree* tree = tree_of(space);
    if (!tree) return std::nullopt;
    if (const std::string* value = tree->find(key)) return *value;
    return std::nullopt;
  }

  std::unique_ptr<Cursor> cursor(SpaceId space) override {
    return std::make_unique<MemoryCursor>(tree_of(space));
  }

  StoreResult<void> commit(WriteBatch& batch) override {
    for (WriteBatch::Change& change : batch.changes()) {
      if (change.space >= spaces_.size()) spaces_.resize(change.space + 1);
      BTree& tree = spaces_[change.space];
      switch (change.kind) {
        case WriteBatch::Change::Kind::put:
          tree.put(std::move(change.key), std::move(change.value));
          break;
        case WriteBatch::Change::Kind::erase:
          tree.erase(change.key);
          break;
        case WriteBatch::Change::Kind::drop_space:
          tree = BTree();
          break;
      }
    }
    batch.clear();
    return {};
  }

 private:
  [[nodiscard]] const BTree* tree_of(SpaceId space) const {
    return space < spaces_.size() ? &spaces_[space] : nullptr;
  }

  std::vector<BTree> spaces_;
};

}  // namespace

std::unique_ptr<Store> make_memory_store() {
  return std::make_unique<MemoryStore>();
}

}  // namespace bao::local
