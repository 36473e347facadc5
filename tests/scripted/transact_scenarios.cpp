#include <utility>

#include "core/engine/transact.hpp"
#include "scripted/trouble_scenarios.hpp"

// Transactions over several items.
namespace bao::scripted {

namespace {

using Kind = core::TransactAction::Kind;

void seed_users_and_doc(TableDouble& table) {
  for (const auto& [id, email] : {std::pair{"1", "a@x"}, std::pair{"2", "b@x"}}) {
    const auto user =
        table.create("User", {table.set("User", "userId", id), table.set("User", "email", email)});
    ASSERT_TRUE(user) << user.error().message();
  }
  const auto doc = table.create("Doc", {table.set("Doc", "docId", "d1"), table.set("Doc", "status", "new")});
  ASSERT_TRUE(doc) << doc.error().message();
}

core::TransactAction action(TableDouble& table, Kind kind, std::string_view model, std::string id,
                            std::vector<core::Change> changes = {}) {
  return {.kind = kind,
          .model = &table.model(model),
          .key = {.partition = std::move(id), .sort = {}},
          .changes = std::move(changes),
          .base = {},
          .options = {}};
}

Outcome transact(TableDouble& table, const std::vector<core::TransactAction>& actions) {
  const auto done =
      table.run<core::Transacted>([&](core::Call& call) { return core::transact(call, actions); });
  if (!done) return {.error = done.error(), .value = {}};
  std::string value;
  for (const core::Written& written : done->items) value += text_of(written.item, "_pk") + ",";
  return {.error = std::nullopt, .value = value};
}

Outcome write_all_kinds(TableDouble& table) {
  return transact(table, {action(table, Kind::create, "Doc", "", {table.set("Doc", "docId", "d2")}),
                          action(table, Kind::update, "User", "1", {table.set("User", "email", "c@x")}),
                          action(table, Kind::remove, "User", "2"), action(table, Kind::check, "Doc", "d1")});
}

Outcome swap_emails(TableDouble& table) {
  return transact(table, {action(table, Kind::update, "User", "1", {table.set("User", "email", "b@x")}),
                          action(table, Kind::update, "User", "2", {table.set("User", "email", "a@x")})});
}

Outcome one_fails(TableDouble& table) {
  return transact(table, {action(table, Kind::update, "User", "1", {table.set("User", "email", "c@x")}),
                          action(table, Kind::create, "Doc", "", {table.set("Doc", "docId", "d1")})});
}

Outcome change_parts(TableDouble& table) {
  core::Change part = table.set("Post", "meta", 1);
  part.kind = core::Change::Kind::set_path;
  part.path = {"a", "b"};
  return transact(table, {action(table, Kind::update, "Post", "p1", {part}),
                          action(table, Kind::update, "User", "1", {table.set("User", "email", "c@x")})});
}

}  // namespace

std::vector<Scenario> transactions() {
  return {
      {"transact all kinds", seed_users_and_doc, write_all_kinds},
      {"transact a swap of unique values", seed_users_and_doc, swap_emails, true},
      {"transact what fails", seed_users_and_doc, one_fails, true},
      {"transact parts of what is missing",
       [](TableDouble& table) {
         seed_users_and_doc(table);
         const auto post = table.create("Post", {table.set("Post", "postId", "p1")});
         ASSERT_TRUE(post) << post.error().message();
       },
       change_parts},
  };
}

}  // namespace bao::scripted
