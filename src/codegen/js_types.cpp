#include "codegen/js_types.hpp"

#include <set>

#include "codegen/js_custom_fields.hpp"
#include "codegen/js_emitter.hpp"
#include "codegen/js_layout.hpp"
#include "codegen/js_literal.hpp"
#include "codegen/js_method.hpp"

namespace bao::codegen {
namespace {

using core::KeyPart;
using core::Model;

struct FieldTypes {
  std::string_view read;
  std::string_view write;
  std::string_view missing;
};

constexpr std::string_view date_input = "Date | number | string";

FieldTypes types_of(FieldType type) {
  switch (type) {
    case FieldType::string:
    case FieldType::ulid:
    case FieldType::version:
      return {"string", "string", "undefined"};
    case FieldType::integer:
      return {"number", "number | bigint", "null"};
    case FieldType::floating:
      return {"number", "number", "null"};
    case FieldType::boolean:
      return {"boolean", "boolean", "null"};
    case FieldType::binary:
      return {"Uint8Array", "Uint8Array | ArrayBuffer", "null"};
    case FieldType::string_set:
      return {"Set<string>", "ReadonlySet<string> | readonly string[]", "Set<string>"};
    case FieldType::date_time:
    case FieldType::create_date:
    case FieldType::modified_date:
    case FieldType::ttl:
      return {"Date", date_input, "null"};
    case FieldType::counter:
      return {"number", "number | bigint | `+${number}` | `-${number}`", "0"};
    case FieldType::related:
      return {"string", "string | { getPrimaryId(): string }", "undefined"};
    case FieldType::map:
      return {"Record<string, any>", "Record<string, any>", "null"};
    case FieldType::list:
      return {"any[]", "readonly any[]", "null"};
    case FieldType::json:
      return {"any", "any", "null"};
  }
  return {};
}

std::string_view mode_of(const Model& model, std::uint32_t index) {
  const FieldDefinition& field = model.field(index);
  switch (field.type) {
    case FieldType::create_date:
    case FieldType::modified_date:
    case FieldType::version:
    case FieldType::counter:
      return "automatic";
    default:
      break;
  }
  if (field.auto_assign || !field.default_value.is_null()) return "automatic";
  const auto is_half = [&](const KeyPart& part) {
    return part.kind == KeyPart::Kind::field && part.field == index;
  };
  const bool required = field.required || is_half(model.partition_key()) || is_half(model.sort_key());
  return required ? "required" : "optional";
}

class Declaration {
 public:
  Declaration(const Model& model, const JsNames& names, const JsOptions& options)
      : model_(model), names_(names), options_(options) {}

  std::string text(const std::vector<Method>& methods) {
    std::string body = statics();
    for (const Method& method : methods) {
      body += "\n" + js_method(method, model_, names_, JsForm::declaration, types_);
    }
    types_.insert(js_values_types.begin(), js_values_types.end());
    const std::vector<std::string> used(types_.begin(), types_.end());
    return std::string(js_banner) + "import { BaoModel } from \"dynamo-bao\";\n" +
           js_type_imports(model_, names_, methods, used) + custom_types_ + "\nexport declare class " +
           names_.model(model_) + " extends BaoModel {\n" + body + "}\n\n" +
           js_values_interface(model_, names_);
  }

 private:
  std::string statics() {
    std::string text = js_line(2, "static modelPrefix: ", js_string(model_.prefix()), ";");
    text += object("fields", fields());
    text += js_line(2, "static primaryKey: ", primary_key(), ";");
    if (!model_.indexes().empty()) text += object("indexes", indexes());
    if (!model_.unique_constraints().empty()) text += object("uniqueConstraints", constraints());
    return text;
  }

  static std::string object(std::string_view name, const std::string& members) {
    return "  static " + std::string(name) + ": {\n" + members + "  };\n";
  }

