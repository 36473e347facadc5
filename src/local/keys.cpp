#include "local/keys.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/value/number.hpp"

namespace bao::local {

namespace {

void append_big_endian(std::string& out, std::uint64_t number, unsigned bytes) {
  while (bytes-- > 0) out += static_cast<char>(number >> (8 * bytes) & 0xFF);
}

std::uint64_t load_word(const char* bytes, std::size_t size) {
  std::uint64_t word = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&word, bytes, size);
  } else {
    for (std::size_t i = 0; i < size; ++i) {
      word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    }
  }
  return word;
}

bool is_empty_key(Encoded value) {
  return value.tag() != Tag::number && value.text().empty();
}

/// Writes refuse index keys that do not fit, but an index may be made after the items.
bool fits(const KeyAttribute& key, Encoded value, std::size_t size_max) {
  return value.present() && value.tag() == key.type && !is_empty_key(value) &&
         value.text().size() <= size_max;
}

std::string empty_key_message(std::string_view name, Tag type) {
  return "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain "
         "an empty " +
         std::string(type == Tag::binary ? "binary" : "string") + " value. Key: " + std::string(name);
}

Outcome<void> check_key_sizes(Encoded partition, Encoded sort) {
  if (partition.text().size() > partition_key_size_max) {
    return invalid(
        "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit "
        "of2048 bytes");
  }
  if (sort.present() && sort.text().size() > sort_key_size_max) {
    return invalid(
        "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size "
        "limit of 1024 bytes");
  }
  return {};
}

Outcome<void> check_table_key(const KeyAttribute& key, Encoded value) {
  if (!value.present()) {
    return invalid("One or more parameter values were invalid: Missing the key " + key.name + " in the item");
  }
  if (value.tag() != key.type) {
    return invalid("One or more parameter values were invalid: Type mismatch for key " + key.name +
                   " expected: " + std::string(type_name(key.type)) +
                   " actual: " + std::string(type_name(value.tag())));
  }
  if (is_empty_key(value)) return invalid(empty_key_message(key.name, key.type));
  return {};
}

Outcome<void> check_index_key(const SecondaryIndex& index, const KeyAttribute& key, Encoded value,
                              std::size_t size_max, bool update) {
  if (!value.present()) return {};
  if (value.tag() != key.type) {
    return invalid("One or more parameter values were invalid: Type mismatch for Index Key " + key.name +
                   " Expected: " + std::string(type_name(key.type)) +
                   " Actual: " + std::string(type_name(value.tag())) + " IndexName: " + index.name);
  }
  if (is_empty_key(value)) {
    const std::string what = "The AttributeValue for a key attribute cannot contain an empty " +
                             std::string(key.type == Tag::binary ? "binary" : "string") + " value.";
    if (update) {
      return invalid(
          "One or more parameter values are not valid. The update expression attempted to update a secondary "
          "index key to a value that is not supported. " +
          what);
    }
    return invalid(
        "One or more parameter values are not valid. A value specified for a secondary index key is not "
        "supported. " +
        what + " IndexName: " + index.name + ", IndexKey: " + key.name);
  }
  if (value.text().size() > size_max) {
    return invalid(size_max == partition_key_size_max
                       ? "One or more parameter values were invalid: Size of hashkey has exceeded the "
                         "maximum size limit of2048 bytes"
                       : "One or more parameter values were invalid: Aggregated size of all range keys has "
                         "exceeded the size limit of 1024 bytes");
  }
  return {};
}

}  // namespace

std::uint64_t partition_hash(std::string_view key_bytes) {
  // Any well-mixing function will do, but it is part of the format of a stored database: do not change it.
  constexpr std::uint64_t multiplier = 0x9E3779B97F4A7C15U;
  std::uint64_t hash = 0x51ED270B0A1F3C27U ^ (key_bytes.size() * multiplier);
  const char* at = key_bytes.data();
  std::size_t left = key_bytes.size();
  while (left > 0) {
    const std::size_t size = left < 8 ? left : 8;
    hash = (hash ^ load_word(at, size)) * multiplier;
    hash ^= hash >> 29;
    at += size;
    left -= size;
  }
  hash ^= hash >> 32;
  hash *= 0xD6E8FEB86659FD93U;
  hash ^= hash >> 32;
  hash *= 0xD6E8FEB86659FD93U;
  return hash ^ (hash >> 32);
}

void append_key_bytes(std::string& out, Encoded value) {
  if (value.tag() == Tag::number) {
    // Numbers inside the engine are canonical, so this cannot fail.
    if (const auto bytes = core::number_sort_key(value.text())) out += *bytes;
    return;
  }
  out += value.text();
}

void append_escaped(std::string& out, std::string_view bytes) {
  std::size_t zero = bytes.find('\0');
  while (zero != std::string_view::npos) {
    out += bytes.substr(0, zero + 1);
    out += '\xFF';
    bytes.remove_prefix(zero + 1);
    zero = bytes.find('\0');
  }
  out += bytes;
}

