#include "cli/commands.hpp"

#include <gtest/gtest.h>

#include "unit/cli/scratch_folder.hpp"

namespace bao::cli {
namespace {

class CodegenWithFields : public ScratchFolder {
 protected:
  void SetUp() override {
    write("models.yaml",
          "models:\n  User:\n    modelPrefix: u\n    fields:\n      id: {type: StringField}\n"
          "      email: {type: EmailField, hint: x}\n    primaryKey: {partitionKey: id}\n");
    std::filesystem::create_directory(folder_ / "custom");
    command_ = {.definitions = folder_ / "models.yaml",
                .output = folder_ / "generated/models",
                .language = CodegenCommand::Language::javascript,
                .esm = true,
                .fields = folder_ / "custom"};
  }

  CodegenCommand command_;
};

TEST_F(CodegenWithFields, ImportsTheTypesFromWhereTheyLie) {
  write("custom/email-field.mjs", "");
  testing::internal::CaptureStdout();
  EXPECT_EQ(run(command_), 0);
  testing::internal::GetCapturedStdout();
  EXPECT_NE(
      text("generated/models/user.js").find("import { EmailField } from \"../../custom/email-field.mjs\";"),
      std::string::npos)
      << text("generated/models/user.js");
  EXPECT_NE(text("generated/models/user.js").find("email: CustomField(EmailField, { hint: \"x\" })"),
            std::string::npos);
  EXPECT_NE(text("generated/models/user.d.ts").find("email: Field<string, string, \"optional\", undefined>"),
            std::string::npos);

  // Types beside the file.
  write("custom/email-field.d.mts", "");
  testing::internal::CaptureStdout();
  EXPECT_EQ(run(command_), 0);
  testing::internal::GetCapturedStdout();
  EXPECT_NE(text("generated/models/user.d.ts").find("email: CustomField<typeof EmailField, \"optional\">"),
            std::string::npos);
}

TEST_F(CodegenWithFields, PrefersTheFileThatTheDocumentationNames) {
  write("custom/EmailField.js", "");
  write("custom/EmailField.d.ts", "");
  write("custom/email-field.js", "");
  testing::internal::CaptureStdout();
  EXPECT_EQ(run(command_), 0);
  testing::internal::GetCapturedStdout();
  EXPECT_NE(
      text("generated/models/user.js").find("import { EmailField } from \"../../custom/email-field.js\";"),
      std::string::npos)
      << text("generated/models/user.js");
  EXPECT_NE(text("generated/models/user.d.ts").find("email: Field<string, string, \"optional\", undefined>"),
            std::string::npos)
      << "the types beside the other file are not its own";
}

TEST_F(CodegenWithFields, RefusesWhatHasNoFileAndWritesNothing) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(run(command_), 1);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("unknown field type 'EmailField'"),
            std::string::npos);
  command_.fields = folder_ / "nowhere";
  testing::internal::CaptureStderr();
  EXPECT_EQ(run(command_), 1);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("(paths.fieldsDir)"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "generated"));
}

class CodegenLanguages : public ScratchFolder {
 protected:
  CodegenLanguages() {
    write("models.yaml",
          "models:\n  User:\n    modelPrefix: u\n    fields: {id: {type: StringField}}\n"
          "    primaryKey: {partitionKey: id}\n");
  }
  void generate(const std::string& output, CodegenCommand::Language language) {
    testing::internal::CaptureStdout();
    EXPECT_EQ(
        run(CodegenCommand{
            .definitions = path("models.yaml"), .output = path(output), .language = language, .esm = true}),
        0);
    out_ = testing::internal::GetCapturedStdout();
  }
  [[nodiscard]] bool exists(const std::string& file) const { return std::filesystem::exists(folder_ / file); }

  std::string out_;
};

// It imported files that the change removes.
TEST_F(CodegenLanguages, LeaveNoManifestOfAnotherLanguage) {
  using Language = CodegenCommand::Language;
  generate("models", Language::javascript);
  generate("models", Language::typescript);
  EXPECT_NE(out_.find("3 written, 0 unchanged, 6 removed"), std::string::npos) << out_;
  EXPECT_FALSE(exists(".bao/models.js"));
  EXPECT_FALSE(exists(".bao/models.d.ts"));
  EXPECT_TRUE(exists(".bao/models.ts"));
  generate("models/", Language::javascript);
  EXPECT_NE(out_.find("6 written, 0 unchanged, 3 removed"), std::string::npos) << out_;
  EXPECT_FALSE(exists(".bao/models.ts"));
  EXPECT_TRUE(exists(".bao/models.js"));
  // One that imports from another folder is that one's, and one of the user's is the user's.
  generate("more", Language::typescript);
  EXPECT_TRUE(exists(".bao/models.js"));
  EXPECT_TRUE(exists(".bao/models.ts"));
  write(".bao/models.js", "export default {};\n");
  generate("more", Language::typescript);
  EXPECT_TRUE(exists(".bao/models.js"));
}

}  // namespace
}  // namespace bao::cli
