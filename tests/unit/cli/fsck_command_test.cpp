#include <bao/bao.hpp>
#include <functional>

#include <gmock/gmock.h>

#include "cli/commands.hpp"
#include "cli/item_client.hpp"
#include "core/value/json_writer.hpp"
#include "native/face/rows.hpp"
#include "native/yaml/load.hpp"
#include "unit/cli/scratch_folder.hpp"

namespace bao::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* models = R"(models:
  User:
    modelPrefix: u
    iterable: true
    iterationBuckets: 1
    searchable: {fields: [name]}
    fields:
      userId: {type: StringField}
      name: {type: StringField}
      email: {type: StringField}
      team: {type: StringField}
      ttl: {type: TtlField}
    primaryKey: {partitionKey: userId}
    indexes: {byTeam: {partitionKey: team, sortKey: userId, indexId: gsi1}}
    uniqueConstraints: {uniqueEmail: {field: email, uniqueConstraintId: uc1}}
)";

class FsckTest : public ScratchFolder {
 protected:
  FsckTest() { write("models.yaml", models); }

  Client client() {
    Config config{.aws = {.endpoint = "file:" + path("db")},
                  .db = {.table_name = "users", .iteration_index_name = "iter_search_index"}};
    const auto schema = native::load_definitions(path("models.yaml"));
    for (const auto& model : (*schema)->models()) config.definitions.push_back(model->definition());
    return init_models(std::move(config));
  }
  void with_client(const std::function<Task<void>()>& work) {
    Client own = client();
    sync_wait(own, with_context(own.context(), work));
  }
  static Task<void> create(std::string id, std::string email, std::int64_t ttl_ms = 0) {
    std::vector<DynamicChange> changes;
    const auto add = [&](const char* field, Value value) {
      DynamicChange& change = changes.emplace_back();
      change.field = field;
      change.change.value = std::move(value);
    };
    add("userId", Value(std::move(id)));
    add("name", Value("Some Name"));
    add("team", Value("red"));
    add("email", Value(std::move(email)));
    if (ttl_ms != 0) add("ttl", Value(ttl_ms));
    co_await DynamicModel("User").create(changes);
  }
  /// Ann, Ben and Cem, as the library writes them; Ben is a tenant's.
  void seed() {
    with_client([]() -> Task<void> {
      co_await create("ann", "ann@x");
      co_await run_with_tenant("acme", [] { return create("ben", "ben@x"); });
      co_await create("cem", "cem@x", 4'000'000'000'000);
    });
  }
  /// Writes a row as it is given, past the library.
  void put(const std::string& row) {
    with_client([&row]() -> Task<void> { co_await detail::put_rows({row}); });
  }
  /// The row with this key with one attribute replaced or, where `value` is empty, taken away.
  void change(const std::string& pk, const std::string& attribute, const std::string& value) {
    with_client([&]() -> Task<void> {
      auto page = co_await detail::scan_rows({.consistent = true});
      for (const core::ItemRef& row : page.items) {
        if (std::string(row.attribute("_pk").text()) != pk) continue;
        Value::Map item;
        for (const core::ValueView view : row.view()) item.emplace(view.name(), view.to_value());
        item.erase(attribute);
        if (!value.empty()) item.emplace(attribute, Value(value));
        std::string json;
        core::JsonWriter(json).item(item);
        co_await detail::put_rows({json});
      }
    });
  }
  int fsck(FsckCommand command = {}) {
    command.definitions = path("models.yaml");
    command.table = {.table = "users", .region = {}, .endpoint = "file:" + path("db")};
    command.confirmed = true;
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = run(command);
    out_ = testing::internal::GetCapturedStdout();
    err_ = testing::internal::GetCapturedStderr();
    return code;
  }
  /// Found, repaired, and then clean.
  void expect_repaired(const std::string& line) {
    EXPECT_EQ(fsck(), 1) << err_;
    EXPECT_THAT(out_, AllOf(HasSubstr(line), Not(HasSubstr("(repaired)"))));
    EXPECT_EQ(fsck({.repair = true}), 0) << out_ << err_;
    EXPECT_THAT(out_, HasSubstr(line + " (repaired)"));
    EXPECT_EQ(fsck(), 0) << out_;
  }

  std::string out_;
  std::string err_;
};

TEST_F(FsckTest, FindsNothingInWhatTheLibraryWrote) {
  seed();
  EXPECT_EQ(fsck(), 0) << err_;
  EXPECT_THAT(out_, testing::StartsWith("3 items and 3 unique rows checked: 0 findings ("));
}

TEST_F(FsckTest, PutsDerivedAttributesRight) {
  seed();
  change("u#ann", "_gsi1_pk", "u#gsi1#blue");
  expect_repaired("User ann: _gsi1_pk is 'u#gsi1#blue', should be 'u#gsi1#red'");
  change("u#ann", "_gsi1_sk", "");
  expect_repaired("User ann: _gsi1_sk is nothing, should be 'ann'");
  change("u#ann", "_gsi2_pk", "stray");
  expect_repaired("User ann: _gsi2_pk is 'stray', should be nothing");
  change("u#ann", "_iter_sk", "");
  expect_repaired("User ann: _iter_sk is nothing, should be 'ann'");
  change("[acme]#u#ben", "_searchText", "other");
  expect_repaired("[acme] User ben: _searchText is 'other', should be 'some name'");
}

