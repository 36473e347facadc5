#include <boost/asio/io_context.hpp>

#include "unit/face/models.hpp"

// An instance that one client read, in the hands of another: their tables may be two, and hold another item
// under the same key.
namespace bao::face {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const std::string same_id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

/// One executor for both clients: a task may await operations of either. It outlives them.
struct SharedExecutor {
  boost::asio::io_context io;
};

class ClientsTest : protected SharedExecutor, public FaceTest {
 protected:
  template <class Function>
  auto run_as_other(Function function) {
    return sync_wait(other, with_context(other.context(), std::move(function)));
  }
  void SetUp() override {
    client = init_models(io, config(&sent));
    ours = run([] { return create("ours"); });
    theirs = run_as_other([] { return create("theirs"); });
  }
  template <class T>
  void refused(const Result<T>& result) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::validation);
    EXPECT_EQ(result.error().details().model, "User");
    EXPECT_EQ(result.error().details().primary_id, same_id);
    EXPECT_THAT(result.error().message(), HasSubstr("another client"));
  }
  static Task<User> create(std::string name) {
    co_return co_await User::create({.userId = Ulid(same_id), .name = std::move(name), .age = 1});
  }

  std::vector<std::string> other_sent;
  Client other = init_models(io, config(&other_sent));
  User ours;
  User theirs;
};

TEST_F(ClientsTest, AnInstanceIsNotWrittenByAnotherClient) {
  ours->name = "changed";
  other_sent.clear();
  run_as_other([&]() -> Task<void> {
    refused(co_await ours.save().as_result());
    refused(co_await ours.save({.constraints = {.must_not_exist = true}}).as_result());
    refused(co_await ours.save({.force_reindex = true}).as_result());
    refused(co_await ours.remove_item().as_result());
    Transaction saving;
    saving.save(ours);
    refused(co_await transact(std::move(saving)).as_result());
    Transaction removing;
    removing.remove_item(ours);
    refused(co_await transact(std::move(removing)).as_result());
  });
  EXPECT_THAT(other_sent, IsEmpty());
  EXPECT_TRUE(ours.has_changes());
  run([&]() -> Task<void> {
    co_await ours.save();
    EXPECT_EQ(*(co_await User::find(same_id))->name, "changed");
  });
  run_as_other([&]() -> Task<void> { EXPECT_EQ(*(co_await User::find(same_id))->name, "theirs"); });
}

TEST_F(ClientsTest, AnInstanceReadInPartIsNotRemovedByAnotherClient) {
  const User part = run([]() -> Task<User> {
    const auto page = co_await User::query_by_primary_key(same_id, {}, {.attributes = {User::name}});
    co_return page.items.front();
  });
  other_sent.clear();
  run_as_other([&]() -> Task<void> { refused(co_await part.remove_item().as_result()); });
  EXPECT_THAT(other_sent, IsEmpty());
  run([&]() -> Task<void> {
    co_await part.remove_item();
    EXPECT_FALSE((co_await User::find(same_id)).exists());
  });
}

TEST_F(ClientsTest, AnItemByNameIsNotWrittenByAnotherClient) {
  const DynamicModel users("User");
  const DynamicItem item = run([&]() -> Task<DynamicItem> { co_return co_await users.find(same_id); });
  other_sent.clear();
  run_as_other([&]() -> Task<void> {
    const std::vector<DynamicChange> changes{{.field = "name", .change = {.value = Value("x")}}};
    refused(co_await users.save(item, changes).as_result());
    refused(co_await users.save(item, changes, {.must_not_exist = true}).as_result());
    refused(co_await users.update(same_id, changes, {}, item.loaded).as_result());
    refused(co_await users.remove(same_id, {}, item.loaded).as_result());
  });
  EXPECT_THAT(other_sent, IsEmpty());
}

