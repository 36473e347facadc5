#include "cli/file_lock.hpp"

#include "unit/cli/scratch_folder.hpp"

namespace bao::cli {
namespace {

class FileLockTest : public ScratchFolder {};

TEST_F(FileLockTest, OneAtATimeHasIt) {
  {
    const auto first = FileLock::take(path("notes.fsck"));
    ASSERT_TRUE(first) << first.error();
    const auto second = FileLock::take(path("notes.fsck"));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error(), path("notes.fsck") + ": another run is working with it");
    EXPECT_TRUE(FileLock::take(path("other.fsck")));
  }
  EXPECT_EQ(files(), 0);
  EXPECT_TRUE(FileLock::take(path("notes.fsck")));
}

TEST_F(FileLockTest, AFolderThatIsNotThereIsNamed) {
  const auto lock = FileLock::take(path("missing/a"));
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error(), path("missing/a.lock") + ": cannot be written: No such file or directory");
}

}  // namespace
}  // namespace bao::cli
