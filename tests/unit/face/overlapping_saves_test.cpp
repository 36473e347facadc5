#include <chrono>
#include <map>
#include <string>

#include "unit/face/models.hpp"

// What happens to an instance while a save of it is under way.
namespace bao::face {
namespace {

struct Price {
  std::int64_t cents = 0;
  bool operator==(const Price&) const = default;
};

}  // namespace
}  // namespace bao::face

template <>
struct bao::FieldTraits<bao::face::Price> {
  static constexpr FieldType type = FieldType::integer;
  static Value write(bao::face::Price price) { return Value(price.cents); }
  static bool read(const AttributeView& stored, FieldType, bao::face::Price& price) {
    return stored.to_int64(price.cents);
  }
};

namespace bao::face {
namespace {

using testing::ElementsAre;
using testing::Pair;
using testing::UnorderedElementsAre;

struct ThingFields {
  bao::Field<bao::Ulid> thingId{};
  bao::Field<std::string> text{};
  bao::Field<std::int64_t> other{};
  bao::Field<bao::Counter> count{};
  bao::Field<bao::StringSet> tags{};
  bao::Field<std::map<std::string, std::int64_t>> ratings{};
  bao::Field<std::vector<std::string>> lines{};
  bao::Field<Price> price{};
};
class Thing : public bao::Model<Thing, ThingFields> {
 public:
  using Model::Model;
  static constexpr auto thingId = bao::field<&ThingFields::thingId>({.auto_assign = true});
  static constexpr auto text = bao::field<&ThingFields::text>();
  static constexpr auto other = bao::field<&ThingFields::other>();
  static constexpr auto count = bao::field<&ThingFields::count>();
  static constexpr auto tags = bao::field<&ThingFields::tags>();
  static constexpr auto ratings = bao::field<&ThingFields::ratings>();
  static constexpr auto lines = bao::field<&ThingFields::lines>();
  static constexpr auto price = bao::field<&ThingFields::price>();
  static bao::ModelInfo describe() {
    return bao::schema("Thing", "t")
        .fields(thingId, text, other, count, tags, ratings, lines, price)
        .primary_key(thingId);
  }
};

// Writes are slow, so that what runs beside one is over before it ends.
class OverlappingSavesTest : public testing::Test {
 protected:
  template <class Function>
  auto run(Function function) {
    return sync_wait(client, with_context(client.context(), std::move(function)));
  }
  /// Saves the thing and edits it meanwhile.
  template <class Edit>
  static Task<void> save_and(Thing thing, Edit edit) {
    const auto beside = [&]() -> Task<void> {
      edit();
      co_return;
    };
    co_await all(thing.save(), beside());
  }
  static Task<Thing> stored(Thing thing) { co_return co_await Thing::find(thing.primary_id()); }
  static Config config(std::vector<std::string>* sent) {
    return {.models = {&Thing::model_info()},
            .aws = {.endpoint = "memory:"},
            .db = {.faults = R"({"rules": [{"fault": "latency", "operation": "UpdateItem", "delayMs": 20},
                                          {"fault": "latency", "operation": "PutItem", "delayMs": 20}]})"},
            .log = {.level = LogLevel::debug, .sink = [sent](LogLevel, std::string_view line) {
                      if (!line.contains("sent ")) return;
                      const std::string_view rest = line.substr(line.find("sent ") + 5);
                      sent->emplace_back(rest.substr(0, rest.find(' ')));
                    }}};
  }

  std::vector<std::string> sent;
  Client client = init_models(config(&sent));
};

TEST_F(OverlappingSavesTest, WhatChangesMeanwhileStaysAChange) {
  run([&]() -> Task<void> {
    Thing thing =
        co_await Thing::create({.text = "a", .other = 1, .count = 1, .tags = {"x"}, .price = Price{1}});
    thing->text = "saved";
    co_await save_and(thing, [&] {
      thing->text = "edited";
      thing->other = 2;
      thing->count.increment(5);
      thing->tags.insert("t");
      thing->tags.erase("x");
      thing->price = Price{7};
    });
    EXPECT_TRUE(thing.has_changes());
    EXPECT_EQ(*thing->text, "edited");
    EXPECT_EQ(*thing->count, 6);
    const Thing between = co_await stored(thing);
    EXPECT_EQ(*between->text, "saved");
    EXPECT_EQ(*between->other, 1);
    EXPECT_EQ(*between->count, 1);
    EXPECT_THAT(*between->tags, ElementsAre("x"));
    EXPECT_EQ(between->price->cents, 1);

    // Increments and members are sent as such: what others do is not undone.
    co_await Thing::update(thing.primary_id(), {.count = bao::increment(100)});
    Thing theirs = co_await stored(thing);
    theirs->tags.insert("theirs");
    co_await theirs.save();
    co_await thing.save();
    EXPECT_FALSE(thing.has_changes());
    const Thing after = co_await stored(thing);
    EXPECT_EQ(*after->text, "edited");
    EXPECT_EQ(*after->other, 2);
    EXPECT_EQ(*after->count, 106);
    EXPECT_THAT(*after->tags, UnorderedElementsAre("t", "theirs"));
    EXPECT_EQ(after->price->cents, 7);
  });
}

