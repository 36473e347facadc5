#include <cstdio>

#include "cli/commands.hpp"
#include "cli/fields_folder.hpp"
#include "cli/package_json.hpp"
#include "cli/write_files.hpp"
#include "codegen/cpp_emitter.hpp"
#include "codegen/cpp_model.hpp"
#include "codegen/js_custom_fields.hpp"
#include "codegen/js_emitter.hpp"
#include "native/yaml/load.hpp"

namespace bao::cli {
namespace {

namespace fs = std::filesystem;
using Language = CodegenCommand::Language;

int fail(const std::string& message) {
  std::fprintf(stderr, "bao: %s\n", message.c_str());
  return 1;
}

int fail(const std::vector<Diagnostic>& mistakes) {
  for (const Diagnostic& mistake : mistakes) std::fprintf(stderr, "%s\n", mistake.to_string().c_str());
  return fail("nothing was written");
}

int write(const fs::path& output, const std::vector<codegen::SourceFile>& files, std::string_view banner) {
  const auto written = write_files(output, files, banner);
  if (!written) return fail(written.error());
  std::printf("%s: %zu written, %zu unchanged, %zu removed\n", output.c_str(), written->written,
              written->unchanged, written->removed);
  return 0;
}

/// The folder's own name, also where it is given as ".", or with a slash at its end.
std::string folder_name(const fs::path& folder) {
  std::error_code error;
  const fs::path whole = fs::absolute(folder, error).lexically_normal();
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

/// As an import says it: with slashes, and never a bare name.
std::string path_from(const fs::path& folder, const fs::path& to) {
  std::error_code error;
  const std::string path = fs::absolute(to, error)
                               .lexically_normal()
                               .lexically_relative(fs::absolute(folder, error).lexically_normal())
                               .generic_string();
  return path.starts_with('.') ? path : "./" + path;
}

int run_js(const CodegenCommand& command, const core::Schema& schema, std::vector<std::string> field_files) {
  codegen::JsOptions options{.models_from_manifest = "../" + folder_name(command.output),
                             .field_files = std::move(field_files)};
  if (!command.fields.empty()) options.fields_folder = path_from(command.output, command.fields);
  if (command.language == Language::typescript) {
    options.language = codegen::JsOptions::Language::typescript;
  } else {
    const auto esm =
        command.esm ? std::expected<bool, std::string>(*command.esm) : is_esm_folder(command.output);
    if (!esm) return fail(esm.error());
    if (*esm) options.modules = codegen::JsOptions::Modules::esm;
  }
  const auto files = codegen::generate_js(schema, options);
  return files ? write(command.output, *files, codegen::js_banner) : fail(files.error());
}

}  // namespace

int run(const CodegenCommand& command) {
  auto files = field_files(command.fields);
  if (!files) return fail(files.error());
  const native::SchemaResult schema =
      native::load_definitions(command.definitions, codegen::custom_type_files(*files));
  if (!schema) return fail(schema.error());
  if (command.language != Language::cpp) return run_js(command, **schema, *std::move(files));
  return write(command.output, codegen::generate_cpp(**schema, {.custom_types = command.custom_types}),
               codegen::cpp_banner);
}

}  // namespace bao::cli
