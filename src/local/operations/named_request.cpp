#include "local/operations/named_request.hpp"

#include "local/operations/common.hpp"

namespace bao::local {

Outcome<void> NamedRequest::read(std::string& body) {
  RequestReader reader(body);
  const auto read_members = [&] {
    if (!reader.enter_object()) return false;
    std::string_view name;
    while (reader.next_member(name)) {
      bool good = true;
      if (name == "TableName") {
        good = reader.string(table_name);
      } else if (name == "ExclusiveStartTableName") {
        good = reader.string(exclusive_start);
      } else if (name == "Limit") {
        good = reader.integer(limit);
      } else if (name == "TimeToLiveSpecification" && reader.peek() != core::JsonType::null) {
        has_ttl = true;
        good = reader.enter_object();
        while (good && reader.next_member(name)) {
          good = name == "AttributeName" ? reader.string(ttl_attribute)
                 : name == "Enabled"     ? reader.boolean(ttl_enabled)
                                         : reader.skip();
        }
      } else if (name == "ResourceArn") {
        good = reader.string(resource_arn);
      } else if (name == "Tags") {
        good = read_tags(reader, tags);
      } else if (name == "TagKeys") {
        good = reader.strings(tag_keys);
      } else {
        good = reader.skip();
      }
      if (!good) return false;
    }
    return reader.finish();
  };
  if (!read_members()) return std::unexpected(reader.take_error());
  return {};
}

Outcome<Table*> named_table(Database& database, std::string& body, NamedRequest& request) {
  if (auto done = request.read(body); !done) return std::unexpected(std::move(done.error()));
  Constraints constraints;
  constraints.require(request.table_name.has_value(), "tableName");
  if (request.table_name) constraints.name(table_of_arn(*request.table_name), "tableName");
  if (auto done = constraints.result(); !done) return std::unexpected(std::move(done.error()));
  if (auto done = check_table_name(*request.table_name); !done)
    return std::unexpected(std::move(done.error()));
  const std::string_view name = table_of_arn(*request.table_name);
  if (Table* table = database.find(name)) return table;
  return std::unexpected(
      resource_not_found("Requested resource not found: Table: " + std::string(name) + " not found"));
}

Outcome<void> check_steady(const Table& table) {
  std::string_view change;
  switch (table.phase) {
    case Phase::steady:
      return {};
    case Phase::creating:
      change = "created";
      break;
    case Phase::updating:
      change = "updated";
      break;
    case Phase::deleting:
      change = "deleted";
      break;
  }
  return std::unexpected(
      resource_in_use("Attempt to change a resource which is still in use: Table is being " +
                      std::string(change) + ": " + table.name));
}

std::string_view status_name(Phase phase) {
  switch (phase) {
    case Phase::steady:
      return "ACTIVE";
    case Phase::creating:
      return "CREATING";
    case Phase::updating:
      return "UPDATING";
    case Phase::deleting:
      return "DELETING";
  }
  return "";
}

}  // namespace bao::local
