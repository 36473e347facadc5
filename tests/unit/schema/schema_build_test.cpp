#include "core/schema/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bao::core {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

ModelDefinition post() {
  return {
      .name = "Post",
      .model_prefix = "p",
      .fields =
          {
              {.name = "postId", .type = FieldType::ulid, .auto_assign = true},
              {.name = "userId", .type = FieldType::related, .required = true, .related_model = "User"},
              {.name = "title", .type = FieldType::string, .max_length = 200},
              {.name = "slug", .type = FieldType::string},
              {.name = "tags", .type = FieldType::string_set},
              {.name = "createdAt", .type = FieldType::create_date},
          },
      .primary_key = {.partition_key = "postId"},
      .indexes = {{.name = "postsForUser", .partition_key = "userId", .sort_key = "createdAt", .gsi = 1},
                  {.name = "allPosts", .partition_key = "modelPrefix", .sort_key = "postId", .gsi = 2},
                  {.name = "byId"}},
      .unique_constraints = {{.name = "uniqueSlug", .field = "slug", .id = 1}},
  };
}

std::vector<std::string> mistakes(std::vector<ModelDefinition> definitions, Schema::Options options = {}) {
  auto schema = Schema::build(std::move(definitions), options);
  std::vector<std::string> messages;
  if (!schema) {
    for (const Diagnostic& diagnostic : schema.error()) messages.push_back(diagnostic.to_string());
  }
  return messages;
}

TEST(SchemaBuild, ResolvesKeysAndIndexes) {
  auto built = Schema::build({post()}, {});
  ASSERT_TRUE(built);
  const Schema& schema = **built;
  const Model* model = schema.model("Post");
  ASSERT_NE(model, nullptr);
  EXPECT_EQ(schema.model_by_prefix("p"), model);
  EXPECT_EQ(schema.model("User"), nullptr);
  EXPECT_EQ(schema.model_by_prefix("post"), nullptr);
  EXPECT_EQ(&model->schema(), &schema);
  EXPECT_EQ(model->number(), 0U);

  const KeyPart id{.kind = KeyPart::Kind::field, .field = 0};
  EXPECT_EQ(model->partition_key(), id);
  EXPECT_EQ(model->sort_key(), KeyPart());
  EXPECT_TRUE(model->field(0).required);
  EXPECT_FALSE(model->field(2).required);
  EXPECT_EQ(model->field_index("slug"), 3U);
  EXPECT_EQ(model->field_index("nothing"), std::nullopt);

  const Index* for_user = model->index("postsForUser");
  ASSERT_NE(for_user, nullptr);
  EXPECT_EQ(for_user->gsi, 1);
  EXPECT_EQ(for_user->partition, (KeyPart{KeyPart::Kind::field, 1}));
  EXPECT_EQ(for_user->sort, (KeyPart{KeyPart::Kind::field, 5}));
  EXPECT_EQ(model->index("allPosts")->partition.kind, KeyPart::Kind::prefix);
  EXPECT_EQ(model->index("byId")->gsi, 0);
  EXPECT_EQ(model->index("byId")->partition, id);
  EXPECT_EQ(model->index("other"), nullptr);
  ASSERT_EQ(model->unique_constraints().size(), 1U);
  EXPECT_EQ(model->unique_constraints()[0].field, 3U);
}

TEST(SchemaBuild, RelatedModelMustExistOnlyWhereAsked) {
  EXPECT_THAT(mistakes({post()}), IsEmpty());
  EXPECT_THAT(mistakes({post()}, {.related_models_must_exist = true}),
              ElementsAre("Post.userId: related model 'User' is not defined"));
}

TEST(SchemaBuild, ReportsEveryMistakeAtOnce) {
  ModelDefinition bad = post();
  bad.model_prefix = "posts";
  bad.iteration_buckets = 0;
  bad.key_format = 3;
  bad.fields[2].max_length = 0;
  bad.fields[3].precision = 2;
  bad.indexes[0].sort_key = "creatdAt";
  bad.indexes[1].gsi = 1;
  bad.unique_constraints[0].field = "tags";
  EXPECT_THAT(
      mistakes({bad}),
      ElementsAre("Post: modelPrefix 'posts' must be 1 to 4 letters, digits, - or _ (not first _)",
                  "Post: iterationBuckets must be 1 to 1000, not 0", "Post: keyFormat must be 1 or 2, not 3",
                  "Post.title: maxLength must be at least 1, not 0",
                  "Post.slug: precision is an option of FloatField, not of StringField",
                  "Post.postsForUser: sortKey 'creatdAt' is not a field of Post; did you mean 'createdAt'?",
                  "Post.allPosts: indexId gsi1 is already used by index 'postsForUser': each index of a "
                  "model needs its own",
                  "Post.uniqueSlug: 'tags' is a StringSetField, which cannot be unique"));
}

TEST(SchemaBuild, PrefixesAndNamesAreUnique) {
  ModelDefinition other = post();
  other.name = "Comment";
  EXPECT_THAT(
      mistakes({post(), other, post()}),
      ElementsAre("Comment: modelPrefix 'p' is already used by model 'Post': each model needs its own",
                  "Post: the model is defined twice"));
}

TEST(SchemaBuild, PrimaryKeyRules) {
  ModelDefinition model = post();
  model.indexes.clear();
  model.primary_key = {};
  EXPECT_THAT(mistakes({model}), ElementsAre("Post: primaryKey has no partitionKey"));
  model.primary_key = {.partition_key = "modelPrefix"};
  EXPECT_THAT(mistakes({model}),
              ElementsAre("Post: primaryKey needs a field: with modelPrefix as partitionKey, "
                          "sortKey must name one"));
  model.primary_key = {.partition_key = "postId", .sort_key = "postId"};
  EXPECT_THAT(mistakes({model}),
              ElementsAre("Post: primaryKey has 'postId' as both partitionKey and sortKey: name two fields"));
  model.primary_key = {.partition_key = "tags"};
  EXPECT_THAT(mistakes({model}),
              ElementsAre("Post: primaryKey: partitionKey 'tags' is a StringSetField, which "
                          "cannot be part of a key"));
  model.primary_key = {.partition_key = "modelPrefix", .sort_key = "slug"};
  EXPECT_THAT(mistakes({model}), IsEmpty());
}

}  // namespace
}  // namespace bao::core
