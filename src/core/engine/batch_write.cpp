#include "core/engine/batch_write.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/engine/batch.hpp"
#include "core/engine/batch_requests.hpp"
#include "core/engine/creation.hpp"
#include "core/engine/exchange.hpp"
#include "core/engine/write_support.hpp"
#include "core/request/body.hpp"
#include "core/value/concat.hpp"
#include "core/value/hash_index.hpp"

namespace bao::core {

namespace {

// One row to write, and what became of it.
struct Row {
  RowKey key;
  std::string id;
  std::string request;  ///< {"PutRequest":...} or {"DeleteRequest":...}
  ItemRef item;         ///< none: a delete
  std::unique_ptr<WriteMark> mark;
  std::shared_ptr<Entry> entry;
  Capacity capacity;
  bool written = false;
};

using Rows = std::vector<Row*>;

// What the chunks of one batch share.
struct Work {
  const Model& model;
  std::vector<Row> rows;
  std::vector<std::size_t> row_of_put;  ///< by the put's position
  std::vector<Rows> chunks;
  std::size_t next = 0;
  std::optional<Error> error;  ///< the first one; no further chunk starts
};

std::string put_request(const Value::Map& item) {
  std::string request;
  JsonWriter writer(request);
  writer.begin_object();
  writer.key("PutRequest");
  writer.begin_object();
  writer.key("Item");
  writer.item(item);
  writer.end_object();
  writer.end_object();
  return request;
}

std::string delete_request(const RowKey& key) {
  std::string request;
  JsonWriter writer(request);
  writer.begin_object();
  writer.key("DeleteRequest");
  writer.begin_object();
  writer.key("Key");
  write_row_key(writer, key);
  writer.end_object();
  writer.end_object();
  return request;
}

std::string request_body(const std::string& table, const Rows& rows) {
  std::vector<const std::string*> entries;
  entries.reserve(rows.size());
  for (const Row* row : rows) entries.push_back(&row->request);
  return batch_write_body(table, entries);
}

Error put_and_deleted(const Model& model, const std::string& id) {
  return {
      ErrorCode::validation,
      ErrorDetails{.message = concat({model.name(), " '", id, "': one batch cannot both put and delete it"}),
                   .model = model.name(),
                   .value = id.substr(0, 100),
                   .primary_id = id}};
}

std::optional<Error> make_rows(Call& call, const BatchWrite& writes, Work& work) {
  const Model& model = work.model;
  HashIndex by_key;
  const auto row_of = [&](const RowKey& key) {
    const auto has_key = [&](std::uint32_t row) { return work.rows[row].key == key; };
    return by_key.find(hash_of(key), has_key);
  };
  for (const std::vector<Change>& values : writes.puts) {
    Result<Creation> creation = make_creation(call, model, values, true);
    if (!creation) return std::move(creation).error();
    const std::optional<std::uint32_t> standing = row_of(creation->key);
    const std::size_t position = standing ? *standing : work.rows.size();
    work.row_of_put.push_back(position);
    if (!standing) {
      by_key.insert(hash_of(creation->key), position);
      work.rows.emplace_back();
    }
    Row& row = work.rows[position];  // of two puts of one item the later one counts
    row.key = creation->key;
    row.id = creation->id;
    row.request = put_request(creation->item);
    row.item = make_item(creation->item);
  }
  const std::size_t put_rows = work.rows.size();
  for (const KeyTexts& texts : writes.removes) {
    Row row;
    row.key = primary_row_key(model, call.tenant(), texts);
    row.id = primary_id(model, texts);
    const std::optional<std::uint32_t> standing = row_of(row.key);
    if (standing && *standing < put_rows) return put_and_deleted(model, row.id);
    if (standing) continue;
    by_key.insert(hash_of(row.key), work.rows.size());
    row.request = delete_request(row.key);
    work.rows.push_back(std::move(row));
  }
  return std::nullopt;
}

// Which rows the answer leaves to be written again; nothing where it names one that was not sent: what became
// of the others is unknown then.
std::optional<Rows> left_over(const Answer& answer, const Rows& sent) {
  Rows left;
  for (const std::uint32_t node : answer.unprocessed) {
    const ItemRef row(answer.document, node);
    const ValueView pk = row.attribute(pk_attribute);
    const ValueView sk = row.attribute(sk_attribute);
    if (!pk.present() || !sk.present()) return std::nullopt;
    const auto found = std::ranges::find_if(
        sent, [&](const Row* one) { return one->key.pk == pk.text() && one->key.sk == sk.text(); });
    if (found == sent.end()) return std::nullopt;
    if (std::ranges::find(left, *found) == left.end()) left.push_back(*found);
  }
  return left;
}

void settle(const Rows& sent, const Rows& left) {
  for (Row* row : sent) {
    if (std::ranges::find(left, row) != left.end()) continue;
    row->written = true;
    row->entry = row->mark->written(row->item);
  }
}

Task<void> write_chunk(Call& call, Work& work, Rows rows) {
  UnprocessedRetries retries;
  for (;;) {
    const Exchange ended =
        co_await exchange(call, ApiOperation::batch_write_item,
                          request_body(call.engine().options().table_name, rows), Replay::idempotent);
    if (!ended.answer) {
      if (!work.error) work.error = exchange_error(ended, ApiOperation::batch_write_item, Replay::idempotent);
      co_return;
    }
    const double share = ended.answer->capacity_units / static_cast<double>(rows.size());
    for (Row* row : rows) row->capacity.write += share;
    std::optional<Rows> left = left_over(*ended.answer, rows);
    if (!left) {
      if (!work.error) work.error = garbled_unprocessed();
      co_return;
    }
    settle(rows, *left);
    if (left->empty()) co_return;
    const std::size_t sent = rows.size();
    rows = std::move(*left);
    if (std::optional<Error> error = co_await retries.wait(call, sent, rows.size())) {
      if (!work.error) work.error = std::move(error);
      co_return;
    }
  }
}

// Several of these run at a time, each taking the next chunk.
Task<void> write_chunks(Call& call, Work& work, Join& join) {
  while (work.next < work.chunks.size() && !work.error) {
    Rows rows = std::move(work.chunks[work.next++]);
    co_await write_chunk(call, work, std::move(rows));
  }
  join.done();
}

Error batch_error(const Work& work) {
  const auto written = std::ranges::count_if(work.rows, [](const Row& row) { return row.written; });
  ErrorDetails details = work.error->details();
  details.message = concat(
      {work.model.name(), ": ", written, " of ", work.rows.size(), " items are written: ", details.message});
  details.model = work.model.name();
  return {work.error->code(), std::move(details)};
}

}  // namespace

Task<Result<BatchWritten>> batch_write(Call& call, const Model& model, BatchWrite writes) {
  if (!model.unique_constraints().empty()) {
    co_return std::unexpected(Error(
        ErrorCode::configuration,
        ErrorDetails{
            .message = concat({model.name(), ": a model with unique constraints ('",
                               model.unique_constraints().front().name,
                               "') cannot be written in batches; use create, update, delete or transact"}),
            .model = model.name(),
            .operation = "batchWrite"}));
  }
  Work work{.model = model, .rows = {}, .row_of_put = {}, .chunks = {}, .next = 0, .error = std::nullopt};
  if (std::optional<Error> error = make_rows(call, writes, work))
    co_return std::unexpected(std::move(*error));
  BatchWritten result;
  if (work.rows.empty()) co_return result;
  if (std::optional<Error> error = refuse_outside_scope(call, call.engine())) {
    co_return std::unexpected(std::move(*error));
  }
  for (Row& row : work.rows) {
    row.mark = std::make_unique<WriteMark>(call, row.key);
    if (work.chunks.empty() || work.chunks.back().size() == batch_writes_max) work.chunks.emplace_back();
    work.chunks.back().push_back(&row);
  }
  Scheduler& scheduler = call.engine().scheduler();
  const std::size_t parallel = std::min(work.chunks.size(), batch_parts_parallel_max);
  Join join(scheduler, parallel);
  for (std::size_t started = 0; started < parallel; ++started)
    spawn(scheduler, write_chunks(call, work, join));
  co_await join;
  if (work.error) co_return std::unexpected(batch_error(work));
  for (const std::size_t position : work.row_of_put) {
    const Row& row = work.rows[position];
    result.puts.push_back({.item = row.item, .capacity = row.capacity, .entry = row.entry});
  }
  result.capacity = call.capacity;
  co_return result;
}

}  // namespace bao::core
