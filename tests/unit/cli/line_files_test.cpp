#include "cli/line_files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <string>
#include <utility>

#include "unit/cli/scratch_folder.hpp"

namespace bao::cli {
namespace {

using Next = LineReader::Next;

class OutputFiles : public ScratchFolder {};

TEST_F(OutputFiles, AreThereOnceTheyAreWhole) {
  write("out", "before");
  auto file = OutputFile::open(path("out"));
  ASSERT_TRUE(file) << file.error();
  EXPECT_EQ(file->write("after"), std::nullopt);
  EXPECT_EQ(text("out"), "before");
  EXPECT_EQ(file->finish(), std::nullopt);
  EXPECT_EQ(text("out"), "after");
  EXPECT_EQ(files(), 1);
}

TEST_F(OutputFiles, LeaveNothingWhenTheyAreGivenUp) {
  write("out", "before");
  {
    auto file = OutputFile::open(path("out"));
    ASSERT_TRUE(file) << file.error();
    EXPECT_EQ(file->write("half"), std::nullopt);
    EXPECT_EQ(files(), 2);
    const OutputFile moved = std::move(*file);
  }
  EXPECT_EQ(text("out"), "before");
  EXPECT_EQ(files(), 1);
}

std::string id_of_a_dead_process() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  EXPECT_EQ(::waitpid(child, nullptr, 0), child);
  return std::to_string(child);
}

TEST_F(OutputFiles, RemoveWhatAKilledRunHadBegun) {
  namespace fs = std::filesystem;
  const std::string dead = id_of_a_dead_process();
  const auto put_old = [&](const std::string& file) {
    write(file, "half");
    fs::last_write_time(path(file), fs::file_time_type::clock::now() - std::chrono::minutes(1));
  };
  const auto open_and_close = [&] {
    auto file = OutputFile::open(path("out"));
    ASSERT_TRUE(file) << file.error();
    EXPECT_EQ(file->finish(), std::nullopt);
  };
  put_old("out.new" + dead);
  put_old("out.new" + std::to_string(::getpid()));  // of another run: this one has just begun
  open_and_close();
  EXPECT_EQ(files(), 1) << "the file itself";

  // Of a run that works, of no process, of other files, and none.
  for (const std::string& name :
       {"out.new" + std::to_string(::getppid()), std::string("out.new"),
        std::string("out.new99999999999999999999"), "out.new" + dead + "x", "out.newer" + dead,
        "out2.new" + dead, "ou.new" + dead, "xout.new" + dead, "out.jsonl.new" + dead}) {
    put_old(name);
  }
  fs::create_directory(path("out.new0" + dead));
  put_old("elsewhere");
  fs::create_symlink("elsewhere", path("out.new00" + dead));
  write("out.new" + dead, "just written, in another container perhaps");
  const auto before = files();
  open_and_close();
  EXPECT_EQ(files(), before);
}

TEST_F(OutputFiles, RemoveItInTheWorkingFolderToo) {
  const std::string left = "out.new" + id_of_a_dead_process();
  write(left, "half");
  std::filesystem::last_write_time(path(left),
                                   std::filesystem::file_time_type::clock::now() - std::chrono::minutes(1));
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder_);
  const auto file = OutputFile::open("out");
  std::filesystem::current_path(before);
  ASSERT_TRUE(file) << file.error();
  EXPECT_FALSE(std::filesystem::exists(path(left)));
  std::filesystem::remove(path(file->temporary()));
}

