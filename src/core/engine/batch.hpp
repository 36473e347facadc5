#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/engine/engine.hpp"
#include "core/engine/scope.hpp"

namespace bao::core {

/// BatchGetItem takes this many keys at the most.
inline constexpr std::size_t batch_keys_max = 100;
/// Requests of one batch that are out at a time: a Worker has six connections (Cloudflare's limit on
/// simultaneous open connections), and one caller's long list should not take a whole pool.
inline constexpr std::size_t batch_parts_parallel_max = 6;

/// Puts an entry into the scope's open batch of its kind, opening one where there is none. The batch leaves
/// at the end of the turn, after `delay_ms`, or at once (alone) where that is 0.
void join_batch(Engine& engine, const std::shared_ptr<Scope>& scope, std::shared_ptr<Entry> entry,
                bool consistent, std::optional<std::int64_t> delay_ms, std::int64_t deadline_ms);

/// For another find of an entry that may still wait in an open batch: where that would leave later than a
/// batch of this delay, the entry leaves with one of this delay instead.
void hasten_batch(Engine& engine, const std::shared_ptr<Scope>& scope, const std::shared_ptr<Entry>& entry,
                  std::optional<std::int64_t> delay_ms, std::int64_t deadline_ms);

/// Reads one entry and makes it ready, as fetch_entries does: by a GetItem, which costs the service and both
/// sides less than a batch of one.
[[nodiscard]] Task<void> fetch_one(Call& call, std::shared_ptr<Scope> scope, std::shared_ptr<Entry> entry,
                                   bool consistent);

/// Reads the entries in chunks of 100, some in parallel, and makes each ready. Entries of one key are asked
/// once. Never leaves one unready: what could not be read is an error of its entry, never a miss.
[[nodiscard]] Task<void> fetch_entries(Call& call, std::shared_ptr<Scope> scope,
                                       std::vector<std::shared_ptr<Entry>> entries, bool consistent);

/// Waits until the entry is ready; false: the waiting call was cancelled (the entry goes on).
struct EntryAwaiter final : detail::Waiter {
  EntryAwaiter(Call& call, std::shared_ptr<Entry> entry) : call_(call), entry_(std::move(entry)) {}
  bool await_ready() const { return entry_->ready || call_.cancelled(); }
  void await_suspend(std::coroutine_handle<> coroutine);
  bool await_resume() const { return entry_->ready; }
  void detach() override;

 private:
  friend void make_ready(Engine& engine, Entry& entry);
  Call& call_;
  std::shared_ptr<Entry> entry_;
};

/// Marks the entry ready and resumes those that wait for it.
void make_ready(Engine& engine, Entry& entry);

}  // namespace bao::core
