#include "local/item/json_codec.hpp"

#include <algorithm>
#include <span>

#include "core/value/base64.hpp"
#include "local/item/item_size.hpp"

namespace bao::local {

using core::JsonType;

namespace {

std::string_view blob(const Binary& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace

std::string wrong_json_type(JsonType found, std::string_view wanted) {
  const bool structure = wanted == "Map" || wanted == "List";
  std::string_view token;
  switch (found) {
    case JsonType::string:
      token = "STRING_VALUE";
      break;
    case JsonType::number:
      token = "NUMBER_VALUE";
      break;
    case JsonType::boolean:
      token = "TRUE_VALUE";
      break;
    case JsonType::object:
      return "Start of structure or map found where not expected";
    case JsonType::array:
      return structure ? "Unrecognized collection type java.util.Map<java.lang.String, "
                         "com.amazonaws.dynamodb.v20120810.AttributeValue>"
                       : "Unrecognized collection type class java.lang." + std::string(wanted);
    default:
      return "Unexpected token received from parser";
  }
  if (structure) return "Unexpected field type";
  return std::string(token) + " cannot be converted to " + std::string(wanted);
}

bool ValueDecoder::refuse(std::string message) {
  if (!serialization_) serialization_ = serialization_error(std::move(message));
  return false;
}

bool ValueDecoder::broken() {
  return refuse("The request is not well-formed JSON: " + reader_.error().to_string());
}

bool ValueDecoder::text(std::string_view& value) {
  const JsonType type = reader_.peek();
  if (type != JsonType::string) {
    if (type == JsonType::invalid) {
      (void)reader_.skip_value();
      return broken();
    }
    return refuse(wrong_json_type(type, "String"));
  }
  return reader_.read_string(value) || broken();
}

bool ValueDecoder::number(std::string& out) {
  std::string_view digits;
  if (!text(digits)) return false;
  rules_.number(out, digits);
  return true;
}

bool ValueDecoder::set(Tag tag, std::string& out) {
  if (reader_.peek() != JsonType::array) return refuse(wrong_json_type(reader_.peek(), "List"));
  if (!reader_.enter_array()) return broken();
  std::vector<std::string> owned;
  std::vector<std::string_view> members;
  while (reader_.next_element()) {
    std::string_view member;
    if (!text(member)) return false;
    members.push_back(member);
  }
  if (reader_.failed()) return broken();
  std::string as_sent;
  for (const std::string_view member : members) {
    if (!as_sent.empty()) as_sent += ", ";
    as_sent += member;
  }
  if (tag == Tag::binary_set) {
    owned.reserve(members.size());
    for (std::string_view& member : members) {
      const auto bytes = core::decode_base64(member);
      if (!bytes) return refuse("\"" + std::string(member) + "\" can not be converted to a Blob");
      member = owned.emplace_back(blob(*bytes));
    }
  }
  rules_.set(out, tag, members, as_sent);
  return true;
}

bool ValueDecoder::typed(std::string_view type, std::string& out, unsigned depth) {
  if (type == "S") {
    std::string_view content;
    if (!text(content)) return false;
    append_scalar(out, Tag::string, content);
    return true;
  }
  if (type == "N") return number(out);
  if (type == "B") {
    std::string_view content;
    if (!text(content)) return false;
    const auto bytes = core::decode_base64(content);
    if (!bytes) return refuse("\"" + std::string(content) + "\" can not be converted to a Blob");
    append_scalar(out, Tag::binary, blob(*bytes));
    return true;
  }
  if (type == "BOOL" || type == "NULL") {
    bool truth = false;
    const JsonType found = reader_.peek();
    if (found != JsonType::boolean) return refuse(wrong_json_type(found, "Boolean"));
    if (!reader_.read_bool(truth)) return broken();
    if (type == "NULL") {
      if (!truth)
        rules_.note(
            "One or more parameter values were invalid: Null attribute value types must have the value of "
            "true");
      out += static_cast<char>(Tag::null);
    } else {
      out += static_cast<char>(truth ? Tag::boolean_true : Tag::boolean_false);
    }
    return true;
  }
  if (type == "SS") return set(Tag::string_set, out);
  if (type == "NS") return set(Tag::number_set, out);
  if (type == "BS") return set(Tag::binary_set, out);
  if (type == "M") {
    if (reader_.peek() != JsonType::object) return refuse(wrong_json_type(reader_.peek(), "Map"));
    ContainerWriter writer(out, Tag::map);
    std::uint32_t count = 0;
    if (!members(out, count, depth + 1)) return false;
    writer.finish(count);
    return true;
  }
  // "L": value_at let nothing else through.
  if (reader_.peek() != JsonType::array) return refuse(wrong_json_type(reader_.peek(), "List"));
  ContainerWriter writer(out, Tag::list);
  if (!reader_.enter_array()) return broken();
  while (reader_.next_element()) {
    if (!value_at(out, depth + 1)) return false;
    writer.count_one();
  }
  if (reader_.failed()) return broken();
  writer.finish();
  return true;
}

bool ValueDecoder::value_at(std::string& out, unsigned depth) {
  const JsonType found = reader_.peek();
  if (found != JsonType::object) {
    if (found == JsonType::invalid) {
      (void)reader_.skip_value();
      return broken();
    }
    return refuse(found == JsonType::array
                      ? "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue"
                      : "Unexpected value type in payload");
  }
  if (!reader_.enter_object()) return broken();
  (void)rules_.nesting(depth);
  unsigned types = 0;
  std::string_view type;
  const std::size_t start = out.size();
  while (reader_.next_member(type)) {
    static constexpr std::string_view known[] = {"S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"};
    if (std::find(std::begin(known), std::end(known), type) == std::end(known)) {
      if (!reader_.skip_value()) return broken();
      continue;
    }
    if (reader_.peek() == JsonType::null) {
      if (!reader_.read_null()) return broken();
      continue;
    }
    if (++types > 1) out.resize(start);
    if (!typed(type, out, depth)) return false;
  }
  if (reader_.failed()) return broken();
  if (types == 1) return true;
  if (types == 0) {
    rules_.note("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
    out += static_cast<char>(Tag::null);
  } else {
    rules_.note(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
        "datatypes");
  }
  return true;
}

bool ValueDecoder::members(std::string& out, std::uint32_t& count_out, unsigned depth) {
  if (!reader_.enter_object()) return broken();
  const std::size_t base = names_.size();
  std::string_view name;
  while (reader_.next_member(name)) {
    names_.push_back(name);
    rules_.name(name);
    append_bytes(out, name);
    if (!value_at(out, depth)) return false;
  }
  if (reader_.failed()) return broken();
  const auto first = names_.begin() + static_cast<std::ptrdiff_t>(base);
  const std::size_t count = names_.size() - base;
  bool twice = false;
  if (count <= 16) {
    for (auto at = first; at != names_.end() && !twice; ++at) twice = std::find(first, at, *at) != at;
  } else {
    std::sort(first, names_.end());
    twice = std::adjacent_find(first, names_.end()) != names_.end();
  }
  names_.resize(base);
  if (twice) return refuse("An attribute name appears twice in one map");
  count_out = static_cast<std::uint32_t>(count);
  return true;
}

bool ValueDecoder::record(std::string& out) {
  const JsonType found = reader_.peek();
  if (found != JsonType::object) {
    if (found == JsonType::invalid) {
      (void)reader_.skip_value();
      return broken();
    }
    return refuse(wrong_json_type(found, "Map"));
  }
  out.assign(8, '\0');
  std::uint32_t count = 0;
  if (!members(out, count, 0)) return false;
  store_u32(out.data() + 4, count);
  store_u32(out.data(), static_cast<std::uint32_t>(item_size(Encoded::of_record(out))));
  return true;
}

void write_value(core::JsonWriter& writer, Encoded value) {
  const auto write_base64 = [&](std::string_view bytes) {
    std::string text;
    core::append_base64(text, as_bytes(bytes));
    writer.string(text);
  };
  switch (value.tag()) {
    case Tag::string:
      writer.attribute_string(value.text());
      return;
    case Tag::number:
      writer.attribute_number(value.text());
      return;
    default:
      break;
  }
  writer.begin_object();
  writer.key(type_name(value.tag()));
  switch (value.tag()) {
    case Tag::null:
    case Tag::boolean_true:
      writer.boolean(true);
      break;
    case Tag::boolean_false:
      writer.boolean(false);
      break;
    case Tag::binary:
      write_base64(value.text());
      break;
    case Tag::string_set:
    case Tag::number_set:
      writer.begin_array();
      for_each_set_member(value, [&](std::string_view member) { writer.string(member); });
      writer.end_array();
      break;
    case Tag::binary_set:
      writer.begin_array();
      for_each_set_member(value, write_base64);
      writer.end_array();
      break;
    case Tag::list:
      writer.begin_array();
      for_each_element(value, [&](Encoded element) { write_value(writer, element); });
      writer.end_array();
      break;
    default:
      write_item(writer, value);
  }
  writer.end_object();
}

void write_item(core::JsonWriter& writer, Encoded item) {
  writer.begin_object();
  for_each_member(item, [&](std::string_view name, Encoded value) {
    writer.key(name);
    write_value(writer, value);
  });
  writer.end_object();
}

}  // namespace bao::local
