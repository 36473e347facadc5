#include "core/engine/scan.hpp"

#include "core/engine/exchange.hpp"
#include "core/engine/query.hpp"
#include "core/engine/start_key.hpp"
#include "core/keys/row_keys.hpp"
#include "core/request/body.hpp"
#include "core/value/concat.hpp"

namespace bao::core {

namespace {

constexpr std::int64_t segments_max = 1'000'000;

// Rows of this model and tenant, and no others: a model's prefix has no '#', a tenant's id no ']#'.
std::string rows_of(const Call& call, const Model& model, const Index& index, Placeholders& placeholders) {
  const std::string start = index.gsi == 0 ? primary_row_key(model, call.tenant(), KeyTexts()).pk
                                           : index_partition_key(model, call.tenant(), index, {});
  const std::string name = placeholders.name(index_pk_attribute(index.gsi));
  const std::string value = placeholders.value(Value(start));
  if (index.partition.kind != KeyPart::Kind::field) return concat({name, " = ", value});
  return concat({"begins_with(", name, ", ", value, ")"});
}

std::optional<Error> check_segments(const Model& model, const ScanOptions& options) {
  if (!options.segment && !options.total_segments) return std::nullopt;
  if (!options.segment || !options.total_segments) {
    return query_error(model, options.index, "a scan takes segment and totalSegments together");
  }
  if (*options.total_segments < 1 || *options.total_segments > segments_max) {
    return query_error(model, options.index,
                       concat({"totalSegments must be from 1 to 1000000, not ", *options.total_segments}));
  }
  if (*options.segment < 0 || *options.segment >= *options.total_segments) {
    return query_error(
        model, options.index,
        concat({"segment must be from 0 to ", *options.total_segments - 1, ", not ", *options.segment}));
  }
  return std::nullopt;
}

// Lacks ExclusiveStartKey and its closing brace.
Result<std::string> scan_body(const Call& call, const std::string& table, const Model& model,
                              const Index& index, const ScanOptions& options, bool count_only) {
  Placeholders placeholders;
  const std::string rows = rows_of(call, model, index, placeholders);
  const Result<std::string> filter = condition_expression(model, options.filter, placeholders);
  if (!filter) return filter;
  std::string body;
  body.reserve(512);
  JsonWriter writer(body);
  writer.begin_object();
  write_common(writer, table);
  if (index.gsi != 0) write_member(writer, "IndexName", index_table_name(index.gsi));
  write_member(writer, "FilterExpression", filter->empty() ? rows : concat({rows, " AND (", *filter, ")"}));
  if (!options.attributes.empty() && !count_only) {
    const Result<std::string> projection = projection_expression(model, options.attributes, placeholders);
    if (!projection) return projection;
    write_member(writer, "ProjectionExpression", *projection);
  }
  placeholders.write_members(writer);
  if (count_only) write_member(writer, "Select", "COUNT");
  if (options.consistent) {
    writer.key("ConsistentRead");
    writer.boolean(true);
  }
  if (options.limit) {
    writer.key("Limit");
    writer.number(*options.limit);
  }
  if (options.segment) {
    writer.key("Segment");
    writer.number(*options.segment);
    writer.key("TotalSegments");
    writer.number(*options.total_segments);
  }
  return body;
}

Task<Result<Page>> run_scan(Call& call, const Model& model, Index index, ScanOptions options,
                            bool count_only) {
  if (std::optional<Error> error = check_page(model, index, options.limit, options.consistent)) {
    co_return std::unexpected(std::move(*error));
  }
  // A page of a scan may end at a row of whatever model and tenant.
  if (std::optional<Error> error = check_start_key(model, place_in(index), options.start_key)) {
    co_return std::unexpected(std::move(*error));
  }
  if (std::optional<Error> error = check_segments(model, options))
    co_return std::unexpected(std::move(*error));
  if (std::optional<Error> error = refuse_outside_scope(call, call.engine())) {
    co_return std::unexpected(std::move(*error));
  }
  Result<std::string> body =
      scan_body(call, call.engine().options().table_name, model, index, options, count_only);
  if (!body) co_return std::unexpected(std::move(body).error());
  co_return co_await read_pages(call, ApiOperation::scan, std::move(*body), std::move(options.start_key),
                                count_only);
}

}  // namespace

Task<Result<Page>> scan(Call& call, const Model& model, ScanOptions options) {
  Result<Index> index = index_to_read(model, options.index);
  if (!index) co_return std::unexpected(std::move(index).error());
  co_return co_await run_scan(call, model, std::move(*index), std::move(options), false);
}

Task<Result<Page>> count(Call& call, const Model& model, CountOptions options) {
  Result<Index> index = index_to_read(model, options.index);
  if (!index) co_return std::unexpected(std::move(index).error());
  if (index->partition.kind == KeyPart::Kind::prefix) {
    QueryOptions of_partition{.limit = std::nullopt,
                              .start_key = {},
                              .filter = std::move(options.filter),
                              .count_only = true,
                              .consistent = options.consistent,
                              .attributes = {}};
    co_return co_await query(call, model, std::move(options.index), Value(), SortKeyCondition(),
                             std::move(of_partition));
  }
  ScanOptions of_rows;
  of_rows.filter = std::move(options.filter);
  of_rows.consistent = options.consistent;
  co_return co_await run_scan(call, model, std::move(*index), std::move(of_rows), true);
}

}  // namespace bao::core
