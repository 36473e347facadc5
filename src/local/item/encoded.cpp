#include "local/item/encoded.hpp"

#include <algorithm>

#include "local/item/number_text.hpp"

namespace bao::local {

std::string_view type_name(Tag tag) {
  switch (tag) {
    case Tag::null:
      return "NULL";
    case Tag::boolean_false:
    case Tag::boolean_true:
      return "BOOL";
    case Tag::number:
      return "N";
    case Tag::string:
      return "S";
    case Tag::binary:
      return "B";
    case Tag::string_set:
      return "SS";
    case Tag::number_set:
      return "NS";
    case Tag::binary_set:
      return "BS";
    case Tag::list:
      return "L";
    case Tag::map:
      return "M";
  }
  return "";
}

Encoded Encoded::find(std::string_view name) const {
  if (tag_ != Tag::map) return {};
  const char* position = members();
  for (std::uint32_t left = count(); left > 0; --left) {
    const std::string_view member = take_bytes(position);
    const Encoded value = take(position);
    if (member == name) return value;
  }
  return {};
}

Encoded Encoded::at(std::uint32_t index) const {
  if (tag_ != Tag::list || index >= count()) return {};
  const char* position = members();
  Encoded value;
  for (std::uint32_t i = 0; i <= index; ++i) value = take(position);
  return value;
}

void append_scalar(std::string& out, Tag tag, std::string_view bytes) {
  out += static_cast<char>(tag);
  append_bytes(out, bytes);
}

bool set_member_less(Tag tag, std::string_view a, std::string_view b) {
  if (tag == Tag::number_set) return compare_number_texts(a, b) < 0;
  return a < b;
}

void append_set(std::string& out, Tag tag, std::vector<std::string_view>& members) {
  std::sort(members.begin(), members.end(),
            [tag](std::string_view a, std::string_view b) { return set_member_less(tag, a, b); });
  ContainerWriter writer(out, tag);
  for (const std::string_view member : members) {
    append_bytes(out, member);
    writer.count_one();
  }
  writer.finish();
}

bool equal(Encoded a, Encoded b) {
  if (a.tag() != b.tag()) return false;
  switch (a.tag()) {
    case Tag::null:
    case Tag::boolean_false:
    case Tag::boolean_true:
      return true;
    case Tag::number:
    case Tag::string:
    case Tag::binary:
    case Tag::string_set:
    case Tag::number_set:
    case Tag::binary_set:
      return a.text() == b.text();
    case Tag::list: {
      if (a.count() != b.count()) return false;
      const char* at_a = a.members();
      const char* at_b = b.members();
      for (std::uint32_t left = a.count(); left > 0; --left) {
        if (!equal(Encoded::take(at_a), Encoded::take(at_b))) return false;
      }
      return true;
    }
    case Tag::map: {
      if (a.count() != b.count()) return false;
      bool same = true;
      for_each_member(a, [&](std::string_view name, Encoded value) {
        if (!same) return;
        const Encoded other = b.find(name);
        same = other.present() && equal(value, other);
      });
      return same;
    }
  }
  return false;
}

bool is_comparable(Tag tag) {
  return tag == Tag::string || tag == Tag::number || tag == Tag::binary;
}

int compare_scalars(Encoded a, Encoded b) {
  if (a.tag() == Tag::number) return compare_number_texts(a.text(), b.text());
  const int order = a.text().compare(b.text());
  return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

}  // namespace bao::local
