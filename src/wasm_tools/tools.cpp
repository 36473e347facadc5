#include "wasm_tools/tools.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include "codegen/cpp_emitter.hpp"
#include "codegen/cpp_model.hpp"
#include "codegen/js_custom_fields.hpp"
#include "codegen/js_emitter.hpp"
#include "core/value/json_writer.hpp"
#include "wasm_tools/input.hpp"

namespace bao::wasm_tools {
namespace {

std::string mistakes_text(const std::vector<Diagnostic>& mistakes) {
  std::string text;
  core::JsonWriter out(text);
  out.begin_object();
  out.key("mistakes");
  out.begin_array();
  for (const Diagnostic& mistake : mistakes) out.string(mistake.to_string());
  out.end_array();
  out.end_object();
  return text;
}

std::string files_text(const std::vector<codegen::SourceFile>& files, std::string_view banner) {
  std::string text;
  core::JsonWriter out(text);
  out.begin_object();
  out.key("files");
  out.begin_array();
  for (const codegen::SourceFile& file : files) {
    out.begin_object();
    out.key("path");
    out.string(file.path);
    out.key("text");
    out.string(file.text);
    out.end_object();
  }
  out.end_array();
  out.key("banner");
  out.string(banner);
  out.end_object();
  return text;
}

}  // namespace

std::string run(std::string& text) {
  auto input = read_input(text);
  if (!input) return mistakes_text({{.message = std::move(input).error()}});
  const auto schema =
      core::schema_from_trees(input->trees, std::move(input->mistakes),
                              {.related_models_must_exist = true,
                               .custom_type_files = codegen::custom_type_files(input->options.field_files)});
  if (!schema) return mistakes_text(schema.error());
  if (input->cpp) return files_text(codegen::generate_cpp(**schema), codegen::cpp_banner);
  const auto files = codegen::generate_js(**schema, input->options);
  return files ? files_text(*files, codegen::js_banner) : mistakes_text(files.error());
}

}  // namespace bao::wasm_tools
