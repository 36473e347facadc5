#include "core/keys/row_keys.hpp"

#include <algorithm>
#include <array>

#include "core/value/concat.hpp"
#include "core/value/integer_text.hpp"
#include "core/value/utf8.hpp"

namespace bao::core {
namespace {

/// "[tenant]#prefix", room left for what follows.
std::string begin_key(std::string_view tenant, std::string_view prefix, std::size_t rest) {
  std::string key;
  key.reserve(tenant.size() + 3 + prefix.size() + rest);
  if (!tenant.empty()) key.append("[").append(tenant).append("]#");
  key.append(prefix);
  return key;
}

Error bad_id(const Model& model, std::string_view id, const char* reason) {
  std::string shown(id.substr(0, 100));
  return {ErrorCode::validation,
          ErrorDetails{.message = concat(
                           {model.name(), ": \"", shown, "\" is not a primary id of this model: ", reason}),
                       .model = model.name(),
                       .value = shown,
                       .primary_id = std::string(id)}};
}

/// Feeds the UTF-16 code units of UTF-8 text to `use`; a byte that is not part of well-formed UTF-8 counts as
/// U+FFFD, as JavaScript's TextDecoder would have it.
template <class Use>
void for_each_utf16_unit(std::string_view text, Use use) {
  constexpr std::uint32_t replacement = 0xFFFD;
  std::size_t i = 0;
  while (i < text.size()) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    if (lead < 0x80) {
      use(std::uint32_t{lead});
      continue;
    }
    const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4 || text.size() - i < more) {
      use(replacement);
      continue;
    }
    std::uint32_t code = lead & (0x3FU >> more);
    bool well_formed = true;
    for (std::size_t k = 0; k < more; ++k) {
      const auto byte = static_cast<unsigned char>(text[i + k]);
      well_formed = well_formed && (byte & 0xC0U) == 0x80U;
      code = (code << 6) | (byte & 0x3FU);
    }
    constexpr std::array<std::uint32_t, 4> least{0, 0x80, 0x800, 0x10000};
    if (!well_formed || code < least[more] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
      use(replacement);
      continue;
    }
    i += more;
    if (code < 0x10000) {
      use(code);
    } else {
      use(0xD800 + ((code - 0x10000) >> 10));
      use(0xDC00 + ((code - 0x10000) & 0x3FF));
    }
  }
}

}  // namespace

RowKey primary_row_key(const Model& model, std::string_view tenant, const KeyTexts& texts) {
  RowKey key;
  if (model.partition_key().kind == KeyPart::Kind::field) {
    key.pk = begin_key(tenant, model.prefix(), 1 + texts.partition.size());
    key.pk.append("#").append(texts.partition);
  } else {
    // Tables in format 1 have these rows without their tenant (SPEC 5).
    key.pk = begin_key(model.key_format() == 1 ? std::string_view() : tenant, model.prefix(), 0);
  }
  key.sk = model.sort_key().kind == KeyPart::Kind::field ? texts.sort : model.prefix();
  return key;
}

std::string primary_id(const Model& model, const KeyTexts& texts) {
  const bool partition = model.partition_key().kind == KeyPart::Kind::field;
  const bool sort = model.sort_key().kind == KeyPart::Kind::field;
  if (partition && sort) {
    std::string id;
    id.reserve(texts.partition.size() + id_separator.size() + texts.sort.size());
    return id.append(texts.partition).append(id_separator).append(texts.sort);
  }
  if (partition) return texts.partition;
  return sort ? texts.sort : model.prefix();
}

std::size_t count_separators(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(id_separator, at)) != std::string_view::npos; ++count) {
    at += id_separator.size();
  }
  return count;
}

Result<KeyTexts> split_primary_id(const Model& model, std::string_view id) {
  const bool partition = model.partition_key().kind == KeyPart::Kind::field;
  const bool sort = model.sort_key().kind == KeyPart::Kind::field;
  if (id.empty()) return std::unexpected(bad_id(model, id, "it is empty"));
  const std::size_t count = count_separators(id);
  const std::size_t in_first = model.partition_separators();
  const std::size_t in_second = model.sort_separators();
  if (partition && sort) {
    if (count == 0)
      return std::unexpected(bad_id(model, id, "it has no '##__SK__##' between its two halves"));
    // Where the second half may hold some, the first one holds all that it may: see key_text.
    const std::size_t first = in_second == 0 ? count - 1 : in_first;
    const bool fits = in_second == 0 ? first == 0 || first == in_first
                                     : count == first + 1 || count == first + 1 + in_second;
    if (!fits) {
      return std::unexpected(bad_id(
          model, id,
          in_first + in_second == 0 ? "it has more than one '##__SK__##'"
                                    : "it has another number of '##__SK__##' than ids of this model have"));
    }
    std::size_t at = id.find(id_separator);
    for (std::size_t i = 0; i < first; ++i) at = id.find(id_separator, at + id_separator.size());
    const std::string_view second = id.substr(at + id_separator.size());
    if (at == 0 || second.empty()) return std::unexpected(bad_id(model, id, "one of its halves is empty"));
    return KeyTexts{.partition = std::string(id.substr(0, at)), .sort = std::string(second)};
  }
  if (count != 0 && count != in_first + in_second) {
    return std::unexpected(bad_id(model, id, "it has a '##__SK__##', but the model's key is one field"));
  }
  if (partition) return KeyTexts{.partition = std::string(id), .sort = {}};
  if (sort) return KeyTexts{.partition = {}, .sort = std::string(id)};
  if (id != model.prefix()) return std::unexpected(bad_id(model, id, "its only id is its prefix"));
  return KeyTexts{};
}

