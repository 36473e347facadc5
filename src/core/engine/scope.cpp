#include "core/engine/scope.hpp"

#include <algorithm>

namespace bao::core {

std::string Cache::text(const RowKey& key) {
  std::string text;
  text.reserve(key.pk.size() + key.sk.size() + 9);
  // The length keeps two keys apart whatever bytes their halves hold.
  const std::size_t size = key.pk.size();
  for (unsigned shift = 0; shift < 32; shift += 8) text.push_back(static_cast<char>(size >> shift & 0xffU));
  text += key.pk;
  text += key.sk;
  return text;
}

std::shared_ptr<Entry> Cache::find(const RowKey& key) const {
  const auto found = entries_.find(text(key));
  return found == entries_.end() ? nullptr : found->second;
}

void Cache::put(std::shared_ptr<Entry> entry) {
  order_.push(entry);
  std::shared_ptr<Entry>& place = entries_[text(entry->key)];
  place = std::move(entry);
  while (entries_.size() > entries_max || order_.size() > 2 * entries_max) {
    std::weak_ptr<Entry> oldest;
    order_.pop(oldest);
    if (const std::shared_ptr<Entry> there = oldest.lock()) drop(*there);
  }
}

void Cache::drop(const Entry& entry) {
  const auto found = entries_.find(text(entry.key));
  if (found != entries_.end() && found->second.get() == &entry) entries_.erase(found);
}

void Cache::drop(const RowKey& key) {
  entries_.erase(text(key));
}

void Cache::copy_written_to(Cache& other) const {
  for (const auto& [key, entry] : entries_) {
    if (entry->written) other.put(entry);
  }
}

void Scope::use_loader(const std::shared_ptr<Cache>& loader) {
  const bool used = std::ranges::any_of(
      loaders_, [&loader](const std::weak_ptr<Cache>& known) { return known.lock() == loader; });
  if (used) return;
  std::erase_if(loaders_, [](const std::weak_ptr<Cache>& known) { return known.expired(); });
  loaders_.push_back(loader);
  if (unsettled_.size() == unsettled_max) loader->clear();
  for (const RowKey& key : unsettled_) loader->drop(key);
  cache.copy_written_to(*loader);
}

void Scope::begin_write(const RowKey& key) {
  Writes& writes = writes_[Cache::text(key)];
  writes.overlapped = writes.overlapped || writes.running > 0;
  ++writes.running;
}

std::shared_ptr<Entry> Scope::end_write(const RowKey& key, std::optional<ItemRef> item) {
  const auto writes = writes_.find(Cache::text(key));
  const bool known = item.has_value() && !writes->second.overlapped;
  if (--writes->second.running == 0) writes_.erase(writes);
  if (!known) {
    cache.drop(key);
    if (unsettled_.size() < unsettled_max) unsettled_.push_back(key);
    for (const std::weak_ptr<Cache>& used : loaders_) {
      if (const std::shared_ptr<Cache> loader = used.lock()) loader->drop(key);
    }
    return nullptr;
  }
  auto entry = std::make_shared<Entry>();
  entry->key = key;
  entry->ready = true;
  entry->written = true;
  entry->item = std::move(*item);
  cache.put(entry);
  for (const std::weak_ptr<Cache>& used : loaders_) {
    if (const std::shared_ptr<Cache> loader = used.lock()) loader->put(entry);
  }
  return entry;
}

}  // namespace bao::core
