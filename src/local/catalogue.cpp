#include "local/catalogue.hpp"

namespace bao::local {

namespace {

constexpr std::string_view table_prefix = "table/";
constexpr std::string_view token_prefix = "token/";
// Raise them when the layout changes, and keep reading the older ones. Tables of version 1 had no class.
constexpr std::uint8_t table_version = 2;
constexpr std::uint8_t token_version = 1;

class Writer {
 public:
  void byte(std::uint8_t value) { out_ += static_cast<char>(value); }
  void flag(bool value) { byte(value ? 1 : 0); }
  void number(std::uint64_t value) {
    for (unsigned shift = 0; shift < 64; shift += 8) byte(static_cast<std::uint8_t>(value >> shift & 0xFF));
  }
  void signed_number(std::int64_t value) { number(static_cast<std::uint64_t>(value)); }
  void text(std::string_view value) { append_bytes(out_, value); }
  void count(std::size_t value) { number(value); }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

/// Gives zeros and empty texts once the bytes have run out; `failed` tells.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::uint8_t byte() {
    if (bytes_.empty()) {
      failed_ = true;
      return 0;
    }
    const auto value = static_cast<std::uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return value;
  }
  bool flag() { return byte() != 0; }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 8) value |= std::uint64_t{byte()} << shift;
    return value;
  }
  std::int64_t signed_number() { return static_cast<std::int64_t>(number()); }
  std::string text() {
    std::uint64_t size = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const std::uint8_t part = byte();
      size |= std::uint64_t{part & 0x7FU} << shift;
      if ((part & 0x80U) == 0) break;
    }
    if (size > bytes_.size()) {
      failed_ = true;
      return {};
    }
    const auto taken = static_cast<std::size_t>(size);
    std::string value(bytes_.substr(0, taken));
    bytes_.remove_prefix(taken);
    return value;
  }
  /// Of a list; every element takes at least one byte.
  std::size_t count() {
    const std::uint64_t value = number();
    if (value > bytes_.size()) failed_ = true;
    return failed_ ? 0 : static_cast<std::size_t>(value);
  }
  [[nodiscard]] bool whole() const { return !failed_ && bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool failed_ = false;
};

void write_attribute(Writer& writer, const KeyAttribute& attribute) {
  writer.text(attribute.name);
  writer.byte(static_cast<std::uint8_t>(attribute.type));
}

KeyAttribute read_attribute(Reader& reader) {
  KeyAttribute attribute;
  attribute.name = reader.text();
  attribute.type = static_cast<Tag>(reader.byte());
  return attribute;
}

void write_keys(Writer& writer, const KeySchema& keys) {
  write_attribute(writer, keys.partition);
  writer.flag(keys.sort.has_value());
  if (keys.sort) write_attribute(writer, *keys.sort);
}

KeySchema read_keys(Reader& reader) {
  KeySchema keys{.partition = read_attribute(reader), .sort = std::nullopt};
  if (reader.flag()) keys.sort = read_attribute(reader);
  return keys;
}

void write_index(Writer& writer, const SecondaryIndex& index) {
  writer.text(index.name);
  write_keys(writer, index.keys);
  writer.byte(static_cast<std::uint8_t>(index.projection.kind));
  writer.count(index.projection.include.size());
  for (const std::string& name : index.projection.include) writer.text(name);
  writer.flag(index.global);
  writer.number(index.space);
  writer.signed_number(index.throughput.read);
  writer.signed_number(index.throughput.write);
  writer.number(index.entries);
  writer.number(index.bytes);
}

SecondaryIndex read_index(Reader& reader) {
  SecondaryIndex index;
  index.name = reader.text();
  index.keys = read_keys(reader);
  index.projection.kind = static_cast<Projection::Kind>(reader.byte());
  for (std::size_t left = reader.count(); left > 0; --left) index.projection.include.push_back(reader.text());
  index.global = reader.flag();
  index.space = static_cast<SpaceId>(reader.number());
  index.throughput.read = reader.signed_number();
  index.throughput.write = reader.signed_number();
  index.entries = reader.number();
  index.bytes = reader.number();
  return index;
}