TEST_F(OverlappingSavesTest, TheContextKeepsTheInstanceThatChanges) {
  run([&]() -> Task<void> {
    co_await run_with_batch_context([]() -> Task<void> {
      Thing thing = co_await Thing::create({.text = "a"});
      thing->text = "saved";
      co_await save_and(thing, [&] { thing->text = "edited"; });
      const Thing found = co_await Thing::find(thing.primary_id());
      EXPECT_TRUE(found.same_instance(thing));
      EXPECT_EQ(*found->text, "edited");
    });
  });
}

TEST_F(OverlappingSavesTest, WhatIsNotTouchedMeanwhileIsAsItWasStored) {
  run([&]() -> Task<void> {
    Thing thing = co_await Thing::create({.text = "a", .other = 1, .count = 1});
    co_await Thing::update(thing.primary_id(), {.other = 9, .count = bao::increment(10)});
    thing->count.increment(1);
    co_await save_and(thing, [&] { thing->text = "edited"; });
    EXPECT_EQ(*thing->other, 9);
    EXPECT_EQ(*thing->count, 12);
    EXPECT_FALSE(thing->count.changed());
    EXPECT_FALSE(thing->other.changed());
    EXPECT_TRUE(thing->text.changed());
    // Back to what it was, which is no longer what is stored.
    thing->text = "b";
    co_await save_and(thing, [&] { thing->text = "a"; });
    EXPECT_TRUE(thing->text.changed());
    co_await thing.save();
    EXPECT_EQ(*(co_await stored(thing))->text, "a");
    // The same again is no change.
    thing->text = "c";
    co_await save_and(thing, [&] {
      thing->text = "d";
      thing->text = "c";
      thing->count.increment(1);
      thing->count.increment(-1);
    });
    EXPECT_FALSE(thing.has_changes());
  });
}

TEST_F(OverlappingSavesTest, PartsThatChangeMeanwhileStayParts) {
  run([&]() -> Task<void> {
    Thing thing = co_await Thing::create(
        {.ratings = std::map<std::string, std::int64_t>{{"a", 1}}, .lines = std::vector<std::string>{"one"}});
    thing->ratings["b"] = 2;
    thing->lines.push_back("two");
    co_await save_and(thing, [&] {
      thing->ratings["c"] = 3;
      thing->ratings["b"] = 22;
      thing->lines.push_back("three");
    });
    EXPECT_THAT(*thing->ratings, ElementsAre(Pair("a", 1), Pair("b", 22), Pair("c", 3)));
    Thing theirs = co_await stored(thing);
    EXPECT_THAT(*theirs->ratings, ElementsAre(Pair("a", 1), Pair("b", 2)));
    theirs->ratings["theirs"] = 4;
    theirs->lines.push_back("theirs");
    co_await theirs.save();
    co_await thing.save();
    EXPECT_FALSE(thing.has_changes());
    const Thing after = co_await stored(thing);
    EXPECT_THAT(*after->ratings, ElementsAre(Pair("a", 1), Pair("b", 22), Pair("c", 3), Pair("theirs", 4)));
    EXPECT_THAT(*after->lines, ElementsAre("one", "two", "theirs", "three"));
  });
}

