#include "local/expressions/parser.hpp"
#include "local/keys.hpp"
#include "local/operations/common.hpp"
#include "local/operations/operations.hpp"
#include "local/operations/page.hpp"

namespace bao::local {

namespace {

/// Parses what Query and Scan share, expressions or older parameters, into the page.
Outcome<void> parse_expressions(ItemRequest& request, const LegacyConditions* legacy_filter,
                                PageRequest& page) {
  if (request.legacy) {
    if (auto checked = check_conditional_operator(request, *legacy_filter); !checked) return checked;
    if (request.legacy->attributes_to_get) {
      auto built = legacy_projection(request);
      if (!built) return std::unexpected(std::move(built.error()));
      page.projection = std::move(*built);
    }
    if (*legacy_filter && !(*legacy_filter)->empty()) {
      auto built = legacy_condition(request, **legacy_filter);
      if (!built) return std::unexpected(std::move(built.error()));
      page.filter = std::move(*built);
    }
  }
  if (request.filter) {
    auto parsed = parse_condition(ExpressionKind::filter, *request.filter, request.bindings);
    if (!parsed) return std::unexpected(std::move(parsed.error()));
    page.filter = std::move(*parsed);
  }
  if (request.projection) {
    auto parsed = parse_projection(*request.projection, request.bindings);
    if (!parsed) return std::unexpected(std::move(parsed.error()));
    page.projection = std::move(*parsed);
  }
  return {};
}

/// Query's filter must leave the keys alone.
Outcome<void> check_filter_attributes(const ConditionExpression& filter, const KeySchema& keys, bool legacy) {
  for (const Node& node : filter.ast.nodes) {
    if (node.op != Op::path) continue;
    const std::string_view name = filter.ast.path_begin(node)->name;
    if (is_key(keys, name)) {
      return invalid(
          std::string(legacy ? "QueryFilter" : "Filter Expression") +
          " can only contain non-primary key attributes: Primary key attribute: " + std::string(name));
    }
  }
  return {};
}

Outcome<void> check_page_paths(const PageRequest& page) {
  if (page.projection) {
    if (auto done = check_key_paths(*page.table, page.projection->ast); !done) return done;
  }
  return page.filter ? check_key_paths(*page.table, page.filter->ast) : Outcome<void>();
}

/// Continues a walk behind a key.
void continue_after(PageRequest& page, std::string key) {
  if (page.forward) {
    key += '\0';
    if (key > page.range.lower) page.range.lower = std::move(key);
  } else if (page.range.upper.empty() || key < page.range.upper) {
    page.range.upper = std::move(key);
  }
}

/// The first hash of a segment: the hashes are divided evenly. `segment` <= `total`, which is at most 10^6.
std::uint64_t segment_start(std::uint64_t segment, std::uint64_t total) {
  // ceil(segment * 2^64 / total), without a wider type.
  const std::uint64_t quotient = ~std::uint64_t{0} / total;
  const std::uint64_t remainder = ~std::uint64_t{0} % total + 1;
  return segment * quotient + (segment * remainder + total - 1) / total;
}

std::string hash_bytes(std::uint64_t hash) {
  std::string out;
  for (unsigned shift = 64; shift > 0; shift -= 8) out += static_cast<char>(hash >> (shift - 8) & 0xFF);
  return out;
}

Outcome<void> check_segments(const ItemRequest& request) {
  if (request.total_segments && !request.segment) {
    return invalid(
        "The Segment parameter is required but was not present in the request when parameter TotalSegments "
        "is present");
  }
  if (request.segment && !request.total_segments) {
    return invalid(
        "The TotalSegments parameter is required but was not present in the request when Segment parameter "
        "is present");
  }
  if (request.segment && *request.segment >= *request.total_segments) {
    return invalid(
        "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: " +
        std::to_string(*request.segment) +
        " is not less than TotalSegments: " + std::to_string(*request.total_segments));
  }
  return {};
}

}  // namespace

Outcome<std::string> query(Database& database, std::string& body) {
  ItemRequest request;
  if (auto done = read_request(body, request); !done) return std::unexpected(std::move(done.error()));
  if (auto done = check_page_request(request, RequestKind::query); !done)
    return std::unexpected(std::move(done.error()));
  const bool with_values = request.filter || request.key_condition;
  auto checked = check_bindings(request, with_values || request.projection,
                                "FilterExpression and KeyConditionExpression are null", with_values);
  if (!checked) return std::unexpected(std::move(checked.error()));
  const bool legacy_keys = request.legacy && request.legacy->key_conditions;
  if (!request.key_condition && !legacy_keys) {
    return invalid(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
  }
  PageRequest page;
  const LegacyConditions* filter = request.legacy ? &request.legacy->query_filter : nullptr;
  if (auto done = parse_expressions(request, filter, page); !done)
    return std::unexpected(std::move(done.error()));
  auto condition =
      legacy_keys ? legacy_key_condition(request, *request.legacy->key_conditions)
                  : parse_condition(ExpressionKind::key_condition, *request.key_condition, request.bindings);
  if (!condition) return std::unexpected(std::move(condition.error()));
  if (auto done = check_all_used(request.bindings); !done) return std::unexpected(std::move(done.error()));
  if (auto done = fill_page(database, request, page); !done) return std::unexpected(std::move(done.error()));

  const KeySchema& keys = page.index ? page.index->keys : page.table->keys;
  const auto conditions = key_conditions(*condition, request.bindings, keys);
  if (!conditions) return std::unexpected(conditions.error());
  if (page.filter) {
    if (auto done = check_filter_attributes(*page.filter, keys, request.legacy != nullptr); !done)
      return std::unexpected(std::move(done.error()));
  }
  if (auto done = check_page_paths(page); !done) return std::unexpected(std::move(done.error()));
  page.forward = request.forward.value_or(true);
  page.range = key_range(*conditions, page.index != nullptr);
  if (request.exclusive_start_key) {
    auto key = start_key(page, *request.exclusive_start_key);
    if (!key) return std::unexpected(std::move(key.error()));
    const Encoded start = Encoded::of_record(*request.exclusive_start_key);
    if (!equal(start.find(keys.partition.name), conditions->partition)) {
      return invalid("The provided starting key is outside query boundaries based on provided conditions");
    }
    if (!within(*conditions, keys, start)) {
      return invalid("The provided starting key does not match the range key predicate");
    }
    continue_after(page, std::move(*key));
  }
  return answer_page(database, page, request.bindings);
}

Outcome<std::string> scan(Database& database, std::string& body) {
  ItemRequest request;
  if (auto done = read_request(body, request); !done) return std::unexpected(std::move(done.error()));
  if (auto done = check_page_request(request, RequestKind::scan); !done)
    return std::unexpected(std::move(done.error()));
  if (auto done = check_segments(request); !done) return std::unexpected(std::move(done.error()));
  auto checked = check_bindings(request, request.filter || request.projection, "FilterExpression is null",
                                request.filter.has_value());
  if (!checked) return std::unexpected(std::move(checked.error()));
  PageRequest page;
  const LegacyConditions* filter = request.legacy ? &request.legacy->scan_filter : nullptr;
  if (auto done = parse_expressions(request, filter, page); !done)
    return std::unexpected(std::move(done.error()));
  if (auto done = check_all_used(request.bindings); !done) return std::unexpected(std::move(done.error()));
  if (auto done = fill_page(database, request, page); !done) return std::unexpected(std::move(done.error()));

  if (auto done = check_page_paths(page); !done) return std::unexpected(std::move(done.error()));
  if (request.segment && *request.total_segments > 1) {
    const auto segment = static_cast<std::uint64_t>(*request.segment);
    const auto total = static_cast<std::uint64_t>(*request.total_segments);
    page.range.lower = hash_bytes(segment_start(segment, total));
    if (segment + 1 < total) page.range.upper = hash_bytes(segment_start(segment + 1, total));
  }
  if (request.exclusive_start_key) {
    auto key = start_key(page, *request.exclusive_start_key);
    if (!key) return std::unexpected(std::move(key.error()));
    if (*key < page.range.lower || (!page.range.upper.empty() && *key >= page.range.upper)) {
      return invalid(
          "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey "
          "with correct Segment. TotalSegments: " +
          std::to_string(*request.total_segments) + " Segment: " + std::to_string(*request.segment));
    }
    continue_after(page, std::move(*key));
  }
  return answer_page(database, page, request.bindings);
}

}  // namespace bao::local
