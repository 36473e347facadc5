#pragma once

#include <expected>

#include <bao/embedded.hpp>

#include "local/api_error.hpp"
#include "local/database.hpp"

// The operations on single items for callers in C++: the way of operations.hpp without JSON at its ends.

namespace bao::local {

template <class T>
using TypedOutcome = std::expected<T, embedded::Error>;

[[nodiscard]] embedded::Error typed_error(const ApiError& error);

[[nodiscard]] TypedOutcome<embedded::GetItemAnswer> get_item(Database& database,
                                                             const embedded::GetItemRequest& request);
[[nodiscard]] TypedOutcome<embedded::WriteAnswer> put_item(Database& database,
                                                           const embedded::PutItemRequest& request);
[[nodiscard]] TypedOutcome<embedded::WriteAnswer> update_item(Database& database,
                                                              const embedded::UpdateItemRequest& request);
[[nodiscard]] TypedOutcome<embedded::WriteAnswer> delete_item(Database& database,
                                                              const embedded::DeleteItemRequest& request);

}  // namespace bao::local
