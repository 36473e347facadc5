#include "cli/fsck_state.hpp"

#include <unistd.h>

#include <gmock/gmock.h>

#include "cli/file_lock.hpp"
#include "unit/cli/fsck_fixture.hpp"

namespace bao::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

FsckState some_state() {
  FsckState state{.subject = {.table = "a \"table\"",
                              .place = "http://127.0.0.1:8000",
                              .models = "00ff",
                              .repair = true,
                              .move_keys = true},
                  .segments = {}};
  state.segments.resize(3);
  state.segments[0].done = true;
  state.segments[0].counts = {.items = 12'345'678'901,
                              .unique_rows = 2,
                              .repaired = 3,
                              .read_units = 0.1,
                              .write_units = 1e9,
                              .findings = {{"unique_ghost", 4}, {"key_format", 1}},
                              .unknown = {{"", 1}, {"z\"", 5}}};
  state.segments[1].next = Value(Value::Map{{"_pk", Value("u#\n")}, {"_sk", Value("u")}});
  return state;
}

TEST(FsckStates, ComeBackAsTheyWere) {
  const FsckState state = some_state();
  const std::string text = write_fsck_state(state);
  const auto read = read_fsck_state(text);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(write_fsck_state(*read), text);
  EXPECT_EQ(differs(read->subject, state.subject), std::nullopt);
  EXPECT_EQ(read->segments[1].next, state.segments[1].next);
  EXPECT_TRUE(read->segments[2].next.is_null());
  FsckCounts counts = read->segments[0].counts;
  counts.add(counts);
  EXPECT_EQ(counts.items, 24'691'357'802U);
  EXPECT_EQ(counts.findings_in_all(), 10U);
  EXPECT_EQ(counts.read_units, 0.2);
  EXPECT_EQ(counts.unknown.at("z\""), 10U);
}

TEST(FsckStates, AreRefusedWhereTheyAreNone) {
  const std::string right = write_fsck_state(some_state());
  for (const std::string& wrong :
       {std::string(), std::string("{}"), std::string("[]"), right.substr(0, right.size() / 2),
        std::string(right).replace(right.find("State\":1"), 8, "State\":2"),
        std::string(right).replace(right.find("\"items\""), 7, "\"things\""),
        std::string(right).replace(right.find(":12345678901"), 12, ":-1"),
        std::string(right).replace(right.find("true"), 4, "\"so\""),
        std::string(R"({"baoFsckState":1,"table":"t","segments":[]})")}) {
    const auto read = read_fsck_state(wrong);
    ASSERT_FALSE(read) << wrong;
    EXPECT_THAT(read.error(), StartsWith("it is no state of ")) << wrong;
  }
}

TEST(FsckStates, AreOfOneSubject) {
  const FsckSubject subject = some_state().subject;
  const auto expect_refused = [&](auto change, const char* because) {
    FsckSubject other = subject;
    change(other);
    const std::optional<std::string> why = differs(subject, other);
    ASSERT_TRUE(why) << because;
    EXPECT_THAT(*why, HasSubstr(because));
  };
  expect_refused([](FsckSubject& other) { other.table = "users"; },
                 "not of 'users' at http://127.0.0.1:8000");
  expect_refused([](FsckSubject& other) { other.place = "AWS in us-west-2"; }, "at AWS in us-west-2");
  expect_refused([](FsckSubject& other) { other.models = ""; }, "the definitions have changed");
  expect_refused([](FsckSubject& other) { other.repair = false; }, "it was begun with --repair");
  expect_refused([](FsckSubject& other) { other.move_keys = false; }, "it was begun with --move-keys");
}

// A file that is no state is never written over, and nothing is checked.
TEST_F(FsckTest, AWrongStateFileIsRefused) {
  seed();
  write("notes.txt", "mine");
  EXPECT_EQ(fsck({.state = path("notes.txt")}), 1);
  EXPECT_EQ(out_, "");
  EXPECT_THAT(err_, StartsWith("bao: " + path("notes.txt") + ": it is no state of bao fsck"));
  EXPECT_EQ(text("notes.txt"), "mine");
}

TEST_F(FsckTest, AStateOfOtherDefinitionsIsRefused) {
  seed();
  FsckState state = some_state();
  state.subject = {.table = "users", .place = "file:" + path("db"), .models = "other"};
  write("state", write_fsck_state(state));
  EXPECT_EQ(fsck({.state = path("state")}), 1);
  EXPECT_THAT(err_, HasSubstr("the definitions have changed since it was begun\nbao: name another file"));
}

// What was checked before is not checked again, and is counted.
TEST_F(FsckTest, GoesOnFromAStateAndRemovesIt) {
  seed();
  FsckState state;
  state.subject = {.table = "users",
                   .place = "file:" + path("db"),
                   .models = native::definitions_digest(path("models.yaml"))};
  state.segments.resize(2);
  for (FsckSegment& segment : state.segments) segment.done = true;
  state.segments[0].counts = {.items = 7, .findings = {{"unique_ghost", 2}}};
  write("state", write_fsck_state(state));
  EXPECT_EQ(fsck({.state = path("state")}), 1) << err_;
  EXPECT_THAT(out_, StartsWith("7 items and 0 unique rows checked: 2 findings"));
  EXPECT_FALSE(std::filesystem::exists(path("state")));
  EXPECT_EQ(fsck({.state = path("state")}), 0) << err_;
  EXPECT_FALSE(std::filesystem::exists(path("state")));
}

TEST_F(FsckTest, AStateThatCannotBeWrittenEndsIt) {
  seed();
  EXPECT_EQ(fsck({.state = path("nowhere/state")}), 1);
  EXPECT_THAT(err_, HasSubstr("nowhere/state.lock: cannot be written"));
  std::filesystem::create_directories(path("state.new" + std::to_string(::getpid())));
  EXPECT_EQ(fsck({.state = path("state")}), 1);
  EXPECT_THAT(err_, HasSubstr("state: cannot be written"));
  EXPECT_FALSE(std::filesystem::exists(path("state.lock")));
}

TEST_F(FsckTest, AStateThatAnotherRunWorksWithIsRefused) {
  seed();
  const auto other = FileLock::take(path("state"));
  ASSERT_TRUE(other);
  EXPECT_EQ(fsck({.state = path("state")}), 1);
  EXPECT_EQ(err_, "bao: " + path("state") + ": another run is working with it\n");
  EXPECT_EQ(out_, "");
}

}  // namespace
}  // namespace bao::cli
