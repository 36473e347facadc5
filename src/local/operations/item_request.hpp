#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "local/api_error.hpp"
#include "local/expressions/ast.hpp"
#include "local/operations/legacy.hpp"
#include "local/operations/request_reader.hpp"

namespace bao::local {

/// The parameters of the operations on items, all of them: each operation reads the ones it knows. Text
/// points into the request's body.
struct ItemRequest {
  std::optional<std::string_view> table_name;
  std::optional<std::string_view> index_name;
  std::optional<std::string> key;  ///< records
  std::optional<std::string> item;
  std::optional<std::string> exclusive_start_key;
  std::optional<std::string_view> condition;
  std::optional<std::string_view> filter;
  std::optional<std::string_view> key_condition;
  std::optional<std::string_view> projection;
  std::optional<std::string_view> update;
  std::optional<std::string_view> return_values;
  std::optional<std::string_view> return_values_on_failure;
  std::optional<std::string_view> return_consumed_capacity;
  std::optional<std::string_view> return_metrics;
  std::optional<std::string_view> select;
  std::optional<bool> consistent;
  std::optional<bool> forward;
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> segment;
  std::optional<std::int64_t> total_segments;
  /// The parameters of the API before expressions; null where the request holds none.
  std::unique_ptr<LegacyParameters> legacy;

  bool has_names = false;
  bool has_values = false;
  Bindings bindings;
  std::string value_bytes;  ///< what bindings.values view
  /// A value of ExpressionAttributeValues that is wrong, with its message.
  std::optional<ApiError> invalid_binding;
  /// A value of Item, Key or ExclusiveStartKey that is wrong.
  std::optional<ApiError> invalid_value;

  /// Reads one member; false on a mistake.
  bool read_member(std::string_view name, RequestReader& reader);
  /// Reads an object's members from behind its '{' to its '}'.
  bool read_members(RequestReader& reader);
  /// Reads a value that no placeholder names; its number in the bindings, or nothing on a mistake.
  std::optional<std::uint32_t> add_value(RequestReader& reader);
  /// Binds a placeholder to the value that the caller appends to value_bytes between the two calls;
  /// `invalid`: what is wrong with it.
  void begin_binding(std::string_view placeholder);
  void end_binding(const std::optional<ApiError>& invalid);
  /// Call when all members are read: fixes the bindings' views.
  void bind();
  /// For operations that have no ExpressionAttributeValues: unknown members are ignored.
  void ignore_values() {
    has_values = false;
    bindings.values.clear();
  }

 private:
  bool read_names(RequestReader& reader);
  bool read_values(RequestReader& reader);
  bool read_record(std::optional<std::string>& out, RequestReader& reader);

  std::vector<std::size_t> value_offsets_;
};

/// The name in a TableName that may also be an ARN.
[[nodiscard]] std::string_view table_of_arn(std::string_view name);

/// What every request's ExpressionAttributeNames and -Values must fulfil, before any expression is parsed.
/// `expressions` are the parameters that the operation takes, as a message names them.
[[nodiscard]] Outcome<void> check_bindings(const ItemRequest& request, bool any_expression,
                                           std::string_view value_expressions, bool any_value_expression);
/// After all expressions are parsed: names and values that nothing used.
[[nodiscard]] Outcome<void> check_all_used(const Bindings& bindings);

}  // namespace bao::local
