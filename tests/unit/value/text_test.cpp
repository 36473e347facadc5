#include <gtest/gtest.h>

#include <bao/error.hpp>
#include <random>
#include <set>
#include <string>

#include "core/value/base64.hpp"
#include "core/value/utf8.hpp"

namespace bao::core {
namespace {

Binary bytes_of(std::string_view text) {
  Binary bytes;
  for (const char c : text) {
    bytes.push_back(static_cast<std::byte>(c));
  }
  return bytes;
}

TEST(Base64, VectorsOfRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"},
                                                         {"\xFF\xFE\xFD", "//79"},
                                                         {"\xFB\xEF\xBE", "++++"}};
  for (const auto& [plain, text] : vectors) {
    EXPECT_EQ(encode_base64(bytes_of(plain)), text);
    EXPECT_EQ(decode_base64(text), bytes_of(plain));
    EXPECT_EQ(base64_decoded_size(text), std::string_view(plain).size());
  }
}

TEST(Base64, RandomBytesComeBack) {
  std::mt19937 random(3);
  for (std::size_t size = 0; size < 200; ++size) {
    Binary bytes(size);
    for (std::byte& byte : bytes) {
      byte = static_cast<std::byte>(random());
    }
    EXPECT_EQ(decode_base64(encode_base64(bytes)), bytes);
  }
}

TEST(Base64, RefusesAtTheOffendingCharacter) {
  const std::pair<const char*, std::size_t> bad[] = {
      {"Zg", 2},   {"Zg=", 2},  {"Z", 1},    {"Z===", 1}, {"====", 0},     {"=", 0},     {"Zm9v=", 4},
      {"Zm 9", 2}, {"Zm-_", 2}, {"Zh==", 1}, {"Zm9=", 2}, {"Zg==Zg==", 2}, {"Zm9v\n", 4}};
  for (const auto& [text, offset] : bad) {
    EXPECT_EQ(find_invalid_base64(text), offset) << text;
    EXPECT_EQ(decode_base64(text), std::nullopt) << text;
  }
}

TEST(Utf8, AgreesWithTheDefinitionForEveryCodePoint) {
  for (std::uint32_t point = 0; point <= 0x110000; ++point) {
    std::string text;
    const auto put = [&text](std::uint32_t byte) { text += static_cast<char>(byte); };
    if (point < 0x80) {
      put(point);
    } else if (point < 0x800) {
      put(0xC0 | point >> 6);
      put(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
      put(0xE0 | point >> 12);
      put(0x80 | (point >> 6 & 0x3F));
      put(0x80 | (point & 0x3F));
    } else {
      put(0xF0 | point >> 18);
      put(0x80 | (point >> 12 & 0x3F));
      put(0x80 | (point >> 6 & 0x3F));
      put(0x80 | (point & 0x3F));
    }
    const bool scalar = point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
    ASSERT_EQ(is_valid_utf8(text), scalar) << point;
    ASSERT_EQ(utf8_sequence_size(text), scalar ? text.size() : 0U) << point;
    if (scalar) {
      ASSERT_EQ(utf16_size(text), point >= 0x10000 ? 2U : 1U) << point;
      ASSERT_EQ(code_point_count(text), 1U) << point;
      for (std::size_t cut = 1; cut < text.size(); ++cut) {
        ASSERT_EQ(utf8_sequence_size(std::string_view(text).substr(0, cut)), 0U) << point;
      }
    }
  }
}

TEST(Utf8, TellsWhereItIsBroken) {
  const std::string ascii(37, 'a');
  EXPECT_EQ(find_invalid_utf8(ascii), std::string_view::npos);
  for (const char* bad : {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80",
                          "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC3",
                          "\xE2\x82", "\xE2\x28\xA1", "\xF0\x9F\x98", "\xF0\x9F\x28\x80"}) {
    for (std::size_t before = 0; before < 20; ++before) {
      const std::string text = ascii.substr(0, before) + bad + ascii;
      EXPECT_EQ(find_invalid_utf8(text), before);
      EXPECT_EQ(find_invalid_utf8(ascii.substr(0, before) + bad), before);
    }
  }
  EXPECT_TRUE(is_valid_utf8(""));
  EXPECT_EQ(utf8_sequence_size(""), 0U);
}

TEST(Utf8, CountsAsJavaScriptDoes) {
  const std::string text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80";
  EXPECT_EQ(utf16_size(text), 5U);
  EXPECT_EQ(code_point_count(text), 4U);
  EXPECT_EQ(utf16_size(""), 0U);
}

TEST(ErrorClassName, EveryCodeHasItsOwn) {
  EXPECT_STREQ(error_class_name(ErrorCode::validation), "ValidationError");
  EXPECT_STREQ(error_class_name(ErrorCode::item_not_found), "ItemNotFoundError");
  EXPECT_STREQ(error_class_name(ErrorCode::ambiguous_write), "AmbiguousWriteError");
  std::set<std::string> names;
  constexpr int codes = static_cast<int>(ErrorCode::batch_context_required) + 1;
  for (int code = 0; code < codes; ++code) {
    const std::string name = error_class_name(static_cast<ErrorCode>(code));
    EXPECT_TRUE(name.ends_with("Error")) << name;
    EXPECT_NE(name, "BaoError");
    names.insert(name);
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(codes));
}

}  // namespace
}  // namespace bao::core
