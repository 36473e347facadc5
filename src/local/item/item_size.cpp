#include "local/item/item_size.hpp"

#include "local/item/number_text.hpp"

namespace bao::local {

std::size_t value_size(Encoded value) {
  switch (value.tag()) {
    case Tag::null:
    case Tag::boolean_false:
    case Tag::boolean_true:
      return 1;
    case Tag::number:
      return number_size(value.text());
    case Tag::string:
    case Tag::binary:
      return value.text().size();
    case Tag::string_set:
    case Tag::number_set:
    case Tag::binary_set: {
      std::size_t size = 0;
      const bool numbers = value.tag() == Tag::number_set;
      for_each_set_member(
          value, [&](std::string_view member) { size += numbers ? number_size(member) : member.size(); });
      return size;
    }
    case Tag::list: {
      std::size_t size = 3;
      for_each_element(value, [&](Encoded element) { size += 1 + value_size(element); });
      return size;
    }
    case Tag::map: {
      std::size_t size = 3;
      for_each_member(value, [&](std::string_view name, Encoded member) {
        size += 1 + name.size() + value_size(member);
      });
      return size;
    }
  }
  return 0;
}

std::size_t item_size(Encoded item) {
  std::size_t size = 0;
  for_each_member(item,
                  [&](std::string_view name, Encoded value) { size += name.size() + value_size(value); });
  return size;
}

void RecordWriter::finish() {
  store_u32(out_.data() + 4, count_);
  store_u32(out_.data(), static_cast<std::uint32_t>(item_size(Encoded::of_record(out_))));
}

}  // namespace bao::local