TEST_F(OverlappingSavesTest, ANewInstanceKeepsWhatChangesWhileItIsCreated) {
  run([&]() -> Task<void> {
    Thing thing({.text = "new",
                 .count = 10,
                 .tags = {"x"},
                 .ratings = std::map<std::string, std::int64_t>{{"a", 1}},
                 .lines = std::vector<std::string>{"one"}});
    co_await save_and(thing, [&] {
      thing->count.increment(5);
      thing->tags.insert("y");
      thing->ratings["b"] = 2;
      thing->lines[0] = "first";
      thing->lines.push_back("last");
      thing->price = Price{3};
    });
    EXPECT_TRUE(thing.exists());
    EXPECT_TRUE(thing.has_changes());
    co_await Thing::update(thing.primary_id(), {.count = bao::increment(100)});
    co_await thing.save();
    const Thing after = co_await stored(thing);
    EXPECT_EQ(*after->text, "new");
    EXPECT_EQ(*after->count, 115);
    EXPECT_THAT(*after->tags, UnorderedElementsAre("x", "y"));
    EXPECT_THAT(*after->ratings, ElementsAre(Pair("a", 1), Pair("b", 2)));
    EXPECT_THAT(*after->lines, ElementsAre("first", "last"));
    EXPECT_EQ(after->price->cents, 3);
  });
}

TEST_F(OverlappingSavesTest, FieldsThatAreReplacedMeanwhileAreReplaced) {
  run([&]() -> Task<void> {
    Thing thing = co_await Thing::create({.text = "a", .count = 1, .tags = {"x"}});
    thing->count.increment(1);
    thing->tags.insert("y");
    thing->ratings["a"] = 1;
    co_await save_and(thing, [&] {
      thing->text = nullptr;
      thing->count = 50;
      thing->tags = StringSet{"z"};
      thing->ratings = std::map<std::string, std::int64_t>{{"z", 9}};
    });
    co_await Thing::update(thing.primary_id(), {.count = bao::increment(100)});
    co_await thing.save();
    const Thing after = co_await stored(thing);
    EXPECT_FALSE(after->text);
    EXPECT_EQ(*after->count, 50);
    EXPECT_THAT(*after->tags, ElementsAre("z"));
    EXPECT_THAT(*after->ratings, ElementsAre(Pair("z", 9)));
  });
}

TEST_F(OverlappingSavesTest, ATransactionKeepsThemToo) {
  run([&]() -> Task<void> {
    Thing thing = co_await Thing::create({.text = "a", .count = 1});
    thing->count.increment(1);
    Transaction transaction;
    transaction.save(thing);
    thing->count.increment(10);  // `save` took what there was
    const auto beside = [&]() -> Task<void> {
      thing->text = "edited";
      co_return;
    };
    co_await all(transact(std::move(transaction)), beside());
    EXPECT_EQ(*(co_await stored(thing))->count, 2);
    EXPECT_EQ(*thing->count, 12);
    co_await thing.save();
    EXPECT_EQ(*(co_await stored(thing))->count, 12);
    EXPECT_EQ(*(co_await stored(thing))->text, "edited");
  });
}

TEST_F(OverlappingSavesTest, SavesOfOneInstanceFollowOneAnother) {
  run([&]() -> Task<void> {
    Thing thing = co_await Thing::create({.count = 0});
    sent.clear();
    thing->count.increment(1);
    co_await all(thing.save(), thing.save());
    EXPECT_EQ(*(co_await stored(thing))->count, 1);
    EXPECT_THAT(sent, ElementsAre("UpdateItem", "GetItem"));  // nothing was left for the second

    sent.clear();
    thing->count.increment(1);
    const auto later = [&]() -> Task<void> {
      thing->count.increment(1);
      thing->text = "later";
      co_await thing.save();
    };
    co_await all(thing.save(), later(), later());
    EXPECT_FALSE(thing.has_changes());
    EXPECT_EQ(*(co_await stored(thing))->count, 4);
    EXPECT_THAT(sent, ElementsAre("UpdateItem", "UpdateItem", "GetItem"));

    // Of a new one, the second does not create it again.
    Thing fresh({.count = 1});
    const auto more = [&]() -> Task<void> {
      fresh->count.increment(1);
      co_await fresh.save();
    };
    co_await all(fresh.save(), more());
    EXPECT_EQ(*(co_await stored(fresh))->count, 2);

    // Also with a transaction, whichever comes first.
    for (const bool first : {true, false}) {
      thing->count = 0;
      co_await thing.save();
      thing->count.increment(1);
      Transaction transaction;
      transaction.save(thing);
      transaction.save(fresh);
      if (first) {
        co_await all(thing.save(), transact(std::move(transaction)));
      } else {
        co_await all(transact(std::move(transaction)), thing.save());
      }
      EXPECT_EQ(*(co_await stored(thing))->count, 1);
    }
  });
}

