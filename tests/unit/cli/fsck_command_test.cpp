#include "unit/cli/fsck_fixture.hpp"

#include "local/lmdb/lmdb_store.hpp"
#include "local/local_engine.hpp"

namespace bao::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST_F(FsckTest, FindsNothingInWhatTheLibraryWrote) {
  seed();
  EXPECT_EQ(fsck(), 0) << err_;
  EXPECT_THAT(out_, testing::StartsWith("3 items and 3 unique rows checked: 0 findings ("));
}

TEST_F(FsckTest, RefusesATableOfAnotherProgram) {
  auto store = local::open_lmdb_store(path("db"));
  ASSERT_TRUE(store) << store.error().message;
  {
    local::LocalEngine engine(std::move(*store), {.now_ms = [] { return std::int64_t{1'000}; }});
    (void)engine.handle(
        "CreateTable",
        R"({"TableName":"users","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"k","AttributeType":"S"}],"KeySchema":[{"AttributeName":"k","KeyType":"HASH"}]})");
  }
  for (const bool empty : {true, false}) {
    for (const bool repair : {false, true}) {
      EXPECT_EQ(fsck({.repair = repair}), 1);
      EXPECT_EQ(out_, "");
      EXPECT_EQ(err_,
                "bao: table 'users' is of another program: its keys are k (S, HASH), where _pk (S, HASH) and "
                "_sk (S, RANGE) are needed\n");
    }
    if (empty) put(R"({"k":{"S":"a"}})");
  }
}

TEST_F(FsckTest, ATableThatIsNotThereIsAnError) {
  seed();
  testing::internal::CaptureStderr();
  EXPECT_EQ(run(FsckCommand{.definitions = path("models.yaml"),
                            .table = {.table = "other", .region = {}, .endpoint = "file:" + path("db")}}),
            1);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("'other'"));
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

// Rows that two models claim are nobody's to repair: what is right for one is wrong for the other.
TEST_F(FsckTest, ReportsPrefixClashes) {
  seed();
  // By a model with the prefix `u#x`, which the older package allowed: with one key field, and with two.
  put(R"({"_pk":{"S":"u#x#1"},"_sk":{"S":"u#x"},"userId":{"S":"1"}})");
  put(R"({"_pk":{"S":"u#x#2"},"_sk":{"S":"2024"},"_gsi3_pk":{"S":"u#x#gsi3#u#x"},"_gsi3_sk":{"S":"2"}})");
  // Its index and iteration keys are another model's, as if both had written it.
  change("u#ann", "_gsi1_pk", "v#gsi1#red");
  change("[acme]#u#ben", "_iter_pk", "[acme]#w#iter#004");
  // A reservation by the key of one model, for an item of another.
  write("models.yaml", std::string(fsck_models) + R"(  Team:
    modelPrefix: t
    fields: {teamId: {type: StringField}, name: {type: StringField}}
    primaryKey: {partitionKey: teamId}
    uniqueConstraints: {uniqueName: {field: name, uniqueConstraintId: uc1}}
)");
  put(R"({"_pk":{"S":"_raft_uc#_uc1#u#email:t@x"},"_sk":{"S":"_raft_uc"},"relatedId":{"S":"1"},"relatedModel":{"S":"Team"}})");
  EXPECT_EQ(fsck({.repair = true}), 1);
  EXPECT_THAT(out_,
              AllOf(HasSubstr("User u#x#1 u#x: two models claim the row: its _sk 'u#x' does not have the "
                              "prefix 'u'\n"),
                    HasSubstr("User u#x#2 2024: two models claim the row: its _gsi3_pk 'u#x#gsi3#u#x' "
                              "does not have the prefix 'u'\n"),
                    HasSubstr("its _gsi1_pk 'v#gsi1#red' does not have the prefix 'u'\n"),
                    HasSubstr("its _iter_pk '[acme]#w#iter#004' does not have the prefix 'u'\n"),
                    HasSubstr("a reservation by the key of User, and for an item of Team\n"),
                    HasSubstr("5 findings, 0 repaired")));
}

TEST_F(FsckTest, ModelsOfOnePrefixAreRefused) {
  write("models.yaml", std::string(fsck_models) + R"(  Unit:
    modelPrefix: u
    fields: {unitId: {type: StringField}}
    primaryKey: {partitionKey: unitId}
)");
  EXPECT_EQ(fsck(), 1);
  EXPECT_THAT(err_, AllOf(HasSubstr("Unit"), HasSubstr("'u'"), HasSubstr("bao: nothing was checked")));
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
