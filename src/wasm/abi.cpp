#include "wasm/abi.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "core/keys/custom_keys.hpp"
#include "core/value/concat.hpp"
#include "core/value/number.hpp"
#include "wasm/client.hpp"

namespace bao::wasm {

namespace {

/// Random bits of the host, a block at a time.
class HostRandom final : public core::RandomSource {
 public:
  std::uint64_t next() override {
    if (left_ == 0) {
      bao_host_random(block_, sizeof block_);
      left_ = std::size(block_);
    }
    return block_[--left_];
  }

 private:
  std::uint64_t block_[64] = {};
  std::size_t left_ = 0;
};

// Made when first needed, so that nothing runs at instantiation; never freed: it lives as long as the module.
HostRandom& host_random() {
  static HostRandom* const made = new HostRandom();
  return *made;
}

class HostFolding final : public core::TextFolding {
 public:
  std::string fold(std::string text, bool lower) override {
    const auto size = static_cast<std::uint32_t>(text.size());
    // The longest growth is that of two bytes (U+0130) to three.
    text.resize(std::size_t{2} * size);
    text.resize(bao_host_fold(text.data(), size, 2 * size, lower ? 1 : 0));
    return text;
  }
};

HostFolding& host_folding() {
  static HostFolding* const made = new HostFolding();
  return *made;
}

class HostKeys final : public core::CustomKeys {
 public:
  Result<std::string> key_text(const core::Model& model, std::uint32_t field, ValueKind kind,
                               std::string_view value) override {
    // A longer text is no key, and is seen to be too long.
    constexpr std::size_t room = 4096;
    std::string text(value);
    const auto size = static_cast<std::uint32_t>(text.size());
    text.resize(std::max(text.size(), room));
    const std::uint32_t kind_number = kind == ValueKind::string ? 0 : kind == ValueKind::number ? 1 : 2;
    const std::uint32_t made =
        bao_host_custom_key(model.field(field).custom_key, model.number(), field, kind_number, text.data(),
                            size, static_cast<std::uint32_t>(text.size()));
    if (made >= bao_custom_key_threw) {
      return std::unexpected(
          Error(ErrorCode::validation, core::concat({"custom field error ", made - bao_custom_key_threw})));
    }
    text.resize(made);
    return text;
  }
};

HostKeys& host_keys() {
  static HostKeys* const made = new HostKeys();
  return *made;
}

std::uint32_t give_result(Result<std::string> result) {
  if (result) {
    give_and_keep(std::move(*result));
    return 1;
  }
  std::string text;
  ResultWriter::write(text, result.error());
  give_and_keep(std::move(text));
  return 0;
}

void tick(Client& client, double wall_ms, double steady_ms) {
  client.set_time(
      {.wall_ms = static_cast<std::int64_t>(wall_ms), .steady_ms = static_cast<std::int64_t>(steady_ms)});
}

core::RequestId request_of(double number) {
  return core::RequestId{Client::id_of(number)};
}

Result<core::Credentials> credentials_of(std::string json) {
  const auto given = parse_json(json);
  if (!given) return std::unexpected(Error(ErrorCode::configuration, given.error()));
  if (const JsonNode* const error = given->value("error")) {
    return std::unexpected(Error(ErrorCode::configuration, std::string(error->text)));
  }
  core::Credentials credentials{.access_key_id = std::string(given->string("accessKeyId")),
                                .secret_access_key = std::string(given->string("secretAccessKey")),
                                .session_token = std::string(given->string("sessionToken")),
                                .expires_at_ms = std::nullopt};
  if (const JsonNode* const expiration = given->value("expiration")) {
    const std::optional<double> ms = core::number_to_double(expiration->text);
    if (ms) credentials.expires_at_ms = static_cast<std::int64_t>(*ms);
  }
  return credentials;
}

Place place_of(std::uint32_t scope, std::uint32_t loader, std::uint32_t flags, std::uint32_t tenant_size) {
  constexpr std::uint32_t closed_flag = 4;
  return {.scope = scope,
          .closed = (flags & closed_flag) != 0,
          .loader = loader,
          .tenant = taken(0, tenant_size)};
}

}  // namespace

}  // namespace bao::wasm

using bao::wasm::Client;
namespace wasm = bao::wasm;
namespace core = bao::core;

Client* bao_client_new(std::uint32_t size) {
  std::string json = wasm::taken(0, size);
  const auto settings = wasm::parse_json(json);
  if (settings) {
    wasm::ClientSettings read = wasm::read_settings(*settings);
    read.engine.folding = &wasm::host_folding();
    read.custom_keys = &wasm::host_keys();
    return new Client(std::move(read), wasm::host_random());
  }
  wasm::give_and_keep(settings.error());
  return nullptr;
}

void bao_client_delete(Client* client) {
  delete client;
}