std::unexpected<ApiError> unreadable(std::string_view what) {
  return std::unexpected(
      internal_error("The database holds a " + std::string(what) + " that this version cannot read"));
}

}  // namespace

std::string table_entry_key(std::string_view table_name) {
  return std::string(table_prefix) + std::string(table_name);
}
std::string token_entry_key(std::string_view token) {
  return std::string(token_prefix) + std::string(token);
}
std::string_view token_of_entry_key(std::string_view key) {
  return key.starts_with(token_prefix) ? key.substr(token_prefix.size()) : std::string_view();
}
bool is_table_entry_key(std::string_view key) {
  return key.starts_with(table_prefix);
}

std::string encode_table(const Table& table) {
  Writer writer;
  writer.byte(table_version);
  writer.text(table.name);
  writer.text(table.id);
  write_keys(writer, table.keys);
  writer.count(table.attributes.size());
  for (const KeyAttribute& attribute : table.attributes) write_attribute(writer, attribute);
  writer.count(table.indexes.size());
  for (const SecondaryIndex& index : table.indexes) write_index(writer, index);
  writer.number(table.space);
  writer.flag(table.pay_per_request);
  writer.signed_number(table.throughput.read);
  writer.signed_number(table.throughput.write);
  writer.signed_number(table.created_ms);
  writer.signed_number(table.billing_changed_ms);
  writer.flag(table.ttl_attribute.has_value());
  writer.text(table.ttl_attribute.value_or(""));
  writer.flag(table.deletion_protection);
  writer.number(table.items);
  writer.number(table.bytes);
  writer.count(table.tags.size());
  for (const ResourceTag& tag : table.tags) {
    writer.text(tag.key);
    writer.text(tag.value);
  }
  writer.byte(table.table_class ? static_cast<std::uint8_t>(*table.table_class) : std::uint8_t{0});
  return writer.take();
}

Outcome<Table> decode_table(std::string_view bytes) {
  Reader reader(bytes);
  const std::uint8_t version = reader.byte();
  if (version == 0 || version > table_version) return unreadable("table definition");
  Table table;
  table.name = reader.text();
  table.id = reader.text();
  table.keys = read_keys(reader);
  for (std::size_t left = reader.count(); left > 0; --left)
    table.attributes.push_back(read_attribute(reader));
  for (std::size_t left = reader.count(); left > 0; --left) table.indexes.push_back(read_index(reader));
  table.space = static_cast<SpaceId>(reader.number());
  table.pay_per_request = reader.flag();
  table.throughput.read = reader.signed_number();
  table.throughput.write = reader.signed_number();
  table.created_ms = reader.signed_number();
  table.billing_changed_ms = reader.signed_number();
  if (reader.flag()) {
    table.ttl_attribute = reader.text();
  } else {
    (void)reader.text();
  }
  table.deletion_protection = reader.flag();
  table.items = reader.number();
  table.bytes = reader.number();
  for (std::size_t left = reader.count(); left > 0; --left) {
    std::string key = reader.text();
    table.tags.push_back({std::move(key), reader.text()});
  }
  if (version > 1) {
    const std::uint8_t table_class = reader.byte();
    if (table_class > static_cast<std::uint8_t>(TableClass::infrequent_access)) {
      return unreadable("table definition");
    }
    if (table_class != 0) table.table_class = static_cast<TableClass>(table_class);
  }
  if (!reader.whole()) return unreadable("table definition");
  return table;
}

std::string encode_finished(const FinishedTransaction& finished) {
  Writer writer;
  writer.byte(token_version);
  writer.number(finished.fingerprint);
  writer.signed_number(finished.expires_at_ms);
  return writer.take();
}

Outcome<FinishedTransaction> decode_finished(std::string_view bytes) {
  Reader reader(bytes);
  if (reader.byte() != token_version) return unreadable("transaction record");
  FinishedTransaction finished;
  finished.fingerprint = reader.number();
  finished.expires_at_ms = reader.signed_number();
  if (!reader.whole()) return unreadable("transaction record");
  return finished;
}

}  // namespace bao::local
