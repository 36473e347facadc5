#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bao/bao.hpp>
#include <mutex>
#include <string>
#include <vector>

// Two hand-written models, and a client of the embedded engine that counts what it sends.
namespace bao::face {

struct UserFields {
  bao::Field<bao::Ulid> userId{};
  bao::Field<std::string> name{};
  bao::Field<std::string> email{};
  bao::Field<std::int64_t> age{};
  bao::Field<bao::StringSet> tags{};
  bao::Field<bao::Timestamp> createdAt{};
};
class User : public bao::Model<User, UserFields> {
 public:
  using Model::Model;
  static constexpr auto userId = bao::field<&UserFields::userId>({.auto_assign = true});
  static constexpr auto name = bao::field<&UserFields::name>({.required = true});
  static constexpr auto email = bao::field<&UserFields::email>();
  static constexpr auto age = bao::field<&UserFields::age>();
  static constexpr auto tags = bao::field<&UserFields::tags>();
  static constexpr auto createdAt = bao::create_date<&UserFields::createdAt>();
  static bao::ModelInfo describe() {
    return bao::schema("User", "u")
        .fields(userId, name, email, age, tags, createdAt)
        .primary_key(userId)
        .unique("uniqueEmail", 1, email);
  }
};

struct PostFields {
  bao::Field<bao::Ulid> postId{};
  bao::Field<bao::Related<User>> author{};
  bao::Field<std::string> title{};
  bao::Field<bao::Counter> likes{};
  bao::Field<std::int64_t> rank{};
  bao::Field<std::string> kind{};
};
class Post : public bao::Model<Post, PostFields> {
 public:
  using Model::Model;
  static constexpr auto postId = bao::field<&PostFields::postId>({.auto_assign = true});
  static constexpr auto author = bao::field<&PostFields::author>({.related_model = "User"});
  static constexpr auto title = bao::field<&PostFields::title>();
  static constexpr auto likes = bao::field<&PostFields::likes>();
  static constexpr auto rank = bao::field<&PostFields::rank>();
  static constexpr auto kind = bao::field<&PostFields::kind>({.default_value = "note", .name = "class"});
  static bao::ModelInfo describe() {
    return bao::schema("Post", "p")
        .fields(postId, author, title, likes, rank, kind)
        .primary_key(postId)
        .index("byAuthor", bao::gsi1, author, rank);
  }
};

/// Runs tasks on an embedded engine of its own.
class FaceTest : public testing::Test {
 protected:
  static Config config(std::vector<std::string>* sent, bool strict = false) {
    return {.models = {&User::model_info(), &Post::model_info()},
            .aws = {.endpoint = "memory:"},
            .batch_context = {.require_batch_context = strict},
            .log = {.level = LogLevel::debug, .sink = [sent](LogLevel, std::string_view line) {
                      if (sent == nullptr || !line.contains("sent ")) return;
                      const std::string_view rest = line.substr(line.find("sent ") + 5);
                      sent->emplace_back(rest.substr(0, rest.find(' ')));
                    }}};
  }
  template <class Function>
  auto run(Function function) {
    return sync_wait(client, with_context(client.context(), std::move(function)));
  }
  /// What was sent since the last call.
  std::vector<std::string> sent_now() { return std::exchange(sent, {}); }

  std::vector<std::string> sent;
  Client client = init_models(config(&sent));
};

}  // namespace bao::face
