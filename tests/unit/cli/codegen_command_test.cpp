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

}  // namespace
}  // namespace bao::cli
