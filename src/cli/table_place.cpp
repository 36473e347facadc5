#include "cli/table_place.hpp"

#include <filesystem>
#include <system_error>

#include "cli/item_client.hpp"
#include "native/credentials/environment.hpp"
#include "native/credentials/profile.hpp"
#include "native/http/endpoint.hpp"

namespace bao::cli {

std::expected<TablePlace, std::string> place_of(const TableAddress& address, bool must_exist) {
  using Kind = native::Endpoint::Kind;
  if (address.table.empty()) return std::unexpected("the name of the table must not be empty");
  const std::string text = native::resolve_endpoint(native::process_environment(), address.endpoint);
  if (text.empty()) return TablePlace();
  const Result<native::Endpoint> endpoint = native::parse_endpoint(text);
  if (!endpoint) return std::unexpected(one_line(endpoint.error()));
  if (endpoint->kind == Kind::memory)
    return std::unexpected("the endpoint memory: ends with the command, and keeps no table");
  if (endpoint->kind != Kind::file) return TablePlace();
  std::error_code error;
  if (must_exist && !std::filesystem::exists(endpoint->path, error))
    return std::unexpected(endpoint->path + ": there is no such file");
  return TablePlace{.file = endpoint->path};
}

}  // namespace bao::cli
