#include "unit/face/models.hpp"

// What a save may ask for, and what cannot be saved.
namespace bao::face {
namespace {

using testing::IsEmpty;

class SavesTest : public FaceTest {
 protected:
  template <class T>
  static ErrorCode code_of(const Result<T>& result) {
    EXPECT_FALSE(result);
    return result ? ErrorCode{} : result.error().code();
  }
};

TEST_F(SavesTest, ANewInstanceThatMustExistIsAChange) {
  run([&]() -> Task<void> {
    const User ada = co_await User::create({.name = "Ada", .age = 36});
    sent_now();
    User change(UserFields{.userId = *ada->userId, .age = 37});
    co_await change.save({.constraints = {.must_exist = true}});
    EXPECT_THAT(sent_now(), testing::ElementsAre("UpdateItem"));
    EXPECT_EQ(*change->name, "Ada");
    EXPECT_EQ(*(co_await User::find(ada.primary_id()))->age, 37);
    User missing(UserFields{.userId = "01ARZ3NDEKTSV4RRFFQ69G5FAV", .age = 37});
    EXPECT_EQ(code_of(co_await missing.save({.constraints = {.must_exist = true}}).as_result()),
              ErrorCode::item_not_found);
    EXPECT_EQ(co_await User::count(), 1);
  });
}

TEST_F(SavesTest, AnInstanceThatMustNotExistIsCreatedWhole) {
  run([&]() -> Task<void> {
    Post post = co_await Post::create({.title = "a", .likes = 5, .rank = 1});
    post->title = "b";
    post->likes.increment(2);
    EXPECT_EQ(code_of(co_await post.save({.constraints = {.must_not_exist = true}}).as_result()),
              ErrorCode::conditional);
    co_await Post::remove(post.primary_id());
    co_await post.save({.constraints = {.must_not_exist = true}});
    const Post found = co_await Post::find(post.primary_id());
    EXPECT_EQ(*found->title, "b");
    EXPECT_EQ(*found->likes, 7);
    EXPECT_EQ(*found->rank, 1);
  });
}

TEST_F(SavesTest, AnUnchangedInstanceThatMustNotExistIsCreatedWholeToo) {
  run([&]() -> Task<void> {
    Post post = co_await Post::create({.title = "a", .likes = 5});
    EXPECT_FALSE(post.has_changes());
    EXPECT_EQ(code_of(co_await post.save({.constraints = {.must_not_exist = true}}).as_result()),
              ErrorCode::conditional);
    co_await Post::remove(post.primary_id());
    sent_now();
    co_await post.save({.constraints = {.must_not_exist = true}});
    EXPECT_THAT(sent_now(), testing::ElementsAre("PutItem"));
    const Post found = co_await Post::find(post.primary_id());
    EXPECT_EQ(*found->title, "a");
    EXPECT_EQ(*found->likes, 5);

    const DynamicModel posts("Post");
    DynamicItem item = co_await posts.find(post.primary_id());
    EXPECT_EQ(code_of(co_await posts.save(item, {}, {.must_not_exist = true}).as_result()),
              ErrorCode::conditional);
    co_await Post::remove(post.primary_id());
    co_await posts.save(item, {}, {.must_not_exist = true});
    EXPECT_EQ(*(co_await Post::find(post.primary_id()))->title, "a");
  });
}

TEST_F(SavesTest, FieldsMayHaveToBeAsTheyWereRead) {
  run([&]() -> Task<void> {
    Post post = co_await Post::create({.title = "a", .kind = "x"});
    Post other = co_await Post::find(post.primary_id());
    other->kind = "y";
    co_await other.save();
    post->title = "b";
    EXPECT_EQ(
        code_of(
            co_await post.save({.constraints = {.field_matches = {Post::title, Post::kind}}}).as_result()),
        ErrorCode::conditional);
    EXPECT_TRUE(post.has_changes());
    other->title = "c";
    co_await other.save({.constraints = {.field_matches = {Post::title, Post::kind, Post::author}}});
    EXPECT_EQ(*(co_await Post::find(post.primary_id()))->title, "c");
  });
}

TEST_F(SavesTest, AMissIsNoNewItem) {
  run([&]() -> Task<void> {
    User missing = co_await User::find("01ARZ3NDEKTSV4RRFFQ69G5FAV");
    missing->name = "Ghost";
    sent_now();
    EXPECT_EQ(code_of(co_await missing.save().as_result()), ErrorCode::item_not_found);
    EXPECT_THAT(sent_now(), IsEmpty());
    User gone = co_await User::create({.name = "Ada"});
    co_await User::remove(gone.primary_id());
    gone->age = 3;
    EXPECT_EQ(code_of(co_await gone.save().as_result()), ErrorCode::item_not_found);
    EXPECT_EQ(co_await User::count(), 0);
  });
}

TEST_F(SavesTest, ACallStopsWithTheTokenOfAnyOfItsCallers) {
  run([&]() -> Task<void> {
    std::stop_source source;
    EXPECT_FALSE((co_await with_stop_token(source.get_token(), User::find("x"))).exists());
    source.request_stop();
    EXPECT_THROW(co_await with_stop_token(source.get_token(), User::find("x")), CancelledError);
    EXPECT_THROW(co_await with_stop_token(source.get_token(), Post::create({.title = "x"})), CancelledError);
    EXPECT_EQ(co_await Post::count(), 0);
    // The one of the caller's caller counts as well.
    std::stop_source inner;
    const auto nested = [&]() -> Task<void> {
      EXPECT_THROW(co_await with_stop_token(inner.get_token(), User::find("x")), CancelledError);
    };
    co_await with_stop_token(source.get_token(), nested());
  });
}

}  // namespace
}  // namespace bao::face
