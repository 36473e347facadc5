#include "core/engine/pages.hpp"

#include "core/engine/exchange.hpp"
#include "core/request/body.hpp"
#include "core/value/concat.hpp"

namespace bao::core {

Error query_error(const Model& model, std::string_view index, std::string message) {
  return {ErrorCode::query, ErrorDetails{.message = concat({model.name(), ": ", message}),
                                         .model = model.name(),
                                         .index = std::string(index)}};
}

Result<Index> index_to_read(const Model& model, const std::string& name) {
  if (name.empty()) {
    return Index{.name = {}, .gsi = 0, .partition = model.partition_key(), .sort = model.sort_key()};
  }
  if (const Index* const known = model.index(name)) return *known;
  return std::unexpected(query_error(model, name, concat({"there is no index '", name, "'"})));
}

std::optional<Error> check_page(const Model& model, const Index& index, std::optional<std::int64_t> limit,
                                bool consistent) {
  if (consistent && index.gsi != 0) {
    return query_error(
        model, index.name,
        concat({"index '", index.name, "' is a global secondary index and cannot be read consistently"}));
  }
  if (limit && (*limit < 1 || *limit > 2'147'483'647)) {
    return query_error(model, index.name, concat({"limit must be from 1 to 2147483647, not ", *limit}));
  }
  return std::nullopt;
}

Task<Result<Page>> read_pages(Call& call, ApiOperation operation, std::string body, Value start_key,
                              bool to_the_end) {
  Page page;
  for (;;) {
    std::string one = body;
    if (!start_key.is_null()) {
      one += ',';
      JsonWriter writer(one);
      writer.key("ExclusiveStartKey");
      writer.item(*start_key.get_if<Value::Map>());
    }
    one += '}';
    const Exchange ended = co_await exchange(call, operation, std::move(one), Replay::read);
    if (!ended.answer) co_return std::unexpected(exchange_error(ended, operation, Replay::read));
    const Answer& answer = *ended.answer;
    page.count += answer.count;
    page.items.reserve(page.items.size() + answer.items.size());
    for (std::size_t position = 0; position < answer.items.size(); ++position) {
      page.items.push_back(answer.items_ref(position));
    }
    start_key = answer.last_evaluated_key
                    ? ItemRef(answer.document, *answer.last_evaluated_key).view().to_value()
                    : Value();
    if (!to_the_end || start_key.is_null()) break;
  }
  page.last_evaluated_key = std::move(start_key);
  page.capacity = call.capacity;
  co_return page;
}

}  // namespace bao::core
