#include <CLI/CLI.hpp>
#include <bao/exception.hpp>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

#include "cli/commands.hpp"
#include "cli/config.hpp"
#include "cli/terminal.hpp"

namespace {

using bao::cli::CliConfig;
using bao::cli::CodegenCommand;
using bao::cli::ExportCommand;
using bao::cli::FsckCommand;
using bao::cli::ImportCommand;
using bao::cli::InitCommand;
using bao::cli::LocalCommand;
using bao::cli::RebuildCommand;
using bao::cli::TableAddress;
using bao::cli::TableCommand;
using bao::cli::WatchCommand;

constexpr int exit_failure = 1;
constexpr int exit_usage = 2;

struct CodegenWords {
  std::string language = "cpp";
  std::string modules;
};

CodegenCommand configured_codegen(const CliConfig& config) {
  CodegenCommand command;
  if (!config.definitions.empty()) command.definitions = config.definitions;
  if (!config.output.empty()) command.output = config.output;
  command.custom_types = config.custom_types;
  command.fields = config.fields;
  return command;
}

CodegenWords configured_words(const CliConfig& config) {
  CodegenWords words{.modules = config.modules};
  if (!config.language.empty()) words.language = config.language;
  return words;
}

void add_codegen(CLI::App& app, const char* name, const char* description, CodegenCommand& command,
                 CodegenWords& words) {
  CLI::App* codegen = app.add_subcommand(name, description);
  codegen->add_option("definitions", command.definitions, "A YAML file, or a folder of them")
      ->default_str(command.definitions.string());
  codegen->add_option("output", command.output, "The folder to write to")
      ->default_str(command.output.string());
  codegen->add_option("--lang", words.language, "The language")
      ->check(CLI::IsMember({"cpp", "js", "ts"}))
      ->capture_default_str();
  codegen
      ->add_option("--modules", words.modules,
                   "How JavaScript files import each other; default: as the nearest package.json says")
      ->check(CLI::IsMember({"commonjs", "esm"}));
  codegen->add_option("--fields-include", command.custom_types,
                      "Header with the C++ types of custom fields, as the generated headers include it");
  codegen->callback([&command, &words] {
    using Language = CodegenCommand::Language;
    if (words.language == "cpp") command.language = Language::cpp;
    if (words.language == "js") command.language = Language::javascript;
    if (words.language == "ts") command.language = Language::typescript;
    if (!words.modules.empty()) command.esm = words.modules == "esm";
  });
}

// It is needed where bao.yaml names none.
void add_table(CLI::App& sub, const char* name, std::string& table) {
  const std::string configured = table.empty() ? "" : "; default: " + table + ", as bao.yaml says";
  sub.add_option(name, table, "The table" + configured)->required(table.empty());
}

void add_service(CLI::App& sub, TableAddress& address) {
  sub.add_option("--region", address.region,
                 "AWS region; default: bao.yaml, environment, profile, us-west-2");
  sub.add_option("--endpoint", address.endpoint,
                 "http(s)://HOST[:PORT] or file:PATH; default: bao.yaml, environment, AWS");
}

void add_table_command(CLI::App& app, TableCommand& command, TableCommand::Kind kind, const char* name,
                       const char* description) {
  CLI::App* sub = app.add_subcommand(name, description);
  add_table(*sub, "name", command.table.table);
  add_service(*sub, command.table);
  if (kind == TableCommand::Kind::remove) {
    sub->add_flag("--yes", command.confirmed, "Do not ask");
  } else {
    sub->add_flag("--search", command.search, "With the index that searchable models need");
    sub->add_option("--models", command.definitions,
                    "Definitions whose searchable models, if any, say the same; default: as bao.yaml says");
  }
  sub->callback([&command, kind] { command.kind = kind; });
}

constexpr int parallel_max = 64;
constexpr int port_max = 65'535;

void add_address(CLI::App& sub, TableAddress& address) {
  sub.add_option("table", address.table, "The table")->required();
  add_service(sub, address);
}

void add_export(CLI::App& app, ExportCommand& command) {
  CLI::App* sub = app.add_subcommand("export", "Writes a table's items to a file of JSON lines");
  add_address(*sub, command.from);
  sub->add_option("file", command.file, "The file to write; -: standard output")->required();
  sub->add_option("--segments", command.segments, "Parts of the table that are read side by side")
      ->check(CLI::Range(1, parallel_max))
      ->capture_default_str();
  sub->add_flag("--consistent", command.consistent, "Read what was last written, for twice the read units");
  sub->add_flag("--yes", command.confirmed, "Replace the file without asking");
}

void add_import(CLI::App& app, ImportCommand& command) {
  CLI::App* sub = app.add_subcommand("import", "Puts the items of a file of JSON lines into a table");
  add_address(*sub, command.to);
  sub->add_option("file", command.file, "The file to read, as of export; -: standard input")->required();
  sub->add_option("--parallel", command.parallel, "Requests that are out at a time")
      ->check(CLI::Range(1, parallel_max))
      ->capture_default_str();
  sub->add_flag("--yes", command.confirmed, "Do not ask before items may be replaced");
}

void add_models_and_table(CLI::App& sub, std::filesystem::path& definitions, TableAddress& table) {
  sub.add_option("--models", definitions, "A YAML file, or a folder of them")
      ->default_str(definitions.string());
  add_table(sub, "--table", table.table);
  add_service(sub, table);
}

void add_segments(CLI::App& sub, int& segments) {
  sub.add_option("--segments", segments, "Parts of the table that are worked on side by side")
      ->check(CLI::Range(1, parallel_max))
      ->capture_default_str();
}

void add_rebuild(CLI::App& app, RebuildCommand& command) {
  CLI::App* sub = app.add_subcommand(
      "rebuild-search-text", "Writes the text that searches look into anew, for every item of a model");
  sub->add_option("model", command.model, "A searchable model")->required();
  add_models_and_table(*sub, command.definitions, command.table);
  sub->add_option("--tenant", command.tenant, "This tenant's items; default: those of none");
  add_segments(*sub, command.segments);
}

void add_fsck(CLI::App& app, FsckCommand& command) {
  CLI::App* sub = app.add_subcommand(
      "fsck", "Finds index keys, unique rows and search texts that disagree with their items");
  add_models_and_table(*sub, command.definitions, command.table);
  add_segments(*sub, command.segments);
  sub->add_flag("--json", command.json, "Findings as JSON lines");
  CLI::Option* const repair = sub->add_flag("--repair", command.repair, "Put right what can be");
  sub->add_flag(
         "--move-keys", command.move_keys,
         "With --repair: also give items whose own key is in the other key format the one that their model "
         "states; their ids change with it")
      ->needs(repair);
  sub->add_option("--state", command.state,
                  "A file that keeps how far it has come: started again, it goes on from there");
  sub->add_flag("--yes", command.confirmed, "Do not ask before repairs");
}

void add_local(CLI::App& app, LocalCommand& command) {
  CLI::App* sub = app.add_subcommand("local", "Serves a DynamoDB on this machine, in memory or from a file");
  sub->add_option("--port", command.port, "The TCP port; 0: the system chooses")
      ->check(CLI::Range(0, port_max))
      ->capture_default_str();
  sub->add_option("--host", command.host, "The address to bind; the default is this machine only")
      ->capture_default_str();
  sub->add_option("--db", command.db, "The file that keeps the tables; default: memory");
  sub->add_option("--sync", command.sync,
                  "When a write is safe on disk: full (before its answer), normal (within 100 ms), off")
      ->check(CLI::IsMember({"full", "normal", "off"}))
      ->capture_default_str();
  sub->add_flag("--realistic", command.realistic, "Tables take a second to be created, changed and deleted");
  sub->add_option("--gsi-delay", command.gsi_delay_ms, "How far global indexes lag behind, ms")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{600'000}))
      ->capture_default_str();
  sub->add_option("--faults", command.faults, "A JSON file of faults to strike with");
  sub->add_option("--allow-origin", command.allowed_origins,
                  "A web origin whose pages may send requests, or *; default: none");
}

// A text that is empty is a mistake of a script ("$TABLE" where nothing is set): no command may take it for
// one that was left out. Gives the name of the argument that has one, or nothing.
std::string empty_argument(const CLI::App& app) {
  for (const CLI::App* command : app.get_subcommands()) {
    for (const CLI::Option* option : command->get_options()) {
      if (option->get_expected_min() == 0) continue;  // a flag
      for (const std::string& value : option->results()) {
        if (value.empty()) return option->get_name();
      }
    }
  }
  return {};
}

// The parser would take the argument after `--name=` for its value.
std::string option_without_value(int argc, char** argv) {
  for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    const std::string_view argument(argv[i]);
    if (argument.starts_with("--") && argument.find('=') == argument.size() - 1)
      return std::string(argument.substr(0, argument.size() - 1));
  }
  return {};
}

int fail_usage(const std::string& message) {
  std::fprintf(stderr, "bao: %s\nbao: see `bao --help`\n", message.c_str());
  return exit_usage;
}

int run(int argc, char** argv) {
  CLI::App app("Models over one DynamoDB table");
  app.set_version_flag("--version", "bao " BAO_VERSION);
  app.require_subcommand(1);
  // What is configured stands where the arguments say nothing.
  // A server takes nothing from bao.yaml: it starts at once, and where that file is broken, too.
  const bool serves = argc > 1 && std::string_view(argv[1]) == "local";
  const auto loaded = serves ? CliConfig() : bao::cli::load_config();
  const CliConfig config = loaded.value_or(CliConfig());
  InitCommand init;
  app.add_subcommand("init", "Writes bao.yaml and a first models.yaml for a new project here")
      ->add_flag("--yes", init.confirmed, "Do not ask: table dynamo-bao-dev in us-west-2");
  CodegenCommand codegen = configured_codegen(config);
  CodegenWords codegen_words = configured_words(config);
  add_codegen(app, "codegen", "Writes model classes from YAML definitions", codegen, codegen_words);
  WatchCommand watch{.codegen = codegen};
  CodegenWords watch_words = codegen_words;
  add_codegen(app, "watch", "As codegen, now and whenever the definitions change", watch.codegen,
              watch_words);
  // The table that bao.yaml names; export and import, which take files of any table, are told theirs.
  const TableAddress configured{.table = config.table, .region = config.region, .endpoint = config.endpoint};
  TableCommand table{.table = configured, .definitions = config.definitions, .fields = config.fields};
  using Kind = TableCommand::Kind;
  add_table_command(app, table, Kind::create, "create-table", "Creates the table with its indexes and TTL");
  add_table_command(app, table, Kind::update, "update-table", "Adds indexes and TTL that the table lacks");
  add_table_command(app, table, Kind::remove, "delete-table", "Deletes the table with all its items");
  const TableAddress address{.table = {}, .region = config.region, .endpoint = config.endpoint};
  ExportCommand exporting{.from = address, .file = {}};
  add_export(app, exporting);
  ImportCommand importing{.to = address, .file = {}};
  add_import(app, importing);
  RebuildCommand rebuilding{.model = {}, .table = configured, .tenant = {}};
  FsckCommand checking{.table = configured};
  if (!config.definitions.empty()) rebuilding.definitions = checking.definitions = config.definitions;
  rebuilding.fields = checking.fields = config.fields;
  add_rebuild(app, rebuilding);
  add_fsck(app, checking);
  LocalCommand local;
  add_local(app, local);
  if (const std::string name = option_without_value(argc, argv); !name.empty())
    return fail_usage(name + " must not be empty");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    if (const std::string name = empty_argument(app); !name.empty())
      return fail_usage(name + " must not be empty");
    const bool unknown = app.get_subcommands().empty() && argc > 1 && argv[1][0] != '-';
    const std::string message =
        unknown ? "there is no command '" + std::string(argv[1]) + "'" : std::string(error.what());
    return fail_usage(message);
  }
  if (const std::string name = empty_argument(app); !name.empty())
    return fail_usage(name + " must not be empty");
  if (app.got_subcommand("local")) return bao::cli::run(local);
  if (app.got_subcommand("init")) return bao::cli::run(init);
  if (!loaded) {
    std::fprintf(stderr, "bao: %s\n", loaded.error().c_str());
    return exit_failure;
  }
  if (app.got_subcommand("watch")) return bao::cli::run(watch);
  if (app.got_subcommand("export")) return bao::cli::run(exporting);
  if (app.got_subcommand("rebuild-search-text")) return bao::cli::run(rebuilding);
  if (app.got_subcommand("fsck")) return bao::cli::run(checking);
  if (app.got_subcommand("import")) return bao::cli::run(importing);
  return app.got_subcommand("codegen") ? bao::cli::run(codegen) : bao::cli::run(table);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const int code = run(argc, argv);
    if (code != 0) return code;
    // A file or a pipe behind it may have taken less than was said.
    const auto failed = bao::cli::output_failure();
    return failed ? bao::cli::fail(*failed) : code;
  } catch (const bao::BaoError& error) {
    std::fprintf(stderr, "bao: %s\n", error.what());
    const std::string& service = error.error().details().service_text;
    if (!service.empty()) std::fprintf(stderr, "bao: %s\n", service.c_str());
    return exit_failure;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bao: %s\n", error.what());
    return exit_failure;
  }
}
