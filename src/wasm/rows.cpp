#include "wasm/rows.hpp"

#include <cstdint>
#include <limits>
#include <utility>

#include "core/engine/draft.hpp"
#include "core/schema/field_codec.hpp"
#include "core/value/base64.hpp"
#include "core/value/integer_text.hpp"
#include "core/value/number.hpp"
#include "wasm/tagged.hpp"

namespace bao::wasm {

using core::ItemRef;
using core::JsonType;
using core::JsonWriter;
using core::Model;
using core::ValueView;

namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t exact_integer_max = std::int64_t{1} << 53;

bool is_text(FieldType type) {
  return type == FieldType::string || type == FieldType::ulid || type == FieldType::version ||
         type == FieldType::related || type == FieldType::json;
}

void write_integer(JsonWriter& out, std::int64_t value) {
  if (value >= -exact_integer_max && value <= exact_integer_max) {
    out.number(value);
  } else {
    out.string(core::integer_text(value));
  }
}

void write_float(JsonWriter& out, std::string_view text) {
  if (is_plain_number(text)) {
    out.raw(text);
    return;
  }
  const std::optional<double> number = core::number_to_double(text);
  out.raw(number ? core::double_to_text(*number) : "null");
}

// What decode_field gives, for the types whose stored form is not already the row's.
std::optional<Error> write_decoded(JsonWriter& out, const Model& model, std::uint32_t field,
                                   ValueView stored) {
  const Result<Value> value = core::decode_field(model, field, stored);
  if (!value) return value.error();
  if (value->is_null()) {
    out.raw("null");
  } else if (const auto* number = value->get_if<Number>()) {
    if (const std::optional<std::int64_t> whole = core::number_to_int64(number->text);
        whole && model.field(field).type != FieldType::floating) {
      write_integer(out, *whole);
    } else {
      write_float(out, number->text);
    }
  } else if (stored.kind() == ValueKind::string_set) {
    out.begin_array();
    for (const ValueView member : stored) out.string(member.text());
    out.end_array();
  } else if (stored.kind() == ValueKind::boolean) {
    out.boolean(stored.boolean());
  } else if (stored.kind() == ValueKind::map || stored.kind() == ValueKind::list) {
    write_tagged(out, stored);
  } else {
    out.string(stored.text());
  }
  return std::nullopt;
}

}  // namespace

std::optional<Error> RowWriter::write(JsonWriter& out, const Model& model, const ItemRef& item) {
  const std::vector<FieldDefinition>& fields = model.fields();
  const std::size_t count = fields.size();
  nodes_.assign(count, none);
  // Items of one model have their attributes in much the same order: look behind the last one first.
  std::size_t next = 0;
  for (const ValueView attribute : item.view()) {
    const std::string_view name = attribute.name();
    if (name.starts_with('_')) continue;  // the library's own: no field is named so
    for (std::size_t step = 0; step < count; ++step) {
      const std::size_t position = next + step < count ? next + step : next + step - count;
      if (fields[position].name != name) continue;
      next = position + 1 < count ? position + 1 : 0;
      nodes_[position] = attribute.index();
      break;
    }
  }
  out.begin_array();
  for (std::uint32_t field = 0; field < count; ++field) {
    if (nodes_[field] == none) {
      out.raw("null");
      continue;
    }
    const ValueView stored(*item.document(), nodes_[field]);
    if (stored.kind() == ValueKind::string && is_text(fields[field].type)) {
      out.string(stored.text());
      continue;
    }
    if (std::optional<Error> error = write_decoded(out, model, field, stored)) return error;
  }
  out.end_array();
  return std::nullopt;
}

namespace {

Value row_value(const JsonNode& node, FieldType type) {
  if (node.is(JsonType::string)) {
    if (type == FieldType::binary) {
      if (std::optional<Binary> bytes = core::decode_base64(node.text)) return Value(std::move(*bytes));
    }
    if (type == FieldType::integer || type == FieldType::counter) return Number{std::string(node.text)};
  }
  return logical_value(node, type);
}

}  // namespace

ItemRef item_of_row(const Model& model, const JsonNode* row) {
  if (row == nullptr || !row->is(JsonType::array) || row->children.size() != model.fields().size()) return {};
  Value::Map item;
  for (std::uint32_t field = 0; field < model.fields().size(); ++field) {
    const JsonNode& node = row->children[field];
    if (node.is_null()) continue;
    Result<Value> stored = core::encode_field(model, field, row_value(node, model.field(field).type));
    if (!stored) return {};
    if (!stored->is_null()) item.emplace(model.field(field).name, std::move(*stored));
  }
  return core::make_item(item);
}

}  // namespace bao::wasm
