#include "cli/text_file.hpp"

#include <gtest/gtest.h>

#include "unit/cli/scratch_folder.hpp"

namespace bao::cli {
namespace {

class TextFile : public ScratchFolder {};

TEST_F(TextFile, IsReadWhole) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "line " + std::to_string(i) + '\n';
  text += '\0';
  write("a", text);
  EXPECT_EQ(read_text_file(path("a")), text);
  write("empty", "");
  EXPECT_EQ(read_text_file(path("empty")), "");
}

TEST_F(TextFile, IsNamedWhereItCannotBeRead) {
  EXPECT_EQ(read_text_file(path("no")).error(), path("no") + ": cannot be read: No such file or directory");
  EXPECT_EQ(read_text_file(folder_).error(), folder_.string() + ": cannot be read: it is a folder");
}

}  // namespace
}  // namespace bao::cli
