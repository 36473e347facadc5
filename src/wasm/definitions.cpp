#include "wasm/definitions.hpp"

#include <utility>

#include "wasm/tagged.hpp"

namespace bao::wasm {

using core::DefinitionNode;
using core::JsonType;

namespace {

DefinitionNode scalar(std::string_view text, bool quoted) {
  DefinitionNode node;
  node.kind = DefinitionNode::Kind::scalar;
  node.scalar = std::string(text);
  node.quoted = quoted;
  return node;
}

// Tags occur in default values: what they hold is what YAML's author would have written for the same value.
DefinitionNode definition_node(const JsonNode& json) {
  const JsonNode* const tag = tag_of(json);
  const JsonNode& value = tag == nullptr ? json : *tag;
  DefinitionNode node;
  switch (value.type) {
    case JsonType::object:
    case JsonType::array:
      node.kind = value.is(JsonType::object) ? DefinitionNode::Kind::map : DefinitionNode::Kind::list;
      node.children.reserve(value.children.size());
      for (const JsonNode& child : value.children) {
        node.children.push_back(definition_node(child));
        node.children.back().key = std::string(child.name);
      }
      return node;
    case JsonType::string:
      return scalar(value.text, tag == nullptr || tag->name != "#n");
    case JsonType::number:
      return scalar(value.text, false);
    case JsonType::boolean:
      return scalar(value.boolean ? "true" : "false", false);
    default:
      if (tag != nullptr && tag->name == "#d") return scalar("Invalid Date", true);
      return node;
  }
}

Error mistakes(const std::vector<Diagnostic>& diagnostics) {
  ErrorDetails details;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!details.message.empty()) details.message += '\n';
    details.message += diagnostic.to_string();
  }
  if (!diagnostics.empty()) {
    details.model = diagnostics.front().model;
    details.field = diagnostics.front().field;
  }
  return {ErrorCode::configuration, std::move(details)};
}

std::shared_ptr<const core::Schema> empty_schema() {
  auto schema = core::Schema::build({}, {.related_models_must_exist = false});
  return schema ? std::shared_ptr<const core::Schema>(std::move(*schema)) : nullptr;
}

}  // namespace

Definitions::Definitions(core::CustomKeys* custom_keys)
    : custom_keys_(custom_keys), schema_(empty_schema()) {}

Result<std::shared_ptr<const core::Schema>> Definitions::add(const JsonNode& models) {
  core::DefinitionTree tree;
  tree.root.kind = DefinitionNode::Kind::map;
  tree.root.children.push_back(definition_node(models));
  tree.root.children.back().key = "models";
  trees_.push_back(std::move(tree));
  auto schema =
      core::schema_from_trees(trees_, {}, {.related_models_must_exist = false, .custom_keys = custom_keys_});
  if (!schema) {
    trees_.pop_back();
    return std::unexpected(mistakes(schema.error()));
  }
  schema_ = std::move(*schema);
  return schema_;
}

}  // namespace bao::wasm
