#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "local/api_error.hpp"
#include "local/expressions/ast.hpp"
#include "local/operations/constraints.hpp"
#include "local/operations/request_reader.hpp"

// The parameters of the API before expressions. They are read into these structs, checked by their own
// rules, and turned into the same trees that expressions are parsed into: nothing else evaluates them.

namespace bao::local {

struct ItemRequest;

/// One attribute's entry in Expected, KeyConditions, QueryFilter or ScanFilter. Values are numbers of
/// Bindings::values.
struct LegacyCondition {
  std::string_view attribute;
  std::optional<std::string_view> comparison;
  std::optional<bool> exists;
  std::optional<std::uint32_t> value;
  std::optional<std::vector<std::uint32_t>> values;
};

struct LegacyUpdate {
  std::string_view attribute;
  std::optional<std::string_view> action;
  std::optional<std::uint32_t> value;
};

using LegacyConditions = std::optional<std::vector<LegacyCondition>>;

struct LegacyParameters {
  std::optional<std::vector<std::string_view>> attributes_to_get;
  LegacyConditions expected;
  LegacyConditions key_conditions;
  LegacyConditions query_filter;
  LegacyConditions scan_filter;
  std::optional<std::vector<LegacyUpdate>> attribute_updates;
  std::optional<std::string_view> conditional_operator;
};

[[nodiscard]] bool is_legacy_parameter(std::string_view name);
/// Reads one of them into `request.legacy`; its values join the request's bindings.
bool read_legacy_parameter(std::string_view name, RequestReader& reader, ItemRequest& request);

/// Which parameters an operation takes decides which of them clash.
enum class RequestKind : std::uint8_t { get, put, remove, update, query, scan, batch_get };

void legacy_constraints(Constraints& constraints, const ItemRequest& request, RequestKind kind);
/// Expressions and these parameters in one request.
[[nodiscard]] Outcome<void> check_not_mixed(const ItemRequest& request, RequestKind kind);

/// Expected or a filter, its conditions joined as ConditionalOperator says.
[[nodiscard]] Outcome<ConditionExpression> legacy_condition(const ItemRequest& request,
                                                            const std::vector<LegacyCondition>& conditions);
/// KeyConditions, for key_conditions().
[[nodiscard]] Outcome<ConditionExpression> legacy_key_condition(
    const ItemRequest& request, const std::vector<LegacyCondition>& conditions);
/// ConditionalOperator without two conditions to join.
[[nodiscard]] Outcome<void> check_conditional_operator(const ItemRequest& request,
                                                       const LegacyConditions& conditions);
[[nodiscard]] Outcome<UpdateExpression> legacy_update(const ItemRequest& request);
[[nodiscard]] Outcome<ProjectionExpression> legacy_projection(const ItemRequest& request);

}  // namespace bao::local
