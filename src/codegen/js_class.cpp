#include "codegen/js_class.hpp"

#include <map>
#include <set>

#include "codegen/js_custom_fields.hpp"
#include "codegen/js_emitter.hpp"
#include "codegen/js_layout.hpp"
#include "codegen/js_literal.hpp"
#include "codegen/js_method.hpp"
#include "codegen/js_types.hpp"

namespace bao::codegen {
namespace {

using core::KeyPart;
using core::Model;

/// The text of one model's file, part by part.
class ClassFile {
 public:
  ClassFile(const Model& model, const JsNames& names, const std::vector<Method>& methods,
            const JsOptions& options)
      : model_(model),
        names_(names),
        methods_(methods),
        options_(options),
        typescript_(options.language == JsOptions::Language::typescript),
        common_(!typescript_ && options.modules == JsOptions::Modules::commonjs) {}

  std::string text() {
    const std::string body = statics() + methods();
    const std::string& name = names_.model(model_);
    std::string text = std::string(js_banner) + imports() + "\n" + (common_ ? "" : "export ") + "class " +
                       name + " extends BaoModel {\n" + body + "}\n";
    if (name != model_.name()) text += real_name();
    if (typescript_) text += "\n" + js_values_interface(model_, names_);
    if (common_) text += "\n" + js_line(0, "module.exports = ", js_braces("", {name}), ";");
    return text;
  }

 private:
  // ---- Head

  [[nodiscard]] std::string imports() const {
    const JsLayout package = js_braces("", layouts(imports_));
    std::string text = common_ ? js_line(0, "const ", package, " = require(\"dynamo-bao\");")
                               : js_line(0, "import ", package, " from \"dynamo-bao\";");
    if (typescript_) {
      const std::vector<std::string> types(types_.begin(), types_.end());
      text += js_type_imports(model_, names_, methods_, types);
    }
    for (const auto& [type, path] : custom_types_) {
      const JsLayout name = js_braces("", {type});
      text += common_ ? js_line(0, "const ", name, " = require(" + js_string(path) + ");")
                      : js_line(0, "import ", name, " from " + js_string(path) + ";");
    }
    text += "\n" + destructured(field_functions_, "fields");
    return constants_.empty() ? text : text + destructured(constants_, "constants");
  }
  // const { StringField, UlidField } = fields;
  static std::string destructured(const std::set<std::string>& members, std::string_view from) {
    const JsLayout names = js_braces("", layouts(members));
    const std::string tail = " = " + std::string(from) + ";";
    std::string line = js_line(0, "const ", names, tail);
    const std::string left = "const " + js_flat(names) + " =";
    if (line.find('\n') + 1 == line.size() || left.size() > js_column_limit) return line;
    return left + "\n  " + std::string(from) + ";\n";
  }
  template <class Names>
  static std::vector<JsLayout> layouts(const Names& names) {
    return {names.begin(), names.end()};
  }
  // Relations name models as the definitions do.
  [[nodiscard]] std::string real_name() const {
    return "\n" + js_line(0, "Object.defineProperty",
                          JsLayout("(",
                                   {names_.model(model_), "\"name\"",
                                    js_braces("", {"value: " + js_string(model_.name())})},
                                   ")"),
                          ";");
  }

  // ---- Static members

  std::string statics() {
    imports_.insert("BaoModel");
    const ModelDefinition& definition = model_.definition();
    std::string text = member("modelPrefix", js_string(model_.prefix()));
    if (definition.table_type == TableType::mapping) text += member("tableType", literal("\"mapping\""));
    if (definition.iterable) {
      text += member("iterable", "true");
      text += member("iterationBuckets", std::to_string(definition.iteration_buckets));
    }
    if (definition.key_format != 2)
      text += member("keyFormat", literal(std::to_string(definition.key_format)));
    if (definition.search) text += member("searchable", search(*definition.search));
    text += "\n" + js_block(2, static_member("fields"), js_braces("", fields()), ";");
    text += "\n" + member("primaryKey", primary_key());
    if (!model_.indexes().empty())
      text += "\n" + js_block(2, static_member("indexes"), js_braces("", indexes()), ";");
    if (!model_.unique_constraints().empty()) {
      text += "\n" + js_block(2, static_member("uniqueConstraints"), js_braces("", constraints()), ";");
    }
    return text;
  }

  [[nodiscard]] std::string static_member(std::string_view name) const {
    return std::string(typescript_ ? "static override " : "static ").append(name) + " = ";
  }
  [[nodiscard]] std::string member(std::string_view name, const JsLayout& value) const {
    return js_line(2, static_member(name), value, ";");
  }
  // A literal whose type is to be itself.
  [[nodiscard]] std::string literal(std::string text) const {
    return typescript_ ? text + " as const" : text;
  }

  static JsLayout search(const SearchDefinition& search) {
    std::vector<JsLayout> fields;
    fields.reserve(search.fields.size());
    for (const std::string& field : search.fields) fields.emplace_back(js_string(field));
    std::vector<JsLayout> members{JsLayout("fields: [", std::move(fields), "]")};
    if (search.case_sensitive) members.emplace_back("caseSensitive: true");
    if (search.min_term_length != 1) {
      members.emplace_back("minTermLength: " + std::to_string(search.min_term_length));
    }
    if (search.dedupe) members.emplace_back("dedupe: true");
    return js_braces("", std::move(members));
  }

