#include <pthread.h>
#include <signal.h>

#include <chrono>
#include <functional>
#include <thread>

#include "cli/commands.hpp"
#include "unit/cli/scratch_folder.hpp"

namespace bao::cli {
namespace {

constexpr const char* one_model =
    "models: {One: {modelPrefix: o, fields: {id: {type: StringField}}, primaryKey: {partitionKey: id}}}\n";
constexpr const char* other_model =
    "models: {Other: {modelPrefix: o, fields: {id: {type: StringField}}, primaryKey: {partitionKey: id}}}\n";

class Watch : public ScratchFolder {
 protected:
  void TearDown() override {
    if (watching_.joinable()) end();
  }

  void watch(const std::string& definitions) {
    watching_ = std::thread([this, definitions] {
      code_ = run(WatchCommand{.codegen = {.definitions = folder_ / definitions, .output = folder_ / "out"},
                               .poll_ms = 10});
    });
  }
  int end() {
    ::pthread_kill(watching_.native_handle(), SIGTERM);
    watching_.join();
    return code_;
  }
  /// Waits for a generated file: a minute at most.
  bool comes(const std::string& file) const {
    return within([&] { return std::filesystem::exists(folder_ / "out" / file); });
  }
  static bool within(const std::function<bool()>& done) {
    for (int look = 0; look < 6'000; ++look) {
      if (done()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
  /// As editors do: a new file in the place of the old one.
  void replace(const std::string& file, const std::string& text) const {
    write("new", text);
    std::filesystem::rename(folder_ / "new", folder_ / file);
  }

  std::thread watching_;
  int code_ = -1;
};

TEST_F(Watch, GeneratesNowAndAfterAChangeAndOutlivesMistakes) {
  write("models.yaml", one_model);
  watch("models.yaml");
  ASSERT_TRUE(comes("one.hpp"));
  replace("models.yaml", "models: {One: 5}\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::filesystem::remove(folder_ / "models.yaml");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "out/one.hpp")) << "what was there stays";
  replace("models.yaml", other_model);
  EXPECT_TRUE(comes("other.hpp"));
  EXPECT_TRUE(within([&] { return !std::filesystem::exists(folder_ / "out/one.hpp"); }));
  EXPECT_EQ(end(), 0);
}

TEST_F(Watch, SeesNewFilesOfAFolder) {
  std::filesystem::create_directory(folder_ / "defs");
  write("defs/one.yaml", one_model);
  watch("defs");
  ASSERT_TRUE(comes("one.hpp"));
  write(
      "defs/two.yml",
      "models: {Two: {modelPrefix: t, fields: {id: {type: StringField}}, primaryKey: {partitionKey: id}}}\n");
  EXPECT_TRUE(comes("two.hpp"));
  // An editor's lock is none.
  std::filesystem::create_symlink("nobody@nowhere.1", folder_ / "defs/.#one.yaml");
  write("defs/one.yaml", other_model);
  EXPECT_TRUE(comes("other.hpp"));
  EXPECT_EQ(end(), 0);
}

TEST_F(Watch, RefusesAFolderThatIsNotThere) {
  EXPECT_EQ(
      run(WatchCommand{.codegen = {.definitions = folder_ / "none/models.yaml", .output = folder_ / "out"}}),
      1);
}

}  // namespace
}  // namespace bao::cli
