#include "core/value/json_writer.hpp"
#include "local/operations/operations.hpp"

namespace bao::local {

Outcome<std::string> describe_endpoints(Database& database, std::string& /*body*/) {
  std::string out;
  core::JsonWriter writer(out);
  writer.begin_object();
  writer.key("Endpoints");
  writer.begin_array();
  writer.begin_object();
  writer.key("Address");
  writer.string(database.behaviour().endpoint_address);
  writer.key("CachePeriodInMinutes");
  writer.number(1440);
  writer.end_object();
  writer.end_array();
  writer.end_object();
  return out;
}

/// The quotas of an account that asked for none of its own.
Outcome<std::string> describe_limits(Database& /*database*/, std::string& /*body*/) {
  return std::string(R"({"AccountMaxReadCapacityUnits":80000,"AccountMaxWriteCapacityUnits":80000,)"
                     R"("TableMaxReadCapacityUnits":40000,"TableMaxWriteCapacityUnits":40000})");
}

}  // namespace bao::local
