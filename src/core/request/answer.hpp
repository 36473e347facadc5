#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/request/http.hpp"
#include "core/request/table_answer.hpp"
#include "core/value/document.hpp"
#include "core/value/json_reader.hpp"

namespace bao::core {

/// What an answer of any operation says, as far as this library asks for it.
struct Answer {
  std::shared_ptr<const Document> document;
  std::optional<std::uint32_t> item;  ///< Item, or Attributes
  std::vector<std::uint32_t> items;   ///< Items, or Responses of the table
  bool has_items = false;             ///< there was such a list, empty or not
  bool has_count = false;
  /// BatchGetItem: keys to ask again. BatchWriteItem: items to put, and keys to delete, again.
  std::vector<std::uint32_t> unprocessed;
  bool has_unprocessed_items = false;  ///< BatchWriteItem: there was such a list, empty or not
  std::optional<std::uint32_t> last_evaluated_key;
  std::int64_t count = 0;
  std::int64_t scanned_count = 0;
  double capacity_units = 0;  ///< of all tables and indexes of the answer
  TableState table;           ///< of operations on tables
  std::string ttl_status;     ///< DescribeTimeToLive

  [[nodiscard]] ItemRef item_ref() const { return item ? ItemRef(document, *item) : ItemRef(); }
  [[nodiscard]] ItemRef items_ref(std::size_t position) const { return {document, items[position]}; }
};

/// Parses the body of a 200 answer. Members that are not known are skipped; the shape of those that are
/// known must be right.
[[nodiscard]] std::expected<Answer, CodecError> parse_answer(std::string body);

}  // namespace bao::core
