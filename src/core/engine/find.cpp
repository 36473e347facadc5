#include "core/engine/find.hpp"

#include <functional>

#include "core/engine/batch.hpp"
#include "core/engine/draft.hpp"
#include "core/engine/exchange.hpp"
#include "core/keys/key_text.hpp"
#include "core/schema/field_codec.hpp"
#include "core/value/concat.hpp"
#include "core/value/hash_index.hpp"
#include "core/value/utf8.hpp"

namespace bao::core {

namespace {

bool can_exist(const RowKey& key) {
  return is_valid_utf8(key.pk) && is_valid_utf8(key.sk) && !key.pk.empty() &&
         key.pk.size() <= partition_key_bytes_max && !key.sk.empty() && key.sk.size() <= sort_key_bytes_max;
}

std::shared_ptr<Entry> miss(RowKey key) {
  auto entry = std::make_shared<Entry>();
  entry->key = std::move(key);
  entry->ready = true;
  return entry;
}

Cache* cache_of(Call& call, const RowKey& key, const FindOptions& options) {
  const std::shared_ptr<Scope>& scope = call.scope();
  if (options.loader && !(scope && scope->wrote(key))) return options.loader.get();
  return scope ? &scope->cache : nullptr;
}

Error cancelled_error() {
  return {ErrorCode::cancelled, "find was cancelled"};
}

struct Started {
  std::shared_ptr<Entry> entry;
  bool fetch = false;   // nobody reads it yet: the caller has to
  bool cached = false;  // somebody else's read answers
};

// Whether what this call waits for may be ended by the events of the call that reads the entry, and will be
// in time.
bool may_wait(Call& call, const Entry& entry) {
  if (entry.ready) return true;
  if (entry.deadline_ms > call.deadline_ms()) return false;
  if (call.engine().options().share_reads_in_flight) return true;
  return entry.reader != nullptr && entry.reader == call.scope().get();
}

// Looks into the cache, or makes an entry that is to be read.
Started start_entry(Call& call, RowKey key, const FindOptions& options) {
  if (!can_exist(key)) return {.entry = miss(std::move(key)), .cached = true};
  if (options.loader && call.scope()) call.scope()->use_loader(options.loader);
  Cache* const cache = cache_of(call, key, options);
  const bool shared = cache != nullptr && !options.bypass_cache;
  if (shared && !options.consistent) {
    // An error whose finds were all cancelled may still stand in a loader.
    if (std::shared_ptr<Entry> known = cache->find(key); known && !known->error && may_wait(call, *known)) {
      return {.entry = std::move(known), .cached = true};
    }
  }
  auto entry = std::make_shared<Entry>();
  entry->key = std::move(key);
  entry->reader = call.scope().get();
  entry->deadline_ms = call.deadline_ms();
  if (shared) cache->put(entry);
  return {.entry = std::move(entry), .fetch = true};
}

// Reads entries outside of batches. Those of a scope or a loader may have other waiters, who outlive this
// call.
Task<void> fetch_direct(Call& call, std::vector<std::shared_ptr<Entry>> entries, const FindOptions& options) {
  if (!options.loader && !call.scope()) {
    co_await fetch_entries(call, nullptr, std::move(entries), options.consistent);
    co_return;
  }
  call.engine().start_shared(call.deadline_ms(), [&](Call& shared) {
    return fetch_entries(shared, call.scope(), std::move(entries), options.consistent);
  });
}

// Who reads it began earlier, and had no time left; this call has, and reads it again.
bool ended_by_another_deadline(Call& call, const Started& started) {
  const std::optional<Error>& error = started.entry->error;
  return started.cached && error && error->code() == ErrorCode::timeout &&
         call.engine().now().steady_ms < call.deadline_ms();
}

// Puts an entry where it will be read; true: outside of batches, the caller has to read it. `again`: it has
// less time left than finds that begin now, whose batch it would wait for.
Result<bool> have_it_read(Call& call, const Started& started, const FindOptions& options, bool again) {
  Engine& engine = call.engine();
  if (started.fetch) {
    if (std::optional<Error> error = refuse_outside_scope(call, engine)) {
      if (options.loader) options.loader->drop(*started.entry);
      return std::unexpected(std::move(*error));
    }
    if (again || !call.scope()) return true;
    join_batch(engine, call.scope(), started.entry, options.consistent, options.batch_delay_ms,
               call.deadline_ms());
  } else if (!started.entry->ready && call.scope()) {
    hasten_batch(engine, call.scope(), started.entry, options.batch_delay_ms, call.deadline_ms());
  }
  return false;
}

Result<Found> found_of(Started started, const FindOptions& options) {
  Entry& entry = *started.entry;
  if (entry.error) {
    if (options.loader) options.loader->drop(entry);
    return std::unexpected(*entry.error);
  }
  const Capacity capacity = started.cached ? Capacity{} : entry.capacity;
  return Found{std::move(started.entry), capacity};
}

Task<Result<Found>> find_row(Call& call, RowKey key, FindOptions options) {
  for (bool again = false;; again = true) {
    Started started = start_entry(call, std::move(key), options);
    const Result<bool> direct = have_it_read(call, started, options, again);
    if (!direct) co_return std::unexpected(direct.error());
    if (*direct && !options.loader && !call.scope()) {
      // By far the most usual: no other call shares this read.
      co_await fetch_one(call, nullptr, started.entry, options.consistent);
    } else if (*direct) {
      std::vector<std::shared_ptr<Entry>> entries{started.entry};
      co_await fetch_direct(call, std::move(entries), options);
    }
    if (!co_await EntryAwaiter(call, started.entry)) co_return std::unexpected(cancelled_error());
    if (!ended_by_another_deadline(call, started)) co_return found_of(std::move(started), options);
    key = started.entry->key;
  }
}

const UniqueConstraint* constraint_of(const Model& model, const std::string& name) {
  for (const UniqueConstraint& constraint : model.unique_constraints()) {
    if (constraint.name == name) return &constraint;
  }
  return nullptr;
}

// The text to look for, as the rows of the constraint have it.
Result<std::string> wanted_text(const Model& model, const UniqueConstraint& constraint, const Value& value) {
  const std::string& field = model.field(constraint.field).name;
  const auto* given = value.get_if<std::string>();
  if (value.is_null() || (given != nullptr && given->empty())) {
    return std::unexpected(
        Error(ErrorCode::validation,
              ErrorDetails{.message = concat({model.name(), ": ", field, " value is required"}),
                           .model = model.name(),
                           .field = field}));
  }
  const Result<Value> stored = encode_field(model, constraint.field, value);
  if (!stored) return std::unexpected(stored.error());
  return unique_text(*stored).value_or(std::string());
}

}  // namespace

Task<Result<Found>> find(Call& call, const Model& model, KeyTexts texts, FindOptions options) {
  return find_row(call, primary_row_key(model, call.tenant(), texts), std::move(options));
}

Task<Result<Found>> find_unique(Call& call, const Model& model, std::string name, Value value,
                                FindOptions options) {
  const UniqueConstraint* const constraint = constraint_of(model, name);
  if (constraint == nullptr) {
    co_return std::unexpected(
        Error(ErrorCode::query,
              ErrorDetails{.message = concat({model.name(), ": there is no unique constraint '", name, "'"}),
                           .model = model.name(),
                           .index = name}));
  }
  const Result<std::string> text = wanted_text(model, *constraint, value);
  if (!text) co_return std::unexpected(text.error());
  // The row is never cached: another writer may take it over, and it is no instance of anybody's.
  FindOptions of_row = options;
  of_row.bypass_cache = true;
  Result<Found> row =
      co_await find_row(call, unique_row_key(model, call.tenant(), *constraint, *text), of_row);
  if (!row) co_return row;
  const Capacity row_capacity = row->capacity;
  const ValueView id = row->entry->item.attribute("relatedId");
  if (!id.present()) co_return Found{miss({}), row_capacity};
  const std::string& field = model.field(constraint->field).name;
  const auto holds_it = [&](const Found& found) {
    const ValueView held = found.entry->item.attribute(field);
    return held.present() && unique_text(held.to_value()) == *text;
  };
  Result<Found> found = co_await find_by_id(call, model, std::string(id.text()), options);
  if (found && !holds_it(*found) && !(options.consistent && options.bypass_cache)) {
    // The cache, or a replica, may be behind the row: only the item as it is now tells. The cache has that
    // from now on, so that no later find gives an older one.
    FindOptions afresh = options;
    afresh.consistent = true;
    const Capacity stale_capacity = found->capacity;
    found = co_await find_by_id(call, model, std::string(id.text()), afresh);
    if (found) found->capacity += stale_capacity;
  }
  if (!found) co_return found;
  found->capacity += row_capacity;
  if (!holds_it(*found)) found->entry = miss({});
  co_return found;
}

Task<Result<Found>> find_by_id(Call& call, const Model& model, std::string id, FindOptions options) {
  Result<KeyTexts> texts = split_primary_id(model, id);
  if (!texts) co_return Found{miss({}), {}};
  co_return co_await find(call, model, std::move(*texts), std::move(options));
}

Task<Result<FoundMany>> batch_find(Call& call, const Model& model, std::vector<std::string> ids,
                                   FindOptions options) {
  FoundMany many;
  std::vector<Started> started;
  std::size_t fetched = 0;
  HashIndex seen;
  std::vector<std::shared_ptr<Entry>> direct;
  const auto read = [&](const Started& one, bool again) -> std::optional<Error> {
    const Result<bool> is_direct = have_it_read(call, one, options, again);
    if (!is_direct) return is_direct.error();
    if (*is_direct) direct.push_back(one.entry);
    fetched += one.fetch ? 1 : 0;
    return std::nullopt;
  };
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::string& id = ids[i];
    const std::size_t hash = std::hash<std::string_view>()(id);
    if (seen.find(hash, [&](std::uint32_t earlier) { return ids[earlier] == id; })) continue;
    seen.insert(hash, i);
    Result<KeyTexts> texts = split_primary_id(model, id);
    Started one = texts ? start_entry(call, primary_row_key(model, call.tenant(), *texts), options)
                        : Started{.entry = miss({}), .cached = true};
    if (std::optional<Error> error = read(one, false)) co_return std::unexpected(std::move(*error));
    started.push_back(std::move(one));
    many.items.emplace_back(id, Found{});
  }
  if (!direct.empty()) co_await fetch_direct(call, std::move(direct), options);
  for (;;) {
    direct.clear();
    for (Started& one : started) {
      if (!co_await EntryAwaiter(call, one.entry)) co_return std::unexpected(cancelled_error());
      if (one.entry->error && !ended_by_another_deadline(call, one))
        co_return std::unexpected(found_of(std::move(one), options).error());
    }
    bool again = false;
    for (Started& one : started) {
      if (!ended_by_another_deadline(call, one)) continue;
      again = true;
      RowKey key = one.entry->key;
      one = start_entry(call, std::move(key), options);
      if (std::optional<Error> error = read(one, true)) co_return std::unexpected(std::move(*error));
    }
    if (!again) break;
    if (!direct.empty()) co_await fetch_direct(call, std::move(direct), options);
  }
  many.requests = (fetched + batch_keys_max - 1) / batch_keys_max;
  for (std::size_t position = 0; position < started.size(); ++position) {
    Result<Found> found = found_of(std::move(started[position]), options);
    if (!found) co_return std::unexpected(std::move(found).error());
    many.capacity += found->capacity;
    many.items[position].second = std::move(*found);
  }
  co_return many;
}

}  // namespace bao::core
