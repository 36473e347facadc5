#pragma once

#include <cstdint>

#include "wasm/texts.hpp"

// The whole boundary between the core's WebAssembly module and JavaScript (npm/src/bridge/module.ts is its
// other side); texts.hpp says how texts cross it.
//
// Times are milliseconds, `wall_ms` since the epoch, `steady_ms` from any fixed point; each function that
// starts or continues work takes both. Numbers of calls, scopes and loaders are the caller's choice (not 0);
// scopes and loaders come into being when first named. Ids of requests, timers and turns are the module's,
// whole numbers below 2^53.
//
// The module reads no clock and opens nothing. Its imports are bao.random, asked only while an operation
// runs, bao.fold, for what it would need Unicode's tables for, and bao.custom_key, for key texts that are
// made by code of the user's.

namespace bao::wasm {
class Client;
}  // namespace bao::wasm

extern "C" {

/// Fills `size` bytes at `bytes` with unpredictable ones. Supplied by the host.
BAO_IMPORT(random) void bao_host_random(void* bytes, std::uint32_t size);

/// What core::TextFolding says, in place: `size` bytes of UTF-8 at `text` in a buffer of `capacity`, which is
/// enough. Gives the new size. Supplied by the host.
BAO_IMPORT(fold)
std::uint32_t bao_host_fold(char* text, std::uint32_t size, std::uint32_t capacity, std::uint32_t lower);

/// core::CustomKeys::key_text, in place: `size` bytes at `text` in a buffer of `capacity`. `kind`: 0 a
/// string, 1 a number, 2 a boolean. Gives the new size, at most `capacity`; or what bao_custom_key_threw adds
/// to the number of an error, whose message is then "custom field error NUMBER" and which the host has kept.
/// May call bao_key_text. Supplied by the host.
BAO_IMPORT(custom_key)
std::uint32_t bao_host_custom_key(std::uint32_t custom_key, std::uint32_t model, std::uint32_t field,
                                  std::uint32_t kind, char* text, std::uint32_t size, std::uint32_t capacity);
inline constexpr std::uint32_t bao_custom_key_threw = 0x80000000U;

/// Settings as JSON (client.hpp, read_settings). Null, and a sentence as output, where they are not JSON.
bao::wasm::Client* BAO_EXPORT(bao_client_new)(std::uint32_t size);
/// Everything of the client ends; nothing of it is told.
void BAO_EXPORT(bao_client_delete)(bao::wasm::Client* client);

/// Models, name -> definition, as JSON in the shape of the YAML's `models:`. 1: the output is {name: number};
/// 0: it is an error.
std::uint32_t BAO_EXPORT(bao_register)(bao::wasm::Client* client, std::uint32_t size);
/// The primary id of a key `{partition, sort}`. 1: the output is the id; 0: it is an error.
std::uint32_t BAO_EXPORT(bao_primary_id)(bao::wasm::Client* client, std::uint32_t model, std::uint32_t size);

/// core::type_key_text of a value, given as tagged JSON. 1: the output is the text; 0: it is an error.
std::uint32_t BAO_EXPORT(bao_key_text)(bao::wasm::Client* client, std::uint32_t model, std::uint32_t field,
                                       std::uint32_t size);

/// A query's terms (`kind` 0) as a JSON array, or a term as it is searched for (1). The input is the query or
/// the term; ErrorCode::configuration for a term of a model that is not searchable. 1: that; 0: an error.
std::uint32_t BAO_EXPORT(bao_search_terms)(bao::wasm::Client* client, std::uint32_t model, std::uint32_t kind,
                                           std::uint32_t size);

/// Starts a find by id. The input is the tenant (`tenant_size` bytes, 0: none) followed by the id.
/// `flags`: 1 bypass the cache, 2 consistent, 4 the scope is closed. `delay_ms` below 0: until the turn is
/// over.
void BAO_EXPORT(bao_find)(bao::wasm::Client* client, std::uint32_t call, std::uint32_t model,
                          std::uint32_t scope, std::uint32_t loader, std::uint32_t flags, double delay_ms,
                          std::uint32_t tenant_size, std::uint32_t size, double wall_ms, double steady_ms);
/// Starts a call of another kind (client.hpp, CallKind). The input is the tenant followed by the arguments as
/// JSON. `flags`: 4 the scope is closed.
void BAO_EXPORT(bao_start)(bao::wasm::Client* client, std::uint32_t call, std::uint32_t kind,
                           std::uint32_t model, std::uint32_t scope, std::uint32_t loader,
                           std::uint32_t flags, std::uint32_t tenant_size, std::uint32_t size, double wall_ms,
                           double steady_ms);
/// The caller asked to stop: the call ends soon.
void BAO_EXPORT(bao_cancel)(bao::wasm::Client* client, std::uint32_t call);
/// The caller is gone: nothing more is told of the call.
void BAO_EXPORT(bao_abandon)(bao::wasm::Client* client, std::uint32_t call);
/// Gives up whatever should have ended `grace_ms` ago: its events will not come.
void BAO_EXPORT(bao_sweep)(bao::wasm::Client* client, double grace_ms, double wall_ms, double steady_ms);

void BAO_EXPORT(bao_scope_close)(bao::wasm::Client* client, std::uint32_t scope);
void BAO_EXPORT(bao_loader_close)(bao::wasm::Client* client, std::uint32_t loader);
/// What a scope consumed; 0 where nothing was done in it.
double BAO_EXPORT(bao_scope_read)(bao::wasm::Client* client, std::uint32_t scope);
double BAO_EXPORT(bao_scope_write)(bao::wasm::Client* client, std::uint32_t scope);

/// An answer. The input is the body, then `request_id_size` bytes of x-amzn-RequestId and `date_size` of
/// Date. `crc32` below 0: none.
void BAO_EXPORT(bao_response)(bao::wasm::Client* client, double request, std::uint32_t status, double crc32,
                              std::uint32_t body_size, std::uint32_t request_id_size, std::uint32_t date_size,
                              double wall_ms, double steady_ms);
/// No answer: `kind` 0 not sent, 1 lost, 2 timed out; the input says why.
void BAO_EXPORT(bao_transport_error)(bao::wasm::Client* client, double request, std::uint32_t kind,
                                     std::uint32_t size, double wall_ms, double steady_ms);
void BAO_EXPORT(bao_timer)(bao::wasm::Client* client, double timer, double wall_ms, double steady_ms);
void BAO_EXPORT(bao_turn_over)(bao::wasm::Client* client, double turn, double wall_ms, double steady_ms);
/// `{accessKeyId, secretAccessKey, sessionToken, expiration}`, or `{error}`: a sentence.
void BAO_EXPORT(bao_credentials)(bao::wasm::Client* client, std::uint32_t size, double wall_ms,
                                 double steady_ms);

/// Does what can be done. The result is the size of the output: a JSON array of actions
/// (npm/src/bridge/actions.ts); 0: nothing is to be done. To be called after whatever starts or continues
/// work.
std::uint32_t BAO_EXPORT(bao_poll)(bao::wasm::Client* client, double wall_ms, double steady_ms);
}
