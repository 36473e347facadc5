#include "cli/line_files.hpp"

#include <unistd.h>

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
