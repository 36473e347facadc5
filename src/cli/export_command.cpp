#include <bao/bao.hpp>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/item_client.hpp"
#include "cli/line_files.hpp"
#include "cli/remove_on_signal.hpp"
#include "cli/terminal.hpp"
#include "core/value/json_writer.hpp"
#include "native/face/rows.hpp"

namespace bao::cli {
namespace {

int fail(const std::string& message) {
  std::fprintf(stderr, "bao: %s\n", message.c_str());
  return 1;
}

// What the segments' readers share; all of them run on one thread.
struct Export {
  const ExportCommand& command;
  OutputFile& output;
  Progress progress;
  std::uint64_t items = 0;
  double read_units = 0;
  std::string problem;  ///< the first one; the other readers stop at their next page
};

std::string lines(const core::ScannedRows& page) {
  std::string text;
  for (const core::ItemRef& item : page.items) {
    core::JsonWriter writer(text);
    writer.begin_object();
    writer.key("Item");
    writer.item(item.view());
    writer.end_object();
    text += '\n';
  }
  return text;
}

Task<void> read_segment(Export& work, int segment) {
  core::RowScan scan{
      .segment = segment, .total_segments = work.command.segments, .consistent = work.command.consistent};
  while (work.problem.empty()) {
    auto reading = detail::scan_rows(scan).as_result();
    Result<core::ScannedRows> page = co_await std::move(reading);
    if (!page) {
      if (work.problem.empty()) work.problem = one_line(page.error());
      co_return;
    }
    if (auto failed = work.output.write(lines(*page))) {
      work.problem = *failed;
      co_return;
    }
    work.items += page->items.size();
    work.read_units += page->capacity.read;
    work.progress.show(grouped(work.items) + " items exported");
    if (page->last_evaluated_key.is_null()) co_return;
    scan.start_key = std::move(page->last_evaluated_key);
  }
}

Task<void> read_all(Export& work) {
  std::vector<Task<void>> readers;
  readers.reserve(static_cast<std::size_t>(work.command.segments));
  for (int segment = 0; segment < work.command.segments; ++segment) {
    readers.push_back(read_segment(work, segment));
  }
  auto reading = all(std::move(readers));
  co_await std::move(reading);
}

bool may_write(const ExportCommand& command) {
  std::error_code error;
  if (command.confirmed || !std::filesystem::is_regular_file(command.file, error)) return true;
  return ask_yes(command.file + " exists. Replace it?");
}

}  // namespace

int run(const ExportCommand& command) {
  auto client = connect(command.from, true);
  if (!client) return fail(client.error());
  if (!may_write(command)) return fail(command.file + " was left as it is");
  auto output = OutputFile::open(command.file);
  if (!output) return fail(output.error());
  const RemoveOnSignal guard(output->temporary());
  Export work{.command = command, .output = *output, .progress = {}, .problem = {}};
  sync_wait(*client, read_all(work));
  work.progress.clear();
  if (!work.problem.empty()) return fail(work.problem);
  if (auto failed = output->finish()) return fail(*failed);
  // Standard output may be the data's.
  std::fprintf(command.file == "-" ? stderr : stdout, "%s items of table '%s' exported, %.1f read units\n",
               grouped(work.items).c_str(), command.from.table.c_str(), work.read_units);
  return 0;
}

}  // namespace bao::cli
