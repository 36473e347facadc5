#include "core/value/concat.hpp"

#include "core/value/integer_text.hpp"

namespace bao::core {

TextPiece::TextPiece(const std::string& text) : TextPiece(std::string_view(text)) {}

void TextPiece::append_to(std::string& out) const {
  if (size_ == is_number) {
    append_integer(out, number_);
  } else {
    out.append(text_, size_);
  }
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
