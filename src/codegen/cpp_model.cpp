#include "codegen/cpp_model.hpp"

#include <array>
#include <set>

#include "codegen/cpp_layout.hpp"
#include "codegen/cpp_literal.hpp"
#include "codegen/cpp_method.hpp"
#include "core/schema/field_codec.hpp"

namespace bao::codegen {
namespace {

using core::KeyPart;
using core::Model;

std::string value_type(const Model& model, const FieldDefinition& field, const CppNames& names,
                       const CppOptions& options) {
  if (is_custom(field, options)) return "::" + field.custom_type;
  switch (field.type) {
    case FieldType::string:
      return "std::string";
    case FieldType::integer:
      return "std::int64_t";
    case FieldType::floating:
      return "double";
    case FieldType::boolean:
      return "bool";
    case FieldType::binary:
      return "bao::Binary";
    case FieldType::string_set:
      return "bao::StringSet";
    case FieldType::date_time:
    case FieldType::create_date:
    case FieldType::modified_date:
    case FieldType::ttl:
      return "bao::Timestamp";
    case FieldType::ulid:
    case FieldType::version:
      return "bao::Ulid";
    case FieldType::counter:
      return "bao::Counter";
    case FieldType::related: {
      const Model* related = model.schema().model(field.related_model);
      return related == nullptr ? "std::string" : "bao::Related<" + names.model(*related) + ">";
    }
    case FieldType::map:
      return "bao::Value::Map";
    case FieldType::list:
      return "bao::Value::List";
    case FieldType::json:
      return "bao::Json";
  }
  return {};
}

/// "bao::FieldType::string"
std::string type_enumerator(FieldType type) {
  constexpr std::array<std::string_view, 17> names = {
      "string",    "integer",     "floating",      "boolean", "binary", "string_set",
      "date_time", "create_date", "modified_date", "ttl",     "ulid",   "version",
      "counter",   "related",     "map",           "list",    "json"};
  return "bao::FieldType::" + std::string(names[static_cast<std::size_t>(type)]);
}

/// The default as bao::DefaultValue takes it; of a custom type only one of the kind that is stored.
std::string default_of(const FieldDefinition& field, const CppOptions& options) {
  if (is_custom(field, options) && field.default_value.kind() != core::stored_kind(field.type)) return {};
  return cpp_default(field);
}

std::string_view describing_function(FieldType type) {
  switch (type) {
    case FieldType::create_date:
      return "create_date";
    case FieldType::modified_date:
      return "modified_date";
    case FieldType::ttl:
      return "ttl";
    case FieldType::version:
      return "version";
    default:
      return "field";
  }
}

/// The text of one model's header, part by part.
class ModelHeader {
 public:
  ModelHeader(const Model& model, const CppNames& names, const std::vector<Method>& methods,
              const CppOptions& options)
      : model_(model), names_(names), methods_(methods), options_(options) {}

  [[nodiscard]] std::string text() const {
    const Others others = other_models();
    std::string text = std::string(cpp_banner) + "#pragma once\n\n#include <bao/bao.hpp>\n" +
                       standard_includes() + custom_include() + "\nnamespace models {\n\n";
    for (const std::string& declaration : others.declarations) text += declaration + "\n";
    if (!others.declarations.empty()) text += "\n";
    text += type_checks() + data() + "\n" + handle() + "\n}  // namespace models\n";
    if (others.files.empty()) return text;
    text += "\n// Below, as models may name each other.\n";
    for (const std::string& file : others.files) text += "#include \"" + file + "\"\n";
    return text;
  }

 private:
  struct Others {
    std::set<std::string> declarations;
    std::set<std::string> files;
  };

  [[nodiscard]] Others other_models() const {
    Others others;
    const auto add = [&](const Model* other, bool fields) {
      if (other == nullptr || (other == &model_ && fields)) return;
      if (other != &model_) others.files.insert(names_.file(*other));
      others.declarations.insert("class " + names_.model(*other) + ";");
      if (fields) others.declarations.insert("struct " + names_.fields(*other) + ";");
    };
    for (const FieldDefinition& field : model_.fields()) {
      if (field.type == FieldType::related && !is_custom(field, options_))
        add(model_.schema().model(field.related_model), false);
    }
    for (const Method& method : methods_) {
      add(method.target, false);
      add(method.source, true);
    }
    return others;
  }

