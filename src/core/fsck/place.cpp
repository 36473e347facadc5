#include "core/fsck/place.hpp"

#include <vector>

#include "core/keys/row_keys.hpp"

namespace bao::core {

namespace {

// Takes `[tenant]#` off a partition key and gives the tenant; empty: there is none.
std::string take_tenant(std::string_view& key) {
  const std::size_t end = key.starts_with('[') ? key.find("]#") : std::string_view::npos;
  if (end == std::string_view::npos) return {};
  std::string tenant(key.substr(1, end - 1));
  key.remove_prefix(end + 2);
  return tenant;
}

// The tenant of an item whose `_pk` does not have it, by the other keys that it has.
void find_tenant(const ItemRef& row, RowPlace& place) {
  place.tenant_known = false;
  std::vector<std::string> keys{attribute_text(row, iteration_pk_attribute)};
  for (int gsi = 1; gsi <= 5; ++gsi) keys.push_back(attribute_text(row, index_pk_attribute(gsi)));
  for (const std::string& key : keys) {
    if (key.empty()) continue;
    std::string_view rest = key;
    place.tenant = take_tenant(rest);
    place.tenant_known = true;
    return;
  }
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
  if (place.model->key_format() == 1 && place.model->partition_key().kind == KeyPart::Kind::prefix) {
    find_tenant(row, place);
  }
  return place;
}

std::string attribute_text(const ItemRef& item, std::string_view name) {
  const ValueView view = item.attribute(name);
  if (!view.present() || view.kind() != ValueKind::string) return {};
  return std::string(view.text());
}

}  // namespace bao::core
