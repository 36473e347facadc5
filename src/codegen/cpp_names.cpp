#include "codegen/cpp_names.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "codegen/cpp_macros.hpp"
#include "codegen/naming.hpp"

namespace bao::codegen {
namespace {

// Sorted, for a binary search. Keywords and alternative tokens of C++23, then macros that other C headers or
// compilers in their own dialects define under plain names.
constexpr auto reserved_words = std::to_array<std::string_view>({
    "EOF",       "FILE",          "NAN",          "NULL",      "alignas",      "alignof",
    "and",       "and_eq",        "asm",          "assert",    "auto",         "bitand",
    "bitor",     "bool",          "break",        "case",      "catch",        "char",
    "char16_t",  "char32_t",      "char8_t",      "class",     "co_await",     "co_return",
    "co_yield",  "compl",         "concept",      "const",     "const_cast",   "consteval",
    "constexpr", "constinit",     "continue",     "decltype",  "default",      "delete",
    "do",        "double",        "dynamic_cast", "else",      "enum",         "errno",
    "explicit",  "export",        "extern",       "false",     "float",        "for",
    "friend",    "goto",          "i386",         "if",        "inline",       "int",
    "linux",     "long",          "mutable",      "namespace", "new",          "noexcept",
    "not",       "not_eq",        "nullptr",      "offsetof",  "operator",     "or",
    "or_eq",     "private",       "protected",    "public",    "register",     "reinterpret_cast",
    "requires",  "return",        "setjmp",       "short",     "signed",       "sizeof",
    "static",    "static_assert", "static_cast",  "stderr",    "stdin",        "stdout",
    "struct",    "switch",        "template",     "this",      "thread_local", "throw",
    "true",      "try",           "typedef",      "typeid",    "typename",     "union",
    "unix",      "unsigned",      "using",        "va_arg",    "va_end",       "va_start",
    "virtual",   "void",          "volatile",     "wchar_t",   "while",        "xor",
    "xor_eq",
});
static_assert(std::ranges::is_sorted(reserved_words));

// What a generated class has beside its fields: bao::Model's public members and names in its own text.
constexpr auto model_members = std::to_array<std::string_view>({
    "Fields",
    "M",
    "Model",
    "batch_find",
    "batch_write",
    "clear_consumed_capacity",
    "clear_related_cache",
    "consumed_capacity",
    "count",
    "create",
    "describe",
    "exists",
    "find",
    "find_by_primary_key",
    "find_by_unique_constraint",
    "get_numeric_consumed_capacity",
    "get_or_load_related_field",
    "get_related",
    "has_changes",
    "is_inside_batch_context",
    "iterate_all",
    "iterate_bucket",
    "iteration_buckets",
    "load_related_data",
    "make_primary_id",
    "model_info",
    "normalize_search_term",
    "primary_id",
    "query_by_index",
    "query_by_primary_key",
    "query_pages",
    "record_",
    "register_plugin",
    "remove",
    "remove_item",
    "same_instance",
    "save",
    "scan",
    "search_all",
    "search_bucket",
    "shared_record",
    "tokenize_search_query",
    "update",
});
static_assert(std::ranges::is_sorted(model_members));

template <class List>
bool in(const List& list, std::string_view name) {
  return std::ranges::binary_search(list, name);
}

bool is_reserved(std::string_view name) {
  return in(reserved_words, name) || is_cpp_macro(name);
}

bool unusable_type(std::string_view name) {
  // `bao` and `std` qualify names inside the models' namespace, `all` is its function, the rest is what a
  // class inherits or uses unqualified.
  constexpr auto own =
      std::to_array<std::string_view>({"Known", "all", "bao", "find_by_parts", "load_one", "models", "name",
                                       "query_args", "search_args", "self", "std"});
  return is_reserved(name) || in(model_members, name) || in(own, name);
}

}  // namespace

CppNames::CppNames(const core::Schema& schema) : models_(schema.models().size()) {
  std::set<std::string> wanted;
  for (const auto& model : schema.models()) wanted.insert(model->name());
  const auto add_type = [&](std::string name, bool is_wanted) {
    while (unusable_type(name) || types_.contains(name) || (!is_wanted && wanted.contains(name))) {
      name += '_';
      is_wanted = false;
    }
    return *types_.insert(std::move(name)).first;
  };
  std::set<std::string> files{"models"};
  for (const auto& model : schema.models()) {
    ModelNames& names = models_[model->number()];
    names.name = add_type(model->name(), true);
    std::string file = snake_case(model->name());
    for (int copy = 2; !files.insert(file).second; ++copy) {
      file = snake_case(model->name()) + "_" + std::to_string(copy);
    }
    names.file = file + ".hpp";
  }
  for (const auto& model : schema.models()) {
    ModelNames& names = models_[model->number()];
    names.fields = add_type(names.name + "Fields", false);
  }
  for (const auto& model : schema.models()) name_fields(*model);
}

void CppNames::name_fields(const core::Model& model) {
  std::set<std::string_view> wanted;
  for (const FieldDefinition& field : model.fields()) wanted.insert(field.name);
  std::set<std::string> used;
  for (const FieldDefinition& field : model.fields()) {
    std::string name = field.name;
    while (is_reserved(name) || in(model_members, name) || types_.contains(name) || used.contains(name) ||
           (name != field.name && wanted.contains(name))) {
      name += '_';
    }
    used.insert(name);
    models_[model.number()].members.push_back(std::move(name));
  }
}

bool CppNames::taken(const core::Model& model, std::string_view name) const {
  return is_reserved(name) || in(model_members, name) || types_.contains(name) ||
         std::ranges::find(models_[model.number()].members, name) != models_[model.number()].members.end();
}

}  // namespace bao::codegen
