#pragma once

#include <cstdint>

// The boundary between the tools' WebAssembly module and JavaScript (npm/src/tools/module.ts is its other
// side). Texts are UTF-8 JSON. The module needs nothing of its host.

#if defined(__wasm__)
#define BAO_EXPORT(name) __attribute__((export_name(#name))) name
#else
#define BAO_EXPORT(name) name
#endif

extern "C" {

/// Room for `size` bytes of input, until the next call.
char* BAO_EXPORT(bao_tools_input)(std::uint32_t size);
/// Does what the input asks (tools.hpp, run). The result is the size of the answer, which lies at
/// bao_tools_output until the next call.
std::uint32_t BAO_EXPORT(bao_tools_run)();
const char* BAO_EXPORT(bao_tools_output)();
}
