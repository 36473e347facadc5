#include "wasm/json_tree.hpp"

#include "core/value/concat.hpp"
#include "core/value/number.hpp"

namespace bao::wasm {

using core::JsonReader;
using core::JsonType;

const JsonNode* JsonNode::member(std::string_view wanted) const {
  for (const JsonNode& child : children) {
    if (child.name == wanted) return &child;
  }
  return nullptr;
}

const JsonNode* JsonNode::value(std::string_view wanted) const {
  const JsonNode* const found = member(wanted);
  return found != nullptr && !found->is_null() ? found : nullptr;
}

std::string_view JsonNode::string(std::string_view wanted) const {
  const JsonNode* const found = member(wanted);
  return found != nullptr && found->is(JsonType::string) ? found->text : std::string_view();
}

bool JsonNode::flag(std::string_view wanted) const {
  const JsonNode* const found = member(wanted);
  return found != nullptr && found->is(JsonType::boolean) && found->boolean;
}

std::int64_t JsonNode::integer(std::string_view wanted, std::int64_t otherwise) const {
  const JsonNode* const found = value(wanted);
  if (found == nullptr || !found->is(JsonType::number)) return otherwise;
  return core::number_to_int64(found->text).value_or(otherwise);
}

namespace {

// As deep as the reader allows.
void read(JsonReader& reader, JsonNode& node) {
  node.type = reader.peek();
  switch (node.type) {
    case JsonType::object:
      if (!reader.enter_object()) return;
      for (std::string_view name; reader.next_member(name);) {
        node.children.emplace_back();
        node.children.back().name = name;
        read(reader, node.children.back());
      }
      return;
    case JsonType::array:
      if (!reader.enter_array()) return;
      while (reader.next_element()) read(reader, node.children.emplace_back());
      return;
    case JsonType::string:
      reader.read_string(node.text);
      return;
    case JsonType::number:
      reader.read_number(node.text);
      return;
    case JsonType::boolean:
      reader.read_bool(node.boolean);
      return;
    default:
      reader.read_null();
  }
}

}  // namespace

std::expected<JsonNode, std::string> parse_json(std::string& text) {
  // Values nest in values, and operators around them: more levels than an answer of the service has.
  JsonReader reader(text, {.depth_max = 150});
  JsonNode root;
  read(reader, root);
  if (!reader.failed()) reader.finish();
  if (reader.failed())
    return std::unexpected(core::concat({"the arguments are not JSON: ", reader.error().to_string()}));
  return root;
}

}  // namespace bao::wasm
