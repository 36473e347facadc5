#include "local/capacity.hpp"

#include <algorithm>

#include "local/item/item_size.hpp"
#include "local/keys.hpp"

namespace bao::local {

namespace {

constexpr std::size_t read_unit_bytes = 4096;
constexpr std::size_t write_unit_bytes = 1024;

std::string units_text(HalfUnits units) {
  return std::to_string(units / 2) + (units % 2 ? ".5" : ".0");
}

bool same_attribute(Encoded a, Encoded b) {
  return a.present() == b.present() && (!a.present() || equal(a, b));
}

/// Whether the projected attributes of two items are the same.
bool same_projection(const Table& table, const SecondaryIndex& index, Encoded a, Encoded b) {
  bool same = true;
  const auto covered = [&](Encoded from, Encoded other) {
    for_each_member(from, [&](std::string_view name, Encoded value) {
      if (same && is_projected(table, index, name)) same = same_attribute(value, other.find(name));
    });
  };
  covered(a, b);
  covered(b, a);
  return same;
}

}  // namespace

HalfUnits read_units(std::size_t bytes, bool consistent) {
  const HalfUnits blocks = std::max<std::size_t>(1, (bytes + read_unit_bytes - 1) / read_unit_bytes);
  return consistent ? 2 * blocks : blocks;
}

HalfUnits write_units(std::size_t bytes) {
  return 2 * std::max<std::size_t>(1, (bytes + write_unit_bytes - 1) / write_unit_bytes);
}

CapacityDetail capacity_detail(std::string_view parameter) {
  if (parameter == "TOTAL") return CapacityDetail::total;
  if (parameter == "INDEXES") return CapacityDetail::indexes;
  return CapacityDetail::none;
}

void ConsumedCapacity::add_index(const SecondaryIndex& index, HalfUnits units) {
  for (Part& part : indexes_) {
    if (part.index == &index) {
      part.units += units;
      return;
    }
  }
  indexes_.push_back({&index, units});
}

void ConsumedCapacity::add_twice(const ConsumedCapacity& other) {
  table_units_ += 2 * other.table_units_;
  for (const Part& part : other.indexes_) add_index(*part.index, 2 * part.units);
}

HalfUnits ConsumedCapacity::total() const {
  HalfUnits sum = table_units_;
  for (const Part& part : indexes_) sum += part.units;
  return sum;
}

void ConsumedCapacity::write(core::JsonWriter& writer, CapacityDetail detail, Kind kind) const {
  const auto units = [&](HalfUnits amount) {
    writer.key("CapacityUnits");
    writer.raw(units_text(amount));
    if (kind == Kind::plain) return;
    writer.key(kind == Kind::transaction_read ? "ReadCapacityUnits" : "WriteCapacityUnits");
    writer.raw(units_text(amount));
  };
  writer.begin_object();
  writer.key("TableName");
  writer.string(table_->name);
  units(total());
  if (detail == CapacityDetail::indexes) {
    writer.key("Table");
    writer.begin_object();
    units(table_units_);
    writer.end_object();
    for (const bool global : {false, true}) {
      bool any = false;
      for (const Part& part : indexes_) {
        if (part.index->global != global) continue;
        if (!any) {
          writer.key(global ? "GlobalSecondaryIndexes" : "LocalSecondaryIndexes");
          writer.begin_object();
          any = true;
        }
        writer.key(part.index->name);
        writer.begin_object();
        units(part.units);
        writer.end_object();
      }
      if (any) writer.end_object();
    }
  }
  writer.end_object();
}

bool is_projected(const Table& table, const SecondaryIndex& index, std::string_view attribute) {
  if (index.projection.kind == Projection::Kind::all) return true;
  if (is_key(table.keys, attribute) || is_key(index.keys, attribute)) return true;
  return index.projection.kind == Projection::Kind::include &&
         std::find(index.projection.include.begin(), index.projection.include.end(), attribute) !=
             index.projection.include.end();
}

std::size_t projected_size(const Table& table, const SecondaryIndex& index, Encoded item,
                           std::size_t full_size) {
  if (index.projection.kind == Projection::Kind::all) return full_size;
  std::size_t size = 0;
  for_each_member(item, [&](std::string_view name, Encoded value) {
    if (is_projected(table, index, name)) size += name.size() + value_size(value);
  });
  return size;
}

void charge_write(ConsumedCapacity& capacity, const Table& table, std::string_view old_record,
                  std::string_view new_record, const std::vector<IndexChange>& changes) {
  const std::size_t old_size = old_record.empty() ? 0 : record_size(old_record);
  const std::size_t new_size = new_record.empty() ? 0 : record_size(new_record);
  capacity.add_table(write_units(std::max(old_size, new_size)));
  for (const IndexChange& change : changes) {
    const SecondaryIndex& index = *change.index;
    if (change.old_entry.empty()) {
      capacity.add_index(index, write_units(change.new_size));
    } else if (change.new_entry.empty()) {
      capacity.add_index(index, write_units(change.old_size));
    } else if (change.old_entry != change.new_entry) {
      // The old entry is deleted and a new one put.
      capacity.add_index(index, write_units(change.old_size) + write_units(change.new_size));
    } else if (!same_projection(table, index, Encoded::of_record(old_record),
                                Encoded::of_record(new_record))) {
      capacity.add_index(index, write_units(std::max(change.old_size, change.new_size)));
    }
  }
}

std::vector<IndexChange> index_changes(Table& table, std::string_view old_record, std::string_view new_record,
                                       std::string_view key) {
  std::vector<IndexChange> changes;
  const Encoded old_item = old_record.empty() ? Encoded() : Encoded::of_record(old_record);
  const Encoded new_item = new_record.empty() ? Encoded() : Encoded::of_record(new_record);
  for (SecondaryIndex& index : table.indexes) {
    IndexChange change{.index = &index};
    if (old_item.present()) change.old_entry = index_key(index, old_item, key);
    if (new_item.present()) change.new_entry = index_key(index, new_item, key);
    if (change.old_entry.empty() && change.new_entry.empty()) continue;
    if (!change.old_entry.empty()) {
      change.old_size = projected_size(table, index, old_item, record_size(old_record));
    }
    if (!change.new_entry.empty()) {
      change.new_size = projected_size(table, index, new_item, record_size(new_record));
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace bao::local
