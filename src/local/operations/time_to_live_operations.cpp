#include <utility>

#include "local/operations/named_request.hpp"
#include "local/operations/operations.hpp"

namespace bao::local {

Outcome<std::string> update_time_to_live(Database& database, std::string& body) {
  NamedRequest request;
  auto table = named_table(database, body, request);
  if (!table) return std::unexpected(std::move(table.error()));
  Constraints constraints;
  constraints.require(request.has_ttl, "timeToLiveSpecification");
  if (request.has_ttl) {
    constraints.require(request.ttl_attribute.has_value(), "timeToLiveSpecification.attributeName");
    constraints.require(request.ttl_enabled.has_value(), "timeToLiveSpecification.enabled");
  }
  if (auto done = constraints.result(); !done) return std::unexpected(std::move(done.error()));
  if (request.ttl_attribute->empty())
    return invalid("TimeToLiveSpecification.AttributeName must be non empty");
  const std::optional<std::string>& current = (*table)->ttl_attribute;
  Table changed = **table;
  if (*request.ttl_enabled) {
    if (current == *request.ttl_attribute) return invalid("TimeToLive is already enabled");
    if (current)
      return invalid("TimeToLive is active on a different AttributeName: current AttributeName is " +
                     *current);
    changed.ttl_attribute = std::string(*request.ttl_attribute);
  } else {
    if (!current) return invalid("TimeToLive is already disabled");
    if (*current != *request.ttl_attribute) {
      return invalid("TimeToLive is active on a different AttributeName: current AttributeName is " +
                     *current);
    }
    changed.ttl_attribute.reset();
  }
  WriteBatch batch;
  if (auto done = database.commit_definition(batch, changed); !done) {
    return std::unexpected(std::move(done.error()));
  }
  (*table)->ttl_attribute = std::move(changed.ttl_attribute);
  std::string out;
  core::JsonWriter writer(out);
  writer.begin_object();
  writer.key("TimeToLiveSpecification");
  writer.begin_object();
  writer.key("Enabled");
  writer.boolean(*request.ttl_enabled);
  writer.key("AttributeName");
  writer.string(*request.ttl_attribute);
  writer.end_object();
  writer.end_object();
  return out;
}

Outcome<std::string> describe_time_to_live(Database& database, std::string& body) {
  NamedRequest request;
  auto table = named_table(database, body, request);
  if (!table) return std::unexpected(std::move(table.error()));
  std::string out;
  core::JsonWriter writer(out);
  writer.begin_object();
  writer.key("TimeToLiveDescription");
  writer.begin_object();
  writer.key("TimeToLiveStatus");
  writer.string((*table)->ttl_attribute ? "ENABLED" : "DISABLED");
  if ((*table)->ttl_attribute) {
    writer.key("AttributeName");
    writer.string(*(*table)->ttl_attribute);
  }
  writer.end_object();
  writer.end_object();
  return out;
}

}  // namespace bao::local
