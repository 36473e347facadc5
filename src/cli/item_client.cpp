#include "cli/item_client.hpp"

#include <bao/bao.hpp>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

#include "native/credentials/environment.hpp"
#include "native/credentials/profile.hpp"
#include "native/http/endpoint.hpp"

namespace bao::cli {
namespace {

// Of one page or one batch: a table that is short of capacity needs minutes for it.
constexpr std::int64_t call_ms = 10LL * 60 * 1000;
// Of one attempt: 16 MB over a slow line.
constexpr std::int64_t attempt_ms = 60'000;
constexpr int attempts_max = 30;

}  // namespace

std::expected<Client, std::string> connect(const TableAddress& address, bool to_read,
                                           std::vector<ModelDefinition> definitions) {
  // To the library no name is the default table's.
  if (address.table.empty()) return std::unexpected("the name of the table must not be empty");
  const std::string text = native::resolve_endpoint(native::process_environment(), address.endpoint);
  if (!text.empty()) {
    const Result<native::Endpoint> endpoint = native::parse_endpoint(text);
    if (!endpoint) return std::unexpected(one_line(endpoint.error()));
    if (endpoint->kind == native::Endpoint::Kind::memory)
      return std::unexpected("the endpoint memory: holds no items, and keeps none");
    std::error_code error;
    if (to_read && endpoint->kind == native::Endpoint::Kind::file &&
        !std::filesystem::exists(endpoint->path, error)) {
      return std::unexpected(endpoint->path + ": there is no such file");
    }
  }
  Config config{.definitions = std::move(definitions),
                .aws = {.region = address.region, .endpoint = address.endpoint},
                .db = {.table_name = address.table, .create_table = !to_read},
                .tenancy = {.enabled = false},
                .timeouts = {.call_ms = call_ms, .attempt_ms = attempt_ms},
                .retry = {.max_attempts = attempts_max}};
  Result<Client> client = try_init_models(std::move(config));
  if (!client) return std::unexpected(one_line(client.error()));
  return std::move(*client);
}

std::string one_line(const Error& error) {
  const std::string& service = error.details().service_text;
  return service.empty() ? error.message() : error.message() + ": " + service;
}

}  // namespace bao::cli
