#include "wasm/heap.hpp"

#include <cstdint>

namespace bao::wasm {

struct alignas(16) Heap::Run {
  std::size_t units;
  union {
    std::size_t block_size;  // of a run in use: of its small blocks; 0: it is one large block
    Run* next;               // of a free run: the one behind it
  };
};

namespace {

constexpr std::size_t step = 16;           // sizes are multiples of it
constexpr std::size_t stepwise_max = 512;  // up to here each multiple has a class of its own
constexpr std::size_t unit_room = Heap::unit_size - 16;
constexpr std::size_t small_max = unit_room / 2 / step * step;

// Above stepwise_max a class is how many blocks a unit has room for: 7 to 2.
constexpr std::size_t class_of(std::size_t size) {
  if (size <= stepwise_max) return size / step - 1;
  return stepwise_max / step + 7 - unit_room / size;
}

constexpr std::size_t class_size(std::size_t number) {
  const std::size_t stepwise = stepwise_max / step;
  if (number < stepwise) return (number + 1) * step;
  return unit_room / (7 - (number - stepwise)) / step * step;
}

// Both a small and a large block lie in the first unit of their run (a large one starts there).
const void* header_of(const void* block) {
  const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(block) % Heap::unit_size;
  return static_cast<const std::byte*>(block) - offset;
}

}  // namespace

Heap::Run* Heap::take_run(std::size_t units) {
  for (;;) {
    for (Run** place = &free_runs_; *place != nullptr; place = &(*place)->next) {
      Run* run = *place;
      if (run->units < units) continue;
      if (run->units == units) {
        *place = run->next;
        return run;
      }
      // Its end, so that its header and its place in the list stay.
      run->units -= units;
      Run* end = reinterpret_cast<Run*>(reinterpret_cast<std::byte*>(run) + run->units * unit_size);
      end->units = units;
      return end;
    }
    std::size_t more_units = units;
    Run* more = static_cast<Run*>(more_(more_units));
    if (more == nullptr) return nullptr;
    more->units = more_units;
    put_run(more);
  }
}

void Heap::put_run(Run* run) {
  const auto end_of = [](Run* of) {
    return reinterpret_cast<Run*>(reinterpret_cast<std::byte*>(of) + of->units * unit_size);
  };
  Run* before = nullptr;
  Run* behind = free_runs_;
  while (behind != nullptr &&
         reinterpret_cast<std::uintptr_t>(behind) < reinterpret_cast<std::uintptr_t>(run)) {
    before = behind;
    behind = behind->next;
  }
  run->next = behind;
  if (behind != nullptr && end_of(run) == behind) {
    run->units += behind->units;
    run->next = behind->next;
  }
  if (before == nullptr) {
    free_runs_ = run;
  } else if (end_of(before) == run) {
    before->units += run->units;
    before->next = run->next;
  } else {
    before->next = run;
  }
}

void* Heap::allocate(std::size_t size) {
  if (size > small_max) {
    if (size > SIZE_MAX - 2 * unit_size) return nullptr;
    Run* run = take_run((size + sizeof(Run) + unit_size - 1) / unit_size);
    if (run == nullptr) return nullptr;
    run->block_size = 0;
    return run + 1;
  }
  const std::size_t number = class_of(size == 0 ? step : (size + step - 1) / step * step);
  Block*& first = free_blocks_[number];
  if (first == nullptr) {
    Run* run = take_run(1);
    if (run == nullptr) return nullptr;
    run->block_size = class_size(number);
    std::byte* const blocks = reinterpret_cast<std::byte*>(run + 1);
    for (std::size_t at = unit_room / run->block_size; at-- > 0;) {
      Block* block = reinterpret_cast<Block*>(blocks + at * run->block_size);
      block->next = first;
      first = block;
    }
  }
  Block* block = first;
  first = block->next;
  return block;
}

void Heap::release(void* block) {
  if (block == nullptr) return;
  Run* run = static_cast<Run*>(const_cast<void*>(header_of(block)));
  if (run->block_size == 0) {
    put_run(run);
    return;
  }
  Block*& first = free_blocks_[class_of(run->block_size)];
  Block* freed = static_cast<Block*>(block);
  freed->next = first;
  first = freed;
}

std::size_t Heap::size_of(const void* block) {
  const Run* run = static_cast<const Run*>(header_of(block));
  return run->block_size != 0 ? run->block_size : run->units * unit_size - sizeof(Run);
}

}  // namespace bao::wasm
