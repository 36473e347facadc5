// A table that was written with yesterday's models is read and written with today's.
#include <bao/bao.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "native/yaml/load.hpp"
#include "support/temporary_folder.hpp"

namespace bao::face {
namespace {

class EvolutionTest : public testing::Test {
 protected:
  /// Works on the one table with a model of these lines, between the prefix and the primary key.
  template <class Function>
  void with_model(const std::string& lines, Function work) {
    const auto schema = native::load_definitions_text(
        "models:\n  Note:\n    modelPrefix: n\n" + lines + "    primaryKey: {partitionKey: noteId}\n",
        "models.yaml");
    ASSERT_TRUE(schema) << schema.error().front().to_string();
    Config config{.aws = {.endpoint = "file:" + (folder_ / "db").string()},
                  .db = {.table_name = "notes", .iteration_index_name = iteration_index_},
                  .log = {.level = LogLevel::off}};
    for (const auto& model : (*schema)->models()) config.definitions.push_back(model->definition());
    Client client = init_models(std::move(config));
    sync_wait(client, with_context(client.context(), std::move(work)));
  }
  static DynamicChange set(std::string field, Value value) {
    DynamicChange change{.field = std::move(field)};
    change.change.value = std::move(value);
    return change;
  }
  void write_yesterday() {
    with_model(
        "    fields: {noteId: {type: StringField}, text: {type: StringField}, size: {type: IntegerField}, "
        "old: "
        "{type: StringField}}\n",
        []() -> Task<void> {
          for (int number = 0; number < 3; ++number) {
            std::vector<DynamicChange> values{set("noteId", "n" + std::to_string(number)),
                                              set("text", "Words"), set("size", number), set("old", "kept")};
            auto creating = note.create(std::move(values));
            co_await std::move(creating);
          }
        });
  }
  static Task<DynamicItem> find(std::string id) {
    auto finding = note.find(id);
    DynamicItem item = co_await std::move(finding);
    co_return item;
  }
  static Task<void> change(std::string id, std::vector<DynamicChange> changes, bool force = false) {
    auto updating = note.update(id, std::move(changes), {.force_reindex = force});
    co_await std::move(updating);
  }
  static Task<std::int64_t> in_index(std::string index, Value partition) {
    auto querying = note.query(std::move(index), std::move(partition));
    co_return (co_await std::move(querying)).count;
  }