// Its state would be taken for the other's: what is equal in both would not be written.
TEST_F(ClientsTest, AnItemByNameIsNotWrittenAsOneOfAnotherModel) {
  const DynamicModel users("User");
  const DynamicModel posts("Post");
  run([&]() -> Task<void> {
    co_await posts.create({{.field = "postId", .change = {.value = Value(same_id)}},
                           {.field = "title", .change = {.value = Value("theirs")}}});
    const DynamicItem item = co_await users.find(same_id);
    sent.clear();
    const std::vector<DynamicChange> changes{{.field = "title", .change = {.value = Value("x")}}};
    const auto expect_refused = [](const Result<DynamicItem>& result) {
      ASSERT_FALSE(result);
      EXPECT_EQ(result.error().code(), ErrorCode::validation);
      EXPECT_EQ(result.error().details().model, "Post");
      EXPECT_THAT(result.error().message(), HasSubstr("another model"));
    };
    expect_refused(co_await posts.save(item, changes).as_result());
    expect_refused(co_await posts.update(same_id, changes, {}, item.loaded).as_result());
    expect_refused(co_await posts.remove(same_id, {}, item.loaded).as_result());
    DynamicTransaction transaction;
    transaction.update("Post", same_id, changes, {}, item.loaded);
    EXPECT_FALSE(co_await transact(std::move(transaction)).as_result());
    EXPECT_THAT(sent, IsEmpty());
    EXPECT_EQ((co_await Post::find(same_id))->title.value_or(""), "theirs");
  });
}

// As little is it the state of another item of the model.
TEST_F(ClientsTest, AnItemByNameIsNotWrittenFromTheStateOfAnotherItem) {
  const DynamicModel users("User");
  run([&]() -> Task<void> {
    const User other_user = co_await User::create({.name = "another", .email = "a@b.c"});
    const DynamicItem base = co_await users.find(other_user.primary_id());
    sent.clear();
    const std::vector<DynamicChange> changes{{.field = "name", .change = {.value = Value("x")}},
                                             {.field = "email", .change = {.value = Value("a@b.c")}}};
    const auto expect_refused = [&](const Result<DynamicItem>& result) {
      ASSERT_FALSE(result);
      EXPECT_EQ(result.error().code(), ErrorCode::validation);
      EXPECT_EQ(result.error().details().model, "User");
      EXPECT_EQ(result.error().details().primary_id, same_id);
      EXPECT_THAT(result.error().message(), HasSubstr(base.id));
    };
    expect_refused(co_await users.update(same_id, changes, {}, base.loaded).as_result());
    expect_refused(co_await users.remove(same_id, {}, base.loaded).as_result());
    DynamicItem renamed = base;
    renamed.id = same_id;
    expect_refused(co_await users.save(renamed, changes).as_result());
    expect_refused(co_await users.save(renamed, changes, {.must_not_exist = true}).as_result());
    DynamicTransaction updating;
    updating.update("User", same_id, changes, {}, base.loaded);
    EXPECT_FALSE(co_await transact(std::move(updating)).as_result());
    DynamicTransaction removing;
    removing.remove("User", same_id, {}, base.loaded);
    EXPECT_FALSE(co_await transact(std::move(removing)).as_result());
    EXPECT_THAT(sent, IsEmpty());
    EXPECT_EQ(*(co_await User::find(same_id))->name, "ours");
    EXPECT_TRUE(co_await users.update(base.id, changes, {}, base.loaded).as_result());
  });
}

TEST_F(ClientsTest, AnInstancesRelatedItemsAreNotFoundByAnotherClient) {
  const Post post = run(
      [&]() -> Task<Post> { co_return co_await Post::create({.postId = Ulid(same_id), .author = same_id}); });
  other_sent.clear();
  run_as_other([&]() -> Task<void> {
    const Result<void> all = co_await post.load_related_data().as_result();
    EXPECT_EQ(all.error().code(), ErrorCode::validation);
    EXPECT_EQ(all.error().details().model, "Post");
    EXPECT_THROW(co_await post.get_or_load_related_field(Post::author), ValidationError);
    EXPECT_THROW(co_await get_related<User>(post, &PostFields::author), ValidationError);
    const DynamicItem item = co_await with_context(client.context(), []() -> Task<DynamicItem> {
      co_return co_await DynamicModel("Post").find(same_id);
    });
    EXPECT_THROW(co_await DynamicModel("Post").load_related_data(item), ValidationError);
  });
  EXPECT_THAT(other_sent, IsEmpty());
  run([&]() -> Task<void> {
    EXPECT_EQ(*(co_await get_related<User>(post, &PostFields::author))->name, "ours");
  });
}

