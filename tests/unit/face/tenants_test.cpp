#include "unit/face/models.hpp"

// On whose behalf calls are made.
namespace bao::face {
namespace {

class TenantsTest : public FaceTest {
 protected:
  std::string present() {
    return run([]() -> Task<std::string> { co_return (co_await get_current_tenant()).value_or("nobody"); });
  }
};

TEST_F(TenantsTest, TheCoroutinesComesBeforeTheOneSetAndThatBeforeTheResolvers) {
  EXPECT_EQ(present(), "nobody");
  client.tenants().add_resolver([] { return std::nullopt; });
  client.tenants().add_resolver([] { return ""; });
  client.tenants().add_resolver([] { return "resolved"; });
  client.tenants().add_resolver([] { return "too late"; });
  EXPECT_EQ(present(), "resolved");
  client.tenants().set_current_tenant("set");
  EXPECT_EQ(present(), "set");
  run([&]() -> Task<void> {
    co_await with_tenant("own", []() -> Task<void> { EXPECT_EQ(co_await get_current_tenant(), "own"); });
  });
  EXPECT_EQ(client.tenants().get_current_tenant(), "set");
  client.tenants().clear_tenant();
  EXPECT_EQ(present(), "resolved");
  client.tenants().clear_resolvers();
  EXPECT_EQ(present(), "nobody");
  client.tenants().set_current_tenant("set");
  client.tenants().add_resolver([] { return "resolved"; });
  client.tenants().reset();
  EXPECT_EQ(present(), "nobody");
}

TEST_F(TenantsTest, CallsAreMadeOnTheirBehalf) {
  std::string tenant = "one";
  client.tenants().add_resolver([&] { return tenant; });
  const std::string id = run([]() -> Task<std::string> {
    co_return (co_await User::create({.name = "Ada", .email = "a@b.c"})).primary_id();
  });
  EXPECT_TRUE(sync_wait(client, User::find(id)).exists());
  tenant = "two";
  EXPECT_FALSE(sync_wait(client, User::find(id)).exists());
  sync_wait(client, User::create({.name = "Eve", .email = "a@b.c"}));  // the value is free here
  client.tenants().reset();
  client.tenants().set_current_tenant("one");
  EXPECT_TRUE(sync_wait(client, User::find(id)).exists());
}

TEST_F(TenantsTest, AnInstanceIsWrittenForTheTenantThatItIsOf) {
  const std::string id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  const auto create = [&]() -> Task<User> {
    co_return co_await User::create({.userId = Ulid(id), .name = "theirs", .age = 1});
  };
  const auto name = [&]() -> Task<std::string> { co_return *(co_await User::find(id))->name; };
  run([&]() -> Task<void> {
    User of_a = co_await run_with_tenant("A", create);
    co_await run_with_tenant("B", create);
    User of_none = co_await create();
    of_a->name = "changed";
    of_none->name = "changed";
    sent_now();
    const auto as_b = [&]() -> Task<void> {
      const Result<void> saved = co_await of_a.save().as_result();
      EXPECT_EQ(saved.error().code(), ErrorCode::validation);
      EXPECT_EQ(saved.error().details().model, "User");
      EXPECT_EQ(saved.error().details().primary_id, id);
      EXPECT_THAT(saved.error().message(), testing::HasSubstr("tenant 'A'"));
      EXPECT_THAT(saved.error().message(), testing::HasSubstr("tenant 'B'"));
      EXPECT_THROW(co_await of_a.remove_item(), ValidationError);
      EXPECT_THROW(co_await of_none.save(), ValidationError);
      Transaction transaction;
      transaction.save(of_a);
      EXPECT_THROW(co_await transact(std::move(transaction)), ValidationError);
    };
    co_await run_with_tenant("B", as_b);
    EXPECT_THAT(sent_now(), testing::IsEmpty());
    EXPECT_TRUE(of_a.has_changes());
    co_await of_a.save();  // none is set: its own
    EXPECT_EQ(co_await run_with_tenant("A", name), "changed");
    EXPECT_EQ(co_await run_with_tenant("B", name), "theirs");
    EXPECT_EQ(co_await name(), "theirs");
    co_await of_none.save();
    EXPECT_EQ(co_await name(), "changed");

    of_a->age = 2;
    Transaction mixed;
    mixed.save(of_a);
    mixed.create<User>({.name = "whose?"});
    EXPECT_THROW(co_await transact(std::move(mixed)), ValidationError);
    co_await of_a.remove_item();
    EXPECT_EQ(co_await run_with_tenant("B", name), "theirs");
    EXPECT_EQ(co_await name(), "changed");
  });
}

// As a save of what changed, also where it would create the item again.
TEST_F(TenantsTest, AnInstanceThatMustNotExistIsCreatedForItsTenant) {
  const auto exists = [](std::string id) -> Task<bool> { co_return (co_await User::find(id)).exists(); };
  run([&]() -> Task<void> {
    const auto create = []() -> Task<User> { co_return co_await User::create({.name = "theirs"}); };
    const User of_a = co_await run_with_tenant("A", create);
    const std::string id = of_a.primary_id();
    const DynamicModel users("User");
    const auto find = [&]() -> Task<DynamicItem> { co_return co_await users.find(id); };
    const DynamicItem named_of_a = co_await run_with_tenant("A", find);
    sent_now();
    const auto as_b = [&]() -> Task<void> {
      const Result<void> saved = co_await of_a.save({.constraints = {.must_not_exist = true}}).as_result();
      EXPECT_EQ(saved.error().code(), ErrorCode::validation);
      EXPECT_EQ(saved.error().details().primary_id, id);
      EXPECT_THAT(saved.error().message(), testing::HasSubstr("tenant 'A'"));
      EXPECT_THROW(co_await users.save(named_of_a, {}, {.must_not_exist = true}), ValidationError);
      Transaction transaction;
      transaction.save(of_a, {.constraints = {.must_not_exist = true}});
      EXPECT_THROW(co_await transact(std::move(transaction)), ValidationError);
    };
    co_await run_with_tenant("B", as_b);
    EXPECT_THAT(sent_now(), testing::IsEmpty());

    // None is set: its own, where the item is there.
    EXPECT_THROW(co_await of_a.save({.constraints = {.must_not_exist = true}}), ConditionalError);
    EXPECT_THROW(co_await users.save(named_of_a, {}, {.must_not_exist = true}), ConditionalError);
    co_await of_a.remove_item();
    co_await of_a.save({.constraints = {.must_not_exist = true}});
    EXPECT_FALSE(co_await exists(id));
    EXPECT_TRUE(co_await run_with_tenant("A", [&] { return exists(id); }));
  });
}

TEST_F(TenantsTest, WhatAnInstanceIsRelatedToIsFoundForItsTenant) {
  const std::string id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  const auto create = [&](std::string name) -> Task<Post> {
    co_await User::create({.userId = Ulid(id), .name = std::move(name)});
    co_return co_await Post::create({.postId = Ulid(id), .author = id});
  };
  run([&]() -> Task<void> {
    const Post of_a = co_await run_with_tenant("A", [&] { return create("of A"); });
    const Post of_b = co_await run_with_tenant("B", [&] { return create("of B"); });
    const Post of_none = co_await create("of nobody");
    const DynamicModel posts("Post");
    const auto find = [&]() -> Task<DynamicItem> { co_return co_await posts.find(id); };
    const DynamicItem named_of_a = co_await run_with_tenant("A", find);
    sent_now();
    const auto as_b = [&]() -> Task<void> {
      const Result<void> loaded = co_await of_a.load_related_data().as_result();
      EXPECT_EQ(loaded.error().code(), ErrorCode::validation);
      EXPECT_EQ(loaded.error().details().model, "Post");
      EXPECT_EQ(loaded.error().details().primary_id, id);
      EXPECT_THAT(loaded.error().message(), testing::HasSubstr("tenant 'A'"));
      EXPECT_THAT(loaded.error().message(), testing::HasSubstr("tenant 'B'"));
      EXPECT_THROW(co_await of_a.get_or_load_related_field(Post::author), ValidationError);
      EXPECT_THROW(co_await get_related<User>(of_a, &PostFields::author), ValidationError);
      EXPECT_THROW(co_await of_none.load_related_data(), ValidationError);
      EXPECT_THROW(co_await posts.load_related_data(named_of_a), ValidationError);
    };
    co_await run_with_tenant("B", as_b);
    EXPECT_THAT(sent_now(), testing::IsEmpty());

    // None is set: its own.
    co_await of_a.load_related_data();
    EXPECT_EQ(*of_a.get_related(Post::author)->name, "of A");
    EXPECT_EQ(*(co_await get_related<User>(of_b, &PostFields::author))->name, "of B");
    const DynamicItem loaded = co_await posts.load_related_data(named_of_a);
    EXPECT_EQ(*loaded.related.at("author")->fields.at("name").get_if<std::string>(), "of A");
    client.tenants().set_current_tenant("B");
    EXPECT_THROW(co_await of_none.load_related_data(), ValidationError);
    client.tenants().reset();
    co_await of_none.load_related_data();
    EXPECT_EQ(*of_none.get_related(Post::author)->name, "of nobody");
  });
}

TEST_F(TenantsTest, AnInstancesQueriesAreMadeForItsTenant) {
  const std::string id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  const auto create = [&](std::string whose) -> Task<User> {
    co_await Post::create({.author = id, .title = whose, .rank = 1});
    co_return co_await User::create({.userId = Ulid(id), .name = whose});
  };
  const auto titles = [](const Page<Post>& page) {
    std::vector<std::string> found;
    for (const Post& post : page.items) found.push_back(*post->title);
    return found;
  };
  run([&]() -> Task<void> {
    const User of_a = co_await run_with_tenant("A", [&] { return create("of A"); });
    const User of_b = co_await run_with_tenant("B", [&] { return create("of B"); });
    const User of_none = co_await create("of nobody");
    sent_now();
    const auto as_b = [&]() -> Task<void> {
      const auto queried = co_await Post::query_by_index("byAuthor", of_a).as_result();
      EXPECT_EQ(queried.error().code(), ErrorCode::validation);
      EXPECT_EQ(queried.error().details().model, "User");
      EXPECT_EQ(queried.error().details().primary_id, id);
      EXPECT_THAT(queried.error().message(), testing::HasSubstr("tenant 'A'"));
      EXPECT_THAT(queried.error().message(), testing::HasSubstr("tenant 'B'"));
      EXPECT_THROW(co_await Post::query_by_index("byAuthor", of_none), ValidationError);
      EXPECT_THROW(co_await query_mapped<Post>("byAuthor", of_a, &PostFields::author), ValidationError);
    };
    co_await run_with_tenant("B", as_b);
    EXPECT_THAT(sent_now(), testing::IsEmpty());

    // None is set: its own.
    EXPECT_THAT(titles(co_await Post::query_by_index("byAuthor", of_a)), testing::ElementsAre("of A"));
    EXPECT_THAT(titles(co_await Post::query_by_index("byAuthor", of_b)), testing::ElementsAre("of B"));
    EXPECT_THAT(titles(co_await Post::query_by_index("byAuthor", of_none)),
                testing::ElementsAre("of nobody"));
    const Page<User> authors = co_await Post::query_by_index("byAuthor", of_a).related_only(Post::author);
    EXPECT_EQ(*authors.items.at(0)->name, "of A");
    const Page<User> mapped = co_await query_mapped<Post>("byAuthor", of_b, &PostFields::author);
    EXPECT_EQ(*mapped.items.at(0)->name, "of B");
    QueryPages<Post> pages = Post::query_pages("byAuthor", of_a, {}, {.limit = 1});
    const std::optional<Page<Post>> first = co_await pages.next();
    EXPECT_THAT(titles(*first), testing::ElementsAre("of A"));
  });
}

TEST_F(TenantsTest, AreRequiredWhereTenancyIsOn) {
  Config tenancy = config(&sent);
  tenancy.tenancy.enabled = true;
  client = init_models(std::move(tenancy));
  EXPECT_THROW(sync_wait(client, validate_tenant_required()), ConfigurationError);
  EXPECT_THROW(sync_wait(client, User::create({.name = "Ada"})), ConfigurationError);
  client.tenants().set_current_tenant("acme");
  sync_wait(client, validate_tenant_required());
  sync_wait(client, User::create({.name = "Ada"}));
}

TEST_F(TenantsTest, IdsAndResolversThatCannotBeAreRefused) {
  EXPECT_THROW(client.tenants().set_current_tenant(""), ValidationError);
  EXPECT_THROW(client.tenants().set_current_tenant("a]#b"), ValidationError);
  EXPECT_THROW(client.tenants().add_resolver(nullptr), ConfigurationError);
  client.tenants().add_resolver([] { return "a]#b"; });
  EXPECT_THROW(sync_wait(client, User::find("x")), ValidationError);
  client.tenants().reset();
  client.tenants().add_resolver([]() -> std::optional<std::string> { throw std::out_of_range("mine"); });
  EXPECT_THROW(sync_wait(client, User::find("x")), std::out_of_range);
}

}  // namespace
}  // namespace bao::face
