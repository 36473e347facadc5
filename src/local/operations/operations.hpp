#pragma once

#include <string>

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

}  // namespace bao::local
