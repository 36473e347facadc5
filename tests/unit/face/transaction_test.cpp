#include "unit/face/models.hpp"

namespace bao::face {
namespace {

using testing::ElementsAre;

class TransactionTest : public FaceTest {};

TEST_F(TransactionTest, HandlesGetWhatTheTransactionWrote) {
  run([&]() -> Task<void> {
    User ann = co_await User::create({.name = "Ann"});
    Post old = co_await Post::create({.title = "old"});
    sent_now();
    Transaction transaction;
    Post post = transaction.create<Post>({.author = ann.primary_id(), .title = "new"});
    EXPECT_FALSE(post.exists());
    EXPECT_EQ(*post->title, "new");
    User renamed =
        transaction.update<User>(ann.primary_id(), {.name = "Anna"}, {.condition = User::name == "Ann"});
    EXPECT_FALSE(renamed.exists());
    old->likes.increment(3);
    transaction.save(old);
    EXPECT_EQ(transaction.size(), 3U);
    const Capacity capacity = co_await transact(std::move(transaction));
    EXPECT_THAT(sent_now(), ElementsAre("TransactWriteItems", "GetItem", "GetItem"));
    EXPECT_GT(capacity.write, 0);
    EXPECT_TRUE(post.exists());
    EXPECT_EQ((co_await get_related<User>(post, &PostFields::author))->name, "Anna");
    EXPECT_EQ(post.primary_id(), *post->postId);
    EXPECT_EQ(*post->kind, "note");
    EXPECT_FALSE(post.has_changes());
    EXPECT_TRUE(renamed.exists());
    EXPECT_EQ(*renamed->name, "Anna");
    EXPECT_TRUE(renamed->createdAt);
    EXPECT_FALSE(old.has_changes());
    EXPECT_EQ(*(co_await Post::find(old.primary_id()))->likes, 3);
  });
}

TEST_F(TransactionTest, NothingIsDoneWhereOneActionFails) {
  run([&]() -> Task<void> {
    User ann = co_await User::create({.name = "Ann", .email = "ann@x", .age = 30});
    Transaction transaction;
    Post post = transaction.create<Post>({.title = "new"});
    ann->name = "Anna";
    transaction.save(ann);
    transaction.check<User>("nobody");
    const Result<Capacity> failed = co_await transact(std::move(transaction)).as_result();
    EXPECT_EQ(failed.error().code(), ErrorCode::item_not_found);
    EXPECT_EQ(failed.error().details().primary_id, "nobody");
    EXPECT_FALSE(post.exists());
    EXPECT_TRUE(ann.has_changes());
    EXPECT_EQ(*(co_await User::find(ann.primary_id(), {.bypass_cache = true}))->name, "Ann");

    Transaction second;
    second.remove_item(ann);
    second.check<User>(ann.primary_id(), User::age > 40);
    const Result<Capacity> twice = co_await transact(std::move(second)).as_result();
    EXPECT_EQ(twice.error().code(), ErrorCode::validation);

    Transaction third;
    third.remove<User>(ann.primary_id(), {.condition = User::age > 40});
    const Result<Capacity> refused = co_await transact(std::move(third)).as_result();
    EXPECT_EQ(refused.error().code(), ErrorCode::conditional);
    EXPECT_TRUE((co_await User::find(ann.primary_id())).exists());

    Transaction fourth;
    fourth.remove_item(ann);
    co_await transact(std::move(fourth));
    EXPECT_FALSE((co_await User::find_by_unique_constraint("uniqueEmail", "ann@x")).exists());
  });
}

TEST_F(TransactionTest, AContextFindsTheInstancesOfItsTransactions) {
  run([&]() -> Task<void> {
    co_await run_with_batch_context([&]() -> Task<void> {
      Transaction transaction;
      User ann = transaction.create<User>({.name = "Ann"});
      transaction.create<Post>({.title = "x"});
      co_await transact(std::move(transaction));
      sent_now();
      User found = co_await User::find(ann.primary_id());
      EXPECT_TRUE(found.same_instance(ann));
      EXPECT_THAT(sent_now(), ElementsAre());
    });
  });
}

TEST_F(TransactionTest, AnEmptyOneSendsNothingAndAStrangerIsRefused) {
  run([&]() -> Task<void> {
    Transaction empty;
    EXPECT_TRUE(empty.empty());
    const Capacity capacity = co_await transact(std::move(empty));
    EXPECT_EQ(capacity.write, 0);
    DynamicTransaction transaction;
    transaction.create("Nobody", {});
    const auto refused = co_await transact(std::move(transaction)).as_result();
    EXPECT_EQ(refused.error().code(), ErrorCode::configuration);
    EXPECT_EQ(refused.error().details().model, "Nobody");
    EXPECT_THAT(sent_now(), ElementsAre());
  });
}

}  // namespace
}  // namespace bao::face
