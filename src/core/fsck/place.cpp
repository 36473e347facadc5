#include "core/fsck/place.hpp"

#include <vector>

#include "core/keys/row_keys.hpp"

namespace bao::core {

namespace {

constexpr int gsis_max = 5;

// The tenant that all index and iteration keys of an item name; nothing: there are none, or they differ.
std::optional<std::string> tenant_of_other_keys(const ItemRef& row) {
  std::optional<std::string> tenant;
  std::vector<std::string> keys{attribute_text(row, iteration_pk_attribute)};
  for (int gsi = 1; gsi <= gsis_max; ++gsi) keys.push_back(attribute_text(row, index_pk_attribute(gsi)));
  for (const std::string& key : keys) {
    if (key.empty()) continue;
    std::string_view rest = key;
    std::string named(take_tenant(rest));
    if (tenant && *tenant != named) return std::nullopt;
    tenant = std::move(named);
  }
  return tenant;
}

// The prefix of a key `prefix` + `mark` + more; empty: it has another form.
std::string prefix_before(std::string_view key, std::string_view mark) {
  take_tenant(key);
  const std::size_t end = key.find(mark);
  if (end == std::string_view::npos) return {};
  const std::string_view rest = key.substr(end + mark.size());
  // `prefix#iter` may end there; an index key has more.
  if (mark.back() != '#' && !rest.empty() && !rest.starts_with('#')) return {};
  return std::string(key.substr(0, end));
}

}  // namespace

RowPlace place_of(const Schema& schema, const ItemRef& row) {
  RowPlace place;
  const std::string key = attribute_text(row, pk_attribute);
  std::string_view rest = key;
  place.tenant = take_tenant(rest);
  if (rest.starts_with("_raft_uc#")) {
    place.kind = RowPlace::Kind::unique;
    return place;
  }
  place.prefix = rest.substr(0, rest.find('#'));
  place.model = schema.model_by_prefix(place.prefix);
  if (place.model == nullptr) return place;
  place.kind = RowPlace::Kind::item;
  if (place.model->partition_key().kind == KeyPart::Kind::prefix && place.tenant.empty()) {
    std::optional<std::string> tenant = tenant_of_other_keys(row);
    place.tenant_known = tenant.has_value() || place.model->key_format() != 1;
    if (tenant) place.tenant = std::move(*tenant);
  }
  return place;
}

std::optional<PrefixClaim> other_claim(const Model& model, const ItemRef& row) {
  const auto claim = [&](std::string_view attribute, std::string prefix) -> std::optional<PrefixClaim> {
    if (prefix.empty() || prefix == model.prefix()) return std::nullopt;
    return PrefixClaim{.attribute = std::string(attribute),
                       .key = attribute_text(row, attribute),
                       .prefix = std::move(prefix)};
  };
  // `prefix#id` and `prefix`, where the prefix has a `#` of its own.
  if (model.sort_key().kind != KeyPart::Kind::field) {
    const std::string pk = attribute_text(row, pk_attribute);
    std::string_view rest = pk;
    take_tenant(rest);
    std::string sk = attribute_text(row, sk_attribute);
    if (rest.starts_with(sk + "#")) {
      if (auto found = claim(sk_attribute, std::move(sk))) return found;
    }
  }
  if (auto found = claim(iteration_pk_attribute,
                         prefix_before(attribute_text(row, iteration_pk_attribute), "#iter"))) {
    return found;
  }
  for (int gsi = 1; gsi <= gsis_max; ++gsi) {
    const std::string_view attribute = index_pk_attribute(gsi);
    const std::string mark = "#" + std::string(index_table_name(gsi)) + "#";
    if (auto found = claim(attribute, prefix_before(attribute_text(row, attribute), mark))) return found;
  }
  return std::nullopt;
}

std::string attribute_text(const ItemRef& item, std::string_view name) {
  const ValueView view = item.attribute(name);
  if (!view.present() || view.kind() != ValueKind::string) return {};
  return std::string(view.text());
}

}  // namespace bao::core
