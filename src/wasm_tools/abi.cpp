#include "wasm_tools/abi.hpp"

#include <string>

#include "wasm_tools/tools.hpp"

namespace {

std::string input;
std::string output;

}  // namespace

char* bao_tools_input(std::uint32_t size) {
  input.assign(size, '\0');
  return input.data();
}

std::uint32_t bao_tools_run() {
  output = bao::wasm_tools::run(input);
  input = std::string();
  return static_cast<std::uint32_t>(output.size());
}

const char* bao_tools_output() {
  return output.data();
}
