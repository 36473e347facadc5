#pragma once

#include <cstdint>

#include "wasm/abi.hpp"

// What `bao-local` uses of the module with the embedded engine (npm/src/tools/local_engine.ts is the other
// side): one DynamoDB in memory, made at the first request. It shares nothing with the clients of abi.hpp.

namespace bao::wasm {
struct LocalOutput;
}

extern "C" {

/// Room for `size` bytes of input. The address holds until the next call of any function here.
char* BAO_EXPORT(bao_local_input)(std::uint32_t size);
/// Two 32-bit numbers, at an address that never changes: where the last answer's body begins, and its size in
/// bytes.
const bao::wasm::LocalOutput* BAO_EXPORT(bao_local_output)();
/// Answers one request: the input is the operation's name ("GetItem", `operation_size` bytes) and then the
/// body. Gives the HTTP status. `wall_ms`: since the epoch.
std::uint32_t BAO_EXPORT(bao_local_answer)(std::uint32_t operation_size, double wall_ms);
/// Deletes items whose time to live is over, looking at `items_max` at most; to be called now and then.
void BAO_EXPORT(bao_local_sweep)(std::uint32_t items_max, double wall_ms);
}