  [[nodiscard]] std::string standard_includes() const {
    std::string text;
    std::set<std::string_view> headers;
    if (!methods_.empty()) headers.insert("#include <utility>\n");
    for (const Method& method : methods_) {
      if (method.kind != Method::Kind::finder) headers.insert("#include <concepts>\n");
    }
    for (const FieldDefinition& field : model_.fields()) {
      if (is_custom(field, options_)) continue;
      if (field.type == FieldType::integer) headers.insert("#include <cstdint>\n");
      if (field.type == FieldType::string) headers.insert("#include <string>\n");
    }
    for (const std::string_view header : headers) text += header;
    return text;
  }

  [[nodiscard]] std::string custom_include() const {
    for (const FieldDefinition& field : model_.fields()) {
      if (is_custom(field, options_)) return "\n#include \"" + options_.custom_types + "\"\n";
    }
    return {};
  }

  // The definitions and the C++ type have to agree on what is stored.
  [[nodiscard]] std::string type_checks() const {
    std::set<std::string> checks;
    for (const FieldDefinition& field : model_.fields()) {
      if (!is_custom(field, options_)) continue;
      checks.insert(shielded("", "static_assert(bao::FieldTraits<::" + field.custom_type +
                                     ">::type == " + type_enumerator(field.type) + ");\n"));
    }
    std::string text;
    for (const std::string& check : checks) text += check;
    return text.empty() ? text : text + "\n";
  }

  // struct PostFields
  [[nodiscard]] std::string data() const {
    std::string text;
    for (std::uint32_t i = 0; i < model_.fields().size(); ++i) {
      text += "  bao::Field<" + value_type(model_, model_.field(i), names_, options_) + "> " +
              names_.field(model_, i) + "{};\n";
    }
    return shielded("", "struct " + names_.fields(model_) + " {\n" + text + "};\n");
  }

  // class Post
  [[nodiscard]] std::string handle() const {
    const std::string& name = names_.model(model_);
    const std::string head =
        "class " + name + " : public bao::Model<" + name + ", " + names_.fields(model_) + "> {\n";
    std::string text = head + " public:\n  using Model::Model;\n\n";
    for (std::uint32_t i = 0; i < model_.fields().size(); ++i) text += description(i);
    text += "\n" + describe();
    for (const Method& method : methods_) {
      text += "\n" + cpp_method(method, model_, names_, [&](const Model& of, std::uint32_t field) {
                return value_type(of, of.field(field), names_, options_);
              });
    }
    text += "};\n";
    return too_wide(head) ? shielded("", without_shields(text)) : text;
  }

  // A shield cannot end inside of another.
  static std::string without_shields(std::string text) {
    for (const std::string_view mark : {"  // clang-format off\n", "  // clang-format on\n"}) {
      for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos;) text.erase(at, mark.size());
    }
    return text;
  }

  // static constexpr auto title = bao::field<&PostFields::title>({.required = true});
  [[nodiscard]] std::string description(std::uint32_t i) const {
    const FieldDefinition& field = model_.field(i);
    const std::string& member = names_.field(model_, i);
    std::string options;
    const auto option = [&](std::string_view option_name, const std::string& value) {
      options += options.empty() ? "." : ", .";
      options.append(option_name).append(" = ").append(value);
    };
    // The fields of the primary key are required without saying so.
    const bool in_key = is_half(model_.partition_key(), i) || is_half(model_.sort_key(), i);
    if (field.required && !in_key) option("required", "true");
    if (field.auto_assign) option("auto_assign", "true");
    if (field.max_length) option("max_length", std::to_string(*field.max_length));
    if (field.precision) option("precision", std::to_string(*field.precision));
    if (field.max_string_length) option("max_string_length", std::to_string(*field.max_string_length));
    if (field.max_member_count) option("max_member_count", std::to_string(*field.max_member_count));
    if (const std::string value = default_of(field, options_); !value.empty()) option("default_value", value);
    if (!field.related_model.empty()) option("related_model", cpp_string(field.related_model));
    if (member != field.name) option("name", cpp_string(field.name));
    const bool custom = is_custom(field, options_);
    std::string right = "bao::" + std::string(custom ? "field" : describing_function(field.type)) + "<&" +
                        names_.fields(model_) + "::" + member + ">(";
    right += options.empty() ? ");" : "{" + options + "});";
    return shielded("  ", assigned("  ", "static constexpr auto " + member, right));
  }

