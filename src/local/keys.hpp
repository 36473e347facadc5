#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "local/api_error.hpp"
#include "local/expressions/ast.hpp"
#include "local/item/encoded.hpp"
#include "local/table.hpp"

// Keys in the store, all ordered bytewise:
//   item         hash of the partition key (8 bytes, big-endian), its size (2 bytes), its bytes, sort key
//   bytes index entry  the same head of the index's partition key, its sort key escaped (where it has one),
//   item key
// Partitions so lie in the order of a hash, as DynamoDB's do, which is what a Scan shows and what its
// segments divide. Key bytes of S and B are the content, of N core::number_sort_key. Escaped: 00 becomes
// 00 FF, and 00 01 ends it.

namespace bao::local {

inline constexpr std::size_t partition_key_size_max = 2048;
inline constexpr std::size_t sort_key_size_max = 1024;

[[nodiscard]] std::uint64_t partition_hash(std::string_view key_bytes);

/// Appends the bytes that stand for an S, N or B in a store key.
void append_key_bytes(std::string& out, Encoded value);
void append_escaped(std::string& out, std::string_view bytes);
void append_escape_end(std::string& out);
/// Hash, size and bytes: what all keys of one partition start with.
void append_partition_head(std::string& out, Encoded partition);

/// The store key of an item; the key attributes are there and of the right type.
[[nodiscard]] std::string item_key(const KeySchema& keys, Encoded item);
/// The store key of an item's entry in an index; empty where the item is not in it, for
/// lack of a key attribute or because it does not fit.
[[nodiscard]] std::string index_key(const SecondaryIndex& index, Encoded item, std::string_view key_of_item);
/// The item key at the end of an index entry's key.
[[nodiscard]] std::string_view item_key_of_entry(const SecondaryIndex& index, std::string_view entry);

/// What an operation with a Key is told where the key does not fit the schema.
[[nodiscard]] Outcome<void> check_key(const KeySchema& keys, Encoded key);
/// What a put item must fulfil: the keys of the table and, where present, of the indexes.
[[nodiscard]] Outcome<void> check_item_keys(const Table& table, Encoded item);
/// The indexes' part of that; an update is told in other words.
[[nodiscard]] Outcome<void> check_index_keys(const Table& table, Encoded item, bool update);
/// Keys are scalars: no path of an expression may lead into one.
[[nodiscard]] Outcome<void> check_key_paths(const Table& table, const Ast& ast);

}  // namespace bao::local
