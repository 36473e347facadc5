#pragma once

#include <expected>
#include <string>
#include <vector>

#include <bao/definition.hpp>

#include "codegen/js_options.hpp"
#include "core/schema/definition_tree.hpp"

namespace bao::wasm_tools {

struct Input {
  std::vector<core::DefinitionTree> trees;
  std::vector<Diagnostic> mistakes;
  bool cpp = false;
  codegen::JsOptions options;
};

/// What tools.hpp describes; the error is a sentence.
[[nodiscard]] std::expected<Input, std::string> read_input(std::string& text);

}  // namespace bao::wasm_tools
