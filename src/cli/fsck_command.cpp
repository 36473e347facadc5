#include <bao/bao.hpp>
#include <cstdio>
#include <map>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/fields_folder.hpp"
#include "cli/item_client.hpp"
#include "cli/terminal.hpp"
#include "codegen/js_custom_fields.hpp"
#include "core/fsck/place.hpp"
#include "core/value/json_writer.hpp"
#include "native/face/client_state.hpp"
#include "native/face/rows.hpp"
#include "native/yaml/load.hpp"

namespace bao::cli {
namespace {

using core::Finding;
using core::RowPlace;

int fail(const std::string& message) {
  std::fprintf(stderr, "bao: %s\n", message.c_str());
  return 1;
}

// What the segments' readers share; all of them run on one thread.
struct Fsck {
  const FsckCommand& command;
  const core::Schema& schema;
  Progress progress;
  std::uint64_t items = 0;
  std::uint64_t unique_rows = 0;
  std::uint64_t findings = 0;
  std::uint64_t repaired = 0;
  double read_units = 0;
  double write_units = 0;
  std::map<std::string, std::uint64_t> unknown;  ///< rows of no model, by prefix
  std::string problem;                           ///< the first one; the other readers stop at their next page
};

std::string quoted(const std::string& text) {
  return text.empty() ? "nothing" : "'" + text + "'";
}

std::string sentence(const Finding& finding) {
  switch (finding.kind) {
    case Finding::Kind::no_key_fields:
      return "a row without the fields of its key (" + finding.found + ")";
    case Finding::Kind::key_mismatch:
    case Finding::Kind::attribute_differs:
      return finding.attribute + " is " + quoted(finding.found) + ", should be " + quoted(finding.expected);
    case Finding::Kind::unique_missing:
      return "its " + finding.attribute + " is not reserved: there is no " + quoted(finding.expected);
    case Finding::Kind::unique_elsewhere:
      return "its " + finding.attribute + " is reserved for " + finding.found + ", which does not have it";
    case Finding::Kind::unique_conflict:
      return finding.found + " has the same " + finding.attribute + ": decide which of them keeps it";
    case Finding::Kind::unique_ghost:
      return quoted(finding.found) + " is reserved for it, and it has another " + finding.attribute +
             " or none";
    case Finding::Kind::unique_ttl:
      return "the row that reserves its " + finding.attribute + " does not expire with it";
    case Finding::Kind::unique_malformed:
      return "a reservation of no unique constraint of these models (" + finding.found + ")";
  }
  return {};
}

void print_json(const Finding& finding, const std::string& tenant) {
  std::string line;
  core::JsonWriter writer(line);
  const auto member = [&](std::string_view name, std::string_view text) {
    if (text.empty()) return;
    writer.key(name);
    writer.string(text);
  };
  writer.begin_object();
  member("kind", core::name_of(finding.kind));
  member("model", finding.model == nullptr ? std::string_view() : std::string_view(finding.model->name()));
  member("tenant", tenant);
  member("id", finding.id);
  member("pk", finding.row.pk);
  member("sk", finding.row.sk);
  member("attribute", finding.attribute);
  member("expected", finding.expected);
  member("found", finding.found);
  for (const auto& [name, value] :
       {std::pair("repairable", finding.repairable), std::pair("repaired", finding.repaired)}) {
    writer.key(name);
    writer.boolean(value);
  }
  writer.end_object();
  std::printf("%s\n", line.c_str());
}

void print_line(const Finding& finding, const std::string& tenant) {
  std::string line = tenant.empty() ? std::string() : "[" + tenant + "] ";
  line += finding.model == nullptr ? "?" : finding.model->name();
  line += " " + (finding.id.empty() ? finding.row.pk + " " + finding.row.sk : finding.id) + ": ";
  line += sentence(finding);
  if (finding.repaired) line += " (repaired)";
  std::printf("%s\n", line.c_str());
}

// One of the page's tenants.
Task<void> check_group(Fsck& work, std::string tenant, std::vector<core::ItemRef> rows) {
  auto checking = detail::check_rows(std::move(rows), work.command.repair).as_result();
  Result<core::CheckedRows> checked = co_await std::move(checking);
  if (!checked) {
    if (work.problem.empty()) work.problem = one_line(checked.error());
    co_return;
  }
  work.read_units += checked->capacity.read;
  work.write_units += checked->capacity.write;
  if (!checked->findings.empty()) work.progress.clear();
  for (const Finding& finding : checked->findings) {
    ++work.findings;
    if (finding.repaired) ++work.repaired;
    if (work.command.json) {
      print_json(finding, tenant);
    } else {
      print_line(finding, tenant);
    }
  }
}

Task<void> check_page(Fsck& work, core::ScannedRows page) {
  std::map<std::string, std::vector<core::ItemRef>> by_tenant;
  for (core::ItemRef& row : page.items) {
    RowPlace place = core::place_of(work.schema, row);
    if (place.kind == RowPlace::Kind::unknown) {
      ++work.unknown[place.prefix];
      continue;
    }
    ++(place.kind == RowPlace::Kind::item ? work.items : work.unique_rows);
    by_tenant[std::move(place.tenant)].push_back(std::move(row));
  }
  for (auto& [tenant, rows] : by_tenant) {
    if (tenant.empty()) {
      auto checking = check_group(work, tenant, std::move(rows));
      co_await std::move(checking);
      continue;
    }
    const auto check = [&work, &tenant, &rows] { return check_group(work, tenant, std::move(rows)); };
    auto checking = run_with_tenant(tenant, check);
    co_await std::move(checking);
  }
  work.progress.show(grouped(work.items) + " items, " + grouped(work.unique_rows) + " unique rows, " +
                     grouped(work.findings) + " findings");
}

Task<void> check_segment(Fsck& work, int segment) {
  core::RowScan scan{.segment = segment, .total_segments = work.command.segments, .consistent = true};
  while (work.problem.empty()) {
    auto reading = detail::scan_rows(scan).as_result();
    Result<core::ScannedRows> page = co_await std::move(reading);
    if (!page) {
      if (work.problem.empty()) work.problem = one_line(page.error());
      co_return;
    }
    work.read_units += page->capacity.read;
    Value next = std::move(page->last_evaluated_key);
    auto checking = check_page(work, std::move(*page));
    co_await std::move(checking);
    if (next.is_null()) co_return;
    scan.start_key = std::move(next);
  }
}

Task<void> check_all(Fsck& work) {
  std::vector<Task<void>> readers;
  readers.reserve(static_cast<std::size_t>(work.command.segments));
  for (int segment = 0; segment < work.command.segments; ++segment) {
    readers.push_back(check_segment(work, segment));
  }
  auto checking = all(std::move(readers));
  co_await std::move(checking);
}

void print_summary(const Fsck& work) {
  std::FILE* const out = work.command.json ? stderr : stdout;
  for (const auto& [prefix, rows] : work.unknown) {
    std::fprintf(out, "%s rows with the prefix '%s', which none of the models has\n", grouped(rows).c_str(),
                 prefix.c_str());
  }
  std::string repaired;
  if (work.command.repair) repaired = ", " + grouped(work.repaired) + " repaired";
  std::fprintf(out,
               "%s items and %s unique rows checked: %s findings%s (%.1f read units, %.1f write units)\n",
               grouped(work.items).c_str(), grouped(work.unique_rows).c_str(), grouped(work.findings).c_str(),
               repaired.c_str(), work.read_units, work.write_units);
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
  std::vector<ModelDefinition> definitions;
  for (const auto& each : (*schema)->models()) definitions.push_back(each->definition());
  auto client = connect(command.table, true, std::move(definitions));
  if (!client) return fail(client.error());
  if (command.repair && !command.confirmed &&
      !ask_yes("Repair what can be, in table '" + command.table.table + "'?")) {
    return fail("nothing was changed");
  }
  Fsck work{.command = command, .schema = **schema, .progress = {}, .unknown = {}, .problem = {}};
  sync_wait(*client, check_all(work));
  work.progress.clear();
  if (!work.problem.empty()) return fail(work.problem + " (run it again: what is repaired stays so)");
  print_summary(work);
  return work.findings == work.repaired ? 0 : 1;
}

}  // namespace bao::cli
