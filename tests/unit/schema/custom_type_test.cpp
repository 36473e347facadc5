#include <gtest/gtest.h>

#include "core/schema/field_reading.hpp"
#include "native/yaml/parse.hpp"

namespace bao::core {
namespace {

std::expected<std::unique_ptr<const Schema>, std::vector<Diagnostic>> load(const std::string& field,
                                                                           std::vector<std::string> files) {
  const std::string yaml =
      "models:\n  Thing:\n    modelPrefix: t\n    fields:\n      id: {type: StringField}\n" +
      ("      own: " + field + "\n    primaryKey: {partitionKey: id}\n");
  auto tree = native::parse_yaml(yaml, "models.yaml");
  EXPECT_TRUE(tree);
  return schema_from_trees({*tree}, {},
                           {.related_models_must_exist = true, .custom_type_files = std::move(files)});
}

FieldDefinition field_of(const std::string& field, std::vector<std::string> files = {}) {
  const auto schema = load(field, std::move(files));
  if (!schema) {
    ADD_FAILURE() << schema.error().front().to_string();
    return {};
  }
  return (*schema)->model("Thing")->field(1);
}

std::string mistake_of(const std::string& field, std::vector<std::string> files = {}) {
  const auto schema = load(field, std::move(files));
  return schema ? "none" : schema.error().front().to_string();
}

TEST(CustomType, IsNamedByAFileAndStoredAsText) {
  const FieldDefinition field =
      field_of("{type: EmailField, required: true, maxLength: 9, domains: [a, b], strict: true, level: 2.50}",
               {"email-field"});
  EXPECT_EQ(field.custom_type, "EmailField");
  EXPECT_EQ(field.type, FieldType::string);
  EXPECT_TRUE(field.required);
  EXPECT_EQ(field.max_length, 9);
  EXPECT_EQ(
      field.custom_options,
      Value(Value::Map{{"domains", Value::List{"a", "b"}}, {"strict", true}, {"level", Number{"2.50"}}}));
}

TEST(CustomType, NeedsNoFileWhereTheFieldSaysHowItIsStored) {
  const FieldDefinition field =
      field_of("{type: MoneyField, storedAs: IntegerField, precision: 2, defaultValue: one}");
  EXPECT_EQ(field.custom_type, "MoneyField");
  EXPECT_EQ(field.type, FieldType::integer);
  // Not an option of integers, so it is the type's own; what the default means is its business, too.
  EXPECT_EQ(field.custom_options, Value(Value::Map{{"precision", Number{"2"}}}));
  EXPECT_EQ(field.default_value, Value("one"));
}

TEST(CustomType, KeepsTheLibrarysTypesAsTheyAre) {
  EXPECT_EQ(field_of("{type: StringField}", {"string-field"}).custom_type, "");
  EXPECT_EQ(mistake_of("{type: StringField, storedAs: IntegerField}"),
            "models.yaml:6: Thing.own: the field has the unknown key 'storedAs'");
  EXPECT_EQ(mistake_of("{type: EmailField}", {"money-field"}),
            "models.yaml:6: Thing.own: unknown field type 'EmailField'; did you mean 'MapField'?");
  EXPECT_EQ(mistake_of("{type: EmailField, storedAs: Money}"),
            "models.yaml:6: Thing.own: unknown field type 'Money'");
  EXPECT_EQ(mistake_of("{type: EmailField, maxLength: x}", {"email-field"}),
            "models.yaml:6: Thing.own: maxLength must be a whole number, not 'x'");
}

TEST(CustomType, IsCheckedAsWhatItIsStoredAs) {
  EXPECT_EQ(mistake_of("{type: OwnerField, storedAs: RelatedField}"),
            "models.yaml:6: Thing.own: a RelatedField needs 'model', the name of the other model");
}

TEST(CustomType, IsFoundByTheWordsOfTheFilesName) {
  EXPECT_TRUE(is_file_of_type("email-field", "EmailField"));
  EXPECT_TRUE(is_file_of_type("email_field", "EmailField"));
  EXPECT_TRUE(is_file_of_type("url-field", "URLField"));
  EXPECT_FALSE(is_file_of_type("email", "EmailField"));
  EXPECT_FALSE(is_file_of_type("email-field-2", "EmailField"));
  EXPECT_FALSE(is_file_of_type("", "EmailField"));
}

}  // namespace
}  // namespace bao::core