  [[nodiscard]] bool in_primary_key(std::uint32_t field) const {
    const auto is_half = [&](const KeyPart& part) {
      return part.kind == KeyPart::Kind::field && part.field == field;
    };
    return is_half(model_.partition_key()) || is_half(model_.sort_key());
  }

  std::vector<JsLayout> fields() {
    imports_.insert("fields");
    std::vector<JsLayout> members;
    members.reserve(model_.fields().size());
    for (std::uint32_t i = 0; i < model_.fields().size(); ++i) members.push_back(field(i));
    return members;
  }

  // title: StringField({ required: true, maxLength: 200 })
  JsLayout field(std::uint32_t index) {
    const FieldDefinition& field = model_.field(index);
    std::vector<JsLayout> options;
    const auto number = [&](std::string_view name, const std::optional<std::int64_t>& value) {
      if (value) options.emplace_back(std::string(name) + ": " + std::to_string(*value));
    };
    if (field.auto_assign) options.emplace_back("autoAssign: true");
    // The fields of the primary key are required without saying so; TypeScript reads it here.
    const bool says_required = in_primary_key(index) ? typescript_ && !field.auto_assign : field.required;
    if (says_required) options.emplace_back("required: true");
    number("maxLength", field.max_length);
    number("precision", field.precision);
    number("maxStringLength", field.max_string_length);
    number("maxMemberCount", field.max_member_count);
    if (!field.default_value.is_null()) {
      JsLayout value = js_default(field);
      value.open.insert(0, "defaultValue: ");
      options.push_back(std::move(value));
    }
    if (const auto* own = field.custom_options.get_if<Value::Map>()) {
      for (const auto& [name, value] : *own) {
        JsLayout option = js_value(value);
        option.open.insert(0, js_key(name) + ": ");
        options.push_back(std::move(option));
      }
    }
    const std::string function = field.custom_type.empty() ? field_type_name(field.type) : "CustomField";
    field_functions_.insert(function);
    std::vector<JsLayout> arguments;
    if (!field.custom_type.empty()) {
      // The emitter has refused types without a file.
      const auto file = custom_field_file(options_, field.custom_type).value_or(CustomFieldFile());
      custom_types_.emplace(field.custom_type, file.import_path);
      arguments.emplace_back(field.custom_type);
    }
    if (!field.related_model.empty()) arguments.emplace_back(js_string(field.related_model));
    if (!options.empty()) arguments.push_back(js_braces("", std::move(options)));
    return {field.name + ": " + function + "(", std::move(arguments), ")"};
  }

  [[nodiscard]] std::string half(const KeyPart& part) const {
    return part.kind == KeyPart::Kind::field ? js_string(model_.field(part.field).name) : "\"modelPrefix\"";
  }

  JsLayout primary_key() {
    imports_.insert("PrimaryKeyConfig");
    std::vector<JsLayout> halves{half(model_.partition_key())};
    if (model_.sort_key().kind != KeyPart::Kind::none) halves.emplace_back(half(model_.sort_key()));
    return {"PrimaryKeyConfig(", std::move(halves), ")"};
  }

  std::vector<JsLayout> indexes() {
    std::vector<JsLayout> members;
    for (const core::Index& index : model_.indexes()) {
      if (index.gsi == 0) {
        members.emplace_back(index.name + ": this.primaryKey");
        continue;
      }
      imports_.insert({"IndexConfig", "constants"});
      const std::string id = "GSI_INDEX_ID" + std::to_string(index.gsi);
      constants_.insert(id);
      members.push_back({index.name + ": IndexConfig(", {half(index.partition), half(index.sort), id}, ")"});
    }
    return members;
  }

  std::vector<JsLayout> constraints() {
    imports_.insert({"UniqueConstraintConfig", "constants"});
    std::vector<JsLayout> members;
    for (const core::UniqueConstraint& unique : model_.unique_constraints()) {
      const std::string id = "UNIQUE_CONSTRAINT_ID" + std::to_string(unique.id);
      constants_.insert(id);
      members.push_back(
          {unique.name + ": UniqueConstraintConfig(", {js_string(model_.field(unique.field).name), id}, ")"});
    }
    return members;
  }

  // ---- Methods

  std::string methods() {
    std::string text;
    if (typescript_) types_.insert(js_values_types.begin(), js_values_types.end());
    const JsForm form = typescript_ ? JsForm::typescript : JsForm::javascript;
    for (const Method& method : methods_) text += "\n" + js_method(method, model_, names_, form, types_);
    return text;
  }

  const Model& model_;
  const JsNames& names_;
  const std::vector<Method>& methods_;
  const JsOptions& options_;
  bool typescript_;
  bool common_;
  std::set<std::string> imports_;
  std::set<std::string> field_functions_;
  std::set<std::string> constants_;
  std::set<std::string> types_;
  std::map<std::string, std::string> custom_types_;  ///< with the paths to import them from
};

}  // namespace

std::string js_class(const Model& model, const JsNames& names, const std::vector<Method>& methods,
                     const JsOptions& options) {
  return ClassFile(model, names, methods, options).text();
}

}  // namespace bao::codegen
