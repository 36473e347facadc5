#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <variant>

#include "cli/commands.hpp"

namespace {

using bao::cli::CodegenCommand;

constexpr int exit_failure = 1;
constexpr int exit_usage = 2;

void add_codegen(CLI::App& app, CodegenCommand& command, std::string& language) {
  CLI::App* codegen = app.add_subcommand("codegen", "Writes model classes from YAML definitions");
  codegen->add_option("definitions", command.definitions, "A YAML file, or a folder of them")
      ->default_str(command.definitions.string());
  codegen->add_option("output", command.output, "The folder to write to")
      ->default_str(command.output.string());
  codegen->add_option("--lang", language, "The language")->check(CLI::IsMember({"cpp"}))->default_str("cpp");
}

int run(int argc, char** argv) {
  CLI::App app("Models over one DynamoDB table");
  app.set_version_flag("--version", "bao " BAO_VERSION);
  app.require_subcommand(1);
  CodegenCommand codegen;
  std::string language;
  add_codegen(app, codegen, language);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "bao: %s\nbao: see `bao --help`\n", error.what());
    return exit_usage;
  }
  return bao::cli::run(codegen);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bao: %s\n", error.what());
    return exit_failure;
  }
}
