#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bao::local {

enum class TokenKind : std::uint8_t {
  identifier,  ///< a name, a keyword or a function
  name,        ///< #placeholder
  value,       ///< :placeholder
  number,
  symbol,  ///< = <> < <= > >= ( ) [ ] , . + -
  unknown,
  end,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;
  std::size_t offset = 0;
};

/// Cuts an expression into tokens, one at a time.
class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}
  [[nodiscard]] Token next();

 private:
  std::string_view source_;
  std::size_t at_ = 0;
};

/// Keywords and reserved words know no case.
[[nodiscard]] bool same_word(std::string_view token, std::string_view upper_case);
/// Whether DynamoDB forbids the bare word as an attribute name (Developer Guide, "Reserved words").
[[nodiscard]] bool is_reserved(std::string_view word);

}  // namespace bao::local