TEST_F(OutputFiles, HoldALockByWhichOtherContainersKnowThatTheyAreWritten) {
  const auto lock = [&](const std::string& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    EXPECT_GE(descriptor, 0);
    return std::pair(descriptor, ::flock(descriptor, LOCK_EX | LOCK_NB));
  };
  const std::string left = path("out.new" + id_of_a_dead_process());
  write(std::filesystem::path(left).filename(), "half");
  std::filesystem::last_write_time(left,
                                   std::filesystem::file_time_type::clock::now() - std::chrono::minutes(1));
  const auto [held, locked] = lock(left);
  ASSERT_EQ(locked, 0);
  auto file = OutputFile::open(path("out"));
  ASSERT_TRUE(file) << file.error();
  EXPECT_TRUE(std::filesystem::exists(left));
  ::close(held);

  const auto [other, taken] = lock(file->temporary());
  EXPECT_EQ(taken, -1);
  EXPECT_EQ(errno, EWOULDBLOCK);
  ::close(other);
}

TEST_F(OutputFiles, ReplaceWhatALinkPointsTo) {
  write("real", "before");
  std::filesystem::create_symlink("real", folder_ / "link");
  auto file = OutputFile::open(path("link"));
  ASSERT_TRUE(file) << file.error();
  EXPECT_EQ(file->write("after"), std::nullopt);
  EXPECT_EQ(file->finish(), std::nullopt);
  EXPECT_EQ(text("real"), "after");
  EXPECT_TRUE(std::filesystem::is_symlink(folder_ / "link"));
}

TEST_F(OutputFiles, SayWhyTheyCannotBeWritten) {
  EXPECT_EQ(OutputFile::open(path("no/out")).error(),
            path("no/out") + ": cannot be written: No such file or directory");
  EXPECT_EQ(OutputFile::open(folder_.string()).error(), folder_.string() + ": is a folder");
}

TEST_F(OutputFiles, OfADeviceAreWrittenDirectly) {
  auto full = OutputFile::open("/dev/full");
  ASSERT_TRUE(full) << full.error();
  EXPECT_EQ(full->write("x"), std::nullopt);
  EXPECT_EQ(full->finish(), "/dev/full: cannot be written: No space left on device");
}

class LineReaders : public ScratchFolder {
 protected:
  LineReader open(const std::string& text) {
    write("in", text);
    auto reader = LineReader::open(path("in"));
    EXPECT_TRUE(reader) << reader.error();
    return std::move(*reader);
  }
};

TEST_F(LineReaders, GiveLineByLine) {
  LineReader reader = open("one\n\nthree");
  std::string line;
  EXPECT_EQ(reader.next(line), Next::line);
  EXPECT_EQ(line, "one");
  EXPECT_EQ(reader.next(line), Next::line);
  EXPECT_EQ(line, "");
  EXPECT_EQ(reader.next(line), Next::line);
  EXPECT_EQ(line, "three");
  EXPECT_EQ(reader.number(), 3U);
  EXPECT_EQ(reader.next(line), Next::end);
}

TEST_F(LineReaders, GiveLinesLongerThanWhatTheyReadAtOnce) {
  const std::string large(1'000'000, 'x');
  LineReader reader = open(large + "\n" + large + "y\n");
  std::string line;
  EXPECT_EQ(reader.next(line), Next::line);
  EXPECT_EQ(line, large);
  EXPECT_EQ(reader.next(line), Next::line);
  EXPECT_EQ(line, large + "y");
  EXPECT_EQ(reader.next(line), Next::end);
}

TEST_F(LineReaders, StopAtALineThatNoItemCanHave) {
  LineReader reader = open("a\n" + std::string(LineReader::line_bytes_max + 1, 'x') + "\n");
  std::string line;
  EXPECT_EQ(reader.next(line), Next::line);
  EXPECT_EQ(reader.next(line), Next::too_long);
  EXPECT_EQ(reader.number(), 2U);
}

TEST_F(LineReaders, SayWhatCannotBeRead) {
  EXPECT_EQ(LineReader::open(path("no")).error(), path("no") + ": cannot be read: No such file or directory");
  EXPECT_EQ(LineReader::open(folder_.string()).error(),
            folder_.string() + ": cannot be read: it is a folder");
}

}  // namespace
}  // namespace bao::cli
