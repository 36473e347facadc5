#include "core/schema/field_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "core/value/json_reader.hpp"
#include "core/value/json_writer.hpp"

namespace bao::core {
namespace {

/// A model `M` with the key `id` and the field under test, `f`.
class FieldCodec : public testing::Test {
 protected:
  void use(FieldDefinition field) {
    if (field.name.empty()) field.name = "f";
    if (field.type == FieldType::related) field.related_model = "Other";
    auto built = Schema::build({{.name = "M",
                                 .model_prefix = "m",
                                 .fields = {{.name = "id"}, std::move(field)},
                                 .primary_key = {.partition_key = "id"}}},
                               {});
    ASSERT_TRUE(built) << built.error().front().to_string();
    schema_ = *std::move(built);
  }
  [[nodiscard]] const Model& model() const { return *schema_->models()[0]; }

  /// What is stored, as DynamoDB JSON; or the message of the error.
  [[nodiscard]] std::string encode(const Value& logical) const {
    const Result<Value> stored = encode_field(model(), 1, logical);
    if (!stored) {
      EXPECT_EQ(stored.error().code(), ErrorCode::validation);
      EXPECT_EQ(stored.error().details().model, "M");
      EXPECT_EQ(stored.error().details().field, model().field(1).name);
      EXPECT_EQ(stored.error().details().value.empty(), logical.is_null() || logical == Value(""));
      return stored.error().message();
    }
    if (stored->is_null()) return "absent";
    std::string json;
    JsonWriter(json).attribute_value(*stored);
    return json;
  }

  /// The logical value of stored DynamoDB JSON.
  [[nodiscard]] Result<Value> decode(std::string json) const {
    auto document = std::make_unique<Document>();
    document->text = std::move(json);
    JsonReader reader(document->text);
    std::uint32_t index = 0;
    EXPECT_TRUE(reader.read_attribute_value(*document, index) && reader.finish());
    return decode_field(model(), 1, ValueView(*document, index));
  }
  [[nodiscard]] std::string decode_error(std::string json) const {
    const Result<Value> logical = decode(std::move(json));
    if (logical) return "no error";
    EXPECT_EQ(logical.error().code(), ErrorCode::data_format);
    EXPECT_EQ(logical.error().details().field, model().field(1).name);
    return logical.error().message();
  }

