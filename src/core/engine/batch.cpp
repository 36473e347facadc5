#include "core/engine/batch.hpp"

#include <algorithm>

#include "core/engine/exchange.hpp"
#include "core/request/body.hpp"
#include "core/value/concat.hpp"
#include "core/value/hash_index.hpp"

namespace bao::core {

void EntryAwaiter::await_suspend(std::coroutine_handle<> coroutine) {
  handle = coroutine;
  entry_->waiters.push_back(this);
  call_.attach(*this);
}

void EntryAwaiter::detach() {
  std::erase(entry_->waiters, this);
}

void make_ready(Engine& engine, Entry& entry) {
  entry.ready = true;
  for (detail::Waiter* waiter : std::exchange(entry.waiters, {})) {
    auto* const awaiter = static_cast<EntryAwaiter*>(waiter);
    awaiter->call_.remove(*awaiter);
    engine.scheduler().push(awaiter->handle);
  }
}

namespace {

using Entries = std::vector<std::shared_ptr<Entry>>;

void settle(Call& call, const std::shared_ptr<Scope>& scope, Entry& entry) {
  if (entry.ready) return;
  if (entry.error && scope) scope->cache.drop(entry);
  make_ready(call.engine(), entry);
}

void fail_all(Call& call, const std::shared_ptr<Scope>& scope, const Entries& entries, const Error& error) {
  for (const std::shared_ptr<Entry>& entry : entries) {
    if (entry->ready) continue;
    entry->error = error;
    settle(call, scope, *entry);
  }
}

void share_capacity(const std::shared_ptr<Scope>& scope, const Entries& asked, double units) {
  if (scope) scope->capacity.read += units;
  for (const std::shared_ptr<Entry>& entry : asked) {
    entry->capacity.read += units / static_cast<double>(asked.size());
  }
}

bool is_item_of(const ItemRef& item, const Entry& entry) {
  const ValueView pk = item.attribute(pk_attribute);
  const ValueView sk = item.attribute(sk_attribute);
  return pk.present() && sk.present() && pk.text() == entry.key.pk && sk.text() == entry.key.sk;
}

Error wrong_row_error() {
  return {ErrorCode::data_format,
          ErrorDetails{.message = "GetItem: the answer holds another item than the one asked for",
                       .operation = "GetItem",
                       .retryable = true}};
}

Error unprocessed_error(std::size_t left) {
  return {ErrorCode::throttling,
          ErrorDetails{.message = concat(
                           {"BatchGetItem: ", left, " keys were still unprocessed when retries ran out"}),
                       .operation = "BatchGetItem",
                       .retryable = true}};
}

// Which of `asked` the answer leaves to be asked again: everything where it has no list of items at all. A
// key that it says it left and that was not asked is garbage and ignored.
Entries left_over(const Answer& answer, const Entries& asked) {
  if (!answer.has_items) return asked;
  Entries left;
  for (const std::uint32_t node : answer.unprocessed) {
    const ItemRef key(answer.document, node);
    const auto found =
        std::ranges::find_if(asked, [&](const auto& entry) { return is_item_of(key, *entry); });
    if (found != asked.end() && std::ranges::find(left, *found) == left.end()) left.push_back(*found);
  }
  return left;
}

void take_items(const Answer& answer, const Entries& asked) {
  HashIndex by_key;
  for (std::size_t i = 0; i < asked.size(); ++i) by_key.insert(hash_of(asked[i]->key), i);
  for (std::size_t position = 0; position < answer.items.size(); ++position) {
    const ItemRef item = answer.items_ref(position);
    const ValueView pk = item.attribute(pk_attribute);
    const ValueView sk = item.attribute(sk_attribute);
    if (!pk.present() || !sk.present()) continue;
    const auto found = by_key.find(hash_of(pk.text(), sk.text()),
                                   [&](std::uint32_t i) { return is_item_of(item, *asked[i]); });
    if (found) asked[*found]->item = item;
  }
}

Task<void> fetch_chunk(Call& call, std::shared_ptr<Scope> scope, Entries asked, bool consistent) {
  Engine& engine = call.engine();
  for (int retry = 0;;) {
    std::vector<const RowKey*> keys;
    keys.reserve(asked.size());
    for (const std::shared_ptr<Entry>& entry : asked) keys.push_back(&entry->key);
    std::string body = batch_get_item_body(engine.options().table_name, keys, consistent);
    const Exchange ended =
        co_await exchange(call, ApiOperation::batch_get_item, std::move(body), Replay::read);
    if (!ended.answer) {
      fail_all(call, scope, asked, exchange_error(ended, ApiOperation::batch_get_item, Replay::read));
      co_return;
    }
    const Answer& answer = *ended.answer;
    share_capacity(scope, asked, answer.capacity_units);
    take_items(answer, asked);
    Entries left = left_over(answer, asked);
    if (left.size() < asked.size()) {
      // Progress: the service is slow, not stuck, so that this costs no more of the quota.
      if (retry > 0) engine.quota().release(RetryReason::unprocessed);
      retry = 0;
    }
    for (const std::shared_ptr<Entry>& entry : asked) {
      if (std::ranges::find(left, entry) == left.end()) settle(call, scope, *entry);
    }
    if (left.empty()) co_return;
    asked = std::move(left);
    ++retry;
    if (!co_await wait_before_retry(call, retry, RetryReason::unprocessed)) {
      fail_all(call, scope, asked, unprocessed_error(asked.size()));
      co_return;
    }
  }
}

// Chunks that wait for their request.
struct Chunks {
  std::vector<Entries> chunks;
  std::size_t next = 0;
};

// Several of these run at a time, each taking the next chunk.
Task<void> fetch_chunks(Call& call, std::shared_ptr<Scope> scope, Chunks& waiting, bool consistent,
                        Join& join) {
  while (waiting.next < waiting.chunks.size()) {
    Entries asked = std::move(waiting.chunks[waiting.next++]);
    if (asked.size() == 1) {
      co_await fetch_one(call, scope, asked.front(), consistent);
    } else {
      co_await fetch_chunk(call, scope, std::move(asked), consistent);
    }
  }
  join.done();
}

// Two entries of one key, made by finds that do not share the cache. BatchGetItem refuses a key twice.
struct Twin {
  std::shared_ptr<Entry> asked;
  std::shared_ptr<Entry> other;
};

std::vector<Twin> take_twins(Entries& entries) {
  std::vector<Twin> twins;
  if (entries.size() == 1) return twins;
  Entries asked;
  asked.reserve(entries.size());
  HashIndex by_key;
  for (std::shared_ptr<Entry>& entry : entries) {
    const std::size_t hash = hash_of(entry->key);
    const auto first = by_key.find(hash, [&](std::uint32_t i) { return asked[i]->key == entry->key; });
    if (first) {
      twins.push_back({.asked = asked[*first], .other = std::move(entry)});
    } else {
      by_key.insert(hash, asked.size());
      asked.push_back(std::move(entry));
    }
  }
  entries = std::move(asked);
  return twins;
}

Task<void> run_batch(Call& call, std::shared_ptr<Scope> scope, std::shared_ptr<Scope::Batch> batch) {
  std::erase(scope->open, batch);
  if (batch->entries.empty()) co_return;  // others were in more of a hurry
  co_await fetch_entries(call, scope, std::move(batch->entries), batch->consistent);
}

Task<void> send_batch(Engine& engine, std::shared_ptr<Scope> scope, std::shared_ptr<Scope::Batch> batch) {
  engine.start_shared(batch->deadline_ms, [&](Call& call) { return run_batch(call, scope, batch); });
  co_return;
}

Task<void> delay_batch(Call& call, std::shared_ptr<Scope> scope, std::shared_ptr<Scope::Batch> batch) {
  const std::int64_t left_ms = batch->deadline_ms - call.engine().now().steady_ms;
  co_await call.engine().sleep(
      call, std::clamp<std::int64_t>(*batch->delay_ms, 0, std::max<std::int64_t>(left_ms, 0)));
  co_await run_batch(call, std::move(scope), std::move(batch));
}

}  // namespace

Task<void> fetch_one(Call& call, std::shared_ptr<Scope> scope, std::shared_ptr<Entry> entry,
                     bool consistent) {
  std::string body = get_item_body(call.engine().options().table_name, entry->key, consistent);
  const Exchange ended = co_await exchange(call, ApiOperation::get_item, std::move(body), Replay::read);
  if (!ended.answer) {
    entry->error = exchange_error(ended, ApiOperation::get_item, Replay::read);
  } else {
    if (scope) scope->capacity.read += ended.answer->capacity_units;
    entry->capacity.read += ended.answer->capacity_units;
    ItemRef item = ended.answer->item_ref();
    if (item && !is_item_of(item, *entry)) {
      entry->error = wrong_row_error();
    } else {
      entry->item = std::move(item);
    }
  }
  settle(call, scope, *entry);
}

Task<void> fetch_entries(Call& call, std::shared_ptr<Scope> scope, Entries entries, bool consistent) {
  const std::vector<Twin> twins = take_twins(entries);
  Chunks waiting;
  for (std::size_t begin = 0; begin < entries.size(); begin += batch_keys_max) {
    const std::size_t end = std::min(begin + batch_keys_max, entries.size());
    waiting.chunks.emplace_back(entries.begin() + static_cast<std::ptrdiff_t>(begin),
                                entries.begin() + static_cast<std::ptrdiff_t>(end));
  }
  const std::size_t parallel = std::min(waiting.chunks.size(), batch_parts_parallel_max);
  Join join(call.engine().scheduler(), parallel);
  for (std::size_t started = 0; started < parallel; ++started) {
    spawn(call.engine().scheduler(), fetch_chunks(call, scope, waiting, consistent, join));
  }
  co_await join;
  for (const Twin& twin : twins) {
    twin.other->item = twin.asked->item;
    twin.other->error = twin.asked->error;
    settle(call, scope, *twin.other);
  }
}

void join_batch(Engine& engine, const std::shared_ptr<Scope>& scope, std::shared_ptr<Entry> entry,
                bool consistent, std::optional<std::int64_t> delay_ms, std::int64_t deadline_ms) {
  const bool alone = delay_ms == 0;
  if (!alone) {
    for (const std::shared_ptr<Scope::Batch>& open : scope->open) {
      if (open->consistent == consistent && open->delay_ms == delay_ms) {
        open->deadline_ms = std::max(open->deadline_ms, deadline_ms);
        open->entries.push_back(std::move(entry));
        return;
      }
    }
  }
  auto batch = std::make_shared<Scope::Batch>();
  batch->delay_ms = delay_ms;
  batch->consistent = consistent;
  batch->deadline_ms = deadline_ms;
  batch->entries.push_back(std::move(entry));
  if (!alone) scope->open.push_back(batch);
  if (alone) {
    engine.start_shared(deadline_ms, [&](Call& call) { return run_batch(call, scope, batch); });
  } else if (delay_ms) {
    engine.start_shared(deadline_ms, [&](Call& call) { return delay_batch(call, scope, batch); });
  } else {
    engine.when_turn_over(send_batch(engine, scope, batch));
  }
}

namespace {

// Batches without a delay leave at the end of the turn: after those that leave at once, before those that
// wait.
std::int64_t departure(std::optional<std::int64_t> delay_ms) {
  return !delay_ms ? 0 : *delay_ms == 0 ? -1 : *delay_ms;
}

}  // namespace

void hasten_batch(Engine& engine, const std::shared_ptr<Scope>& scope, const std::shared_ptr<Entry>& entry,
                  std::optional<std::int64_t> delay_ms, std::int64_t deadline_ms) {
  for (const std::shared_ptr<Scope::Batch>& open : scope->open) {
    if (departure(open->delay_ms) <= departure(delay_ms) || std::erase(open->entries, entry) == 0) continue;
    join_batch(engine, scope, entry, open->consistent, delay_ms, std::max(open->deadline_ms, deadline_ms));
    return;
  }
}

}  // namespace bao::core
