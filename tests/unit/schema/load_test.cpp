#include "native/yaml/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "core/schema/definition_tree.hpp"
#include "native/yaml/parse.hpp"
#include "support/source_dir.hpp"

namespace bao::native {
namespace {

using core::KeyPart;
using core::Model;
using ::testing::ElementsAre;

std::string messages(const SchemaResult& result) {
  std::string text;
  if (result) return text;
  for (const Diagnostic& diagnostic : result.error()) text += diagnostic.to_string() + "\n";
  return text;
}

TEST(LoadDefinitions, ReadsTheModelsOfTheGuide) {
  const auto loaded =
      load_definitions(std::filesystem::path(testing_support::source_dir()) / "tests/data/guide_models.yaml");
  ASSERT_TRUE(loaded) << messages(loaded);
  const core::Schema& schema = **loaded;
  ASSERT_EQ(schema.models().size(), 2U);
  const Model& user = *schema.models()[0];
  EXPECT_EQ(user.name(), "User");
  EXPECT_EQ(user.prefix(), "u");
  EXPECT_EQ(user.key_format(), 2);
  ASSERT_EQ(user.fields().size(), 4U);
  EXPECT_EQ(user.field(0).type, FieldType::ulid);
  EXPECT_TRUE(user.field(0).auto_assign);
  EXPECT_TRUE(user.field(0).required);
  EXPECT_TRUE(user.field(2).required);
  EXPECT_EQ(user.field(3).type, FieldType::create_date);
  EXPECT_FALSE(user.field(3).required);
  EXPECT_TRUE(user.indexes().empty());

  const Model& post = *schema.model("Post");
  EXPECT_EQ(post.field(*post.field_index("userId")).type, FieldType::string);
  const core::Index* by_user = post.index("byUser");
  ASSERT_NE(by_user, nullptr);
  EXPECT_EQ(by_user->gsi, 1);
  EXPECT_EQ(by_user->partition, (KeyPart{KeyPart::Kind::field, 1}));
  EXPECT_EQ(by_user->sort, (KeyPart{KeyPart::Kind::field, 4}));
}

constexpr const char* every_option = R"(models:
  User:
    modelPrefix: u
    fields: {userId: {type: UlidField, autoAssign: true}}
    primaryKey: {partitionKey: userId}
  Post:
    modelPrefix: p            # a comment
    tableType: mapping
    iterable: true
    iterationBuckets: 1000
    keyFormat: 1
    searchable: {fields: [title, content], caseSensitive: true, minTermLength: 2, dedupe: true}
    fields:
      postId:  {type: UlidField, autoAssign: true}
      userId:  {type: RelatedField, model: User, required: true}
      otherId: {type: RelatedField, model: Post}
      title:   {type: StringField, required: true, maxLength: 200, defaultValue: untitled}
      content: {type: StringField, defaultValue: "5"}
      likes:   {type: CounterField, defaultValue: 0}
      size:    {type: IntegerField, defaultValue: 9007199254740993}
      price:   {type: FloatField, precision: 2, defaultValue: 1.5}
      live:    {type: BooleanField, defaultValue: true}
      photo:   {type: BinaryField, defaultValue: AQI=}
      tags:    {type: StringSetField, maxStringLength: 5, maxMemberCount: 3, defaultValue: [b, a]}
      dueAt:   {type: DateTimeField, defaultValue: 2024-02-29T12:30:00.250+02:00}
      changed: {type: ModifiedDateField}
      ttl:     {type: TtlField, defaultValue: 1700000000000}
      version: {type: VersionField}
      attrs:   {type: MapField, defaultValue: {a: [1, "1", null, true]}}
      parts:   {type: ListField, defaultValue: []}
      data:    {type: JsonField, defaultValue: {b: 1.50, a: [x, "2", ~, false]}}
      createdAt: {type: CreateDateField}
    primaryKey: {partitionKey: postId, sortKey: createdAt}
    indexes:
      postsForUser: {partitionKey: userId, sortKey: createdAt, indexId: gsi2}
      allPosts: {partitionKey: modelPrefix, sortKey: null, indexId: "3"}
      byId: primaryKey
    uniqueConstraints:
      uniqueTitle: {field: title, uniqueConstraintId: uc1}
      uniqueSize: {field: size, uniqueConstraintId: _uc2}
      uniqueDue: {field: dueAt, uniqueConstraintId: 3}
)";

TEST(LoadDefinitions, ReadsEveryOption) {
  const auto loaded = load_definitions_text(every_option, "models.yaml");
  ASSERT_TRUE(loaded) << messages(loaded);
  const Model& post = *(*loaded)->model("Post");
  const ModelDefinition& definition = post.definition();
  EXPECT_EQ(definition.table_type, TableType::mapping);
  EXPECT_TRUE(definition.iterable);
  EXPECT_EQ(definition.iteration_buckets, 1000);
  EXPECT_EQ(definition.key_format, 1);
  ASSERT_TRUE(definition.search);
  EXPECT_THAT(definition.search->fields, ElementsAre("title", "content"));
  EXPECT_TRUE(definition.search->case_sensitive);
  EXPECT_EQ(definition.search->min_term_length, 2);
  EXPECT_TRUE(definition.search->dedupe);
  EXPECT_EQ(definition.location.file, "models.yaml");
  EXPECT_EQ(definition.location.line, 6);

  const auto field = [&](std::string_view name) { return post.field(*post.field_index(name)); };
  EXPECT_EQ(field("userId").related_model, "User");
  EXPECT_EQ(field("title").max_length, 200);
  EXPECT_EQ(field("title").location.line, 17);
  EXPECT_EQ(field("title").default_value, Value("untitled"));
  EXPECT_EQ(field("content").default_value, Value("5"));
  EXPECT_EQ(field("likes").default_value, Value(0));
  EXPECT_EQ(field("size").default_value, Value(std::int64_t{9007199254740993}));
  EXPECT_EQ(field("price").precision, 2);
  EXPECT_EQ(field("price").default_value, Value(Number{"1.5"}));
  EXPECT_EQ(field("live").default_value, Value(true));
  EXPECT_EQ(field("photo").default_value, Value(Binary{std::byte{1}, std::byte{2}}));
  EXPECT_EQ(field("tags").max_string_length, 5);
  EXPECT_EQ(field("tags").max_member_count, 3);
  EXPECT_EQ(field("tags").default_value, Value(Value::StringSet{"a", "b"}));
  EXPECT_EQ(field("dueAt").default_value, Value(std::int64_t{1709202600250}));
  EXPECT_EQ(field("ttl").default_value, Value(std::int64_t{1700000000000}));
  EXPECT_EQ(field("attrs").default_value,
            Value(Value::Map{{"a", Value(Value::List{Value(1), Value("1"), Value(), Value(true)})}}));
  EXPECT_EQ(field("parts").default_value, Value(Value::List{}));
  EXPECT_EQ(field("data").default_value, Value(R"({"b":1.50,"a":["x","2",null,false]})"));
  EXPECT_TRUE(field("createdAt").required);

  EXPECT_EQ(post.index("postsForUser")->gsi, 2);
  EXPECT_EQ(post.index("allPosts")->gsi, 3);
  EXPECT_EQ(post.index("allPosts")->partition.kind, KeyPart::Kind::prefix);
  EXPECT_EQ(post.index("allPosts")->sort.kind, KeyPart::Kind::none);
  EXPECT_EQ(post.index("byId")->gsi, 0);
  EXPECT_EQ(post.index("byId")->sort, post.sort_key());
  ASSERT_EQ(post.unique_constraints().size(), 3U);
  EXPECT_EQ(post.unique_constraints()[1].id, 2);
  EXPECT_EQ(post.unique_constraints()[2].id, 3);
}

TEST(LoadDefinitions, MergesAFolderInTheOrderOfNames) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "bao_load_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  const auto write = [&](const char* name, const char* text) {
    std::FILE* const file = std::fopen((folder / name).c_str(), "wb");
    ASSERT_NE(file, nullptr);
    std::fputs(text, file);
    std::fclose(file);
  };
  write("b.yml",
        "models: {B: {modelPrefix: b, fields: {aId: {type: RelatedField, model: A}}, "
        "primaryKey: {partitionKey: aId}}}");
  write("a.yaml",
        "models: {A: {modelPrefix: a, fields: {id: {type: UlidField}}, primaryKey: {partitionKey: id}}}");
  write("notes.txt", "no: [yaml");
  // An editor's, whose own lock is a link to nowhere.
  write(".c.yaml", "no: [yaml");
  std::filesystem::create_symlink("nobody@nowhere.1", folder / ".#a.yaml");
  const auto loaded = load_definitions(folder);
  ASSERT_TRUE(loaded) << messages(loaded);
  ASSERT_EQ((*loaded)->models().size(), 2U);
  EXPECT_EQ((*loaded)->models()[0]->name(), "A");
  EXPECT_EQ((*loaded)->models()[1]->name(), "B");
  EXPECT_EQ((*loaded)->models()[1]->number(), 1U);
  std::filesystem::remove_all(folder);
}

