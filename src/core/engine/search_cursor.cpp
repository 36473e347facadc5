#include "core/engine/search_cursor.hpp"

#include <optional>
#include <span>
#include <utility>

#include "core/aws/sha256.hpp"
#include "core/value/base64.hpp"
#include "core/value/concat.hpp"
#include "core/value/integer_text.hpp"

namespace bao::core {

namespace {

constexpr std::size_t fingerprint_size = 16;

// Reads what encode_cursor writes.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::string take(std::size_t size) {
    if (size > text_.size()) return fail();
    std::string taken(text_.substr(0, size));
    text_.remove_prefix(size);
    return taken;
  }
  /// A number, and the character behind it.
  std::uint32_t number(char end) {
    const std::size_t size = text_.find(end);
    const std::optional<std::int64_t> number = integer_from_text(text_.substr(0, size));
    if (size == std::string_view::npos || !number || !std::in_range<std::uint32_t>(*number)) {
      fail();
      return 0;
    }
    text_.remove_prefix(size + 1);
    return static_cast<std::uint32_t>(*number);
  }
  [[nodiscard]] bool more() const { return good_ && !text_.empty(); }
  [[nodiscard]] bool good() const { return good_; }

 private:
  std::string fail() {
    good_ = false;
    return {};
  }

  std::string_view text_;
  bool good_ = true;
};

}  // namespace

std::string fingerprint(std::string_view text) {
  static constexpr std::string_view digits = "0123456789abcdef";
  const Sha256Digest digest = sha256(text);
  std::string print;
  for (const char byte : bytes_of(digest).substr(0, fingerprint_size / 2)) {
    const auto value = static_cast<unsigned char>(byte);
    print += digits[value >> 4U];
    print += digits[value & 15U];
  }
  return print;
}

std::string encode_cursor(const SearchIdentity& identity, const SearchPosition& position) {
  std::string text = concat({identity.scope, identity.query, position.next, ";"});
  for (const BucketPosition& each : position.begun) {
    append(text, {each.bucket, ",", each.last_id.size(), ":", each.last_id});
  }
  std::string encoded = encode_base64(std::as_bytes(std::span(text)));
  // A cursor often travels in a URL.
  for (char& character : encoded) {
    if (character == '+') character = '-';
    if (character == '/') character = '_';
  }
  return encoded;
}

std::optional<DecodedCursor> decode_cursor(std::string_view cursor) {
  std::string encoded(cursor);
  for (char& character : encoded) {
    if (character == '-') character = '+';
    if (character == '_') character = '/';
  }
  const std::optional<Binary> bytes = decode_base64(encoded);
  if (!bytes) return std::nullopt;
  Scanner scanner({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  DecodedCursor decoded;
  decoded.identity.scope = scanner.take(fingerprint_size);
  decoded.identity.query = scanner.take(fingerprint_size);
  decoded.position.next = scanner.number(';');
  while (scanner.more()) {
    BucketPosition& each = decoded.position.begun.emplace_back();
    each.bucket = scanner.number(',');
    each.last_id = scanner.take(scanner.number(':'));
  }
  if (!scanner.good()) return std::nullopt;
  return decoded;
}

}  // namespace bao::core
