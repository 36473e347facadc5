#include <bao/bao.hpp>
#include <cerrno>
#include <cstdio>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/item_client.hpp"
#include "cli/item_line.hpp"
#include "cli/line_files.hpp"
#include "cli/long_work.hpp"
#include "cli/terminal.hpp"

namespace bao::cli {
namespace {

// BatchWriteItem takes 16 MB.
constexpr std::size_t batch_bytes_max = std::size_t{12} << 20;

struct Batch {
  std::vector<std::string> items;
  std::vector<std::size_t> lines;  ///< where each item stands in the file
};

// What the writers share; all of them run on one thread.
struct Import {
  const ImportCommand& command;
  LineReader& input;
  LongWork& long_work;
  std::uint64_t items = 0;
  double write_units = 0;
  bool at_end = false;

  void refuse(std::size_t line, const std::string& cause) {
    long_work.stop_with((command.file == "-" ? "standard input" : command.file) + ":" + std::to_string(line) +
                        ": " + cause);
  }
};

// The next items; what stands before a bad line still belongs to them.
Batch next_batch(Import& work) {
  Batch batch;
  std::size_t bytes = 0;
  std::string line;
  while (!work.at_end && batch.items.size() < core::put_rows_max && bytes < batch_bytes_max) {
    switch (work.input.next(line)) {
      case LineReader::Next::line:
        break;
      case LineReader::Next::end:
        work.at_end = true;
        return batch;
      case LineReader::Next::too_long:
        work.refuse(work.input.number(), "the line is longer than an item can be");
        return batch;
      case LineReader::Next::failed:
        work.refuse(work.input.number(), errno == EINTR ? "interrupted" : "cannot be read");
        return batch;
    }
    auto item = read_item_line(line);
    if (!item) {
      work.refuse(work.input.number(), item.error());
      return batch;
    }
    if (item->empty()) continue;
    bytes += item->size();
    batch.items.push_back(std::move(*item));
    batch.lines.push_back(work.input.number());
  }
  return batch;
}

void count(Import& work, std::size_t items, const Capacity& capacity) {
  work.items += items;
  work.write_units += capacity.write;
  work.long_work.progress.show(grouped(work.items) + " items imported");
}

// What is wrong with an item; all else (no such table, no connection) is not the line's.
bool is_of_an_item(const Error& error) {
  return error.code() == ErrorCode::validation || error.details().service_name == "ValidationException";
}

void stop(Import& work, std::size_t line, const Error& error) {
  if (is_of_an_item(error)) {
    work.refuse(line, one_line(error));
  } else {
    work.long_work.stop_with(error);
  }
}

// A refused batch, item by item: finds the line at fault, and lets a key stand twice (the later line wins).
Task<void> put_singly(Import& work, Batch batch) {
  for (std::size_t i = 0; i < batch.items.size(); ++i) {
    std::vector<std::string> one(1, batch.items[i]);
    auto putting = detail::put_rows(std::move(one)).as_result();
    const Result<Capacity> put = co_await std::move(putting);
    if (!put) {
      stop(work, batch.lines[i], put.error());
      co_return;
    }
    count(work, 1, *put);
  }
}

Task<void> put_batch(Import& work, Batch batch) {
  auto putting = detail::put_rows(batch.items).as_result();
  const Result<Capacity> put = co_await std::move(putting);
  if (put) {
    count(work, batch.items.size(), *put);
  } else if (is_of_an_item(put.error()) && batch.items.size() > 1) {
    auto singly = put_singly(work, std::move(batch));
    co_await std::move(singly);
  } else {
    stop(work, batch.lines.front(), put.error());
  }
}

Task<void> write_batches(Import& work) {
  while (work.long_work.goes_on()) {
    Batch batch = next_batch(work);
    if (batch.items.empty()) co_return;
    auto putting = put_batch(work, std::move(batch));
    co_await std::move(putting);
  }
}

Task<Result<bool>> is_empty() {
  core::RowScan scan{.limit = 1};
  auto reading = detail::scan_rows(std::move(scan)).as_result();
  const Result<core::ScannedRows> page = co_await std::move(reading);
  if (!page) co_return std::unexpected(page.error());
  co_return page->items.empty();
}

}  // namespace

int run(const ImportCommand& command) {
  auto client = connect(command.to, false);
  if (!client) return fail(client.error());
  auto input = LineReader::open(command.file);
  if (!input) return fail(input.error());
  if (!command.confirmed) {
    const Result<bool> empty = sync_wait(*client, is_empty());
    if (!empty) return fail(one_line(empty.error()));
    const std::string name = "table '" + command.to.table + "'";
    if (!*empty && command.file == "-") {
      return fail(name +
                  " has items, which this may replace: --yes is needed, as standard input is the data");
    }
    if (!*empty && !ask_yes(name + " has items. Replace those whose keys are in " + command.file + "?")) {
      return fail(name + " was left as it is");
    }
  }
  LongWork long_work(*client);
  Import work{.command = command, .input = *input, .long_work = long_work};
  long_work.run(command.parallel, [&work](int) { return write_batches(work); });
  if (!long_work.goes_on()) {
    return fail(long_work.problem() + "\nbao: " + grouped(work.items) + " items were imported before that");
  }
  std::printf("%s items imported into table '%s', %.1f write units\n", grouped(work.items).c_str(),
              command.to.table.c_str(), work.write_units);
  return 0;
}

}  // namespace bao::cli
