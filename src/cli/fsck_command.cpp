#include <algorithm>
#include <bao/bao.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/fields_folder.hpp"
#include "cli/file_lock.hpp"
#include "cli/fsck_report.hpp"
#include "cli/fsck_state.hpp"
#include "cli/item_client.hpp"
#include "cli/line_files.hpp"
#include "cli/long_work.hpp"
#include "cli/terminal.hpp"
#include "cli/text_file.hpp"
#include "codegen/js_custom_fields.hpp"
#include "core/fsck/place.hpp"
#include "native/credentials/environment.hpp"
#include "native/credentials/profile.hpp"
#include "native/http/endpoint.hpp"
#include "native/yaml/load.hpp"

namespace bao::cli {
namespace {

using core::Finding;
using core::RowPlace;

constexpr std::chrono::seconds between_saves{1};

// What the segments' readers share; all of them run on one thread.
struct Fsck {
  const FsckCommand& command;
  const core::Schema& schema;
  LongWork& long_work;
  FsckState state;
  std::chrono::steady_clock::time_point next_save;
};

FsckCounts counts_of(const FsckState& state) {
  FsckCounts all;
  for (const FsckSegment& segment : state.segments) all.add(segment.counts);
  return all;
}

// Everything that was found before is on its way to the reader first: what a kill takes is told again.
void save(Fsck& work) {
  if (work.command.state.empty() || output_failure()) return;
  auto file = OutputFile::open(work.command.state);
  std::optional<std::string> failed;
  if (!file) {
    failed = file.error();
  } else if (!(failed = file->write(write_fsck_state(work.state)))) {
    failed = file->finish();
  }
  if (failed) work.long_work.stop_with(std::move(*failed));
}

void save_now_and_then(Fsck& work) {
  const auto now = std::chrono::steady_clock::now();
  if (now < work.next_save) return;
  save(work);
  work.next_save = now + between_saves;
}

// One of the page's tenants.
Task<void> check_group(Fsck& work, FsckCounts& counts, std::string tenant, std::vector<core::ItemRef> rows) {
  auto checking = detail::check_rows(std::move(rows),
                                     {.repair = work.command.repair, .move_keys = work.command.move_keys})
                      .as_result();
  Result<core::CheckedRows> checked = co_await std::move(checking);
  if (!checked) {
    work.long_work.stop_with(checked.error());
    co_return;
  }
  counts.read_units += checked->capacity.read;
  counts.write_units += checked->capacity.write;
  if (!checked->findings.empty()) work.long_work.progress.clear();
  for (const Finding& finding : checked->findings) {
    ++counts.findings[core::name_of(finding.kind)];
    if (finding.repaired) ++counts.repaired;
    const std::string line =
        work.command.json ? finding_json(finding, tenant) : finding_line(finding, tenant);
    std::printf("%s\n", line.c_str());
  }
}

Task<void> check_page(Fsck& work, FsckSegment& segment, core::ScannedRows& page) {
  FsckCounts counts;
  counts.read_units = page.capacity.read;
  std::map<std::string, std::vector<core::ItemRef>> by_tenant;
  for (core::ItemRef& row : page.items) {
    RowPlace place = core::place_of(work.schema, row);
    if (place.kind == RowPlace::Kind::unknown) {
      ++counts.unknown[place.prefix];
      continue;
    }
    ++(place.kind == RowPlace::Kind::item ? counts.items : counts.unique_rows);
    by_tenant[std::move(place.tenant)].push_back(std::move(row));
  }
  for (auto& [tenant, rows] : by_tenant) {
    const auto check = [&work, &counts, &tenant, &rows] {
      return check_group(work, counts, tenant, std::move(rows));
    };
    auto checking = tenant.empty() ? check() : run_with_tenant(tenant, check);
    co_await std::move(checking);
  }
  // What cannot be told ends the work: no further page is repaired, and none is passed over.
  if (auto failed = output_failure()) work.long_work.stop_with(std::move(*failed));
  // A page that was broken off is checked again by who goes on.
  if (!work.long_work.goes_on()) co_return;
  segment.counts.add(counts);
  segment.done = page.last_evaluated_key.is_null();
  segment.next = page.last_evaluated_key;
  const FsckCounts all = counts_of(work.state);
  work.long_work.progress.show(grouped(all.items) + " items, " + grouped(all.unique_rows) + " unique rows, " +
                               grouped(all.findings_in_all()) + " findings");
  save_now_and_then(work);
}

Task<void> nothing() {
  co_return;
}

Task<void> check_segment(Fsck& work, int number) {
  FsckSegment& segment = work.state.segments[static_cast<std::size_t>(number)];
  if (segment.done) return nothing();
  core::RowScan scan{.start_key = segment.next,
                     .segment = number,
                     .total_segments = static_cast<std::int64_t>(work.state.segments.size()),
                     .consistent = true};
  return each_page(work.long_work, std::move(scan),
                   [&work, &segment](core::ScannedRows& page) { return check_page(work, segment, page); });
}

void print_summary(const FsckCommand& command, const FsckCounts& counts) {
  std::FILE* const out = command.json ? stderr : stdout;
  for (const auto& [prefix, rows] : counts.unknown) {
    std::fprintf(out, "%s rows with the prefix '%s', which none of the models has\n", grouped(rows).c_str(),
                 prefix.c_str());
  }
  if (counts.findings.size() > 1) {
    std::string kinds;
    for (const auto& [kind, count] : counts.findings) {
      kinds += (kinds.empty() ? "" : ", ") + grouped(count) + " " + kind;
    }
    std::fprintf(out, "%s\n", kinds.c_str());
  }
  std::string repaired;
  if (command.repair) repaired = ", " + grouped(counts.repaired) + " repaired";
  std::fprintf(
      out, "%s items and %s unique rows checked: %s findings%s (%.1f read units, %.1f write units)\n",
      grouped(counts.items).c_str(), grouped(counts.unique_rows).c_str(),
      grouped(counts.findings_in_all()).c_str(), repaired.c_str(), counts.read_units, counts.write_units);
}

std::expected<FsckSubject, std::string> subject_of(const FsckCommand& command) {
  const native::Environment environment = native::process_environment();
  FsckSubject subject{.table = command.table.table,
                      .place = native::resolve_endpoint(environment, command.table.endpoint),
                      .models = native::definitions_digest(command.definitions),
                      .repair = command.repair,
                      .move_keys = command.move_keys};
  if (subject.place.empty()) {
    const Result<std::string> region = native::resolve_region(environment, command.table.region);
    if (!region) return std::unexpected(one_line(region.error()));
    subject.place = "AWS in " + *region;
  }
  return subject;
}

// The state that the file holds, or that of a new run.
std::expected<FsckState, std::string> state_of(const FsckCommand& command) {
  FsckState fresh;
  fresh.segments.resize(static_cast<std::size_t>(command.segments));
  if (command.state.empty()) return fresh;
  auto subject = subject_of(command);
  if (!subject) return std::unexpected(std::move(subject).error());
  fresh.subject = std::move(*subject);
  std::error_code error;
  if (!std::filesystem::exists(command.state, error)) return fresh;
  auto text = read_text_file(command.state);
  if (!text) return std::unexpected(std::move(text).error());
  std::expected<FsckState, std::string> state = read_fsck_state(std::move(*text));
  std::optional<std::string> wrong;
  if (!state) {
    wrong = state.error();
  } else {
    wrong = differs(state->subject, fresh.subject);
  }
  if (wrong) {
    return std::unexpected(command.state + ": " + *wrong +
                           "\nbao: name another file, or remove this one to begin anew");
  }
  return state;
}

bool has_come_anywhere(const FsckState& state) {
  return std::ranges::any_of(
      state.segments, [](const FsckSegment& segment) { return segment.done || !segment.next.is_null(); });
}

// Why nothing can be checked: of another program's table, empty or not, nothing would look wrong.
Task<std::optional<std::string>> refuse_table() {
  auto checking = detail::check_table().as_result();
  const Result<TableReport> checked = co_await std::move(checking);
  if (!checked) co_return one_line(checked.error());
  co_return std::nullopt;
}

int fail_early(Fsck& work) {
  if (!has_come_anywhere(work.state)) return fail(work.long_work.problem());
  save(work);
  print_summary(work.command, counts_of(work.state));
  const std::string advice = work.command.state.empty()
                                 ? "run it again: what is repaired stays so, and --state FILE keeps the place"
                                 : "run it again to go on from " + work.command.state;
  return fail(work.long_work.problem() + "\nbao: " + advice);
}

}  // namespace

int run(const FsckCommand& command) {
  const auto files = field_files(command.fields);
  if (!files) return fail(files.error());
  const native::SchemaResult schema =
      native::load_definitions(command.definitions, codegen::custom_type_files(*files));
  if (!schema) {
    for (const Diagnostic& mistake : schema.error())
      std::fprintf(stderr, "%s\n", mistake.to_string().c_str());
    return fail("nothing was checked");
  }
  std::optional<FileLock> lock;  // two runs on one state would each undo what the other notes down
  if (!command.state.empty()) {
    auto taken = FileLock::take(command.state);
    if (!taken) return fail(taken.error());
    lock.emplace(std::move(*taken));
  }
  auto state = state_of(command);
  if (!state) return fail(state.error());
  std::vector<ModelDefinition> definitions;
  for (const auto& each : (*schema)->models()) definitions.push_back(each->definition());
  auto client = connect(command.table, true, std::move(definitions));
  if (!client) return fail(client.error());
  if (const auto refused = sync_wait(*client, refuse_table())) return fail(*refused);
  const std::string question = command.move_keys ? "Repair what can be, and move items to their models' key "
                                                   "format, in table '"
                                                 : "Repair what can be, in table '";
  if (command.repair && !command.confirmed && !ask_yes(question + command.table.table + "'?")) {
    return fail("nothing was changed");
  }
  LongWork long_work(*client);
  Fsck work{.command = command,
            .schema = **schema,
            .long_work = long_work,
            .state = std::move(*state),
            .next_save = {}};
  long_work.run(static_cast<int>(work.state.segments.size()),
                [&work](int segment) { return check_segment(work, segment); });
  if (!long_work.goes_on()) return fail_early(work);
  std::error_code ignored;
  if (!command.state.empty()) std::filesystem::remove(command.state, ignored);
  const FsckCounts counts = counts_of(work.state);
  print_summary(command, counts);
  return counts.findings_in_all() == counts.repaired ? 0 : 1;
}

}  // namespace bao::cli
