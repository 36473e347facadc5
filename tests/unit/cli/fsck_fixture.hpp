#pragma once

#include <bao/bao.hpp>
#include <functional>

#include <gmock/gmock.h>

#include "cli/commands.hpp"
#include "core/value/json_writer.hpp"
#include "native/face/rows.hpp"
#include "native/yaml/load.hpp"
#include "unit/cli/scratch_folder.hpp"

namespace bao::cli {

inline constexpr const char* fsck_models = R"(models:
  User:
    modelPrefix: u
    iterable: true
    iterationBuckets: 1
    searchable: {fields: [name]}
    fields:
      userId: {type: StringField}
      name: {type: StringField}
      email: {type: StringField}
      team: {type: StringField}
      ttl: {type: TtlField}
    primaryKey: {partitionKey: userId}
    indexes: {byTeam: {partitionKey: team, sortKey: userId, indexId: gsi1}}
    uniqueConstraints: {uniqueEmail: {field: email, uniqueConstraintId: uc1}}
)";

/// A table of users in a file of the embedded engine, and `bao fsck` over it.
class FsckTest : public ScratchFolder {
 protected:
  FsckTest() { write("models.yaml", fsck_models); }

  Client client() {
    Config config{.aws = {.endpoint = "file:" + path("db")},
                  .db = {.table_name = "users", .iteration_index_name = "iter_search_index"}};
    const auto schema = native::load_definitions(path("models.yaml"));
    for (const auto& model : (*schema)->models()) config.definitions.push_back(model->definition());
    return init_models(std::move(config));
  }
  void with_client(const std::function<Task<void>()>& work) {
    Client own = client();
    sync_wait(own, with_context(own.context(), work));
  }
  static Task<void> create(std::string id, std::string email, std::int64_t ttl_ms = 0) {
    std::vector<DynamicChange> changes;
    const auto add = [&](const char* field, Value value) {
      DynamicChange& change = changes.emplace_back();
      change.field = field;
      change.change.value = std::move(value);
    };
    add("userId", Value(std::move(id)));
    add("name", Value("Some Name"));
    add("team", Value("red"));
    add("email", Value(std::move(email)));
    if (ttl_ms != 0) add("ttl", Value(ttl_ms));
    co_await DynamicModel("User").create(changes);
  }
  /// Ann, Ben and Cem, as the library writes them; Ben is a tenant's.
  void seed() {
    with_client([]() -> Task<void> {
      co_await create("ann", "ann@x");
      co_await run_with_tenant("acme", [] { return create("ben", "ben@x"); });
      co_await create("cem", "cem@x", 4'000'000'000'000);
    });
  }
  /// Writes a row as it is given, past the library.
  void put(const std::string& row) {
    with_client([&row]() -> Task<void> { co_await detail::put_rows({row}); });
  }
  /// The row with this key with one attribute replaced or, where `value` is empty, taken away.
  void change(const std::string& pk, const std::string& attribute, const std::string& value) {
    with_client([&]() -> Task<void> {
      auto page = co_await detail::scan_rows({.consistent = true});
      for (const core::ItemRef& row : page.items) {
        if (std::string(row.attribute("_pk").text()) != pk) continue;
        Value::Map item;
        for (const core::ValueView view : row.view()) item.emplace(view.name(), view.to_value());
        item.erase(attribute);
        if (!value.empty()) item.emplace(attribute, Value(value));
        std::string json;
        core::JsonWriter(json).item(item);
        co_await detail::put_rows({json});
      }
    });
  }
  int fsck(FsckCommand command = {}) {
    command.definitions = path("models.yaml");
    command.table = {.table = "users", .region = {}, .endpoint = "file:" + path("db")};
    command.confirmed = true;
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = run(command);
    out_ = testing::internal::GetCapturedStdout();
    err_ = testing::internal::GetCapturedStderr();
    return code;
  }
  /// Found, repaired, and then clean.
  void expect_repaired(const std::string& line) {
    EXPECT_EQ(fsck(), 1) << err_;
    EXPECT_THAT(out_,
                testing::AllOf(testing::HasSubstr(line), testing::Not(testing::HasSubstr("(repaired)"))));
    EXPECT_EQ(fsck({.repair = true}), 0) << out_ << err_;
    EXPECT_THAT(out_, testing::HasSubstr(line + " (repaired)"));
    EXPECT_EQ(fsck(), 0) << out_;
  }

  std::string out_;
  std::string err_;
};

}  // namespace bao::cli