TEST(LoadDefinitions, ReportsWhatCannotBeRead) {
  EXPECT_EQ(messages(load_definitions("no/such/path.yaml")),
            "no/such/path.yaml: there is no such file or folder\n");
  const std::string large(definition_file_bytes_max + 1, ' ');
  EXPECT_EQ(messages(load_definitions_text(large, "large.yaml")),
            "large.yaml: the text is larger than 4 MiB\n");
}

TEST(LoadDefinitions, TakesAnchorsAndAliases) {
  const auto loaded = load_definitions_text(R"(models:
  User:
    modelPrefix: u
    fields: &fields
      id: {type: UlidField}
      name: &name {type: StringField, maxLength: 5}
      nick: *name
    primaryKey: &key {partitionKey: id}
  Bot:
    modelPrefix: b
    fields: *fields
    primaryKey: *key
)",
                                            "models.yaml");
  ASSERT_TRUE(loaded) << messages(loaded);
  const Model& bot = *(*loaded)->model("Bot");
  ASSERT_EQ(bot.fields().size(), 3U);
  EXPECT_EQ(bot.field(2).name, "nick");
  EXPECT_EQ(bot.field(2).max_length, 5);
}

TEST(ParseYaml, BoundsNestingAndSize) {
  const auto nested = [](std::size_t levels) {
    return parse_yaml(std::string(levels, '[') + std::string(levels, ']'), "f").has_value();
  };
  EXPECT_TRUE(nested(64));
  EXPECT_FALSE(nested(65));
  EXPECT_FALSE(nested(100'000));
  const YamlLimits small{.nodes_max = 4};
  EXPECT_TRUE(parse_yaml("[1, 2, 3]", "f", small));
  EXPECT_FALSE(parse_yaml("[1, 2, 3, 4]", "f", small));
  // The anchor's copy and the alias count too.
  EXPECT_TRUE(parse_yaml("[&a 1, 2]", "f", small));
  EXPECT_FALSE(parse_yaml("[&a 1, *a]", "f", {.nodes_max = 3}));
}

}  // namespace
}  // namespace bao::native
