#include "local/operations/page.hpp"

#include "local/expressions/evaluate.hpp"
#include "local/item/item_size.hpp"
#include "local/item/json_codec.hpp"
#include "local/keys.hpp"
#include "local/operations/common.hpp"
#include "local/operations/stale_index.hpp"

namespace bao::local {

namespace {

constexpr std::size_t page_bytes_max = std::size_t{1} << 20;

/// Copies what an index projects of a record.
void trim_record(const Table& table, const SecondaryIndex& index, std::string_view record, std::string& out) {
  RecordWriter writer(out);
  for_each_member(Encoded::of_record(record), [&](std::string_view name, Encoded value) {
    if (is_projected(table, index, name)) writer.attribute(name, value);
  });
  writer.finish();
}

void write_key_attribute(core::JsonWriter& writer, const KeyAttribute& key, Encoded item) {
  writer.key(key.name);
  write_value(writer, item.find(key.name));
}

void write_last_key(core::JsonWriter& writer, const PageRequest& page, std::string_view record) {
  const Encoded item = Encoded::of_record(record);
  const KeySchema& keys = page.table->keys;
  writer.key("LastEvaluatedKey");
  writer.begin_object();
  write_key_attribute(writer, keys.partition, item);
  if (keys.sort) write_key_attribute(writer, *keys.sort, item);
  if (page.index) {
    const KeySchema& own = page.index->keys;
    if (!is_key(keys, own.partition.name)) write_key_attribute(writer, own.partition, item);
    if (own.sort && !is_key(keys, own.sort->name)) write_key_attribute(writer, *own.sort, item);
  }
  writer.end_object();
}

class Walk {
 public:
  Walk(Database& database, const PageRequest& page, const Bindings& bindings)
      : database_(database), page_(page), bindings_(bindings), writer_(out_), capacity_(*page.table) {}

  Outcome<std::string> run() {
    writer_.begin_object();
    if (!page_.count_only) {
      writer_.key("Items");
      writer_.begin_array();
    }
    auto cursor = database_.store().cursor(page_.index ? page_.index->space : page_.table->space);
    StaleIndex past = stale_index();
    bool more = page_.forward ? cursor->seek(page_.range.lower) : cursor->seek_before(page_.range.upper);
    while (true) {
      more = more && in_range(*cursor);
      if (past.has_next() && (!more || comes_first(past.peek().key, cursor->key()))) {
        const std::string_view record = past.peek().record;
        past.advance();
        if (!visit(record)) break;
        continue;
      }
      if (!more) break;
      std::string_view record = cursor->value();
      bool hidden = false;
      if (page_.index) {
        const std::string_view key = item_key_of_entry(*page_.index, cursor->key());
        hidden = past.hides(key);
        auto found = database_.read(*page_.table, key);
        if (!found) return std::unexpected(std::move(found.error()));
        record = *found;
      }
      if (!hidden && !visit(record)) break;
      more = page_.forward ? cursor->next() : cursor->previous();
    }
    if (cursor->error()) return std::unexpected(internal_error(cursor->error()->message));
    finish();
    return std::move(out_);
  }

 private:
  StaleIndex stale_index() {
    if (!page_.index || !page_.index->global || !database_.recent_writes().enabled()) return {};
    const std::int64_t delay_ms = database_.index_delay_ms();
    if (delay_ms == 0) return {};
    auto states = database_.recent_writes().states_at(*page_.table, database_.now_ms() - delay_ms);
    return {*page_.index, page_.range, std::move(states), page_.forward};
  }

  [[nodiscard]] bool comes_first(std::string_view a, std::string_view b) const {
    return page_.forward ? a < b : a > b;
  }

  [[nodiscard]] bool in_range(const Cursor& cursor) const {
    if (!page_.forward) return cursor.key() >= page_.range.lower;
    return page_.range.upper.empty() || cursor.key() < page_.range.upper;
  }

  /// False: the page ends here.
  bool visit(std::string_view record) {
    const std::string_view full = record;
    if (page_.index && page_.index->projection.kind != Projection::Kind::all && !page_.fetch) {
      trim_record(*page_.table, *page_.index, record, trimmed_);
      record = trimmed_;
    }
    const std::size_t size =
        page_.fetch ? projected_size(*page_.table, *page_.index, Encoded::of_record(full), record_size(full))
                    : record_size(record);
    bytes_ += size;
    ++scanned_;
    if (page_.fetch) capacity_.add_table(read_units(record_size(full), page_.consistent));
    const Encoded item = Encoded::of_record(record);
    if (!page_.filter || evaluate(*page_.filter, bindings_, item)) {
      ++count_;
      if (!page_.count_only) {
        write_projected_item(writer_, item, page_.projection ? &*page_.projection : nullptr);
      }
    }
    const bool full_page =
        (page_.limit && scanned_ == static_cast<std::uint64_t>(*page_.limit)) || bytes_ >= page_bytes_max;
    if (full_page) last_ = full;
    return !full_page;
  }

  void finish() {
    if (!page_.count_only) writer_.end_array();
    writer_.key("Count");
    writer_.number(static_cast<std::int64_t>(count_));
    writer_.key("ScannedCount");
    writer_.number(static_cast<std::int64_t>(scanned_));
    if (!last_.empty()) write_last_key(writer_, page_, last_);
    if (page_.capacity != CapacityDetail::none) {
      const HalfUnits units = read_units(bytes_, page_.consistent);
      if (page_.index) {
        capacity_.add_index(*page_.index, units);
      } else {
        capacity_.add_table(units);
      }
      writer_.key("ConsumedCapacity");
      capacity_.write(writer_, page_.capacity);
    }
    writer_.end_object();
  }