TEST_F(FsckTest, PutsUniqueRowsRight) {
  seed();
  change("u#ann", "email", "new@x");
  EXPECT_EQ(fsck(), 1);
  EXPECT_THAT(out_,
              HasSubstr("User ann: its email is not reserved: there is no '_raft_uc#_uc1#u#email:new@x'"));
  EXPECT_THAT(
      out_,
      HasSubstr(
          "User ann: '_raft_uc#_uc1#u#email:ann@x' is reserved for it, and it has another email or none"));
  EXPECT_EQ(fsck({.repair = true}), 0) << out_;
  EXPECT_EQ(fsck(), 0) << out_;

  // Seen from the item or from the row, whichever the Scan gives first; repairing either repairs both.
  change("_raft_uc#_uc1#u#email:new@x", "relatedId", "nobody");
  EXPECT_EQ(fsck(), 1);
  EXPECT_THAT(out_, HasSubstr("User ann: its email is reserved for User nobody, which does not have it"));
  EXPECT_EQ(fsck({.repair = true}), 0) << out_;
  EXPECT_EQ(fsck(), 0) << out_;
  put(R"({"_pk":{"S":"_raft_uc#_uc1#u#email:gone@x"},"_sk":{"S":"_raft_uc"},"relatedId":{"S":"gone"},"relatedModel":{"S":"User"}})");
  expect_repaired(
      "User gone: '_raft_uc#_uc1#u#email:gone@x' is reserved for it, and it has another email or none");
  change("_raft_uc#_uc1#u#email:cem@x", "ttl", "");
  expect_repaired("User cem: the row that reserves its email does not expire with it");
}

TEST_F(FsckTest, ReportsWhatNobodyButAPersonCanDecide) {
  seed();
  change("u#cem", "email", "ann@x");
  change("_raft_uc#_uc1#u#email:cem@x", "relatedModel", "Other");
  put(R"({"_pk":{"S":"u#ghost"},"_sk":{"S":"u"},"_gsi1_pk":{"S":"x"}})");
  put(R"({"_pk":{"S":"u#moved"},"_sk":{"S":"u"},"userId":{"S":"else"}})");
  put(R"({"_pk":{"S":"zz#1"},"_sk":{"S":"zz"}})");
  EXPECT_EQ(fsck({.repair = true}), 1);
  EXPECT_THAT(out_, HasSubstr("User cem: User ann has the same email: decide which of them keeps it"));
  EXPECT_THAT(out_, HasSubstr("? _raft_uc#_uc1#u#email:cem@x _raft_uc: a reservation of no unique constraint "
                              "of these models (Other cem)"));
  EXPECT_THAT(out_, HasSubstr("User u#ghost u: a row without the fields of its key"));
  EXPECT_THAT(out_, HasSubstr("User else: _pk is 'u#moved', should be 'u#else'"));
  EXPECT_THAT(out_, HasSubstr("1 rows with the prefix 'zz', which none of the models has"));
  EXPECT_THAT(out_, HasSubstr("4 findings, 0 repaired"));
}

TEST_F(FsckTest, ExpiredItemsHoldNothing) {
  with_client([]() -> Task<void> { co_await create("old", "old@x", 1'000'000'000'000); });
  change("_raft_uc#_uc1#u#email:old@x", "relatedId", "other");
  EXPECT_EQ(fsck(), 0) << out_;
}

// In format 1 such items have no tenant in `_pk`, and have it in every other key.
TEST_F(FsckTest, KnowsTheTenantOfItemsThatShareAPartition) {
  write("models.yaml", R"(models:
  User:
    modelPrefix: u
    keyFormat: 1
    iterable: true
    iterationBuckets: 1
    fields: {userId: {type: StringField}, team: {type: StringField}, email: {type: StringField}}
    primaryKey: {partitionKey: modelPrefix, sortKey: userId}
    indexes: {byTeam: {partitionKey: team, sortKey: userId, indexId: gsi1}}
    uniqueConstraints: {uniqueEmail: {field: email, uniqueConstraintId: uc1}}
)");
  const auto create_in_red = [](const char* id, const char* email) -> Task<void> {
    std::vector<DynamicChange> changes(3);
    changes[0] = {.field = "userId", .change = {.value = Value(id)}};
    changes[1] = {.field = "team", .change = {.value = Value("red")}};
    changes[2] = {.field = "email", .change = {.value = Value(email)}};
    co_await DynamicModel("User").create(changes);
  };
  with_client([&]() -> Task<void> {
    co_await create_in_red("ann", "ann@x");
    co_await run_with_tenant("acme", [&] { return create_in_red("ben", "ann@x"); });
  });
  EXPECT_EQ(fsck(), 0) << out_;
  EXPECT_EQ(fsck({.repair = true}), 0) << out_;
  EXPECT_THAT(out_, testing::StartsWith("2 items and 2 unique rows checked: 0 findings, 0 repaired"));
  // Without any other key nothing tells whose it is: nothing is guessed.
  put(R"({"_pk":{"S":"u"},"_sk":{"S":"cem"},"userId":{"S":"cem"},"team":{"S":"red"},"email":{"S":"cem@x"}})");
  EXPECT_EQ(fsck({.repair = true}), 1);
  EXPECT_THAT(out_,
              AllOf(HasSubstr("User cem: _iter_pk is nothing, should be 'u#iter'"), HasSubstr("0 repaired")));
}

TEST_F(FsckTest, WritesJsonForPrograms) {
  seed();
  change("u#ann", "_iter_sk", "");
  EXPECT_EQ(fsck({.json = true}), 1);
  EXPECT_EQ(
      out_,
      R"({"kind":"attribute_differs","model":"User","id":"ann","pk":"u#ann","sk":"u","attribute":"_iter_sk","expected":"ann","repairable":true,"repaired":false})"
      "\n");
  EXPECT_THAT(err_, HasSubstr("1 findings"));
}

}  // namespace
}  // namespace bao::cli
