#include "cli/item_line.hpp"

#include <gtest/gtest.h>

namespace bao::cli {
namespace {

TEST(ItemLine, GivesTheItemOfALine) {
  EXPECT_EQ(
      read_item_line(R"( {"Item": {"a": {"S": "x\u00e9\n"}, "n": {"N": "1.50"}, "b": {"B": "AAE="}}} )"),
      "{\"a\":{\"S\":\"x\u00e9\\n\"},\"n\":{\"N\":\"1.50\"},\"b\":{\"B\":\"AAE=\"}}");
  EXPECT_EQ(read_item_line(R"({"Metadata":{"x":[1,2]},"Item":{}})"), "{}");
}

TEST(ItemLine, GivesNothingForAnEmptyLine) {
  EXPECT_EQ(read_item_line(""), "");
  EXPECT_EQ(read_item_line(" \t\r"), "");
}

TEST(ItemLine, SaysWhatIsWrong) {
  EXPECT_EQ(read_item_line(R"({"Keys":{}})").error(), "there is no \"Item\"");
  EXPECT_EQ(read_item_line(R"({"Item":{},"Item":{}})").error(), "\"Item\" is there twice");
  EXPECT_EQ(read_item_line(R"({"Item":{"a":5}})").error(), "unexpected byte at offset 13");
  EXPECT_EQ(read_item_line(R"({"Item":{"a":{"S":"x"})").error(), "unexpected end at offset 22");
  EXPECT_EQ(read_item_line(R"({"Item":{}} x)").error(), "trailing bytes at offset 12");
  EXPECT_EQ(read_item_line("[]").error(), "unexpected byte at offset 0");
  EXPECT_EQ(read_item_line("\x1f\x8b\x08").error(),
            "the file is compressed: pass it through `gunzip -c` and import from -");
}

}  // namespace
}  // namespace bao::cli
