#include <utility>

#include "core/expression/expression.hpp"
#include "core/expression/path.hpp"

namespace bao::core {
namespace {

void append_clause(std::string& text, const char* keyword, const std::vector<std::string>& actions) {
  if (actions.empty()) return;
  if (!text.empty()) text.push_back(' ');
  text.append(keyword);
  for (std::size_t i = 0; i < actions.size(); ++i) text.append(i == 0 ? " " : ", ").append(actions[i]);
}

}  // namespace

void UpdateExpression::set(std::string_view attribute, Value stored) {
  set_path(attribute, {}, std::move(stored));
}

void UpdateExpression::remove(std::string_view attribute) {
  remove_path(attribute, {});
}

void UpdateExpression::add(std::string_view attribute, Value stored) {
  std::string action = placeholders_.name(attribute);
  add_.push_back(action.append(" ").append(placeholders_.value(std::move(stored))));
}

void UpdateExpression::delete_members(std::string_view attribute, Value stored) {
  std::string action = placeholders_.name(attribute);
  delete_.push_back(action.append(" ").append(placeholders_.value(std::move(stored))));
}

void UpdateExpression::set_path(std::string_view attribute, const std::vector<PathStep>& path, Value stored) {
  std::string action = path_text(attribute, path);
  set_.push_back(action.append(" = ").append(placeholders_.value(std::move(stored))));
}

void UpdateExpression::remove_path(std::string_view attribute, const std::vector<PathStep>& path) {
  remove_.push_back(path_text(attribute, path));
}

void UpdateExpression::add_action(std::string_view clause, std::string action) {
  auto& actions = clause == "SET" ? set_ : clause == "REMOVE" ? remove_ : clause == "ADD" ? add_ : delete_;
  actions.push_back(std::move(action));
}

void UpdateExpression::append(std::string_view attribute, const std::vector<PathStep>& path,
                              Value::List elements) {
  const std::string list = path_text(attribute, path);
  std::string action = list + " = list_append(if_not_exists(" + list;
  action.append(", ").append(placeholders_.value(Value::List())).append("), ");
  set_.push_back(action.append(placeholders_.value(std::move(elements))).append(")"));
}

bool UpdateExpression::empty() const {
  return set_.empty() && remove_.empty() && add_.empty() && delete_.empty();
}

std::string UpdateExpression::text() const {
  std::string text;
  append_clause(text, "SET", set_);
  append_clause(text, "REMOVE", remove_);
  append_clause(text, "ADD", add_);
  append_clause(text, "DELETE", delete_);
  return text;
}

std::string UpdateExpression::path_text(std::string_view attribute, const std::vector<PathStep>& path) {
  return document_path(attribute, path, placeholders_);
}

}  // namespace bao::core
