#include "wasm_tools/input.hpp"

#include <string_view>

#include "core/value/json_reader.hpp"
#include "core/value/number.hpp"

namespace bao::wasm_tools {
namespace {

using core::DefinitionNode;
using core::JsonReader;

// Each level of YAML is two of JSON, and the parser allows 64.
constexpr core::JsonLimits limits{.depth_max = 160};

class InputReader {
 public:
  explicit InputReader(std::string& text) : reader_(text, limits) {}

  std::expected<Input, std::string> read() {
    std::string_view name;
    reader_.enter_object();
    while (reader_.next_member(name)) {
      if (name == "trees") {
        list([&] { tree(); });
      } else if (name == "mistakes") {
        list([&] { mistake(); });
      } else if (name == "language") {
        language();
      } else if (name == "modules") {
        modules();
      } else if (name == "manifest") {
        input_.options.manifest = text();
      } else if (name == "modelsFromManifest") {
        input_.options.models_from_manifest = text();
      } else if (name == "fieldsFolder") {
        input_.options.fields_folder = text();
      } else if (name == "fieldFiles") {
        list([&] { input_.options.field_files.push_back(text()); });
      } else {
        refuse("has an unknown member");
      }
    }
    if (refusal_.empty() && !reader_.finish()) refuse("is wrong: " + reader_.error().to_string());
    if (!refusal_.empty()) return std::unexpected("the input " + refusal_);
    return std::move(input_);
  }

 private:
  void refuse(std::string reason) {
    if (refusal_.empty()) refusal_ = std::move(reason);
    reader_.fail(core::CodecErrorCode::unexpected_byte);
  }

  std::string text() {
    std::string_view value;
    reader_.read_string(value);
    return std::string(value);
  }
  int line() {
    std::string_view value;
    reader_.read_number(value);
    return static_cast<int>(core::number_to_int64(value).value_or(0));
  }
  template <class ReadElement>
  void list(ReadElement read_element) {
    reader_.enter_array();
    while (reader_.next_element()) read_element();
  }

  void tree() {
    core::DefinitionTree tree;
    std::string_view name;
    reader_.enter_object();
    while (reader_.next_member(name)) {
      if (name == "file") {
        tree.file = text();
      } else {
        tree.root = node();
      }
    }
    input_.trees.push_back(std::move(tree));
  }

  DefinitionNode node() {
    DefinitionNode node;
    std::string_view name;
    reader_.enter_object();
    while (reader_.next_member(name)) {
      if (name == "n") {
        node.line = line();
      } else if (name == "k") {
        node.key = text();
      } else if (name == "t") {
        node.kind = DefinitionNode::Kind::scalar;
        node.scalar = text();
      } else if (name == "q") {
        reader_.read_bool(node.quoted);
      } else if (name == "l" || name == "m") {
        node.kind = name == "l" ? DefinitionNode::Kind::list : DefinitionNode::Kind::map;
        list([&] { node.children.push_back(this->node()); });
      } else {
        refuse("has a node with an unknown member");
      }
    }
    return node;
  }

  void mistake() {
    Diagnostic mistake;
    std::string_view name;
    reader_.enter_object();
    while (reader_.next_member(name)) {
      if (name == "file") {
        mistake.location.file = text();
      } else if (name == "line") {
        mistake.location.line = line();
      } else {
        mistake.message = text();
      }
    }
    input_.mistakes.push_back(std::move(mistake));
  }

  void language() {
    const std::string name = text();
    input_.cpp = name == "cpp";
    if (name == "ts") {
      input_.options.language = codegen::JsOptions::Language::typescript;
    } else if (name != "js" && name != "cpp") {
      refuse("names the unknown language '" + name + "'");
    }
  }
  void modules() {
    const std::string name = text();
    if (name == "esm") {
      input_.options.modules = codegen::JsOptions::Modules::esm;
    } else if (name != "commonjs") {
      refuse("names the unknown module system '" + name + "'");
    }
  }

  JsonReader reader_;
  Input input_;
  std::string refusal_;
};

}  // namespace

std::expected<Input, std::string> read_input(std::string& text) {
  return InputReader(text).read();
}

}  // namespace bao::wasm_tools
