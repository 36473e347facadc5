#include <utility>

#include "local/operations/describe.hpp"
#include "local/operations/named_request.hpp"
#include "local/operations/operations.hpp"

namespace bao::local {

Outcome<std::string> delete_table(Database& database, std::string& body) {
  NamedRequest request;
  auto table = named_table(database, body, request);
  if (!table) return std::unexpected(std::move(table.error()));
  if ((*table)->deletion_protection) {
    return invalid(
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion "
        "protection first.");
  }
  if (auto done = check_steady(**table); !done) return std::unexpected(std::move(done.error()));
  std::string answer = table_description("TableDescription", **table, Phase::deleting);
  if (auto done = database.remove(**table); !done) return std::unexpected(std::move(done.error()));
  return answer;
}

Outcome<std::string> describe_table(Database& database, std::string& body) {
  NamedRequest request;
  auto table = named_table(database, body, request);
  if (!table) return std::unexpected(std::move(table.error()));
  return table_description("Table", **table);
}

Outcome<std::string> list_tables(Database& database, std::string& body) {
  NamedRequest request;
  if (auto done = request.read(body); !done) return std::unexpected(std::move(done.error()));
  Constraints constraints;
  constraints.new_name(request.exclusive_start, "exclusiveStartTableName");
  constraints.at_least(request.limit, "limit", 1);
  constraints.at_most(request.limit, "limit", 100);
  if (auto done = constraints.result(); !done) return std::unexpected(std::move(done.error()));
  const std::int64_t limit = request.limit.value_or(100);
  const auto& tables = database.tables();
  auto at = request.exclusive_start ? tables.upper_bound(*request.exclusive_start) : tables.begin();
  std::string out;
  core::JsonWriter writer(out);
  writer.begin_object();
  writer.key("TableNames");
  writer.begin_array();
  std::string_view last;
  for (std::int64_t shown = 0; at != tables.end() && shown < limit; ++at, ++shown) {
    last = at->first;
    writer.string(last);
  }
  writer.end_array();
  if (at != tables.end()) {
    writer.key("LastEvaluatedTableName");
    writer.string(last);
  }
  writer.end_object();
  return out;
}

}  // namespace bao::local