 private:
  std::unique_ptr<const Schema> schema_;
};

std::int64_t int64(const Result<Value>& value) {
  const auto* number = value ? value->get_if<Number>() : nullptr;
  return number == nullptr ? -1 : std::stoll(number->text);
}

TEST_F(FieldCodec, Strings) {
  use({.type = FieldType::string, .max_length = 3});
  EXPECT_EQ(encode("abc"), R"({"S":"abc"})");
  EXPECT_EQ(encode(""), R"({"S":""})");
  EXPECT_EQ(encode(nullptr), "absent");
  EXPECT_EQ(encode("abcd"), "M.f must be at most 3 characters, not 4 (value: abcd)");
  EXPECT_EQ(encode("\u00e4\u00f6\u00fc"), "{\"S\":\"\u00e4\u00f6\u00fc\"}");
  // One character outside of the basic plane is two in JavaScript.
  EXPECT_EQ(encode("a\U0001F600"), "{\"S\":\"a\U0001F600\"}");
  EXPECT_EQ(encode("ab\U0001F600"), "M.f must be at most 3 characters, not 4 (value: ab\U0001F600)");
  EXPECT_EQ(encode(5), "M.f must be a string, not a number (value: 5)");
  EXPECT_EQ(encode("\xff"), "M.f must be well-formed UTF-8 (value: text of 1 bytes)");
  EXPECT_EQ(decode(R"({"S":"abcd"})"), Value("abcd"));
  EXPECT_EQ(decode(R"({"NULL":true})"), Value());
  EXPECT_EQ(decode_error(R"({"N":"5"})"),
            "M.f: the stored value '5' is a number, not that of type StringField");
}

TEST_F(FieldCodec, RequiredFields) {
  use({.type = FieldType::string, .required = true});
  EXPECT_EQ(encode(nullptr), "M.f is required");
  EXPECT_EQ(encode(""), "M.f is required and must not be empty");
  EXPECT_EQ(encode(" "), R"({"S":" "})");
  use({.type = FieldType::string_set, .required = true});
  EXPECT_EQ(encode(Value::StringSet{}), "M.f is required and must not be empty (value: a set of strings)");
  use({.type = FieldType::integer, .required = true});
  EXPECT_EQ(encode(nullptr), "M.f is required");
  EXPECT_EQ(encode(0), R"({"N":"0"})");
}

TEST_F(FieldCodec, Integers) {
  for (const FieldType type : {FieldType::integer, FieldType::counter}) {
    use({.type = type});
    EXPECT_EQ(encode(std::numeric_limits<std::int64_t>::min()), R"({"N":"-9223372036854775808"})");
    EXPECT_EQ(encode(std::numeric_limits<std::int64_t>::max()), R"({"N":"9223372036854775807"})");
    EXPECT_EQ(encode(Number{"1e3"}), R"({"N":"1000"})");
    EXPECT_EQ(encode(Number{"-0"}), R"({"N":"0"})");
    EXPECT_EQ(encode(1.0), R"({"N":"1"})");
    EXPECT_EQ(encode(1.5), "M.f must be a whole number of 64 bits, not '1.5' (value: 1.5)");
    EXPECT_EQ(
        encode(Number{"9223372036854775808"}),
        "M.f must be a whole number of 64 bits, not '9223372036854775808' (value: 9223372036854775808)");
    EXPECT_EQ(encode(std::numeric_limits<double>::quiet_NaN()),
              "M.f must be a whole number of 64 bits, not 'nan' (value: nan)");
    EXPECT_EQ(encode("5"), "M.f must be a whole number, not a string (value: 5)");
    EXPECT_EQ(int64(decode(R"({"N":"9007199254740993"})")), 9007199254740993);
    EXPECT_EQ(int64(decode(R"({"N":"5.0"})")), 5);
    EXPECT_EQ(decode_error(R"({"N":"1.5"})"), "M.f: the stored value '1.5' is no whole number of 64 bits");
  }
}

TEST_F(FieldCodec, Floats) {
  use({.type = FieldType::floating});
  EXPECT_EQ(encode(0.1), R"({"N":"0.1"})");
  EXPECT_EQ(encode(-0.0), R"({"N":"0"})");
  EXPECT_EQ(encode(Number{"1.50"}), R"({"N":"1.5"})");
  EXPECT_EQ(encode(std::numeric_limits<double>::infinity()),
            "M.f must be a finite number, not 'inf' (value: inf)");
  EXPECT_EQ(encode(std::numeric_limits<double>::quiet_NaN()),
            "M.f must be a finite number, not 'nan' (value: nan)");
  EXPECT_EQ(encode(1e200),
            "M.f must be a number that DynamoDB can hold: it is larger than DynamoDB's numbers "
            "(value: 1e+200)");
  EXPECT_EQ(encode("1"), "M.f must be a number, not a string (value: 1)");
  EXPECT_EQ(decode(R"({"N":"0.1"})"), Value(Number{"0.1"}));
}

TEST_F(FieldCodec, FloatsAreRoundedToTheirPrecision) {
  use({.type = FieldType::floating, .precision = 2});
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"1", "1"},
      {"1.234", "1.23"},
      {"1.235", "1.24"},
      {"-1.235", "-1.24"},
      {"1.005", "1.01"},
      {"0.005", "0.01"},
      {"0.0049", "0"},
      {"-0.0049", "0"},
      {"0.0005", "0"},
      {"9.999", "10"},
      {"99.995", "100"},
      {"0.999", "1"},
      {"123456.7", "123456.7"},
      {"1.999e2", "199.9"},
      {"1e-9", "0"},
      {"10.001", "10"},
      {"-9.996", "-10"},
      {"1e20", "100000000000000000000"},
  };
  for (const auto& [given, stored] : cases) {
    EXPECT_EQ(encode(Number{given}), std::string(R"({"N":")") + stored + "\"}") << given;
  }
  use({.type = FieldType::floating, .precision = 0});
  EXPECT_EQ(encode(0.5), R"({"N":"1"})");
  EXPECT_EQ(encode(-2.5), R"({"N":"-3"})");
  EXPECT_EQ(encode(0.49), R"({"N":"0"})");
}

