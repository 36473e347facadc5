#include "codegen/cpp_method.hpp"

#include <utility>
#include <vector>

#include "codegen/cpp_layout.hpp"
#include "codegen/cpp_literal.hpp"

namespace bao::codegen {
namespace {

struct Parts {
  std::string comment;
  std::string template_of;  // the model; empty: no template
  std::string head;         // up to the parameters' '('
  std::vector<std::string> parameters;
  std::string tail;  // after them
  std::string call_head;
  std::vector<std::string> arguments;
};

std::string put_together(const Parts& parts) {
  std::string text = "  /// " + parts.comment + "\n";
  if (!parts.template_of.empty()) {
    text += "  template <std::same_as<" + parts.template_of + "> M = " + parts.template_of + ">\n";
  }
  const std::string head = filled("  [[nodiscard]] " + parts.head + "(", parts.parameters, ")" + parts.tail);
  const std::string body = filled("    return " + parts.call_head + "(", parts.arguments, ");");
  // clang-format leaves templates in several lines.
  text += parts.template_of.empty() ? function_text(head, body, "  ")
                                    : head.substr(0, head.size() - 1) + " {\n" + body + "  }\n";
  return shielded("  ", std::move(text));
}

// A parameter must not hide what the model has under its name.
std::string parameter(const core::Model& owner, const CppNames& names, std::string name) {
  while (names.taken(owner, name)) name += '_';
  return name;
}

}  // namespace

std::string cpp_method(const Method& method, const core::Model& owner, const CppNames& names,
                       const FieldTypeName& type_name) {
  const core::Model& source = *method.source;
  const std::string& model = names.model(source);
  const std::string sort = parameter(owner, names, "sort");
  const std::string options = parameter(owner, names, "options");
  const std::string by_sort = "bao::SortCondition<" + names.fields(source) + "> " + sort + " = {}";
  const std::string by_query = "bao::QueryOptions<M> " + options + " = {}";
  const std::string move_sort = "std::move(" + sort + ")";
  const std::string move_options = "std::move(" + options + ")";
  switch (method.kind) {
    case Method::Kind::self_query:
      return put_together(
          {.comment = "Index " + method.index->name + ".",
           .head = "static auto " + method.name,
           .parameters = {by_sort, "bao::QueryOptions<" + model + "> " + options + " = {}"},
           .call_head = "query_by_index",
           .arguments = {cpp_string(method.index->name), "bao::Value()", move_sort, move_options}});
    case Method::Kind::related_query:
      return put_together({.comment = model + "'s index " + method.index->name + ": those with this " +
                                      names.model(owner) + "'s id.",
                           .template_of = model,
                           .head = "auto " + method.name,
                           .parameters = {by_sort, by_query},
                           .tail = " const",
                           .call_head = "M::query_by_index",
                           .arguments = {cpp_string(method.index->name), "*this", move_sort, move_options}});
    case Method::Kind::mapped_query: {
      const std::string& target = names.model(*method.target);
      return put_together(
          {.comment = target + "s that " + model + "'s index " + method.index->name + " maps to this item.",
           .template_of = model,
           .head = "bao::Task<bao::Page<" + target + ">> " + method.name,
           .parameters = {by_sort, by_query},
           .tail = " const",
           .call_head = "bao::query_mapped<M>",
           .arguments = {cpp_string(method.index->name), "*this",
                         "&M::Fields::" + names.field(source, method.field), move_sort, move_options}});
    }
    case Method::Kind::getter:
      return put_together(
          {.comment = "The " + names.model(*method.target) + " that " + names.field(source, method.field) +
                      " names: found once, then kept.",
           .template_of = names.model(*method.target),
           .head = "bao::Task<M> " + method.name,
           .tail = " const",
           .call_head = "bao::get_related<M>",
           .arguments = {"*this", "&" + names.fields(source) + "::" + names.field(source, method.field)}});
    case Method::Kind::finder: {
      const std::string type = type_name(source, method.field);
      const std::string value = parameter(owner, names, "value");
      return put_together(
          {.comment = "By the unique field " + names.field(source, method.field) + ".",
           .head = "static auto " + method.name,
           .parameters = {"const " + type + "& " + value, "bao::FindOptions " + options + " = {}"},
           .call_head = "find_by_unique_constraint",
           .arguments = {cpp_string(method.unique->name),
                         names.field(source, method.field) + ".operand(" + value + ")", move_options}});
    }
  }
  return {};
}

}  // namespace bao::codegen
