#pragma once

#include <array>
#include <cstddef>

namespace bao::wasm {

/// The module's memory: what malloc and free (malloc.cpp) give out. A third of the code of wasi-libc's own
/// and quicker; it knows what this module does: one thread, many small things of few sizes, some large texts.
///
/// Memory is cut into units of 4 KiB. A run is one or more of them behind one header: either one unit of
/// equal small blocks, which has that size for good, or one large block. Free runs are kept in the order of
/// their addresses and join their neighbours; the first that is large enough is taken.
class Heap {
 public:
  static constexpr std::size_t unit_size = 4096;

  /// Where memory comes from: `units` of them, at a multiple of unit_size, never to be given back; null:
  /// there is no more. It may give more units than asked for and says so in `units`.
  using More = void* (*)(std::size_t& units);

  constexpr explicit Heap(More more) : more_(more) {}

  /// At a multiple of 16 bytes; null where there is no more memory.
  [[nodiscard]] void* allocate(std::size_t size);
  /// `block` comes from allocate(), and may be null.
  void release(void* block);
  /// How many bytes a block has: at least as many as were asked for.
  [[nodiscard]] static std::size_t size_of(const void* block);

 private:
  struct Run;
  struct Block {
    Block* next;
  };

  static constexpr std::size_t small_classes = 38;

  Run* take_run(std::size_t units);
  void put_run(Run* run);

  More more_;
  std::array<Block*, small_classes> free_blocks_{};
  Run* free_runs_ = nullptr;
};

}  // namespace bao::wasm
