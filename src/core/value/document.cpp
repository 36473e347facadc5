#include "core/value/document.hpp"

#include <cstring>
#include <utility>

#include "core/value/base64.hpp"

namespace bao::core {

ValueView ValueView::find(std::string_view name) const {
  if (kind() != ValueKind::map) {
    return {};
  }
  const char* const text = document_->text.data();
  const Node* const nodes = document_->nodes.data();
  const std::uint32_t end = nodes[index_].end;
  for (std::uint32_t i = index_ + 1; i < end; i = nodes[i].end) {
    if (nodes[i].name_size == name.size() &&
        std::memcmp(text + nodes[i].name_offset, name.data(), name.size()) == 0) {
      return {*document_, i};
    }
  }
  return {};
}

Value ValueView::to_value() const {
  // The reader validated every base64 text.
  const auto binary = [](ValueView view) { return decode_base64(view.text()).value_or(Binary()); };
  switch (kind()) {
    case ValueKind::null:
      break;
    case ValueKind::boolean:
      return {boolean()};
    case ValueKind::number:
      return {Number{std::string(text())}};
    case ValueKind::string:
      return {std::string(text())};
    case ValueKind::binary:
      return {binary(*this)};
    case ValueKind::string_set: {
      Value::StringSet set;
      for (const ValueView member : *this) {
        set.emplace(member.text());
      }
      return {std::move(set)};
    }
    case ValueKind::number_set: {
      Value::NumberSet set;
      set.reserve(size());
      for (const ValueView member : *this) {
        set.push_back(Number{std::string(member.text())});
      }
      return {std::move(set)};
    }
    case ValueKind::binary_set: {
      Value::BinarySet set;
      for (const ValueView member : *this) {
        set.insert(binary(member));
      }
      return {std::move(set)};
    }
    case ValueKind::list: {
      Value::List list;
      list.reserve(size());
      for (const ValueView element : *this) {
        list.push_back(element.to_value());
      }
      return {std::move(list)};
    }
    case ValueKind::map: {
      Value::Map map;
      for (const ValueView member : *this) {
        map.emplace(member.name(), member.to_value());
      }
      return {std::move(map)};
    }
  }
  return {};
}

}  // namespace bao::core
