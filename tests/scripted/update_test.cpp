#include "scripted/conversation.hpp"

namespace bao::scripted {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const char* const post_item =
    R"({"_pk":{"S":"p#p1"},"_sk":{"S":"p"},"postId":{"S":"p1"},"userId":{"S":"u1"},"createdAt":{"N":"7"},)"
    R"("title":{"S":"t"},"rank":{"N":"3"},"likes":{"N":"1"}})";

TEST(Update, ChangesOneFieldOnConditionThatTheItemIsThere) {
  Conversation talk;
  auto changed = talk.update("Post", "p1", {set(talk, "Post", "title", "new")});
  talk.expect_request(
      "UpdateItem",
      R"j({"TableName":"tab","ReturnConsumedCapacity":"TOTAL","Key":{"_pk":{"S":"p#p1"},"_sk":{"S":"p"}},)j"
      R"j("UpdateExpression":"SET #n0 = :v0","ConditionExpression":"(attribute_exists(#n1))",)j"
      R"j("ExpressionAttributeNames":{"#n0":"title","#n1":"_pk"},"ExpressionAttributeValues":{":v0":{"S":"new"}},)j"
      R"j("ReturnValues":"ALL_NEW","ReturnValuesOnConditionCheckFailure":"ALL_OLD"})j");
  talk.answer(R"({"Attributes":)" + std::string(post_item) + R"(,"ConsumedCapacity":{"CapacityUnits":2}})");
  talk.expect_complete(changed);
  EXPECT_EQ(text_of(changed->value().item, "userId"), "u1");
  EXPECT_EQ(changed->value().capacity.write, 2);
  talk.expect_nothing();
}

TEST(Update, WithoutAChangeSendsNothing) {
  Conversation talk;
  auto changed = talk.update("Post", "p1", {set(talk, "Post", "title", "t")}, item_of(post_item));
  talk.expect_complete(changed);
  EXPECT_EQ(text_of(changed->value().item, "title"), "t");
  talk.expect_nothing();
}

TEST(Update, WithoutAChangeAsksItsCondition) {
  for (const bool holds : {true, false}) {
    Conversation talk;
    auto changed = talk.update("Post", "p1", {}, {}, {.condition = compare("likes", Comparison::gt, 3)});
    talk.expect_request("UpdateItem",
                        AllOf(HasSubstr("ConditionExpression"), Not(HasSubstr("UpdateExpression"))));
    if (holds) {
      talk.answer(R"({"Attributes":)" + std::string(post_item) + "}");
    } else {
      talk.respond(400,
                   R"({"__type":"x#ConditionalCheckFailedException","Item":)" + std::string(post_item) + "}");
    }
    talk.expect_complete(changed);
    ASSERT_EQ(changed->slot->has_value(), holds);
    if (holds) {
      EXPECT_EQ(text_of(changed->value().item, "userId"), "u1");
    } else {
      EXPECT_EQ(changed->error().code(), ErrorCode::conditional);
    }
  }
}

TEST(Update, AMissingItemIsAnErrorAlsoWithACondition) {
  for (const bool conditioned : {false, true}) {
    Conversation talk;
    core::WriteOptions options;
    if (conditioned) options.condition = compare("likes", Comparison::gt, 3);
    auto changed = talk.update("Post", "p1", {set(talk, "Post", "title", "new")}, {}, options);
    talk.expect_request("UpdateItem");
    talk.fault(400, "ConditionalCheckFailedException");
    talk.expect_request("GetItem", HasSubstr(R"("ConsistentRead":true)"));
    talk.answer("{}");
    talk.expect_complete(changed);
    EXPECT_EQ(changed->error().code(), ErrorCode::item_not_found);
    EXPECT_EQ(changed->error().details().primary_id, "p1");
  }
}

TEST(Update, AFieldOfTheKeyCannotChange) {
  Conversation talk;
  auto changed = talk.update("Post", "p1", {set(talk, "Post", "postId", "p2")});
  talk.expect_complete(changed);
  EXPECT_EQ(changed->error().code(), ErrorCode::validation);
  EXPECT_EQ(changed->error().details().field, "postId");
  talk.expect_nothing();
}

TEST(Update, OneFieldTwiceIsRefused) {
  Conversation talk;
  auto changed =
      talk.update("Post", "p1", {set(talk, "Post", "likes", 5), increment(talk, "Post", "likes", 1)});
  talk.expect_complete(changed);
  EXPECT_EQ(changed->error().code(), ErrorCode::validation);
  talk.expect_nothing();
}

TEST(UpdateIndex, HalfAKeyTakesTheOtherFromTheItemOnCondition) {
  Conversation talk;
  auto changed = talk.update("Post", "p1", {set(talk, "Post", "userId", "u2")}, item_of(post_item));
  talk.expect_request(
      "UpdateItem",
      AllOf(HasSubstr(R"({"S":"p#gsi1#u2"})"), HasSubstr(R"({"S":"00000000000000000007"})"),
            HasSubstr(R"j("(attribute_exists(#n3)) AND (#n4 = :v3)")j"), HasSubstr(R"("#n4":"createdAt")")));
  // Somebody changed the half that the key was made from: planned again, from the item as it is now.
  talk.respond(400,
               R"({"__type":"x#ConditionalCheckFailedException","Item":{"_pk":{"S":"p#p1"},"_sk":{"S":"p"},)"
               R"("postId":{"S":"p1"},"userId":{"S":"u1"},"createdAt":{"N":"9"}}})");
  talk.expect_request("UpdateItem", HasSubstr(R"({"S":"00000000000000000009"})"));
  talk.answer("{\"Attributes\":" + std::string(post_item) + "}");
  talk.expect_complete(changed);
}

TEST(UpdateIndex, WithoutTheLoadedItemItIsReadFirst) {
  Conversation talk;
  auto changed = talk.update("Post", "p1", {set(talk, "Post", "userId", "u2")});
  talk.expect_request("GetItem", HasSubstr(R"("ConsistentRead":true)"));
  talk.answer("{\"Item\":" + std::string(post_item) + "}");
  talk.expect_request("UpdateItem", HasSubstr("p#gsi1#u2"));
  talk.answer("{\"Attributes\":" + std::string(post_item) + "}");
  talk.expect_complete(changed);
}

TEST(UpdateIndex, AnItemWithoutTheOtherHalfIsAValidationError) {
  Conversation talk;
  auto changed = talk.update("Post", "p1", {set(talk, "Post", "userId", "u2")},
                             item_of(R"({"_pk":{"S":"p#p1"},"_sk":{"S":"p"},"postId":{"S":"p1"}})"));
  talk.expect_complete(changed);
  EXPECT_EQ(changed->error().code(), ErrorCode::validation);
  EXPECT_THAT(changed->error().message(), testing::EndsWith("Include both fields or use forceReindex"));
}

TEST(UpdateIndex, WhatASaveSetsByItselfNeedsNoOtherHalf) {
  Conversation talk;
  auto changed = talk.update("Doc", "d1", {set(talk, "Doc", "title", "new")},
                             item_of(R"({"_pk":{"S":"d#d1"},"_sk":{"S":"d"},"docId":{"S":"d1"}})"));
  talk.expect_request("UpdateItem", HasSubstr("REMOVE"));
  talk.answer("{}");
  talk.expect_complete(changed);
}

TEST(UpdateIndex, WritersThatNeverAgreeGiveUp) {
  Conversation talk;
  auto changed = talk.update("Post", "p1", {set(talk, "Post", "userId", "u2")}, item_of(post_item));
  for (int tries = 1; tries <= core::conflict_tries_max; ++tries) {
    talk.expect_request("UpdateItem");
    talk.respond(
        400,
        R"({"__type":"x#ConditionalCheckFailedException","Item":{"_pk":{"S":"p#p1"},"userId":{"S":"u1"},)"
        R"("createdAt":{"N":")" +
            std::to_string(100 + tries) + "\"}}}");
    if (tries == 1 || tries == core::conflict_tries_max) continue;
    talk.wait_for_retry();
    talk.expect_request("GetItem");
    talk.answer("{\"Item\":" + std::string(post_item) + "}");
  }
  talk.expect_complete(changed);
  EXPECT_EQ(changed->error().code(), ErrorCode::conditional);
  talk.expect_nothing();
}

// Others are quicker, the table is not overloaded: the waits must not grow to the seconds that throttling
// asks for, or a write whose rivals need milliseconds ends by its deadline.
TEST(UpdateIndex, AWriterThatLosesWaitsForASecondAtMost) {
  Conversation talk;
  talk.random.value = 19'999;
  auto changed = talk.update("Post", "p1", {set(talk, "Post", "userId", "u2")}, item_of(post_item));
  for (int tries = 1; tries <= core::conflict_tries_max; ++tries) {
    SCOPED_TRACE(tries);
    talk.expect_request("UpdateItem");
    talk.respond(400, R"({"__type":"x#ConditionalCheckFailedException","Item":{"_pk":{"S":"p#p1"},)"
                      R"("userId":{"S":"u1"},"createdAt":{"N":")" +
                          std::to_string(100 + tries) + "\"}}}");
    if (tries == 1 || tries == core::conflict_tries_max) continue;
    talk.expect_timer(0, 1'000);
    talk.fire_timer();
    talk.expect_request("GetItem");
    talk.answer("{\"Item\":" + std::string(post_item) + "}");
  }
  talk.expect_complete(changed);
  EXPECT_EQ(changed->error().code(), ErrorCode::conditional) << changed->error().message();
}

// What was met before a wait is older than the wait: planned from that, every further try would lose, too,
// where others write more often than it tries. (The simulation found it, seed 41.)
TEST(UpdateIndex, AWriterThatWaitedLooksAtTheItemAgain) {
  for (const char* read :
       {R"("Item":{"_pk":{"S":"p#p1"},"userId":{"S":"u1"},"createdAt":{"N":"8"}})", "", "?"}) {
    SCOPED_TRACE(read);
    Conversation talk;
    auto changed = talk.update("Post", "p1", {set(talk, "Post", "userId", "u2")}, item_of(post_item));
    for (const char* met : {"6", "7"}) {
      talk.expect_request("UpdateItem");
      talk.respond(400, R"({"__type":"x#ConditionalCheckFailedException","Item":{"_pk":{"S":"p#p1"},)"
                        R"("userId":{"S":"u1"},"createdAt":{"N":")" +
                            std::string(met) + "\"}}}");
    }
    talk.wait_for_retry();
    talk.expect_request("GetItem", HasSubstr(R"("ConsistentRead":true)"));
    if (std::string(read) == "?") {
      talk.fault(400, "AccessDeniedException");
    } else {
      talk.answer("{" + std::string(read) + "}");
    }
    // Where it tells nothing, the next try does.
    talk.expect_request("UpdateItem", HasSubstr(*read == '"' ? R"(":v3":{"N":"8"})" : R"(":v3":{"N":"7"})"));
    talk.answer("{\"Attributes\":" + std::string(post_item) + "}");
    talk.expect_complete(changed);
  }
}

// A writer that has no time left, or whose caller stops it, is not told that others were at it twelve times.
TEST(UpdateIndex, WritersThatDisagreeAreEndedByTheirDeadlineAndByTheirCaller) {
  for (const bool stopped : {true, false}) {
    SCOPED_TRACE(stopped);
    Conversation talk;
    auto changed = talk.update("Post", "p1", {set(talk, "Post", "userId", "u2")},
                               item_of(R"({"_pk":{"S":"p#p1"},"userId":{"S":"u1"},"createdAt":{"N":"1"}})"));
    for (int tries = 1; tries <= 2; ++tries) {
      talk.expect_request("UpdateItem");
      if (tries == 2 && !stopped) talk.advance(30'000 - 1);
      talk.respond(400, R"({"__type":"x#ConditionalCheckFailedException","Item":{"_pk":{"S":"p#p1"},)"
                        R"("userId":{"S":"u1"},"createdAt":{"N":")" +
                            std::to_string(1 + tries) + "\"}}}");
    }
    if (stopped) talk.cancel(changed);
    talk.expect_complete(changed);
    EXPECT_EQ(changed->error().code(), stopped ? ErrorCode::cancelled : ErrorCode::timeout)
        << changed->error().message();
  }
}

// The first attempt may have done it, so that whatever ends the next ones is no proof that it was not done.
TEST(Update, ALostAnswerIsAmbiguousWhereTheItemCannotBeRead) {
  Conversation talk;
  auto changed = talk.update("Post", "p1", {set(talk, "Post", "title", "new")});
  talk.expect_request("UpdateItem");
  talk.lost();
  talk.wait_for_retry();
  talk.expect_request("UpdateItem");
  talk.fault(400, "ConditionalCheckFailedException");
  talk.expect_request("GetItem");
  talk.fault(400, "AccessDeniedException");
  talk.expect_complete(changed);
  EXPECT_EQ(changed->error().code(), ErrorCode::ambiguous_write);
  EXPECT_EQ(changed->error().details().service_name, "AccessDeniedException");
}

TEST(UpdateCounter, ALostAnswerIsNeverTriedAgain) {
  for (const char* field : {"likes", "rank"}) {  // in no index, and in one
    SCOPED_TRACE(field);
    Conversation talk;
    auto changed = talk.update("Post", "p1", {increment(talk, "Post", field, 2)}, item_of(post_item));
    talk.expect_request("UpdateItem");
    talk.lost();
    talk.expect_complete(changed);
    EXPECT_EQ(changed->error().code(), ErrorCode::ambiguous_write);
    EXPECT_EQ(changed->error().details().primary_id, "p1");
    talk.expect_nothing();
  }
}

TEST(UpdateCounter, ARefusedTryIsTriedAgain) {
  Conversation talk;
  auto changed = talk.update("Post", "p1", {increment(talk, "Post", "likes", 2)});
  talk.expect_request("UpdateItem", HasSubstr(R"("UpdateExpression":"ADD #n0 :v0")"));
  talk.fault(400, "ThrottlingException");
  talk.wait_for_retry();
  talk.expect_request("UpdateItem");
  talk.not_sent();
  talk.wait_for_retry();
  talk.expect_request("UpdateItem");
  talk.answer("{\"Attributes\":" + std::string(post_item) + "}");
  talk.expect_complete(changed);
  EXPECT_TRUE(changed->value().item);
}

// A counter beyond 64 bits could not be read any more, nor could any query that meets it.
TEST(UpdateCounter, StaysWithinSixtyFourBits) {
  struct Bound {
    Number by;
    const char* condition;
    const char* bound;
    const char* stored;
  };
  for (const Bound& bound :
       {Bound{{"2"}, "attribute_not_exists(#n0) OR #n0 <= :v1", "9223372036854775805", "9223372036854775806"},
        Bound{{"-2"},
              "attribute_not_exists(#n0) OR #n0 >= :v1",
              "-9223372036854775806",
              "-9223372036854775807"},
        Bound{{"-9223372036854775808"}, "attribute_not_exists(#n0) OR #n0 >= :v1", "0", "-1"},
        Bound{{"9223372036854775807"}, "attribute_not_exists(#n0) OR #n0 <= :v1", "0", "1"}}) {
    SCOPED_TRACE(bound.by.text);
    Conversation talk;
    core::Change change = set(talk, "Post", "likes", Value(bound.by));
    change.kind = core::Change::Kind::increment;
    auto changed = talk.update("Post", "p1", {change});
    talk.expect_request("UpdateItem",
                        AllOf(HasSubstr(R"("UpdateExpression":"ADD #n0 :v0")"), HasSubstr(bound.condition),
                              HasSubstr(R"({"N":")" + std::string(bound.bound) + "\"}")));
    talk.respond(
        400, R"({"__type":"x#ConditionalCheckFailedException","Item":{"_pk":{"S":"p#p1"},"likes":{"N":")" +
                 std::string(bound.stored) + R"("}}})");
    talk.expect_complete(changed);
    EXPECT_EQ(changed->error().code(), ErrorCode::validation);
    EXPECT_EQ(changed->error().details().field, "likes");
    EXPECT_THAT(changed->error().message(), HasSubstr(bound.stored));
    talk.expect_nothing();
  }
}

TEST(UpdateCounter, ThatIsNoNumberCannotBeIncremented) {
  Conversation talk;
  auto changed = talk.update("Post", "p1", {increment(talk, "Post", "likes", 2)});
  talk.expect_request("UpdateItem");
  talk.respond(
      400, R"({"__type":"x#ConditionalCheckFailedException","Item":{"_pk":{"S":"p#p1"},"likes":{"S":"x"}}})");
  talk.expect_complete(changed);
  EXPECT_EQ(changed->error().code(), ErrorCode::validation);
  EXPECT_EQ(changed->error().details().field, "likes");
}

TEST(UpdateCounter, InAnIndexIsSetOnConditionOfItsValue) {
  Conversation talk;
  auto changed = talk.update("Post", "p1", {increment(talk, "Post", "rank", 2)}, item_of(post_item));
  talk.expect_request("UpdateItem",
                      AllOf(HasSubstr(R"({"N":"5"})"), HasSubstr(R"({"N":"3"})"),
                            HasSubstr(R"({"S":"00000000000000000005"})"), Not(HasSubstr("ADD"))));
  talk.respond(
      400, R"({"__type":"x#ConditionalCheckFailedException","Item":{"_pk":{"S":"p#p1"},"rank":{"N":"10"}}})");
  talk.expect_request("UpdateItem", HasSubstr(R"({"N":"12"})"));
  talk.answer("{}");
  talk.expect_complete(changed);
}

TEST(UpdateList, WhatDependsOnPositionsIsNeverTriedAgain) {
  Conversation talk;
  core::Change change = set(talk, "Post", "steps", {});
  change.kind = core::Change::Kind::remove_path;
  change.path = {std::size_t{0}};
  auto changed = talk.update("Post", "p1", {change});
  talk.expect_request("UpdateItem", HasSubstr("REMOVE #n0[0]"));
  talk.timed_out();
  talk.expect_complete(changed);
  EXPECT_EQ(changed->error().code(), ErrorCode::ambiguous_write);
}

TEST(UpdateVersion, ProvesALostUpdate) {
  Conversation talk;
  core::WriteOptions options;
  options.condition = compare("version", Comparison::eq, "01AAAAAAAAAAAAAAAAAAAAAAAA");
  auto changed =
      talk.update("Doc", "d1", {set(talk, "Doc", "status", "x")},
                  item_of(R"({"_pk":{"S":"d#d1"},"docId":{"S":"d1"},"status":{"S":"a"}})"), options);
  const std::string body = talk.expect_request("UpdateItem").request.body;
  talk.lost();
  talk.wait_for_retry();
  talk.expect_request("UpdateItem", body);
  const std::size_t ulid = body.find("{\"S\":\"01M");
  ASSERT_NE(ulid, std::string::npos) << body;
  talk.respond(400, R"({"__type":"x#ConditionalCheckFailedException","Item":{"_pk":{"S":"d#d1"},"version":)" +
                        body.substr(ulid, 34) + "}}");
  talk.expect_complete(changed);
  EXPECT_EQ(text_of(changed->value().item, "_pk"), "d#d1");
}

// A form that sends back all it was given would keep the old version, and the next writer overwrite it
// unseen.
TEST(UpdateVersion, IsNewAtEveryWriteWhateverIsGiven) {
  const char* const old = "01AAAAAAAAAAAAAAAAAAAAAAAA";
  for (const Value& given : {Value(old), Value(), Value("mine")}) {
    for (const bool loaded : {false, true}) {
      Conversation talk;
      auto changed = talk.update(
          "Doc", "d1",
          {set(talk, "Doc", "title", "new"), set(talk, "Doc", "version", given),
           set(talk, "Doc", "modifiedAt", Value(std::int64_t{5}))},
          loaded ? item_of(R"({"_pk":{"S":"d#d1"},"docId":{"S":"d1"},"status":{"S":"a"},"version":{"S":")" +
                           std::string(old) + R"("}})")
                 : core::ItemRef());
      if (!loaded) {
        talk.expect_request("GetItem");
        talk.answer(R"({"Item":{"_pk":{"S":"d#d1"},"docId":{"S":"d1"},"status":{"S":"a"}}})");
      }
      talk.expect_request("UpdateItem",
                          AllOf(HasSubstr(R"({"S":"01M)"), HasSubstr(R"({"N":"1800000000000"})"),
                                HasSubstr(R"({"S":"00000001800000000000"})"), Not(HasSubstr(old)),
                                Not(HasSubstr("mine")), Not(HasSubstr("REMOVE"))));
      talk.answer("{}");
      talk.expect_complete(changed);
    }
  }
}

TEST(UpdateVersion, TheLoadedOneGivenBackAloneIsNoChange) {
  Conversation talk;
  auto changed = talk.update("Doc", "d1", {set(talk, "Doc", "version", "01AAAAAAAAAAAAAAAAAAAAAAAA")},
                             item_of(R"({"_pk":{"S":"d#d1"},"version":{"S":"01AAAAAAAAAAAAAAAAAAAAAAAA"}})"));
  talk.expect_complete(changed);
  talk.expect_nothing();
}

TEST(UpdateReindex, ComputesEveryKeyAnewOnConditionOfItsFields) {
  Conversation talk;
  auto changed = talk.update("Post", "p1", {}, item_of(post_item), {.condition = {}, .force_reindex = true});
  talk.expect_request("UpdateItem",
                      AllOf(HasSubstr("p#gsi1#u1"), HasSubstr("p#gsi2#p"), HasSubstr(R"("createdAt")"),
                            HasSubstr(R"("userId")"), HasSubstr(R"("rank")"), Not(HasSubstr(R"("title")"))));
  talk.answer("{}");
  talk.expect_complete(changed);
}

TEST(UpdateReindex, OfAModelWithoutIndexesTouchesTheItem) {
  Conversation talk;
  auto changed = talk.update("Comment", "p##__SK__##c", {}, item_of(R"({"_pk":{"S":"c#p"},"_sk":{"S":"c"}})"),
                             {.condition = {}, .force_reindex = true});
  talk.expect_request("UpdateItem", Not(HasSubstr("UpdateExpression")));
  talk.answer("{}");
  talk.expect_complete(changed);
}

TEST(UpdateTtl, AnItemThatLostItsValueHasToWinItBack) {
  Conversation talk;
  auto changed =
      talk.update("User", "1", {set(talk, "User", "ttl", Value(std::int64_t{1'900'000'000'000}))},
                  item_of(R"({"_pk":{"S":"u#1"},"_sk":{"S":"u"},"userId":{"S":"1"},"email":{"S":"a@x"},)"
                          R"("ttl":{"N":"1700000000"}})"));
  talk.expect_request("TransactWriteItems", HasSubstr(R"("UpdateExpression":"SET #n0 = :v0")"));
  talk.respond(400, R"({"__type":"x#TransactionCanceledException","CancellationReasons":[{"Code":"None"},)"
                    R"({"Code":"ConditionalCheckFailed"}]})");
  talk.expect_request("TransactWriteItems",
                      HasSubstr(R"({"Put":{"TableName":"tab","Item":{"_pk":{"S":"_raft_uc#)"));
  talk.respond(400, R"({"__type":"x#TransactionCanceledException","CancellationReasons":[{"Code":"None"},)"
                    R"({"Code":"ConditionalCheckFailed"}]})");
  talk.expect_request("GetItem", HasSubstr("_raft_uc#"));
  talk.answer(R"({"Item":{"_pk":{"S":"x"},"relatedId":{"S":"2"}}})");
  talk.expect_request("GetItem", HasSubstr("u#2"));
  talk.answer(R"({"Item":{"_pk":{"S":"u#2"},"email":{"S":"a@x"}}})");
  talk.expect_complete(changed);
  EXPECT_EQ(changed->error().code(), ErrorCode::conditional);
  EXPECT_EQ(changed->error().details().field, "email");
}

}  // namespace
}  // namespace bao::scripted
