#include "unit/face/models.hpp"

namespace bao::face {
namespace {

using Names = std::vector<std::string>;

class ItemsTest : public FaceTest {};

TEST_F(ItemsTest, CreatesFindsAndKeepsTypes) {
  run([&]() -> Task<void> {
    User made = co_await User::create({.name = "Ada", .age = 36, .tags = {"math", "engines"}});
    EXPECT_TRUE(made.exists());
    EXPECT_EQ(made.primary_id().size(), 26U);
    EXPECT_TRUE(made->createdAt.has_value());
    EXPECT_FALSE(made.has_changes());
    const User found = co_await User::find(made.primary_id());
    EXPECT_TRUE(found.exists());
    EXPECT_EQ(found->name, "Ada");
    EXPECT_EQ(found->age, 36);
    EXPECT_EQ(*found->tags, (StringSet{"engines", "math"}));
    EXPECT_EQ(found->createdAt, made->createdAt);
    EXPECT_FALSE(found->email.has_value());
    EXPECT_GT(found.consumed_capacity().read, 0.0);
    const User by_parts = co_await User::find_by_primary_key(made.primary_id());
    EXPECT_EQ(by_parts->name, "Ada");
  });
}

TEST_F(ItemsTest, AMissIsAnObject) {
  run([&]() -> Task<void> {
    const User missing = co_await User::find("nobody");
    EXPECT_FALSE(missing.exists());
    EXPECT_FALSE(static_cast<bool>(missing));
    EXPECT_EQ(*missing->name, "");
  });
}

TEST_F(ItemsTest, SavesWhatChangedAndNothingElse) {
  run([&]() -> Task<void> {
    User user = co_await User::create({.name = "Ada", .age = 36});
    sent_now();
    co_await user.save();
    EXPECT_EQ(sent_now(), Names{});
    user->age = 36;
    EXPECT_FALSE(user.has_changes());
    user->age = 37;
    EXPECT_TRUE(user->age.changed());
    EXPECT_TRUE(user.has_changes());
    co_await user.save();
    EXPECT_EQ(sent_now(), Names{"UpdateItem"});
    EXPECT_FALSE(user.has_changes());
    user->age = nullptr;
    co_await user.save();
    const User found = co_await User::find(user.primary_id());
    EXPECT_FALSE(found->age.has_value());
    EXPECT_EQ(found->name, "Ada");
  });
}

TEST_F(ItemsTest, ANewObjectIsCreatedBySave) {
  run([&]() -> Task<void> {
    User user(UserFields{.name = "Grace"});
    EXPECT_FALSE(user.exists());
    co_await user.save();
    EXPECT_TRUE(user.exists());
    EXPECT_EQ((co_await User::find(user.primary_id()))->name, "Grace");
  });
}

TEST_F(ItemsTest, CountersAddWhateverOthersAdded) {
  run([&]() -> Task<void> {
    Post one = co_await Post::create({.title = "x", .likes = 5});
    Post other = co_await Post::find(one.primary_id());
    one->likes.increment(2);
    other->likes.increment(-1);
    co_await one.save();
    co_await other.save();
    EXPECT_EQ(*other->likes, 6);
    co_await Post::update(one.primary_id(), {.likes = increment(10)});
    EXPECT_EQ(*(co_await Post::find(one.primary_id()))->likes, 16);
  });
}

TEST_F(ItemsTest, SetsMergeWithWhatOthersWrote) {
  run([&]() -> Task<void> {
    User one = co_await User::create({.name = "Ada", .tags = {"a", "b"}});
    User other = co_await User::find(one.primary_id());
    one->tags.insert("c");
    other->tags.erase("a");
    co_await one.save();
    co_await other.save();
    const User found = co_await User::find(one.primary_id());
    EXPECT_EQ(*found->tags, (StringSet{"b", "c"}));
  });
}

TEST_F(ItemsTest, AFieldMayBeStoredUnderAnotherName) {
  run([&]() -> Task<void> {
    const Post post = co_await Post::create({.title = "x", .rank = 1});
    EXPECT_EQ(post->kind, "note");
    const DynamicItem item = co_await DynamicModel("Post").find(post.primary_id());
    EXPECT_EQ(item.fields.at("class"), Value("note"));
    EXPECT_FALSE(item.fields.contains("kind"));
  });
}

TEST_F(ItemsTest, RemovesAndReleasesUniqueValues) {
  run([&]() -> Task<void> {
    User ada = co_await User::create({.name = "Ada", .email = "a@b.c"});
    EXPECT_EQ((co_await User::find_by_unique_constraint("uniqueEmail", "a@b.c")).primary_id(),
              ada.primary_id());
    const auto second = co_await User::create({.name = "Eve", .email = "a@b.c"}).as_result();
    EXPECT_FALSE(second);
    if (!second) {
      EXPECT_EQ(second.error().code(), ErrorCode::conditional);
      EXPECT_EQ(second.error().details().field, "email");
    }
    co_await ada.remove_item();
    EXPECT_EQ(ada->name, "Ada");
    EXPECT_FALSE((co_await User::find(ada.primary_id())).exists());
    const User eve = co_await User::create({.name = "Eve", .email = "a@b.c"});
    const User removed = co_await User::remove(eve.primary_id());
    EXPECT_EQ(removed->name, "Eve");
  });
}

TEST_F(ItemsTest, RelatedItemsAreFoundOnce) {
  run([&]() -> Task<void> {
    const User ada = co_await User::create({.name = "Ada"});
    Post post = co_await Post::create({.author = ada, .title = "x"});
    const Post found = co_await Post::find(post.primary_id());
    sent_now();
    EXPECT_EQ((co_await get_related<User>(found, &PostFields::author))->name, "Ada");
    EXPECT_EQ((co_await get_related<User>(found, &PostFields::author))->name, "Ada");
    EXPECT_EQ(sent_now(), Names{"GetItem"});
    Post lonely = co_await Post::create({.title = "y"});
    EXPECT_FALSE((co_await get_related<User>(lonely, &PostFields::author)).exists());
  });
}

// The fields of an instance, written whole: what is pending of them is part of it.
TEST_F(ItemsTest, AnIncrementThatIsPendingIsPartOfTheWhole) {
  run([&]() -> Task<void> {
    Post post = co_await Post::create({.title = "x", .likes = 7});
    post->likes.increment(2);
    const auto written = co_await Post::batch_write(
        {.put = {{.postId = post->postId, .title = post->title, .likes = post->likes}}, .remove = {}});
    EXPECT_EQ(*written.items[0]->likes, 9);
    EXPECT_EQ(*(co_await Post::find(post.primary_id()))->likes, 9);
    co_await Post::remove(post.primary_id());
    co_await post.save({.constraints = {.must_not_exist = true}});
    EXPECT_EQ(*post->likes, 9);
    EXPECT_EQ(*(co_await Post::find(post.primary_id()))->likes, 9);
  });
}

}  // namespace
}  // namespace bao::face
