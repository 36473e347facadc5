#include <unistd.h>

#include <algorithm>
#include <bao/bao.hpp>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>
#include <utility>

#include "cli/commands.hpp"
#include "cli/fields_folder.hpp"
#include "cli/item_client.hpp"
#include "cli/table_place.hpp"
#include "cli/terminal.hpp"
#include "codegen/js_custom_fields.hpp"
#include "core/engine/iterate.hpp"
#include "native/yaml/load.hpp"

namespace bao::cli {
namespace {

// An index over many items takes long; each look says how it goes.
constexpr std::int64_t deadline_ms = 60LL * 60 * 1000;

bool confirm(const std::string& table) {
  std::printf("Delete table '%s' and all its items? Type its name to confirm: ", table.c_str());
  std::fflush(stdout);
  std::string answer;
  return std::getline(std::cin, answer) && answer == table;
}

void print_progress(std::string_view state) {
  std::printf("  %.*s\n", static_cast<int>(state.size()), state.data());
  std::fflush(stdout);
}

bool any_is_searchable(const core::Schema& schema) {
  return std::ranges::any_of(schema.models(),
                             [](const auto& model) { return model->definition().search.has_value(); });
}

Task<Result<TableReport>> ask_service(const TableCommand& command, bool search) {
  TableOptions options{.search_index = search, .progress = print_progress};
  auto working = command.kind == TableCommand::Kind::create   ? create_table(std::move(options))
                 : command.kind == TableCommand::Kind::update ? update_table(std::move(options))
                                                              : delete_table(std::move(options));
  auto settled = std::move(working).as_result();
  co_return co_await std::move(settled);
}

Result<TableReport> work_on_service(Config config, const TableCommand& command, bool search) {
  Result<Client> client = try_init_models(std::move(config));
  if (!client) return std::unexpected(std::move(client).error());
  return sync_wait(*client, ask_service(command, search));
}

// A client of a file makes its table as it opens the file, complete: that is the creation.
Result<TableReport> create_in_file(Config config, const TableCommand& command, const std::string& path,
                                   bool search) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    config.db.create_table = false;
    if (try_init_models(config)) {
      return std::unexpected(
          Error(ErrorCode::configuration, "table '" + command.table.table + "' exists already"));
    }
    // The table is missing; whatever else it is, comes again below.
    config.db.create_table = true;
  } else {
    // A name that no table may have is refused before the file is made.
    Config trial = config;
    trial.aws.endpoint = "memory:";
    const Result<Client> tried = try_init_models(std::move(trial));
    if (!tried) return std::unexpected(tried.error());
  }
  if (search) config.db.iteration_index_name = core::search_index_name;
  const Result<Client> client = try_init_models(std::move(config));
  if (!client) return std::unexpected(client.error());
  return TableReport{.ttl = true};
}

Result<TableReport> work(const TableCommand& command, const TablePlace& place, bool search) {
  Config config{.aws = {.region = command.table.region, .endpoint = command.table.endpoint},
                .db = {.table_name = command.table.table},
                .timeouts = {.call_ms = deadline_ms}};
  if (place.file && command.kind == TableCommand::Kind::create)
    return create_in_file(std::move(config), command, *place.file, search);
  if (place.file) config.db.create_table = false;
  return work_on_service(std::move(config), command, search);
}

const char* done(TableCommand::Kind kind) {
  switch (kind) {
    case TableCommand::Kind::create:
      return "created";
    case TableCommand::Kind::update:
      return "up to date";
    default:
      return "deleted";
  }
}

}  // namespace

int run(const TableCommand& command) {
  const std::string& table = command.table.table;
  const auto place = place_of(command.table, command.kind != TableCommand::Kind::create);
  if (!place) return fail(place.error());
  if (command.kind == TableCommand::Kind::remove && !command.confirmed && !confirm(table))
    return fail("table '" + table + "' was not deleted");
  bool search = command.search;
  if (command.kind != TableCommand::Kind::remove && !command.definitions.empty()) {
    const auto files = field_files(command.fields);
    if (!files) return fail(files.error());
    const native::SchemaResult schema =
        native::load_definitions(command.definitions, codegen::custom_type_files(*files));
    if (!schema) {
      for (const Diagnostic& mistake : schema.error())
        std::fprintf(stderr, "%s\n", mistake.to_string().c_str());
      return fail("nothing was changed");
    }
    search = search || any_is_searchable(**schema);
  }
  const Result<TableReport> report = work(command, *place, search);
  if (!report) return fail(one_line(report.error()));
  for (const std::string& index : report->added_indexes) std::printf("added index %s\n", index.c_str());
  if (command.kind != TableCommand::Kind::remove && !report->ttl) {
    std::printf("note: this endpoint has no TTL; items will not expire\n");
  }
  std::printf("table '%s' %s\n", table.c_str(), done(command.kind));
  return 0;
}

}  // namespace bao::cli
