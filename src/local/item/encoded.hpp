#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

// The engine's own form of attribute values: one run of bytes, read in place, written once.
//
//   value  = tag, then for
//            S, N, B          varint size, bytes (N: canonical decimal text; B: the bytes themselves)
//            NULL, BOOL       nothing
//            SS, NS, BS       u32 payload size, u32 count, count times (varint size, bytes), in the set's
//            order L                u32 payload size, u32 count, values M                u32 payload size,
//            u32 count, count times (varint size, name, value)
//   record = u32 item size by DynamoDB's rules, then the payload of a map (from its count on)
//
// Sets are sorted (NS by number), so equal sets have equal bytes. u32 is little-endian.

namespace bao::local {

enum class Tag : std::uint8_t {
  null,
  boolean_false,
  boolean_true,
  number,
  string,
  binary,
  string_set,
  number_set,
  binary_set,
  list,
  map,
};

/// "S", "N", "BOOL", ...
[[nodiscard]] std::string_view type_name(Tag tag);

[[nodiscard]] inline std::uint32_t load_u32(const char* bytes) {
  const auto* b = reinterpret_cast<const unsigned char*>(bytes);
  return std::uint32_t{b[0]} | std::uint32_t{b[1]} << 8 | std::uint32_t{b[2]} << 16 |
         std::uint32_t{b[3]} << 24;
}

inline void store_u32(char* bytes, std::uint32_t number) {
  bytes[0] = static_cast<char>(number & 0xFF);
  bytes[1] = static_cast<char>(number >> 8 & 0xFF);
  bytes[2] = static_cast<char>(number >> 16 & 0xFF);
  bytes[3] = static_cast<char>(number >> 24 & 0xFF);
}

/// Reads a varint-sized run of bytes and moves past it.
[[nodiscard]] inline std::string_view take_bytes(const char*& at) {
  std::uint32_t size = 0;
  unsigned shift = 0;
  unsigned char byte = 0;
  do {
    byte = static_cast<unsigned char>(*at++);
    size |= static_cast<std::uint32_t>(byte & 0x7F) << shift;
    shift += 7;
  } while (byte & 0x80);
  const std::string_view bytes(at, size);
  at += size;
  return bytes;
}

inline void append_bytes(std::string& out, std::string_view bytes) {
  std::size_t size = bytes.size();
  while (size >= 0x80) {
    out += static_cast<char>(0x80 | (size & 0x7F));
    size >>= 7;
  }
  out += static_cast<char>(size);
  out += bytes;
}

/// A view of one value. Valid while the bytes are.
class Encoded {
 public:
  Encoded() = default;
  /// The value that starts at `at`, which moves past it.
  [[nodiscard]] static Encoded take(const char*& at) {
    Encoded value;
    value.start_ = at;
    value.tag_ = static_cast<Tag>(static_cast<unsigned char>(*at++));
    switch (value.tag_) {
      case Tag::null:
      case Tag::boolean_false:
      case Tag::boolean_true:
        break;
      case Tag::number:
      case Tag::string:
      case Tag::binary:
        value.payload_ = take_bytes(at);
        break;
      default: {
        const std::uint32_t size = load_u32(at);
        value.payload_ = std::string_view(at + 4, size);
        at += 4 + size;
      }
    }
    value.end_ = at;
    return value;
  }
  [[nodiscard]] static Encoded of(const std::string& bytes) {
    const char* at = bytes.data();
    return take(at);
  }
  /// The map of a record.
  [[nodiscard]] static Encoded of_record(std::string_view record) {
    Encoded value;
    value.tag_ = Tag::map;
    value.payload_ = record.substr(4);
    return value;
  }

  [[nodiscard]] bool present() const { return payload_.data() != nullptr || start_ != nullptr; }
  [[nodiscard]] Tag tag() const { return tag_; }
  [[nodiscard]] bool is_set() const {
    return tag_ == Tag::string_set || tag_ == Tag::number_set || tag_ == Tag::binary_set;
  }
  [[nodiscard]] bool is_boolean() const { return tag_ == Tag::boolean_false || tag_ == Tag::boolean_true; }
  /// S, N, B: the content.
  [[nodiscard]] std::string_view text() const { return payload_; }
  /// Sets, lists and maps: direct members.
  [[nodiscard]] std::uint32_t count() const { return load_u32(payload_.data()); }
  [[nodiscard]] const char* members() const { return payload_.data() + 4; }
  /// Sets, lists and maps: from the count on.
  [[nodiscard]] std::string_view payload() const { return payload_; }
  /// The whole value, tag included; not for the map of a record, which has no tag.
  [[nodiscard]] std::string_view bytes() const { return {start_, static_cast<std::size_t>(end_ - start_)}; }

  /// Map: the member of this name; list: the element; not present() where there is none.
  [[nodiscard]] Encoded find(std::string_view name) const;
  [[nodiscard]] Encoded at(std::uint32_t index) const;

 private:
  const char* start_ = nullptr;
  const char* end_ = nullptr;
  std::string_view payload_;
  Tag tag_ = Tag::null;
};

/// Calls `visit(name, value)` for each member of a map.
template <class Visit>
void for_each_member(Encoded map, Visit visit) {
  const char* at = map.members();
  for (std::uint32_t left = map.count(); left > 0; --left) {
    const std::string_view name = take_bytes(at);
    visit(name, Encoded::take(at));
  }
}

template <class Visit>
void for_each_element(Encoded list, Visit visit) {
  const char* at = list.members();
  for (std::uint32_t left = list.count(); left > 0; --left) visit(Encoded::take(at));
}

/// Calls `visit(bytes)` for each member of a set.
template <class Visit>
void for_each_set_member(Encoded set, Visit visit) {
  const char* at = set.members();
  for (std::uint32_t left = set.count(); left > 0; --left) visit(take_bytes(at));
}

/// Writes a list, map or set whose size is known only at its end.
class ContainerWriter {
 public:
  ContainerWriter(std::string& out, Tag tag) : out_(out), start_(out.size() + 1) {
    out_ += static_cast<char>(tag);
    out_.append(8, '\0');
  }
  void count_one() { ++count_; }
  void finish() { finish(count_); }
  /// Where the members were counted elsewhere.
  void finish(std::uint32_t count) {
    store_u32(out_.data() + start_, static_cast<std::uint32_t>(out_.size() - start_ - 4));
    store_u32(out_.data() + start_ + 4, count);
  }

 private:
  std::string& out_;
  std::size_t start_;
  std::uint32_t count_ = 0;
};

void append_scalar(std::string& out, Tag tag, std::string_view bytes);

/// Sorts members into a set's order and appends the set; the members are unique.
void append_set(std::string& out, Tag tag, std::vector<std::string_view>& members);

/// Same type and same content; maps whatever the order of their members.
[[nodiscard]] bool equal(Encoded a, Encoded b);
/// Order of two S, two N or two B.
[[nodiscard]] int compare_scalars(Encoded a, Encoded b);
[[nodiscard]] bool is_comparable(Tag tag);
/// Same order as compare_scalars for the set's member type.
[[nodiscard]] bool set_member_less(Tag tag, std::string_view a, std::string_view b);

}  // namespace bao::local
