#pragma once

namespace bao::core {

/// Past JSON's white space. The text ends in a NUL byte, which stops it.
template <class Char>
[[nodiscard]] inline Char* skip_space(Char* position) {
  while (static_cast<unsigned char>(*position) <= 0x20U &&
         (*position == ' ' || *position == '\n' || *position == '\r' || *position == '\t')) {
    ++position;
  }
  return position;
}

}  // namespace bao::core
