#pragma once

#include <optional>
#include <string>
#include <vector>

#include <bao/error.hpp>

#include "core/engine/batch_write.hpp"
#include "core/engine/iterate.hpp"
#include "core/engine/query.hpp"
#include "core/engine/scan.hpp"
#include "core/engine/search.hpp"
#include "core/engine/transact.hpp"
#include "core/engine/write.hpp"
#include "core/keys/row_keys.hpp"
#include "wasm/json_tree.hpp"

namespace bao::wasm {

// The parts of a call's arguments, as npm/src/bridge/contract.ts describes them.

/// `{id}` or `{partition, sort}`. ErrorCode::validation where neither can be a key of this model's.
[[nodiscard]] Result<core::KeyTexts> read_key(const core::Model& model, const JsonNode* key);

/// The key of an item to change: an id that cannot be this model's names no item.
[[nodiscard]] Result<core::KeyTexts> read_existing_key(const core::Model& model, const JsonNode* key,
                                                       const char* operation);

/// Values by field name, tagged; ErrorCode::validation for an unknown field.
[[nodiscard]] Result<std::vector<core::Change>> read_changes(const core::Model& model,
                                                             const JsonNode* values);

/// `{condition, forceReindex}`
[[nodiscard]] Result<core::WriteOptions> read_write_options(const core::Model& model,
                                                            const JsonNode* options);

/// QueryOptions of the contract.
[[nodiscard]] Result<core::QueryOptions> read_query_options(const core::Model& model,
                                                            const JsonNode* options);
/// Also of a count: the same names.
[[nodiscard]] Result<core::ScanOptions> read_scan_options(const core::Model& model, const JsonNode* options);
[[nodiscard]] Result<core::IterateOptions> read_iterate_options(const core::Model& model,
                                                                const JsonNode* options);
/// `{bucket, startKey, ended}`; the start where it is null.
[[nodiscard]] core::IterationPosition read_position(const JsonNode* position);
/// `{put: [values...], delete: [key...]}`. An id that cannot be one of this model's is left out: there is
/// nothing to delete.
[[nodiscard]] Result<core::BatchWrite> read_batch_write(const core::Model& model, const JsonNode& args);

/// SearchOptions of the contract; a limit of null is none.
[[nodiscard]] Result<core::SearchOptions> read_search_options(const core::Model& model,
                                                              const JsonNode* options);
/// A list of terms, or the query that holds them.
[[nodiscard]] std::vector<std::string> read_terms(const JsonNode* terms);

/// `{actions: [{kind: "create" | "update" | "delete" | "check", model: number, key, values, base, options}]}`
[[nodiscard]] Result<std::vector<core::TransactAction>> read_actions(const core::Schema& schema,
                                                                     const JsonNode& args);

/// The value of an index's partition key field.
[[nodiscard]] Value read_partition(const core::Model& model, std::string_view index, const JsonNode* value);

}  // namespace bao::wasm
