// malloc and its kin over Heap, in place of wasi-libc's. Only in the modules, never natively. Compiled
// without link-time optimisation and as if these names meant nothing: the optimiser has ideas of its own
// about them. What else wasi-libc's allocator defines (aligned_alloc...) is left out: were it used, the
// linker would say so.

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "wasm/heap.hpp"

// The linker's: where static data and the stack end.
extern "C" std::byte __heap_base;  // NOLINT(bugprone-reserved-identifier)

namespace {

constexpr std::size_t page_size = 65'536;
constexpr std::size_t grow_pages_min = 4;
constexpr std::size_t units_per_page = page_size / bao::wasm::Heap::unit_size;

bool first_given = false;

void* more_memory(std::size_t& units) {
  const std::size_t end = __builtin_wasm_memory_size(0) * page_size;
  if (!first_given) {
    // What the memory starts with and nothing else uses.
    first_given = true;
    const std::size_t unit_size = bao::wasm::Heap::unit_size;
    const std::size_t start =
        (reinterpret_cast<std::uintptr_t>(&__heap_base) + unit_size - 1) / unit_size * unit_size;
    if (start < end) {
      units = (end - start) / unit_size;
      return reinterpret_cast<void*>(start);
    }
  }
  std::size_t pages = (units + units_per_page - 1) / units_per_page;
  if (pages < grow_pages_min) pages = grow_pages_min;
  const std::size_t before = __builtin_wasm_memory_grow(0, pages);
  if (before == SIZE_MAX) return nullptr;
  units = pages * units_per_page;
  return reinterpret_cast<void*>(before * page_size);
}

constinit bao::wasm::Heap heap(more_memory);

}  // namespace

extern "C" {

void* malloc(std::size_t size) {
  return heap.allocate(size);
}

void free(void* block) {
  heap.release(block);
}

void* calloc(std::size_t count, std::size_t size) {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) return nullptr;
  void* block = heap.allocate(bytes);
  if (block != nullptr) std::memset(block, 0, bytes);
  return block;
}

void* realloc(void* block, std::size_t size) {
  if (block == nullptr) return heap.allocate(size);
  const std::size_t had = bao::wasm::Heap::size_of(block);
  if (size <= had && size >= had / 2) return block;
  void* moved = heap.allocate(size);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, block, size < had ? size : had);
  heap.release(block);
  return moved;
}

// libc++ refers to it for types that are aligned more strictly than new gives by itself: the module has none.
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return alignment <= 16 ? heap.allocate(size) : nullptr;
}
}