void append_escape_end(std::string& out) {
  out += '\0';
  out += '\x01';
}

void append_partition_head(std::string& out, Encoded partition) {
  std::string number;
  std::string_view bytes = partition.text();
  if (partition.tag() == Tag::number) {
    append_key_bytes(number, partition);
    bytes = number;
  }
  append_big_endian(out, partition_hash(bytes), 8);
  append_big_endian(out, bytes.size(), 2);
  out += bytes;
}

std::string item_key(const KeySchema& keys, Encoded item) {
  std::string out;
  const Encoded partition = item.find(keys.partition.name);
  const Encoded sort = keys.sort ? item.find(keys.sort->name) : Encoded();
  out.reserve(10 + partition.text().size() + sort.text().size());
  append_partition_head(out, partition);
  if (keys.sort) append_key_bytes(out, sort);
  return out;
}

std::string index_key(const SecondaryIndex& index, Encoded item, std::string_view key_of_item) {
  std::string out;
  const Encoded partition = item.find(index.keys.partition.name);
  if (!fits(index.keys.partition, partition, partition_key_size_max)) return out;
  Encoded sort;
  if (index.keys.sort) {
    sort = item.find(index.keys.sort->name);
    if (!fits(*index.keys.sort, sort, sort_key_size_max)) return out;
  }
  out.reserve(12 + partition.text().size() + sort.text().size() + key_of_item.size());
  append_partition_head(out, partition);
  if (index.keys.sort) {
    if (sort.tag() == Tag::number) {
      std::string number;
      append_key_bytes(number, sort);
      append_escaped(out, number);
    } else {
      append_escaped(out, sort.text());
    }
    append_escape_end(out);
  }
  out += key_of_item;
  return out;
}

std::string_view item_key_of_entry(const SecondaryIndex& index, std::string_view entry) {
  const std::size_t size = static_cast<std::size_t>(static_cast<unsigned char>(entry[8])) << 8 |
                           static_cast<unsigned char>(entry[9]);
  entry.remove_prefix(10 + size);
  if (!index.keys.sort) return entry;
  std::size_t at = entry.find('\0');
  while (entry[at + 1] != '\x01') at = entry.find('\0', at + 2);
  return entry.substr(at + 2);
}

Outcome<void> check_key(const KeySchema& keys, Encoded key) {
  const Encoded partition = key.find(keys.partition.name);
  const Encoded sort = keys.sort ? key.find(keys.sort->name) : Encoded();
  const bool fits = key.count() == (keys.sort ? 2U : 1U) && partition.present() &&
                    (!keys.sort || sort.present()) && partition.tag() == keys.partition.type &&
                    (!keys.sort || sort.tag() == keys.sort->type);
  if (!fits) return invalid("The provided key element does not match the schema");
  if (is_empty_key(partition)) return invalid(empty_key_message(keys.partition.name, keys.partition.type));
  if (keys.sort && is_empty_key(sort)) return invalid(empty_key_message(keys.sort->name, keys.sort->type));
  return check_key_sizes(partition, sort);
}

Outcome<void> check_item_keys(const Table& table, Encoded item) {
  const Encoded partition = item.find(table.keys.partition.name);
  if (auto checked = check_table_key(table.keys.partition, partition); !checked) return checked;
  Encoded sort;
  if (table.keys.sort) {
    sort = item.find(table.keys.sort->name);
    if (auto checked = check_table_key(*table.keys.sort, sort); !checked) return checked;
  }
  if (auto checked = check_key_sizes(partition, sort); !checked) return checked;
  return check_index_keys(table, item, false);
}

Outcome<void> check_index_keys(const Table& table, Encoded item, bool update) {
  for (const SecondaryIndex& index : table.indexes) {
    auto checked = check_index_key(index, index.keys.partition, item.find(index.keys.partition.name),
                                   partition_key_size_max, update);
    if (!checked) return checked;
    if (!index.keys.sort) continue;
    checked =
        check_index_key(index, *index.keys.sort, item.find(index.keys.sort->name), sort_key_size_max, update);
    if (!checked) return checked;
  }
  return {};
}

Outcome<void> check_key_paths(const Table& table, const Ast& ast) {
  for (const Node& node : ast.nodes) {
    if (node.op != Op::path || node.count < 2) continue;
    const std::string_view name = ast.path_begin(node)->name;
    const bool own = is_key(table.keys, name);
    const bool in_index =
        std::any_of(table.indexes.begin(), table.indexes.end(),
                    [name](const SecondaryIndex& index) { return is_key(index.keys, name); });
    if (!own && !in_index) continue;
    return invalid(
        "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: " +
        std::string(own ? "Key: " : "IndexKey: ") + std::string(name));
  }
  return {};
}

}  // namespace bao::local
