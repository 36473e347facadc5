#include "codegen/js_emitter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "codegen/js_layout.hpp"
#include "codegen/js_literal.hpp"
#include "native/yaml/load.hpp"

namespace bao::codegen {
namespace {

using testing::HasSubstr;

std::map<std::string, std::string> generated(std::string_view yaml, const JsOptions& options = {}) {
  const native::SchemaResult schema = native::load_definitions_text(yaml, "models.yaml");
  EXPECT_TRUE(schema) << schema.error().front().to_string();
  std::map<std::string, std::string> texts;
  if (!schema) return texts;
  const auto files = generate_js(**schema, options);
  EXPECT_TRUE(files);
  if (files) {
    for (const SourceFile& file : *files) texts[file.path] = file.text;
  }
  return texts;
}

TEST(JsString, EscapesWhatJavaScriptWouldRead) {
  EXPECT_EQ(js_string("a\\b\nc\td\r"), R"("a\\b\nc\td\r")");
  EXPECT_EQ(js_string(std::string_view("\x01\x7f\0", 3)), R"("\u0001\u007f\u0000")");
  EXPECT_EQ(js_string("it's \"quoted\""), R"('it\'s "quoted"')");
  EXPECT_EQ(js_string("it's"), R"("it's")");
}

TEST(JsKey, IsQuotedWhereItIsNoIdentifier) {
  EXPECT_EQ(js_key("name"), "name");
  EXPECT_EQ(js_key("a-b"), R"("a-b")");
  EXPECT_EQ(js_key("__proto__"), R"(["__proto__"])");
}

std::string literal(FieldType type, Value value) {
  return js_flat(js_default({.name = "field", .type = type, .default_value = std::move(value)}));
}

TEST(JsDefault, KeepsWhatANumberCannotHold) {
  EXPECT_EQ(literal(FieldType::integer, Number{"9007199254740991"}), "9007199254740991");
  EXPECT_EQ(literal(FieldType::integer, Number{"9007199254740992"}), "9007199254740992n");
  EXPECT_EQ(literal(FieldType::integer, Number{"-9223372036854775808"}), "-9223372036854775808n");
  EXPECT_EQ(literal(FieldType::integer, Number{"5.0"}), "5");
  EXPECT_EQ(literal(FieldType::floating, Number{"0.1"}), "0.1");
}

TEST(JsDefault, WritesDatesInIsoForm) {
  EXPECT_EQ(literal(FieldType::date_time, Value(std::int64_t{0})), R"("1970-01-01T00:00:00.000Z")");
  EXPECT_EQ(literal(FieldType::ttl, Value(std::int64_t{-1})), R"("1969-12-31T23:59:59.999Z")");
  EXPECT_EQ(literal(FieldType::date_time, Value(std::int64_t{1709210096789})),
            R"("2024-02-29T12:34:56.789Z")");
  EXPECT_EQ(literal(FieldType::date_time, Value(std::int64_t{8'640'000'000'000'000})), "8640000000000000");
}

TEST(JsDefault, WritesJsonAsItsValue) {
  EXPECT_EQ(literal(FieldType::json, R"({"a":[1,"x",null,{"__proto__":true}]})"),
            R"({ a: [1, "x", null, { ["__proto__"]: true }] })");
  EXPECT_EQ(literal(FieldType::json, R"("text")"), R"("text")");
}

TEST(JsLine, BreaksWhereItIsTooWide) {
  const JsLayout call("call(", {std::string(40, 'a'), std::string(40, 'b')}, ")");
  EXPECT_EQ(js_line(2, "return ", call, ";"),
            "  return call(\n    " + std::string(40, 'a') + ",\n    " + std::string(40, 'b') + ",\n  );\n");
  const JsLayout hugged("call(", {"\"name\"", js_braces("", {std::string(40, 'a'), std::string(40, 'b')})},
                        ")");
  EXPECT_EQ(js_line(0, "", hugged, ";"),
            "call(\"name\", {\n  " + std::string(40, 'a') + ",\n  " + std::string(40, 'b') + ",\n});\n");
}

TEST(JsEmitter, RefusesAFieldThatEveryInstanceHasAMemberFor) {
  const native::SchemaResult schema = native::load_definitions_text(
      "models:\n  User:\n    modelPrefix: u\n    fields:\n      userId: {type: UlidField}\n"
      "      valueOf: {type: StringField}\n    primaryKey: {partitionKey: userId}\n",
      "models.yaml");
  ASSERT_TRUE(schema) << schema.error().front().to_string();
  const auto files = generate_js(**schema, {});
  ASSERT_FALSE(files);
  EXPECT_EQ(
      files.error().front().to_string(),
      "models.yaml:6: User.valueOf: in JavaScript every instance has a member 'valueOf': the field needs "
      "another name");
}

TEST(JsEmitter, KeepsAModelApartFromTheTypeParameterOfItsQueries) {
  const auto files = generated(
      "models:\n  CountOnly:\n    modelPrefix: c\n    fields:\n      id: {type: UlidField}\n"
      "    primaryKey: {partitionKey: id}\n"
      "    indexes: {all: {partitionKey: modelPrefix, sortKey: id, indexId: gsi1}}\n");
  EXPECT_THAT(files.at("count-only.d.ts"), HasSubstr("class CountOnly_ extends"));
  EXPECT_THAT(files.at("count-only.d.ts"), HasSubstr("QueryAnswer<CountOnly_, CountOnly>"));
}

TEST(JsEmitter, PutsTheManifestWhereItIsAskedFor) {
  const auto files = generated(
      "models:\n  User:\n    modelPrefix: u\n    fields:\n      userId: {type: UlidField}\n"
      "    primaryKey: {partitionKey: userId}\n",
      {.manifest = "../../generated", .models_from_manifest = "./src/models"});
  ASSERT_TRUE(files.contains("../../generated.js"));
  EXPECT_THAT(files.at("../../generated.js"), HasSubstr("require(\"./src/models/user.js\")"));
}

TEST(JsEmitter, KeepsAModelsNameWhereItsClassCannotHaveIt) {
  const auto files = generated(
      "models:\n  class:\n    modelPrefix: c\n    fields:\n      id: {type: UlidField}\n"
      "    primaryKey: {partitionKey: id}\n");
  EXPECT_THAT(files.at("class.js"), HasSubstr("class class_ extends BaoModel"));
  EXPECT_THAT(files.at("class.js"),
              HasSubstr("Object.defineProperty(class_, \"name\", { value: \"class\" });"));
  EXPECT_THAT(files.at("../.bao/models.js"), HasSubstr("class: class_"));
}

}  // namespace
}  // namespace bao::codegen
