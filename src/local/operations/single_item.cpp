#include "local/operations/single_item.hpp"

#include "local/expressions/evaluate.hpp"
#include "local/expressions/parser.hpp"
#include "local/item/item_size.hpp"
#include "local/keys.hpp"
#include "local/operations/common.hpp"

namespace bao::local {

namespace {

using Kind = WriteOperation::Kind;

Outcome<void> check_write_request(Kind kind, const ItemRequest& request) {
  Constraints constraints;
  if (kind == Kind::put) {
    constraints.require(request.item.has_value(), "item");
  } else {
    constraints.require(request.key.has_value(), "key");
  }
  common_constraints(constraints, request);
  constraints.one_of(request.return_values, "returnValues",
                     {"ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"});
  constraints.one_of(request.return_values_on_failure, "returnValuesOnConditionCheckFailure",
                     {"ALL_OLD", "NONE"});
  constraints.one_of(request.return_metrics, "returnItemCollectionMetrics", {"SIZE", "NONE"});
  legacy_constraints(constraints, request,
                     kind == Kind::put      ? RequestKind::put
                     : kind == Kind::update ? RequestKind::update
                                            : RequestKind::remove);
  if (auto checked = constraints.result(); !checked) return checked;
  if (auto checked = check_table_name(*request.table_name); !checked) return checked;
  // A bad value in the item is told first.
  if (kind != Kind::update && !request.invalid_value && request.return_values &&
      *request.return_values != "ALL_OLD" && *request.return_values != "NONE") {
    return invalid("ReturnValues can only be ALL_OLD or NONE");
  }
  return {};
}

}  // namespace

Outcome<void> run_write(Database& database, WriteOperation& write) {
  if (auto done = check_write_request(write.kind, write.request); !done) return done;
  if (auto done = write.parse(); !done) return done;
  if (auto done = write.locate(database); !done) return done;
  if (auto done = write.evaluate(database); !done) return done;
  WriteBatch batch;
  write.stage(batch);
  if (auto done = database.commit(batch); !done) return done;
  write.count(database);
  return {};
}

Encoded returned_values(const WriteOperation& write, std::string& part) {
  const std::string_view wanted = write.request.return_values.value_or("NONE");
  if (wanted == "NONE") return {};
  const bool old_values = wanted == "ALL_OLD" || wanted == "UPDATED_OLD";
  const std::string& record = old_values ? write.old_record : write.new_record;
  if (record.empty()) return {};
  const Encoded item = Encoded::of_record(record);
  if (wanted == "ALL_OLD" || wanted == "ALL_NEW") return item;
  if (!write.update) return {};
  std::vector<std::uint32_t> paths;
  for (const UpdateAction& action : write.update->actions) paths.push_back(action.path);
  part.clear();
  append_projected(part, item, write.update->ast, paths);
  const Encoded attributes = Encoded::of(part);
  return attributes.count() == 0 ? Encoded() : attributes;
}

Outcome<ItemRead> run_get(Database& database, ItemRequest& request) {
  ItemRead read;
  Constraints constraints;
  constraints.require(request.key.has_value(), "key");
  common_constraints(constraints, request);
  legacy_constraints(constraints, request, RequestKind::get);
  if (auto done = constraints.result(); !done) return std::unexpected(std::move(done.error()));
  if (auto done = check_table_name(*request.table_name); !done)
    return std::unexpected(std::move(done.error()));
  if (auto done = check_not_mixed(request, RequestKind::get); !done)
    return std::unexpected(std::move(done.error()));
  request.ignore_values();
  auto checked = check_bindings(request, request.projection.has_value(), {}, false);
  if (!checked) return std::unexpected(std::move(checked.error()));
  if (request.invalid_value) return std::unexpected(*request.invalid_value);
  std::optional<ProjectionExpression>& projection = read.projection;
  if (request.legacy && request.legacy->attributes_to_get) {
    auto built = legacy_projection(request);
    if (!built) return std::unexpected(std::move(built.error()));
    projection = std::move(*built);
  }
  if (request.projection) {
    auto parsed = parse_projection(*request.projection, request.bindings);
    if (!parsed) return std::unexpected(std::move(parsed.error()));
    projection = std::move(*parsed);
    if (auto done = check_all_used(request.bindings); !done) return std::unexpected(std::move(done.error()));
  }
  auto table = database.require(table_of_arn(*request.table_name));
  if (!table) return std::unexpected(std::move(table.error()));
  const Encoded key = Encoded::of_record(*request.key);
  if (auto done = check_key((*table)->keys, key); !done) return std::unexpected(std::move(done.error()));
  if (projection) {
    if (auto done = check_key_paths(**table, projection->ast); !done)
      return std::unexpected(std::move(done.error()));
  }
  auto record = database.read(**table, item_key((*table)->keys, key));
  if (!record) return std::unexpected(std::move(record.error()));
  read.table = *table;
  read.record = *record;
  read.units = read_units(record->empty() ? 0 : record_size(*record), request.consistent.value_or(false));
  return read;
}

}  // namespace bao::local
