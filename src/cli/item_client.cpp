#include "cli/item_client.hpp"

#include <bao/bao.hpp>
#include <cstdint>
#include <utility>

#include "cli/table_place.hpp"

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
  if (const auto place = place_of(address, to_read); !place) return std::unexpected(place.error());
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
