#include "core/engine/search.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "core/engine/exchange.hpp"
#include "core/engine/iterate.hpp"
#include "core/engine/pages.hpp"
#include "core/engine/search_cursor.hpp"
#include "core/keys/row_keys.hpp"
#include "core/request/body.hpp"
#include "core/search/search_text.hpp"
#include "core/value/concat.hpp"
#include "core/value/integer_text.hpp"

namespace bao::core {

namespace {

constexpr std::int64_t parallel_max = 100;
constexpr std::size_t terms_max = 100;

// One bucket under way.
struct Walk {
  BucketPosition position;
  std::int64_t queries = 0;
  bool ended = false;
  // Of the page that was just read: its matches, and where it ended (empty: with the bucket).
  std::vector<std::string> ids;
  std::string page_end;
};

struct Search {
  const Model& model;
  const SearchOptions& options;
  Condition filter;  // the terms and the caller's
  std::vector<Walk> walks;
  std::uint32_t next = 0;     // the first bucket that is not among them
  std::uint32_t buckets = 0;  // behind the last one
  std::optional<Error> error;
};

Error configuration_error(const Model& model, const char* why) {
  return {ErrorCode::configuration,
          ErrorDetails{.message = concat({model.name(), ": ", why}), .model = model.name()}};
}

std::optional<Error> check_options(const Model& model, const std::string& index,
                                   const SearchOptions& options) {
  if (!model.definition().search) return not_searchable(model);
  if (std::optional<Error> error = check_iterable(model)) return error;
  if (index != search_index_name) {
    return configuration_error(
        model, "a search needs db.iterationIndexName to be 'iter_search_index', and a table that has it");
  }
  if (options.limit && *options.limit < 1) {
    return query_error(model, index, "limit must be a positive integer or Infinity");
  }
  const auto below_1 = [&](const char* name, std::int64_t value) -> std::optional<Error> {
    if (value >= 1) return std::nullopt;
    return query_error(model, index, concat({name, " must be at least 1, not ", value}));
  };
  if (auto error = below_1("batchSize", options.batch_size)) return error;
  if (auto error = below_1("maxQueriesPerBucket", options.queries_per_bucket_max)) return error;
  if (auto error = below_1("parallel", options.parallel)) return error;
  if (options.parallel > parallel_max) {
    return query_error(model, index,
                       concat({"parallel must be at most ", parallel_max, ", not ", options.parallel}));
  }
  if (auto error = check_bucket(model, index, options.bucket)) return error;
  return check_projected(model, index, options.filter);
}

// Folded, each once, in an order of their own: the same terms are the same search.
Result<std::vector<std::string>> terms_of(Call& call, const Model& model,
                                          const std::vector<std::string>& given) {
  std::set<std::string, std::less<>> terms;
  for (const std::string& term : given) {
    std::string folded = search_term(*call.engine().options().folding, *model.definition().search, term);
    if (!folded.empty()) terms.insert(std::move(folded));
  }
  if (terms.empty() || terms.size() > terms_max) {
    return std::unexpected(query_error(
        model, search_index_name,
        terms.empty() ? "a search needs at least one non-empty term" : "a search takes at most 100 terms"));
  }
  return std::vector<std::string>(terms.begin(), terms.end());
}

Condition condition_of(const std::vector<std::string>& terms, bool any, Condition more) {
  Condition condition{.kind = any ? Condition::Kind::any_of : Condition::Kind::all_of};
  for (const std::string& term : terms) {
    condition.children.push_back({.kind = Condition::Kind::contains,
                                  .field = std::string(search_text_attribute),
                                  .operands = {Value(term)}});
  }
  if (more.empty()) return condition;
  Condition both{.kind = Condition::Kind::all_of};
  both.children.push_back(std::move(condition));
  both.children.push_back(std::move(more));
  return both;
}

// The Query for one bucket; lacks ExclusiveStartKey and its closing brace.
Result<std::string> bucket_body(const Call& call, const std::string& table, const Model& model,
                                const Condition& matches, std::int64_t batch_size, std::uint32_t bucket) {
  Placeholders placeholders;
  const std::string key =
      concat({placeholders.name(iteration_pk_attribute), " = ",
              placeholders.value(Value(iteration_partition(model, call.tenant(), bucket)))});
  const Result<std::string> filter = condition_expression(model, matches, placeholders);
  if (!filter) return filter;
  std::string body;
  JsonWriter writer(body);
  writer.begin_object();
  write_common(writer, table);
  write_member(writer, "IndexName", search_index_name);
  write_member(writer, "KeyConditionExpression", key);
  write_member(writer, "FilterExpression", *filter);
  write_member(writer, "ProjectionExpression", placeholders.name(iteration_sk_attribute));
  placeholders.write_members(writer);
  writer.key("Limit");
  writer.number(batch_size);
  return body;
}

// What the search is, but for how it is cut into requests: the Query of a bucket holds terms and filter.
Result<SearchIdentity> identity_of(const Call& call, const Search& search) {
  const SearchDefinition& definition = *search.model.definition().search;
  const Result<std::string> body = bucket_body(call, {}, search.model, search.filter, 1, 0);
  if (!body) return std::unexpected(body.error());
  std::string query = *body + (search.options.any_term ? "|" : "&") + (definition.case_sensitive ? "c" : "") +
                      (definition.dedupe ? "d" : "") + integer_text(definition.min_term_length);
  for (const std::string& field : definition.fields) append(query, {",", field});
  const std::string scope =
      concat({call.tenant(), "#", search.model.prefix(), "#",
              search.options.bucket ? TextPiece(*search.options.bucket) : TextPiece("all")});
  return SearchIdentity{.scope = fingerprint(scope), .query = fingerprint(query)};
}

std::optional<Error> start(Search& search, const SearchIdentity& identity) {
  const SearchOptions& options = search.options;
  search.next = options.bucket ? static_cast<std::uint32_t>(*options.bucket) : 0;
  search.buckets = options.bucket ? search.next + 1 : iteration_buckets(search.model);
  if (options.cursor.empty()) return std::nullopt;
  const std::optional<DecodedCursor> cursor = decode_cursor(options.cursor);
  if (!cursor) return query_error(search.model, search_index_name, "the cursor is not one of a search");
  if (cursor->identity.scope != identity.scope) {
    return query_error(search.model, search_index_name,
                       "Cursor scope mismatch: it is of another model, bucket or tenant");
  }
  if (cursor->identity.query != identity.query) {
    return query_error(search.model, search_index_name, "the cursor is of a different query");
  }
  search.next = cursor->position.next;
  for (const BucketPosition& each : cursor->position.begun) {
    search.walks.push_back({.position = each});
  }
  return std::nullopt;
}

Result<Value> start_key(const Call& call, const Model& model, const BucketPosition& position) {
  if (position.last_id.empty()) return Value();
  const Result<KeyTexts> texts = split_primary_id(model, position.last_id);
  if (!texts) return std::unexpected(texts.error());
  const RowKey row = primary_row_key(model, call.tenant(), *texts);
  Value::Map key;
  key.emplace(std::string(pk_attribute), Value(row.pk));
  key.emplace(std::string(sk_attribute), Value(row.sk));
  key.emplace(std::string(iteration_pk_attribute),
              Value(iteration_partition(model, call.tenant(), position.bucket)));
  key.emplace(std::string(iteration_sk_attribute), Value(position.last_id));
  return Value(std::move(key));
}

std::string text_of(const Value::Map& key, std::string_view name) {
  const auto found = key.find(std::string(name));
  const auto* const text = found == key.end() ? nullptr : found->second.get_if<std::string>();
  return text == nullptr ? std::string() : *text;
}

Task<std::optional<Error>> read_page(Call& call, Search& search, Walk& walk) {
  Result<Value> from = start_key(call, search.model, walk.position);
  if (!from) co_return std::move(from).error();
  Result<std::string> body = bucket_body(call, call.engine().options().table_name, search.model,
                                         search.filter, search.options.batch_size, walk.position.bucket);
  if (!body) co_return std::move(body).error();
  Result<Page> page =
      co_await read_pages(call, ApiOperation::query, std::move(*body), std::move(*from), false);
  if (!page) co_return std::move(page).error();
  ++walk.queries;
  walk.ids.clear();
  for (const ItemRef& item : page->items) {
    const ValueView id = item.attribute(iteration_sk_attribute);
    if (id.present() && id.kind() == ValueKind::string) walk.ids.emplace_back(id.text());
  }
  const auto* const last = page->last_evaluated_key.get_if<Value::Map>();
  walk.page_end = last == nullptr ? std::string() : text_of(*last, iteration_sk_attribute);
  co_return std::nullopt;
}

Task<void> read_one(Call& call, Search& search, Walk& walk, Join& join) {
  std::optional<Error> error = co_await read_page(call, search, walk);
  if (error && !search.error) search.error = std::move(error);
  join.done();
}

// The walks that may go on, buckets that have not been begun among them; all of them read a page.
Task<std::vector<Walk*>> read_round(Call& call, Search& search) {
  const auto may_go_on = [&](const Walk& walk) {
    return !walk.ended && walk.queries < search.options.queries_per_bucket_max;
  };
  const std::int64_t together = search.options.parallel;
  while (search.next < search.buckets && std::ranges::count_if(search.walks, may_go_on) < together) {
    search.walks.push_back({.position = {.bucket = search.next++, .last_id = {}}});
  }
  std::vector<Walk*> round;
  for (Walk& walk : search.walks) {
    if (may_go_on(walk) && std::cmp_less(round.size(), together)) round.push_back(&walk);
  }
  Scheduler& scheduler = call.engine().scheduler();
  Join join(scheduler, round.size());
  for (Walk* const walk : round) spawn(scheduler, read_one(call, search, *walk, join));
  if (!round.empty()) co_await join;
  co_return round;
}

// Takes ids in the order of the buckets; what the limit leaves is read again by the next call.
void take(const std::vector<Walk*>& round, std::optional<std::int64_t> limit, std::vector<std::string>& ids) {
  for (Walk* const walk : round) {
    std::size_t taken = 0;
    while (taken < walk->ids.size() && (!limit || std::cmp_less(ids.size(), *limit))) {
      ids.push_back(walk->ids[taken++]);
    }
    if (taken < walk->ids.size()) {
      if (taken > 0) walk->position.last_id = walk->ids[taken - 1];
    } else if (walk->page_end.empty()) {
      walk->ended = true;
    } else {
      // Texts that were examined and do not match need not be examined again.
      walk->position.last_id = walk->page_end;
    }
  }
}

SearchPosition position_of(const Search& search) {
  SearchPosition position{.begun = {}, .next = search.next};
  for (const Walk& walk : search.walks) {
    if (!walk.ended) position.begun.push_back(walk.position);
  }
  return position;
}

Task<std::optional<Error>> collect(Call& call, Search& search, std::vector<std::string>& ids) {
  const std::optional<std::int64_t>& limit = search.options.limit;
  while (!limit || std::cmp_less(ids.size(), *limit)) {
    const std::vector<Walk*> round = co_await read_round(call, search);
    if (search.error) co_return std::move(search.error);
    if (round.empty()) break;
    take(round, limit, ids);
  }
  co_return std::nullopt;
}

}  // namespace

Error not_searchable(const Model& model) {
  return configuration_error(model, "the model is not configured as searchable");
}

Task<Result<SearchResult>> search(Call& call, const Model& model, std::vector<std::string> terms,
                                  SearchOptions options) {
  if (std::optional<Error> error = check_options(model, call.engine().options().iteration_index, options)) {
    co_return std::unexpected(std::move(*error));
  }
  const Result<std::vector<std::string>> folded = terms_of(call, model, terms);
  if (!folded) co_return std::unexpected(folded.error());
  Search search{.model = model,
                .options = options,
                .filter = condition_of(*folded, options.any_term, options.filter),
                .walks = {}};
  const Result<SearchIdentity> identity = identity_of(call, search);
  if (!identity) co_return std::unexpected(identity.error());
  if (std::optional<Error> error = start(search, *identity)) co_return std::unexpected(std::move(*error));
  if (std::optional<Error> error = refuse_outside_scope(call, call.engine())) {
    co_return std::unexpected(std::move(*error));
  }
  std::vector<std::string> ids;
  if (std::optional<Error> error = co_await collect(call, search, ids)) {
    co_return std::unexpected(std::move(*error));
  }
  Result<FoundMany> found = co_await batch_find(call, model, std::move(ids), std::move(options.find));
  if (!found) co_return std::unexpected(std::move(found).error());
  SearchResult result{.items = {}, .cursor = {}, .capacity = call.capacity};
  for (auto& [id, one] : found->items) {
    if (one.entry->item) result.items.emplace_back(std::move(id), std::move(one));
  }
  const SearchPosition position = position_of(search);
  if (!position.begun.empty() || position.next < search.buckets) {
    result.cursor = encode_cursor(*identity, position);
  }
  co_return result;
}

}  // namespace bao::core