  static bool is_half(const KeyPart& part, std::uint32_t field) {
    return part.kind == KeyPart::Kind::field && part.field == field;
  }
  [[nodiscard]] std::string key_half(const KeyPart& part) const {
    return part.kind == KeyPart::Kind::prefix ? "bao::model_prefix" : names_.field(model_, part.field);
  }
  [[nodiscard]] std::vector<std::string> key(const KeyPart& partition, const KeyPart& sort) const {
    std::vector<std::string> halves{key_half(partition)};
    if (sort.kind != KeyPart::Kind::none) halves.push_back(key_half(sort));
    return halves;
  }

  struct Step {
    std::string head;  // ".fields("
    std::vector<std::string> arguments;
  };

  [[nodiscard]] std::vector<Step> steps() const {
    const ModelDefinition& definition = model_.definition();
    std::vector<Step> steps{{".fields(", {}}};
    for (std::uint32_t i = 0; i < model_.fields().size(); ++i) {
      steps[0].arguments.push_back(names_.field(model_, i));
    }
    for (std::uint32_t i = 0; i < model_.fields().size(); ++i) {
      const FieldDefinition& field = model_.field(i);
      if (field.default_value.is_null() || !cpp_default(field).empty()) continue;
      if (is_custom(field, options_) && field.default_value.kind() != core::stored_kind(field.type)) continue;
      steps.push_back({".default_value(", {names_.field(model_, i), cpp_value(field.default_value)}});
    }
    steps.push_back({".primary_key(", key(model_.partition_key(), model_.sort_key())});
    for (const core::Index& index : model_.indexes()) {
      if (index.gsi == 0) {
        steps.push_back({".primary_key_index(", {cpp_string(index.name)}});
        continue;
      }
      Step step{".index(", {cpp_string(index.name), "bao::gsi" + std::to_string(index.gsi)}};
      for (std::string& half : key(index.partition, index.sort)) step.arguments.push_back(std::move(half));
      steps.push_back(std::move(step));
    }
    for (const core::UniqueConstraint& unique : model_.unique_constraints()) {
      steps.push_back(
          {".unique(",
           {cpp_string(unique.name), std::to_string(unique.id), names_.field(model_, unique.field)}});
    }
    if (definition.iterable) steps.push_back({".iterable(", {std::to_string(definition.iteration_buckets)}});
    if (definition.search) steps.push_back({".searchable(", {search_options(*definition.search)}});
    if (definition.table_type == TableType::mapping) steps.push_back({".mapping(", {}});
    if (definition.key_format != 2) {
      steps.push_back({".key_format(", {std::to_string(definition.key_format)}});
    }
    return steps;
  }

  static std::string search_options(const SearchDefinition& search) {
    std::string text;
    for (const std::string& field : search.fields) text += (text.empty() ? "" : ", ") + cpp_string(field);
    text = "{.fields = {" + text + "}";
    if (search.case_sensitive) text += ", .case_sensitive = true";
    if (search.min_term_length != 1) text += ", .min_term_length = " + std::to_string(search.min_term_length);
    if (search.dedupe) text += ", .dedupe = true";
    return text + "}";
  }

  [[nodiscard]] std::string describe() const {
    const std::string start =
        "    return bao::schema(" + cpp_string(model_.name()) + ", " + cpp_string(model_.prefix()) + ")";
    std::string line = start;
    std::string chain = start + "\n";
    const std::vector<Step> all = steps();
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::string tail = i + 1 < all.size() ? ")" : ");";
      std::string one = filled(all[i].head, all[i].arguments, tail);
      one.pop_back();
      line += one;
      chain += filled("        " + all[i].head, all[i].arguments, tail);
    }
    const bool fits = line.find('\n') == std::string::npos && columns(line) <= column_limit;
    const std::string body = fits ? line + "\n" : chain;
    return shielded("  ", function_text("  static bao::ModelInfo describe()\n", body, "  "));
  }

  const Model& model_;
  const CppNames& names_;
  const std::vector<Method>& methods_;
  const CppOptions& options_;
};

}  // namespace

std::string cpp_model(const Model& model, const CppNames& names, const std::vector<Method>& methods,
                      const CppOptions& options) {
  return ModelHeader(model, names, methods, options).text();
}

}  // namespace bao::codegen
