#include "codegen/naming.hpp"

#include <gtest/gtest.h>

#include "codegen/cpp_literal.hpp"
#include "codegen/cpp_names.hpp"
#include "codegen/methods.hpp"
#include "native/yaml/load.hpp"

namespace bao::codegen {
namespace {

TEST(Naming, Files) {
  EXPECT_EQ(snake_case("User"), "user");
  EXPECT_EQ(snake_case("TaggedPost"), "tagged_post");
  EXPECT_EQ(snake_case("HTTPLog2"), "http_log2");
  EXPECT_EQ(snake_case("already_snake"), "already_snake");
}

TEST(Naming, Methods) {
  EXPECT_EQ(index_title("byStatus"), "ByStatus");
  EXPECT_EQ(index_title("postsForUser"), "Posts");
  EXPECT_EQ(index_title("recentPostsForTag"), "RecentPosts");
  EXPECT_EQ(index_title("Forum"), "Forum");
  EXPECT_EQ(index_title("byForce"), "ByForce");
  EXPECT_EQ(index_title("platForms"), "PlatForms");
  EXPECT_EQ(getter_name("userId"), "getUser");
  EXPECT_EQ(getter_name("author"), "getAuthor");
  EXPECT_EQ(getter_name("Id"), "getId");
  EXPECT_EQ(finder_name("uniqueEmail"), "findByEmail");
  EXPECT_EQ(finder_name("handle"), "findByHandle");
  EXPECT_EQ(finder_name("unique"), "findByUnique");
  EXPECT_EQ(finder_name("uniqueness"), "findByUniqueness");
}

TEST(Literal, EscapesWhatCppWouldRead) {
  EXPECT_EQ(cpp_string("a\"b\\c\nd\te"), R"("a\"b\\c\nd\te")");
  EXPECT_EQ(cpp_string(std::string_view("\x01"
                                        "1")),
            R"("\0011")");
  EXPECT_EQ(cpp_string(std::string_view("a\0b", 3)), R"(std::string_view("a\000b", 3))");
  EXPECT_EQ(cpp_string("gr\xC3\xBC\xC3\x9F"), "\"gr\xC3\xBC\xC3\x9F\"");
}

TEST(Literal, DefaultsThatAnOptionCannotHold) {
  FieldDefinition field{.name = "f", .type = FieldType::integer, .default_value = Value(5)};
  EXPECT_EQ(cpp_default(field), "5");
  field.type = FieldType::floating;
  field.default_value = Value(Number{"0.1000000000000000000001"});
  EXPECT_EQ(cpp_default(field), "0.1");
  field.default_value = Value(Number{"20000000000000000000"});
  EXPECT_EQ(cpp_default(field), "2e+19");
  field.default_value = Value(Value::StringSet{"a"});
  EXPECT_EQ(cpp_default(field), "");
  EXPECT_EQ(cpp_value(field.default_value), "bao::Value(bao::Value::StringSet{std::string(\"a\")})");
}

std::vector<std::string> names_of(const core::Schema& schema, std::string_view model) {
  const CppNames names(schema);
  const auto methods =
      methods_of(schema, [&](const core::Model& of, std::string_view name) { return names.taken(of, name); });
  std::vector<std::string> found;
  for (const Method& method : methods[schema.model(model)->number()]) found.push_back(method.name);
  return found;
}

constexpr const char* two_posts = R"(
models:
  User:
    modelPrefix: u
    fields: {userId: {type: UlidField}, queryNotes: {type: StringField}}
    primaryKey: {partitionKey: userId}
  Post:
    modelPrefix: p
    fields: {id: {type: UlidField}, userId: {type: StringField}, other: {type: RelatedField, model: User}}
    primaryKey: {partitionKey: id}
    indexes:
      byUser: {partitionKey: userId, sortKey: id, indexId: 1}
      again: {partitionKey: userId, sortKey: other, indexId: 2}
      postsForOther: {partitionKey: other, sortKey: id, indexId: 3}
  Note:
    modelPrefix: n
    fields: {id: {type: UlidField}, userId: {type: StringField}}
    primaryKey: {partitionKey: id}
    indexes: {byUser: {partitionKey: userId, sortKey: id, indexId: 1}}
)";

// `query` + model + `s` gives way: to a RelatedField's index, and to a field of that name.
TEST(Methods, QueriesByTheNameOfTheKeyGiveWay) {
  const auto schema = native::load_definitions_text(two_posts, "m.yaml");
  ASSERT_TRUE(schema) << schema.error().front().to_string();
  EXPECT_EQ(names_of(**schema, "User"), std::vector<std::string>{"queryPosts"});
  EXPECT_EQ(names_of(**schema, "Post"), std::vector<std::string>{"getOther"});
}

}  // namespace
}  // namespace bao::codegen
