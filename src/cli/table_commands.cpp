#include <unistd.h>

#include <algorithm>
#include <bao/bao.hpp>
#include <cstdio>
#include <iostream>
#include <string>

#include "cli/commands.hpp"
#include "cli/fields_folder.hpp"
#include "cli/terminal.hpp"
#include "codegen/js_custom_fields.hpp"
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

Task<TableReport> work(const TableCommand& command, bool search) {
  TableOptions options{.search_index = search, .progress = print_progress};
  switch (command.kind) {
    case TableCommand::Kind::create:
      co_return co_await create_table(std::move(options));
    case TableCommand::Kind::update:
      co_return co_await update_table(std::move(options));
    case TableCommand::Kind::remove:
      co_return co_await delete_table(std::move(options));
  }
  co_return TableReport();
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
  if (command.kind == TableCommand::Kind::remove && !command.confirmed && !confirm(command.table)) {
    std::fprintf(stderr, "bao: table '%s' was not deleted\n", command.table.c_str());
    return 1;
  }
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
  Client client = init_models({.aws = {.region = command.region, .endpoint = command.endpoint},
                               .db = {.table_name = command.table},
                               .timeouts = {.call_ms = deadline_ms}});
  const TableReport report = sync_wait(client, work(command, search));
  for (const std::string& index : report.added_indexes) std::printf("added index %s\n", index.c_str());
  if (command.kind != TableCommand::Kind::remove && !report.ttl) {
    std::printf("note: this endpoint has no TTL; items will not expire\n");
  }
  std::printf("table '%s' %s\n", command.table.c_str(), done(command.kind));
  return 0;
}

}  // namespace bao::cli
