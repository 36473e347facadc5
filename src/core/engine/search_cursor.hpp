#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bao::core {

/// How far the search of one bucket has come.
struct BucketPosition {
  std::uint32_t bucket = 0;
  std::string last_id;  ///< of the last text examined; empty: none yet
};

/// Where a search goes on.
struct SearchPosition {
  std::vector<BucketPosition> begun;  ///< begun and not ended, in the order of their numbers
  std::uint32_t next = 0;             ///< the first bucket that has not been begun
};

/// What a cursor is tied to. Fingerprints of texts of any length: see fingerprint().
struct SearchIdentity {
  std::string scope;  ///< model, bucket and tenant
  std::string query;  ///< terms, operator, filter and the model's search options
};

/// 16 hexadecimal digits of the text's SHA-256.
[[nodiscard]] std::string fingerprint(std::string_view text);

[[nodiscard]] std::string encode_cursor(const SearchIdentity& identity, const SearchPosition& position);

struct DecodedCursor {
  SearchIdentity identity;
  SearchPosition position;
};
/// Nothing where the text is no cursor.
[[nodiscard]] std::optional<DecodedCursor> decode_cursor(std::string_view cursor);

}  // namespace bao::core
