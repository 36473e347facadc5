#include "wasm/calls.hpp"

#include <utility>

namespace bao::wasm {

using core::Call;
using core::Model;
using core::Task;

namespace {

FoundRow found_row(core::Found found, std::string id) {
  core::ItemRef item = found.entry->item;
  return {.item = std::move(item),
          .entry = std::move(found.entry),
          .id = std::move(id),
          .capacity = found.capacity};
}

FoundRow row_of(core::Written written, std::string id) {
  return {.item = std::move(written.item),
          .entry = std::move(written.entry),
          .id = std::move(id),
          .capacity = written.capacity};
}

}  // namespace

Task<Result<FoundRow>> find_one(Call& call, const Model& model, core::KeyTexts key, std::string id,
                                core::FindOptions options) {
  auto found = co_await core::find(call, model, std::move(key), std::move(options));
  if (!found) co_return std::unexpected(std::move(found).error());
  co_return found_row(std::move(*found), std::move(id));
}

Task<Result<FoundRow>> find_by_value(Call& call, const Model& model, std::string constraint, Value value,
                                     core::FindOptions options) {
  auto found =
      co_await core::find_unique(call, model, std::move(constraint), std::move(value), std::move(options));
  if (!found) co_return std::unexpected(std::move(found).error());
  co_return found_row(std::move(*found), {});
}

Task<Result<FoundRows>> find_many(Call& call, const Model& model, std::vector<std::string> ids,
                                  core::FindOptions options) {
  auto found = co_await core::batch_find(call, model, std::move(ids), std::move(options));
  if (!found) co_return std::unexpected(std::move(found).error());
  FoundRows rows{.items = {}, .capacity = found->capacity, .requests = found->requests, .next = {}};
  rows.items.reserve(found->items.size());
  for (auto& [id, one] : found->items) rows.items.push_back(found_row(std::move(one), std::move(id)));
  co_return rows;
}

Task<Result<FoundRow>> written_row(Task<Result<core::Written>> write, std::string id, bool with_entry) {
  auto written = co_await std::move(write);
  if (!written) co_return std::unexpected(std::move(written).error());
  FoundRow row = row_of(std::move(*written), std::move(id));
  if (!with_entry) row.entry = nullptr;
  co_return row;
}

Task<Result<core::Page>> count_items(Call& call, const Model& model, core::ScanOptions options) {
  return core::count(call, model,
                     {.filter = std::move(options.filter),
                      .index = std::move(options.index),
                      .consistent = options.consistent});
}

Task<Result<FoundRows>> iterate_rows(Call& call, const Model& model, core::IterateOptions options,
                                     core::IterationPosition from) {
  auto batch = co_await core::iterate(call, model, std::move(options), std::move(from));
  if (!batch) co_return std::unexpected(std::move(batch).error());
  FoundRows rows{.items = {}, .capacity = batch->capacity, .requests = 0, .next = std::move(batch->next)};
  rows.items.reserve(batch->items.size());
  for (auto& [id, one] : batch->items) rows.items.push_back(found_row(std::move(one), std::move(id)));
  co_return rows;
}

Task<Result<FoundRows>> batch_write_rows(Call& call, const Model& model, core::BatchWrite writes) {
  auto written = co_await core::batch_write(call, model, std::move(writes));
  if (!written) co_return std::unexpected(std::move(written).error());
  FoundRows rows{.items = {}, .capacity = written->capacity, .requests = 0, .next = {}};
  rows.items.reserve(written->puts.size());
  for (core::Written& put : written->puts) rows.items.push_back(row_of(std::move(put), {}));
  co_return rows;
}

Task<Result<FoundRows>> search_rows(Call& call, const Model& model, std::vector<std::string> terms,
                                    core::SearchOptions options) {
  auto found = co_await core::search(call, model, std::move(terms), std::move(options));
  if (!found) co_return std::unexpected(std::move(found).error());
  FoundRows rows{.capacity = found->capacity, .cursor = std::move(found->cursor)};
  rows.items.reserve(found->items.size());
  for (auto& [id, one] : found->items) rows.items.push_back(found_row(std::move(one), std::move(id)));
  co_return rows;
}

Task<Result<FoundRows>> transact_rows(Call& call, std::vector<core::TransactAction> actions) {
  FoundRows rows;
  rows.items.reserve(actions.size());
  for (const core::TransactAction& action : actions) rows.items.push_back({.model = action.model});
  auto done = co_await core::transact(call, std::move(actions));
  if (!done) co_return std::unexpected(std::move(done).error());
  for (std::size_t position = 0; position < rows.items.size(); ++position) {
    FoundRow& row = rows.items[position];
    const Model* const model = row.model;
    row = row_of(std::move(done->items[position]), {});
    row.model = model;
    // What the cache knows of a deleted item is that it is gone.
    if (row.entry && !row.entry->item) row.entry = nullptr;
  }
  rows.capacity = done->capacity;
  co_return rows;
}

}  // namespace bao::wasm