  Database& database_;
  const PageRequest& page_;
  const Bindings& bindings_;
  std::string out_;
  core::JsonWriter writer_;
  ConsumedCapacity capacity_;
  std::string trimmed_;
  std::string_view last_;
  std::size_t bytes_ = 0;
  std::uint64_t scanned_ = 0;
  std::uint64_t count_ = 0;
};

Outcome<void> check_select(const ItemRequest& request) {
  const std::string_view select = request.select.value_or("");
  const bool legacy = request.legacy && request.legacy->attributes_to_get;
  if (select == "SPECIFIC_ATTRIBUTES" && !request.projection && !legacy) {
    return invalid(
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES");
  }
  if (!select.empty() && select != "SPECIFIC_ATTRIBUTES" && request.projection) {
    return invalid("Cannot specify the ProjectionExpression when choosing to get " +
                   std::string(select == "COUNT" ? "only the Count" : select));
  }
  if (!select.empty() && select != "SPECIFIC_ATTRIBUTES" && legacy) {
    return invalid("Cannot specify the AttributesToGet when choosing to get " +
                   std::string(select == "COUNT" ? "only the Count" : select));
  }
  if (select == "ALL_PROJECTED_ATTRIBUTES" && !request.index_name) {
    return invalid("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  }
  return {};
}

/// The attributes that a projection names and the index does not hold.
std::string missing_attributes(const Table& table, const SecondaryIndex& index,
                               const ProjectionExpression& projection) {
  std::string list;
  for (const std::uint32_t path : projection.paths) {
    const std::string_view name = projection.ast.path_begin(projection.ast.node(path))->name;
    if (is_projected(table, index, name)) continue;
    if (!list.empty()) list += ", ";
    list += name;
  }
  return list;
}

}  // namespace

Outcome<void> check_page_request(const ItemRequest& request, RequestKind kind) {
  Constraints constraints;
  constraints.one_of(request.select, "select",
                     {"SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"});
  constraints.at_least(request.limit, "limit", 1);
  common_constraints(constraints, request);
  constraints.name(request.index_name, "indexName");
  constraints.at_least(request.segment, "segment", 0);
  constraints.at_most(request.segment, "segment", 999'999);
  constraints.at_least(request.total_segments, "totalSegments", 1);
  constraints.at_most(request.total_segments, "totalSegments", 1'000'000);
  legacy_constraints(constraints, request, kind);
  if (auto checked = constraints.result(); !checked) return checked;
  if (auto checked = check_table_name(*request.table_name); !checked) return checked;
  if (auto checked = check_not_mixed(request, kind); !checked) return checked;
  if (request.invalid_value) return std::unexpected(*request.invalid_value);
  return check_select(request);
}

Outcome<void> fill_page(Database& database, const ItemRequest& request, PageRequest& page) {
  auto table = database.require(table_of_arn(*request.table_name));
  if (!table) return std::unexpected(std::move(table.error()));
  page.table = *table;
  page.consistent = request.consistent.value_or(false);
  page.limit = request.limit;
  page.count_only = request.select == "COUNT";
  page.capacity = capacity_detail(request.return_consumed_capacity.value_or("NONE"));
  if (!request.index_name) return {};
  page.index = page.table->index(*request.index_name);
  if (!page.index)
    return invalid("The table does not have the specified index: " + std::string(*request.index_name));
  if (page.index->phase == Phase::creating) {
    return invalid("Cannot read from backfilling global secondary index: " + page.index->name);
  }
  const bool all_attributes = request.select == "ALL_ATTRIBUTES";
  const bool partial = page.index->projection.kind != Projection::Kind::all;
  if (page.index->global) {
    if (page.consistent) return invalid("Consistent reads are not supported on global secondary indexes");
    if (all_attributes && partial) {
      return invalid(
          "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global "
          "secondary index " +
          page.index->name + " because its projection type is not ALL");
    }
    if (page.projection) {
      const std::string missing = missing_attributes(*page.table, *page.index, *page.projection);
      if (!missing.empty()) {
        return invalid("One or more parameter values were invalid: Global secondary index " +
                       page.index->name + " does not project [" + missing + "]");
      }
    }
  } else if (partial) {
    page.fetch = all_attributes ||
                 (page.projection && !missing_attributes(*page.table, *page.index, *page.projection).empty());
  }
  return {};
}

Outcome<std::string> start_key(const PageRequest& page, const std::string& record) {
  const Encoded key = Encoded::of_record(record);
  const auto misfit = [] {
    return invalid(
        "The provided starting key is invalid: The provided key element does not match the schema");
  };
  std::uint32_t attributes = 0;
  const auto fits = [&](const KeyAttribute& attribute) {
    const Encoded value = key.find(attribute.name);
    ++attributes;
    return value.present() && value.tag() == attribute.type;
  };
  const KeySchema& keys = page.table->keys;
  if (!fits(keys.partition) || (keys.sort && !fits(*keys.sort))) return misfit();
  if (page.index) {
    const KeySchema& own = page.index->keys;
    if (!is_key(keys, own.partition.name) && !fits(own.partition)) return misfit();
    if (own.sort && !is_key(keys, own.sort->name) && !fits(*own.sort)) return misfit();
  }
  if (key.count() != attributes) return misfit();
  std::string of_item = item_key(keys, key);
  if (!page.index) return of_item;
  return index_key(*page.index, key, of_item);
}

Outcome<std::string> answer_page(Database& database, const PageRequest& page, const Bindings& bindings) {
  return Walk(database, page, bindings).run();
}

}  // namespace bao::local