  std::string fields() {
    std::string text;
    for (std::uint32_t i = 0; i < model_.fields().size(); ++i) {
      if (custom_field(i, text)) continue;
      types_.insert("Field");
      const FieldTypes types = types_of(model_.field(i).type);
      std::vector<JsLayout> parts;
      for (const std::string_view part : {types.read, types.write}) parts.emplace_back(std::string(part));
      parts.emplace_back("\"" + std::string(mode_of(model_, i)) + "\"");
      parts.emplace_back(std::string(types.missing));
      JsLayout layout("<", std::move(parts), ">");
      text += js_line(4, model_.field(i).name + ": Field", layout, ";");
    }
    return text;
  }

  // The types of a custom field that has some: CustomField<typeof EmailField, "required">
  bool custom_field(std::uint32_t index, std::string& text) {
    const FieldDefinition& field = model_.field(index);
    if (field.custom_type.empty()) return false;
    const auto file = custom_field_file(options_, field.custom_type);
    if (!file || !file->typed) return false;
    types_.insert("CustomField");
    const std::string import =
        "import type { " + field.custom_type + " } from " + js_string(file->import_path);
    if (!custom_types_.contains(import)) custom_types_ += import + ";\n";
    JsLayout layout("<", {"typeof " + field.custom_type, "\"" + std::string(mode_of(model_, index)) + "\""},
                    ">");
    text += js_line(4, field.name + ": CustomField", layout, ";");
    return true;
  }

  [[nodiscard]] std::string half(const KeyPart& part) const {
    return part.kind == KeyPart::Kind::field ? js_string(model_.field(part.field).name) : "\"modelPrefix\"";
  }
  JsLayout halves(std::string_view type, const KeyPart& partition, const KeyPart& sort) {
    types_.insert(std::string(type));
    return {std::string(type) + "<", {half(partition), half(sort)}, ">"};
  }
  JsLayout primary_key() { return halves("PrimaryKey", model_.partition_key(), model_.sort_key()); }

  std::string indexes() {
    std::string text;
    for (const core::Index& index : model_.indexes()) {
      const JsLayout type = index.gsi == 0 ? primary_key() : halves("Index", index.partition, index.sort);
      text += js_line(4, index.name + ": ", type, ";");
    }
    return text;
  }

  std::string constraints() {
    types_.insert("UniqueConstraint");
    std::string text;
    for (const core::UniqueConstraint& unique : model_.unique_constraints()) {
      text +=
          "    " + unique.name + ": UniqueConstraint<" + js_string(model_.field(unique.field).name) + ">;\n";
    }
    return text;
  }

  const Model& model_;
  const JsNames& names_;
  const JsOptions& options_;
  std::set<std::string> types_;
  std::string custom_types_;  ///< the lines that import them
};

}  // namespace

std::string js_types(const Model& model, const JsNames& names, const std::vector<Method>& methods,
                     const JsOptions& options) {
  return Declaration(model, names, options).text(methods);
}

std::string js_type_imports(const Model& model, const JsNames& names, const std::vector<Method>& methods,
                            const std::vector<std::string>& package_types) {
  std::vector<JsLayout> types(package_types.begin(), package_types.end());
  std::string text = js_line(0, "import type ", js_braces("", std::move(types)), " from \"dynamo-bao\";");
  std::set<std::string> others;
  const auto add = [&](const Model* other) {
    if (other == nullptr || other == &model) return;
    others.insert("import type { " + names.model(*other) + " } from " +
                  js_string("./" + names.file(*other) + ".js") + ";\n");
  };
  for (const Method& method : methods) {
    add(method.source);
    add(method.target);
  }
  for (const std::string& line : others) text += line;
  return text;
}

std::string js_values_interface(const Model& model, const JsNames& names) {
  const std::string& name = names.model(model);
  std::string text = "export interface " + name + " {\n";
  for (const FieldDefinition& field : model.fields()) {
    const std::string type = "typeof " + name + ".fields." + field.name;
    text += js_line(2, "get " + field.name + "(): ReadValue", JsLayout("<", {type}, ">"), ";");
    text += js_line(2, "set " + field.name, JsLayout("(", {"value: AssignedValue<" + type + ">"}, ")"), ";");
  }
  return text + "}\n";
}

}  // namespace bao::codegen
