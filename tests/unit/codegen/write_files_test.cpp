#include "cli/write_files.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace bao::cli {
namespace {

namespace fs = std::filesystem;

class WriteFilesTest : public testing::Test {
 protected:
  WriteFilesTest()
      : folder_(fs::temp_directory_path() / ("bao_write_files_" + std::to_string(::getpid())) / "models") {}
  ~WriteFilesTest() override { fs::remove_all(folder_.parent_path()); }

  auto write(const std::vector<codegen::SourceFile>& files) {
    return write_files(folder_, files, "// banner\n");
  }
  [[nodiscard]] std::string text(const std::string& file) const {
    std::ifstream in(folder_ / file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  [[nodiscard]] std::size_t count() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

TEST_F(WriteFilesTest, MakesTheFolderAndLeavesEqualFilesAlone) {
  auto first = write({{.path = "a.hpp", .text = "// banner\n1"}, {.path = "b.hpp", .text = "// banner\n2"}});
  ASSERT_TRUE(first) << first.error();
  EXPECT_EQ(first->written, 2U);
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(1);
  fs::last_write_time(folder_ / "a.hpp", old);
  auto second = write({{.path = "a.hpp", .text = "// banner\n1"}, {.path = "b.hpp", .text = "// banner\n3"}});
  ASSERT_TRUE(second) << second.error();
  EXPECT_EQ(second->written, 1U);
  EXPECT_EQ(second->unchanged, 1U);
  EXPECT_EQ(fs::last_write_time(folder_ / "a.hpp"), old);
  EXPECT_EQ(text("b.hpp"), "// banner\n3");
  EXPECT_EQ(count(), 2U);
}

TEST_F(WriteFilesTest, RemovesWhatItWroteEarlierAndNothingElse) {
  ASSERT_TRUE(
      write({{.path = "a.hpp", .text = "// banner\n1"}, {.path = "gone.hpp", .text = "// banner\n2"}}));
  std::ofstream(folder_ / "mine.hpp") << "// by hand\n";
  std::ofstream(folder_ / "short.hpp") << "//";
  auto again = write({{.path = "a.hpp", .text = "// banner\n1"}});
  ASSERT_TRUE(again) << again.error();
  EXPECT_EQ(again->removed, 1U);
  EXPECT_FALSE(fs::exists(folder_ / "gone.hpp"));
  EXPECT_EQ(text("mine.hpp"), "// by hand\n");
  EXPECT_EQ(count(), 3U);
}

TEST_F(WriteFilesTest, AFailedRunLeavesTheOldFiles) {
  ASSERT_TRUE(write({{.path = "a.hpp", .text = "// banner\n1"}}));
  auto failed = write({{.path = "a.hpp", .text = "// banner\n2"}, {.path = "a.hpp/b.hpp", .text = "3"}});
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().find("a.hpp/b.hpp"), std::string::npos) << failed.error();
  EXPECT_EQ(text("a.hpp"), "// banner\n1");
  EXPECT_EQ(count(), 1U);
}

TEST_F(WriteFilesTest, MakesTheFoldersOfItsFiles) {
  ASSERT_TRUE(write({{.path = "../beside/a.hpp", .text = "// banner\n1"}}));
  EXPECT_TRUE(fs::exists(folder_.parent_path() / "beside/a.hpp"));
  fs::remove_all(folder_.parent_path() / "beside");
}

TEST_F(WriteFilesTest, NamesAFolderThatCannotBeMade) {
  fs::create_directories(folder_.parent_path());
  std::ofstream(folder_) << "a file";
  auto failed = write({{.path = "a.hpp", .text = "1"}});
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().find(folder_.string()), std::string::npos) << failed.error();
}

}  // namespace
}  // namespace bao::cli
