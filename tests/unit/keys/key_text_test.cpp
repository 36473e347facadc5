#include "core/keys/key_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "core/keys/custom_keys.hpp"
#include "core/keys/javascript_number.hpp"
#include "core/value/json_reader.hpp"
#include "support/golden_rows.hpp"
#include "unit/keys/key_model.hpp"

namespace bao::core {
namespace {

using testing::HasSubstr;

std::string text_of(const OneModel& model, const char* field, const Value& stored) {
  const Result<std::string> text = key_text(*model, model[field], stored);
  return text ? *text : "error: " + text.error().message();
}

Value number(std::string text) {
  return Value(Number{std::move(text)});
}

class Backwards final : public CustomKeys {
 public:
  Result<std::string> key_text(const Model& model, std::uint32_t field, ValueKind kind,
                               std::string_view value) override {
    if (value == "refused") return std::unexpected(Error(ErrorCode::validation, "the type's own words"));
    const char* const mark = kind == ValueKind::string ? "s" : kind == ValueKind::number ? "n" : "b";
    return mark + model.field(field).name + ":" + std::string(value.rbegin(), value.rend());
  }
};

TEST(KeyText, OfACustomTypeIsItsOwn) {
  ModelDefinition definition = every_type(2);
  for (FieldDefinition& field : definition.fields) field.custom_key = field.name == "other" ? 0 : 1;
  Backwards keys;
  const OneModel model(definition, &keys);
  EXPECT_EQ(text_of(model, "text", "abc"), "stext:cba");
  EXPECT_EQ(text_of(model, "whole", number("12")), "nwhole:21");
  EXPECT_EQ(text_of(model, "flag", true), "bflag:eurt");
  EXPECT_EQ(text_of(model, "other", "abc"), "abc");
  EXPECT_EQ(text_of(model, "text", "refused"), "error: the type's own words");
  EXPECT_THAT(text_of(model, "text", {}), HasSubstr("a key needs a value here"));
  EXPECT_THAT(text_of(model, "id", "##__KS__##"), HasSubstr("cannot hold '##__SK__##'"));
  EXPECT_THAT(text_of(model, "text", std::string(2048, 'x')), HasSubstr("at most 2048 bytes"));
  EXPECT_EQ(*type_key_text(*model, model["whole"], number("12")), "00000000000000000012");
  const OneModel alone(definition);
  EXPECT_THAT(text_of(alone, "text", "abc"), HasSubstr("the code that makes its keys is not there"));
}

TEST(KeyText, EveryTypeInFormat2) {
  const OneModel model(every_type(2));
  EXPECT_EQ(text_of(model, "text", "Straße"), "Straße");
  EXPECT_EQ(text_of(model, "ulid", "01HZX3V7Q2M4N5P6R7S8T9V0W1"), "01HZX3V7Q2M4N5P6R7S8T9V0W1");
  EXPECT_EQ(text_of(model, "other", "user#1"), "user#1");
  EXPECT_EQ(text_of(model, "whole", number("0")), "00000000000000000000");
  EXPECT_EQ(text_of(model, "whole", number("-0")), "00000000000000000000");
  EXPECT_EQ(text_of(model, "whole", number("42")), "00000000000000000042");
  EXPECT_EQ(text_of(model, "whole", number("4.2E+1")), "00000000000000000042");
  EXPECT_EQ(text_of(model, "whole", number("-1")), "-9999999999999999998");
  EXPECT_EQ(text_of(model, "whole", number("-9223372036854775808")), "-0776627963145224191");
  EXPECT_EQ(text_of(model, "whole", number("9223372036854775807")), "09223372036854775807");
  EXPECT_EQ(text_of(model, "count", number("7")), "00000000000000000007");
  EXPECT_EQ(text_of(model, "date", number("1700000000000")), "00000001700000000000");
  EXPECT_EQ(text_of(model, "ttl", number("1700000000")), "00000000001700000000");
  EXPECT_EQ(text_of(model, "flag", true), "1");
  EXPECT_EQ(text_of(model, "flag", false), "0");
  EXPECT_EQ(text_of(model, "real", number("0")), "8000000000000000");
  EXPECT_EQ(text_of(model, "real", number("-0")), "8000000000000000");
  EXPECT_EQ(text_of(model, "real", number("1.5")), "bff8000000000000");
  EXPECT_EQ(text_of(model, "real", number("-1.5")), "4007ffffffffffff");
}

TEST(KeyText, Format1DiffersForNegativesAndFloatsOnly) {
  const OneModel model(every_type(1));
  EXPECT_EQ(text_of(model, "whole", number("-5")), "000000000000000000-5");
  EXPECT_EQ(text_of(model, "date", number("-5")), "000000000000000000-5");
  EXPECT_EQ(text_of(model, "real", number("-1.5")), "-1.50000000000000000000e+0");
  EXPECT_EQ(text_of(model, "real", number("0")), "0.00000000000000000000e+0");
  EXPECT_EQ(text_of(model, "flag", true), "1");
  EXPECT_EQ(text_of(model, "text", "x"), "x");
}

TEST(KeyText, Format1IsWhatJavaScriptPrints) {
  const OneModel model(every_type(1));
  const auto padded = golden_rows("key_text.tsv", "padded");
  const auto exponential = golden_rows("key_text.tsv", "exponential");
  ASSERT_GE(padded.size(), 50U);
  ASSERT_GE(exponential.size(), 300U);
  for (const auto& row : padded) EXPECT_EQ(text_of(model, "whole", number(row[0])), row[1]);
  for (const auto& row : exponential) EXPECT_EQ(text_of(model, "real", number(row[0])), row[1]) << row[0];
}

TEST(KeyText, ExponentialTextCarriesIntoTheExponent) {
  EXPECT_EQ(exponential_text(9.9999999999999999e22), "9.99999999999999916114e+22");
  EXPECT_EQ(exponential_text(5e-324), "4.94065645841246544177e-324");
  EXPECT_EQ(exponential_text(1.7976931348623157e308), "1.79769313486231570815e+308");
}

TEST(UniqueText, NumbersAreWhatJavaScriptPrints) {
  const auto rows = golden_rows("key_text.tsv", "string");
  ASSERT_GE(rows.size(), 300U);
  for (const auto& row : rows) {
    EXPECT_EQ(unique_text(number(row[0])).value(), row[1]);
  }
}

TEST(UniqueText, OtherKinds) {
  EXPECT_EQ(unique_text(Value("a@b.c")).value(), "a@b.c");
  EXPECT_EQ(unique_text(Value(1700000000000)).value(), "1700000000000");
  EXPECT_EQ(unique_text(Value(true)).value(), "true");
  EXPECT_EQ(unique_text(Value(false)).value(), "false");
  for (const Value& none : {Value(""), Value(), Value(Value::List{}), Value(Number{"nan"})}) {
    EXPECT_EQ(unique_text(none), std::nullopt);
  }
}

TEST(KeyText, ReadsParsedItems) {
  const OneModel model(every_type(2));
  Document document;
  document.text = R"({"text":{"S":"x"},"whole":{"N":"-7"},"flag":{"BOOL":true},"gone":{"NULL":true}})";
  JsonReader reader(document.text);
  std::uint32_t index = 0;
  ASSERT_TRUE(reader.read_item(document, index));
  const ValueView item(document, index);
  EXPECT_EQ(key_text(*model, model["text"], item.find("text")).value(), "x");
  EXPECT_EQ(key_text(*model, model["whole"], item.find("whole")).value(), "-9999999999999999992");
  EXPECT_EQ(key_text(*model, model["flag"], item.find("flag")).value(), "1");
  EXPECT_EQ(unique_text(item.find("whole").to_value()).value(), "-7");
  EXPECT_FALSE(key_text(*model, model["text"], item.find("gone")));
  EXPECT_FALSE(key_text(*model, model["text"], item.find("missing")));
}

struct Refusal {
  const char* field;
  Value stored;
  const char* says;
};

// Only in the primary id could it be taken for the item's own.
TEST(KeyText, OutsideThePrimaryKeyTheSeparatorIsText) {
  for (const int format : {1, 2}) {
    const OneModel model(every_type(format));
    for (const char* const name : {"text", "other"}) {
      EXPECT_EQ(key_text(*model, model[name], Value("1##__SK__##5")).value(), "1##__SK__##5");
    }
  }
}

TEST(KeyText, RefusesByNameWhatCannotBeInAKey) {
  const OneModel model(every_type(2));
  const std::vector<Refusal> refusals{
      {"text", Value(), "needs a value"},
      {"text", Value(""), "empty string"},
      {"text", Value(5), "needs a string"},
      {"id", Value("a##__SK__##b"), "##__SK__##"},
      {"text", Value(std::string(2049, 'x')), "2048 bytes"},
      {"whole", Value("5"), "integer"},
      {"whole", Value(Number{"1.5"}), "integer"},
      {"whole", Value(Number{"ten"}), "integer"},
      {"whole", Value(Number{"100000000000000000000"}), "too many digits"},
      {"whole", Value(Number{"-10000000000000000000"}), "too many digits"},
      {"real", Value(Number{"nan"}), "finite number"},
      {"real", Value(Number{"-inf"}), "finite number"},
      {"real", Value("1.5"), "finite number"},
      {"flag", Value(1), "boolean"},
      {"bytes", Value(Binary{std::byte{1}}), "cannot be in a key"},
      {"tags", Value(Value::StringSet{"a"}), "cannot be in a key"},
      {"map", Value(Value::Map{}), "cannot be in a key"},
      {"list", Value(Value::List{}), "cannot be in a key"},
      {"json", Value("{}"), "cannot be in a key"},
  };
  for (const Refusal& refusal : refusals) {
    const auto text = key_text(*model, model[refusal.field], refusal.stored);
    ASSERT_FALSE(text) << refusal.field << " " << refusal.says;
    EXPECT_EQ(text.error().code(), ErrorCode::validation);
    EXPECT_EQ(text.error().details().model, "Every");
    EXPECT_EQ(text.error().details().field, refusal.field);
    EXPECT_THAT(text.error().message(), HasSubstr(refusal.says));
    EXPECT_LE(text.error().details().value.size(), 100U);
  }
}

TEST(KeyText, ASortKeyIsShorter) {
  ModelDefinition definition = every_type(2);
  definition.primary_key.sort_key = "text";
  const OneModel model(std::move(definition));
  EXPECT_TRUE(key_text(*model, model["text"], Value(std::string(1024, 'x'))));
  EXPECT_THAT(text_of(model, "text", Value(std::string(1025, 'x'))), HasSubstr("1024 bytes"));
  EXPECT_TRUE(key_text(*model, model["id"], Value(std::string(2048, 'x'))));
}

TEST(KeyText, Format2SortsIntegersByValue) {
  const OneModel model(every_type(2));
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    // Of all magnitudes, so that signs and lengths meet.
    const auto a = static_cast<std::int64_t>(random()) >> (random() % 64);
    const auto b = static_cast<std::int64_t>(random()) >> (random() % 64);
    const std::string x = text_of(model, "whole", Value(a));
    const std::string y = text_of(model, "whole", Value(b));
    ASSERT_EQ(x.size(), 20U);
    ASSERT_EQ(a < b, x < y) << a << " " << b;
    ASSERT_EQ(a == b, x == y) << a << " " << b;
  }
}

TEST(KeyText, Format2SortsFloatsByValue) {
  const OneModel model(every_type(2));
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> exponent(-129, 125);
  const auto draw = [&] {
    const double magnitude = std::pow(10.0, exponent(random));
    return random() % 16 == 0 ? 0.0 : random() % 2 == 0 ? magnitude : -magnitude;
  };
  for (int i = 0; i < 20'000; ++i) {
    const double a = draw();
    const double b = draw();
    const std::string x = text_of(model, "real", Value(a));
    const std::string y = text_of(model, "real", Value(b));
    ASSERT_EQ(x.size(), 16U) << x;
    ASSERT_EQ(a < b, x < y) << a << " " << b;
    ASSERT_EQ(a == b, x == y) << a << " " << b;
  }
}

}  // namespace
}  // namespace bao::core
