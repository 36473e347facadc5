#include "local/table.hpp"

namespace bao::local {

void Table::end_changes() {
  phase = Phase::steady;
  leaving_indexes.clear();
  for (SecondaryIndex& changed : indexes) changed.phase = Phase::steady;
}

const SecondaryIndex* Table::index(std::string_view index_name) const {
  for (const SecondaryIndex& candidate : indexes) {
    if (candidate.name == index_name) return &candidate;
  }
  return nullptr;
}

const KeyAttribute* Table::attribute(std::string_view attribute_name) const {
  for (const KeyAttribute& candidate : attributes) {
    if (candidate.name == attribute_name) return &candidate;
  }
  return nullptr;
}

bool is_key(const KeySchema& keys, std::string_view attribute) {
  return keys.partition.name == attribute || (keys.sort && keys.sort->name == attribute);
}

}  // namespace bao::local