TEST_F(OverlappingSavesTest, TransactionsDoNotWaitForOneAnother) {
  run([&]() -> Task<void> {
    Thing a = co_await Thing::create({.count = 0});
    Thing b = co_await Thing::create({.count = 0});
    a->count.increment(1);
    b->count.increment(1);
    Transaction one;
    one.save(a);
    one.save(b);
    Transaction other;
    other.save(b);
    other.save(a);
    co_await all(transact(std::move(one)), transact(std::move(other)));
    EXPECT_EQ(*(co_await stored(a))->count, 1);
    EXPECT_EQ(*(co_await stored(b))->count, 1);
  });
}

TEST_F(OverlappingSavesTest, WhatASaveCouldNotWriteIsLeftForTheNext) {
  run([&]() -> Task<void> {
    Thing thing = co_await Thing::create({.count = 0});
    thing->count.increment(1);
    const auto meanwhile = [&]() -> Task<void> {
      thing->count.increment(1);
      co_return;
    };
    auto [first, none] = co_await all(thing.save({.condition = Thing::count > 5}).as_result(), meanwhile());
    EXPECT_EQ(first.error().code(), ErrorCode::conditional);
    EXPECT_EQ(*thing->count, 2);
    auto [again, second] =
        co_await all(thing.save({.condition = Thing::count > 5}).as_result(), thing.save().as_result());
    EXPECT_FALSE(again);
    EXPECT_TRUE(second);
    EXPECT_FALSE(thing.has_changes());
    EXPECT_EQ(*(co_await stored(thing))->count, 2);
  });
}

TEST_F(OverlappingSavesTest, OneThatIsGivenUpLetsTheNextGoOn) {
  run([&]() -> Task<void> {
    Thing thing = co_await Thing::create({.count = 0});
    thing->count.increment(1);
    std::stop_source stop;
    const auto stopping = [&]() -> Task<void> {
      stop.request_stop();
      co_return;
    };
    auto [first, second, none] = co_await all(with_stop_token(stop.get_token(), thing.save().as_result()),
                                              thing.save().as_result(), stopping());
    EXPECT_FALSE(first);
    EXPECT_TRUE(second);
    EXPECT_FALSE(thing.has_changes());
  });
}

TEST_F(OverlappingSavesTest, ARemovalFollowsTheSaveThatIsUnderWay) {
  run([&]() -> Task<void> {
    Thing thing = co_await Thing::create({.count = 0});
    sent.clear();
    thing->count.increment(1);
    co_await all(thing.save(), thing.remove_item());
    EXPECT_THAT(sent, ElementsAre("UpdateItem", "DeleteItem"));
    EXPECT_FALSE((co_await stored(thing)).exists());

    // Of a new one: its id is made by the save.
    Thing fresh({.text = "new"});
    co_await all(fresh.save(), fresh.remove_item());
    EXPECT_FALSE(fresh.primary_id().empty());
    EXPECT_FALSE((co_await stored(fresh)).exists());

    // What comes behind the removal finds nothing to save.
    Thing last = co_await Thing::create({.count = 0});
    last->count.increment(1);
    auto [removed, saved] = co_await all(last.remove_item().as_result(), last.save().as_result());
    EXPECT_TRUE(removed);
    EXPECT_EQ(saved.error().code(), ErrorCode::item_not_found);

    // In a transaction, too.
    Thing other = co_await Thing::create({.count = 0});
    other->count.increment(1);
    Transaction transaction;
    transaction.remove_item(other);
    sent.clear();
    co_await all(other.save(), transact(std::move(transaction)));
    EXPECT_THAT(sent, ElementsAre("UpdateItem", "TransactWriteItems"));
    EXPECT_FALSE((co_await stored(other)).exists());
  });
}

TEST_F(OverlappingSavesTest, AHookBeforeARemovalCannotSaveTheInstance) {
  Thing thing({.text = "a"});
  Result<void> saved;
  Thing::register_plugin(client,
                         {.before_delete = [&](const std::string&, const HookOptions<Thing>&) -> Task<void> {
                           thing->text = "by the hook";
                           saved = co_await thing.save().as_result();
                         }});
  run([&]() -> Task<void> {
    co_await thing.save();
    co_await thing.remove_item();
    EXPECT_EQ(saved.error().code(), ErrorCode::validation);
    EXPECT_EQ(saved.error().details().primary_id, thing.primary_id());
  });
}

TEST_F(OverlappingSavesTest, AHookBeforeASaveCannotSaveTheInstance) {
  Thing thing({.text = "a"});
  Thing::register_plugin(client, {.before_save = [&](ThingFields&, const HookOptions<Thing>&) -> Task<void> {
                           co_await thing.save();
                         }});
  run([&]() -> Task<void> {
    const Result<void> refused = co_await thing.save().as_result();
    EXPECT_EQ(refused.error().code(), ErrorCode::validation);
    EXPECT_EQ(refused.error().details().model, "Thing");
    EXPECT_FALSE(thing.exists());
  });
}

