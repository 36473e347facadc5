#include "core/value/concat.hpp"

#include "core/value/integer_text.hpp"

namespace bao::core {

TextPiece::TextPiece(const std::string& text) : TextPiece(std::string_view(text)) {}

void TextPiece::append_to(std::string& out) const {
  if (size_ == is_number) {
    append_integer(out, number_);
  } else if ((size_ & is_quoted) != 0) {
    append(out, {"'", excerpt(std::string_view(text_, size_ & ~is_quoted)), "'"});
  } else {
    out.append(text_, size_);
  }
}

std::string excerpt(std::string_view text) {
  constexpr std::size_t size_max = 100;
  std::size_t end = text.size();
  if (end > size_max) {
    end = size_max - 3;
    // Do not cut a UTF-8 sequence in two.
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  }
  std::string result;
  for (const char c : text.substr(0, end)) {
    const auto byte = static_cast<unsigned char>(c);
    result += byte < 0x20 || byte == 0x7F ? '?' : c;
  }
  if (end < text.size()) result += "...";
  return result;
}

TextPiece quoted(std::string_view text) {
  TextPiece piece(text);
  piece.size_ |= TextPiece::is_quoted;
  return piece;
}

void append(std::string& out, std::initializer_list<TextPiece> pieces) {
  for (const TextPiece& piece : pieces) piece.append_to(out);
}

// Not inlined: where errors are made, size counts and time does not.
[[gnu::noinline]] std::string concat(std::initializer_list<TextPiece> pieces) {
  std::string out;
  append(out, pieces);
  return out;
}

}  // namespace bao::core
