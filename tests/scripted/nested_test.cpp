#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "core/engine/transact.hpp"
#include "core/expression/path.hpp"
#include "core/value/json_writer.hpp"
#include "scripted/conversation.hpp"
#include "scripted/table_double.hpp"

// Changes of parts of maps and lists.
namespace bao::scripted {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Kind = core::Change::Kind;
using Path = std::vector<PathStep>;

const char* const post =
    R"({"_pk":{"S":"p#p1"},"_sk":{"S":"p"},"postId":{"S":"p1"},"meta":{"M":{"a":{"M":{"x":{"N":"1"}}}}},)"
    R"("steps":{"L":[{"S":"one"},{"M":{"n":{"N":"2"}}}]}})";
const char* const no_path =
    R"({"__type":"com.amazon.coral.validate#ValidationException","message":"The document path provided in the )"
    R"(update expression is invalid for update"})";

core::Change part(std::uint32_t field, Kind kind, Path path, Value value = {}) {
  core::Change change;
  change.field = field;
  change.kind = kind;
  change.path = std::move(path);
  change.value = std::move(value);
  return change;
}

class Nested : public testing::Test {
 protected:
  core::Change set(Path path, Value value) { return part(meta, Kind::set_path, std::move(path), value); }
  core::Change remove(Path path) { return part(meta, Kind::remove_path, std::move(path)); }

  Conversation talk;
  std::uint32_t meta = *talk.model("Post").field_index("meta");
  std::uint32_t steps = *talk.model("Post").field_index("steps");
};

