#pragma once

#include <string>
#include <vector>

#include "core/engine/batch_write.hpp"
#include "core/engine/find.hpp"
#include "core/engine/iterate.hpp"
#include "core/engine/scan.hpp"
#include "core/engine/search.hpp"
#include "core/engine/transact.hpp"
#include "core/engine/write.hpp"
#include "wasm/results.hpp"

namespace bao::wasm {

// The core's operations with their results in the form that ResultWriter takes.

[[nodiscard]] core::Task<Result<FoundRow>> find_one(core::Call& call, const core::Model& model,
                                                    core::KeyTexts key, std::string id,
                                                    core::FindOptions options);
[[nodiscard]] core::Task<Result<FoundRow>> find_by_value(core::Call& call, const core::Model& model,
                                                         std::string constraint, Value value,
                                                         core::FindOptions options);
[[nodiscard]] core::Task<Result<FoundRows>> find_many(core::Call& call, const core::Model& model,
                                                      std::vector<std::string> ids,
                                                      core::FindOptions options);
/// `with_entry`: the face keeps an instance of what was written.
[[nodiscard]] core::Task<Result<FoundRow>> written_row(core::Task<Result<core::Written>> write,
                                                       std::string id, bool with_entry);
/// Of a scan's options those that a count has.
[[nodiscard]] core::Task<Result<core::Page>> count_items(core::Call& call, const core::Model& model,
                                                         core::ScanOptions options);
[[nodiscard]] core::Task<Result<FoundRows>> iterate_rows(core::Call& call, const core::Model& model,
                                                         core::IterateOptions options,
                                                         core::IterationPosition from);
[[nodiscard]] core::Task<Result<FoundRows>> batch_write_rows(core::Call& call, const core::Model& model,
                                                             core::BatchWrite writes);

[[nodiscard]] core::Task<Result<FoundRows>> search_rows(core::Call& call, const core::Model& model,
                                                        std::vector<std::string> terms,
                                                        core::SearchOptions options);
/// A row for each action, each of its own model.
[[nodiscard]] core::Task<Result<FoundRows>> transact_rows(core::Call& call,
                                                          std::vector<core::TransactAction> actions);

}  // namespace bao::wasm
