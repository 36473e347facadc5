#include "scripted/trouble_scenarios.hpp"

#include <utility>

namespace bao::scripted {

namespace {

Outcome outcome_of(const Result<core::Written>& written) {
  if (!written) return {.error = written.error(), .value = {}};
  return {.error = std::nullopt, .value = text_of(written->item, "_pk")};
}

Outcome outcome_of(const Result<core::Found>& found) {
  if (!found) return {.error = found.error(), .value = {}};
  return {.error = std::nullopt, .value = text_of(found->entry->item, "_pk")};
}

Outcome outcome_of(const Result<core::Page>& page) {
  if (!page) return {.error = page.error(), .value = {}};
  std::string value = std::to_string(page->count) + ":";
  for (const core::ItemRef& item : page->items) value += text_of(item, "_pk") + ",";
  return {.error = std::nullopt, .value = value + (page->last_evaluated_key.is_null() ? "end" : "more")};
}

void must(const Result<core::Written>& written) {
  ASSERT_TRUE(written) << written.error().message();
}

void seed_user(TableDouble& table, const std::string& id, const std::string& email,
               const std::string& handle) {
  must(table.create("User", {table.set("User", "userId", id), table.set("User", "email", email),
                             table.set("User", "handle", handle)}));
}

void seed_post(TableDouble& table) {
  core::Change tags = table.set("Post", "tags", {});
  tags.value = Value(Value::StringSet{"a", "b"});
  must(table.create("Post", {table.set("Post", "postId", "p1"), table.set("Post", "userId", "u1"),
                             table.set("Post", "createdAt", 7), table.set("Post", "title", "t"),
                             table.set("Post", "rank", 3), tags}));
}

void seed_meta(TableDouble& table) {
  must(table.create("Post", {table.set("Post", "postId", "p1"),
                             table.set("Post", "meta", Value::Map{{"there", Value(0)}})}));
}

void seed_doc(TableDouble& table) {
  must(table.create("Doc", {table.set("Doc", "docId", "d1"), table.set("Doc", "status", "new"),
                            table.set("Doc", "title", "t")}));
}

void seed_posts(TableDouble& table) {
  for (int post = 100; post < 107; ++post) {
    must(table.create("Post", {table.set("Post", "postId", std::to_string(post)),
                               table.set("Post", "userId", "u1"), table.set("Post", "createdAt", post)}));
  }
}

core::Change add_to(TableDouble& table, std::string_view model, std::string_view field, int by) {
  core::Change change = table.set(model, field, by);
  change.kind = core::Change::Kind::increment;
  return change;
}

core::Change edit(TableDouble& table, Value::StringSet added, Value::StringSet deleted) {
  core::Change change = table.set("Post", "tags", {});
  change.kind = core::Change::Kind::edit_members;
  change.added = std::move(added);
  change.deleted = std::move(deleted);
  return change;
}

core::Change part(TableDouble& table, core::Change::Kind kind, std::vector<PathStep> path, Value value) {
  core::Change change = table.set("Post", "meta", std::move(value));
  change.kind = kind;
  change.path = std::move(path);
  return change;
}

// A unique row of user 2, who is not there, or no longer holds the value.
void leave_row(TableDouble& table, const std::string& which, const std::string& value) {
  const std::string pk = "_raft_uc#" + which + ":" + value;
  table.direct("PutItem", R"({"TableName":"tab","Item":{"_pk":{"S":")" + pk +
                              R"("},"_sk":{"S":"_raft_uc"},"uniqueValue":{"S":")" + pk +
                              R"("},"relatedId":{"S":"2"},"relatedModel":{"S":"User"}}})");
}

// As an item is that was written before its model had unique constraints: without their rows.
void seed_old_user(TableDouble& table) {
  table.direct("PutItem",
               R"({"TableName":"tab","Item":{"_pk":{"S":"u#1"},"_sk":{"S":"u"},"userId":{"S":"1"},)"
               R"("email":{"S":"a@x"},"handle":{"S":"ada"}}})");
}

Outcome create_ada(TableDouble& table) {
  return outcome_of(table.create("User", {table.set("User", "userId", "1"), table.set("User", "email", "a@x"),
                                          table.set("User", "handle", "ada")}));
}

Outcome find_many(TableDouble& table, const std::shared_ptr<core::Scope>& scope) {
  std::vector<std::string> ids;
  for (int id = 0; id < 250; ++id) ids.push_back(std::to_string(id));
  const auto many = table.run<core::FoundMany>(
      [&](core::Call& call) { return core::batch_find(call, table.model("Post"), ids, {}); }, scope);
  if (!many) return {.error = many.error(), .value = {}};
  std::string value;
  for (const auto& [id, found] : many->items) {
    if (found.entry->item) value += id + ",";
  }
  return {.error = std::nullopt, .value = value};
}

