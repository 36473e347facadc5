#include "core/engine/iterate.hpp"

#include <algorithm>
#include <set>

#include "core/engine/exchange.hpp"
#include "core/engine/pages.hpp"
#include "core/engine/start_key.hpp"
#include "core/keys/row_keys.hpp"
#include "core/request/body.hpp"
#include "core/value/concat.hpp"

namespace bao::core {

namespace {

constexpr std::int64_t keys_max = 1000;

void collect_fields(const Condition& condition, int depth, std::set<std::string>& fields) {
  if (depth > 64) return;  // condition_expression refuses it
  if (!condition.field.empty()) fields.insert(condition.field);
  for (const Condition& child : condition.children) collect_fields(child, depth + 1, fields);
}

std::optional<Error> check_options(const Model& model, const std::string& index,
                                   const IterateOptions& options) {
  if (std::optional<Error> error = check_iterable(model)) return error;
  if (options.batch_size < 1) {
    return query_error(model, index, concat({"the batch size must be at least 1, not ", options.batch_size}));
  }
  if (std::optional<Error> error = check_bucket(model, index, options.bucket)) return error;
  return check_projected(model, index, options.filter);
}

std::optional<Error> check_position(Call& call, const Model& model, const IterationPosition& position) {
  const std::string& index = call.engine().options().iteration_index;
  if (std::optional<Error> error = check_bucket(model, index, position.bucket)) return error;
  const std::string partition = iteration_partition(model, call.tenant(), position.bucket);
  const ReadPlace place{
      .index = index, .pk = iteration_pk_attribute, .sk = iteration_sk_attribute, .partition = partition};
  return check_start_key(model, place, position.start_key);
}

// The Query for one batch of keys; lacks ExclusiveStartKey and its closing brace.
Result<std::string> keys_body(const Call& call, const EngineOptions& engine, const Model& model,
                              std::uint32_t bucket, const IterateOptions& options) {
  Placeholders placeholders;
  const std::string key =
      concat({placeholders.name(iteration_pk_attribute), " = ",
              placeholders.value(Value(iteration_partition(model, call.tenant(), bucket)))});
  const Result<std::string> filter = condition_expression(model, options.filter, placeholders);
  if (!filter) return filter;
  std::string body;
  JsonWriter writer(body);
  writer.begin_object();
  write_common(writer, engine.table_name);
  write_member(writer, "IndexName", engine.iteration_index);
  write_member(writer, "KeyConditionExpression", key);
  if (!filter->empty()) write_member(writer, "FilterExpression", *filter);
  // The search index has texts as long as the items; keys are enough.
  write_member(writer, "ProjectionExpression", placeholders.name(iteration_sk_attribute));
  placeholders.write_members(writer);
  writer.key("Limit");
  writer.number(std::min(options.batch_size, keys_max));
  return body;
}

void advance(const Model& model, const IterateOptions& options, Value last_key, IterationPosition& position) {
  position.start_key = std::move(last_key);
  if (!position.start_key.is_null()) return;
  ++position.bucket;
  position.ended = options.bucket || position.bucket >= iteration_buckets(model);
}

}  // namespace

std::optional<Error> check_iterable(const Model& model) {
  if (model.definition().iterable) return std::nullopt;
  return Error(ErrorCode::configuration,
               ErrorDetails{.message = concat({model.name(), ": the model is not configured as iterable"}),
                            .model = model.name()});
}

std::optional<Error> check_bucket(const Model& model, const std::string& index,
                                  std::optional<std::int64_t> bucket) {
  const std::uint32_t buckets = iteration_buckets(model);
  if (!bucket || (*bucket >= 0 && *bucket < buckets)) return std::nullopt;
  return query_error(
      model, index, concat({"Invalid bucket number ", *bucket, ": there are ", buckets, ", counted from 0"}));
}

// A field that exists but is not in the index would read as missing, and its filter would drop every item.
std::optional<Error> check_projected(const Model& model, const std::string& index, const Condition& filter) {
  std::set<std::string> fields;
  collect_fields(filter, 0, fields);
  if (index == search_index_name) fields.erase(std::string(search_text_attribute));
  std::string missing;
  for (const std::string& field : fields) {
    if (field == search_text_attribute || model.field_index(field)) {
      append(missing, {(missing.empty() ? "'" : ", '"), field, "'"});
    }
  }
  if (missing.empty()) return std::nullopt;
  return query_error(model, index,
                     concat({"an iteration cannot be filtered by ", missing,
                             ", which aren't projected into index '", index, "'"}));
}

std::uint32_t iteration_buckets(const Model& model) {
  return model.definition().iterable ? static_cast<std::uint32_t>(model.definition().iteration_buckets) : 1;
}

Task<Result<IterationBatch>> iterate(Call& call, const Model& model, IterateOptions options,
                                     IterationPosition from) {
  const EngineOptions& engine = call.engine().options();
  if (std::optional<Error> error = check_options(model, engine.iteration_index, options)) {
    co_return std::unexpected(std::move(*error));
  }
  IterationBatch batch;
  batch.next = std::move(from);
  if (options.bucket) batch.next.bucket = static_cast<std::uint32_t>(*options.bucket);
  if (batch.next.ended) co_return batch;
  if (std::optional<Error> error = check_position(call, model, batch.next)) {
    co_return std::unexpected(std::move(*error));
  }
  if (std::optional<Error> error = refuse_outside_scope(call, call.engine())) {
    co_return std::unexpected(std::move(*error));
  }
  Result<std::string> body = keys_body(call, engine, model, batch.next.bucket, options);
  if (!body) co_return std::unexpected(std::move(body).error());
  Result<Page> keys = co_await read_pages(call, ApiOperation::query, std::move(*body),
                                          std::move(batch.next.start_key), false);
  if (!keys) co_return std::unexpected(std::move(keys).error());
  batch.capacity = keys->capacity;
  std::vector<std::string> ids;
  ids.reserve(keys->items.size());
  for (const ItemRef& key : keys->items) {
    const ValueView id = key.attribute(iteration_sk_attribute);
    if (id.present() && id.kind() == ValueKind::string) ids.emplace_back(id.text());
  }
  Result<FoundMany> found = co_await batch_find(call, model, std::move(ids), std::move(options.find));
  if (!found) co_return std::unexpected(std::move(found).error());
  batch.capacity += found->capacity;
  for (auto& [id, one] : found->items) {
    if (one.entry->item) batch.items.emplace_back(std::move(id), std::move(one));
  }
  advance(model, options, std::move(keys->last_evaluated_key), batch.next);
  co_return batch;
}

}  // namespace bao::core
