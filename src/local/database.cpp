#include "local/database.hpp"

namespace bao::local {

Outcome<void> Database::commit(WriteBatch& batch) {
  if (auto done = store_->commit(batch); !done) return std::unexpected(internal_error(done.error().message));
  return {};
}

Outcome<std::string_view> Database::read(const Table& table, std::string_view key) {
  auto found = store_->get(table.space, key);
  if (!found) return std::unexpected(internal_error(found.error().message));
  return found->value_or(std::string_view());
}

}  // namespace bao::local
