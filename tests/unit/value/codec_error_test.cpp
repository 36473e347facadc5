#include <gtest/gtest.h>

#include <string>

#include "core/value/json_reader.hpp"
#include "core/value/json_writer.hpp"

namespace bao::core {
namespace {

CodecError read_item_error(std::string text, JsonLimits limits = {}) {
  Document document{std::move(text), {}};
  JsonReader reader(document.text, limits);
  std::uint32_t index = 0;
  const bool read = reader.read_item(document, index) && reader.finish();
  EXPECT_EQ(read, !reader.failed());
  return reader.error();
}

struct Case {
  const char* name;
  std::string json;
  CodecErrorCode code;
  std::size_t offset;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class CodecErrors : public testing::TestWithParam<Case> {};

TEST_P(CodecErrors, TellCodeAndOffset) {
  const CodecError error = read_item_error(GetParam().json);
  EXPECT_EQ(static_cast<int>(error.code), static_cast<int>(GetParam().code)) << error.to_string();
  EXPECT_EQ(error.offset, GetParam().offset) << error.to_string();
}

using enum CodecErrorCode;

INSTANTIATE_TEST_SUITE_P(
    All, CodecErrors,
    testing::Values(Case{"empty", "", unexpected_end, 0}, Case{"array", "[]", unexpected_byte, 0},
                    Case{"missing_colon", R"({"a"{"S":"x"}})", unexpected_byte, 4},
                    Case{"missing_comma", R"({"a":{"S":"x"}"b":{"S":"y"}})", unexpected_byte, 14},
                    Case{"trailing_comma", R"({"a":{"S":"x"},})", unexpected_byte, 15},
                    Case{"leading_comma", R"({,"a":{"S":"x"}})", unexpected_byte, 1},
                    Case{"bare_value", R"({"a":"x"})", unexpected_byte, 5},
                    Case{"two_types", R"({"a":{"S":"x","N":"1"}})", unexpected_byte, 13},
                    Case{"null_false", R"({"a":{"NULL":false}})", unexpected_byte, 13},
                    Case{"bool_text", R"({"a":{"BOOL":"true"}})", unexpected_byte, 13},
                    Case{"bool_misspelt", R"({"a":{"BOOL":trve}})", unexpected_byte, 15},
                    Case{"bool_longer", R"({"a":{"BOOL":truee}})", unexpected_byte, 17},
                    Case{"number_unquoted", R"({"a":{"N":1}})", unexpected_byte, 10},
                    Case{"string_null", R"({"a":{"S":null}})", unexpected_byte, 10},
                    Case{"list_of_strings", R"({"a":{"L":["x"]}})", unexpected_byte, 11},
                    Case{"set_of_values", R"({"a":{"SS":[{"S":"x"}]}})", unexpected_byte, 12},
                    Case{"set_trailing_comma", R"({"a":{"SS":["x",]}})", unexpected_byte, 16},
                    Case{"control_character", "{\"a\":{\"S\":\"x\ny\"}}", unexpected_byte, 12},
                    Case{"nul_in_string", std::string("{\"a\":{\"S\":\"\0\"}}", 16), unexpected_byte, 11},
                    Case{"nul_between", std::string("{\0}", 3), unexpected_byte, 1},
                    Case{"byte_order_mark", "\xEF\xBB\xBF{}", unexpected_byte, 0},
                    Case{"escape_letter", R"({"a":{"S":"x\q"}})", invalid_escape, 13},
                    Case{"escape_hex", R"({"a":{"S":"\u12G4"}})", invalid_escape, 15},
                    Case{"second_escape_hex", R"({"a":{"S":"\uD83D\uDE0Z"}})", invalid_escape, 22},
                    Case{"lone_high_surrogate", R"({"a":{"S":"ab\uD83D"}})", invalid_utf8, 13},
                    Case{"high_surrogate_then_letter", R"({"a":{"S":"\uD83D\n"}})", invalid_utf8, 11},
                    Case{"two_high_surrogates", R"({"a":{"S":"\uD83D\uD83D"}})", invalid_utf8, 11},
                    Case{"lone_low_surrogate", R"({"a":{"S":"\uDE00"}})", invalid_utf8, 11},
                    Case{"overlong_slash", "{\"a\":{\"S\":\"\xC0\xAF\"}}", invalid_utf8, 11},
                    Case{"overlong_three", "{\"a\":{\"S\":\"x\xE0\x80\xAF\"}}", invalid_utf8, 12},
                    Case{"encoded_surrogate", "{\"a\":{\"S\":\"\xED\xA0\x80\"}}", invalid_utf8, 11},
                    Case{"above_unicode", "{\"a\":{\"S\":\"\xF4\x90\x80\x80\"}}", invalid_utf8, 11},
                    Case{"cut_character", "{\"a\":{\"S\":\"\xE2\x82\"}}", invalid_utf8, 11},
                    Case{"invalid_name", "{\"\xFF\":{\"S\":\"\"}}", invalid_utf8, 2},
                    Case{"number_word", R"({"a":{"N":"ten"}})", invalid_number, 11},
                    Case{"number_empty", R"({"a":{"N":""}})", invalid_number, 11},
                    Case{"number_spaced", R"({"a":{"N":"1 "}})", invalid_number, 11},
                    Case{"number_39_digits", R"({"a":{"N":"123456789012345678901234567890123456789"}})",
                         invalid_number, 11},
                    Case{"number_too_large", R"({"a":{"N":"1E126"}})", invalid_number, 11},
                    Case{"number_too_small", R"({"a":{"N":"1E-131"}})", invalid_number, 11},
                    Case{"number_in_set", R"({"a":{"NS":["1","x"]}})", invalid_number, 17},
                    Case{"base64_letter", R"({"a":{"B":"AB*D"}})", invalid_base64, 13},
                    Case{"base64_unpadded", R"({"a":{"B":"AB"}})", invalid_base64, 13},
                    Case{"base64_bits", R"({"a":{"B":"AB=="}})", invalid_base64, 12},
                    Case{"base64_in_set", R"({"a":{"BS":["A==="]}})", invalid_base64, 14},
                    Case{"no_type", R"({"a":{}})", unknown_type, 6},
                    Case{"unknown_type", R"({"a":{"X":"x"}})", unknown_type, 7},
                    Case{"unknown_long_type", R"({"a":{"STRING":"x"}})", unknown_type, 7},
                    Case{"lower_case_type", R"({"a":{"s":"x"}})", unknown_type, 7},
                    Case{"duplicate_attribute", R"({"a":{"S":"x"},"b":{"S":"x"},"a":{"S":"x"}})",
                         duplicate_key, 30},
                    Case{"duplicate_escaped", R"({"a":{"S":"x"},"\u0061":{"S":"x"}})", duplicate_key, 16},
                    Case{"duplicate_empty_name", R"({"":{"S":"x"},"":{"N":"1"}})", duplicate_key, 15},
                    Case{"duplicate_in_map", R"({"m":{"M":{"a":{"L":[]},"a":{"L":[]}}}})", duplicate_key, 25},
                    Case{"duplicate_string", R"({"m":{"SS":["a","b","a"]}})", duplicate_key, 21},
                    Case{"duplicate_number", R"({"m":{"NS":["1","1"]}})", duplicate_key, 17},
                    Case{"duplicate_binary", R"({"m":{"BS":["AQ==","AQ=="]}})", duplicate_key, 20},
                    Case{"trailing_brace", "{}}", trailing_bytes, 2},
                    Case{"trailing_nul", std::string("{}\0", 3), trailing_bytes, 2}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(CodecLimits, TooLarge) {
  const CodecError error = read_item_error("{         }", {.bytes_max = 10});
  EXPECT_EQ(error.code, too_large);
  EXPECT_EQ(error.offset, 10U);
  EXPECT_EQ(read_item_error("{        }", {.bytes_max = 10}).code, none);
}

std::string nested_lists(int levels) {
  std::string json = R"({"a":)";
  for (int i = 0; i < levels; ++i) {
    json += R"({"L":[)";
  }
  for (int i = 0; i < levels; ++i) {
    json += "]}";
  }
  return json + "}";
}

TEST(CodecLimits, DepthCountsObjectsAndArrays) {
  // The item, and for each level the object and its array.
  EXPECT_EQ(read_item_error(nested_lists(3), {.depth_max = 7}).code, none);
  const CodecError at_array = read_item_error(nested_lists(3), {.depth_max = 6});
  EXPECT_EQ(at_array.code, too_deep);
  EXPECT_EQ(at_array.offset, 22U);
  const CodecError at_object = read_item_error(nested_lists(3), {.depth_max = 5});
  EXPECT_EQ(at_object.code, too_deep);
  EXPECT_EQ(at_object.offset, 17U);
  EXPECT_EQ(read_item_error("{}", {.depth_max = 0}).code, too_deep);
}

TEST(CodecLimits, WhatDynamoDbAllowsFitsAndWhatWouldOverflowTheStackDoesNot) {
  EXPECT_EQ(read_item_error(nested_lists(33)).code, none);
  EXPECT_EQ(read_item_error(nested_lists(1'000'000)).code, too_deep);
  std::string maps = "{";
  for (int i = 0; i < 1000; ++i) {
    maps += R"("a":{"M":{)";
  }
  EXPECT_EQ(read_item_error(maps).code, too_deep);
  std::string arrays(1'000'000, '[');
  JsonReader reader(arrays);
  EXPECT_FALSE(reader.skip_value());
  EXPECT_EQ(reader.error().code, too_deep);
  EXPECT_EQ(reader.error().offset, JsonLimits{}.depth_max);
}

TEST(CodecLimits, DuplicatesAmongManyAreFoundAtTheFirstRepetition) {
  for (const int count : {2, 64, 65, 5000}) {
    std::string map = "{";
    std::string set = R"({"s":{"SS":[)";
    for (int i = 0; i < count; ++i) {
      map += "\"attribute" + std::to_string(i) + R"(":{"N":"1"},)";
      set += "\"" + std::to_string(i) + "\",";
    }
    const std::size_t map_repeats = map.size() + 1;
    const std::size_t set_repeats = set.size() + 1;
    const CodecError in_map = read_item_error(map + R"("attribute1":{"N":"1"},"attribute0":{"N":"1"}})");
    EXPECT_EQ(in_map.code, duplicate_key) << count;
    EXPECT_EQ(in_map.offset, map_repeats) << count;
    const CodecError in_set = read_item_error(set + R"("1","0"]}})");
    EXPECT_EQ(in_set.code, duplicate_key) << count;
    EXPECT_EQ(in_set.offset, set_repeats) << count;
    EXPECT_EQ(read_item_error(map + R"("other":{"N":"1"}})").code, none) << count;
    EXPECT_EQ(read_item_error(set + R"("other"]}})").code, none) << count;
  }
}

const std::string rich =
    "{\"s\":{\"S\":\"h\xC3\xA9llo \\uD83D\\uDE00 a longer text \\\"q\\\"\"},\"n\":{\"N\":\"-12.50\"} ,"
    R"("b":{"B":"AQID"},"t":{"BOOL":true},"f":{"BOOL":false},"z":{"NULL":true},"ss":{"SS":["a","b"]},)"
    R"("ns":{"NS":["1","2.5"]},"bs":{"BS":["","AQ=="]},"l":{"L":[{"S":""},{"L":[]},{"M":{}}]},)"
    R"("m":{"M":{"x":{"M":{"y":{"N":"1E3"}}}}}})";

TEST(CodecCorruption, EveryTruncationEndsUnexpectedly) {
  ASSERT_EQ(read_item_error(rich).code, none);
  for (std::size_t size = 0; size < rich.size(); ++size) {
    const CodecError error = read_item_error(rich.substr(0, size));
    // A character that is cut is told at its start; everything else at the end of what there is.
    const bool cut_character = size > 0 && static_cast<unsigned char>(rich[size - 1]) == 0xC3U;
    EXPECT_EQ(static_cast<int>(error.code), static_cast<int>(cut_character ? invalid_utf8 : unexpected_end))
        << size;
    EXPECT_EQ(error.offset, cut_character ? size - 1 : size);
  }
}

TEST(CodecCorruption, EverySingleByteChangeIsReadOrRefused) {
  std::size_t refused = 0;
  for (std::size_t i = 0; i < rich.size(); ++i) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = rich;
      text[i] = static_cast<char>(byte);
      Document document{text, {}};
      JsonReader reader(document.text);
      std::uint32_t index = 0;
      if (!reader.read_item(document, index) || !reader.finish()) {
        ++refused;
        EXPECT_LE(reader.error().offset, rich.size());
        continue;
      }
      // What was read can be written and read again, and is the same.
      Document again;
      JsonWriter(again.text).item(ValueView(document, index));
      JsonReader second(again.text);
      std::uint32_t second_index = 0;
      ASSERT_TRUE(second.read_item(again, second_index)) << text;
      EXPECT_EQ(ValueView(again, second_index).to_value(), ValueView(document, index).to_value());
    }
  }
  EXPECT_GT(refused, rich.size() * 100);
}

TEST(CodecError, ReadsAsASentencePart) {
  EXPECT_EQ((CodecError{unexpected_byte, 17}).to_string(), "unexpected byte at offset 17");
  EXPECT_EQ((CodecError{invalid_base64, 0}).to_string(), "invalid base64 at offset 0");
}

}  // namespace
}  // namespace bao::core
