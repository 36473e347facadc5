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
  friend TextPiece quoted(std::string_view text);

  // In place of a size: of what is no text, and with that of a text which is to be quoted.
  static constexpr std::size_t is_number = SIZE_MAX;
  static constexpr std::size_t is_quoted = ~(SIZE_MAX >> 1U);

  union {
    const char* text_;
    std::int64_t number_;
  };
  std::size_t size_;
};

/// At most 100 bytes of the text, control characters shown as '?': safe in a one-line message.
[[nodiscard]] std::string excerpt(std::string_view text);

/// The excerpt between single quotes.
[[nodiscard]] TextPiece quoted(std::string_view text);

/// `out` with the pieces behind it.
void append(std::string& out, std::initializer_list<TextPiece> pieces);

/// The pieces as one text. A chain of operator+ makes, moves and destroys a string at each step, all of it
/// inlined: code that WebAssembly modules need not have for their messages.
[[nodiscard]] std::string concat(std::initializer_list<TextPiece> pieces);

}  // namespace bao::core
