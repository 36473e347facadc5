#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#if defined(__wasm__)
#define BAO_EXPORT(name) __attribute__((export_name(#name))) name
#define BAO_IMPORT(name) __attribute__((import_module("bao"), import_name(#name)))
#else
#define BAO_EXPORT(name) name
#define BAO_IMPORT(name)
#endif

// How texts and bytes go in and out of every module of the package. What goes in is written to the input
// buffer (bao_input) before a call that takes `size`; what comes out lies where bao_output says, until the
// next call of any function here but bao_output. Texts are UTF-8.

namespace bao::wasm {

struct Output {
  const char* text = nullptr;
  std::size_t size = 0;
};

/// The text must live until the next call from outside.
void give(std::string_view text);
/// The same for a text that nobody else keeps.
void give_and_keep(std::string text);
/// Input that the caller wrote.
[[nodiscard]] std::string taken(std::size_t offset, std::size_t size);

}  // namespace bao::wasm

extern "C" {

/// Room for `size` bytes of input. The address holds until bao_input is asked for more.
char* BAO_EXPORT(bao_input)(std::uint32_t size);
/// Two 32-bit numbers, at an address that never changes: where the last output begins, and its size in bytes.
const bao::wasm::Output* BAO_EXPORT(bao_output)();
}
