#include "core/fsck/place.hpp"

namespace bao::core {

RowPlace place_of(const Schema& schema, std::string_view partition_key) {
  RowPlace place;
  std::string_view rest = partition_key;
  if (rest.starts_with('[')) {
    const std::size_t end = rest.find("]#");
    if (end != std::string_view::npos) {
      place.tenant = rest.substr(1, end - 1);
      rest.remove_prefix(end + 2);
    }
  }
  if (rest.starts_with("_raft_uc#")) {
    place.kind = RowPlace::Kind::unique;
    return place;
  }
  place.prefix = rest.substr(0, rest.find('#'));
  place.model = schema.model_by_prefix(place.prefix);
  if (place.model != nullptr) place.kind = RowPlace::Kind::item;
  return place;
}

std::string attribute_text(const ItemRef& item, std::string_view name) {
  const ValueView view = item.attribute(name);
  if (!view.present() || view.kind() != ValueKind::string) return {};
  return std::string(view.text());
}

}  // namespace bao::core
