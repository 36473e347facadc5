#include "unit/face/models.hpp"

// Faults of the embedded engine, as a user asks for them.
namespace bao::face {
namespace {

Config config_of(std::string faults) {
  return {.models = {&User::model_info(), &Post::model_info()},
          .aws = {.endpoint = "memory:"},
          .db = {.faults = std::move(faults)},
          .retry = {.max_attempts = 2},
          .log = {.level = LogLevel::off}};
}

template <class Function>
auto run(Client& client, Function function) {
  return sync_wait(client, with_context(client.context(), std::move(function)));
}

TEST(Faults, AThrottledReadIsTriedAgain) {
  Client client =
      init_models(config_of(R"({"rules": [{"fault": "throttle", "operation": "GetItem", "times": 1}]})"));
  run(client, []() -> Task<void> {
    const User ada = co_await User::create({.name = "Ada"});
    EXPECT_TRUE((co_await User::find(ada.primary_id())).exists());
  });
}

TEST(Faults, AThrottledReadIsNeverAMiss) {
  Client client = init_models(config_of(R"({"rules": [{"fault": "throttle", "operation": "GetItem"},
                                                      {"fault": "unprocessed", "operation": "BatchGetItem"}]})"));
  run(client, []() -> Task<void> {
    const User ada = co_await User::create({.name = "Ada"});
    const User bob = co_await User::create({.name = "Bob"});
    EXPECT_THROW(co_await User::find(ada.primary_id()), ThrottlingError);
    std::vector<std::string> ids{ada.primary_id(), bob.primary_id()};
    const auto both = co_await User::batch_find(std::move(ids)).as_result();
    // Half of each batch comes back unprocessed: in the end all of it is read, or the call fails.
    if (both) {
      EXPECT_TRUE((*both)[ada.primary_id()].exists());
      EXPECT_TRUE((*both)[bob.primary_id()].exists());
    } else {
      EXPECT_EQ(both.error().code(), ErrorCode::throttling);
    }
  });
}

TEST(Faults, AReadThatFailsNamesItsModel) {
  Client client = init_models(config_of(R"({"rules": [{"fault": "throttle", "operation": "GetItem"},
                                          {"fault": "throttle", "operation": "BatchGetItem"},
                                          {"fault": "throttle", "operation": "Query"},
                                          {"fault": "drop_before", "operation": "Scan"}]})"));
  run(client, []() -> Task<void> {
    const auto model_of = [](const auto& result) {
      EXPECT_FALSE(result);
      return result ? std::string() : result.error().details().model;
    };
    EXPECT_EQ(model_of(co_await User::find("x").as_result()), "User");
    std::vector<std::string> ids{"x", "y"};
    EXPECT_EQ(model_of(co_await Post::batch_find(std::move(ids)).as_result()), "Post");
    EXPECT_EQ(model_of(co_await Post::query_by_index("byAuthor", "ada").as_result()), "Post");
    EXPECT_EQ(model_of(co_await User::scan().as_result()), "User");
    EXPECT_EQ(model_of(co_await User::count().as_result()), "User");
  });
}

TEST(Faults, ACreateWhoseAnswerIsLostIsNotDoneTwice) {
  Client client =
      init_models(config_of(R"({"rules": [{"fault": "drop_after", "operation": "PutItem", "times": 1}]})"));
  run(client, []() -> Task<void> {
    co_await Post::create({.title = "once"});
    EXPECT_EQ(co_await Post::count(), 1);
  });
}

TEST(Faults, APlanHasToBeReadableAndForTheEngine) {
  for (const auto& [faults, endpoint, reason] :
       {std::tuple{R"({"rules": [{"fault": "none such"}]})", "memory:", "db.faults: "},
        std::tuple{"{", "memory:", "db.faults: "},
        std::tuple{"{}", "http://127.0.0.1:1", "db.faults is for the embedded engine"}}) {
    Config config = config_of(faults);
    config.aws.endpoint = endpoint;
    const auto refused = try_init_models(std::move(config));
    ASSERT_FALSE(refused) << faults;
    EXPECT_EQ(refused.error().code(), ErrorCode::configuration);
    EXPECT_THAT(refused.error().message(), testing::HasSubstr(reason));
  }
}

}  // namespace
}  // namespace bao::face