TEST_F(FieldCodec, BooleansAndBinary) {
  use({.type = FieldType::boolean});
  EXPECT_EQ(encode(false), R"({"BOOL":false})");
  EXPECT_EQ(encode(1), "M.f must be true or false, not a number (value: 1)");
  EXPECT_EQ(decode(R"({"BOOL":true})"), Value(true));
  use({.type = FieldType::binary});
  EXPECT_EQ(encode(Binary{std::byte{1}, std::byte{2}}), R"({"B":"AQI="})");
  EXPECT_EQ(encode("AQI="), "M.f must be binary, not a string (value: AQI=)");
  EXPECT_EQ(decode(R"({"B":"AQI="})"), Value(Binary{std::byte{1}, std::byte{2}}));
}

TEST_F(FieldCodec, StringSets) {
  use({.type = FieldType::string_set, .max_string_length = 2, .max_member_count = 2});
  EXPECT_EQ(encode(Value::StringSet{"b", "a"}), R"({"SS":["a","b"]})");
  EXPECT_EQ(encode(Value::List{Value("b"), Value("a"), Value("b")}), R"({"SS":["a","b"]})");
  EXPECT_EQ(encode(Value::StringSet{}), "absent");
  EXPECT_EQ(encode(Value::List{}), "absent");
  EXPECT_EQ(encode(Value::StringSet{"a", "b", "c"}),
            "M.f must be at most 2 members, not 3 (value: a set of strings)");
  EXPECT_EQ(encode(Value::StringSet{"abc"}),
            "M.f must have members of at most 2 characters, not 'abc' (value: a set of strings)");
  EXPECT_EQ(encode(Value::StringSet{""}),
            "M.f must not have an empty string as a member (value: a set of strings)");
  EXPECT_EQ(encode(Value::StringSet{"\xc3"}),
            "M.f must have members of well-formed UTF-8 (value: a set of strings)");
  EXPECT_EQ(encode(Value::List{Value(1)}),
            "M.f must be a set of strings, not a list with a number (value: a list)");
  EXPECT_EQ(encode("a"), "M.f must be a set of strings, not a string (value: a)");
  EXPECT_EQ(decode(R"({"SS":["b","a"]})"), Value(Value::StringSet{"a", "b"}));
  EXPECT_EQ(decode_error(R"({"NS":["1"]})"),
            "M.f: the stored value 'a set of numbers' is a set of numbers, not that of type StringSetField");
}

