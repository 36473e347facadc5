#include "core/engine/query.hpp"

#include "core/engine/exchange.hpp"
#include "core/engine/start_key.hpp"
#include "core/keys/key_text.hpp"
#include "core/keys/row_keys.hpp"
#include "core/request/body.hpp"
#include "core/schema/field_codec.hpp"

namespace bao::core {

namespace {

Result<std::string> partition_text(const Model& model, const Index& index, const Value& partition) {
  if (index.partition.kind != KeyPart::Kind::field) return std::string();
  const std::uint32_t field = index.partition.field;
  const Result<Value> stored = encode_field(model, field, partition);
  if (!stored) return std::unexpected(stored.error());
  return key_text(model, field, *stored);
}

// The request without ExclusiveStartKey and without its closing brace: those come with each page.
Result<std::string> query_body(Call& call, const Model& model, const Index& index, const Value& partition,
                               const SortKeyCondition& sort, const QueryOptions& options) {
  Result<std::string> text = partition_text(model, index, partition);
  if (!text) return std::unexpected(std::move(text).error());
  std::string pk = index.gsi == 0 ? primary_row_key(model, call.tenant(), {.partition = *text, .sort = {}}).pk
                                  : index_partition_key(model, call.tenant(), index, *text);
  if (std::optional<Error> error = check_start_key(model, place_in(index, pk), options.start_key)) {
    return std::unexpected(std::move(*error));
  }
  Placeholders placeholders;
  Result<std::string> key = key_condition_expression(model, index, std::move(pk), sort, placeholders);
  if (!key) return key;
  if (std::optional<Error> error = check_start_sort_key(model, index, sort, options.start_key)) {
    return std::unexpected(std::move(*error));
  }
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

}  // namespace

Task<Result<Page>> query(Call& call, const Model& model, std::string index_name, Value partition,
                         SortKeyCondition sort, QueryOptions options) {
  const Result<Index> index = index_to_read(model, index_name);
  if (!index) co_return std::unexpected(index.error());
  if (std::optional<Error> error = check_page(model, *index, options.limit, options.consistent)) {
    co_return std::unexpected(std::move(*error));
  }
  if (std::optional<Error> error = refuse_outside_scope(call, call.engine()))
    co_return std::unexpected(*error);
  Result<std::string> body = query_body(call, model, *index, partition, sort, options);
  if (!body) co_return std::unexpected(std::move(body).error());
  const bool to_the_end = options.count_only && !options.limit;
  co_return co_await read_pages(call, ApiOperation::query, std::move(*body), std::move(options.start_key),
                                to_the_end);
}

}  // namespace bao::core
