#pragma once

#include <string>
#include <string_view>

#include "local/api_error.hpp"
#include "local/store/store.hpp"
#include "local/table.hpp"

// What the engine itself keeps in the store, in space 0, so that a reopened store has the same tables and
// knows the transactions of the last ten minutes:
//   "table/NAME"   definition and figures of a table
//   "token/TOKEN"  fingerprint and end of life of a transaction that had a ClientRequestToken

namespace bao::local {

inline constexpr SpaceId catalogue_space = 0;

[[nodiscard]] std::string table_entry_key(std::string_view table_name);
[[nodiscard]] std::string token_entry_key(std::string_view token);
/// The token of such a key; empty for other keys.
[[nodiscard]] std::string_view token_of_entry_key(std::string_view key);
[[nodiscard]] bool is_table_entry_key(std::string_view key);

/// Everything but the phases: an interrupted change of a table counts as done.
[[nodiscard]] std::string encode_table(const Table& table);
/// InternalServerError where the bytes are not such an entry, or are of a later version.
[[nodiscard]] Outcome<Table> decode_table(std::string_view bytes);

struct FinishedTransaction {
  std::uint64_t fingerprint = 0;  ///< of the request's actions
  std::int64_t expires_at_ms = 0;
};
[[nodiscard]] std::string encode_finished(const FinishedTransaction& finished);
[[nodiscard]] Outcome<FinishedTransaction> decode_finished(std::string_view bytes);

}  // namespace bao::local
