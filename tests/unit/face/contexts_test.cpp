#include <stop_token>

#include "unit/face/models.hpp"

namespace bao::face {
namespace {

using Names = std::vector<std::string>;
using testing::HasSubstr;

class ContextsTest : public FaceTest {
 protected:
  std::vector<std::string> three_users() {
    return run([&]() -> Task<std::vector<std::string>> {
      std::vector<std::string> ids;
      for (const char* name : {"Ada", "Grace", "Barbara"}) {
        ids.push_back((co_await User::create({.name = name})).primary_id());
      }
      sent_now();
      co_return ids;
    });
  }
};

TEST_F(ContextsTest, FindsOfOneTurnAreOneRequestAndAreKept) {
  const auto ids = three_users();
  run([&]() -> Task<void> {
    EXPECT_FALSE(co_await is_inside_batch_context());
    co_await run_with_batch_context([&]() -> Task<void> {
      EXPECT_TRUE(co_await is_inside_batch_context());
      auto [a, b, c] = co_await all(User::find(ids[0]), User::find(ids[1]), User::find(ids[2]));
      EXPECT_EQ(sent_now(), Names{"BatchGetItem"});
      const User again = co_await User::find(ids[0]);
      EXPECT_TRUE(again.same_instance(a));
      EXPECT_EQ(sent_now(), Names{});
      EXPECT_DOUBLE_EQ((co_await batch_context_capacity()).read, 1.5);
      const User fresh = co_await User::find(ids[0], {.bypass_cache = true});
      EXPECT_FALSE(fresh.same_instance(a));
    });
    EXPECT_DOUBLE_EQ((co_await batch_context_capacity()).read, 0.0);
  });
}

TEST_F(ContextsTest, OutsideEachFindIsARequest) {
  const auto ids = three_users();
  run([&]() -> Task<void> {
    auto [a, b, c] = co_await all(User::find(ids[0]), User::find(ids[1]), User::find(ids[2]));
    EXPECT_EQ(sent_now(), (Names{"GetItem", "GetItem", "GetItem"}));
    EXPECT_EQ(c->name, "Barbara");
  });
}

TEST_F(ContextsTest, ALoaderKeepsTheItemsOfTwoClientsApart) {
  const auto ids = three_users();
  const std::string id = ids[0];
  std::optional<Client> other(init_models(config(nullptr)));
  const LoaderContext loader;
  const auto name = [&]() -> Task<std::string> {
    const User user = co_await User::find(id, {.loader = loader});
    const auto many = co_await User::batch_find({id}, {.loader = loader});
    EXPECT_EQ(many.items.at(0).second.exists(), user.exists());
    co_return user.exists() ? *user->name : "none";
  };
  const auto write = [&](std::string called) -> Task<void> {
    co_await User::create({.userId = Ulid(id), .name = std::move(called)});
  };
  EXPECT_EQ(sync_wait(client, name()), "Ada");
  EXPECT_EQ(sync_wait(*other, name()), "none");
  sync_wait(*other, write("Eve"));
  EXPECT_EQ(sync_wait(client, name()), "Ada");
  // Nor does one get what was of a client that is gone.
  other.emplace(init_models(config(nullptr)));
  EXPECT_EQ(sync_wait(*other, name()), "none");
}

TEST_F(ContextsTest, ALoaderIsACacheOfTheCallers) {
  const auto ids = three_users();
  run([&]() -> Task<void> {
    const LoaderContext loader;
    const User first = co_await User::find(ids[0], {.loader = loader});
    const User second = co_await User::find(ids[0], {.loader = loader});
    EXPECT_TRUE(first.same_instance(second));
    EXPECT_EQ(sent_now(), Names{"GetItem"});
  });
}

TEST_F(ContextsTest, TenantsDoNotSeeEachOther) {
  run([&]() -> Task<void> {
    std::string id;
    co_await run_with_tenant("one", [&]() -> Task<void> {
      id = (co_await User::create({.name = "Ada", .email = "a@b.c"})).primary_id();
      EXPECT_TRUE((co_await User::find(id)).exists());
    });
    co_await run_with_tenant("two", [&]() -> Task<void> {
      EXPECT_FALSE((co_await User::find(id)).exists());
      co_await User::create({.name = "Eve", .email = "a@b.c"});  // the value is free here
    });
    EXPECT_FALSE((co_await User::find(id)).exists());
  });
}

TEST_F(ContextsTest, WithTenancyOnNothingRunsWithoutATenant) {
  Config tenancy = config(&sent);
  tenancy.tenancy.enabled = true;
  client = init_models(std::move(tenancy));
  run([&]() -> Task<void> {
    const auto expect_refused = [](const auto& result) {
      EXPECT_EQ(result.error().code(), ErrorCode::configuration);
      EXPECT_THAT(result.error().message(), testing::HasSubstr("Tenant context is required"));
    };
    expect_refused(co_await User::find("x").as_result());
    expect_refused(co_await User::create({.name = "Ann"}).as_result());
    expect_refused(co_await User::scan().as_result());
    Transaction transaction;
    transaction.create<User>({.name = "Ann"});
    expect_refused(co_await transact(std::move(transaction)).as_result());
    EXPECT_THAT(sent_now(), testing::IsEmpty());
    co_await run_with_tenant("acme", []() -> Task<void> {
      const User ann = co_await User::create({.name = "Ann"});
      EXPECT_TRUE((co_await User::find(ann.primary_id())).exists());
    });
  });
}

TEST_F(ContextsTest, StrictModeRefusesWhatIsOutside) {
  Client strict = init_models(config(nullptr, true));
  try {
    sync_wait(strict, User::find("x"));
    FAIL() << "it was not refused";
  } catch (const BaoError& error) {
    EXPECT_EQ(error.code(), ErrorCode::batch_context_required);
    EXPECT_THAT(error.what(), testing::StartsWith("Batch operations must be executed within"));
  }
}

TEST_F(ContextsTest, ErrorsAreThrownByTheirClassOrGivenAsValues) {
  run([&]() -> Task<void> {
    bool thrown = false;
    try {
      co_await User::create({.age = 3});
    } catch (const ValidationError& error) {
      thrown = true;
      EXPECT_EQ(error.details().field, "name");
      EXPECT_EQ(error.details().model, "User");
    }
    EXPECT_TRUE(thrown);
    const auto missing = co_await User::update("01ARZ3NDEKTSV4RRFFQ69G5FAV", {.age = 3}).as_result();
    EXPECT_FALSE(missing);
    if (!missing) EXPECT_EQ(missing.error().code(), ErrorCode::item_not_found);
    const User ada = co_await User::create({.name = "Ada", .age = 3});
    const auto refused =
        co_await User::update(ada.primary_id(), {.age = 4}, {.condition = User::age > 5}).as_result();
    EXPECT_FALSE(refused);
    if (!refused) EXPECT_EQ(refused.error().code(), ErrorCode::conditional);
    EXPECT_EQ((co_await User::find(ada.primary_id()))->age, 3);
  });
}

TEST_F(ContextsTest, AStoppedCallerGetsCancelled) {
  std::stop_source source;
  source.request_stop();
  Context context = client.context();
  context.stop = source.get_token();
  const auto found = sync_wait(client, with_context(context, []() -> Task<Result<User>> {
                                 co_return co_await User::find("x").as_result();
                               }));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code(), ErrorCode::cancelled);
}

}  // namespace
}  // namespace bao::face