TEST_F(FieldCodec, Dates) {
  for (const FieldType type : {FieldType::date_time, FieldType::create_date, FieldType::modified_date}) {
    use({.type = type});
    EXPECT_EQ(encode(std::int64_t{1700000000123}), R"({"N":"1700000000123"})");
    EXPECT_EQ(encode(-1), R"({"N":"-1"})");
    EXPECT_EQ(encode("2024-02-29T12:30:00.250+02:00"), R"({"N":"1709202600250"})");
    EXPECT_EQ(encode(std::int64_t{8640000000000000}), R"({"N":"8640000000000000"})");
    EXPECT_EQ(encode(std::int64_t{8640000000000001}),
              "M.f must be a date within 8640000000000000 ms of 1970 (value: 8640000000000001)");
    EXPECT_EQ(encode(1.5), "M.f must be a date in whole milliseconds, not '1.5' (value: 1.5)");
    EXPECT_EQ(encode(std::numeric_limits<double>::quiet_NaN()),
              "M.f must be a date in whole milliseconds, not 'nan' (value: nan)");
    EXPECT_EQ(encode("soon"), "M.f must be a date such as 2024-05-31T12:00:00Z, not 'soon' (value: soon)");
    EXPECT_EQ(encode(true), "M.f must be a date, not a boolean (value: true)");
    EXPECT_EQ(int64(decode(R"({"N":"1700000000123"})")), 1700000000123);
    EXPECT_EQ(decode_error(R"({"N":"8640000000000001"})"),
              "M.f: the stored value '8640000000000001' is no date");
  }
}

TEST_F(FieldCodec, TimeToLiveIsStoredInSeconds) {
  use({.name = "ttl", .type = FieldType::ttl});
  EXPECT_EQ(encode(std::int64_t{1700000000999}), R"({"N":"1700000000"})");
  EXPECT_EQ(encode(-1), R"({"N":"-1"})");
  EXPECT_EQ(encode(-1000), R"({"N":"-1"})");
  EXPECT_EQ(encode(-1001), R"({"N":"-2"})");
  EXPECT_EQ(encode(nullptr), "absent");
  EXPECT_EQ(int64(decode(R"({"N":"1700000000"})")), 1700000000000);
  EXPECT_EQ(decode_error(R"({"N":"9223372036854775807"})"),
            "M.ttl: the stored value '9223372036854775807' is no date");
}

TEST_F(FieldCodec, Ids) {
  use({.type = FieldType::ulid});
  EXPECT_EQ(encode("01ARZ3NDEKTSV4RRFFQ69G5FAV"), R"({"S":"01ARZ3NDEKTSV4RRFFQ69G5FAV"})");
  EXPECT_EQ(encode("01arz3ndektsv4rrffq69g5fav"), R"({"S":"01arz3ndektsv4rrffq69g5fav"})");
  for (const char* bad :
       {"x", "81ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAU", "01ARZ3NDEKTSV4RRFFQ69G5FA",
        "01ARZ3NDEKTSV4RRFFQ69G5FAVV", "01ARZ3NDEKTSV4RRFFQ69G5FA-"}) {
    EXPECT_EQ(encode(bad),
              std::string("M.f must be a ULID: 26 characters of Crockford's base 32 (value: ") + bad + ")");
  }
  use({.type = FieldType::related});
  EXPECT_EQ(encode("user-1"), R"({"S":"user-1"})");
  EXPECT_EQ(encode(1), "M.f must be a string, not a number (value: 1)");
}

