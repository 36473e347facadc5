// The functions of <string.h> that copy and fill memory, in place of wasi-libc's: quicker, as they know
// vectors, and a tenth of the code. Only in the modules, never natively. Compiled as malloc.cpp is.

#include "wasm/move_bytes.hpp"

extern "C" {

void* memmove(void* target, const void* source, std::size_t size) {
  bao::wasm::move_bytes(static_cast<std::byte*>(target), static_cast<const std::byte*>(source), size);
  return target;
}

[[gnu::alias("memmove")]] void* memcpy(void* target, const void* source, std::size_t size);

void* memset(void* target, int value, std::size_t size) {
  bao::wasm::fill_bytes(static_cast<std::byte*>(target), static_cast<std::byte>(value), size);
  return target;
}
}
