#pragma once

#include <cstdint>

#include "wasm/texts.hpp"

// The boundary between the embedded engine's own WebAssembly module and JavaScript
// (npm/src/bridge/embedded_engine.ts is its other side). It is a module of its own because a Worker that
// talks to DynamoDB must not pay for it. Times are milliseconds since the epoch. Nothing is imported.

namespace bao::wasm {
class EmbeddedEngine;
}  // namespace bao::wasm

extern "C" {

/// A DynamoDB with no tables.
bao::wasm::EmbeddedEngine* BAO_EXPORT(bao_engine_new)();
void BAO_EXPORT(bao_engine_delete)(bao::wasm::EmbeddedEngine* engine);
/// Makes the table that models need; its name is the input. `search_index` 1: with iter_search_index. 1: it
/// is there; 0: the output says why not.
std::uint32_t BAO_EXPORT(bao_engine_make_table)(bao::wasm::EmbeddedEngine* engine, std::uint32_t size,
                                                std::uint32_t search_index, double wall_ms);
/// Answers one request: the input is the operation ("GetItem"), then the body. The result is the HTTP status,
/// the output the answer's body.
std::uint32_t BAO_EXPORT(bao_engine_handle)(bao::wasm::EmbeddedEngine* engine, std::uint32_t operation_size,
                                            std::uint32_t size, double wall_ms);
/// Deletes items whose time to live is over, looking at `items_max` at most; to be called now and then.
void BAO_EXPORT(bao_engine_sweep)(bao::wasm::EmbeddedEngine* engine, std::uint32_t items_max, double wall_ms);
}