Outcome query_posts(TableDouble& table, core::QueryOptions options) {
  return outcome_of(table.run<core::Page>([&](core::Call& call) {
    return core::query(call, table.model("Post"), "byUser", Value("u1"), {}, options);
  }));
}

Outcome find_post(TableDouble& table, const std::shared_ptr<core::Scope>& scope) {
  return outcome_of(table.run<core::Found>(
      [&](core::Call& call) { return core::find_by_id(call, table.model("Post"), "p1", {}); }, scope));
}

const auto nothing = [](TableDouble&) {};

}  // namespace

std::vector<Scenario> reads() {
  return {
      {"find", seed_post, [](TableDouble& table) { return find_post(table, nullptr); }},
      {"find in a scope", seed_post,
       [](TableDouble& table) { return find_post(table, std::make_shared<core::Scope>()); }},
      {"batch_find of 250", seed_posts, [](TableDouble& table) { return find_many(table, nullptr); }},
      {"batch_find of 250 in a scope", seed_posts,
       [](TableDouble& table) { return find_many(table, std::make_shared<core::Scope>()); }},
      {"find by unique value", [](TableDouble& table) { seed_user(table, "1", "a@x", "ada"); },
       [](TableDouble& table) {
         return outcome_of(table.run<core::Found>([&](core::Call& call) {
           return core::find_unique(call, table.model("User"), "uniqueEmail", Value("a@x"), {});
         }));
       }},
      {"query a page", seed_posts, [](TableDouble& table) { return query_posts(table, {.limit = 3}); }},
      {"query all", seed_posts,
       [](TableDouble& table) { return query_posts(table, {.limit = std::nullopt}); }},
      {"query with a filter", seed_posts,
       [](TableDouble& table) {
         return query_posts(table, {.filter = compare("createdAt", Comparison::gt, 103), .attributes = {}});
       }},
      {"count", seed_posts,
       [](TableDouble& table) { return query_posts(table, {.limit = std::nullopt, .count_only = true}); }},
  };
}

std::vector<Scenario> creates() {
  return {
      {"create with a nonce", nothing,
       [](TableDouble& table) {
         return outcome_of(table.create("Event", {table.set("Event", "kind", "k")}));
       }},
      {.name = "create without one",
       .seed = nothing,
       .act =
           [](TableDouble& table) {
             return outcome_of(table.create(
                 "Comment", {table.set("Comment", "postId", "p"), table.set("Comment", "commentId", "c")}));
           },
       .may_be_ambiguous = true},
      {"create what exists", seed_doc,
       [](TableDouble& table) { return outcome_of(table.create("Doc", {table.set("Doc", "docId", "d1")})); },
       true},
      {"create with unique values", nothing, create_ada},
      {"create with a value that is taken", [](TableDouble& table) { seed_user(table, "2", "a@x", "bob"); },
       create_ada},
      {.name = "take over from an item that is gone",
       .seed = [](TableDouble& table) { leave_row(table, "_uc1#u#email", "a@x"); },
       .act = create_ada,
       .seed_disagrees = true},
      {.name = "take over from an item that holds another value",
       .seed =
           [](TableDouble& table) {
             seed_user(table, "2", "b@x", "bob");
             leave_row(table, "_uc1#u#email", "a@x");
           },
       .act = create_ada,
       .seed_disagrees = true},
      {.name = "take two values over from one expired item",
       .seed =
           [](TableDouble& table) {
             must(table.create("User", {table.set("User", "userId", "2"), table.set("User", "email", "a@x"),
                                        table.set("User", "handle", "ada"),
                                        table.set("User", "ttl", Value(std::int64_t{1'700'000'000'000}))}));
           },
       .act = create_ada},
  };
}

namespace {

// The item as it was loaded before somebody else changed it.
Outcome update_stale(TableDouble& table, std::string_view model, const std::string& id,
                     const std::vector<core::Change>& theirs, const std::vector<core::Change>& ours) {
  const core::ItemRef stale = table.stored(model, id);
  // The other writer is another process: no trouble meets it.
  TableDouble::Quiet quiet(table);
  must(table.update(model, id, theirs));
  quiet.end();
  return outcome_of(table.update(model, id, ours, stale));
}

}  // namespace

