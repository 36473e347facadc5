#include "local/lmdb/lmdb_store.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lmdb.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <string>

#include "support/temporary_folder.hpp"

namespace bao::local {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

#ifdef __has_feature
constexpr bool under_address_sanitizer = __has_feature(address_sanitizer);
#else
constexpr bool under_address_sanitizer = false;
#endif

std::string put_one(Store& store, const std::string& key, const std::string& value) {
  WriteBatch batch;
  batch.put(1, key, value);
  const auto done = store.commit(batch);
  return done ? "" : done.error().message;
}

std::string error_of_opening(const std::filesystem::path& file) {
  const auto store = open_lmdb_store(file);
  return store ? "" : store.error().message;
}

TEST(LmdbStore, IsOneFileAndItsLock) {
  const TemporaryFolder folder;
  auto store = open_lmdb_store(folder / "tables.db");
  ASSERT_TRUE(store.has_value());
  EXPECT_EQ(put_one(**store, "a", "1"), "");
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder / ""))
    names.push_back(entry.path().filename());
  EXPECT_THAT(names, testing::UnorderedElementsAre("tables.db", "tables.db-lock"));
}

TEST(LmdbStore, RefusesASecondUser) {
  const TemporaryFolder folder;
  auto store = open_lmdb_store(folder / "db");
  ASSERT_TRUE(store.has_value());
  EXPECT_THAT(error_of_opening(folder / "db"), EndsWith("db: is in use by another process"));
  store->reset();
  EXPECT_EQ(error_of_opening(folder / "db"), "");
}

TEST(LmdbStore, RefusesFilesOfOthers) {
  const TemporaryFolder folder;
  std::ofstream(folder / "text") << std::string(5000, 'x');
  EXPECT_THAT(error_of_opening(folder / "text"), EndsWith("text: is not a database of bao local"));
  std::ofstream(folder / "short") << "x";
  EXPECT_THAT(error_of_opening(folder / "short"), EndsWith("short: is not a database of bao local"));
  std::filesystem::create_directory(folder / "folder");
  EXPECT_THAT(error_of_opening(folder / "folder"), HasSubstr("directory"));
  EXPECT_THAT(error_of_opening(folder / "missing/db"), EndsWith("No such file or directory"));
  std::ifstream in(folder / "text");
  EXPECT_EQ(in.get(), 'x') << "the file was touched";
}

