// The commands that make, complete and delete a table, on a file of the embedded engine.
#include <filesystem>

#include <gmock/gmock.h>

#include "cli/commands.hpp"
#include "cli/table_place.hpp"
#include "local/lmdb/lmdb_store.hpp"
#include "local/local_engine.hpp"
#include "unit/cli/scratch_folder.hpp"

namespace bao::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Kind = TableCommand::Kind;

class TableCommands : public ScratchFolder {
 protected:
  int table(Kind kind, const std::string& name, bool search = false) {
    return run_at("file:" + path("db"), kind, name, search);
  }
  int run_at(const std::string& endpoint, Kind kind, const std::string& name, bool search = false) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = run(TableCommand{.kind = kind,
                                      .table = {.table = name, .region = {}, .endpoint = endpoint},
                                      .search = search,
                                      .confirmed = true});
    out_ = testing::internal::GetCapturedStdout();
    err_ = testing::internal::GetCapturedStderr();
    return code;
  }
  /// What the engine itself answers over the file.
  std::string asked(const std::string& operation, const std::string& body) {
    auto store = local::open_lmdb_store(path("db"));
    EXPECT_TRUE(store) << store.error().message;
    local::LocalEngine engine(std::move(*store), {.now_ms = [] { return std::int64_t{1'000}; }});
    return engine.handle(operation, body).body;
  }

  std::string out_;
  std::string err_;
};

TEST_F(TableCommands, ATableIsMadeInAFileOnce) {
  EXPECT_EQ(table(Kind::create, "notes"), 0) << err_;
  EXPECT_EQ(out_, "table 'notes' created\n");
  EXPECT_THAT(asked("DescribeTable", R"({"TableName":"notes"})"),
              AllOf(HasSubstr(R"("IndexName":"gsi5")"), HasSubstr(R"("IndexName":"iter_index")"),
                    Not(HasSubstr("iter_search_index"))));
  EXPECT_THAT(asked("DescribeTimeToLive", R"({"TableName":"notes"})"), HasSubstr("ENABLED"));
  EXPECT_EQ(table(Kind::create, "notes"), 1);
  EXPECT_EQ(out_, "");
  EXPECT_EQ(err_, "bao: table 'notes' exists already\n");
  // Another one beside it.
  EXPECT_EQ(table(Kind::create, "orders", true), 0) << err_;
  EXPECT_THAT(asked("ListTables", "{}"), AllOf(HasSubstr("notes"), HasSubstr("orders")));
  EXPECT_THAT(asked("DescribeTable", R"({"TableName":"orders"})"), HasSubstr("iter_search_index"));
}

TEST_F(TableCommands, ATableInAFileIsCompletedAndDeleted) {
  ASSERT_EQ(table(Kind::create, "notes"), 0) << err_;
  EXPECT_EQ(table(Kind::update, "notes", true), 0) << err_;
  EXPECT_THAT(out_,
              AllOf(HasSubstr("added index iter_search_index\n"), HasSubstr("table 'notes' up to date\n")));
  EXPECT_EQ(table(Kind::remove, "notes"), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("table 'notes' deleted\n"));
  EXPECT_EQ(asked("ListTables", "{}"), R"({"TableNames":[]})");
}

// Neither is it made on the way.
TEST_F(TableCommands, ATableThatAFileDoesNotHaveIsNeitherUpdatedNorDeleted) {
  for (const Kind kind : {Kind::update, Kind::remove}) {
    EXPECT_EQ(table(kind, "notes"), 1);
    EXPECT_EQ(err_, "bao: " + path("db") + ": there is no such file\n");
    EXPECT_FALSE(std::filesystem::exists(path("db")));
  }
  ASSERT_EQ(table(Kind::create, "orders"), 0) << err_;
  for (const Kind kind : {Kind::update, Kind::remove}) {
    EXPECT_EQ(table(kind, "notes"), 1);
    EXPECT_EQ(err_, "bao: " + path("db") + ": there is no table 'notes'\n");
    EXPECT_THAT(asked("ListTables", "{}"), Not(HasSubstr("notes")));
  }
}

TEST_F(TableCommands, AnotherProgramsTableIsLeftAsItIs) {
  asked("CreateTable", R"({"TableName":"theirs","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
    {"AttributeName":"p","AttributeType":"S"},{"AttributeName":"s","AttributeType":"N"}],
    "KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"s","KeyType":"RANGE"}]})");
  const std::string before = asked("DescribeTable", R"({"TableName":"theirs"})");
  EXPECT_EQ(table(Kind::update, "theirs"), 1);
  EXPECT_EQ(out_, "");
  EXPECT_EQ(err_,
            "bao: table 'theirs' is of another program: its keys are p (S, HASH) and s (N, RANGE), where "
            "_pk (S, HASH) and _sk (S, RANGE) are needed\n");
  EXPECT_EQ(asked("DescribeTable", R"({"TableName":"theirs"})"), before);
  EXPECT_THAT(asked("DescribeTimeToLive", R"({"TableName":"theirs"})"), HasSubstr("DISABLED"));
}

TEST_F(TableCommands, ANameThatNoTableMayHaveMakesNoFile) {
  EXPECT_EQ(table(Kind::create, "t"), 1);
  EXPECT_THAT(err_, HasSubstr("'t'"));
  EXPECT_EQ(files(), 0);
}

// To the library no name is the default table's.
TEST_F(TableCommands, ATableWithoutANameIsNeitherMadeNorUpdatedNorDeleted) {
  ASSERT_EQ(table(Kind::create, "dynamo-bao-dev"), 0) << err_;
  for (const Kind kind : {Kind::create, Kind::update, Kind::remove}) {
    EXPECT_EQ(table(kind, ""), 1);
    EXPECT_EQ(err_, "bao: the name of the table must not be empty\n");
  }
  EXPECT_EQ(asked("ListTables", "{}"), R"({"TableNames":["dynamo-bao-dev"]})");
}

// One place tells every command.
TEST_F(TableCommands, AnAddressThatCannotBeMeantIsRefused) {
  const auto problem = [](const std::string& table, const std::string& endpoint, bool must_exist) {
    const auto place = place_of({.table = table, .region = {}, .endpoint = endpoint}, must_exist);
    return place ? "file " + place->file.value_or("none") : place.error();
  };
  for (const bool must_exist : {false, true}) {
    EXPECT_EQ(problem("", "file:" + path("db"), must_exist), "the name of the table must not be empty");
    EXPECT_EQ(problem("notes", "memory:", must_exist),
              "the endpoint memory: ends with the command, and keeps no table");
    EXPECT_THAT(problem("notes", "nonsense", must_exist), HasSubstr("nonsense"));
    EXPECT_EQ(problem("notes", "http://127.0.0.1:1", must_exist), "file none");
  }
  EXPECT_EQ(problem("notes", "file:" + path("db"), true), path("db") + ": there is no such file");
  EXPECT_EQ(problem("notes", "file:" + path("db"), false), "file " + path("db"));
}

TEST_F(TableCommands, MemoryKeepsNoTable) {
  for (const Kind kind : {Kind::create, Kind::update, Kind::remove}) {
    EXPECT_EQ(run_at("memory:", kind, "notes"), 1);
    EXPECT_EQ(err_, "bao: the endpoint memory: ends with the command, and keeps no table\n");
  }
}

TEST_F(TableCommands, WhatIsNoFileOfTheEngineIsSaid) {
  write("db", "not a database");
  EXPECT_EQ(table(Kind::create, "notes"), 1);
  EXPECT_THAT(err_, AllOf(HasSubstr("bao: "), HasSubstr(path("db"))));
}

}  // namespace
}  // namespace bao::cli
