#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace bao::core {

/// A part of what concat() puts together: text, which it does not own, or an integer, in decimal.
class TextPiece {
 public:
  TextPiece(const char* text) : TextPiece(std::string_view(text)) {}
  TextPiece(std::string_view text) : text_(text.data()), size_(text.size()) {}
  TextPiece(const std::string& text);
  template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>)
  TextPiece(T number) : number_(static_cast<std::int64_t>(number)), size_(is_number) {}

  void append_to(std::string& out) const;

 private:
  static constexpr std::size_t is_number = SIZE_MAX;

  union {
    const char* text_;
    std::int64_t number_;
  };
  std::size_t size_;
};

/// `out` with the pieces behind it.
void append(std::string& out, std::initializer_list<TextPiece> pieces);

/// The pieces as one text. A chain of operator+ makes, moves and destroys a string at each step, all of it
/// inlined: code that WebAssembly modules need not have for their messages.
[[nodiscard]] std::string concat(std::initializer_list<TextPiece> pieces);

}  // namespace bao::core