std::uint32_t bao_register(Client* client, std::uint32_t size) {
  return wasm::give_result(client->register_models(wasm::taken(0, size)));
}

std::uint32_t bao_primary_id(Client* client, std::uint32_t model, std::uint32_t size) {
  return wasm::give_result(client->primary_id(model, wasm::taken(0, size)));
}

std::uint32_t bao_key_text(Client* client, std::uint32_t model, std::uint32_t field, std::uint32_t size) {
  return wasm::give_result(client->type_key_text(model, field, wasm::taken(0, size)));
}

std::uint32_t bao_search_terms(Client* client, std::uint32_t model, std::uint32_t kind, std::uint32_t size) {
  return wasm::give_result(client->search_terms(model, kind == 1, wasm::taken(0, size)));
}

void bao_find(Client* client, std::uint32_t call, std::uint32_t model, std::uint32_t scope,
              std::uint32_t loader, std::uint32_t flags, double delay_ms, std::uint32_t tenant_size,
              std::uint32_t size, double wall_ms, double steady_ms) {
  wasm::tick(*client, wall_ms, steady_ms);
  core::FindOptions options;
  if (delay_ms >= 0) options.batch_delay_ms = static_cast<std::int64_t>(delay_ms);
  options.bypass_cache = (flags & 1U) != 0;
  options.consistent = (flags & 2U) != 0;
  client->start_find(call, model, wasm::taken(tenant_size, size - tenant_size), std::move(options),
                     wasm::place_of(scope, loader, flags, tenant_size));
}

void bao_start(Client* client, std::uint32_t call, std::uint32_t kind, std::uint32_t model,
               std::uint32_t scope, std::uint32_t loader, std::uint32_t flags, std::uint32_t tenant_size,
               std::uint32_t size, double wall_ms, double steady_ms) {
  wasm::tick(*client, wall_ms, steady_ms);
  client->start(call, static_cast<wasm::CallKind>(kind), model,
                wasm::place_of(scope, loader, flags, tenant_size),
                wasm::taken(tenant_size, size - tenant_size));
}

void bao_cancel(Client* client, std::uint32_t call) {
  client->cancel(call);
}

void bao_abandon(Client* client, std::uint32_t call) {
  client->abandon(call);
}

void bao_sweep(Client* client, double grace_ms, double wall_ms, double steady_ms) {
  wasm::tick(*client, wall_ms, steady_ms);
  client->sweep(static_cast<std::int64_t>(grace_ms));
}

void bao_scope_close(Client* client, std::uint32_t scope) {
  client->close_scope(scope);
}

void bao_loader_close(Client* client, std::uint32_t loader) {
  client->close_loader(loader);
}

double bao_scope_read(Client* client, std::uint32_t scope) {
  return client->scope_capacity(scope).read;
}

double bao_scope_write(Client* client, std::uint32_t scope) {
  return client->scope_capacity(scope).write;
}

void bao_response(Client* client, double request, std::uint32_t status, double crc32, std::uint32_t body_size,
                  std::uint32_t request_id_size, std::uint32_t date_size, double wall_ms, double steady_ms) {
  wasm::tick(*client, wall_ms, steady_ms);
  core::HttpResponse response;
  response.status = static_cast<int>(status);
  response.body = wasm::taken(0, body_size);
  response.request_id = wasm::taken(body_size, request_id_size);
  response.date = wasm::taken(body_size + request_id_size, date_size);
  if (crc32 >= 0) response.crc32 = static_cast<std::uint32_t>(crc32);
  client->engine().on_response(wasm::request_of(request), std::move(response));
}

void bao_transport_error(Client* client, double request, std::uint32_t kind, std::uint32_t size,
                         double wall_ms, double steady_ms) {
  wasm::tick(*client, wall_ms, steady_ms);
  client->engine().on_transport_error(
      wasm::request_of(request),
      {.kind = static_cast<core::TransportError::Kind>(kind), .message = wasm::taken(0, size)});
}

void bao_timer(Client* client, double timer, double wall_ms, double steady_ms) {
  wasm::tick(*client, wall_ms, steady_ms);
  client->engine().on_timer(core::TimerId{Client::id_of(timer)});
}

void bao_turn_over(Client* client, double turn, double wall_ms, double steady_ms) {
  wasm::tick(*client, wall_ms, steady_ms);
  client->engine().on_turn_over(core::TurnId{static_cast<std::uint64_t>(turn)});
}

void bao_credentials(Client* client, std::uint32_t size, double wall_ms, double steady_ms) {
  wasm::tick(*client, wall_ms, steady_ms);
  client->engine().on_credentials(wasm::credentials_of(wasm::taken(0, size)));
}

std::uint32_t bao_poll(Client* client, double wall_ms, double steady_ms) {
  wasm::tick(*client, wall_ms, steady_ms);
  const std::string& actions = client->poll();
  wasm::give(actions);
  return static_cast<std::uint32_t>(actions.size());
}
