#include "local/operations/common.hpp"

#include "local/expressions/evaluate.hpp"
#include "local/item/json_codec.hpp"

namespace bao::local {

Outcome<void> read_request(std::string& body, ItemRequest& request) {
  RequestReader reader(body);
  if (!reader.enter_object() || !request.read_members(reader) || !reader.finish()) {
    return std::unexpected(reader.take_error());
  }
  return {};
}

void common_constraints(Constraints& constraints, const ItemRequest& request) {
  constraints.one_of(request.return_consumed_capacity, "returnConsumedCapacity",
                     {"INDEXES", "TOTAL", "NONE"});
  constraints.require(request.table_name.has_value(), "tableName");
  if (request.table_name) constraints.name(table_of_arn(*request.table_name), "tableName");
}

Outcome<void> check_table_name(std::string_view name) {
  const std::string_view table = table_of_arn(name);
  if (table.size() >= 3 && table.size() <= 255) return {};
  return invalid("TableName must be at least 3 characters long and at most 255 characters long");
}

Encoded projected_item(Encoded item, const ProjectionExpression* projection, std::string& part) {
  if (!projection) return item;
  part.clear();
  append_projected(part, item, projection->ast, projection->paths);
  return Encoded::of(part);
}

void write_projected_item(core::JsonWriter& writer, Encoded item, const ProjectionExpression* projection) {
  std::string part;
  write_item(writer, projected_item(item, projection, part));
}

}  // namespace bao::local
