#include "local/expressions/lexer.hpp"

namespace bao::local {

namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}

}  // namespace

Token Lexer::next() {
  while (at_ < source_.size() &&
         (source_[at_] == ' ' || source_[at_] == '\t' || source_[at_] == '\n' || source_[at_] == '\r')) {
    ++at_;
  }
  if (at_ == source_.size()) return {TokenKind::end, "<EOF>", at_};
  const std::size_t start = at_;
  const char first = source_[at_++];
  const auto token = [&](TokenKind kind) { return Token{kind, source_.substr(start, at_ - start), start}; };
  const auto take_word = [&] {
    while (at_ < source_.size() && is_word(source_[at_])) ++at_;
  };

  if (is_letter(first)) {
    take_word();
    return token(TokenKind::identifier);
  }
  if (first == '#' || first == ':') {
    take_word();
    if (at_ == start + 1) return token(TokenKind::unknown);
    return token(first == '#' ? TokenKind::name : TokenKind::value);
  }
  if (is_digit(first)) {
    while (at_ < source_.size() && is_digit(source_[at_])) ++at_;
    return token(TokenKind::number);
  }
  switch (first) {
    case '<':
      if (at_ < source_.size() && (source_[at_] == '>' || source_[at_] == '=')) ++at_;
      return token(TokenKind::symbol);
    case '>':
      if (at_ < source_.size() && source_[at_] == '=') ++at_;
      return token(TokenKind::symbol);
    case '=':
    case '(':
    case ')':
    case '[':
    case ']':
    case ',':
    case '.':
    case '+':
    case '-':
      return token(TokenKind::symbol);
    case '\'':
    case '"': {
      const std::size_t closing = source_.find(first, at_);
      if (closing != std::string_view::npos) at_ = closing + 1;
      return token(TokenKind::unknown);
    }
    default:
      // Keep a multi-byte character in one piece.
      while (at_ < source_.size() && (static_cast<unsigned char>(source_[at_]) & 0xC0) == 0x80) ++at_;
      return token(TokenKind::unknown);
  }
}

bool same_word(std::string_view token, std::string_view upper_case) {
  if (token.size() != upper_case.size()) return false;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const char c = token[i];
    const char upper = (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
    if (upper != upper_case[i]) return false;
  }
  return true;
}

}  // namespace bao::local
