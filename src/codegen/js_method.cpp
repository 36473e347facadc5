#include "codegen/js_method.hpp"

#include <initializer_list>
#include <utility>
#include <vector>

#include "codegen/js_layout.hpp"
#include "codegen/js_literal.hpp"

namespace bao::codegen {
namespace {

struct Parameter {
  std::string name;
  JsLayout type;
  std::string initial = {};  // empty: has to be given
  bool may_be_null = true;
};

struct Parts {
  std::string comment;
  std::string head;        // "static queryByStatus"
  bool may_count = false;  // a type parameter says whether the query's answer is a count
  std::vector<Parameter> parameters;
  std::string result;
  const core::Model* source = nullptr;  // the other model, where the body needs its class
  std::string call_head;
  std::vector<JsLayout> arguments;
};

class MethodWriter {
 public:
  MethodWriter(const core::Model& owner, const JsNames& names, JsForm form, std::set<std::string>& types)
      : owner_(owner), names_(names), form_(form), types_(types) {}

  std::string write(const Method& method) {
    switch (method.kind) {
      case Method::Kind::self_query:
        return put_together(self_query(method));
      case Method::Kind::related_query:
        return put_together(related_query(method));
      case Method::Kind::mapped_query:
        return put_together(mapped_query(method));
      case Method::Kind::getter:
        return put_together(getter(method));
      case Method::Kind::finder:
        return put_together(finder(method));
    }
    return {};
  }

 private:
  std::string use(std::string name) {
    types_.insert(name);
    return name;
  }
  [[nodiscard]] std::string class_of(const core::Model& model) const {
    return "typeof " + names_.model(model);
  }
  JsLayout sort_type(const Method& method) {
    JsLayout value(use("SortValue") + "<", {class_of(*method.source), js_string(method.index->name)}, ">");
    return {use("SortKeyCondition") + "<", {std::move(value)}, ">"};
  }
  std::vector<Parameter> query_parameters(const Method& method) {
    JsLayout options(use("QueryOptions") + "<", {class_of(*method.source) + ".fields", "CountOnly"}, ">");
    return {{"skCondition", sort_type(method), "null"}, {"options", std::move(options), "{}", false}};
  }
  std::string answer(const core::Model& model) {
    return use("QueryAnswer") + "<" + names_.model(model) + ", CountOnly>";
  }

  Parts self_query(const Method& method) {
    return {.comment = "Index " + method.index->name + ".",
            .head = "static async " + method.name,
            .may_count = true,
            .parameters = query_parameters(method),
            .result = answer(owner_),
            .source = nullptr,
            .call_head = "this.queryByIndex",
            .arguments = {js_string(method.index->name), "this.modelPrefix", "skCondition", "options"}};
  }

  Parts related_query(const Method& method) {
    return {.comment = method.source->name() + "'s index " + method.index->name + ": those with this " +
                       owner_.name() + "'s id.",
            .head = "async " + method.name,
            .may_count = true,
            .parameters = query_parameters(method),
            .result = answer(*method.source),
            .source = method.source,
            .call_head = "source.queryByIndex",
            .arguments = {js_string(method.index->name), "this.getPrimaryId()", "skCondition", "options"}};
  }

  Parts mapped_query(const Method& method) {
    return {.comment = method.target->name() + "s that " + method.source->name() + "'s index " +
                       method.index->name + " maps to this item.",
            .head = "async " + method.name,
            .parameters = {{"mapSkCondition", sort_type(method), "null"},
                           {"limit", "number", "null"},
                           {"direction", "\"ASC\" | \"DESC\"", "\"ASC\"", false},
                           {"startKey", use("PageKey"), "null"}},
            .result = use("QueryResult") + "<" + names_.model(*method.target) + ">",
            .source = method.source,
            .call_head = "source.getRelatedObjectsViaMap",
            .arguments = {js_string(method.index->name), "this.getPrimaryId()",
                          js_string(method.source->field(method.field).name), "mapSkCondition", "limit",
                          "direction", "startKey"}};
  }