TEST(LmdbStore, RefusesAFileThatWasCutShort) {
  const TemporaryFolder folder;
  {
    auto store = open_lmdb_store(folder / "db");
    ASSERT_TRUE(store.has_value());
    for (int i = 0; i < 50; ++i)
      EXPECT_EQ(put_one(**store, "key" + std::to_string(i), std::string(20'000, 'x')), "");
  }
  std::filesystem::resize_file(folder / "db", 100 * std::uintmax_t{4096});
  EXPECT_THAT(error_of_opening(folder / "db"), HasSubstr("db: is cut short: it has 409600 of "));
  for (const std::uintmax_t size : {8191U, 5000U, 4096U, 4000U, 100U}) {
    std::filesystem::resize_file(folder / "db", size);
    EXPECT_THAT(error_of_opening(folder / "db"), StartsWith((folder / "db").string() + ": ")) << size;
  }
}

TEST(LmdbStore, RefusesAnotherProgramsLmdbFileAndANewerFormat) {
  const TemporaryFolder folder;
  const auto make = [&](const char* file, const char* database) {
    MDB_env* env = nullptr;
    MDB_txn* txn = nullptr;
    MDB_dbi dbi = 0;
    MDB_val key{7, const_cast<char*>("version")};
    MDB_val value{1, const_cast<char*>("9")};
    ASSERT_EQ(::mdb_env_create(&env), 0);
    ASSERT_EQ(::mdb_env_set_maxdbs(env, 4), 0);
    ASSERT_EQ(::mdb_env_open(env, (folder / file).c_str(), MDB_NOSUBDIR, 0600), 0);
    ASSERT_EQ(::mdb_txn_begin(env, nullptr, 0, &txn), 0);
    ASSERT_EQ(::mdb_dbi_open(txn, database, MDB_CREATE, &dbi), 0);
    ASSERT_EQ(::mdb_put(txn, dbi, &key, &value, 0), 0);
    ASSERT_EQ(::mdb_txn_commit(txn), 0);
    ::mdb_env_close(env);
  };
  make("foreign", "something");
  EXPECT_THAT(error_of_opening(folder / "foreign"), EndsWith("is not a database of bao local"));
  make("newer", "bao-local");
  EXPECT_THAT(error_of_opening(folder / "newer"), EndsWith("was written by a newer version of bao local"));
}

TEST(LmdbStore, ACommitThatFindsNoRoomChangesNothing) {
  const TemporaryFolder folder;
  // A limit on the size of files stands for a full disk; it is of the process, so it gets one of its own.
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{3U << 20U, 3U << 20U};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    auto store = open_lmdb_store(folder / "db", {.sync = LmdbSync::full});
    if (!store) ::_exit(10);
    int written = 0;
    std::string error;
    while (written < 1000 && error.empty()) {
      error = put_one(**store, "key" + std::to_string(written), std::string(10'000, 'x'));
      if (error.empty() && !(*store)->settle(false)) ::_exit(11);
      if (error.empty()) ++written;
    }
    if (error.find("there is no room for more") == std::string::npos) ::_exit(12);
    if (written < 20 || written == 1000) ::_exit(13);
    // What is there can still be read, and a change that needs no room can be made.
    for (int i = 0; i < written; ++i) {
      const auto value = (*store)->get(1, "key" + std::to_string(i));
      if (!value || !*value || (*value)->size() != 10'000) ::_exit(14);
    }
    const auto missing = (*store)->get(1, "key" + std::to_string(written));
    if (!missing || *missing) ::_exit(15);
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

// LMDB maps its lock, and a page of it for which there is no room ends the process.
TEST(LmdbStore, OpeningOnAFullDiskIsAnError) {
  const TemporaryFolder folder;
  constexpr int not_allowed = 77;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("none", (folder / "").c_str(), "tmpfs", 0, "size=64k") != 0) {
      ::_exit(not_allowed);
    }
    std::ofstream(folder / "fill", std::ios::binary) << std::string(std::size_t{64} << 10U, 'x');
    const std::string error = error_of_opening(folder / "db");
    ::_exit(error.find("no room") == std::string::npos ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  if (WEXITSTATUS(status) == not_allowed) GTEST_SKIP() << "this user may mount nothing";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(LmdbStore, TakesASmallerMapWhereAddressSpaceIsShort) {
  const TemporaryFolder folder;
  if constexpr (under_address_sanitizer) GTEST_SKIP() << "the sanitizer itself needs the address space";
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const rlimit limit{2UL << 30U, 2UL << 30U};
    ::setrlimit(RLIMIT_AS, &limit);
    auto store = open_lmdb_store(folder / "db");
    ::_exit(store && put_one(**store, "a", "1").empty() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(LmdbStore, SettlesAsItsModeSays) {
  const TemporaryFolder folder;
  for (const auto sync : {LmdbSync::full, LmdbSync::normal}) {
    auto store = open_lmdb_store(folder / "db", {.sync = sync, .settle_ms = 60'000});
    ASSERT_TRUE(store.has_value());
    EXPECT_FALSE((*store)->is_unsettled());
    EXPECT_EQ(put_one(**store, "a", "1"), "");
    EXPECT_TRUE((*store)->is_unsettled());
    ASSERT_TRUE((*store)->settle(false).has_value());
    EXPECT_EQ((*store)->is_unsettled(), sync == LmdbSync::normal);
    ASSERT_TRUE((*store)->settle(true).has_value());
    EXPECT_FALSE((*store)->is_unsettled());
  }
}

TEST(LmdbStore, ACursorMayOutliveTheTransactionItReads) {
  const TemporaryFolder folder;
  auto store = open_lmdb_store(folder / "db", {.sync = LmdbSync::full});
  ASSERT_TRUE(store.has_value());
  EXPECT_EQ(put_one(**store, "a", "1"), "");
  const auto while_writing = (*store)->cursor(1);
  EXPECT_TRUE(while_writing->seek({}));
  ASSERT_TRUE((*store)->settle(true).has_value());
  const auto while_reading = (*store)->cursor(1);
  EXPECT_TRUE(while_reading->seek({}));
  EXPECT_EQ(put_one(**store, "b", "2"), "");
  EXPECT_FALSE(while_writing->next());
  EXPECT_FALSE(while_reading->next());
}

}  // namespace
}  // namespace bao::local
