#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "codegen/cpp_emitter.hpp"
#include "codegen/js_custom_fields.hpp"
#include "codegen/js_emitter.hpp"
#include "native/yaml/load.hpp"
#include "support/source_dir.hpp"

namespace bao::codegen {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

const fs::path all_goldens = fs::path(testing_support::source_dir()) / "tests/goldens";
const fs::path goldens = all_goldens / "cpp";

using Files = std::map<std::string, std::string>;

Files by_path(const std::vector<SourceFile>& files) {
  Files texts;
  for (const SourceFile& file : files) texts[file.path] = file.text;
  return texts;
}

// The files of a folder, `before` put in front of their names.
void add_files(const fs::path& folder, const std::string& before, Files& texts) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    texts[before + entry.path().filename().string()] = text_of(entry.path());
  }
}

// The names of the files with custom field types, of the definitions that have some.
std::vector<std::string> field_files(const fs::path& definitions) {
  std::vector<std::string> names;
  const fs::path folder = definitions / "fields";
  if (!fs::is_directory(folder)) return names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

native::SchemaResult load(const fs::path& definitions) {
  return native::load_definitions(definitions / "models.yaml", custom_type_files(field_files(definitions)));
}

class GoldenTest : public testing::TestWithParam<std::string> {};

TEST_P(GoldenTest, RegeneratingGivesTheSameFiles) {
  const fs::path folder = goldens / GetParam();
  const native::SchemaResult schema = load(folder);
  ASSERT_TRUE(schema) << schema.error().front().to_string();
  CppOptions options;
  if (fs::exists(folder / "fields.hpp")) options.custom_types = "../fields.hpp";
  const Files generated = by_path(generate_cpp(**schema, options));
  Files golden;
  add_files(folder / "models", "", golden);
  EXPECT_EQ(generated, golden) << "tests/goldens/update.sh writes them anew";
}

INSTANTIATE_TEST_SUITE_P(Cpp, GoldenTest,
                         testing::Values("guide", "blog", "field_types", "names", "custom_fields",
                                         "custom_types"),
                         [](const auto& golden) { return golden.param; });

// "commonjs/guide"
class JsGoldenTest : public testing::TestWithParam<std::string> {};

TEST_P(JsGoldenTest, RegeneratingGivesTheSameFiles) {
  const fs::path folder = all_goldens / GetParam();
  const fs::path definitions = goldens / folder.filename();
  const native::SchemaResult schema = load(definitions);
  ASSERT_TRUE(schema) << schema.error().front().to_string();
  JsOptions options{.fields_folder = "../../../cpp/" + folder.filename().string() + "/fields",
                    .field_files = field_files(definitions)};
  const fs::path form = folder.parent_path().filename();
  if (form == "esm") options.modules = JsOptions::Modules::esm;
  if (form == "ts") options.language = JsOptions::Language::typescript;
  const auto files = generate_js(**schema, options);
  ASSERT_TRUE(files);
  Files golden;
  add_files(folder / "models", "", golden);
  add_files(folder / ".bao", "../.bao/", golden);
  EXPECT_EQ(by_path(*files), golden) << "tests/goldens/update.sh writes them anew";
}

const auto js_goldens = testing::Values("commonjs/guide", "commonjs/blog", "commonjs/field_types",
                                        "commonjs/names", "esm/blog", "ts/blog", "ts/field_types",
                                        "commonjs/custom_fields", "esm/custom_fields", "ts/custom_fields");
INSTANTIATE_TEST_SUITE_P(Js, JsGoldenTest, js_goldens, [](const auto& golden) {
  std::string name = golden.param;
  name[name.find('/')] = '_';
  return name;
});

TEST(Golden, EveryFolderIsTested) {
  std::size_t folders = 0;
  for (const char* form : {"cpp", "commonjs", "esm", "ts"}) {
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(all_goldens / form)) ++folders;
  }
  EXPECT_EQ(folders, 16U);
}

// The demo's models are the guide's own.
TEST(Golden, TheGuideIsTheDemosGuide) {
  EXPECT_EQ(text_of(goldens / "guide/models.yaml"),
            text_of(fs::path(testing_support::source_dir()) / "examples/demo/guide.yaml"));
}

}  // namespace
}  // namespace bao::codegen
