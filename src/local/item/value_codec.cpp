#include "local/item/value_codec.hpp"

#include <cstring>
#include <vector>

#include "core/value/utf8.hpp"
#include "local/item/item_size.hpp"

namespace bao::local {

namespace {

std::string_view chars(const Binary& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Binary binary(std::string_view bytes) {
  Binary out(bytes.size());
  if (!bytes.empty()) std::memcpy(out.data(), bytes.data(), bytes.size());
  return out;
}

}  // namespace

std::string_view ValueEncoder::text(std::string_view text) {
  if (!core::is_valid_utf8(text)) ill_formed_ = true;
  return text;
}

template <class Set, class View>
void ValueEncoder::set(std::string& out, Tag tag, const Set& set, View view) {
  std::vector<std::string_view> members;
  members.reserve(set.size());
  for (const auto& member : set) members.push_back(view(member));
  // Only a number can be there twice, and that message does not show the members.
  rules_.set(out, tag, members, {});
}

void ValueEncoder::list(std::string& out, const Value::List& list, unsigned depth) {
  ContainerWriter writer(out, Tag::list);
  for (const Value& element : list) {
    value_at(out, element, depth + 1);
    writer.count_one();
  }
  writer.finish();
}

void ValueEncoder::map(std::string& out, const Value::Map& map, unsigned depth) {
  ContainerWriter writer(out, Tag::map);
  for (const auto& [name, value] : map) {
    member(out, name, value, depth + 1);
    writer.count_one();
  }
  writer.finish();
}

void ValueEncoder::member(std::string& out, std::string_view name, const Value& value, unsigned depth) {
  rules_.name(name);
  append_bytes(out, text(name));
  value_at(out, value, depth);
}

void ValueEncoder::value_at(std::string& out, const Value& value, unsigned depth) {
  if (!rules_.nesting(depth)) {
    out += static_cast<char>(Tag::null);  // what lies too deep is refused: nobody reads it
    return;
  }
  switch (value.kind()) {
    case ValueKind::null:
      out += static_cast<char>(Tag::null);
      return;
    case ValueKind::boolean:
      out += static_cast<char>(*value.get_if<bool>() ? Tag::boolean_true : Tag::boolean_false);
      return;
    case ValueKind::number:
      rules_.number(out, text(value.get_if<Number>()->text));
      return;
    case ValueKind::string:
      append_scalar(out, Tag::string, text(*value.get_if<std::string>()));
      return;
    case ValueKind::binary:
      append_scalar(out, Tag::binary, chars(*value.get_if<Binary>()));
      return;
    case ValueKind::string_set:
      set(out, Tag::string_set, *value.get_if<Value::StringSet>(),
          [this](const std::string& member) { return text(member); });
      return;
    case ValueKind::number_set:
      set(out, Tag::number_set, *value.get_if<Value::NumberSet>(),
          [this](const Number& member) { return text(member.text); });
      return;
    case ValueKind::binary_set:
      set(out, Tag::binary_set, *value.get_if<Value::BinarySet>(), chars);
      return;
    case ValueKind::list:
      list(out, *value.get_if<Value::List>(), depth);
      return;
    case ValueKind::map:
      map(out, *value.get_if<Value::Map>(), depth);
      return;
  }
}

void ValueEncoder::record(std::string& out, const Value::Map& item) {
  out.assign(8, '\0');
  for (const auto& [name, value] : item) member(out, name, value, 0);
  store_u32(out.data() + 4, static_cast<std::uint32_t>(item.size()));
  store_u32(out.data(), static_cast<std::uint32_t>(item_size(Encoded::of_record(out))));
}

Value decode_value(Encoded value) {
  switch (value.tag()) {
    case Tag::null:
      return {};
    case Tag::boolean_false:
      return false;
    case Tag::boolean_true:
      return true;
    case Tag::number:
      return Number{std::string(value.text())};
    case Tag::string:
      return value.text();
    case Tag::binary:
      return binary(value.text());
    case Tag::string_set: {
      Value::StringSet set;
      for_each_set_member(value, [&set](std::string_view member) { set.emplace_hint(set.end(), member); });
      return set;
    }
    case Tag::number_set: {
      Value::NumberSet set;
      for_each_set_member(value, [&set](std::string_view member) { set.push_back({std::string(member)}); });
      return set;
    }
    case Tag::binary_set: {
      Value::BinarySet set;
      for_each_set_member(value,
                          [&set](std::string_view member) { set.emplace_hint(set.end(), binary(member)); });
      return set;
    }
    case Tag::list: {
      Value::List list;
      list.reserve(value.count());
      for_each_element(value, [&list](Encoded element) { list.push_back(decode_value(element)); });
      return list;
    }
    case Tag::map:
      return decode_item(value);
  }
  return {};
}

Value::Map decode_item(Encoded map) {
  Value::Map out;
  for_each_member(map, [&out](std::string_view name, Encoded value) {
    out.emplace_hint(out.end(), std::string(name), decode_value(value));
  });
  return out;
}

}  // namespace bao::local
