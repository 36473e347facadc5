#include "cli/config.hpp"

#include <stdlib.h>

#include "unit/cli/scratch_folder.hpp"

namespace bao::cli {
namespace {

class Config : public ScratchFolder {
 protected:
  void SetUp() override { ::unsetenv("DYNAMO_BAO_CONFIG"); }
  void TearDown() override { ::unsetenv("DYNAMO_BAO_CONFIG"); }

  std::string mistake(const std::string& yaml) {
    write("bao.yaml", yaml);
    const auto config = load_config(folder_);
    EXPECT_FALSE(config) << yaml;
    // Without the folder's name.
    return config ? "" : config.error().substr(folder_.string().size() + 1);
  }
};

TEST_F(Config, IsEmptyWhereThereIsNoFile) {
  const auto config = load_config(folder_);
  ASSERT_TRUE(config) << config.error();
  EXPECT_EQ(config->region, "");
  EXPECT_EQ(config->definitions, "");
}

TEST_F(Config, GivesEverySetting) {
  write("bao.yaml", R"(
aws: {region: eu-west-1, endpoint: "http://127.0.0.1:8000"}
db:
  tableName: notes
paths: {modelDefinitionsPath: defs, modelsDir: out, fieldsDir: own}
codegen: {language: ts, moduleSystem: esm}
)");
  const auto config = load_config(folder_);
  ASSERT_TRUE(config) << config.error();
  EXPECT_EQ(config->region, "eu-west-1");
  EXPECT_EQ(config->endpoint, "http://127.0.0.1:8000");
  EXPECT_EQ(config->table, "notes");
  EXPECT_EQ(config->definitions, "defs");
  EXPECT_EQ(config->output, "out");
  EXPECT_EQ(config->fields, "own");
  EXPECT_EQ(config->language, "ts");
  EXPECT_EQ(config->modules, "esm");
}

TEST_F(Config, MayBeEmptyOrHaveEmptySections) {
  write("bao.yaml", "aws:\n");
  EXPECT_TRUE(load_config(folder_));
  write("bao.yaml", "# nothing\n");
  EXPECT_TRUE(load_config(folder_));
}

TEST_F(Config, NamesTheLineOfAMistake) {
  EXPECT_EQ(mistake("aws:\n  zone: x\n"), "bao.yaml:2: there is no setting 'aws.zone'");
  EXPECT_EQ(mistake("aws: {}\ndatabase: {}\n"), "bao.yaml:2: there is no section 'database'");
  EXPECT_EQ(mistake("db: notes\n"), "bao.yaml:1: db must be a map");
  EXPECT_EQ(mistake("db:\n  tableName: [a]\n"), "bao.yaml:2: db.tableName must be a text");
  EXPECT_EQ(mistake("codegen:\n  language: perl\n"),
            "bao.yaml:2: codegen.language must be cpp or js or ts, not 'perl'");
  EXPECT_EQ(mistake("- a\n"), "bao.yaml:1: must be a map of sections");
  EXPECT_TRUE(mistake("a: [\n").starts_with("bao.yaml:")) << "what YAML refuses";
}

TEST_F(Config, IsNamedWhereItIsAFolder) {
  std::filesystem::create_directory(folder_ / "bao.yaml");
  EXPECT_EQ(load_config(folder_).error(), path("bao.yaml") + ": cannot be read: it is a folder");
}

TEST_F(Config, MayBeNamedByTheEnvironment) {
  write("other.yaml", "db: {tableName: other}");
  ::setenv("DYNAMO_BAO_CONFIG", "other.yaml", 1);
  EXPECT_EQ(load_config(folder_)->table, "other");
  ::setenv("DYNAMO_BAO_CONFIG", "none.yaml", 1);
  EXPECT_EQ(load_config(folder_).error(), path("none.yaml") + ": there is no such file (DYNAMO_BAO_CONFIG)");
}

}  // namespace
}  // namespace bao::cli
