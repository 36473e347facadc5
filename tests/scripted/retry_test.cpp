#include "core/aws/fault.hpp"
#include "scripted/conversation.hpp"

namespace bao::scripted {
namespace {

using testing::HasSubstr;

core::EngineOptions signed_options() {
  core::EngineOptions options = unsigned_options();
  options.sign = true;
  options.host = "dynamodb.us-west-2.amazonaws.com";
  return options;
}

core::Credentials credentials(std::string id, std::optional<std::int64_t> expires_at_ms = std::nullopt) {
  core::Credentials made;
  made.access_key_id = std::move(id);
  made.secret_access_key = "secret";
  made.expires_at_ms = expires_at_ms;
  return made;
}

TEST(Retry, EndsAfterEightAttempts) {
  Conversation talk;
  auto found = talk.find("User", "1");
  for (int tries = 1; tries <= 8; ++tries) {
    talk.expect_request("GetItem");
    talk.fault(400, "ThrottlingException");
    if (tries < 8) talk.wait_for_retry();
  }
  talk.expect_complete(found);
  EXPECT_EQ(found->error().code(), ErrorCode::throttling);
  EXPECT_TRUE(found->error().details().retryable);
  talk.expect_nothing();
}

TEST(Retry, WaitsLongerEachTimeUpToTheLimit) {
  core::EngineOptions options = unsigned_options();
  options.retry.backoff_max_ms = 300;
  Conversation talk(options);
  auto found = talk.find("User", "1");
  for (const std::int64_t longest : {50, 100, 200, 300, 300}) {
    talk.random.value = static_cast<std::uint64_t>(longest);  // the longest wait that this retry may draw
    talk.expect_request("GetItem");
    talk.fault(503, "ServiceUnavailable");
    talk.expect_timer(longest, longest);
    talk.fire_timer();
  }
  talk.random.value = 0;
  talk.expect_request("GetItem");
  talk.lost();
  talk.expect_request("GetItem");  // no wait drawn: at once
  talk.answer("{}");
  talk.expect_complete(found);
}

TEST(Retry, TheQuotaStopsACrowdOfRetries) {
  core::EngineOptions options = unsigned_options();
  options.retry.quota = 12;
  Conversation talk(options);
  auto a = talk.find("User", "1");
  talk.expect_request("GetItem");
  talk.fault(500, "InternalServerError");
  talk.wait_for_retry();
  talk.expect_request("GetItem");
  talk.fault(500, "InternalServerError");
  talk.wait_for_retry();
  talk.expect_request("GetItem");
  talk.fault(500, "InternalServerError");  // 2 tokens are left: not enough
  talk.expect_complete(a);
  EXPECT_EQ(a->error().code(), ErrorCode::service);
  EXPECT_EQ(talk.engine().quota().available(), 2);
  auto b = talk.find("User", "1");
  talk.expect_request("GetItem");
  talk.answer("{}");
  talk.expect_complete(b);
  EXPECT_EQ(talk.engine().quota().available(), 3);
}

TEST(Retry, ARetryThatSucceedsGivesItsTokensBack) {
  Conversation talk;
  auto found = talk.find("User", "1");
  talk.expect_request("GetItem");
  talk.timed_out();
  EXPECT_EQ(talk.engine().quota().available(), 490);
  talk.wait_for_retry();
  talk.expect_request("GetItem");
  talk.answer("{}");
  talk.expect_complete(found);
  EXPECT_EQ(talk.engine().quota().available(), 500);
}

TEST(Retry, ARetryThatTheDeadlineForbidsCostsNoTokens) {
  core::EngineOptions options = unsigned_options();
  options.call_ms = 40;
  Conversation talk(options);
  talk.random.value = 50;
  auto found = talk.find("User", "1");
  EXPECT_EQ(talk.expect_request("GetItem").timeout_ms, 40);
  talk.fault(500, "InternalServerError");
  talk.expect_complete(found);
  EXPECT_EQ(found->error().code(), ErrorCode::timeout);
  EXPECT_EQ(talk.engine().quota().available(), 500);
}

TEST(Retry, TheDeadlineEndsEveryCall) {
  Conversation talk;
  auto found = talk.find("User", "1");
  for (int tries = 0; tries < 6; ++tries) {
    talk.expect_request("GetItem");
    talk.timed_out();
    if (tries < 5) talk.wait_for_retry();
  }
  talk.expect_complete(found);
  EXPECT_EQ(found->error().code(), ErrorCode::timeout);
  EXPECT_THAT(found->error().message(), HasSubstr("30000 ms"));
}

TEST(Retry, WhatNoTryCanMendIsToldAtOnceToThoseWhoseRequestItIs) {
  Conversation talk;
  auto created =
      talk.create("Comment", {set(talk, "Comment", "postId", "p1"), set(talk, "Comment", "commentId", "c1")});
  talk.expect_request("PutItem");
  talk.misconfigured();
  talk.expect_complete(created);
  EXPECT_EQ(created->error().code(), ErrorCode::configuration);
  EXPECT_THAT(created->error().message(), HasSubstr("connection trouble"));
  EXPECT_EQ(talk.engine().quota().available(), 500);
  talk.expect_nothing();
  auto found = talk.find("User", "2");
  talk.expect_request("GetItem");
  talk.answer("{}");
  talk.expect_complete(found);
  EXPECT_FALSE(found->value().entry->item);
}

TEST(Retry, AWrongChecksumIsNoAnswer) {
  Conversation talk;
  auto found = talk.find("User", "1");
  const std::string body = R"({"Item":{"_pk":{"S":"u#1"},"_sk":{"S":"u"}}})";
  const Sent sent = talk.expect_request("GetItem");
  talk.respond(sent, {.status = 200, .body = body, .crc32 = core::crc32(body) ^ 1U});
  talk.wait_for_retry();
  const Sent again = talk.expect_request("GetItem");
  talk.respond(again, {.status = 200, .body = body, .crc32 = core::crc32(body)});
  talk.expect_complete(found);
  EXPECT_TRUE(found->value().entry->item);
}

TEST(Sign, AsksForCredentialsOnceAndSigns) {
  Conversation talk(signed_options());
  auto a = talk.find("User", "1");
  auto b = talk.find("User", "2");
  talk.expect_credentials_wanted();
  talk.credentials(credentials("AKID"));
  const Sent first = talk.expect_request("GetItem");
  EXPECT_THAT(first.request.authorization,
              HasSubstr("Credential=AKID/20270115/us-west-2/dynamodb/aws4_request"));
  EXPECT_EQ(first.request.amz_date, "20270115T080000Z");
  talk.answer(first, "{}");
  talk.expect_request("GetItem");
  talk.answer("{}");
  talk.expect_complete(a);
  talk.expect_complete(b);
  talk.expect_nothing();
}

TEST(Sign, WithoutCredentialsTheCallFails) {
  Conversation talk(signed_options());
  auto found = talk.find("User", "1");
  talk.expect_credentials_wanted();
  talk.credentials(std::unexpected(Error(ErrorCode::configuration, "no credentials anywhere")));
  talk.expect_complete(found);
  EXPECT_EQ(found->error().code(), ErrorCode::configuration);
  talk.expect_nothing();
}

TEST(Sign, CredentialsThatNeverComeEndAtTheDeadline) {
  Conversation talk(signed_options());
  auto found = talk.find("User", "1");
  talk.expect_credentials_wanted();
  talk.expect_timer(30'000, 30'000);
  talk.fire_timer();
  talk.expect_complete(found);
  EXPECT_EQ(found->error().code(), ErrorCode::timeout);
}

// Of two calls that wait, the one that came later may have less time left. (The simulation found it, seed
// 106,453.)
TEST(Sign, AnEarlierDeadlineEndsACallThatBeganToWaitLater) {
  Conversation talk(signed_options());
  auto early = talk.find("User", "1");
  talk.expect_credentials_wanted();
  talk.credentials(credentials("OLD"));
  const Sent first = talk.expect_request("GetItem");
  talk.advance(10'000);
  auto late = talk.find("User", "2");
  talk.expect_request("GetItem");
  talk.fault(400, "ExpiredTokenException");
  talk.expect_credentials_wanted();
  talk.expect_timer(30'000, 30'000);
  talk.respond(first, {.status = 400, .body = R"({"__type":"x#ExpiredTokenException"})"});
  talk.expect_timer(20'000, 20'000);
  talk.fire_timer();
  talk.expect_complete(early);
  EXPECT_EQ(early->error().code(), ErrorCode::timeout);
  talk.expect_timer(10'000, 10'000);
  talk.fire_timer();
  talk.expect_complete(late);
  EXPECT_EQ(late->error().code(), ErrorCode::timeout);
}

TEST(Sign, CancelledWhileWaitingForCredentials) {
  Conversation talk(signed_options());
  auto found = talk.find("User", "1");
  auto other = talk.find("User", "2");
  talk.expect_credentials_wanted();
  talk.cancel(found);
  talk.expect_complete(found);
  EXPECT_EQ(found->error().code(), ErrorCode::cancelled);
  talk.destroy_engine();
  EXPECT_FALSE(other->ended());
}

TEST(Sign, ExpiredCredentialsAreFetchedAnewOnce) {
  Conversation talk(signed_options());
  auto found = talk.find("User", "1");
  talk.expect_credentials_wanted();
  talk.credentials(credentials("OLD"));
  talk.expect_request("GetItem");
  talk.fault(400, "ExpiredTokenException");
  talk.expect_credentials_wanted();
  talk.credentials(credentials("NEW"));
  const Sent sent = talk.expect_request("GetItem");
  EXPECT_THAT(sent.request.authorization, HasSubstr("Credential=NEW/"));
  talk.fault(400, "UnrecognizedClientException");
  talk.expect_complete(found);
  EXPECT_EQ(found->error().code(), ErrorCode::service);
  EXPECT_EQ(talk.engine().quota().available(), 500);
}

TEST(Sign, CredentialsAreRenewedBeforeTheyExpire) {
  Conversation talk(signed_options());
  const std::int64_t now_ms = talk.engine().now().wall_ms;
  auto a = talk.find("User", "1");
  talk.expect_credentials_wanted();
  talk.credentials(credentials("OLD", now_ms + 60'000));
  talk.expect_request("GetItem");
  talk.answer("{}");
  talk.expect_complete(a);
  // Good for another minute: used, and renewed in the background.
  auto b = talk.find("User", "1");
  const Sent sent = talk.expect_request("GetItem");
  EXPECT_THAT(sent.request.authorization, HasSubstr("Credential=OLD/"));
  talk.expect_credentials_wanted();
  talk.answer("{}");
  talk.expect_complete(b);
  // Too close to the end: waited for.
  talk.advance(55'000);
  auto c = talk.find("User", "1");
  talk.expect_running(c);
  talk.credentials(credentials("NEW", now_ms + 3'600'000));
  EXPECT_THAT(talk.expect_request("GetItem").request.authorization, HasSubstr("Credential=NEW/"));
  talk.answer("{}");
  talk.expect_complete(c);
}

TEST(Sign, AWrongClockIsCorrectedAndTheRequestSignedAgain) {
  Conversation talk(signed_options());
  auto found = talk.find("User", "1");
  talk.expect_credentials_wanted();
  talk.credentials(credentials("AKID"));
  const Sent first = talk.expect_request("GetItem");
  talk.respond(first, {.status = 400,
                       .body = R"({"__type":"x#RequestTimeTooSkewed","message":"skewed"})",
                       .date = "Fri, 15 Jan 2027 09:30:00 GMT"});
  const Sent second = talk.expect_request("GetItem");
  EXPECT_EQ(second.request.amz_date, "20270115T093000Z");
  EXPECT_NE(second.request.authorization, first.request.authorization);
  // Once a request: a service that goes on complaining is believed.
  talk.respond(second, {.status = 400,
                        .body = R"({"__type":"x#RequestTimeTooSkewed","message":"skewed"})",
                        .date = "Fri, 15 Jan 2027 09:30:00 GMT"});
  talk.expect_complete(found);
  EXPECT_EQ(found->error().code(), ErrorCode::service);
  EXPECT_EQ(talk.engine().quota().available(), 500);
}

}  // namespace
}  // namespace bao::scripted
