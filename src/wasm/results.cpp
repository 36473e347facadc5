#include "wasm/results.hpp"

#include <cmath>
#include <utility>

#include "core/keys/row_keys.hpp"
#include "core/value/number.hpp"

namespace bao::wasm {

using core::JsonWriter;
using core::Model;

namespace {

// What the face knows of a cached entry: the number by which it keeps its instance.
struct GivenEntry {
  std::uint64_t number = 0;
};

std::string id_of(const Model& model, const core::ItemRef& item) {
  const core::ValueView pk = item.attribute(core::pk_attribute);
  const core::ValueView sk = item.attribute(core::sk_attribute);
  if (!pk.present() || !sk.present()) return {};
  return core::row_primary_id(model.definition(), pk.text(), sk.text());
}

// Restores the text before an error: a result is either whole or the error alone.
bool fail(std::string& out, std::size_t start, const Error& error) {
  out.resize(start);
  ResultWriter::write(out, error);
  return false;
}

}  // namespace

void ResultWriter::append_number(JsonWriter& writer, double number) {
  // Reads write nothing, and writes read nothing: the other number is most often the last one.
  if (number == 0) {
    writer.raw("0");
    return;
  }
  if (number != last_number_) {
    last_number_ = number;
    last_number_text_ = std::isfinite(number) ? core::double_to_text(number) : "0";
  }
  writer.raw(last_number_text_);
}

void ResultWriter::append(JsonWriter& writer, const Capacity& capacity) {
  append_number(writer, capacity.read);
  append_number(writer, capacity.write);
}

// Where a page ended: key attributes by name, all of them texts.
void ResultWriter::append_key(JsonWriter& writer, const Value& key) {
  const auto* const attributes = key.get_if<Value::Map>();
  if (attributes == nullptr) {
    writer.raw("null");
    return;
  }
  writer.begin_object();
  for (const auto& [name, value] : *attributes) {
    const auto* const text = value.get_if<std::string>();
    writer.key(name);
    writer.string(text == nullptr ? std::string_view() : std::string_view(*text));
  }
  writer.end_object();
}

std::optional<Error> ResultWriter::append(JsonWriter& writer, const Model& model, const FoundRow& found) {
  writer.begin_array();
  bool given = false;
  if (found.entry) {
    given = found.entry->face != nullptr;
    if (!given) found.entry->face = std::make_shared<GivenEntry>(GivenEntry{next_entry_++});
    writer.number(static_cast<std::int64_t>(static_cast<const GivenEntry*>(found.entry->face.get())->number));
  } else {
    writer.raw("0");
  }
  if (!found.item) {
    writer.raw("null");
  } else if (given) {
    writer.raw("0");
  } else if (std::optional<Error> error = rows_.write(writer, model, found.item)) {
    if (found.entry) found.entry->face = nullptr;
    return error;
  }
  writer.string(found.id.empty() && found.item ? id_of(model, found.item) : found.id);
  append(writer, found.capacity);
  writer.end_array();
  return std::nullopt;
}

bool ResultWriter::write(std::string& out, const Model& model, const FoundRow& found) {
  const std::size_t start = out.size();
  JsonWriter writer(out);
  if (const std::optional<Error> error = append(writer, model, found)) return fail(out, start, *error);
  return true;
}

bool ResultWriter::write(std::string& out, const Model& model, const FoundRows& found) {
  const std::size_t start = out.size();
  JsonWriter writer(out);
  writer.begin_array();
  writer.begin_array();
  for (std::size_t position = 0; position < found.items.size(); ++position) {
    const FoundRow& row = found.items[position];
    const std::optional<Error> error = append(writer, row.model == nullptr ? model : *row.model, row);
    if (!error) continue;
    // None of these rows reaches the face.
    for (std::size_t given = 0; given < position; ++given) {
      if (found.items[given].entry) found.items[given].entry->face = nullptr;
    }
    return fail(out, start, *error);
  }
  writer.end_array();
  append(writer, found.capacity);
  writer.number(static_cast<std::int64_t>(found.requests));
  if (found.next) {
    writer.number(static_cast<std::int64_t>(found.next->bucket));
    append_key(writer, found.next->start_key);
    writer.boolean(found.next->ended);
  }
  if (found.cursor) writer.string(*found.cursor);
  writer.end_array();
  return true;
}

bool ResultWriter::write(std::string& out, const Model& model, const core::Page& page) {
  const std::size_t start = out.size();
  JsonWriter writer(out);
  writer.begin_array();
  writer.begin_array();
  for (const core::ItemRef& item : page.items) {
    writer.begin_array();
    writer.string(id_of(model, item));
    if (const std::optional<Error> error = rows_.write(writer, model, item)) return fail(out, start, *error);
    writer.end_array();
  }
  writer.end_array();
  writer.number(page.count);
  append_key(writer, page.last_evaluated_key);
  append(writer, page.capacity);
  writer.end_array();
  return true;
}

bool ResultWriter::write(std::string& out, const core::TableReport& report) {
  JsonWriter writer(out);
  writer.begin_array();
  writer.begin_array();
  for (const std::string& index : report.added_indexes) writer.string(index);
  writer.end_array();
  writer.boolean(report.ttl);
  writer.end_array();
  return true;
}

void ResultWriter::write(std::string& out, const Error& error) {
  const ErrorDetails& details = error.details();
  JsonWriter writer(out);
  const auto member = [&writer](std::string_view name, const std::string& text) {
    if (text.empty()) return;
    writer.key(name);
    writer.string(text);
  };
  writer.begin_object();
  writer.key("kind");
  writer.string(error_class_name(error.code()));
  writer.key("message");
  writer.string(details.message);
  member("model", details.model);
  member("field", details.field);
  member("value", details.value);
  member("given", details.given);
  member("index", details.index);
  member("primaryId", details.primary_id);
  member("operation", details.operation);
  member("condition", details.condition);
  member("serviceName", details.service_name);
  member("serviceText", details.service_text);
  member("requestId", details.request_id);
  if (details.status != 0) {
    writer.key("status");
    writer.number(details.status);
  }
  writer.key("retryable");
  writer.boolean(details.retryable);
  writer.end_object();
}

}  // namespace bao::wasm
