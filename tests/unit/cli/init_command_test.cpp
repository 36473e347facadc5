#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <sstream>

#include "cli/commands.hpp"
#include "cli/config.hpp"
#include "native/yaml/load.hpp"
#include "unit/cli/scratch_folder.hpp"

namespace bao::cli {
namespace {

class Init : public ScratchFolder {
 protected:
  int init(const std::string& answers, bool confirmed = false) {
    std::istringstream input(answers);
    std::streambuf* const before = std::cin.rdbuf(input.rdbuf());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = run(InitCommand{.folder = folder_, .confirmed = confirmed});
    out_ = testing::internal::GetCapturedStdout();
    err_ = testing::internal::GetCapturedStderr();
    std::cin.rdbuf(before);
    std::cin.clear();
    return code;
  }
  std::string out_;
  std::string err_;
};

TEST_F(Init, WritesAProjectWhoseModelsLoad) {
  EXPECT_EQ(init("", true), 0);
  EXPECT_EQ(out_, "wrote bao.yaml\nwrote models.yaml\nNext: bao codegen, and bao create-table\n");
  const auto schema = native::load_definitions(folder_ / "models.yaml");
  ASSERT_TRUE(schema);
  EXPECT_NE((*schema)->model("Post"), nullptr);
  const auto config = load_config(folder_);
  ASSERT_TRUE(config) << config.error();
  EXPECT_EQ(config->table, "dynamo-bao-dev");
  EXPECT_EQ(config->region, "us-west-2");
}

// A file that is cut off would be the user's to the next run.
TEST_F(Init, LeavesNothingOfAFileThatFindsNoRoom) {
  // A limit on the size of files stands for a full disk; it is of the process, so it gets one of its own.
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    (void)std::freopen("/dev/null", "w", stderr);
    const rlimit limit{10, 10};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ::_exit(run(InitCommand{.folder = folder_, .confirmed = true}));
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_EQ(files(), 0);
  EXPECT_EQ(init("", true), 0) << err_;
}

// The comments of its models name methods that the generated classes have.
TEST_F(Init, NamesMethodsThatAreGenerated) {
  ASSERT_EQ(init("", true), 0);
  const std::string models = text("models.yaml");
  const std::size_t at = models.find("# user.");
  ASSERT_NE(at, std::string::npos);
  const std::string method = models.substr(at + 7, models.find('(', at) - at - 7);
  testing::internal::CaptureStdout();
  ASSERT_EQ(run(CodegenCommand{.definitions = path("models.yaml"), .output = path("models")}), 0);
  testing::internal::GetCapturedStdout();
  EXPECT_NE(text("models/user.hpp").find(" " + method + "("), std::string::npos) << method;
}

TEST_F(Init, AsksForTableAndRegion) {
  EXPECT_EQ(init("notes\n\n"), 0);
  EXPECT_EQ(load_config(folder_)->table, "notes");
  EXPECT_EQ(load_config(folder_)->region, "us-west-2");
}

TEST_F(Init, WritesNothingWithoutAnswersOrWithBadOnes) {
  EXPECT_EQ(init("notes\n"), 1);
  EXPECT_EQ(err_, "bao: nothing was written: there was no answer (--yes takes the defaults)\n");
  EXPECT_EQ(init("my \"table\n"), 1);
  EXPECT_EQ(err_, "bao: nothing was written: 'my \"table' is no such name\n");
  EXPECT_EQ(files(), 0);
}

TEST_F(Init, LeavesWhatIsThere) {
  write("models.yaml", "mine");
  EXPECT_EQ(init("", true), 0);
  EXPECT_EQ(out_, "wrote bao.yaml\nmodels.yaml is there already\nNext: bao codegen, and bao create-table\n");
  EXPECT_EQ(text("models.yaml"), "mine");
}

TEST_F(Init, SaysWhatCannotBeWritten) {
  std::filesystem::remove_all(folder_);
  EXPECT_EQ(init("", true), 1);
  EXPECT_EQ(err_, "bao: " + path("bao.yaml") + ": cannot be written: No such file or directory\n");
}

}  // namespace
}  // namespace bao::cli
