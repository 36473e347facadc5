#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <expected>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "cli/commands.hpp"
#include "cli/line_files.hpp"

namespace bao::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view models = R"(# The models: bao codegen
models:
  User:
    modelPrefix: u
    fields:
      userId: { type: UlidField, autoAssign: true }
      name: { type: StringField, required: true }
      email: { type: StringField, required: true }
      createdAt: { type: CreateDateField }
    primaryKey: { partitionKey: userId }
    uniqueConstraints:
      uniqueEmail: { field: email, uniqueConstraintId: uc1 }

  Post:
    modelPrefix: p
    fields:
      postId: { type: UlidField, autoAssign: true }
      userId: { type: RelatedField, model: User, required: true }
      title: { type: StringField, required: true }
      createdAt: { type: CreateDateField }
    primaryKey: { partitionKey: postId }
    indexes:
      # user.queryPosts()
      postsForUser: { partitionKey: userId, sortKey: createdAt, indexId: gsi1 }
)";

struct Answers {
  std::string table = "dynamo-bao-dev";
  std::string region = "us-west-2";
};

int fail(const std::string& message) {
  std::fprintf(stderr, "bao: %s\n", message.c_str());
  return 1;
}

/// Letters, digits and `-_.`, as the names of tables and regions; nothing that YAML could read as something
/// else.
bool is_name(std::string_view text) {
  constexpr std::size_t size_max = 255;  // of a table's name
  return text.size() >= 3 && text.size() <= size_max &&
         text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") ==
             std::string_view::npos;
}

std::expected<void, std::string> ask(const char* what, std::string& value) {
  std::printf("%s [%s]: ", what, value.c_str());
  std::fflush(stdout);
  std::string answer;
  if (!std::getline(std::cin, answer)) {
    std::printf("\n");
    return std::unexpected("nothing was written: there was no answer (--yes takes the defaults)");
  }
  if (answer.empty()) return {};
  if (!is_name(answer)) return std::unexpected("nothing was written: '" + answer + "' is no such name");
  value = answer;
  return {};
}

std::string config_text(const Answers& answers) {
  return "# What `bao` takes where its arguments say nothing.\naws:\n  region: \"" + answers.region +
         "\"\ndb:\n  tableName: \"" + answers.table +
         "\"\npaths:\n  modelDefinitionsPath: models.yaml\n  modelsDir: models\ncodegen:\n  language: cpp\n";
}

/// Never replaces a file, not even one that has just come.
std::expected<void, std::string> write_new(const fs::path& place, std::string_view text) {
  const FileHandle file(std::fopen(place.c_str(), "wbx"));
  if (!file && errno == EEXIST) {
    std::printf("%s is there already\n", place.filename().c_str());
    return {};
  }
  const auto cannot = [&place](int code) {
    return std::unexpected(place.string() + ": cannot be written: " + std::generic_category().message(code));
  };
  if (!file) return cannot(errno);
  if (std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() || std::fflush(file.get()) != 0) {
    const int code = errno;
    std::error_code ignored;
    fs::remove(place, ignored);  // the next run would take what is cut off for the user's
    return cannot(code);
  }
  std::printf("wrote %s\n", place.filename().c_str());
  return {};
}

}  // namespace

int run(const InitCommand& command) {
  Answers answers;
  if (!command.confirmed) {
    if (auto asked = ask("Name of the DynamoDB table", answers.table); !asked) return fail(asked.error());
    if (auto asked = ask("AWS region", answers.region); !asked) return fail(asked.error());
  }
  if (auto done = write_new(command.folder / "bao.yaml", config_text(answers)); !done)
    return fail(done.error());
  if (auto done = write_new(command.folder / "models.yaml", models); !done) return fail(done.error());
  std::printf("Next: bao codegen, and bao create-table\n");
  return 0;
}

}  // namespace bao::cli