  static inline const DynamicModel note{"Note"};
  TemporaryFolder folder_;
  std::string iteration_index_ = "iter_search_index";
};

// Both iteration indexes are over the same attributes: update_table adds the second one over the items that
// are there, and a client may change to it, and back, without touching an item.
TEST_F(EvolutionTest, IterationMovesToTheIndexThatSearchNeeds) {
  const std::string plain =
      "    iterable: true\n    iterationBuckets: 3\n    fields: {noteId: {type: "
      "StringField}, text: {type: StringField}}\n";
  const std::string searchable = "    searchable: {fields: [text]}\n" + plain;
  const auto iterated = []() -> Task<std::size_t> {
    std::size_t seen = 0;
    DynamicIterate options;
    for (;;) {
      auto iterating = note.iterate(options);
      DynamicBatch batch = co_await std::move(iterating);
      seen += batch.items.size();
      if (batch.next.ended) co_return seen;
      options.from = std::move(batch.next);
    }
  };
  const auto found = [](std::string word) -> Task<std::size_t> {
    std::vector<std::string> words{std::move(word)};
    auto searching = note.search(std::move(words));
    co_return (co_await std::move(searching)).items.size();
  };
  iteration_index_ = "iter_index";
  with_model(plain, [&]() -> Task<void> {
    for (int number = 0; number < 7; ++number) {
      std::vector<DynamicChange> values{set("noteId", "n" + std::to_string(number)), set("text", "Words")};
      auto creating = note.create(std::move(values));
      co_await std::move(creating);
    }
    EXPECT_EQ(co_await iterated(), 7U);
  });
  // Too early: an error that names the index, not an empty table.
  iteration_index_ = "iter_search_index";
  with_model(plain, [&]() -> Task<void> {
    auto iterating = note.iterate().as_result();
    const Result<DynamicBatch> batch = co_await std::move(iterating);
    EXPECT_FALSE(batch);
    if (!batch) {
      EXPECT_THAT(batch.error().message() + batch.error().details().service_text,
                  testing::HasSubstr("iter_search_index"));
    }
  });
  iteration_index_ = "iter_index";
  with_model(plain, []() -> Task<void> {
    auto updating = update_table({.search_index = true});
    const TableReport report = co_await std::move(updating);
    EXPECT_THAT(report.added_indexes, testing::ElementsAre("iter_search_index"));
    auto again = update_table({.search_index = true});
    EXPECT_THAT((co_await std::move(again)).added_indexes, testing::IsEmpty());
  });
  // The writers of yesterday go on beside those of today.
  with_model(plain, [&]() -> Task<void> {
    std::vector<DynamicChange> values{set("noteId", "late"), set("text", "Words")};
    auto creating = note.create(std::move(values));
    co_await std::move(creating);
    EXPECT_EQ(co_await iterated(), 8U);
  });
  iteration_index_ = "iter_search_index";
  with_model(searchable, [&]() -> Task<void> {
    EXPECT_EQ(co_await iterated(), 8U);
    EXPECT_EQ(co_await found("words"), 0U);
    co_await change("n1", {}, true);
    co_await change("late", {}, true);
    EXPECT_EQ(co_await found("words"), 2U);
  });
  iteration_index_ = "iter_index";
  with_model(plain, [&]() -> Task<void> { EXPECT_EQ(co_await iterated(), 8U); });
}

TEST_F(EvolutionTest, FieldsComeAndGo) {
  write_yesterday();
  with_model(
      "    fields: {noteId: {type: StringField}, text: {type: StringField}, size: {type: IntegerField}, "
      "colour: "
      "{type: StringField, defaultValue: red}}\n",
      []() -> Task<void> {
        const DynamicItem item = co_await find("n1");
        EXPECT_TRUE(item.exists);
        EXPECT_EQ(item.fields.at("text"), Value("Words"));
        // A default is for new items: what is not stored is not there.
        EXPECT_FALSE(item.fields.contains("colour") && !item.fields.at("colour").is_null());
        EXPECT_FALSE(item.fields.contains("old"));
        co_await change("n1", {set("colour", "blue")});
      });
  // What today's model does not know stays in the item.
  with_model(
      "    fields: {noteId: {type: StringField}, old: {type: StringField}, colour: {type: StringField}}\n",
      []() -> Task<void> {
        const DynamicItem item = co_await find("n1");
        EXPECT_EQ(item.fields.at("old"), Value("kept"));
        EXPECT_EQ(item.fields.at("colour"), Value("blue"));
      });
}

TEST_F(EvolutionTest, ANewIndexHoldsWhatWasReindexed) {
  write_yesterday();
  with_model(
      "    fields: {noteId: {type: StringField}, text: {type: StringField}, size: {type: IntegerField}}\n"
      "    indexes: {bySize: {partitionKey: text, sortKey: size, indexId: gsi1}}\n",
      []() -> Task<void> {
        EXPECT_EQ(co_await in_index("bySize", "Words"), 0);
        co_await change("n0", {}, true);
        EXPECT_EQ(co_await in_index("bySize", "Words"), 1);
        co_await change("n1", {set("size", 9)});  // an update of a key field does it, too
        EXPECT_EQ(co_await in_index("bySize", "Words"), 2);
      });
}

TEST_F(EvolutionTest, AModelBecomesIterableAndSearchable) {
  write_yesterday();
  with_model(
      "    iterable: true\n    searchable: {fields: [text]}\n"
      "    fields: {noteId: {type: StringField}, text: {type: StringField}, size: {type: IntegerField}}\n",
      []() -> Task<void> {
        auto searching = note.search({"words"});
        EXPECT_EQ((co_await std::move(searching)).items.size(), 0U);
        for (const char* id : {"n0", "n1", "n2"}) co_await change(id, {}, true);
        auto again = note.search({"words"});
        EXPECT_EQ((co_await std::move(again)).items.size(), 3U);
      });
}

TEST_F(EvolutionTest, ANewUniqueConstraintHoldsFromTheNextWriteOn) {
  write_yesterday();
  with_model(
      "    fields: {noteId: {type: StringField}, text: {type: StringField}, size: {type: IntegerField}}\n"
      "    uniqueConstraints: {uniqueSize: {field: size, uniqueConstraintId: uc1}}\n",
      []() -> Task<void> {
        co_await change("n0", {set("size", 7)});
        auto taken = note.update("n1", {set("size", 7)}).as_result();
        EXPECT_EQ((co_await std::move(taken)).error().code(), ErrorCode::conditional);
        auto finding = note.find_by_unique_constraint("uniqueSize", Value(7));
        EXPECT_EQ((co_await std::move(finding)).id, "n0");
        // Yesterday's value has no row yet: the delete of its item is no error all the same.
        auto removing = note.remove("n2");
        co_await std::move(removing);
      });
}

TEST_F(EvolutionTest, AFieldOfAnotherTypeIsAClearError) {
  write_yesterday();
  with_model("    fields: {noteId: {type: StringField}, text: {type: IntegerField}}\n", []() -> Task<void> {
    auto finding = note.find("n0").as_result();
    const Result<DynamicItem> item = co_await std::move(finding);
    EXPECT_EQ(item.error().code(), ErrorCode::data_format);
    EXPECT_EQ(item.error().details().field, "text");
  });
}

// DynamoDB compares what is stored, which may have more decimals than today's precision keeps.
TEST_F(EvolutionTest, AFloatThatWasStoredMoreExactlyMatchesItselfOnly) {
  const std::string fields = "    fields: {noteId: {type: StringField}, text: {type: StringField}, size: ";
  with_model(fields + "{type: FloatField}}\n", []() -> Task<void> {
    for (const char* id : {"exact", "rounded"}) {
      std::vector<DynamicChange> values{set("noteId", id),
                                        set("size", Number{id[0] == 'e' ? "1.2389" : "1.24"})};
      auto creating = note.create(std::move(values));
      co_await std::move(creating);
    }
  });
  with_model(fields + "{type: FloatField, precision: 2}}\n", []() -> Task<void> {
    const DynamicItem item = co_await find("exact");
    EXPECT_EQ(item.fields.at("size"), Number{"1.2389"});
    std::vector<DynamicChange> changes{set("text", "first")};
    auto saving = note.save(item, changes, {.field_matches = {"size"}});
    const DynamicItem saved = co_await std::move(saving);
    EXPECT_EQ(saved.fields.at("size"), Number{"1.2389"});
    // What it is rounded to is another value.
    co_await change("exact", {set("size", Number{"1.24"})});
    changes = {set("text", "second")};
    auto again = note.save(saved, changes, {.field_matches = {"size"}});
    const Result<DynamicItem> refused = co_await std::move(again).as_result();
    EXPECT_FALSE(refused);
    if (!refused) EXPECT_EQ(refused.error().code(), ErrorCode::conditional);
    EXPECT_EQ((co_await find("exact")).fields.at("text"), Value("first"));
  });
}

}  // namespace
}  // namespace bao::face