TEST_F(OverlappingSavesTest, AHookAfterASaveCan) {
  int runs = 0;
  Thing::register_plugin(client, {.after_save = [&](Thing& saved, const HookOptions<Thing>&) -> Task<void> {
                           if (++runs > 1) co_return;
                           saved->text = "by the hook";
                           co_await saved.save();
                         }});
  run([&]() -> Task<void> {
    Thing thing({.text = "a"});
    co_await thing.save();
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(*(co_await stored(thing))->text, "by the hook");
  });
}

// Hooks that save one another's instances: one of them is refused, instead of both waiting for ever.
TEST_F(OverlappingSavesTest, HooksDoNotWaitForOneAnother) {
  for (const int circle : {2, 3}) {
    std::vector<Thing> things;
    std::vector<Result<void>> inner;
    client = init_models(config(&sent));
    Thing::register_plugin(
        client, {.before_save = [&](ThingFields& changes, const HookOptions<Thing>& options) -> Task<void> {
          if (options.is_new || !options.note.has_value()) co_return;
          const int next = (std::any_cast<int>(options.note) + 1) % circle;
          // The saves of all of them are under way.
          co_await Thing::find(things[0].primary_id());
          things[static_cast<std::size_t>(next)]->other = 7;
          inner.push_back(co_await things[static_cast<std::size_t>(next)].save().as_result());
          changes.text = "by the hook";
        }});
    run([&]() -> Task<void> {
      for (int i = 0; i < circle; ++i) things.push_back(co_await Thing::create({.text = "a"}));
      std::vector<Task<Result<void>>> saves;
      const auto save = [&](int i) -> Task<Result<void>> {
        Thing& thing = things[static_cast<std::size_t>(i)];
        thing->count.increment(1);
        co_return co_await thing.save({.note = i}).as_result();
      };
      for (int i = 0; i < circle; ++i) saves.push_back(save(i));
      const std::vector<Result<void>> saved = co_await all(std::move(saves));
      for (const Result<void>& one : saved) EXPECT_TRUE(one);
    });
    int refused = 0;
    for (const Result<void>& one : inner) {
      if (one) continue;
      ++refused;
      EXPECT_EQ(one.error().code(), ErrorCode::validation);
      EXPECT_EQ(one.error().details().model, "Thing");
      EXPECT_FALSE(one.error().details().primary_id.empty());
      EXPECT_THAT(one.error().message(), testing::HasSubstr("wait"));
    }
    EXPECT_EQ(inner.size(), static_cast<std::size_t>(circle));
    EXPECT_EQ(refused, 1);
    run([&]() -> Task<void> {
      for (const Thing& thing : things) EXPECT_EQ(*(co_await stored(thing))->count, 1);
    });
  }
}

// A transaction has several turns: those it has count while it waits for the rest.
TEST_F(OverlappingSavesTest, ATransactionAndAHookDoNotWaitForOneAnother) {
  run([&]() -> Task<void> {
    Thing a = co_await Thing::create({.text = "a"});
    Thing b = co_await Thing::create({.text = "b"});
    for (const bool swapped : {false, true}) {
      Thing& of_hook = swapped ? b : a;
      Thing& of_both = swapped ? a : b;
      std::optional<Result<void>> inner;
      Thing::register_plugin(
          client, {.before_save = [&](ThingFields&, const HookOptions<Thing>& options) -> Task<void> {
            if (!options.note.has_value() || inner) co_return;
            co_await Thing::find(a.primary_id());
            of_hook->text = "by the hook";
            inner = co_await of_hook.save().as_result();
          }});
      of_hook->other = swapped ? 1 : 2;
      of_both->other = swapped ? 1 : 2;
      Transaction transaction;
      transaction.save(of_hook);
      transaction.save(of_both);
      auto [saved, written] =
          co_await all(of_both.save({.note = 1}).as_result(), transact(std::move(transaction)).as_result());
      EXPECT_TRUE(saved);
      EXPECT_TRUE(written);
      EXPECT_EQ(*(co_await stored(of_both))->other, swapped ? 1 : 2);
      EXPECT_EQ(*(co_await stored(of_hook))->other, swapped ? 1 : 2);
      EXPECT_TRUE(inner.has_value());
    }
  });
}

}  // namespace
}  // namespace bao::face
