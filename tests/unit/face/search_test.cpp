#include "unit/face/models.hpp"

namespace bao::face {
namespace {

using testing::UnorderedElementsAre;

struct PageFields {
  bao::Field<std::string> pageId{};
  bao::Field<std::string> title{};
};
class Page : public bao::Model<Page, PageFields> {
 public:
  using Model::Model;
  static constexpr auto pageId = bao::field<&PageFields::pageId>();
  static constexpr auto title = bao::field<&PageFields::title>();
  static bao::ModelInfo describe() {
    return bao::schema("Page", "pg")
        .fields(pageId, title)
        .primary_key(pageId)
        .iterable(2)
        .searchable({.fields = {"title"}});
  }
};

class SearchFaceTest : public testing::Test {
 protected:
  Client client = init_models({.models = {&Page::model_info(), &User::model_info()},
                               .aws = {.endpoint = "memory:"},
                               .db = {.iteration_index_name = "iter_search_index"},
                               .log = {.level = LogLevel::off}});
  template <class Function>
  auto run(Function function) {
    return sync_wait(client, with_context(client.context(), std::move(function)));
  }
};

TEST_F(SearchFaceTest, FindsItemsPageByPage) {
  run([&]() -> Task<void> {
    for (const char* id : {"a", "b", "c"}) co_await Page::create({.pageId = id, .title = "Some Words"});
    co_await Page::create({.pageId = "d", .title = "nothing"});
    std::vector<std::string> ids;
    std::string cursor;
    do {
      SearchOptions<Page> options{.limit = 2, .cursor = cursor};
      auto searching = Page::search_all(split_search_query("words \"some words\""), std::move(options));
      const SearchResult<Page> found = co_await std::move(searching);
      EXPECT_LE(found.items.size(), 2U);
      EXPECT_GT(found.capacity.read, 0);
      for (const Page& page : found.items) ids.push_back(*page->pageId);
      cursor = found.cursor;
    } while (!cursor.empty());
    EXPECT_THAT(ids, UnorderedElementsAre("a", "b", "c"));
    const auto left = co_await Page::search_bucket(0, {"words"});
    const auto right = co_await Page::search_bucket(1, {"words"});
    EXPECT_EQ(left.items.size() + right.items.size(), 3U);
  });
}

TEST_F(SearchFaceTest, InAContextTheInstancesAreItsOwn) {
  run([&]() -> Task<void> {
    co_await Page::create({.pageId = "a", .title = "word"});
    co_await run_with_batch_context([]() -> Task<void> {
      Page known = co_await Page::find("a");
      const auto found = co_await Page::search_all({"word"});
      EXPECT_TRUE(found.items.at(0).same_instance(known));
    });
  });
}

TEST_F(SearchFaceTest, MistakesAreNamed) {
  EXPECT_EQ(Page::normalize_search_term(" Hello,  W\u00d6RLD! "), "hello w\u00f6rld");
  EXPECT_THROW(static_cast<void>(User::normalize_search_term("x")), ConfigurationError);
  Config config{.models = {&Page::model_info()}, .aws = {.endpoint = "memory:"}};
  config.db.iteration_index_name = "other";
  EXPECT_THROW(static_cast<void>(init_models(std::move(config))), ConfigurationError);
  run([&]() -> Task<void> {
    const auto none = co_await Page::search_all({"?"}).as_result();
    EXPECT_EQ(none.error().code(), ErrorCode::query);
    const auto not_searchable = co_await User::search_all({"x"}).as_result();
    EXPECT_EQ(not_searchable.error().code(), ErrorCode::configuration);
  });
}

}  // namespace
}  // namespace bao::face