TEST_F(FieldCodec, MapsAndLists) {
  use({.type = FieldType::map});
  EXPECT_EQ(encode(Value::Map{{"a", Value(Value::List{Value(Number{"1.0"}), Value(), Value("")})}}),
            R"({"M":{"a":{"L":[{"N":"1"},{"NULL":true},{"S":""}]}}})");
  EXPECT_EQ(encode(Value::Map{}), R"({"M":{}})");
  EXPECT_EQ(encode(Value::List{}), "M.f must be a map, not a list (value: a list)");
  EXPECT_EQ(encode(Value::Map{{"a", Value(Number{"x"})}}),
            "M.f at a holds the number 'x', which is not a decimal number (value: a map)");
  EXPECT_EQ(encode(Value::Map{{"a", Value(Number{std::string(39, '1')})}}),
            "M.f at a holds the number '" + std::string(39, '1') +
                "', which has more than 38 significant digits (value: a map)");
  EXPECT_EQ(encode(Value::Map{{"a", Value("\xff")}}),
            "M.f at a holds text that is not well-formed UTF-8 (value: a map)");
  EXPECT_EQ(encode(Value::Map{{"\xff", Value(1)}}),
            "M.f holds a key that is not well-formed UTF-8 (value: a map)");
  EXPECT_EQ(encode(Value::Map{{"", Value(1)}}), "M.f holds an empty key (value: a map)");
  EXPECT_EQ(encode(Value::Map{{"a", Value(Value::List{Value(Value::Map{{"", Value(1)}})})}}),
            "M.f at a[0] holds an empty key (value: a map)");
  EXPECT_TRUE(encode(Value::Map{{std::string(65535, 'k'), Value(1)}}).starts_with(R"({"M":)"));
  EXPECT_EQ(encode(Value::Map{{std::string(65536, 'k'), Value(1)}}),
            "M.f holds a key of 65536 bytes, where 65535 is the most (value: a map)");
  EXPECT_EQ(encode(Value::Map{{"a", Value(Value::StringSet{})}}),
            "M.f at a holds an empty set or set member (value: a map)");
  EXPECT_EQ(encode(Value::Map{{"a", Value(Value::BinarySet{Binary{}})}}),
            "M.f at a holds an empty set or set member (value: a map)");
  EXPECT_EQ(encode(Value::Map{{"a", Value(Value::NumberSet{{"1"}, {"1.0"}})}}),
            "M.f at a holds a set with the number '1' twice (value: a map)");
  EXPECT_EQ(decode(R"({"M":{"a":{"NS":["1"]}}})"), Value(Value::Map{{"a", Value(Value::NumberSet{{"1"}})}}));

  use({.type = FieldType::list});
  Value nested = Value(Value::List{});
  for (int level = 1; level < 32; ++level) nested = Value(Value::List{nested});
  EXPECT_TRUE(encode(nested).starts_with(R"({"L":)"));
  EXPECT_EQ(encode(Value(Value::List{nested})),
            "M.f must have at most 32 levels, what the innermost map or list holds counted (value: a list)");
  Value leaf = 1;
  for (int level = 1; level < 32; ++level) leaf = Value(Value::List{leaf});
  EXPECT_TRUE(encode(leaf).starts_with(R"({"L":)"));
  EXPECT_TRUE(encode(Value(Value::List{leaf})).starts_with("M.f must have at most 32 levels"));
  const Value inside(Value::Map{{"a.b", Value(Value::List{Value(1), Value(Number{"x"})})}});
  EXPECT_EQ(
      encode(Value::List{Value(), Value(Value::Map{{"deep", inside}})}),
      "M.f at [1].deep[\"a.b\"][1] holds the number 'x', which is not a decimal number (value: a list)");
}

TEST_F(FieldCodec, JsonText) {
  use({.type = FieldType::json});
  EXPECT_EQ(encode(R"({"a":[1,null]})"), R"({"S":"{\"a\":[1,null]}"})");
  EXPECT_EQ(encode("{a:1}"), "M.f must be JSON text: unexpected byte at offset 1 (value: {a:1})");
  EXPECT_EQ(encode("1 2"), "M.f must be JSON text: trailing bytes at offset 2 (value: 1 2)");
  EXPECT_EQ(encode(Value::Map{}), "M.f must be JSON text, not a map (value: a map)");
  EXPECT_EQ(decode(R"({"S":"[1]"})"), Value("[1]"));
}

TEST_F(FieldCodec, ShortensLongValuesInErrors) {
  use({.type = FieldType::string, .max_length = 1});
  std::string text;
  for (int i = 0; i < 100; ++i) text += "\u00e4";
  const Result<Value> result = encode_field(model(), 1, Value(text));
  ASSERT_FALSE(result);
  EXPECT_LE(result.error().details().value.size(), 100U);
  EXPECT_TRUE(result.error().details().value.ends_with("\u00e4..."));
}

}  // namespace
}  // namespace bao::core
