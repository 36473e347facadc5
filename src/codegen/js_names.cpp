#include "codegen/js_names.hpp"

#include <algorithm>
#include <array>

#include "codegen/naming.hpp"
#include "core/schema/names.hpp"

namespace bao::codegen {
namespace {

// Each list is sorted, for a binary search.

constexpr auto reserved_words = std::to_array<std::string_view>({
    "abstract", "any",     "arguments",  "as",        "async",     "await",       "bigint",     "boolean",
    "break",    "case",    "catch",      "class",     "const",     "constructor", "continue",   "debugger",
    "declare",  "default", "delete",     "do",        "else",      "enum",        "eval",       "export",
    "extends",  "false",   "finally",    "for",       "function",  "if",          "implements", "import",
    "in",       "infer",   "instanceof", "interface", "keyof",     "let",         "never",      "new",
    "null",     "number",  "object",     "package",   "private",   "protected",   "public",     "readonly",
    "return",   "static",  "string",     "super",     "switch",    "symbol",      "this",       "throw",
    "true",     "try",     "type",       "typeof",    "undefined", "unique",      "unknown",    "var",
    "void",     "while",   "with",       "yield",
});
static_assert(std::ranges::is_sorted(reserved_words));

// Globals that generated code uses, what it imports from the package or once did, its own variables, and the
// parameters and type parameters of its methods.
constexpr auto used_names = std::to_array<std::string_view>({
    "ArrayBuffer",
    "AssignedValue",
    "BaoModel",
    "ConstraintValue",
    "CountOnly",
    "CustomField",
    "Date",
    "Field",
    "FindOptions",
    "GSI_INDEX_ID1",
    "GSI_INDEX_ID2",
    "GSI_INDEX_ID3",
    "GSI_INDEX_ID4",
    "GSI_INDEX_ID5",
    "Index",
    "IndexConfig",
    "O",
    "Object",
    "PageKey",
    "PrimaryKey",
    "PrimaryKeyConfig",
    "Promise",
    "QueryAnswer",
    "QueryOptions",
    "QueryResult",
    "ReadValue",
    "ReadonlySet",
    "Record",
    "Set",
    "SortKeyCondition",
    "SortValue",
    "UNIQUE_CONSTRAINT_ID1",
    "UNIQUE_CONSTRAINT_ID2",
    "UNIQUE_CONSTRAINT_ID3",
    "Uint8Array",
    "UniqueConstraint",
    "UniqueConstraintConfig",
    "Values",
    "constants",
    "direction",
    "exports",
    "fields",
    "generatedModels",
    "limit",
    "mapSkCondition",
    "module",
    "options",
    "require",
    "self",
    "skCondition",
    "source",
    "startKey",
    "value",
});
static_assert(std::ranges::is_sorted(used_names));

// What every object has in JavaScript, besides the methods of instances.
constexpr auto object_members = std::to_array<std::string_view>({
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
});
static_assert(std::ranges::is_sorted(object_members));

// Static members that a generated static method could hide: those that its names begin like.
constexpr auto static_members = std::to_array<std::string_view>({
    "findByPrimaryKey",
    "findByUniqueConstraint",
    "getIterationBuckets",
    "getRelatedObjectsViaMap",
    "queryByIndex",
    "queryByPrimaryKey",
    "queryPages",
});
static_assert(std::ranges::is_sorted(static_members));

template <class List>
bool in(const List& list, std::string_view name) {
  return std::ranges::binary_search(list, name);
}

bool is_field_type(std::string_view name) {
  for (int type = 0; type <= static_cast<int>(FieldType::json); ++type) {
    if (name == field_type_name(static_cast<FieldType>(type))) return true;
  }
  return false;
}

bool unusable_type(std::string_view name) {
  return in(reserved_words, name) || in(used_names, name) || is_field_type(name);
}

std::string kebab_case(std::string_view name) {
  std::string text = snake_case(name);
  std::ranges::replace(text, '_', '-');
  return text;
}

}  // namespace

JsNames::JsNames(const core::Schema& schema) : models_(schema.models().size()) {
  std::set<std::string, std::less<>> wanted;
  for (const auto& model : schema.models()) {
    wanted.insert(model->name());
    for (const FieldDefinition& field : model->fields()) {
      if (!field.custom_type.empty()) types_.insert(field.custom_type);
    }
  }
  std::set<std::string> files{"index"};
  for (const auto& model : schema.models()) {
    std::string name = model->name();
    while (unusable_type(name) || types_.contains(name) || (name != model->name() && wanted.contains(name))) {
      name += '_';
    }
    types_.insert(name);
    std::string file = kebab_case(model->name());
    for (int copy = 2; !files.insert(file).second; ++copy) {
      file = kebab_case(model->name()) + "-" + std::to_string(copy);
    }
    models_[model->number()] = {.name = std::move(name), .file = std::move(file)};
  }
}

std::string JsNames::type(const core::Model& model, std::string_view suffix) const {
  std::string name = this->model(model);
  name += suffix;
  while (unusable_type(name) || types_.contains(name)) name += '_';
  return name;
}

bool JsNames::taken(const core::Model& model, std::string_view name) {
  return is_instance_member(name) || in(static_members, name) || model.field_index(name).has_value();
}

bool JsNames::is_reserved(std::string_view name) {
  return unusable_type(name);
}

bool JsNames::is_instance_member(std::string_view name) {
  return in(object_members, name) || in(core::instance_method_names(), name);
}

}  // namespace bao::codegen
