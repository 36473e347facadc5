#include "core/engine/search.hpp"

#include <algorithm>
#include <utility>

#include "core/engine/search_cursor.hpp"
#include "scripted/table_double.hpp"

namespace bao::scripted {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SearchTest : public testing::Test {
 protected:
  Result<core::Written> write(const std::string& id, const std::string& title, const std::string& content) {
    return table.create("Article",
                        {table.set("Article", "articleId", id), table.set("Article", "title", title),
                         table.set("Article", "content", content)});
  }
  Result<core::SearchResult> search(const std::vector<std::string>& terms, core::SearchOptions options = {}) {
    return table.run<core::SearchResult>(
        [&](core::Call& call) { return core::search(call, table.model("Article"), terms, options); });
  }
  /// Walks the search to its end and gives each id as often as it came.
  std::vector<std::string> walk(core::SearchOptions options) {
    std::vector<std::string> ids;
    for (int calls = 0; calls < 200; ++calls) {
      const auto found = search({"word"}, options);
      EXPECT_TRUE(found) << found.error().message();
      if (!found) return ids;
      EXPECT_TRUE(!options.limit || std::cmp_less_equal(found->items.size(), *options.limit));
      for (const auto& [id, one] : found->items) ids.push_back(id);
      if (found->cursor.empty()) {
        std::ranges::sort(ids);
        return ids;
      }
      options.cursor = found->cursor;
    }
    ADD_FAILURE() << "the search does not end";
    return ids;
  }
  std::string text_stored(std::string_view id) { return text_of(table.stored("Article", id), "_searchText"); }

  TableDouble table;
};

TEST_F(SearchTest, AnUpdateFromAStaleInstanceKeepsTheTextInStepWithBothFields) {
  const auto old = write("1", "Old title", "old content");
  ASSERT_TRUE(old);
  ASSERT_TRUE(table.update("Article", "1", {table.set("Article", "title", "New title")}));
  const auto saved =
      table.update("Article", "1", {table.set("Article", "content", "new content")}, old->item);
  ASSERT_TRUE(saved) << saved.error().message();
  EXPECT_EQ(text_stored("1"), "new title new content");
  EXPECT_THAT(table.disagreements(), IsEmpty());
}

TEST_F(SearchTest, AnotherWriterBetweenReadAndWriteIsSeen) {
  ASSERT_TRUE(write("1", "Title", "content"));
  const std::size_t first = table.requests();
  bool met = false;
  table.before_request = [&](std::size_t request) {
    if (met || request != first + 2) return;  // the write, after the item was read
    met = true;
    const TableDouble::Quiet quiet(table);
    ASSERT_TRUE(table.update("Article", "1", {table.set("Article", "title", "Theirs")}));
  };
  ASSERT_TRUE(table.update("Article", "1", {table.set("Article", "content", "ours")}));
  EXPECT_TRUE(met);
  EXPECT_EQ(text_stored("1"), "theirs ours");
  EXPECT_THAT(table.disagreements(), IsEmpty());
}

// Whatever the pages, the limit, the parallelism and the queries a call may spend: each item comes once.
TEST_F(SearchTest, EveryWayOfCuttingASearchGivesEachItemOnce) {
  std::vector<std::string> wanted;
  for (int number = 10; number < 40; ++number) {
    const std::string id = std::to_string(number);
    ASSERT_TRUE(write(id, number % 3 == 0 ? "a word" : "nothing", ""));
    if (number % 3 == 0) wanted.push_back(id);
  }
  for (const std::optional<std::int64_t> limit :
       {std::optional<std::int64_t>(1), std::optional<std::int64_t>(4), std::optional<std::int64_t>()}) {
    for (const std::int64_t batch_size : {1, 2, 7, 100}) {
      for (const std::int64_t queries : {1, 3, 50}) {
        for (const std::int64_t parallel : {1, 2, 3, 9}) {
          core::SearchOptions options;
          options.limit = limit;
          options.batch_size = batch_size;
          options.queries_per_bucket_max = queries;
          options.parallel = parallel;
          EXPECT_EQ(walk(options), wanted) << "limit " << limit.value_or(0) << ", batch " << batch_size
                                           << ", queries " << queries << ", parallel " << parallel;
        }
      }
    }
  }
}

TEST_F(SearchTest, OptionsOutOfRangeAreRefusedBeforeTheFirstRequest) {
  const std::size_t before = table.requests();
  for (const auto& [parallel, says] : {std::pair(0, "parallel must be at least 1, not 0"),
                                       std::pair(101, "parallel must be at most 100, not 101")}) {
    core::SearchOptions options;
    options.parallel = parallel;
    const auto found = search({"word"}, options);
    ASSERT_FALSE(found) << parallel;
    EXPECT_EQ(found.error().code(), ErrorCode::query);
    EXPECT_THAT(found.error().message(), HasSubstr(says));
  }
  EXPECT_EQ(table.requests(), before);
  core::SearchOptions options;
  options.parallel = 100;
  EXPECT_TRUE(search({"word"}, options));
}

TEST_F(SearchTest, OneFailingBucketFailsTheSearch) {
  for (const char* id : {"1", "2", "3", "4", "5"}) ASSERT_TRUE(write(id, "a word", ""));
  core::SearchOptions options;
  options.parallel = 3;
  table.plan_trouble(2, Trouble::throttled, true);
  const auto found = search({"word"}, options);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code(), ErrorCode::throttling);
}

TEST_F(SearchTest, ACursorThatSomebodyChangedIsRefused) {
  for (const char* id : {"1", "2", "3"}) ASSERT_TRUE(write(id, "a word", ""));
  core::SearchOptions options;
  options.limit = 1;
  const auto found = search({"word"}, options);
  ASSERT_TRUE(found);
  ASSERT_FALSE(found->cursor.empty());
  const std::string cursor = found->cursor;
  const std::size_t before = table.requests();
  for (const std::string& bad : {std::string("x"), std::string("!"), cursor.substr(0, 20), cursor + "AAAA",
                                 std::string("AAAA") + cursor.substr(4)}) {
    options.cursor = bad;
    const auto refused = search({"word"}, options);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().code(), ErrorCode::query);
  }
  EXPECT_EQ(table.requests(), before);
}

TEST(SearchCursor, GivesBackWhatWentIn) {
  const core::SearchIdentity identity{.scope = core::fingerprint("a"), .query = core::fingerprint("b")};
  const core::SearchPosition position{
      .begun = {{.bucket = 3, .last_id = "id;with,every:thing\n"}, {.bucket = 999, .last_id = ""}},
      .next = 1000};
  const std::string cursor = core::encode_cursor(identity, position);
  EXPECT_EQ(cursor.find_first_of("+/"), std::string::npos);
  const auto decoded = core::decode_cursor(cursor);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->identity.scope, identity.scope);
  EXPECT_EQ(decoded->identity.query, identity.query);
  EXPECT_EQ(decoded->position.next, 1000U);
  ASSERT_EQ(decoded->position.begun.size(), 2U);
  EXPECT_EQ(decoded->position.begun[0].last_id, "id;with,every:thing\n");
  EXPECT_EQ(decoded->position.begun[1].bucket, 999U);
}

}  // namespace
}  // namespace bao::scripted
