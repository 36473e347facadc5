#pragma once

#include <cstdint>
#include <string>

#include <bao/error.hpp>

#include "core/engine/find.hpp"
#include "core/engine/iterate.hpp"
#include "core/engine/query.hpp"
#include "core/engine/table_operations.hpp"
#include "core/engine/write.hpp"
#include "wasm/rows.hpp"

namespace bao::wasm {

/// A find's or a write's result, with the id that was asked for where that is known.
struct FoundRow {
  core::ItemRef item;
  std::shared_ptr<core::Entry> entry;
  std::string id;
  Capacity capacity;
  const core::Model* model = nullptr;  ///< null: the one that the call is for
};

struct FoundRows {
  std::vector<FoundRow> items;
  Capacity capacity;
  std::size_t requests = 0;
  std::optional<core::IterationPosition> next;  ///< of an iteration
  std::optional<std::string> cursor;            ///< of a search; empty: the end
};

/// Writes what operations came to, as arrays whose shape npm/src/bridge/results.ts knows:
///   found      [entry, row | null (no item) | 0 (given before), id, read, write]
///   found many [[found...], read, write, requests], and of an iteration also: bucket, start key | null,
///   ended; of a search: cursor, "" at the end
///   page       [[[id, row]...], count, last evaluated key | null, read, write] table      [[added
///   index...], ttl] error      {kind, message, ...}
/// Each appends to `out`; false: the result was an error after all (an item that cannot be read), and `out`
/// holds that error instead.
class ResultWriter {
 public:
  explicit ResultWriter(double first_entry) : next_entry_(static_cast<std::uint64_t>(first_entry)) {}

  bool write(std::string& out, const core::Model& model, const FoundRow& found);
  bool write(std::string& out, const core::Model& model, const FoundRows& found);
  bool write(std::string& out, const core::Model& model, const core::Page& page);
  bool write(std::string& out, const core::TableReport& report);
  static void write(std::string& out, const Error& error);

 private:
  std::optional<Error> append(core::JsonWriter& writer, const core::Model& model, const FoundRow& found);
  void append(core::JsonWriter& writer, const Capacity& capacity);
  static void append_key(core::JsonWriter& writer, const Value& key);
  void append_number(core::JsonWriter& writer, double number);

  std::uint64_t next_entry_;
  RowWriter rows_;
  // Finds of a batch share its capacity evenly: the same number again and again.
  double last_number_ = 0;
  std::string last_number_text_ = "0";
};

}  // namespace bao::wasm
