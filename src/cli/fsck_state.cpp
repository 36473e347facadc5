#include "cli/fsck_state.hpp"

#include <charconv>
#include <cstdio>
#include <string_view>
#include <utility>

#include "core/value/json_reader.hpp"
#include "core/value/json_writer.hpp"

namespace bao::cli {
namespace {

using core::JsonReader;
using core::JsonWriter;

constexpr std::uint64_t version = 1;
constexpr std::size_t segments_max = 64;

void write_number(JsonWriter& writer, std::string_view name, std::uint64_t value) {
  writer.key(name);
  writer.raw(std::to_string(value));
}

void write_units(JsonWriter& writer, std::string_view name, double value) {
  writer.key(name);
  char text[32];
  const int size = std::snprintf(text, sizeof(text), "%.17g", value);
  writer.raw({text, static_cast<std::size_t>(size)});
}

void write_map(JsonWriter& writer, std::string_view name,
               const std::map<std::string, std::uint64_t>& counts) {
  writer.key(name);
  writer.begin_object();
  for (const auto& [key, count] : counts) write_number(writer, key, count);
  writer.end_object();
}

void write_text(JsonWriter& writer, std::string_view name, std::string_view value) {
  writer.key(name);
  writer.string(value);
}

void write_flag(JsonWriter& writer, std::string_view name, bool value) {
  writer.key(name);
  writer.boolean(value);
}

void write_segment(JsonWriter& writer, const FsckSegment& segment) {
  writer.begin_object();
  write_flag(writer, "done", segment.done);
  if (const auto* next = segment.next.get_if<Value::Map>()) {
    writer.key("next");
    writer.item(*next);
  }
  write_number(writer, "items", segment.counts.items);
  write_number(writer, "uniqueRows", segment.counts.unique_rows);
  write_number(writer, "repaired", segment.counts.repaired);
  write_units(writer, "readUnits", segment.counts.read_units);
  write_units(writer, "writeUnits", segment.counts.write_units);
  write_map(writer, "findings", segment.counts.findings);
  write_map(writer, "unknown", segment.counts.unknown);
  writer.end_object();
}

template <class Number>
void read_number(JsonReader& reader, Number& value) {
  std::string_view text;
  if (!reader.read_number(text)) return;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    reader.fail(core::CodecErrorCode::invalid_number);
  }
}

void read_text(JsonReader& reader, std::string& value) {
  std::string_view text;
  if (reader.read_string(text)) value = text;
}

void read_map(JsonReader& reader, std::map<std::string, std::uint64_t>& counts) {
  std::string_view name;
  reader.enter_object();
  while (reader.next_member(name)) read_number(reader, counts[std::string(name)]);
}

FsckSegment read_segment(JsonReader& reader, core::Document& document) {
  FsckSegment segment;
  std::string_view name;
  reader.enter_object();
  while (reader.next_member(name)) {
    if (name == "done") {
      reader.read_bool(segment.done);
    } else if (name == "next") {
      std::uint32_t index = 0;
      if (reader.read_item(document, index)) segment.next = core::ValueView(document, index).to_value();
    } else if (name == "items") {
      read_number(reader, segment.counts.items);
    } else if (name == "uniqueRows") {
      read_number(reader, segment.counts.unique_rows);
    } else if (name == "repaired") {
      read_number(reader, segment.counts.repaired);
    } else if (name == "readUnits") {
      read_number(reader, segment.counts.read_units);
    } else if (name == "writeUnits") {
      read_number(reader, segment.counts.write_units);
    } else if (name == "findings") {
      read_map(reader, segment.counts.findings);
    } else if (name == "unknown") {
      read_map(reader, segment.counts.unknown);
    } else {
      reader.fail(core::CodecErrorCode::unexpected_byte);
    }
  }
  return segment;
}

}  // namespace

void FsckCounts::add(const FsckCounts& other) {
  items += other.items;
  unique_rows += other.unique_rows;
  repaired += other.repaired;
  read_units += other.read_units;
  write_units += other.write_units;
  for (const auto& [kind, count] : other.findings) findings[kind] += count;
  for (const auto& [prefix, count] : other.unknown) unknown[prefix] += count;
}

std::uint64_t FsckCounts::findings_in_all() const {
  std::uint64_t all = 0;
  for (const auto& [kind, count] : findings) all += count;
  return all;
}

std::string write_fsck_state(const FsckState& state) {
  std::string text;
  JsonWriter writer(text);
  writer.begin_object();
  write_number(writer, "baoFsckState", version);
  write_text(writer, "table", state.subject.table);
  write_text(writer, "place", state.subject.place);
  write_text(writer, "models", state.subject.models);
  write_flag(writer, "repair", state.subject.repair);
  write_flag(writer, "moveKeys", state.subject.move_keys);
  writer.key("segments");
  writer.begin_array();
  for (const FsckSegment& segment : state.segments) write_segment(writer, segment);
  writer.end_array();
  writer.end_object();
  text += '\n';
  return text;
}

std::expected<FsckState, std::string> read_fsck_state(std::string text) {
  core::Document document;
  document.text = std::move(text);
  JsonReader reader(document.text);
  FsckState state;
  std::uint64_t found_version = 0;
  std::string_view name;
  reader.enter_object();
  while (reader.next_member(name)) {
    if (name == "baoFsckState") {
      read_number(reader, found_version);
    } else if (name == "table") {
      read_text(reader, state.subject.table);
    } else if (name == "place") {
      read_text(reader, state.subject.place);
    } else if (name == "models") {
      read_text(reader, state.subject.models);
    } else if (name == "repair") {
      reader.read_bool(state.subject.repair);
    } else if (name == "moveKeys") {
      reader.read_bool(state.subject.move_keys);
    } else if (name == "segments") {
      reader.enter_array();
      while (reader.next_element()) state.segments.push_back(read_segment(reader, document));
    } else {
      reader.skip_value();
    }
  }
  if (!reader.finish()) return std::unexpected("it is no state of bao fsck: " + reader.error().to_string());
  if (found_version != version) return std::unexpected("it is no state of this version's bao fsck");
  if (state.segments.empty() || state.segments.size() > segments_max) {
    return std::unexpected("it is no state of bao fsck: it has " + std::to_string(state.segments.size()) +
                           " segments");
  }
  return state;
}

std::optional<std::string> differs(const FsckSubject& state, const FsckSubject& run) {
  if (state.table != run.table || state.place != run.place) {
    return "it is of table '" + state.table + "' at " + state.place + ", not of '" + run.table + "' at " +
           run.place;
  }
  if (state.models != run.models) return "the definitions have changed since it was begun";
  if (state.repair != run.repair) {
    return std::string("it was begun ") + (state.repair ? "with" : "without") + " --repair";
  }
  if (state.move_keys != run.move_keys) {
    return std::string("it was begun ") + (state.move_keys ? "with" : "without") + " --move-keys";
  }
  return std::nullopt;
}

}  // namespace bao::cli
