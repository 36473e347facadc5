// DynamoDB JSON into a Document: the part of JsonReader where the time goes.

#include <algorithm>
#include <array>
#include <cstring>

#include "core/value/base64.hpp"
#include "core/value/byte_scan.hpp"
#include "core/value/json_reader.hpp"
#include "core/value/json_space.hpp"
#include "core/value/number.hpp"
#include "core/value/sort.hpp"

namespace bao::core {
namespace {

/// Children beyond this many are compared by sorting.
constexpr std::uint32_t pairwise_max = 64;

/// A byte, 0 to 255, that equal strings share.
std::uint32_t string_hash(const char* text, std::uint32_t size) {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (size >= 8) {
    std::memcpy(&first, text, 8);
    std::memcpy(&last, text + size - 8, 8);
  } else if (size >= 4) {
    std::memcpy(&first, text, 4);
    std::memcpy(&last, text + size - 4, 4);
  } else if (size != 0) {
    first = static_cast<unsigned char>(text[0]) | static_cast<std::uint64_t>(text[size / 2]) << 8U;
    last = static_cast<unsigned char>(text[size - 1]);
  }
  const std::uint64_t mixed = (first ^ (last << 7U | last >> 57U) ^ size) * 0x9E3779B97F4A7C15U;
  return static_cast<std::uint32_t>(mixed >> 56U);
}

std::string_view child_text(const Document& document, const Node& node, bool by_name) {
  return by_name ? document.name(node) : document.text_of(node);
}

std::uint32_t add_node(Document& document, ValueKind kind) {
  const auto index = static_cast<std::uint32_t>(document.nodes.size());
  Node& node = document.nodes.emplace_back();
  node.kind = kind;
  node.end = index + 1;
  return index;
}

}  // namespace

bool JsonReader::read_item(Document& document, std::uint32_t& index) {
  if (failed()) {
    return false;
  }
  if (document.nodes.capacity() == 0) {
    // An attribute takes about 30 bytes of JSON.
    document.nodes.reserve(static_cast<std::size_t>(end_ - position_) / 24 + 8);
  }
  index = static_cast<std::uint32_t>(document.nodes.size());
  char* const after = parse_members(skip_space(position_), depth_, Range(), document);
  if (after == nullptr) {
    return false;
  }
  position_ = after;
  first_ = false;
  return true;
}

bool JsonReader::read_attribute_value(Document& document, std::uint32_t& index) {
  if (failed()) {
    return false;
  }
  index = static_cast<std::uint32_t>(document.nodes.size());
  char* const after = parse_value(skip_space(position_), depth_, Range(), document);
  if (after == nullptr) {
    return false;
  }
  position_ = after;
  first_ = false;
  return true;
}

/// {"name": VALUE, ...} at `position` as a map node.
char* JsonReader::parse_members(char* position, unsigned depth, Range name, Document& document) {
  if (*position != '{') {
    return unexpected_at(position);
  }
  if (depth >= limits_.depth_max) {
    return error_at(CodecErrorCode::too_deep, position);
  }
  const std::uint32_t map = add_node(document, ValueKind::map);
  document.nodes[map].name_offset = name.offset;
  document.nodes[map].name_size = name.size;
  std::uint32_t count = 0;
  position = skip_space(position + 1);
  if (*position != '}') {
    for (;;) {
      Range member;
      position = parse_string(position, member);
      if (position == nullptr) {
        return nullptr;
      }
      if (char* const plain =
              depth + 1 < limits_.depth_max ? parse_plain(position, member, document) : nullptr;
          plain != nullptr) {
        position = plain;
      } else {
        position = skip_space(position);
        if (*position != ':') {
          return unexpected_at(position);
        }
        position = parse_value(skip_space(position + 1), depth + 1, member, document);
        if (position == nullptr) {
          return nullptr;
        }
      }
      ++count;
      position = skip_space(position);
      if (*position != ',') {
        break;
      }
      position = skip_space(position + 1);
    }
    if (*position != '}') {
      return unexpected_at(position);
    }
  }
  document.nodes[map].child_count = count;
  document.nodes[map].end = static_cast<std::uint32_t>(document.nodes.size());
  return find_duplicates(document, map, true) ? nullptr : position + 1;
}

#if defined(__wasm__)
// Left out where size counts.
char* JsonReader::parse_plain(char* /*position*/, Range /*name*/, Document& /*document*/) {
  return nullptr;
}
#else
/// What nearly every attribute is, behind its name: a text or a number without escapes or white space, as in
/// :{"S":"text"}. Gives the position behind it; nullptr, and no error, where parse_value has to look.
char* JsonReader::parse_plain(char* position, Range name, Document& document) {
  if (end_ - position < 8 || std::memcmp(position, ":{\"", 3) != 0 ||
      std::memcmp(position + 4, "\":\"", 3) != 0) {
    return nullptr;
  }
  const bool is_number = position[3] == 'N';
  if (!is_number && position[3] != 'S') {
    return nullptr;
  }
  char* const start = position + 7;
  char* const stop = scan<ScanFor::ascii_stop>(start, end_);
  if (*stop != '"' || stop[1] != '}') {
    return nullptr;
  }
  const auto size = static_cast<std::uint32_t>(stop - start);
  if (is_number && !is_valid_number({start, size})) {
    return nullptr;
  }
  const auto index = static_cast<std::uint32_t>(document.nodes.size());
  document.nodes.push_back({.name_offset = name.offset,
                            .name_size = name.size,
                            .text_offset = offset_of(start),
                            .text_size = size,
                            .end = index + 1,
                            .kind = is_number ? ValueKind::number : ValueKind::string});
  return stop + 2;
}
#endif

/// {"S": "x"} at `position`.
char* JsonReader::parse_value(char* position, unsigned depth, Range name, Document& document) {
  if (*position != '{') {
    return unexpected_at(position);
  }
  if (depth >= limits_.depth_max) {
    return error_at(CodecErrorCode::too_deep, position);
  }
  ValueKind kind{};
  position = parse_type(skip_space(position + 1), kind);
  if (position == nullptr) {
    return nullptr;
  }
  position = skip_space(position);
  if (*position != ':') {
    return unexpected_at(position);
  }
  position = parse_typed(skip_space(position + 1), kind, depth + 1, name, document);
  if (position == nullptr) {
    return nullptr;
  }
  position = skip_space(position);
  return *position == '}' ? position + 1 : unexpected_at(position);
}

char* JsonReader::parse_type(char* position, ValueKind& kind) {
  if (*position == '}') {
    return error_at(CodecErrorCode::unknown_type, position);
  }
  // A NUL stops each of these comparisons at the end of the text.
  if (position[0] == '"' && position[1] != '\0' && position[2] == '"') {
    switch (position[1]) {
      case 'S':
        kind = ValueKind::string;
        return position + 3;
      case 'N':
        kind = ValueKind::number;
        return position + 3;
      case 'M':
        kind = ValueKind::map;
        return position + 3;
      case 'L':
        kind = ValueKind::list;
        return position + 3;
      case 'B':
        kind = ValueKind::binary;
        return position + 3;
      default:
        break;
    }
  }
  Range range;
  char* const after = parse_string(position, range);
  if (after == nullptr) {
    return nullptr;
  }
  struct TypeKey {
    std::string_view key;
    ValueKind kind;
  };
  static constexpr std::array<TypeKey, 10> type_keys = {{{"BOOL", ValueKind::boolean},
                                                         {"NULL", ValueKind::null},
                                                         {"SS", ValueKind::string_set},
                                                         {"NS", ValueKind::number_set},
                                                         {"BS", ValueKind::binary_set},
                                                         {"S", ValueKind::string},
                                                         {"N", ValueKind::number},
                                                         {"B", ValueKind::binary},
                                                         {"M", ValueKind::map},
                                                         {"L", ValueKind::list}}};
  const std::string_view key(begin_ + range.offset, range.size);
  for (const TypeKey& type_key : type_keys) {
    if (type_key.key == key) {
      kind = type_key.kind;
      return after;
    }
  }
  return error_at(CodecErrorCode::unknown_type, begin_ + range.offset);
}

/// What follows the type's colon, as one node and its descendants.
char* JsonReader::parse_typed(char* position, ValueKind kind, unsigned depth, Range name,
                              Document& document) {
  const auto add_named = [&]() -> Node& {
    Node& node = document.nodes[add_node(document, kind)];
    node.name_offset = name.offset;
    node.name_size = name.size;
    return node;
  };
  const auto matches = [this](const char* at, std::string_view literal) {
    return static_cast<std::size_t>(end_ - at) >= literal.size() &&
           std::memcmp(at, literal.data(), literal.size()) == 0;
  };
  // Which byte of a misspelt literal is wrong.
  const auto mismatch = [this](const char* at, std::string_view literal) {
    const char* const end = end_;
    const char* const stop = std::mismatch(literal.begin(), literal.end(), at, end).second;
    return unexpected_at(stop);
  };
  switch (kind) {
    case ValueKind::string:
    case ValueKind::number:
    case ValueKind::binary: {
      Range range;
      char* const after = parse_string(position, range);
      if (after == nullptr) {
        return nullptr;
      }
      const char* const start = begin_ + range.offset;
      const std::string_view text(start, range.size);
      if (kind == ValueKind::number && !is_valid_number(text)) {
        return error_at(CodecErrorCode::invalid_number, start);
      }
      if (kind == ValueKind::binary) {
        if (const std::size_t bad = find_invalid_base64(text); bad != std::string_view::npos) {
          return error_at(CodecErrorCode::invalid_base64, start + bad);
        }
      }
      Node& node = add_named();
      node.text_offset = range.offset;
      node.text_size = range.size;
      return after;
    }
    case ValueKind::boolean: {
      const bool is_true = *position == 't';
      const std::string_view literal = is_true ? "true" : "false";
      if (!matches(position, literal)) {
        return mismatch(position, literal);
      }
      add_named().boolean = is_true;
      return position + literal.size();
    }
    case ValueKind::null:
      if (!matches(position, "true")) {
        return mismatch(position, "true");
      }
      add_named();
      return position + 4;
    case ValueKind::map:
      return parse_members(position, depth, name, document);
    case ValueKind::list:
    case ValueKind::string_set:
    case ValueKind::number_set:
    case ValueKind::binary_set:
      return parse_elements(position, kind, depth, name, document);
  }
  return unexpected_at(position);
}

/// [VALUE, ...] or ["member", ...] at `position`.
char* JsonReader::parse_elements(char* position, ValueKind kind, unsigned depth, Range name,
                                 Document& document) {
  if (*position != '[') {
    return unexpected_at(position);
  }
  if (depth >= limits_.depth_max) {
    return error_at(CodecErrorCode::too_deep, position);
  }
  const std::uint32_t parent = add_node(document, kind);
  document.nodes[parent].name_offset = name.offset;
  document.nodes[parent].name_size = name.size;
  const bool is_list = kind == ValueKind::list;
  std::uint32_t count = 0;
  position = skip_space(position + 1);
  if (*position != ']') {
    for (;;) {
      position = is_list ? parse_value(position, depth + 1, Range(), document)
                         : parse_set_member(position, kind, document);
      if (position == nullptr) {
        return nullptr;
      }
      ++count;
      position = skip_space(position);
      if (*position != ',') {
        break;
      }
      position = skip_space(position + 1);
    }
    if (*position != ']') {
      return unexpected_at(position);
    }
  }
  document.nodes[parent].child_count = count;
  document.nodes[parent].end = static_cast<std::uint32_t>(document.nodes.size());
  if (!is_list && find_duplicates(document, parent, false)) {
    return nullptr;
  }
  return position + 1;
}

char* JsonReader::parse_set_member(char* position, ValueKind kind, Document& document) {
  ValueKind member = ValueKind::string;
  if (kind == ValueKind::number_set) {
    member = ValueKind::number;
  } else if (kind == ValueKind::binary_set) {
    member = ValueKind::binary;
  }
  return parse_typed(position, member, 0, Range(), document);
}

/// Compares the children of a node, all pairs of them only where their hashes meet.
bool JsonReader::find_duplicates(const Document& document, std::uint32_t parent, bool by_name) {
  const Node& node = document.nodes[parent];
  if (node.child_count < 2) {
    return false;
  }
  if (node.child_count > pairwise_max) {
    return find_duplicates_sorted(document, parent, by_name);
  }
  std::array<std::uint64_t, 4> seen{};
  for (std::uint32_t i = parent + 1; i < node.end; i = document.nodes[i].end) {
    const std::string_view text = child_text(document, document.nodes[i], by_name);
    const std::uint32_t hash = string_hash(text.data(), static_cast<std::uint32_t>(text.size()));
    const std::uint64_t bit = std::uint64_t{1} << (hash & 63U);
    if ((seen[hash >> 6U] & bit) != 0) {
      for (std::uint32_t j = parent + 1; j < i; j = document.nodes[j].end) {
        if (child_text(document, document.nodes[j], by_name) == text) {
          error_at(CodecErrorCode::duplicate_key, text.data());
          return true;
        }
      }
    }
    seen[hash >> 6U] |= bit;
  }
  return false;
}

bool JsonReader::find_duplicates_sorted(const Document& document, std::uint32_t parent, bool by_name) {
  sorted_.clear();
  for (std::uint32_t i = parent + 1; i < document.nodes[parent].end; i = document.nodes[i].end) {
    sorted_.push_back(i);
  }
  const auto text = [&](std::uint32_t child) { return child_text(document, document.nodes[child], by_name); };
  sort_numbers(sorted_, [&](std::uint32_t a, std::uint32_t b) {
    const int order = text(a).compare(text(b));
    return order != 0 ? order < 0 : a < b;
  });
  const char* first = nullptr;  // the repetition that comes first in the text
  for (std::size_t i = 1; i < sorted_.size(); ++i) {
    const std::string_view member = text(sorted_[i]);
    if (member == text(sorted_[i - 1]) && (first == nullptr || member.data() < first)) {
      first = member.data();
    }
  }
  if (first == nullptr) {
    return false;
  }
  error_at(CodecErrorCode::duplicate_key, first);
  return true;
}

}  // namespace bao::core
