#include <bao/bao.hpp>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "cli/commands.hpp"
#include "cli/item_client.hpp"
#include "cli/line_files.hpp"
#include "cli/long_work.hpp"
#include "cli/terminal.hpp"
#include "core/value/json_writer.hpp"

namespace bao::cli {
namespace {

// What the segments' readers share; all of them run on one thread.
struct Export {
  const ExportCommand& command;
  OutputFile& output;
  LongWork& long_work;
  std::uint64_t items = 0;
  double read_units = 0;
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

Task<void> write_page(Export& work, core::ScannedRows& page) {
  if (auto failed = work.output.write(lines(page))) {
    work.long_work.stop_with(std::move(*failed));
    co_return;
  }
  work.items += page.items.size();
  work.read_units += page.capacity.read;
  work.long_work.progress.show(grouped(work.items) + " items exported");
}

Task<void> read_segment(Export& work, int segment) {
  const core::RowScan scan{
      .segment = segment, .total_segments = work.command.segments, .consistent = work.command.consistent};
  return each_page(work.long_work, scan, [&work](core::ScannedRows& page) { return write_page(work, page); });
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
  LongWork long_work(*client);
  auto output = OutputFile::open(command.file);
  if (!output) return fail(output.error());
  Export work{.command = command, .output = *output, .long_work = long_work};
  long_work.run(command.segments, [&work](int segment) { return read_segment(work, segment); });
  if (!long_work.goes_on()) {
    const std::string what = output->temporary().empty() ? "" : ", and " + command.file + " is not written";
    return fail(long_work.problem() + "\nbao: " + grouped(work.items) + " items were read before that" +
                what);
  }
  if (auto failed = output->finish()) return fail(*failed);
  // Standard output may be the data's.
  std::fprintf(command.file == "-" ? stderr : stdout, "%s items of table '%s' exported, %.1f read units\n",
               grouped(work.items).c_str(), command.from.table.c_str(), work.read_units);
  return 0;
}

}  // namespace bao::cli
