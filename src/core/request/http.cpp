#include "core/request/http.hpp"

#include <array>
#include <cstddef>

namespace bao::core {
namespace {

/// In the order of ApiOperation.
constexpr std::array<std::string_view, 17> targets{
    "DynamoDB_20120810.GetItem",
    "DynamoDB_20120810.PutItem",
    "DynamoDB_20120810.UpdateItem",
    "DynamoDB_20120810.DeleteItem",
    "DynamoDB_20120810.Query",
    "DynamoDB_20120810.Scan",
    "DynamoDB_20120810.BatchGetItem",
    "DynamoDB_20120810.BatchWriteItem",
    "DynamoDB_20120810.TransactGetItems",
    "DynamoDB_20120810.TransactWriteItems",
    "DynamoDB_20120810.CreateTable",
    "DynamoDB_20120810.UpdateTable",
    "DynamoDB_20120810.DeleteTable",
    "DynamoDB_20120810.DescribeTable",
    "DynamoDB_20120810.ListTables",
    "DynamoDB_20120810.UpdateTimeToLive",
    "DynamoDB_20120810.DescribeTimeToLive",
};
static_assert(static_cast<std::size_t>(ApiOperation::describe_time_to_live) + 1 == targets.size());

}  // namespace

std::string_view api_operation_name(ApiOperation operation) {
  constexpr std::string_view version = "DynamoDB_20120810.";
  return api_target(operation).substr(version.size());
}

std::string_view api_target(ApiOperation operation) {
  return targets[static_cast<std::size_t>(operation)];
}

}  // namespace bao::core
