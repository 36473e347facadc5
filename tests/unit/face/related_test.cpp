#include "unit/face/models.hpp"

// Items that RelatedFields name, and what else a query can give of its items.
namespace bao::face {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RelatedTest : public FaceTest {
 protected:
  void SetUp() override {
    run([&]() -> Task<void> {
      ada = (co_await User::create({.name = "Ada"})).primary_id();
      eve = (co_await User::create({.name = "Eve"})).primary_id();
      co_await Post::create({.author = ada, .title = "one", .rank = 1, .kind = "x"});
      co_await Post::create({.author = eve, .title = "two", .rank = 2, .kind = "x"});
      co_await Post::create({.author = ada, .title = "three", .rank = 3, .kind = "y"});
      sent_now();
    });
  }
  /// The posts of everybody.
  static Task<Page<Post>> posts(ScanOptions<Post> options = {}) {
    auto scan = Post::scan(std::move(options));
    co_return co_await std::move(scan);
  }

  std::string ada;
  std::string eve;
};

TEST_F(RelatedTest, AQueryLoadsThemInOneBatch) {
  run([&]() -> Task<void> {
    co_await run_with_batch_context([&]() -> Task<void> {
      const auto page = co_await Post::query_by_index("byAuthor", ada, {}, {.load_related = true});
      EXPECT_THAT(sent_now(), ElementsAre("Query", "GetItem"));
      EXPECT_EQ(*page.items.at(0).get_related(Post::author)->name, "Ada");
      EXPECT_TRUE(page.items.at(0)
                      .get_related(Post::author)
                      .same_instance(page.items.at(1).get_related(Post::author)));
      EXPECT_EQ(*(co_await get_related<User>(page.items.at(0), &PostFields::author))->name, "Ada");
      EXPECT_THAT(sent_now(), IsEmpty());
    });
    // Outside each is a find of its own.
    co_await Post::query_by_index("byAuthor", ada, {}, {.load_related = true});
    EXPECT_THAT(sent_now(), ElementsAre("Query", "GetItem", "GetItem"));
    // But for a cache of the caller's.
    const LoaderContext loader;
    co_await Post::query_by_index("byAuthor", ada, {},
                                  {.load_related = true, .related_fields = {Post::author}, .loader = loader});
    EXPECT_THAT(sent_now(), ElementsAre("Query", "GetItem"));
    co_await Post::query_by_index("byAuthor", ada, {}, {.load_related = true, .loader = loader});
    EXPECT_THAT(sent_now(), ElementsAre("Query"));
  });
}

TEST_F(RelatedTest, APageLoadsThemInOneBatch) {
  run([&]() -> Task<void> {
    co_await run_with_batch_context([&]() -> Task<void> {
      const Page<Post> page = co_await posts();
      EXPECT_EQ(page.items.size(), 3U);
      EXPECT_FALSE(page.items.at(0).get_related(Post::author).exists());
      co_await page.load_related_data({Post::author});
      EXPECT_THAT(sent_now(), ElementsAre("Scan", "BatchGetItem"));
      for (const Post& post : page.items) EXPECT_TRUE(post.get_related(Post::author).exists());
      co_await page.load_related_data();
      EXPECT_THAT(sent_now(), IsEmpty());
    });
  });
}

TEST_F(RelatedTest, AnInstanceLoadsKeepsAndForgetsThem) {
  run([&]() -> Task<void> {
    Post post = (co_await posts({.filter = Post::title == "two"})).items.at(0);
    sent_now();
    EXPECT_EQ(*(co_await post.get_or_load_related_field(Post::author))->name, "Eve");
    co_await post.load_related_data();
    EXPECT_THAT(sent_now(), ElementsAre("GetItem"));
    EXPECT_DOUBLE_EQ(post.get_numeric_consumed_capacity(CapacityType::read, true), 0.5);
    EXPECT_DOUBLE_EQ(post.get_numeric_consumed_capacity(CapacityType::read), 0.0);
    // A save leaves them where their id stays.
    post->rank = 7;
    co_await post.save();
    EXPECT_EQ(*post.get_related(Post::author)->name, "Eve");
    post.clear_related_cache({Post::author});
    EXPECT_FALSE(post.get_related(Post::author).exists());
    sent_now();
    co_await post.load_related_data();
    EXPECT_THAT(sent_now(), ElementsAre("GetItem"));
    post->author = ada;
    EXPECT_FALSE(post.get_related(Post::author).exists());
    EXPECT_EQ(*(co_await post.get_or_load_related_field(Post::author))->name, "Ada");
    const Post lonely(PostFields{.title = "x"});
    sent_now();
    co_await lonely.load_related_data();
    EXPECT_FALSE((co_await lonely.get_or_load_related_field(Post::author)).exists());
    EXPECT_THAT(sent_now(), IsEmpty());
  });
}

TEST_F(RelatedTest, AQueryGivesOnlyThem) {
  run([&]() -> Task<void> {
    co_await run_with_batch_context([&]() -> Task<void> {
      const Page<User> users =
          co_await Post::query_by_index("byAuthor", ada, {}, {.descending = true}).related_only(Post::author);
      EXPECT_EQ(users.items.size(), 2U);
      EXPECT_EQ(*users.items.at(0)->name, "Ada");
      EXPECT_EQ(users.count, 2);
      EXPECT_THAT(sent_now(), ElementsAre("Query", "GetItem"));
    });
    co_await User::remove(ada);
    const Page<User> gone = co_await Post::query_by_index("byAuthor", ada).related_only(Post::author);
    EXPECT_THAT(gone.items, IsEmpty());
    EXPECT_EQ(gone.count, 2);
  });
}

TEST_F(RelatedTest, AModelThatTheClientDoesNotHaveIsNamed) {
  Config alone = config(nullptr);
  alone.models = {&Post::model_info()};
  Client other = init_models(std::move(alone));
  sync_wait(other, [](std::string id) -> Task<void> {
    const Post post = co_await Post::create({.author = id, .title = "x"});
    const auto loaded = co_await post.load_related_data().as_result();
    EXPECT_EQ(loaded.error().code(), ErrorCode::configuration);
    EXPECT_EQ(loaded.error().details().model, "User");
  }(ada));
}

TEST_F(RelatedTest, AttributesAreReadInPartAndRefuseASave) {
  run([&]() -> Task<void> {
    co_await run_with_batch_context([&]() -> Task<void> {
      auto page = co_await Post::query_by_index("byAuthor", ada, Post::rank == 1,
                                                {.attributes = {Post::title, Post::likes}});
      Post post = page.items.at(0);
      EXPECT_EQ(*post->title, "one");
      EXPECT_FALSE(post->rank.has_value());
      EXPECT_FALSE(post->kind.has_value());
      EXPECT_EQ(post.primary_id(), *post->postId);
      sent_now();
      post->title = "changed";
      const auto refused = co_await post.save().as_result();
      EXPECT_EQ(refused.error().code(), ErrorCode::validation);
      EXPECT_EQ(refused.error().details().model, "Post");
      EXPECT_THAT(refused.error().message(), testing::HasSubstr("attributes"));
      Transaction transaction;
      transaction.save(post);
      EXPECT_EQ((co_await transact(std::move(transaction)).as_result()).error().code(),
                ErrorCode::validation);
      EXPECT_THAT(sent_now(), IsEmpty());
      // It is not in the cache as if it were the whole item.
      const Post found = co_await Post::find(post.primary_id());
      EXPECT_THAT(sent_now(), ElementsAre("GetItem"));
      EXPECT_EQ(*found->rank, 1);
      co_await post.remove_item();
      EXPECT_FALSE((co_await Post::find(post.primary_id(), {.bypass_cache = true})).exists());
    });
    const Page<Post> scanned = co_await posts({.attributes = {Post::rank}});
    EXPECT_EQ(scanned.items.size(), 2U);
    EXPECT_FALSE(scanned.items.at(0)->title.has_value());
    EXPECT_TRUE(scanned.items.at(0)->rank.has_value());
    const DynamicPage page = co_await DynamicModel("Post").query("byAuthor", ada, {.attributes = {"title"}});
    const DynamicItem item = page.items.at(0);
    EXPECT_FALSE(item.fields.contains("rank"));
    const std::vector<DynamicChange> changes{{.field = "title", .change = {.value = Value("a")}}};
    EXPECT_EQ((co_await DynamicModel("Post").save(item, changes).as_result()).error().code(),
              ErrorCode::validation);
    EXPECT_EQ(
        (co_await DynamicModel("Post").update(item.id, changes, {}, item.loaded).as_result()).error().code(),
        ErrorCode::validation);
  });
}

TEST_F(RelatedTest, ItemsAsPlainData) {
  run([&]() -> Task<void> {
    const PlainPage<PostFields> page = co_await Post::query_by_index("byAuthor", ada).unwrapped();
    EXPECT_EQ(page.items.size(), 2U);
    EXPECT_EQ(*page.items.at(0).title, "one");
    EXPECT_EQ(*page.items.at(1).rank, 3);
    EXPECT_EQ((co_await Post::scan({.limit = 100}).unwrapped()).items.size(), 3U);
  });
}

TEST_F(RelatedTest, KeysAreGivenAsValuesFieldsOrInstances) {
  run([&]() -> Task<void> {
    const User user = co_await User::find(ada);
    EXPECT_EQ((co_await Post::query_by_index("byAuthor", user)).count, 2);
    EXPECT_EQ((co_await Post::query_by_index("byAuthor", user->userId)).count, 2);
    EXPECT_EQ((co_await Post::query_by_index("byAuthor", *user->userId)).count, 2);
    EXPECT_EQ((co_await User::find_by_primary_key(user->userId, {.consistent = true}))->name, "Ada");
    EXPECT_EQ(User::make_primary_id(user->userId), ada);
    EXPECT_EQ(User::iteration_buckets(), 1);
    auto pages = Post::query_pages("byAuthor", user, {}, {.limit = 1});
    EXPECT_EQ((co_await pages.next())->items.size(), 1U);
  });
}

// Two instances that are related to each other do not keep each other for ever: the leak checker would tell.
struct NodeFields {
  Field<Ulid> nodeId{};
  Field<Related<class Node>> other{};
};
class Node : public Model<Node, NodeFields> {
 public:
  using Model::Model;
  static constexpr auto nodeId = field<&NodeFields::nodeId>({.auto_assign = true});
  static constexpr auto other = field<&NodeFields::other>({.related_model = "Node"});
  static ModelInfo describe() { return schema("Node", "n").fields(nodeId, other).primary_key(nodeId); }
};

TEST_F(RelatedTest, ACircleOfRelatedItemsEnds) {
  Config nodes = config(nullptr);
  nodes.models = {&Node::model_info()};
  Client circle = init_models(std::move(nodes));
  std::weak_ptr<void> kept;
  sync_wait(circle, [](std::weak_ptr<void>& held) -> Task<void> {
    Node one = co_await Node::create({});
    const Node two = co_await Node::create({.other = one.primary_id()});
    co_await Node::update(one.primary_id(), {.other = two.primary_id()});
    co_await run_with_batch_context([&]() -> Task<void> {
      const Node first = co_await Node::find(one.primary_id());
      const Node second = co_await first.get_or_load_related_field(Node::other);
      const Node third = co_await second.get_or_load_related_field(Node::other);
      EXPECT_TRUE(third.same_instance(first));
      EXPECT_TRUE(second.get_related(Node::other).same_instance(first));
      EXPECT_DOUBLE_EQ(first.get_numeric_consumed_capacity(CapacityType::read, true), 1.0);
      held = first.shared_record();
    });
  }(kept));
  EXPECT_TRUE(kept.expired());
}

}  // namespace
}  // namespace bao::face