TEST_F(ClientsTest, AnInstancesQueriesAreNotMadeByAnotherClient) {
  const auto create_post = []() -> Task<void> {
    co_await Post::create({.postId = Ulid(same_id), .author = same_id, .title = "posted", .rank = 1});
  };
  run(create_post);
  run_as_other(create_post);
  other_sent.clear();
  run_as_other([&]() -> Task<void> {
    refused(co_await Post::query_by_index("byAuthor", ours).as_result());
    refused(co_await Post::query_by_index("byAuthor", ours).unwrapped().as_result());
    refused(co_await Post::query_by_index("byAuthor", ours).related_only(Post::author).as_result());
    EXPECT_THROW(co_await Post::query_by_index("byAuthor", ours), ValidationError);
    QueryPages<Post> pages = Post::query_pages("byAuthor", ours);
    EXPECT_THROW(co_await pages.next(), ValidationError);
    EXPECT_THROW(co_await query_mapped<Post>("byAuthor", ours, &PostFields::author), ValidationError);
  });
  EXPECT_THAT(other_sent, IsEmpty());
  run_as_other([&]() -> Task<void> {
    // Its id is a text like another.
    EXPECT_EQ((co_await Post::query_by_index("byAuthor", ours.primary_id())).count, 1);
    EXPECT_EQ((co_await Post::query_by_index("byAuthor", theirs)).count, 1);
  });
  run([&]() -> Task<void> { EXPECT_EQ((co_await Post::query_by_index("byAuthor", ours)).count, 1); });
}

// A batch context keeps what its own client's table has, whatever another client does meanwhile.
TEST_F(ClientsTest, AContextsInstancesStayItsClients) {
  run([&]() -> Task<void> {
    co_await run_with_batch_context([&]() -> Task<void> {
      User found = co_await User::find(same_id);
      found->name = "changed";
      const auto as_other = [&]() -> Task<void> {
        refused(co_await found.save().as_result());
        User of_other = co_await User::find(same_id);
        EXPECT_EQ(*of_other->name, "theirs");
        of_other->name = "theirs too";
        co_await of_other.save();
      };
      co_await with_context(other.context(), as_other);
      EXPECT_TRUE((co_await User::find(same_id)).same_instance(found));
      EXPECT_EQ(*found->name, "changed");
      co_await found.save();
    });
    EXPECT_EQ(*(co_await User::find(same_id))->name, "changed");
  });
}

TEST_F(ClientsTest, ANewInstanceIsOfTheClientThatSavesIt) {
  User fresh({.userId = Ulid(same_id), .name = "fresh"});
  run_as_other([&]() -> Task<void> {
    refused(co_await ours.save({.force_reindex = true}).as_result());
    co_await theirs.remove_item();
    co_await fresh.save();
    fresh->name = "again";
    co_await fresh.save();
  });
  sent_now();
  run([&]() -> Task<void> {
    fresh->name = "by the wrong one";
    refused(co_await fresh.save().as_result());
  });
  EXPECT_THAT(sent_now(), IsEmpty());
}

// Such as one that was made anew for the same table.
TEST_F(ClientsTest, AnInstanceIsOfNoLaterClient) {
  other = init_models(io, config(&other_sent));
  theirs->name = "changed";
  run_as_other([&]() -> Task<void> {
    refused(co_await theirs.save().as_result());
    co_await User::create({.userId = Ulid(same_id), .name = "anew"});
    co_await User::update(same_id, {.name = "changed"});  // says what is meant
    EXPECT_EQ(*(co_await User::find(same_id))->name, "changed");
  });
}

}  // namespace
}  // namespace bao::face
