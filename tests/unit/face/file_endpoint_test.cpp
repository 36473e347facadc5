#include "support/temporary_folder.hpp"
#include "unit/face/models.hpp"

// endpoint "file:PATH": the embedded engine's tables in a file.
namespace bao::face {
namespace {

Client client_of(const std::filesystem::path& file, const std::string& table) {
  return init_models({.models = {&User::model_info()},
                      .aws = {.endpoint = "file:" + file.string()},
                      .db = {.table_name = table}});
}

std::string create(Client& client, const std::string& name) {
  return sync_wait(client, with_context(client.context(), [&]() -> Task<std::string> {
                     const User made = co_await User::create({.name = name});
                     co_return made.primary_id();
                   }));
}

std::string name_of(Client& client, const std::string& id) {
  return sync_wait(client, with_context(client.context(), [&]() -> Task<std::string> {
                     const User found = co_await User::find(id);
                     co_return found.exists() ? *found->name : "(missing)";
                   }));
}

TEST(FileEndpoint, KeepsItemsForTheNextClient) {
  const TemporaryFolder folder;
  std::string id;
  {
    Client client = client_of(folder / "db", "first");
    id = create(client, "Ada");
    EXPECT_EQ(name_of(client, id), "Ada");
  }
  {
    Client client = client_of(folder / "db", "second");
    EXPECT_EQ(name_of(client, id), "(missing)");
  }
  Client client = client_of(folder / "db", "first");
  EXPECT_EQ(name_of(client, id), "Ada");
}

TEST(FileEndpoint, MakesNoTableWhereItMayNot) {
  const TemporaryFolder folder;
  {
    const Client client = client_of(folder / "db", "first");
  }
  Config config{.aws = {.endpoint = "file:" + (folder / "db").string()},
                .db = {.table_name = "second", .create_table = false}};
  for (int attempt = 0; attempt < 2; ++attempt) {
    const Result<Client> refused = try_init_models(config);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::configuration);
    EXPECT_THAT(refused.error().message(), testing::HasSubstr("there is no table 'second'"));
  }
  config.db.table_name = "first";
  EXPECT_TRUE(try_init_models(config));
}

TEST(FileEndpoint, ANameThatNoTableCanHaveIsAConfigurationErrorInMemoryToo) {
  const TemporaryFolder folder;
  for (const std::string& endpoint : {std::string("memory:"), "file:" + (folder / "db").string()}) {
    for (const std::string& name : {std::string("tt"), std::string("a b"), std::string(256, 't')}) {
      const Result<Client> refused =
          try_init_models({.aws = {.endpoint = endpoint}, .db = {.table_name = name}});
      ASSERT_FALSE(refused) << endpoint << name;
      EXPECT_EQ(refused.error().code(), ErrorCode::configuration);
      EXPECT_THAT(refused.error().message(),
                  testing::HasSubstr("the embedded engine cannot make table '" + name + "'"));
    }
  }
}

TEST(FileEndpoint, SaysWhatIsWrongWithTheFile) {
  const TemporaryFolder folder;
  const Client client = client_of(folder / "db", "table");
  for (const auto& [file, reason] : {std::pair{folder / "db", "is in use by another process"},
                                     std::pair{folder / "no/db", "No such file"}}) {
    try {
      const Client second = client_of(file, "table");
      FAIL() << "opened " << file;
    } catch (const ConfigurationError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(file.string()));
      EXPECT_THAT(error.what(), testing::HasSubstr(reason));
    }
  }
}

}  // namespace
}  // namespace bao::face
