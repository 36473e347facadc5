#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "native/yaml/load.hpp"
#include "support/source_dir.hpp"

namespace bao::native {
namespace {

namespace fs = std::filesystem;

const fs::path corpus = fs::path(testing_support::source_dir()) / "tests" / "broken_yaml";

std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  EXPECT_TRUE(stream) << path;
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Each tests/broken_yaml/NAME.yaml, and each folder NAME, has a NAME.expected with its messages, one a line.
std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(corpus)) {
    if (entry.path().extension() != ".expected") names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

class BrokenYaml : public testing::TestWithParam<std::string> {};

TEST_P(BrokenYaml, HasExactlyTheExpectedMessages) {
  const fs::path path = corpus / GetParam();
  const auto schema = load_definitions(path);
  ASSERT_FALSE(schema);
  std::string messages;
  for (Diagnostic diagnostic : schema.error()) {
    // The corpus lies somewhere else on each machine.
    const std::string here = corpus.string() + "/";
    for (std::string* text : {&diagnostic.location.file, &diagnostic.message}) {
      const std::size_t at = text->find(here);
      if (at != std::string::npos) text->erase(at, here.size());
    }
    messages += diagnostic.to_string() + "\n";
  }
  EXPECT_EQ(messages, read(corpus / (path.stem().string() + ".expected")));
}

INSTANTIATE_TEST_SUITE_P(Corpus, BrokenYaml, testing::ValuesIn(case_names()), [](const auto& info) {
  std::string name = fs::path(info.param).stem().string();
  std::ranges::replace_if(name, [](char c) { return c == '-'; }, '_');
  return name;
});

TEST(BrokenYamlCorpus, IsLargeAndComplete) {
  EXPECT_GE(case_names().size(), 40U);
  for (const fs::directory_entry& entry : fs::directory_iterator(corpus)) {
    if (entry.path().extension() != ".expected") continue;
    fs::path yaml = entry.path();
    EXPECT_TRUE(fs::exists(yaml.replace_extension(".yaml")) || fs::exists(yaml.replace_extension("")))
        << entry.path() << " belongs to nothing";
  }
}

}  // namespace
}  // namespace bao::native
