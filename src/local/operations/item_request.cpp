#include "local/operations/item_request.hpp"

#include <algorithm>

namespace bao::local {

using core::JsonType;

namespace {

constexpr std::size_t placeholder_size_max = 255;

bool is_placeholder(std::string_view key, char sigil) {
  if (key.size() < 2 || key.front() != sigil) return false;
  return std::all_of(key.begin() + 1, key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Outcome<void> check_placeholder(std::string_view parameter, std::string_view key, char sigil) {
  std::string mistake;
  if (key.size() > placeholder_size_max) {
    mistake = "The expression attribute map contains a key that is too long; size of key: " +
              std::to_string(key.size());
  } else if (!is_placeholder(key, sigil)) {
    mistake = "Syntax error; key: \"" + std::string(key) + '"';
  } else {
    return {};
  }
  return invalid(std::string(parameter) + " contains invalid key: " + mistake);
}

}  // namespace

bool ItemRequest::read_record(std::optional<std::string>& out, RequestReader& reader) {
  if (!reader.record(out)) return false;
  if (!invalid_value) invalid_value = reader.values().invalid_value();
  reader.values().clear_invalid_value();
  return true;
}

bool ItemRequest::read_names(RequestReader& reader) {
  if (reader.peek() == JsonType::null) return reader.skip();
  if (!reader.enter_object()) return false;
  has_names = true;
  std::string_view placeholder;
  while (reader.next_member(placeholder)) {
    std::optional<std::string_view> name;
    if (!reader.string(name)) return false;
    if (name) bindings.names.push_back({placeholder, *name});
  }
  return !reader.failed();
}

bool ItemRequest::read_values(RequestReader& reader) {
  if (reader.peek() == JsonType::null) return reader.skip();
  if (!reader.enter_object()) return false;
  has_values = true;
  std::string_view placeholder;
  while (reader.next_member(placeholder)) {
    begin_binding(placeholder);
    if (!reader.value(value_bytes)) return false;
    end_binding(reader.values().invalid_value());
    reader.values().clear_invalid_value();
  }
  return !reader.failed();
}

std::optional<std::uint32_t> ItemRequest::add_value(RequestReader& reader) {
  value_offsets_.push_back(value_bytes.size());
  if (!reader.value(value_bytes)) return std::nullopt;
  bindings.values.push_back({{}, {}, true});
  if (!invalid_value) invalid_value = reader.values().invalid_value();
  reader.values().clear_invalid_value();
  return static_cast<std::uint32_t>(bindings.values.size() - 1);
}

void ItemRequest::begin_binding(std::string_view placeholder) {
  value_offsets_.push_back(value_bytes.size());
  bindings.values.push_back({placeholder, {}});
}

void ItemRequest::end_binding(const std::optional<ApiError>& invalid) {
  if (!invalid || invalid_binding) return;
  invalid_binding = validation_error("ExpressionAttributeValues contains invalid value: " + invalid->message +
                                     " for key " + std::string(bindings.values.back().placeholder));
}

void ItemRequest::bind() {
  for (std::size_t i = 0; i < bindings.values.size(); ++i) {
    const char* at = value_bytes.data() + value_offsets_[i];
    bindings.values[i].value = Encoded::take(at);
  }
}

bool ItemRequest::read_member(std::string_view name, RequestReader& reader) {
  if (name == "TableName") return reader.string(table_name);
  if (name == "Key") return read_record(key, reader);
  if (name == "Item") return read_record(item, reader);
  if (name == "ReturnConsumedCapacity") return reader.string(return_consumed_capacity);
  if (name == "ExpressionAttributeNames") return read_names(reader);
  if (name == "ExpressionAttributeValues") return read_values(reader);
  if (name == "ConditionExpression") return reader.string(condition);
  if (name == "UpdateExpression") return reader.string(update);
  if (name == "KeyConditionExpression") return reader.string(key_condition);
  if (name == "FilterExpression") return reader.string(filter);
  if (name == "ProjectionExpression") return reader.string(projection);
  if (name == "ConsistentRead") return reader.boolean(consistent);
  if (name == "ReturnValues") return reader.string(return_values);
  if (name == "ReturnValuesOnConditionCheckFailure") return reader.string(return_values_on_failure);
  if (name == "ReturnItemCollectionMetrics") return reader.string(return_metrics);
  if (name == "IndexName") return reader.string(index_name);
  if (name == "Limit") return reader.integer(limit);
  if (name == "ExclusiveStartKey") return read_record(exclusive_start_key, reader);
  if (name == "ScanIndexForward") return reader.boolean(forward);
  if (name == "Select") return reader.string(select);
  if (name == "Segment") return reader.integer(segment);
  if (name == "TotalSegments") return reader.integer(total_segments);
  if (is_legacy_parameter(name)) return read_legacy_parameter(name, reader, *this);
  return reader.skip();
}

bool ItemRequest::read_members(RequestReader& reader) {
  std::string_view name;
  while (reader.next_member(name)) {
    if (!read_member(name, reader)) return false;
  }
  if (reader.failed()) return false;
  bind();
  return true;
}

std::string_view table_of_arn(std::string_view name) {
  constexpr std::string_view marker = ":table/";
  if (!name.starts_with("arn:")) return name;
  const std::size_t at = name.find(marker);
  return at == std::string_view::npos ? name : name.substr(at + marker.size());
}

Outcome<void> check_bindings(const ItemRequest& request, bool any_expression,
                             std::string_view value_expressions, bool any_value_expression) {
  if (!any_expression) {
    if (request.has_names)
      return invalid("ExpressionAttributeNames can only be specified when using expressions");
  }
  if (request.has_values && !any_value_expression) {
    return invalid("ExpressionAttributeValues can only be specified when using expressions: " +
                   std::string(value_expressions));
  }
  if (request.has_names) {
    if (request.bindings.names.empty()) return invalid("ExpressionAttributeNames must not be empty");
    for (const Bindings::Name& name : request.bindings.names) {
      if (auto done = check_placeholder("ExpressionAttributeNames", name.placeholder, '#'); !done)
        return done;
      if (const std::string_view mistake = attribute_name_mistake(name.name); !mistake.empty()) {
        return invalid("ExpressionAttributeNames contains invalid value: " + std::string(mistake) +
                       " for key " + std::string(name.placeholder));
      }
    }
  }
  if (request.has_values) {
    if (request.bindings.values.empty()) return invalid("ExpressionAttributeValues must not be empty");
    for (const Bindings::Value& value : request.bindings.values) {
      if (auto done = check_placeholder("ExpressionAttributeValues", value.placeholder, ':'); !done)
        return done;
    }
    if (request.invalid_binding) return std::unexpected(*request.invalid_binding);
  }
  return {};
}

Outcome<void> check_all_used(const Bindings& bindings) {
  const auto unused = [](const auto& entries) {
    std::string list;
    for (const auto& entry : entries) {
      if (entry.used) continue;
      if (!list.empty()) list += ", ";
      list += entry.placeholder;
    }
    return list;
  };
  if (const std::string names = unused(bindings.names); !names.empty()) {
    return invalid("Value provided in ExpressionAttributeNames unused in expressions: keys: {" + names + "}");
  }
  if (const std::string values = unused(bindings.values); !values.empty()) {
    return invalid("Value provided in ExpressionAttributeValues unused in expressions: keys: {" + values +
                   "}");
  }
  return {};
}

}  // namespace bao::local
