#include "wasm/texts.hpp"

#include <utility>

namespace bao::wasm {
namespace {

struct Texts {
  std::string input;
  std::string kept;
  Output output;
};

// Made when first needed, so that nothing runs at instantiation; never freed: it lives as long as the module.
Texts& texts() {
  static Texts* const made = new Texts();
  return *made;
}

}  // namespace

void give(std::string_view text) {
  texts().output = {.text = text.data(), .size = text.size()};
}

void give_and_keep(std::string text) {
  texts().kept = std::move(text);
  give(texts().kept);
}

std::string taken(std::size_t offset, std::size_t size) {
  return texts().input.substr(offset, size);
}

}  // namespace bao::wasm

char* bao_input(std::uint32_t size) {
  std::string& input = bao::wasm::texts().input;
  if (input.size() < size) input.resize(size);
  return input.data();
}

const bao::wasm::Output* bao_output() {
  return &bao::wasm::texts().output;
}
