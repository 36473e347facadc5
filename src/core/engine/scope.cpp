#include "core/engine/scope.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace bao::core {

namespace {

std::string text_of(const RowKey& key) {
  std::string text;
  text.reserve(key.pk.size() + key.sk.size() + 9);
  // The length keeps two keys apart whatever bytes their halves hold.
  const std::size_t size = key.pk.size();
  for (unsigned shift = 0; shift < 32; shift += 8) text.push_back(static_cast<char>(size >> shift & 0xffU));
  text += key.pk;
  text += key.sk;
  return text;
}

}  // namespace

std::size_t hash_of(std::string_view pk, std::string_view sk) {
  const std::hash<std::string_view> hash;
  return hash(pk) * 31 + hash(sk);
}

std::optional<std::uint32_t> Cache::position(const RowKey& key) const {
  return positions_.find(hash_of(key),
                         [&](std::uint32_t position) { return entries_[position]->key == key; });
}

std::shared_ptr<Entry> Cache::find(const RowKey& key) const {
  const std::optional<std::uint32_t> found = position(key);
  return found ? entries_[*found] : nullptr;
}

void Cache::put(std::shared_ptr<Entry> entry) {
  order_.push(entry);
  if (const std::optional<std::uint32_t> found = position(entry->key)) {
    entries_[*found].swap(entry);
  } else {
    positions_.insert(hash_of(entry->key), entries_.size());
    entries_.push_back(std::move(entry));
  }
  while (entries_.size() > entries_max || order_.size() > 2 * entries_max) {
    std::weak_ptr<Entry> oldest;
    order_.pop(oldest);
    if (const std::shared_ptr<Entry> there = oldest.lock()) drop(*there);
  }
}

void Cache::drop(const Entry& entry) {
  const std::optional<std::uint32_t> found = position(entry.key);
  if (found && entries_[*found].get() == &entry) drop_at(*found);
}

void Cache::drop(const RowKey& key) {
  if (const std::optional<std::uint32_t> found = position(key)) drop_at(*found);
}

// The last entry takes its place.
void Cache::drop_at(std::uint32_t position) {
  const auto hash_at = [this](std::size_t at) { return hash_of(entries_[at]->key); };
  const std::size_t last = entries_.size() - 1;
  positions_.erase(hash_at(position), position);
  if (position != last) {
    positions_.erase(hash_at(last), last);
    positions_.insert(hash_at(last), position);
  }
  const std::shared_ptr<Entry> dropped = std::exchange(entries_[position], std::move(entries_.back()));
  entries_.pop_back();
}

void Cache::clear() {
  entries_.clear();
  positions_ = HashIndex();
}

void Scope::use_loader(const std::shared_ptr<Cache>& loader) {
  const bool used = std::ranges::any_of(
      loaders_, [&loader](const std::weak_ptr<Cache>& known) { return known.lock() == loader; });
  if (used) return;
  std::erase_if(loaders_, [](const std::weak_ptr<Cache>& known) { return known.expired(); });
  loaders_.push_back(loader);
  if (written_.size() == written_max) loader->clear();
  for (const auto& [text, key] : written_) loader->drop(key);
}

bool Scope::wrote(const RowKey& key) const {
  if (written_.empty()) return false;
  return written_.size() == written_max || written_.contains(text_of(key));
}

void Scope::begin_write(const RowKey& key) {
  Writes& writes = writes_[text_of(key)];
  writes.overlapped = writes.overlapped || writes.running > 0;
  ++writes.running;
}

std::shared_ptr<Entry> Scope::end_write(const RowKey& key, std::optional<ItemRef> item) {
  const std::string text = text_of(key);
  const auto writes = writes_.find(text);
  const bool known = item.has_value() && !writes->second.overlapped;
  if (--writes->second.running == 0) writes_.erase(writes);
  if (written_.size() < written_max) written_.emplace(text, key);
  for (const std::weak_ptr<Cache>& used : loaders_) {
    if (const std::shared_ptr<Cache> loader = used.lock()) loader->drop(key);
  }
  if (!known) {
    cache.drop(key);
    return nullptr;
  }
  auto entry = std::make_shared<Entry>();
  entry->key = key;
  entry->ready = true;
  entry->item = std::move(*item);
  cache.put(entry);
  return entry;
}

}  // namespace bao::core
