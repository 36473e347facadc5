#include "codegen/js_emitter.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <string>

#include "codegen/js_class.hpp"
#include "codegen/js_custom_fields.hpp"
#include "codegen/js_layout.hpp"
#include "codegen/js_literal.hpp"
#include "codegen/js_names.hpp"
#include "codegen/js_types.hpp"
#include "codegen/methods.hpp"

namespace bao::codegen {
namespace {

using core::Model;
using core::Schema;

/// Index and manifest: files about all models, in the order of their files.
class Lists {
 public:
  Lists(const Schema& schema, const JsNames& names, const JsOptions& options)
      : names_(names), options_(options) {
    for (const auto& model : schema.models()) models_.push_back(model.get());
    std::ranges::sort(models_, std::less<>(), [&](const Model* model) { return names.file(*model); });
  }

  // export { User } from "./user.js";
  [[nodiscard]] std::string exports(std::string_view folder) const {
    std::string text(js_banner);
    for (const Model* model : models_) {
      text += "export { " + names_.model(*model) + " }" + from(*model, folder) + "\n";
    }
    return text;
  }
  [[nodiscard]] std::string common_index() const {
    return required("./") + "\n" + js_line(0, "module.exports = ", js_braces("", class_names()), ";");
  }
  [[nodiscard]] std::string common_manifest() const {
    return required(folder()) + "\n" + js_line(0, "module.exports = ", manifest_object(), ";");
  }
  [[nodiscard]] std::string common_manifest_types() const {
    return imported(folder()) + "\n" + typed_object() + "\nexport = generatedModels;\n";
  }
  [[nodiscard]] std::string manifest() const {
    return imported(folder()) + "\n" + js_line(0, "export default ", manifest_object(), ";");
  }
  [[nodiscard]] std::string manifest_types() const {
    return imported(folder()) + "\n" + typed_object() + "\nexport default generatedModels;\n";
  }

 private:
  [[nodiscard]] std::string folder() const { return options_.models_from_manifest + "/"; }
  [[nodiscard]] std::string path(const Model& model, std::string_view folder) const {
    return js_string(std::string(folder) + names_.file(model) + ".js");
  }
  [[nodiscard]] std::string from(const Model& model, std::string_view folder) const {
    return " from " + path(model, folder) + ";";
  }
  [[nodiscard]] std::string required(std::string_view folder) const {
    std::string text(js_banner);
    for (const Model* model : models_) {
      text += js_line(0, "const ", js_braces("", {names_.model(*model)}),
                      " = require(" + path(*model, folder) + ");");
    }
    return text;
  }
  [[nodiscard]] std::string imported(std::string_view folder) const {
    std::string text(js_banner);
    for (const Model* model : models_) {
      text += "import { " + names_.model(*model) + " }" + from(*model, folder) + "\n";
    }
    return text;
  }
  [[nodiscard]] std::vector<JsLayout> class_names() const {
    std::vector<JsLayout> members;
    members.reserve(models_.size());
    for (const Model* model : models_) members.emplace_back(names_.model(*model));
    return members;
  }
  // By the models' own names, which the classes cannot always have.
  [[nodiscard]] JsLayout manifest_object() const {
    std::vector<JsLayout> members;
    for (const Model* model : models_) {
      const std::string& name = names_.model(*model);
      members.emplace_back(name == model->name() ? name : model->name() + ": " + name);
    }
    return js_braces("", std::move(members));
  }
  [[nodiscard]] std::string typed_object() const {
    std::string text = "declare const generatedModels: {\n";
    for (const Model* model : models_) {
      text += "  " + model->name() + ": typeof " + names_.model(*model) + ";\n";
    }
    return text + "};\n";
  }

  const JsNames& names_;
  const JsOptions& options_;
  std::vector<const Model*> models_;
};

std::vector<Diagnostic> unusable_fields(const Schema& schema) {
  std::vector<Diagnostic> mistakes;
  for (const auto& model : schema.models()) {
    for (const FieldDefinition& field : model->fields()) {
      if (!JsNames::is_instance_member(field.name)) continue;
      mistakes.push_back({.location = field.location,
                          .model = model->name(),
                          .field = field.name,
                          .message = "in JavaScript every instance has a member '" + field.name +
                                     "': the field needs another name"});
    }
  }
  return mistakes;
}

}  // namespace

std::expected<std::vector<SourceFile>, std::vector<Diagnostic>> generate_js(const Schema& schema,
                                                                            const JsOptions& options) {
  std::vector<Diagnostic> mistakes = unusable_fields(schema);
  std::ranges::move(unusable_custom_types(schema, options), std::back_inserter(mistakes));
  if (!mistakes.empty()) return std::unexpected(std::move(mistakes));

  const JsNames names(schema);
  const Lists lists(schema, names, options);
  const auto methods = methods_of(schema, JsNames::taken);
  const bool typescript = options.language == JsOptions::Language::typescript;
  const bool common = !typescript && options.modules == JsOptions::Modules::commonjs;
  const std::string ending = typescript ? ".ts" : ".js";

  std::vector<SourceFile> files;
  for (const auto& model : schema.models()) {
    const std::vector<Method>& own = methods[model->number()];
    files.push_back({names.file(*model) + ending, js_class(*model, names, own, options)});
    if (!typescript) files.push_back({names.file(*model) + ".d.ts", js_types(*model, names, own, options)});
  }
  files.push_back({"index" + ending, common ? lists.common_index() : lists.exports("./")});
  files.push_back({options.manifest + ending, common ? lists.common_manifest() : lists.manifest()});
  if (!typescript) {
    files.push_back({"index.d.ts", lists.exports("./")});
    files.push_back(
        {options.manifest + ".d.ts", common ? lists.common_manifest_types() : lists.manifest_types()});
  }
  std::ranges::sort(files, std::less<>(), &SourceFile::path);
  return files;
}

}  // namespace bao::codegen