std::vector<Scenario> updates() {
  const auto one_user = [](TableDouble& table) { seed_user(table, "1", "a@x", "ada"); };
  return {
      {"update", seed_post,
       [](TableDouble& table) {
         return outcome_of(table.update("Post", "p1", {table.set("Post", "title", "new")}));
       }},
      {"update what is not there", nothing,
       [](TableDouble& table) {
         return outcome_of(table.update("Post", "p1", {table.set("Post", "title", "new")}));
       }},
      {"update half an index key", seed_post,
       [](TableDouble& table) {
         return outcome_of(table.update("Post", "p1", {table.set("Post", "userId", "u2")}));
       }},
      {"update half an index key of a stale item", seed_post,
       [](TableDouble& table) {
         return update_stale(table, "Post", "p1", {table.set("Post", "createdAt", 9)},
                             {table.set("Post", "userId", "u2")});
       }},
      {"take an item out of an index", seed_post,
       [](TableDouble& table) {
         return outcome_of(table.update("Post", "p1", {table.set("Post", "userId", {})}));
       }},
      {"change a unique value", one_user,
       [](TableDouble& table) {
         return outcome_of(table.update("User", "1", {table.set("User", "email", "b@x")}));
       }},
      {"change a unique value of a stale item", one_user,
       [](TableDouble& table) {
         return update_stale(table, "User", "1", {table.set("User", "email", "b@x")},
                             {table.set("User", "email", "c@x")});
       }},
      {"change a unique value of an item whose ttl changed", one_user,
       [](TableDouble& table) {
         return update_stale(table, "User", "1",
                             {table.set("User", "ttl", Value(std::int64_t{1'900'000'000'000}))},
                             {table.set("User", "email", "c@x")});
       }},
      {"write a unique value again", one_user,
       [](TableDouble& table) {
         return outcome_of(table.update(
             "User", "1", {table.set("User", "email", "a@x"), table.set("User", "name", "Ada")}));
       }},
      {.name = "write the unique values of an item that is older than their constraints",
       .seed = seed_old_user,
       .act =
           [](TableDouble& table) {
             return outcome_of(table.update(
                 "User", "1", {table.set("User", "email", "a@x"), table.set("User", "handle", "ada")}));
           },
       .seed_disagrees = true},
      {.name = "force_reindex of an item that is older than its unique constraints",
       .seed = seed_old_user,
       .act =
           [](TableDouble& table) {
             return outcome_of(table.update("User", "1", {}, {}, {.condition = {}, .force_reindex = true}));
           },
       .seed_disagrees = true},
      {.name = "force_reindex of an item whose unique value is another's",
       .seed =
           [](TableDouble& table) {
             seed_old_user(table);
             seed_user(table, "2", "a@x", "bob");
           },
       .act =
           [](TableDouble& table) {
             return outcome_of(table.update("User", "1", {}, {}, {.condition = {}, .force_reindex = true}));
           },
       .seed_disagrees = true},
      {"clear a unique value", one_user,
       [](TableDouble& table) {
         return outcome_of(table.update("User", "1", {table.set("User", "email", {})}));
       }},
      {"change the ttl of an item with unique values", one_user,
       [](TableDouble& table) {
         return outcome_of(
             table.update("User", "1", {table.set("User", "ttl", Value(std::int64_t{1'900'000'000'000}))}));
       }},
      {"change the ttl of an item that gained a unique value",
       [](TableDouble& table) { must(table.create("User", {table.set("User", "userId", "1")})); },
       [](TableDouble& table) {
         return update_stale(table, "User", "1", {table.set("User", "email", "b@x")},
                             {table.set("User", "ttl", Value(std::int64_t{1'900'000'000'000}))});
       }},
      {"increment", seed_post,
       [](TableDouble& table) {
         return outcome_of(table.update("Post", "p1", {add_to(table, "Post", "likes", 2)}));
       },
       true},
      {"increment an indexed counter", seed_post,
       [](TableDouble& table) {
         return outcome_of(table.update("Post", "p1", {add_to(table, "Post", "rank", 2)}));
       },
       true},
      {"increment an indexed counter of a stale item", seed_post,
       [](TableDouble& table) {
         return update_stale(table, "Post", "p1", {add_to(table, "Post", "rank", 5)},
                             {add_to(table, "Post", "rank", 2)});
       },
       true},
      {"increment with a version", seed_doc,
       [](TableDouble& table) {
         return outcome_of(table.update("Doc", "d1", {add_to(table, "Doc", "opened", 2)}));
       },
       true},
      {"add members", seed_post,
       [](TableDouble& table) { return outcome_of(table.update("Post", "p1", {edit(table, {"c"}, {})})); }},
      {"delete members", seed_post,
       [](TableDouble& table) { return outcome_of(table.update("Post", "p1", {edit(table, {}, {"a"})})); }},
      {"add and delete members", seed_post,
       [](TableDouble& table) {
         return outcome_of(table.update("Post", "p1", {edit(table, {"c"}, {"a"})}));
       }},
      {"set a part", seed_meta,
       [](TableDouble& table) {
         return outcome_of(
             table.update("Post", "p1", {part(table, core::Change::Kind::set_path, {"there"}, 1)}));
       }},
      {"set a part of what is missing", seed_post,
       [](TableDouble& table) {
         return outcome_of(
             table.update("Post", "p1", {part(table, core::Change::Kind::set_path, {"a", "b"}, 1)}));
       }},
      {"set a part of what a stale item lacks", seed_post,
       [](TableDouble& table) {
         return update_stale(table, "Post", "p1", {table.set("Post", "meta", Value::Map{{"x", Value(1)}})},
                             {part(table, core::Change::Kind::set_path, {"b"}, 1)});
       }},
      {"append", seed_meta,
       [](TableDouble& table) {
         return outcome_of(table.update(
             "Post", "p1", {part(table, core::Change::Kind::append_path, {"l"}, Value::List{Value(1)})}));
       },
       true},
      {"append to what is missing", seed_post,
       [](TableDouble& table) {
         return outcome_of(table.update(
             "Post", "p1", {part(table, core::Change::Kind::append_path, {"l"}, Value::List{Value(1)})}));
       },
       true},
      {"update on a condition", seed_post,
       [](TableDouble& table) {
         return outcome_of(table.update("Post", "p1", {table.set("Post", "title", "new")}, {},
                                        {.condition = compare("title", Comparison::eq, "t")}));
       },
       true},
      {"update on a condition that is not met", seed_post,
       [](TableDouble& table) {
         return outcome_of(table.update("Post", "p1", {table.set("Post", "title", "new")}, {},
                                        {.condition = compare("title", Comparison::eq, "x")}));
       },
       true},
      {"update on the version", seed_doc,
       [](TableDouble& table) {
         const core::ItemRef base = table.stored("Doc", "d1");
         return outcome_of(
             table.update("Doc", "d1", {table.set("Doc", "title", "new")}, base,
                          {.condition = compare("version", Comparison::eq, text_of(base, "version"))}));
       },
       true},
      {.name = "force_reindex",
       .seed =
           [](TableDouble& table) {
             seed_post(table);
             table.direct(
                 "UpdateItem",
                 R"j({"TableName":"tab","Key":{"_pk":{"S":"p#p1"},"_sk":{"S":"p"}},)j"
                 R"j("UpdateExpression":"REMOVE #a","ExpressionAttributeNames":{"#a":"_gsi1_pk"}})j");
           },
       .act =
           [](TableDouble& table) {
             return outcome_of(table.update("Post", "p1", {}, {}, {.condition = {}, .force_reindex = true}));
           },
       .seed_disagrees = true},
  };
}

std::vector<Scenario> removals() {
  const auto one_user = [](TableDouble& table) { seed_user(table, "1", "a@x", "ada"); };
  return {
      {.name = "delete",
       .seed = seed_post,
       .act = [](TableDouble& table) { return outcome_of(table.remove("Post", "p1")); },
       .gone_is_done = true},
      {.name = "delete what is not there",
       .seed = nothing,
       .act = [](TableDouble& table) { return outcome_of(table.remove("Post", "p1")); },
       .gone_is_done = true},
      {"delete on a condition", seed_post,
       [](TableDouble& table) {
         return outcome_of(
             table.remove("Post", "p1", {}, {.condition = compare("title", Comparison::eq, "t")}));
       },
       true},
      {"delete with unique values", one_user,
       [](TableDouble& table) { return outcome_of(table.remove("User", "1")); }},
      {"delete a stale item with unique values", one_user,
       [](TableDouble& table) {
         const core::ItemRef stale = table.stored("User", "1");
         TableDouble::Quiet quiet(table);
         must(table.update("User", "1", {table.set("User", "email", "b@x")}));
         quiet.end();
         return outcome_of(table.remove("User", "1", stale));
       }},
      {.name = "delete an item whose unique row is another's",
       .seed =
           [](TableDouble& table) {
             seed_user(table, "1", "a@x", "ada");
             leave_row(table, "_uc1#u#email", "a@x");
           },
       .act = [](TableDouble& table) { return outcome_of(table.remove("User", "1")); },
       .seed_disagrees = true},
  };
}

}  // namespace bao::scripted
