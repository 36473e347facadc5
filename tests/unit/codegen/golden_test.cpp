#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "codegen/cpp_emitter.hpp"
#include "native/yaml/load.hpp"

namespace bao::codegen {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

const fs::path goldens = fs::path(BAO_SOURCE_DIR) / "tests/goldens/cpp";

class GoldenTest : public testing::TestWithParam<std::string> {};

TEST_P(GoldenTest, RegeneratingGivesTheSameFiles) {
  const fs::path folder = goldens / GetParam();
  const native::SchemaResult schema = native::load_definitions(folder / "models.yaml");
  ASSERT_TRUE(schema) << schema.error().front().to_string();
  std::map<std::string, std::string> generated;
  for (const SourceFile& file : generate_cpp(**schema)) generated[file.path] = file.text;
  std::map<std::string, std::string> golden;
  for (const auto& entry : fs::directory_iterator(folder / "models")) {
    golden[entry.path().filename().string()] = text_of(entry.path());
  }
  EXPECT_EQ(generated, golden) << "tests/goldens/update.sh writes them anew";
}

INSTANTIATE_TEST_SUITE_P(Cpp, GoldenTest, testing::Values("guide", "blog", "field_types", "names"),
                         [](const auto& golden) { return golden.param; });

TEST(Golden, EveryFolderIsTested) {
  std::size_t folders = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(goldens)) ++folders;
  EXPECT_EQ(folders, 4U);
}

// The demo's models are the guide's own.
TEST(Golden, TheGuideIsTheDemosGuide) {
  EXPECT_EQ(text_of(goldens / "guide/models.yaml"),
            text_of(fs::path(BAO_SOURCE_DIR) / "examples/demo/guide.yaml"));
}

}  // namespace
}  // namespace bao::codegen
