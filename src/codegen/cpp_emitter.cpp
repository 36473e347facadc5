#include "codegen/cpp_emitter.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <string>

#include "codegen/cpp_layout.hpp"
#include "codegen/cpp_model.hpp"
#include "codegen/cpp_names.hpp"
#include "codegen/methods.hpp"

namespace bao::codegen {
namespace {

using core::Model;
using core::Schema;

std::string all_models(const Schema& schema, const CppNames& names) {
  std::set<std::string> files;
  std::vector<std::string> infos;
  for (const auto& model : schema.models()) {
    files.insert(names.file(*model));
    infos.push_back("&" + names.model(*model) + "::model_info()");
  }
  std::string text = std::string(cpp_banner) + "#pragma once\n\n#include <vector>\n\n";
  for (const std::string& file : files) text += "#include \"" + file + "\"\n";
  text += "\nnamespace models {\n\n/// Every model, for bao::Config.\n";
  std::string body = filled("  return {", infos, "};");
  if (body.find('\n') + 1 != body.size() || too_wide(body)) {
    body = "  std::vector<const bao::ModelInfo*> infos;\n";
    for (const std::string& info : infos) body += "  infos.push_back(" + info + ");\n";
    body += "  return infos;\n";
  }
  const std::string function =
      "[[nodiscard]] inline std::vector<const bao::ModelInfo*> all() {\n" + body + "}\n";
  return text + shielded("", function) + "\n}  // namespace models\n";
}

}  // namespace

std::vector<SourceFile> generate_cpp(const Schema& schema, const CppOptions& options) {
  const CppNames names(schema);
  auto methods =
      methods_of(schema, [&](const Model& model, std::string_view name) { return names.taken(model, name); });
  // What a custom type of a related item has to do with it, only the type knows.
  for (std::vector<Method>& of_model : methods) {
    std::erase_if(of_model, [&](const Method& method) {
      const bool through_field =
          method.kind == Method::Kind::getter || method.kind == Method::Kind::mapped_query;
      return through_field && is_custom(method.source->field(method.field), options);
    });
  }
  std::vector<SourceFile> files{{.path = "models.hpp", .text = all_models(schema, names)}};
  for (const auto& model : schema.models()) {
    files.push_back(
        {.path = names.file(*model), .text = cpp_model(*model, names, methods[model->number()], options)});
  }
  std::ranges::sort(files, std::less<>(), &SourceFile::path);
  return files;
}

}  // namespace bao::codegen
