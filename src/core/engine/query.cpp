#include "core/engine/query.hpp"

#include "core/engine/exchange.hpp"
#include "core/keys/key_text.hpp"
#include "core/keys/row_keys.hpp"
#include "core/request/body.hpp"
#include "core/schema/field_codec.hpp"

namespace bao::core {

namespace {

Error query_error(const Model& model, std::string_view index, std::string message) {
  return {ErrorCode::query, ErrorDetails{.message = model.name() + ": " + std::move(message),
                                         .model = model.name(),
                                         .index = std::string(index)}};
}

Index primary_index(const Model& model) {
  return {.name = {}, .gsi = 0, .partition = model.partition_key(), .sort = model.sort_key()};
}

Result<std::string> partition_text(const Model& model, const Index& index, const Value& partition) {
  if (index.partition.kind != KeyPart::Kind::field) return std::string();
  const std::uint32_t field = index.partition.field;
  const Result<Value> stored = encode_field(model, field, partition);
  if (!stored) return std::unexpected(stored.error());
  return key_text(model, field, *stored);
}

void write_start_key(JsonWriter& writer, const Value& start_key) {
  writer.key("ExclusiveStartKey");
  writer.item(*start_key.get_if<Value::Map>());
}

// The request without ExclusiveStartKey and without its closing brace: those come with each page.
Result<std::string> query_body(Call& call, const Model& model, const Index& index, const Value& partition,
                               const SortKeyCondition& sort, const QueryOptions& options) {
  Result<std::string> text = partition_text(model, index, partition);
  if (!text) return std::unexpected(std::move(text).error());
  std::string pk = index.gsi == 0 ? primary_row_key(model, call.tenant(), {.partition = *text, .sort = {}}).pk
                                  : index_partition_key(model, call.tenant(), index, *text);
  Placeholders placeholders;
  Result<std::string> key = key_condition_expression(model, index, std::move(pk), sort, placeholders);
  if (!key) return key;
  Result<std::string> filter = condition_expression(model, options.filter, placeholders);
  if (!filter) return filter;
  std::string body;
  body.reserve(512);
  JsonWriter writer(body);
  writer.begin_object();
  write_common(writer, call.engine().options().table_name);
  if (index.gsi != 0) write_member(writer, "IndexName", index_table_name(index.gsi));
  write_member(writer, "KeyConditionExpression", *key);
  if (!filter->empty()) write_member(writer, "FilterExpression", *filter);
  if (!options.attributes.empty() && !options.count_only) {
    Result<std::string> projection = projection_expression(model, options.attributes, placeholders);
    if (!projection) return projection;
    write_member(writer, "ProjectionExpression", *projection);
  }
  placeholders.write_members(writer);
  if (options.count_only) write_member(writer, "Select", "COUNT");
  if (options.descending) {
    writer.key("ScanIndexForward");
    writer.boolean(false);
  }
  if (options.consistent) {
    writer.key("ConsistentRead");
    writer.boolean(true);
  }
  if (options.limit) {
    writer.key("Limit");
    writer.number(*options.limit);
  }
  return body;
}

std::optional<Error> check_options(const Model& model, const Index& index, const QueryOptions& options) {
  if (options.consistent && index.gsi != 0) {
    return query_error(
        model, index.name,
        "index '" + index.name + "' is a global secondary index and cannot be read consistently");
  }
  if (options.limit && (*options.limit < 1 || *options.limit > 2'147'483'647)) {
    return query_error(model, index.name,
                       "limit must be from 1 to 2147483647, not " + std::to_string(*options.limit));
  }
  if (!options.start_key.is_null() && options.start_key.get_if<Value::Map>() == nullptr) {
    return query_error(model, index.name, "the start key must be the lastEvaluatedKey of an earlier page");
  }
  return std::nullopt;
}

}  // namespace

Task<Result<Page>> query(Call& call, const Model& model, std::string index_name, Value partition,
                         SortKeyCondition sort, QueryOptions options) {
  Index index;
  if (index_name.empty()) {
    index = primary_index(model);
  } else if (const Index* known = model.index(index_name)) {
    index = *known;
  } else {
    co_return std::unexpected(query_error(model, index_name, "there is no index '" + index_name + "'"));
  }
  if (std::optional<Error> error = check_options(model, index, options)) co_return std::unexpected(*error);
  if (std::optional<Error> error = refuse_outside_scope(call, call.engine()))
    co_return std::unexpected(*error);
  const Result<std::string> start = query_body(call, model, index, partition, sort, options);
  if (!start) co_return std::unexpected(start.error());

  Page page;
  Value start_key = options.start_key;
  for (;;) {
    std::string body = *start;
    if (!start_key.is_null()) {
      body += ',';
      JsonWriter writer(body);
      write_start_key(writer, start_key);
    }
    body += '}';
    const Exchange ended = co_await exchange(call, ApiOperation::query, std::move(body), Replay::read);
    if (!ended.answer) co_return std::unexpected(exchange_error(ended, ApiOperation::query, Replay::read));
    const Answer& answer = *ended.answer;
    page.count += answer.count;
    page.items.reserve(page.items.size() + answer.items.size());
    for (std::size_t position = 0; position < answer.items.size(); ++position) {
      page.items.push_back(answer.items_ref(position));
    }
    start_key = answer.last_evaluated_key
                    ? ItemRef(answer.document, *answer.last_evaluated_key).view().to_value()
                    : Value();
    if (!options.count_only || options.limit || start_key.is_null()) break;
  }
  page.last_evaluated_key = std::move(start_key);
  page.capacity = call.capacity;
  co_return page;
}

}  // namespace bao::core
