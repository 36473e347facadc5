#include "core/keys/row_keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "core/keys/key_text.hpp"
#include "support/golden_rows.hpp"
#include "unit/keys/key_model.hpp"

namespace bao::core {
namespace {

ModelDefinition post(std::string partition, std::string sort, int key_format = 2) {
  return {.name = "Post",
          .model_prefix = "p",
          .iterable = true,
          .key_format = key_format,
          .fields = {field("id", FieldType::string), field("at", FieldType::string),
                     field("slug", FieldType::string)},
          .primary_key = {.partition_key = std::move(partition), .sort_key = std::move(sort)},
          .indexes = {{.name = "byAt", .partition_key = "slug", .sort_key = "at", .gsi = 2},
                      {.name = "all", .partition_key = "modelPrefix", .sort_key = "at", .gsi = 1},
                      {.name = "bySlug", .partition_key = "slug", .sort_key = "modelPrefix", .gsi = 3}},
          .unique_constraints = {{.name = "uniqueSlug", .field = "slug", .id = 2}}};
}

TEST(RowKeys, PrimaryRow) {
  const OneModel one(post("id", ""));
  EXPECT_EQ(primary_row_key(*one, "", {"i", ""}), (RowKey{"p#i", "p"}));
  EXPECT_EQ(primary_row_key(*one, "T", {"i", ""}), (RowKey{"[T]#p#i", "p"}));
  const OneModel two(post("id", "at"));
  EXPECT_EQ(primary_row_key(*two, "", {"i", "s"}), (RowKey{"p#i", "s"}));
  const OneModel prefix_sort(post("id", "modelPrefix"));
  EXPECT_EQ(primary_row_key(*prefix_sort, "T", {"i", ""}), (RowKey{"[T]#p#i", "p"}));
}

TEST(RowKeys, PrefixPartitionHasItsTenantOnlyInFormat2) {
  EXPECT_EQ(primary_row_key(*OneModel(post("modelPrefix", "id")), "T", {"", "i"}), (RowKey{"[T]#p", "i"}));
  EXPECT_EQ(primary_row_key(*OneModel(post("modelPrefix", "id", 1)), "T", {"", "i"}), (RowKey{"p", "i"}));
  EXPECT_EQ(primary_row_key(*OneModel(post("id", "", 1)), "T", {"i", ""}), (RowKey{"[T]#p#i", "p"}));
}

TEST(RowKeys, Indexes) {
  const OneModel model(post("id", ""));
  EXPECT_EQ(index_partition_key(*model, "", *model->index("byAt"), "s"), "p#gsi2#s");
  EXPECT_EQ(index_partition_key(*model, "T", *model->index("byAt"), "s"), "[T]#p#gsi2#s");
  EXPECT_EQ(index_partition_key(*model, "T", *model->index("all"), "ignored"), "[T]#p#gsi1#p");
  EXPECT_EQ(index_sort_key(*model, *model->index("byAt"), "a"), "a");
  EXPECT_EQ(index_sort_key(*model, *model->index("bySlug"), ""), "p");
  // Older versions gave these their tenant.
  const OneModel old(post("id", "", 1));
  EXPECT_EQ(index_partition_key(*old, "T", *old->index("all"), ""), "[T]#p#gsi1#p");
}

TEST(RowKeys, AttributeNames) {
  EXPECT_EQ(index_pk_attribute(0), "_pk");
  EXPECT_EQ(index_sk_attribute(0), "_sk");
  for (int gsi = 1; gsi <= 5; ++gsi) {
    const std::string name = "gsi" + std::to_string(gsi);
    EXPECT_EQ(index_table_name(gsi), name);
    EXPECT_EQ(index_pk_attribute(gsi), "_" + name + "_pk");
    EXPECT_EQ(index_sk_attribute(gsi), "_" + name + "_sk");
  }
}

TEST(RowKeys, UniqueRow) {
  const OneModel model(post("id", ""));
  const UniqueConstraint& unique = model->unique_constraints()[0];
  EXPECT_EQ(unique_row_key(*model, "", unique, "a:b"), (RowKey{"_raft_uc#_uc2#p#slug:a:b", "_raft_uc"}));
  EXPECT_EQ(unique_row_key(*model, "T", unique, "v"), (RowKey{"[T]#_raft_uc#_uc2#p#slug:v", "_raft_uc"}));
}

TEST(RowKeys, IterationRow) {
  ModelDefinition definition = post("id", "");
  definition.iteration_buckets = 1000;
  const OneModel model(std::move(definition));
  // "a" hashes to 97.
  EXPECT_EQ(iteration_key(*model, "", "a"), (RowKey{"p#iter#097", "a"}));
  EXPECT_EQ(iteration_key(*model, "T", "a"), (RowKey{"[T]#p#iter#097", "a"}));
  ModelDefinition single = post("id", "");
  single.iteration_buckets = 1;
  EXPECT_EQ(iteration_key(*OneModel(std::move(single)), "", "a"), (RowKey{"p#iter", "a"}));
}

TEST(RowKeys, BucketsAreJavaScripts) {
  const auto rows = golden_rows("key_text.tsv", "bucket");
  ASSERT_GE(rows.size(), 300U);
  for (const auto& row : rows) {
    const auto buckets = static_cast<std::uint32_t>(std::stoul(row[1]));
    EXPECT_EQ(iteration_bucket(from_hex(row[0]), buckets), std::stoul(row[2])) << row[0];
  }
}

TEST(RowKeys, BucketOfTheLeastHash) {
  // This id hashes to -2^31, whose magnitude no 32-bit signed number holds.
  EXPECT_EQ(iteration_bucket("polygenelubricants", 1000), 648U);
}

TEST(RowKeys, BucketOfBytesThatAreNotUtf8) {
  // U+FFFD is 65533; nothing is read past the end.
  EXPECT_EQ(iteration_bucket("\xff", 1000), 533U);
  EXPECT_EQ(iteration_bucket("\xe2\x82", 1000), (65533U * 31 + 65533U) % 1000);
  EXPECT_EQ(iteration_bucket("\xf0", 1000), 533U);
}

TEST(PrimaryId, ThreeShapesRoundTrip) {
  std::mt19937 random(3);
  const auto draw = [&random] {
    std::string text;
    for (std::size_t i = 1 + random() % 20; i > 0; --i)
      text.push_back(static_cast<char>(' ' + random() % 95));
    return text;
  };
  const OneModel partition(post("id", ""));
  const OneModel sort(post("modelPrefix", "id"));
  const OneModel both(post("id", "at"));
  for (int i = 0; i < 1000; ++i) {
    const KeyTexts texts{.partition = draw(), .sort = draw()};
    EXPECT_EQ(primary_id(*partition, texts), texts.partition);
    EXPECT_EQ(split_primary_id(*partition, texts.partition).value().partition, texts.partition);
    EXPECT_EQ(primary_id(*sort, texts), texts.sort);
    EXPECT_EQ(split_primary_id(*sort, texts.sort).value().sort, texts.sort);
    const std::string id = primary_id(*both, texts);
    EXPECT_EQ(id, texts.partition + "##__SK__##" + texts.sort);
    const auto split = split_primary_id(*both, id);
    EXPECT_EQ(split.value().partition, texts.partition);
    EXPECT_EQ(split.value().sort, texts.sort);
  }
}

// "a##__SK__" and "b" would have the id of "a" and "__SK__##b".
TEST(PrimaryId, NoTwoKeysShareOne) {
  const OneModel both(post("id", "at"));
  const OneModel one(post("id", ""));
  const std::string separator = "##__SK__##";
  for (std::size_t size = 1; size < separator.size(); ++size) {
    const std::string first = "a" + separator.substr(0, size);
    const auto text = key_text(*both, both["id"], Value(first));
    const auto split = split_primary_id(*both, first + separator + "b");
    const bool ambiguous = !split || split->partition != first;
    EXPECT_EQ(text.has_value(), !ambiguous) << first;
    if (!text) {
      EXPECT_EQ(text.error().code(), ErrorCode::validation);
      EXPECT_EQ(text.error().details().field, "id");
    }
    EXPECT_TRUE(key_text(*one, one["id"], Value(first))) << first;
    EXPECT_TRUE(key_text(*both, both["at"], Value(first))) << first;
  }
}

ModelDefinition keyed(std::string name, std::string prefix, FieldDefinition partition, FieldDefinition sort) {
  ModelDefinition definition{.name = std::move(name), .model_prefix = std::move(prefix)};
  definition.primary_key.partition_key = partition.name;
  definition.fields.push_back(std::move(partition));
  if (!sort.name.empty()) {
    definition.primary_key.sort_key = sort.name;
    definition.fields.push_back(std::move(sort));
  }
  return definition;
}

FieldDefinition related(std::string name, std::string model) {
  return {.name = std::move(name), .type = FieldType::related, .related_model = std::move(model)};
}

// Every text that fits as a half of a key, in every combination, among them ids of two and of three parts.
TEST(PrimaryId, OfRelatedItemsWithTwoFieldKeysRoundTripAndNoTwoShareOne) {
  const FieldDefinition none;
  const FieldDefinition text = field("text", FieldType::string);
  std::vector<ModelDefinition> definitions;
  definitions.push_back(keyed("Tag", "t", field("tagId", FieldType::string), none));
  definitions.push_back(keyed("Pair", "p", field("a", FieldType::string), field("b", FieldType::string)));
  definitions.push_back(keyed("Triple", "tr", related("pair", "Pair"), text));
  definitions.push_back(keyed("Stats", "s", related("pair", "Pair"), none));
  definitions.push_back(keyed("First", "f", related("pair", "Pair"), related("tag", "Tag")));
  definitions.push_back(keyed("Second", "se", related("tag", "Tag"), related("pair", "Pair")));
  definitions.push_back(keyed("Both", "b", related("one", "Pair"), related("two", "Triple")));
  definitions.push_back(keyed("Same", "sa", related("one", "Pair"), related("two", "Pair")));
  definitions.push_back(keyed("Deep", "d", related("one", "Both"), related("two", "Stats")));
  definitions.push_back(keyed("Ring", "r", related("one", "Ring"), text));
  auto built = Schema::build(std::move(definitions), {});
  ASSERT_TRUE(built);
  const std::string s = "##__SK__##";
  std::vector<std::string> texts{"a",         "b",          "##", "#",     "__SK__##b",
                                 "b##__SK__", "a##__SK__#", s,    s + "a", "a" + s};
  for (const std::string& begin : {std::string("a"), std::string("__SK__##"), "a" + s + "b"}) {
    for (const std::string& end :
         {std::string("b"), std::string("##__SK__"), "b" + s + "c", "b" + s + "c" + s + "d"}) {
      texts.push_back(begin + s + end);
    }
  }
  for (const auto& model : (*built)->models()) {
    SCOPED_TRACE(model->name());
    std::map<std::string, std::pair<std::string, std::string>> keys;
    const bool two = model->sort_key().kind == KeyPart::Kind::field;
    for (const std::string& first : texts) {
      const auto partition = key_text(*model, model->partition_key().field, Value(first));
      if (!partition) continue;
      for (const std::string& second : texts) {
        const auto sort =
            two ? key_text(*model, model->sort_key().field, Value(second)) : Result<std::string>("");
        if (!sort) continue;
        const std::string id = primary_id(*model, {.partition = *partition, .sort = *sort});
        const auto [there, is_new] = keys.emplace(id, std::pair(*partition, *sort));
        EXPECT_TRUE(is_new || there->second == std::pair(*partition, *sort)) << id;
        const auto split = split_primary_id(*model, id);
        ASSERT_TRUE(split) << id << ": " << split.error().message();
        EXPECT_EQ(split->partition, *partition) << id;
        EXPECT_EQ(split->sort, *sort) << id;
      }
    }
    EXPECT_FALSE(keys.empty());
  }
  const auto id_of = [&](const char* name, const std::string& first, const std::string& second) {
    const Model& model = *(*built)->model(name);
    const auto partition = key_text(model, model.partition_key().field, Value(first));
    if (!partition) return "error: " + partition.error().message();
    if (model.sort_key().kind != KeyPart::Kind::field)
      return primary_id(model, {.partition = *partition, .sort = {}});
    const auto sort = key_text(model, model.sort_key().field, Value(second));
    if (!sort) return "error: " + sort.error().message();
    return primary_id(model, {.partition = *partition, .sort = *sort});
  };
  EXPECT_EQ(id_of("Stats", "1" + s + "5", ""), "1" + s + "5");
  EXPECT_EQ(id_of("First", "1" + s + "5", "tag"), "1" + s + "5" + s + "tag");
  EXPECT_EQ(id_of("First", "loose", "tag"), "loose" + s + "tag");
  EXPECT_EQ(id_of("Second", "tag", "1" + s + "5"), "tag" + s + "1" + s + "5");
  EXPECT_EQ(id_of("Both", "1" + s + "5", "1" + s + "5" + s + "x"),
            "1" + s + "5" + s + "1" + s + "5" + s + "x");
  EXPECT_THAT(id_of("Both", "loose", "1" + s + "5" + s + "x"), testing::HasSubstr("needs the whole id"));
  EXPECT_THAT(id_of("First", "1" + s + "5" + s + "6", "tag"), testing::HasSubstr("another number"));
  EXPECT_THAT(id_of("First", "1" + s + "5", "ta" + s + "g"), testing::HasSubstr("cannot hold"));
  EXPECT_THAT(id_of("Pair", "a" + s + "b", "c"), testing::HasSubstr("cannot hold"));
  EXPECT_FALSE(split_primary_id(*(*built)->model("First"), "a" + s + "b" + s + "c" + s + "d"));
  EXPECT_FALSE(split_primary_id(*(*built)->model("Stats"), "a" + s + "b" + s + "c"));
}

TEST(PrimaryId, RefusesWhatCannotBeOne) {
  const OneModel one(post("id", ""));
  const OneModel two(post("id", "at"));
  const std::vector<std::pair<const Model*, std::string>> bad{{&*one, ""},
                                                              {&*one, "a##__SK__##b"},
                                                              {&*two, ""},
                                                              {&*two, "a"},
                                                              {&*two, "##__SK__##b"},
                                                              {&*two, "a##__SK__##"},
                                                              {&*two, "##__SK__##"},
                                                              {&*two, "a##__SK__##b##__SK__##c"}};
  for (const auto& [model, id] : bad) {
    const auto split = split_primary_id(*model, id);
    ASSERT_FALSE(split) << id;
    EXPECT_EQ(split.error().code(), ErrorCode::validation);
    EXPECT_EQ(split.error().details().model, "Post");
    EXPECT_EQ(split.error().details().primary_id, id);
  }
}

}  // namespace
}  // namespace bao::core
