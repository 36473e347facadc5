#include "core/value/json_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace bao::core {
namespace {

std::string read_text(std::string json) {
  JsonReader reader(json);
  std::string_view text;
  return reader.read_string(text) && reader.finish() ? std::string(text) : reader.error().to_string();
}

TEST(JsonReader, ReadsAnEnvelope) {
  std::string json =
      R"( { "Count" : 2 , "Items" : [ true , false, null ], "Key":{}, "Last":[], "Skip":{"a":[1,{"b":"c"}]},"x":"y" } )";
  JsonReader reader(json);
  EXPECT_EQ(reader.peek(), JsonType::object);
  ASSERT_TRUE(reader.enter_object());
  std::vector<std::string> names;
  std::string_view name;
  std::string_view text;
  int elements = 0;
  while (reader.next_member(name)) {
    names.emplace_back(name);
    if (name == "Count") {
      EXPECT_EQ(reader.peek(), JsonType::number);
      ASSERT_TRUE(reader.read_number(text));
      EXPECT_EQ(text, "2");
    } else if (name == "Items") {
      EXPECT_EQ(reader.peek(), JsonType::array);
      ASSERT_TRUE(reader.enter_array());
      while (reader.next_element()) {
        ++elements;
        bool value = elements != 1;
        if (reader.peek() == JsonType::boolean) {
          ASSERT_TRUE(reader.read_bool(value));
          EXPECT_EQ(value, elements == 1);
        } else {
          EXPECT_EQ(reader.peek(), JsonType::null);
          ASSERT_TRUE(reader.read_null());
        }
      }
    } else if (name == "x") {
      EXPECT_EQ(reader.peek(), JsonType::string);
      ASSERT_TRUE(reader.read_string(text));
      EXPECT_EQ(text, "y");
    } else {
      ASSERT_TRUE(reader.skip_value());
    }
  }
  EXPECT_TRUE(reader.finish()) << reader.error().to_string();
  EXPECT_EQ(elements, 3);
  EXPECT_EQ(names, (std::vector<std::string>{"Count", "Items", "Key", "Last", "Skip", "x"}));
}

TEST(JsonReader, ReadsItemsInsideAnEnvelope) {
  Document document{R"({"Items":[{"a":{"S":"x\ty"}}, {} ,{"b":{"L":[{"N":"1"}]}}],"V":{"BOOL":true}})", {}};
  JsonReader reader(document.text);
  std::vector<std::uint32_t> items;
  std::uint32_t value = 0;
  std::string_view name;
  ASSERT_TRUE(reader.enter_object());
  while (reader.next_member(name)) {
    std::uint32_t index = 0;
    if (name == "V") {
      ASSERT_TRUE(reader.read_attribute_value(document, value));
      continue;
    }
    ASSERT_TRUE(reader.enter_array());
    while (reader.next_element()) {
      ASSERT_TRUE(reader.read_item(document, index));
      items.push_back(index);
    }
  }
  ASSERT_TRUE(reader.finish()) << reader.error().to_string();
  ASSERT_EQ(items.size(), 3U);
  EXPECT_EQ(ValueView(document, items[0]).find("a").text(), "x\ty");
  EXPECT_EQ(ValueView(document, items[1]).size(), 0U);
  EXPECT_EQ((*ValueView(document, items[2]).find("b").begin()).text(), "1");
  EXPECT_TRUE(ValueView(document, value).boolean());
}

TEST(JsonReader, UnescapesInPlace) {
  EXPECT_EQ(read_text(R"("")"), "");
  EXPECT_EQ(read_text(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(read_text(R"("\u0041\u00e9\u20AC\uD83D\uDE00")"), "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  EXPECT_EQ(read_text(R"("\u0000")"), std::string(1, '\0'));
  EXPECT_EQ(read_text("\"\xF4\x8F\xBF\xBF\xED\x9F\xBF\xEF\xBF\xBF\x7F\""),
            "\xF4\x8F\xBF\xBF\xED\x9F\xBF\xEF\xBF\xBF\x7F");
  // Runs of every length on both sides of an escape, so that each step of the scan is met.
  for (std::size_t before = 0; before < 40; ++before) {
    for (std::size_t after = 0; after < 40; ++after) {
      const std::string head(before, 'h');
      const std::string tail(after, 't');
      EXPECT_EQ(read_text("\"" + head + "\\n" + tail + "\\u00e9" + head + "\""),
                head + "\n" + tail + "\xC3\xA9" + head);
      EXPECT_EQ(read_text("\"" + head + "\xC3\xA9" + tail + "\""), head + "\xC3\xA9" + tail);
    }
  }
}

// Attributes without white space are read by a shorter way. What is wrong with them must be told as by the
// longer.
TEST(JsonReader, CompactAttributesAreReadLikeOthers) {
  const std::string compact = R"({"a":{"S":"xyz"},"b":{"N":"12"},"c":{"B":"eHl6"},"d":{"BOOL":true}})";
  std::vector<std::size_t>
      spaces;  // where the longer way's text has a space, by the offset in the compact one
  for (std::size_t at = compact.find(":{"); at != std::string::npos; at = compact.find(":{", at + 1)) {
    spaces.push_back(at + 1);
  }
  const auto spaced = [&](std::string text) {
    for (auto at = spaces.rbegin(); at != spaces.rend(); ++at) {
      if (*at <= text.size()) text.insert(*at, 1, ' ');
    }
    return text;
  };
  const auto check = [&](const std::string& text) {
    Document document{.text = text, .nodes = {}};
    Document other{.text = spaced(text), .nodes = {}};
    JsonReader reader(document.text);
    JsonReader other_reader(other.text);
    std::uint32_t index = 0;
    const bool read = reader.read_item(document, index) && reader.finish();
    ASSERT_EQ(read, other_reader.read_item(other, index) && other_reader.finish()) << text;
    ASSERT_EQ(reader.error().code, other_reader.error().code) << text;
    if (!read) {
      const auto before = static_cast<std::size_t>(
          std::ranges::count_if(spaces, [&](std::size_t at) { return at <= reader.error().offset; }));
      ASSERT_EQ(reader.error().offset + before, other_reader.error().offset) << text;
      return;
    }
    ASSERT_EQ(document.nodes.size(), other.nodes.size()) << text;
    for (std::size_t node = 0; node < document.nodes.size(); ++node) {
      const Node& one = document.nodes[node];
      const Node& same = other.nodes[node];
      ASSERT_EQ(one.kind, same.kind) << text;
      ASSERT_EQ(one.end, same.end) << text;
      ASSERT_EQ(one.child_count, same.child_count) << text;
      ASSERT_EQ(document.name(one).size(), other.name(same).size()) << text;
      ASSERT_EQ(document.text_of(one), other.text_of(same)) << text;
    }
  };
  check(compact);
  for (std::size_t at = 0; at < compact.size(); ++at) {
    check(compact.substr(0, at));
    for (const char c : {'"', '\\', '}', '{', ' ', 'x', 'N', '0', '\x01', '\xff', ','}) {
      std::string text = compact;
      text[at] = c;
      check(text);
    }
  }
}

TEST(JsonReader, TruncatedStringsEndUnexpectedly) {
  for (const char* json : {"\"", "\"abc", "\"\\", "\"\\u", "\"\\u00e", "\"\\uD83D", "\"\\uD83D\\",
                           "\"\\uD83D\\u", "\"\\uD83D\\uDE0"}) {
    EXPECT_EQ(read_text(json), "unexpected end at offset " + std::to_string(std::string(json).size()))
        << json;
  }
}

TEST(JsonReader, NumbersFollowTheGrammarOfJson) {
  for (const char* good :
       {"0", "-0", "10", "-1.5", "0.5", "1e5", "1E+5", "1.25e-7", "123456789012345678901234567890"}) {
    std::string json = good;
    JsonReader reader(json);
    std::string_view text;
    EXPECT_TRUE(reader.read_number(text) && reader.finish()) << good;
    EXPECT_EQ(text, good);
  }
  struct Bad {
    const char* json;
    CodecErrorCode code;
    std::size_t offset;
  };
  for (const Bad& bad :
       {Bad{"", CodecErrorCode::unexpected_end, 0}, Bad{"-", CodecErrorCode::unexpected_end, 1},
        Bad{"+1", CodecErrorCode::unexpected_byte, 0}, Bad{".5", CodecErrorCode::unexpected_byte, 0},
        Bad{"01", CodecErrorCode::invalid_number, 1}, Bad{"-a", CodecErrorCode::invalid_number, 1},
        Bad{"1.", CodecErrorCode::unexpected_end, 2}, Bad{"1.x", CodecErrorCode::invalid_number, 2},
        Bad{"1e", CodecErrorCode::unexpected_end, 2}, Bad{"1e+ ", CodecErrorCode::invalid_number, 3},
        Bad{"1x", CodecErrorCode::trailing_bytes, 1}}) {
    std::string json = bad.json;
    JsonReader reader(json);
    std::string_view text;
    EXPECT_FALSE(reader.read_number(text) && reader.finish()) << bad.json;
    EXPECT_EQ(static_cast<int>(reader.error().code), static_cast<int>(bad.code)) << bad.json;
    EXPECT_EQ(reader.error().offset, bad.offset) << bad.json;
  }
}

TEST(JsonReader, SkippedValuesAreStillChecked) {
  for (const char* bad : {"[1,]", "[1 2]", "{\"a\" 1}", "{\"a\":}", "{1:2}", "[tru]", "nul", "[\"\\x\"]",
                          "{\"a\":1,}", "[\"\xFF\"]", "[", "{", "]", "", "@", "[}", "{]"}) {
    std::string json = bad;
    JsonReader reader(json);
    EXPECT_FALSE(reader.skip_value() && reader.finish()) << bad;
    EXPECT_TRUE(reader.failed());
  }
  std::string good = " {\"a\":[1,-2.5e3,\"x\",true,false,null,{}],\"b\":{\"c\":[[]]}} ";
  JsonReader reader(good);
  EXPECT_TRUE(reader.skip_value() && reader.finish()) << reader.error().to_string();
}

TEST(JsonReader, TheFirstErrorStays) {
  std::string json = R"({"a":tru,"b":1})";
  JsonReader reader(json);
  std::string_view name;
  ASSERT_TRUE(reader.enter_object());
  ASSERT_TRUE(reader.next_member(name));
  bool value = false;
  EXPECT_FALSE(reader.read_bool(value));
  const CodecError first = reader.error();
  EXPECT_EQ(first.offset, 8U);
  Document document;
  std::uint32_t index = 0;
  std::string_view text;
  EXPECT_FALSE(reader.next_member(name));
  EXPECT_FALSE(reader.next_element());
  EXPECT_FALSE(reader.enter_object());
  EXPECT_FALSE(reader.enter_array());
  EXPECT_FALSE(reader.read_string(text));
  EXPECT_FALSE(reader.read_number(text));
  EXPECT_FALSE(reader.read_null());
  EXPECT_FALSE(reader.skip_value());
  EXPECT_FALSE(reader.read_item(document, index));
  EXPECT_FALSE(reader.read_attribute_value(document, index));
  EXPECT_FALSE(reader.fail(CodecErrorCode::duplicate_key));
  EXPECT_FALSE(reader.finish());
  EXPECT_EQ(reader.peek(), JsonType::invalid);
  EXPECT_EQ(reader.error().code, first.code);
  EXPECT_EQ(reader.error().offset, first.offset);
}

TEST(JsonReader, CallersMayFailAtThePresentPosition) {
  std::string json = R"({"a": 1})";
  JsonReader reader(json);
  std::string_view name;
  ASSERT_TRUE(reader.enter_object());
  ASSERT_TRUE(reader.next_member(name));
  EXPECT_EQ(reader.peek(), JsonType::number);
  EXPECT_FALSE(reader.fail(CodecErrorCode::unexpected_byte));
  EXPECT_EQ(reader.error().to_string(), "unexpected byte at offset 6");
}

}  // namespace
}  // namespace bao::core
