#include "local/operations/typed_operations.hpp"

#include <utility>

#include "core/value/utf8.hpp"
#include "local/item/value_codec.hpp"
#include "local/operations/common.hpp"
#include "local/operations/single_item.hpp"

namespace bao::local {

namespace {

using embedded::ReturnCapacity;
using embedded::ReturnValues;
using Kind = WriteOperation::Kind;

std::string_view parameter(ReturnValues values) {
  switch (values) {
    case ReturnValues::none:
      return "NONE";
    case ReturnValues::all_old:
      return "ALL_OLD";
    case ReturnValues::updated_old:
      return "UPDATED_OLD";
    case ReturnValues::all_new:
      return "ALL_NEW";
    case ReturnValues::updated_new:
      return "UPDATED_NEW";
  }
  return "NONE";
}

std::string_view parameter(ReturnCapacity capacity) {
  switch (capacity) {
    case ReturnCapacity::none:
      return "NONE";
    case ReturnCapacity::total:
      return "TOTAL";
    case ReturnCapacity::indexes:
      return "INDEXES";
  }
  return "NONE";
}

/// Fills in an ItemRequest, whose texts point into the caller's request.
class RequestFiller {
 public:
  explicit RequestFiller(ItemRequest& request) : request_(request) {}

  void table(std::string_view name) { request_.table_name = text(name); }
  void record(std::optional<std::string>& out, const Value::Map& item) {
    encoder_.record(out.emplace(), item);
    request_.invalid_value = encoder_.invalid_value();
    encoder_.clear_invalid_value();
  }
  void expression(std::optional<std::string_view>& out, std::string_view expression) {
    if (!expression.empty()) out = text(expression);
  }
  void names(const embedded::Names& names) {
    request_.has_names = !names.empty();
    for (const auto& [placeholder, name] : names) {
      request_.bindings.names.push_back({text(placeholder), text(name)});
    }
  }
  void values(const Value::Map& values) {
    request_.has_values = !values.empty();
    for (const auto& [placeholder, value] : values) {
      request_.begin_binding(text(placeholder));
      encoder_.value(request_.value_bytes, value);
      request_.end_binding(encoder_.invalid_value());
      encoder_.clear_invalid_value();
    }
  }
  Outcome<void> finish() {
    if (ill_formed_ || encoder_.is_ill_formed()) {
      return std::unexpected(serialization_error("A text of the request is not UTF-8"));
    }
    request_.bind();
    return {};
  }

 private:
  std::string_view text(std::string_view text) {
    if (!core::is_valid_utf8(text)) ill_formed_ = true;
    return text;
  }

  ItemRequest& request_;
  ValueEncoder encoder_;
  bool ill_formed_ = false;
};

double units(HalfUnits half_units) {
  return static_cast<double>(half_units) / 2;
}

embedded::ConsumedCapacity typed_capacity(const ConsumedCapacity& capacity, ReturnCapacity detail) {
  embedded::ConsumedCapacity out{.table = capacity.table().name, .units = units(capacity.total())};
  if (detail != ReturnCapacity::indexes) return out;
  out.table_units = units(capacity.table_units());
  for (const ConsumedCapacity::Part& part : capacity.indexes()) {
    auto& indexes = part.index->global ? out.global_indexes : out.local_indexes;
    indexes.emplace(part.index->name, units(part.units));
  }
  return out;
}

/// What PutItem, UpdateItem and DeleteItem have in common, once the item, key or update is filled in.
template <class Request>
TypedOutcome<embedded::WriteAnswer> write_one(Database& database, const Request& request,
                                              WriteOperation& write, RequestFiller& filler) {
  filler.table(request.table);
  filler.expression(write.request.condition, request.condition);
  filler.names(request.names);
  filler.values(request.values);
  write.request.return_values = parameter(request.return_values);
  if (request.return_item_on_failure) write.request.return_values_on_failure = "ALL_OLD";
  write.request.return_consumed_capacity = parameter(request.return_capacity);
  if (auto done = filler.finish(); !done) return std::unexpected(typed_error(done.error()));
  if (auto done = run_write(database, write); !done) {
    embedded::Error error = typed_error(done.error());
    if (write.condition_failed && !write.record_on_failure().empty()) {
      error.item = decode_item(Encoded::of_record(write.record_on_failure()));
    }
    return std::unexpected(std::move(error));
  }
  embedded::WriteAnswer answer;
  std::string part;
  if (const Encoded attributes = returned_values(write, part); attributes.present()) {
    answer.attributes = decode_item(attributes);
  }
  if (request.return_capacity != ReturnCapacity::none) {
    ConsumedCapacity capacity(*write.table);
    write.charge(capacity);
    answer.capacity = typed_capacity(capacity, request.return_capacity);
  }
  return answer;
}

}  // namespace

embedded::Error typed_error(const ApiError& error) {
  return {.status = error.status, .type = std::string(error.name()), .message = error.message};
}

TypedOutcome<embedded::GetItemAnswer> get_item(Database& database, const embedded::GetItemRequest& request) {
  ItemRequest decoded;
  RequestFiller filler(decoded);
  filler.table(request.table);
  filler.record(decoded.key, request.key);
  filler.expression(decoded.projection, request.projection);
  filler.names(request.names);
  decoded.consistent = request.consistent;
  decoded.return_consumed_capacity = parameter(request.return_capacity);
  if (auto done = filler.finish(); !done) return std::unexpected(typed_error(done.error()));
  auto read = run_get(database, decoded);
  if (!read) return std::unexpected(typed_error(read.error()));
  embedded::GetItemAnswer answer;
  if (!read->record.empty()) {
    std::string part;
    answer.item = decode_item(projected_item(Encoded::of_record(read->record),
                                             read->projection ? &*read->projection : nullptr, part));
  }
  if (request.return_capacity != ReturnCapacity::none) {
    ConsumedCapacity capacity(*read->table);
    capacity.add_table(read->units);
    answer.capacity = typed_capacity(capacity, request.return_capacity);
  }
  return answer;
}

TypedOutcome<embedded::WriteAnswer> put_item(Database& database, const embedded::PutItemRequest& request) {
  WriteOperation write;
  write.kind = Kind::put;
  RequestFiller filler(write.request);
  filler.record(write.request.item, request.item);
  return write_one(database, request, write, filler);
}

TypedOutcome<embedded::WriteAnswer> update_item(Database& database,
                                                const embedded::UpdateItemRequest& request) {
  WriteOperation write;
  write.kind = Kind::update;
  RequestFiller filler(write.request);
  filler.record(write.request.key, request.key);
  filler.expression(write.request.update, request.update);
  return write_one(database, request, write, filler);
}

TypedOutcome<embedded::WriteAnswer> delete_item(Database& database,
                                                const embedded::DeleteItemRequest& request) {
  WriteOperation write;
  write.kind = Kind::remove;
  RequestFiller filler(write.request);
  filler.record(write.request.key, request.key);
  return write_one(database, request, write, filler);
}

}  // namespace bao::local
