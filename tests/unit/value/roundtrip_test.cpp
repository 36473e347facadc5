#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "core/value/json_reader.hpp"
#include "core/value/json_writer.hpp"

namespace bao::core {
namespace {

using namespace std::string_view_literals;

const std::string rich =
    R"({"s":{"S":"h\u00e9llo \uD83D\uDE00 \"q\" \/"},"n":{"N":"-12.50"},"b":{"B":"AQID"},"t":{"BOOL":true},)"
    R"("f":{"BOOL":false},"z":{"NULL":true},"ss":{"SS":["a","b"]},"ns":{"NS":["1","2.5"]},)"
    R"("bs":{"BS":["","AQ=="]},"l":{"L":[{"S":""},{"L":[]},{"M":{}}]},"m":{"M":{"x":{"M":{"y":{"N":"1"}}}}}})";

std::string written(const Value::Map& item) {
  std::string out;
  JsonWriter(out).item(item);
  return out;
}

TEST(RoundTrip, EveryTypeReadsAsItWasWritten) {
  Document document{rich, {}};
  JsonReader reader(document.text);
  std::uint32_t index = 99;
  ASSERT_TRUE(reader.read_item(document, index)) << reader.error().to_string();
  ASSERT_TRUE(reader.finish());
  EXPECT_EQ(index, 0U);

  const Value::Map expected = {
      {"s", "h\xC3\xA9llo \xF0\x9F\x98\x80 \"q\" /"},
      {"n", Number{"-12.50"}},
      {"b", Binary{std::byte{1}, std::byte{2}, std::byte{3}}},
      {"t", true},
      {"f", false},
      {"z", nullptr},
      {"ss", Value::StringSet{"a", "b"}},
      {"ns", Value::NumberSet{{"1"}, {"2.5"}}},
      {"bs", Value::BinarySet{{}, {std::byte{1}}}},
      {"l", Value::List{"", Value::List{}, Value::Map{}}},
      {"m", Value::Map{{"x", Value::Map{{"y", Number{"1"}}}}}},
  };
  const ValueView view(document, index);
  EXPECT_EQ(view.size(), 11U);
  EXPECT_EQ(view.to_value(), Value(expected));

  Document again{written(expected), {}};
  JsonReader second(again.text);
  ASSERT_TRUE(second.read_item(again, index)) << second.error().to_string();
  EXPECT_EQ(ValueView(again, index).to_value(), Value(expected));

  // The writer of views agrees with the writer of values, but for the order received.
  std::string from_view;
  JsonWriter(from_view).item(ValueView(again, index));
  EXPECT_EQ(from_view, written(expected));
}

TEST(RoundTrip, FindGivesMembersOfMapsOnly) {
  auto document =
      std::make_shared<Document>(Document{R"({"a":{"M":{"b":{"N":"1"},"":{"N":"2"}}},"ab":{"L":[]}})", {}});
  JsonReader reader(document->text);
  std::uint32_t index = 0;
  ASSERT_TRUE(reader.read_item(*document, index));
  const ItemRef item(document, index);
  EXPECT_TRUE(item);
  EXPECT_EQ(item.attribute("a").find("b").text(), "1");
  EXPECT_EQ(item.attribute("a").find("").text(), "2");
  EXPECT_EQ(item.attribute("ab").kind(), ValueKind::list);
  EXPECT_FALSE(item.attribute("b").present()) << "a member of a member";
  EXPECT_FALSE(item.attribute("ab").find("x").present());
  EXPECT_FALSE(ItemRef().attribute("a").present());
}

TEST(RoundTrip, EmptySetsAndEmptyItems) {
  const std::string json = R"({"b":{"BS":[]},"n":{"NS":[]},"s":{"SS":[]}})";
  Document document{json, {}};
  JsonReader reader(document.text);
  std::uint32_t index = 0;
  ASSERT_TRUE(reader.read_item(document, index));
  EXPECT_EQ(ValueView(document, index).find("s").size(), 0U);
  EXPECT_EQ(
      ValueView(document, index).to_value(),
      Value(Value::Map{{"b", Value::BinarySet{}}, {"n", Value::NumberSet{}}, {"s", Value::StringSet{}}}));
  EXPECT_EQ(written({{"b", Value::BinarySet{}}, {"n", Value::NumberSet{}}, {"s", Value::StringSet{}}}), json);
  EXPECT_EQ(written({}), "{}");
}

TEST(JsonWriter, EscapesWhatJsonRequiresAndNothingElse) {
  std::string out;
  JsonWriter(out).string("a\"\\\n\r\t\x01\x1f\x7f\0/\xC3\xA9 plain text longer than one step"sv);
  EXPECT_EQ(out, "\"a\\\"\\\\\\n\\r\\t\\u0001\\u001f\x7f\\u0000/\xC3\xA9 plain text longer than one step\"");
}

TEST(JsonWriter, PutsCommasWhereTheyBelong) {
  std::string out;
  JsonWriter writer(out);
  writer.begin_object();
  writer.key("a");
  writer.begin_array();
  writer.number(-9223372036854775807 - 1);
  writer.boolean(true);
  writer.raw("null");
  writer.begin_object();
  writer.end_object();
  writer.end_array();
  writer.key("b");
  writer.attribute_value(Value(Value::List{"x", 1, Value::Map{{"k", nullptr}, {"l", false}}}));
  writer.key("c");
  writer.attribute_value(Value(Value::NumberSet{{"1"}, {"2"}}));
  writer.key("d");
  writer.attribute_number("3");
  writer.key("e");
  writer.attribute_string("");
  writer.end_object();
  EXPECT_EQ(out, R"({"a":[-9223372036854775808,true,null,{}],)"
                 R"("b":{"L":[{"S":"x"},{"N":"1"},{"M":{"k":{"NULL":true},"l":{"BOOL":false}}}]},)"
                 R"("c":{"NS":["1","2"]},"d":{"N":"3"},"e":{"S":""}})");
}

TEST(JsonWriter, NumberTextCannotBreakOut) {
  std::string out;
  JsonWriter(out).attribute_value(Value(Number{R"(1"},"x":{"S":"y)"}));
  EXPECT_EQ(out, R"({"N":"1\"},\"x\":{\"S\":\"y"})");
}

}  // namespace
}  // namespace bao::core