std::string index_partition_key(const Model& model, std::string_view tenant, const Index& index,
                                std::string_view partition_text) {
  const std::string_view value =
      index.partition.kind == KeyPart::Kind::field ? partition_text : std::string_view(model.prefix());
  std::string key = begin_key(tenant, model.prefix(), 6 + value.size());
  return key.append("#").append(index_table_name(index.gsi)).append("#").append(value);
}

std::string index_sort_key(const Model& model, const Index& index, std::string_view sort_text) {
  return index.sort.kind == KeyPart::Kind::field ? std::string(sort_text) : model.prefix();
}

RowKey unique_row_key(const Model& model, std::string_view tenant, const UniqueConstraint& constraint,
                      std::string_view text) {
  const std::string& field = model.field(constraint.field).name;
  RowKey key{.pk = begin_key(tenant, "_raft_uc#_uc", 8 + model.prefix().size() + field.size() + text.size()),
             .sk = "_raft_uc"};
  append(key.pk, {constraint.id, "#", model.prefix(), "#", field, ":", text});
  return key;
}

RowKey iteration_key(const Model& model, std::string_view tenant, std::string_view primary_id) {
  const auto buckets = static_cast<std::uint32_t>(model.definition().iteration_buckets);
  const std::uint32_t bucket = buckets > 1 ? iteration_bucket(primary_id, buckets) : 0;
  return {.pk = iteration_partition(model, tenant, bucket), .sk = std::string(primary_id)};
}

std::string iteration_partition(const Model& model, std::string_view tenant, std::uint32_t bucket) {
  std::string pk = begin_key(tenant, model.prefix(), 9);
  pk.append("#iter");
  if (model.definition().iteration_buckets > 1) {
    const std::string number = integer_text(bucket);
    pk.append("#").append(number.size() < 3 ? 3 - number.size() : 0, '0').append(number);
  }
  return pk;
}

std::uint32_t iteration_bucket(std::string_view primary_id, std::uint32_t buckets) {
  std::uint32_t hash = 0;
  for_each_utf16_unit(primary_id, [&hash](std::uint32_t unit) { hash = hash * 31 + unit; });
  // The magnitude of the signed value; -2^31 has 2^31, which JavaScript's Math.abs gives too.
  const std::uint32_t magnitude = hash > 0x7FFFFFFFU ? 0U - hash : hash;
  return magnitude % buckets;
}

std::string_view index_pk_attribute(int gsi) {
  constexpr std::array<std::string_view, 6> names{"_pk",      "_gsi1_pk", "_gsi2_pk",
                                                  "_gsi3_pk", "_gsi4_pk", "_gsi5_pk"};
  return names[static_cast<std::size_t>(gsi)];
}

std::string_view index_sk_attribute(int gsi) {
  constexpr std::array<std::string_view, 6> names{"_sk",      "_gsi1_sk", "_gsi2_sk",
                                                  "_gsi3_sk", "_gsi4_sk", "_gsi5_sk"};
  return names[static_cast<std::size_t>(gsi)];
}

std::string_view index_table_name(int gsi) {
  constexpr std::array<std::string_view, 6> names{"", "gsi1", "gsi2", "gsi3", "gsi4", "gsi5"};
  return names[static_cast<std::size_t>(gsi)];
}

std::string_view take_tenant(std::string_view& pk) {
  // No prefix starts with '[': what does is a tenant's.
  const std::size_t end = pk.starts_with('[') ? pk.find("]#") : std::string_view::npos;
  if (end == std::string_view::npos) return {};
  const std::string_view tenant = pk.substr(1, end - 1);
  pk.remove_prefix(end + 2);
  return tenant;
}

std::string row_primary_id(const ModelDefinition& model, std::string_view pk, std::string_view sk) {
  if (pk.empty() || sk.empty()) return {};
  if (model.primary_key.partition_key == "modelPrefix") return std::string(sk);
  take_tenant(pk);
  pk.remove_prefix(std::min(model.model_prefix.size() + 1, pk.size()));
  std::string id(pk);
  if (!model.primary_key.sort_key.empty() && model.primary_key.sort_key != "modelPrefix") {
    id.append(id_separator).append(sk);
  }
  return id;
}

std::optional<Error> refuse_long_key(const Model& model, const KeyPart& partition, const KeyPart& sort,
                                     const RowKey& key) {
  const bool first = key.pk.size() > partition_key_bytes_max;
  if (!first && key.sk.size() <= sort_key_bytes_max) return std::nullopt;
  const KeyPart& part = first ? partition : sort;
  const std::string& half = first ? key.pk : key.sk;
  const std::string field = part.kind == KeyPart::Kind::field ? model.field(part.field).name : "tenant";
  return Error(
      ErrorCode::validation,
      ErrorDetails{.message = concat({model.name(), ".", field, ": the key that is made of it has ",
                                      half.size(), " bytes with its prefix and tenant, and DynamoDB takes ",
                                      first ? partition_key_bytes_max : sort_key_bytes_max}),
                   .model = model.name(),
                   .field = field,
                   .value = half.substr(0, 100)});
}

std::optional<Error> refuse_tenant(std::string_view tenant) {
  if (!tenant.empty() && tenant.find("]#") == std::string_view::npos && is_valid_utf8(tenant)) {
    return std::nullopt;
  }
  const std::string shown(tenant.substr(0, 100));
  return Error(ErrorCode::validation,
               ErrorDetails{.message = concat(
                                {"a tenant id must be text that is not empty and does not hold ']#', not '",
                                 shown, "'"}),
                            .field = "tenant",
                            .value = shown});
}

}  // namespace bao::core
