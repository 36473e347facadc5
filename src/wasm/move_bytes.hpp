#pragma once

#include <cstddef>
#include <cstdint>

// What memory.cpp gives the modules as memmove and memset. Here, so that tests run it natively.

namespace bao::wasm {
namespace detail {

using Vector = std::uint8_t __attribute__((vector_size(16)));

// Anywhere in memory, whatever is there.
template <class T>
struct [[gnu::packed, gnu::may_alias]] Unaligned {
  T value;
};

template <class T>
T load(const std::byte* from) {
  return reinterpret_cast<const Unaligned<T>*>(from)->value;
}

template <class T>
void store(std::byte* to, T value) {
  reinterpret_cast<Unaligned<T>*>(to)->value = value;
}

// From one to two times the size of T: the first T and the last, which overlap.
template <class T>
void move_ends(std::byte* to, const std::byte* from, std::size_t size) {
  const T first = load<T>(from);
  const T last = load<T>(from + size - sizeof(T));
  store(to, first);
  store(to + size - sizeof(T), last);
}

}  // namespace detail

/// memmove: the two places may overlap.
inline void move_bytes(std::byte* to, const std::byte* from, std::size_t size) {
  using detail::Vector;
  if (size > sizeof(Vector)) {
    const std::size_t end = size - sizeof(Vector);
    const Vector first = detail::load<Vector>(from);
    const Vector last = detail::load<Vector>(from + end);
    if (reinterpret_cast<std::uintptr_t>(to) - reinterpret_cast<std::uintptr_t>(from) >= size) {
      for (std::size_t at = sizeof(Vector); at < end; at += sizeof(Vector)) {
        detail::store(to + at, detail::load<Vector>(from + at));
      }
    } else {  // `to` is within the source: from its end
      for (std::size_t at = end; at > sizeof(Vector);) {
        at -= sizeof(Vector);
        detail::store(to + at, detail::load<Vector>(from + at));
      }
    }
    detail::store(to, first);
    detail::store(to + end, last);
  } else if (size >= 8) {
    detail::move_ends<std::uint64_t>(to, from, size);
  } else if (size >= 4) {
    detail::move_ends<std::uint32_t>(to, from, size);
  } else if (size >= 2) {
    detail::move_ends<std::uint16_t>(to, from, size);
  } else if (size == 1) {
    *to = *from;
  }
}

inline void fill_bytes(std::byte* to, std::byte value, std::size_t size) {
  std::size_t at = 0;
  const detail::Vector bytes = detail::Vector{} + static_cast<std::uint8_t>(value);
  for (; size - at >= sizeof bytes; at += sizeof bytes) detail::store(to + at, bytes);
  for (; at < size; ++at) to[at] = value;
}

}  // namespace bao::wasm
