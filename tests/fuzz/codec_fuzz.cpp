// Arbitrary bytes never crash the codec, and what it reads it writes so that it reads the same again.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/value/base64.hpp"
#include "core/value/json_reader.hpp"
#include "core/value/json_writer.hpp"
#include "core/value/number.hpp"
#include "core/value/utf8.hpp"

namespace {

using namespace bao::core;

void check(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void fuzz_item(std::string_view input) {
  Document document{std::string(input), {}};
  JsonReader reader(document.text);
  std::uint32_t index = 0;
  if (!reader.read_item(document, index) || !reader.finish()) {
    check(reader.failed() && reader.error().offset <= input.size());
    check(!reader.error().to_string().empty());
    return;
  }
  const ValueView view(document, index);
  const bao::Value value = view.to_value();
  Document again;
  JsonWriter(again.text).item(view);
  Document of_value;
  JsonWriter(of_value.text).item(*value.get_if<bao::Value::Map>());
  for (Document* written : {&again, &of_value}) {
    JsonReader second(written->text);
    check(second.read_item(*written, index) && second.finish());
    check(ValueView(*written, index).to_value() == value);
  }
}

void fuzz_skip(std::string_view input) {
  std::string text(input);
  JsonReader reader(text);
  const bool good = reader.skip_value() && reader.finish();
  check(good != reader.failed());
}

void fuzz_texts(std::string_view input) {
  check(is_valid_utf8(input) == (find_invalid_utf8(input) == std::string_view::npos));
  if (const auto bytes = decode_base64(input)) {
    check(encode_base64(*bytes) == input);
  }
  const auto number = parse_number(input);
  check(number.has_value() == is_valid_number(input));
  if (number) {
    check(parse_number(number->to_string()) == number);
    if (const auto integer = number_to_int64(input)) {
      check(decimal_from_int64(*integer) == *number);
    }
    check(number_to_double(input).has_value());
  }
}

void fuzz_pair(std::string_view input) {
  const std::size_t space = input.find(' ');
  if (space == std::string_view::npos) {
    return;
  }
  const auto a = parse_number(input.substr(0, space));
  const auto b = parse_number(input.substr(space + 1));
  if (!a || !b) {
    return;
  }
  check((*a <=> *b) == (number_sort_key(*a) <=> number_sort_key(*b)));
  if (const auto total = add(*a, *b)) {
    check(subtract(*total, *b) == *a);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(data, data + size);
  fuzz_item(input);
  fuzz_skip(input);
  fuzz_texts(input);
  fuzz_pair(input);
  return 0;
}