TEST_F(Nested, PartsAreWrittenOneByOne) {
  auto changed =
      talk.update("Post", "p1",
                  {set({"a", "x"}, 2), remove({"b"}), part(steps, Kind::set_path, {std::size_t{1}, "n"}, 3),
                   part(steps, Kind::append_path, {std::size_t{0}, "more"}, Value::List{Value("z")})});
  talk.expect_request(
      "UpdateItem",
      HasSubstr(R"j("UpdateExpression":"SET #n0.#n1.#n2 = :v0, #n4[1].#n5 = :v1, )j"
                R"j(#n4[0].#n6 = list_append(if_not_exists(#n4[0].#n6, :v2), :v3) REMOVE #n0.#n3")j"));
  talk.answer("{\"Attributes\":" + std::string(post) + "}");
  talk.expect_complete(changed);
  EXPECT_TRUE(changed->value().item);
  talk.expect_nothing();
}

TEST_F(Nested, WhatIsSoAlreadySendsNothing) {
  auto changed = talk.update(
      "Post", "p1",
      {set({"a", "x"}, 1), remove({"b"}), remove({"c", "d"}),
       part(steps, Kind::set_path, {std::size_t{1}, "n"}, 2),
       part(steps, Kind::remove_path, {std::size_t{2}}), part(meta, Kind::append_path, {"e"}, Value::List())},
      item_of(post));
  talk.expect_complete(changed);
  EXPECT_EQ(text_of(changed->value().item, "_pk"), "p#p1");
  talk.expect_nothing();
}

TEST_F(Nested, ALostPartIsSentAgain) {
  auto changed = talk.update("Post", "p1", {set({"a", "x"}, 2)});
  const std::string body = talk.expect_request("UpdateItem").request.body;
  talk.lost();
  talk.wait_for_retry();
  talk.expect_request("UpdateItem", body);
  talk.answer("{\"Attributes\":" + std::string(post) + "}");
  talk.expect_complete(changed);
  EXPECT_TRUE(changed->value().item);
}

TEST_F(Nested, ALostAppendIsNotSentAgain) {
  for (const bool as_whole : {false, true}) {
    Conversation talk;
    auto changed =
        talk.update("Post", "p1", {part(meta, Kind::append_path, {"l"}, Value::List{Value(1)})},
                    as_whole ? item_of(R"({"_pk":{"S":"p#p1"},"postId":{"S":"p1"}})") : core::ItemRef());
    talk.expect_request("UpdateItem",
                        as_whole ? HasSubstr("attribute_not_exists") : HasSubstr("list_append"));
    talk.lost();
    talk.expect_complete(changed);
    EXPECT_EQ(changed->error().code(), ErrorCode::ambiguous_write);
    talk.expect_nothing();
  }
}

TEST_F(Nested, WhatIsMissingOnTheWayIsMade) {
  auto changed = talk.update("Post", "p1", {set({"b", "c", "x"}, 2), remove({"b", "d"})});
  talk.expect_request("UpdateItem", HasSubstr("SET #n0.#n1.#n2.#n3 = :v0"));
  talk.respond(400, no_path);
  talk.expect_request("GetItem", HasSubstr(R"("ConsistentRead":true)"));
  talk.answer("{\"Item\":" + std::string(post) + "}");
  // The whole field, on condition that it is as it was read.
  talk.expect_request(
      "UpdateItem",
      AllOf(HasSubstr(R"j("UpdateExpression":"SET #n0 = :v0")j"), HasSubstr("(#n0 = :v1)"),
            HasSubstr(R"(":v0":{"M":{"a":{"M":{"x":{"N":"1"}}},"b":{"M":{"c":{"M":{"x":{"N":"2"}}}}}}})")));
  // Another writer came between.
  talk.respond(400,
               R"({"__type":"x#ConditionalCheckFailedException","Item":{"_pk":{"S":"p#p1"},"_sk":{"S":"p"},)"
               R"("meta":{"M":{"z":{"S":"other"}}}}})");
  talk.wait_for_retry();
  // And another one, while this one waited.
  talk.expect_request("GetItem", HasSubstr(R"("ConsistentRead":true)"));
  talk.answer(R"({"Item":{"_pk":{"S":"p#p1"},"_sk":{"S":"p"},"meta":{"M":{"z":{"S":"theirs"}}}}})");
  talk.expect_request("UpdateItem",
                      AllOf(HasSubstr(R"("z":{"S":"theirs"})"), HasSubstr(R"("c":{"M":{"x":{"N":"2"}}})")));
  talk.answer("{\"Attributes\":" + std::string(post) + "}");
  talk.expect_complete(changed);
  EXPECT_TRUE(changed->value().item);
}

TEST_F(Nested, AnItemThatIsSeenToLackThemNeedsNoRefusal) {
  auto changed = talk.update("Post", "p1", {set({"b"}, 2)}, item_of(R"({"_pk":{"S":"p#p1"}})"));
  talk.expect_request("UpdateItem", AllOf(HasSubstr("attribute_not_exists(#n0)"),
                                          HasSubstr(R"(:v0":{"M":{"b":{"N":"2"}}})")));
  // It has them by now: the part alone.
  talk.respond(400, R"({"__type":"x#ConditionalCheckFailedException","Item":)" + std::string(post) + "}");
  talk.expect_request("UpdateItem", HasSubstr(R"j("UpdateExpression":"SET #n0.#n1 = :v0")j"));
  talk.answer("{\"Attributes\":" + std::string(post) + "}");
  talk.expect_complete(changed);
  EXPECT_TRUE(changed->value().item);
}

TEST_F(Nested, TroubleWhileLookingIsReported) {
  for (const int trouble : {0, 1, 2}) {
    Conversation talk;
    auto changed = talk.update("Post", "p1", {set({"b", "c"}, 2)});
    talk.expect_request("UpdateItem");
    talk.respond(400, no_path);
    talk.expect_request("GetItem");
    if (trouble == 0) {
      talk.answer("{}");  // deleted meanwhile
      talk.expect_complete(changed);
      EXPECT_EQ(changed->error().code(), ErrorCode::item_not_found);
    } else if (trouble == 1) {
      talk.fault(400, "AccessDeniedException");
      talk.expect_complete(changed);
      EXPECT_EQ(changed->error().code(), ErrorCode::service);
    } else {
      talk.lost();
      talk.wait_for_retry();
      talk.expect_request("GetItem");
      talk.answer("{\"Item\":" + std::string(post) + "}");
      talk.expect_request("UpdateItem", HasSubstr(R"("b":{"M":{"c":{"N":"2"}}})"));
      // Refused again: for something else then.
      talk.fault(400, "ValidationException", "Item size to update has exceeded the maximum allowed size");
      talk.expect_complete(changed);
      EXPECT_EQ(changed->error().code(), ErrorCode::service);
      EXPECT_THAT(changed->error().details().service_text, HasSubstr("exceeded"));
    }
    talk.expect_nothing();
  }
}

TEST_F(Nested, SomethingElseOnTheWayIsNamed) {
  auto changed = talk.update("Post", "p1", {set({"a", "x", "y"}, 2)});
  talk.expect_request("UpdateItem");
  talk.respond(400, no_path);
  talk.expect_request("GetItem");
  talk.answer("{\"Item\":" + std::string(post) + "}");
  talk.expect_complete(changed);
  EXPECT_EQ(changed->error().code(), ErrorCode::validation);
  EXPECT_EQ(changed->error().details().field, "meta");
  EXPECT_THAT(changed->error().message(), HasSubstr("Post.meta.a.x is a number, not a map"));
  talk.expect_nothing();
}

struct Refused {
  std::vector<core::Change> changes;
  const char* message;
};

TEST_F(Nested, MistakesAreNamedAndSendNothing) {
  const auto title = *talk.model("Post").field_index("title");
  Value deep = 1;
  for (int level = 0; level < 32; ++level) deep = Value(Value::List{deep});
  const std::vector<Refused> cases = {
      {{set({"a"}, 1), set({"a", "x"}, 2)}, "Post.meta.a.x and 'meta.a' overlap"},
      {{remove({"a", "x"}), set({"a"}, 1), set({"b"}, 1)}, "meta.a.x and 'meta.a' overlap"},
      {{set({"a"}, 1), set({"a"}, 2)}, "Post.meta.a is changed twice"},
      {{set({"a"}, Value(std::numeric_limits<double>::infinity()))}, "Post.meta.a holds the number 'inf'"},
      {{set({"a"}, Value::Map{{"s", Value(Value::StringSet{""})}})}, "empty set or set member"},
      {{set({"a"}, deep)}, "32 levels"},
      {{set({"a", ""}, 1)}, "a key in the path is empty"},
      {{set({std::size_t{1}}, 1)}, "a part of a map is named by its key"},
      {{part(steps, Kind::set_path, {"a"}, 1)}, "a part of a list is named by its position"},
      {{set({}, 1)}, "the path has no steps"},
      {{part(meta, Kind::append_path, {}, Value::List())}, "the path has no steps"},
      {{part(steps, Kind::append_path, {}, 1)}, "takes a list of elements"},
      {{part(title, Kind::set_path, {"a"}, 1)}, "only maps and lists have parts"},
      {{set({"a"}, 1), part(meta, Kind::set, {}, Value::Map())}, "changed twice"},
  };
  for (const Refused& refused : cases) {
    SCOPED_TRACE(refused.message);
    auto changed = talk.update("Post", "p1", refused.changes);
    talk.expect_complete(changed);
    EXPECT_EQ(changed->error().code(), ErrorCode::validation);
    EXPECT_EQ(changed->error().details().model, "Post");
    EXPECT_FALSE(changed->error().details().field.empty());
    EXPECT_THAT(changed->error().message(), HasSubstr(refused.message));
    talk.expect_nothing();
  }
}

TEST_F(Nested, ANewItemHasNoPartsToChange) {
  auto made = talk.create(
      "Post", {core::Change{*talk.model("Post").field_index("postId"), Kind::set, "p1"}, set({"a"}, 1)});
  talk.expect_complete(made);
  EXPECT_EQ(made->error().code(), ErrorCode::validation);
}

TEST_F(Nested, TheCacheHasTheMergedItem) {
  TableDouble table;
  const auto scope = std::make_shared<core::Scope>();
  ASSERT_TRUE(table.create("Post", {table.set("Post", "postId", "p1"),
                                    table.set("Post", "meta", Value::Map{{"kept", Value("k")}})}));
  const auto changed = table.run<core::Written>(
      [&](core::Call& call) {
        return core::update(call, table.model("Post"), {.partition = "p1", .sort = {}},
                            {set({"new", "x"}, 5)}, {}, {});
      },
      scope);
  ASSERT_TRUE(changed) << changed.error().message();
  const std::size_t before = table.requests();
  const auto found = table.run<core::Found>(
      [&](core::Call& call) { return core::find_by_id(call, table.model("Post"), "p1", {}); }, scope);
  ASSERT_TRUE(found);
  EXPECT_EQ(table.requests(), before);
  EXPECT_EQ(found->entry->item.attribute("meta").to_value(),
            Value(Value::Map{{"kept", Value("k")}, {"new", Value(Value::Map{{"x", Value(5)}})}}));
}

// What is written whole has to come out as what DynamoDB makes of the parts.
TEST_F(Nested, TheWholeIsWhatThePartsMake) {
  const Value list(Value::List{Value(0), Value(1), Value(Value::Map{{"k", Value(2)}}), Value(3)});
  const std::vector<core::Change> changes = {
      part(steps, Kind::remove_path, {std::size_t{0}}),
      part(steps, Kind::remove_path, {std::size_t{3}}),
      part(steps, Kind::set_path, {std::size_t{1}}, "one"),
      part(steps, Kind::set_path, {std::size_t{2}, "k"}, "two"),
      part(steps, Kind::set_path, {std::size_t{9}}, "ninth"),
      part(steps, Kind::set_path, {std::size_t{7}}, "seventh"),
      part(steps, Kind::remove_path, {std::size_t{4}}),
  };
  std::vector<std::string> ends;
  for (const bool as_whole : {false, true}) {
    TableDouble table;
    ASSERT_TRUE(table.create("Post", {table.set("Post", "postId", "p1"), table.set("Post", "steps", list)}));
    std::vector<core::Change> all = changes;
    if (as_whole) all.push_back(set({"made", "on", "the way"}, 1));
    // Without the map that is missing only the parts are written: both fields are written whole with it.
    const auto changed = table.update("Post", "p1", all);
    ASSERT_TRUE(changed) << changed.error().message();
    std::string json;
    core::JsonWriter(json).item({{"steps", table.stored("Post", "p1").attribute("steps").to_value()}});
    ends.push_back(json);
  }
  EXPECT_EQ(ends[0], ends[1]);
  EXPECT_THAT(ends[0], HasSubstr(R"([{"S":"one"},{"M":{"k":{"S":"two"}}},{"S":"seventh"},{"S":"ninth"}])"));
}

// Random values, and changes of their parts that do not overlap.
class Chance {
 public:
  explicit Chance(std::uint32_t seed) : random_(seed) {}

  std::size_t below(std::size_t end) { return random_() % end; }
  Value value(int depth) {
    switch (depth > 3 ? 0 : below(3)) {
      case 1: {
        Value::Map map;
        for (std::size_t left = below(4); left > 0; --left) map.insert_or_assign(key(), value(depth + 1));
        return map;
      }
      case 2: {
        Value::List list;
        for (std::size_t left = below(4); left > 0; --left) list.push_back(value(depth + 1));
        return list;
      }
      default:
        return {static_cast<int>(below(10))};
    }
  }
  // Along what is there, and mostly no further than one step behind it.
  Path path(const Value& whole) {
    Path path;
    const Value* at = &whole;
    do {
      const auto* const list = at == nullptr ? nullptr : at->get_if<Value::List>();
      const auto* const map = at == nullptr ? nullptr : at->get_if<Value::Map>();
      if (list != nullptr) {
        const std::size_t position = below(list->size() + 2);
        path.emplace_back(position);
        at = position < list->size() ? &(*list)[position] : nullptr;
      } else {
        const std::string step = key();
        path.emplace_back(step);
        at = map != nullptr && map->contains(step) ? &map->find(step)->second : nullptr;
      }
    } while (at != nullptr && below(3) != 0);
    return path;
  }

 private:
  std::string key() { return std::string(1, static_cast<char>('a' + below(4))); }

  std::mt19937 random_;
};

TEST_F(Nested, TheWholeIsWhatThePartsMakeWhateverTheyAre) {
  const char* const given = std::getenv("BAO_NESTED_SEED");
  const auto seed = given != nullptr ? static_cast<std::uint32_t>(std::atoi(given)) : std::random_device()();
  std::printf("BAO_NESTED_SEED=%u\n", seed);
  Chance chance(seed);
  int compared = 0;
  for (int round = 0; round < 300; ++round) {
    Value::Map map{{"a", chance.value(0)}, {"b", chance.value(0)}, {"c", chance.value(0)}};
    std::vector<core::Change> changes;
    for (std::size_t left = 1 + chance.below(5); left > 0; --left) {
      core::Change change = set(chance.path(map), chance.value(2));
      const std::size_t kind = chance.below(3);
      if (kind == 1) change = remove(change.path);
      if (kind == 2) change = part(meta, Kind::append_path, change.path, Value::List{change.value});
      const bool overlaps = std::ranges::any_of(
          changes, [&](const core::Change& other) { return core::overlap(other.path, change.path); });
      if (!overlaps) changes.push_back(std::move(change));
    }
    std::vector<Value> ends;
    for (const bool as_whole : {false, true}) {
      TableDouble table;
      ASSERT_TRUE(table.create("Post", {table.set("Post", "postId", "p1"), table.set("Post", "meta", map)}));
      std::vector<core::Change> all = changes;
      if (as_whole) all.push_back(set({"missing", "made"}, 1));
      const auto changed = table.update("Post", "p1", all);
      if (!changed) {
        EXPECT_EQ(changed.error().code(), ErrorCode::validation) << changed.error().message();
        ends.emplace_back("refused");
        continue;
      }
      Value end = table.stored("Post", "p1").attribute("meta").to_value();
      end.get_if<Value::Map>()->erase("missing");
      ends.push_back(std::move(end));
      compared += as_whole ? 1 : 0;
    }
    ASSERT_EQ(ends[0], ends[1]) << "round " << round;
  }
  EXPECT_GT(compared, 50);
}

TEST_F(Nested, InATransaction) {
  for (const bool missing : {false, true}) {
    TableDouble table;
    ASSERT_TRUE(table.create("Post", {table.set("Post", "postId", "p1"),
                                      table.set("Post", "meta", Value::Map{{"kept", Value("k")}})}));
    ASSERT_TRUE(table.create("Post", {table.set("Post", "postId", "p2")}));
    const Path path = missing ? Path{"a", "b"} : Path{"b"};
    const auto update = [&](std::string id) {
      return core::TransactAction{.kind = core::TransactAction::Kind::update,
                                  .model = &table.model("Post"),
                                  .key = {.partition = std::move(id), .sort = {}},
                                  .changes = {set(path, 1)}};
    };
    const std::vector<core::TransactAction> actions{update("p1"), update("p2")};
    const auto done =
        table.run<core::Transacted>([&](core::Call& call) { return core::transact(call, actions); });
    ASSERT_TRUE(done) << done.error().message();
    Value made(1);
    if (missing) made = Value(Value::Map{{"b", Value(1)}});
    const std::string key = missing ? "a" : "b";
    EXPECT_EQ(table.stored("Post", "p1").attribute("meta").to_value(),
              Value(Value::Map{{"kept", Value("k")}, {key, made}}));
    EXPECT_EQ(table.stored("Post", "p2").attribute("meta").to_value(), Value(Value::Map{{key, made}}));
    EXPECT_EQ(done->items[0].item.attribute("meta").to_value(),
              table.stored("Post", "p1").attribute("meta").to_value());
  }
}

}  // namespace
}  // namespace bao::scripted
