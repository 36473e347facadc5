#pragma once

#include <array>
#include <string>
#include <string_view>

#include "local/api_error.hpp"
#include "local/database.hpp"

// One function an operation: the request's JSON in, the answer's JSON out. The body is overwritten.

namespace bao::local {

[[nodiscard]] Outcome<std::string> get_item(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> put_item(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> update_item(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> delete_item(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> query(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> scan(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> batch_get_item(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> batch_write_item(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> transact_get_items(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> transact_write_items(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> create_table(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> update_table(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> delete_table(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> describe_table(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> list_tables(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> update_time_to_live(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> describe_time_to_live(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> tag_resource(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> untag_resource(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> list_tags_of_resource(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> describe_endpoints(Database& database, std::string& body);
[[nodiscard]] Outcome<std::string> describe_limits(Database& database, std::string& body);

/// By the names that requests give them.
struct Operation {
  std::string_view name;
  Outcome<std::string> (*run)(Database&, std::string&);
};

// The busiest first: they are found by a linear search.
inline constexpr std::array operations = {
    Operation{"GetItem", get_item},
    Operation{"PutItem", put_item},
    Operation{"UpdateItem", update_item},
    Operation{"Query", query},
    Operation{"BatchGetItem", batch_get_item},
    Operation{"TransactWriteItems", transact_write_items},
    Operation{"DeleteItem", delete_item},
    Operation{"BatchWriteItem", batch_write_item},
    Operation{"TransactGetItems", transact_get_items},
    Operation{"Scan", scan},
    Operation{"DescribeTable", describe_table},
    Operation{"CreateTable", create_table},
    Operation{"UpdateTable", update_table},
    Operation{"DeleteTable", delete_table},
    Operation{"ListTables", list_tables},
    Operation{"UpdateTimeToLive", update_time_to_live},
    Operation{"DescribeTimeToLive", describe_time_to_live},
    Operation{"TagResource", tag_resource},
    Operation{"UntagResource", untag_resource},
    Operation{"ListTagsOfResource", list_tags_of_resource},
    Operation{"DescribeEndpoints", describe_endpoints},
    Operation{"DescribeLimits", describe_limits},
};

}  // namespace bao::local
