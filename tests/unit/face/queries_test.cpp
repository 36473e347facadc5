#include "unit/face/models.hpp"

namespace bao::face {
namespace {

class QueriesTest : public FaceTest {
 protected:
  /// Ten posts of one author, ranks 0 to 9.
  std::string author = run([&]() -> Task<std::string> {
    const User ada = co_await User::create({.name = "Ada"});
    for (int rank = 0; rank < 10; ++rank) {
      co_await Post::create({.author = ada, .title = rank % 2 == 0 ? "even" : "odd", .rank = rank});
    }
    co_return ada.primary_id();
  });

  static std::vector<std::int64_t> ranks(const std::vector<Post>& posts) {
    std::vector<std::int64_t> found;
    for (const Post& post : posts) found.push_back(*post->rank);
    return found;
  }
  using Ranks = std::vector<std::int64_t>;
};

TEST_F(QueriesTest, SortKeyConditions) {
  run([&]() -> Task<void> {
    EXPECT_EQ(ranks((co_await Post::query_by_index("byAuthor", author, Post::rank >= 8)).items),
              (Ranks{8, 9}));
    EXPECT_EQ(ranks((co_await Post::query_by_index("byAuthor", author, Post::rank < 2)).items),
              (Ranks{0, 1}));
    EXPECT_EQ(ranks((co_await Post::query_by_index("byAuthor", author, Post::rank == 4)).items), Ranks{4});
    EXPECT_EQ(ranks((co_await Post::query_by_index("byAuthor", author, Post::rank.between(3, 5))).items),
              (Ranks{3, 4, 5}));
  });
}

TEST_F(QueriesTest, FiltersAndDirection) {
  run([&]() -> Task<void> {
    const auto page = co_await Post::query_by_index(
        "byAuthor", author, {},
        {.descending = true, .filter = Post::title == "odd" && (Post::rank > 4 || Post::rank.in({1}))});
    EXPECT_EQ(ranks(page.items), (Ranks{9, 7, 5, 1}));
    EXPECT_EQ(page.count, 4);
    EXPECT_FALSE(static_cast<bool>(page.last_key));
  });
}

TEST_F(QueriesTest, PagesGoOnWhereTheLastEnded) {
  run([&]() -> Task<void> {
    QueryPages<Post> pages("byAuthor", author, {}, {.limit = 4});
    Ranks seen;
    int count = 0;
    for (; count < 10; ++count) {
      const auto page = co_await pages.next();
      if (!page) break;
      for (const std::int64_t rank : ranks(page->items)) seen.push_back(rank);
    }
    EXPECT_EQ(seen, (Ranks{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
    EXPECT_EQ(count, 3);
  });
}

TEST_F(QueriesTest, CountsWithoutItems) {
  run([&]() -> Task<void> {
    const auto page = co_await Post::query_by_index("byAuthor", author, Post::rank > 3, {.count_only = true});
    EXPECT_EQ(page.count, 6);
    EXPECT_TRUE(page.items.empty());
  });
}

TEST_F(QueriesTest, MistakesAreNamed) {
  run([&]() -> Task<void> {
    const auto unknown = co_await Post::query_by_index("byNothing", author).as_result();
    EXPECT_FALSE(unknown);
    if (!unknown) EXPECT_EQ(unknown.error().code(), ErrorCode::query);
    const auto wrong = co_await Post::query_by_index("byAuthor", author, Post::title == "x").as_result();
    EXPECT_FALSE(wrong);
    if (!wrong) EXPECT_EQ(wrong.error().code(), ErrorCode::query);
    const auto consistent =
        co_await Post::query_by_index("byAuthor", author, {}, {.consistent = true}).as_result();
    EXPECT_FALSE(consistent);
    if (!consistent) EXPECT_EQ(consistent.error().code(), ErrorCode::query);
  });
}

TEST_F(QueriesTest, ScansGiveThisModelsItems) {
  run([&]() -> Task<void> {
    const auto page = co_await Post::scan({.filter = Post::title == "odd"});
    EXPECT_THAT(ranks(page.items), testing::UnorderedElementsAre(1, 3, 5, 7, 9));
    EXPECT_EQ(page.count, 5);
    EXPECT_FALSE(static_cast<bool>(page.last_key));
    EXPECT_GT(page.capacity.read, 0);
    EXPECT_EQ((co_await User::scan()).items.size(), 1U);
  });
}

TEST_F(QueriesTest, ScansGoOnWhereTheLastEnded) {
  run([&]() -> Task<void> {
    Ranks seen;
    ScanOptions<Post> options{.limit = 4};
    int pages = 0;
    for (; pages < 10; ++pages) {
      auto page = co_await Post::scan(options);
      for (const std::int64_t rank : ranks(page.items)) seen.push_back(rank);
      if (!page.last_key) break;
      options.start_key = std::move(page.last_key);
    }
    EXPECT_THAT(seen, testing::UnorderedElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    EXPECT_GT(pages, 1);
  });
}

TEST_F(QueriesTest, SegmentsShareAScan) {
  run([&]() -> Task<void> {
    Ranks seen;
    for (std::int64_t segment = 0; segment < 3; ++segment) {
      const auto page = co_await Post::scan({.index = "byAuthor", .segment = segment, .total_segments = 3});
      for (const std::int64_t rank : ranks(page.items)) seen.push_back(rank);
    }
    EXPECT_THAT(seen, testing::UnorderedElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  });
}

TEST_F(QueriesTest, CountsItemsOfTheModelAndOfAnIndex) {
  run([&]() -> Task<void> {
    EXPECT_EQ(co_await Post::count(), 10);
    EXPECT_EQ(co_await Post::count({.filter = Post::rank >= 7, .consistent = true}), 3);
    EXPECT_EQ(co_await Post::count({.index = "byAuthor"}), 10);
    EXPECT_EQ(co_await User::count(), 1);
  });
}

TEST_F(QueriesTest, MistakesOfScansAreNamed) {
  run([&]() -> Task<void> {
    sent_now();
    const auto refused = [](auto result) { return result ? ErrorCode{} : result.error().code(); };
    EXPECT_EQ(refused(co_await Post::scan({.index = "byNothing"}).as_result()), ErrorCode::query);
    EXPECT_EQ(refused(co_await Post::scan({.index = "byAuthor", .consistent = true}).as_result()),
              ErrorCode::query);
    EXPECT_EQ(refused(co_await Post::scan({.segment = 1}).as_result()), ErrorCode::query);
    EXPECT_EQ(refused(co_await Post::scan({.segment = 2, .total_segments = 2}).as_result()),
              ErrorCode::query);
    EXPECT_EQ(refused(co_await Post::scan({.limit = 0}).as_result()), ErrorCode::query);
    EXPECT_EQ(refused(co_await Post::count({.index = "byNothing"}).as_result()), ErrorCode::query);
    EXPECT_THAT(sent_now(), testing::IsEmpty());
  });
}

TEST_F(QueriesTest, ManyIds) {
  run([&]() -> Task<void> {
    std::vector<std::string> ids{author, "nobody", author};
    const auto found = co_await User::batch_find(ids);
    EXPECT_EQ(found.items.size(), 2U);
    EXPECT_TRUE(found[author].exists());
    EXPECT_FALSE(found["nobody"].exists());
  });
}

}  // namespace
}  // namespace bao::face
