#include <bao/bao.hpp>

#include "cli/commands.hpp"
#include "native/yaml/load.hpp"
#include "unit/cli/scratch_folder.hpp"

namespace bao::cli {
namespace {

constexpr const char* fields = R"(
    iterable: true
    iterationBuckets: 2
    fields: {noteId: {type: StringField}, title: {type: StringField}}
    primaryKey: {partitionKey: noteId}
)";

class RebuildSearchText : public ScratchFolder {
 protected:
  RebuildSearchText() {
    write("before.yaml", std::string("models:\n  Note:\n    modelPrefix: n") + fields);
    write("after.yaml",
          std::string("models:\n  Note:\n    modelPrefix: n\n    searchable: {fields: [title]}") + fields);
  }
  /// Notes with a field `count` of this type; one has a text in it.
  static std::string note(const std::string& count, const std::string& search, const std::string& indexes) {
    return "models:\n  Note:\n    modelPrefix: n\n    iterable: true\n    iterationBuckets: 2\n" + search +
           "    fields:\n      noteId: {type: StringField}\n      title: {type: StringField}\n      count: "
           "{type: " +
           count + "}\n    primaryKey: {partitionKey: noteId}\n" + indexes;
  }
  /// Writes notes with the models of one file, to the table that both files know.
  void write_notes(const char* models, const std::string& tenant) {
    Config config{.aws = {.endpoint = "file:" + path("db")},
                  .db = {.table_name = "notes", .iteration_index_name = "iter_search_index"}};
    const auto schema = native::load_definitions(path(models));
    ASSERT_TRUE(schema);
    for (const auto& model : (*schema)->models()) config.definitions.push_back(model->definition());
    const bool has_count = (*schema)->model("Note")->field_index("count").has_value();
    Client client = init_models(std::move(config));
    const auto work = [&]() -> Task<void> {
      for (int number = 0; number < 12; ++number) {
        DynamicChange id{.field = "noteId"};
        id.change.value = Value("n" + std::to_string(number));
        DynamicChange title{.field = "title"};
        title.change.value = Value(number == 5 ? "?!" : "Some Words");
        std::vector<DynamicChange> changes = {id, title};
        if (number == 3 && has_count) {
          changes.push_back({.field = "count"});
          changes.back().change.value = Value("many");
        }
        co_await DynamicModel("Note").create(std::move(changes));
      }
    };
    sync_wait(client, tenant.empty() ? work() : run_with_tenant(tenant, work));
  }
  int rebuild(RebuildCommand command) {
    command.table = {.table = "notes", .region = {}, .endpoint = "file:" + path("db")};
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = run(command);
    out_ = testing::internal::GetCapturedStdout();
    err_ = testing::internal::GetCapturedStderr();
    return code;
  }
  std::int64_t found(const std::string& tenant) {
    Config config{.aws = {.endpoint = "file:" + path("db")},
                  .db = {.table_name = "notes", .iteration_index_name = "iter_search_index"}};
    const auto schema = native::load_definitions(path("after.yaml"));
    for (const auto& model : (*schema)->models()) config.definitions.push_back(model->definition());
    Client client = init_models(std::move(config));
    std::int64_t items = 0;
    const auto work = [&]() -> Task<void> {
      auto searching = DynamicModel("Note").search({"words"});
      const DynamicSearched searched = co_await std::move(searching);
      items = static_cast<std::int64_t>(searched.items.size());
    };
    sync_wait(client, tenant.empty() ? work() : run_with_tenant(tenant, work));
    return items;
  }

  std::string out_;
  std::string err_;
};

TEST_F(RebuildSearchText, MakesTheTextsThatItemsLack) {
  write_notes("before.yaml", {});
  EXPECT_EQ(found({}), 0);
  ASSERT_EQ(rebuild({.model = "Note", .definitions = path("after.yaml")}), 0) << err_;
  EXPECT_EQ(out_, "11 of 12 items of 'Note' rebuilt\n");  // one has no word
  EXPECT_EQ(found({}), 11);
  ASSERT_EQ(rebuild({.model = "Note", .definitions = path("after.yaml")}), 0) << err_;
  EXPECT_EQ(out_, "0 of 12 items of 'Note' rebuilt\n");
}

// One item with a field that cannot be read does not keep the others from it.
TEST_F(RebuildSearchText, GoesOnPastItemsThatCannotBeRead) {
  write("before.yaml", note("StringField", "", ""));
  write_notes("before.yaml", {});
  // Of a field that no index needs the command knows nothing: the item is rebuilt with the others. Then one
  // needs it.
  const std::string index =
      "    indexes: {byCount: {partitionKey: modelPrefix, sortKey: count, indexId: gsi1}}\n";
  write("indexed.yaml", note("IntegerField", "    searchable: {fields: [title]}\n", index));
  EXPECT_EQ(rebuild({.model = "Note", .definitions = path("indexed.yaml")}), 1);
  EXPECT_EQ(out_, "10 of 12 items of 'Note' rebuilt\n");
  EXPECT_EQ(err_,
            "n3: Note.count: a key needs an integer here (value \"many\")\n"
            "bao: 1 of 12 items could not be rebuilt: see above\n");
  write("unindexed.yaml", note("IntegerField", "    searchable: {fields: [title]}\n", ""));
  EXPECT_EQ(rebuild({.model = "Note", .definitions = path("unindexed.yaml")}), 0) << err_;
  EXPECT_EQ(out_, "1 of 12 items of 'Note' rebuilt\n");
  EXPECT_EQ(found({}), 11);
}

TEST_F(RebuildSearchText, StaysWithinTheTenant) {
  write_notes("before.yaml", {});
  write_notes("before.yaml", "acme");
  ASSERT_EQ(rebuild({.model = "Note", .definitions = path("after.yaml"), .tenant = "acme"}), 0) << err_;
  EXPECT_EQ(out_, "11 of 12 items of 'Note' rebuilt\n");
  EXPECT_EQ(found({}), 0);
  EXPECT_EQ(found("acme"), 11);
}

TEST_F(RebuildSearchText, SaysWhatIsWrong) {
  EXPECT_EQ(rebuild({.model = "Note", .definitions = path("before.yaml")}), 1);
  EXPECT_EQ(err_, "bao: the model 'Note' is not searchable\n");
  EXPECT_EQ(rebuild({.model = "Nobody", .definitions = path("after.yaml")}), 1);
  EXPECT_EQ(err_, "bao: " + path("after.yaml") + ": there is no model 'Nobody'\n");
  EXPECT_EQ(rebuild({.model = "Note", .definitions = path("none.yaml")}), 1);
  EXPECT_NE(err_.find("none.yaml"), std::string::npos);
  EXPECT_EQ(rebuild({.model = "Note", .definitions = path("after.yaml")}), 1);
  EXPECT_EQ(err_, "bao: " + path("db") + ": there is no such file\n");
}

}  // namespace
}  // namespace bao::cli
