#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <bao/error.hpp>

#include "core/keys/row_keys.hpp"
#include "core/schema/schema.hpp"
#include "core/search/search_text.hpp"
#include "core/value/document.hpp"

namespace bao::core {

/// An item as a write will leave it: what was loaded, with the fields that the write sets.
class Draft {
 public:
  Draft(const Model& model, ItemRef base) : model_(model), base_(std::move(base)) {}

  [[nodiscard]] const Model& model() const { return model_; }
  [[nodiscard]] const ItemRef& base() const { return base_; }

  /// A null removes the attribute.
  void set(std::uint32_t field, Value stored) { set_.insert_or_assign(field, std::move(stored)); }
  [[nodiscard]] bool sets(std::uint32_t field) const { return set_.contains(field); }
  [[nodiscard]] const std::map<std::uint32_t, Value>& changed() const { return set_; }

  /// The stored value of a field as the write will leave it; null: none.
  [[nodiscard]] Value stored(std::uint32_t field) const;
  /// The stored value as it was loaded; null: none.
  [[nodiscard]] Value loaded(std::uint32_t field) const;

  /// Whether the write sets a field that is part of this index's key.
  [[nodiscard]] bool touches(const Index& index) const;
  /// `_gsiN_pk` and `_gsiN_sk`; nothing where one half has no value: the item is not in the index.
  [[nodiscard]] Result<std::optional<RowKey>> index_key(std::string_view tenant, const Index& index) const;
  /// The texts of the primary key. ErrorCode::validation where a half has no value.
  [[nodiscard]] Result<KeyTexts> key_texts() const;

 private:
  const Model& model_;
  ItemRef base_;
  std::map<std::uint32_t, Value> set_;
};

/// `_searchText` as the write will leave it; nothing where no word is left. Of searchable models.
[[nodiscard]] std::optional<std::string> search_text_of(TextFolding& folding, const Draft& draft);

/// Bytes of an item by DynamoDB's rules (Developer Guide, "Item sizes and formats").
[[nodiscard]] std::size_t item_size(const Value::Map& item);
inline constexpr std::size_t item_bytes_max = std::size_t{400} * 1024;

/// An owned item as an ItemRef, for what this library wrote itself.
[[nodiscard]] ItemRef make_item(const Value::Map& item);

}  // namespace bao::core