  Parts getter(const Method& method) {
    const FieldDefinition& field = method.source->field(method.field);
    return {
        .comment = "The " + method.target->name() + " that " + field.name + " names: found once, then kept.",
        .head = "async " + method.name,
        .parameters = {},
        .result = names_.model(*method.target) + (field.required ? "" : " | null"),
        .source = nullptr,
        .call_head = "this.getOrLoadRelatedField",
        .arguments = {js_string(field.name)}};
  }

  Parts finder(const Method& method) {
    const std::string& field = method.source->field(method.field).name;
    JsLayout value(use("ConstraintValue") + "<", {class_of(owner_), js_string(method.unique->name)}, ">");
    return {.comment = "By the unique field " + field + ".",
            .head = "static async " + method.name,
            .parameters = {{"value", value}, {"options", use("FindOptions"), "{}", false}},
            .result = names_.model(owner_),
            .source = nullptr,
            .call_head = "this.findByUniqueConstraint",
            .arguments = {js_string(method.unique->name), "value", "options"}};
  }

  [[nodiscard]] JsLayout parameter(const Parameter& p) const {
    if (form_ == JsForm::javascript) return p.initial.empty() ? p.name : p.name + " = " + p.initial;
    const bool declared = form_ == JsForm::declaration;
    JsLayout layout = p.type;
    layout.open.insert(0, p.name + (declared && !p.initial.empty() ? "?: " : ": "));
    if (p.initial.empty()) return layout;
    std::string& end = layout.members.empty() ? layout.open : layout.close;
    if (p.may_be_null) end += " | null";
    if (declared) return layout;
    end += " = " + p.initial;
    return layout;
  }

  [[nodiscard]] std::string type_parameters(const std::string& head, bool may_count) const {
    if (!may_count || form_ == JsForm::javascript) return {};
    const std::string one = "CountOnly extends boolean = false";
    return 2 + head.size() + one.size() + 3 <= js_column_limit ? "<" + one + ">" : "<\n    " + one + ",\n  >";
  }

  // const source = this.constructor.manager.getModel("Post");
  [[nodiscard]] std::string other_class(const core::Model& source) const {
    const JsLayout name("(", {js_string(source.name())}, ")");
    if (form_ == JsForm::javascript) {
      return js_line(4, "const source = this.constructor.manager.getModel", name, ";");
    }
    const std::string own = "const self = this.constructor as " + class_of(owner_) + ";";
    return js_line(4, own, "", "") +
           js_line(4, "const source = self.manager.getModel", name, " as " + class_of(source) + ";");
  }

  std::string put_together(const Parts& parts) {
    std::vector<JsLayout> parameters;
    parameters.reserve(parts.parameters.size());
    for (const Parameter& p : parts.parameters) parameters.push_back(parameter(p));
    std::string head = parts.head;
    if (form_ == JsForm::declaration) head.erase(head.find("async "), 6);
    head += type_parameters(head, parts.may_count);
    std::string tail = form_ == JsForm::javascript ? "" : ": Promise<" + parts.result + ">";
    tail += form_ == JsForm::declaration ? ";" : " {";
    std::string text = "  /** " + parts.comment + " */\n" +
                       js_line(2, head, JsLayout("(", std::move(parameters), ")"), tail);
    if (form_ == JsForm::declaration) return text;
    if (parts.source != nullptr) text += other_class(*parts.source);
    return text + js_line(4, "return " + parts.call_head, JsLayout("(", parts.arguments, ")"), ";") + "  }\n";
  }

  const core::Model& owner_;
  const JsNames& names_;
  JsForm form_;
  std::set<std::string>& types_;
};

}  // namespace

std::string js_method(const Method& method, const core::Model& owner, const JsNames& names, JsForm form,
                      std::set<std::string>& types) {
  return MethodWriter(owner, names, form, types).write(method);
}

}  // namespace bao::codegen
