#pragma once

#include <lmdb.h>

#include <optional>
#include <string_view>

namespace bao::local {

// Single keys of one space, which is a database of LMDB's, in a transaction. Each gives LMDB's code.

/// `value` is nothing where the key is not there.
[[nodiscard]] int lmdb_get(MDB_txn* txn, MDB_dbi dbi, std::string_view key,
                           std::optional<std::string_view>& value);
[[nodiscard]] int lmdb_put(MDB_txn* txn, MDB_dbi dbi, std::string_view key, std::string_view value);
/// A key that is not there is no error.
[[nodiscard]] int lmdb_erase(MDB_txn* txn, MDB_dbi dbi, std::string_view key);

}  // namespace bao::local
