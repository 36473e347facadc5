#include "native/http/memory_transport.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <string>
#include <utility>
#include <vector>

#include "local/store/memory_store.hpp"

namespace {

using bao::core::RequestId;
using bao::core::TransportError;
using bao::local::FaultKind;

constexpr std::int64_t hour_ms = 3'600'000;

class MemoryTransportTest : public testing::Test {
 protected:
  void SetUp() override {
    engine_ = std::make_shared<bao::local::LocalEngine>(
        bao::local::make_memory_store(), bao::local::LocalEngineOptions{.now_ms = [] { return 0; }});
    transport_ =
        bao::native::make_memory_transport(io_.get_executor(), engine_,
                                           {.on_response =
                                                [this](RequestId id, bao::core::HttpResponse response) {
                                                  answered_.emplace_back(id, std::move(response));
                                                  if (drop_after_answer_) transport_.reset();
                                                },
                                            .on_transport_error =
                                                [this](RequestId id, const bao::core::TransportError& error) {
                                                  failed_.emplace_back(id, error.kind);
                                                }});
  }
  void strike(bao::local::FaultRule rule) {
    bao::local::FaultPlan plan;
    plan.rules.push_back(std::move(rule));
    engine_->set_faults(std::move(plan));
  }
  void list_tables(std::uint64_t id, std::int64_t timeout_ms = 60'000) {
    transport_->send(RequestId{id}, {.operation = bao::core::ApiOperation::list_tables, .body = "{}"},
                     timeout_ms);
  }

  boost::asio::io_context io_;
  std::shared_ptr<bao::local::LocalEngine> engine_;
  std::unique_ptr<bao::native::Transport> transport_;
  std::vector<std::pair<RequestId, bao::core::HttpResponse>> answered_;
  std::vector<std::pair<RequestId, bao::core::TransportError::Kind>> failed_;
  bool drop_after_answer_ = false;
};

TEST_F(MemoryTransportTest, AnswersThroughTheExecutorInOrderButNotWhatWasCancelled) {
  for (std::uint64_t id = 1; id <= 3; ++id) list_tables(id);
  transport_->send(RequestId{4}, {.operation = bao::core::ApiOperation::get_item, .body = "{"}, 1000);
  transport_->cancel(RequestId{2});
  transport_->cancel(RequestId{9});
  EXPECT_TRUE(answered_.empty());
  io_.run();
  ASSERT_EQ(answered_.size(), 3U);
  EXPECT_EQ(answered_[0].first, RequestId{1});
  EXPECT_EQ(answered_[0].second.status, 200);
  EXPECT_THAT(answered_[0].second.body, testing::HasSubstr("TableNames"));
  EXPECT_EQ(answered_[1].first, RequestId{3});
  EXPECT_EQ(answered_[2].first, RequestId{4});
  EXPECT_EQ(answered_[2].second.status, 400);
  EXPECT_TRUE(failed_.empty());
}

TEST_F(MemoryTransportTest, MayBeDestroyedByItsReportAndEndsSilently) {
  drop_after_answer_ = true;
  list_tables(1);
  list_tables(2);
  io_.run();
  EXPECT_EQ(answered_.size(), 1U);
}

TEST_F(MemoryTransportTest, ADroppedAnswerIsALostConnection) {
  strike({.kind = FaultKind::drop_after, .times = 1});
  list_tables(1);
  list_tables(2);
  io_.run();
  EXPECT_THAT(failed_, testing::ElementsAre(testing::Pair(RequestId{1}, TransportError::Kind::lost)));
  ASSERT_EQ(answered_.size(), 1U);
  EXPECT_EQ(answered_[0].first, RequestId{2});
}

TEST_F(MemoryTransportTest, LatencyLetsLaterRequestsPass) {
  strike({.kind = FaultKind::latency, .times = 1, .delay_ms = 5});
  list_tables(1);
  list_tables(2);
  io_.run();
  ASSERT_EQ(answered_.size(), 2U);
  EXPECT_EQ(answered_[0].first, RequestId{2});
  EXPECT_EQ(answered_[1].first, RequestId{1});
  EXPECT_EQ(answered_[1].second.status, 200);
  EXPECT_TRUE(failed_.empty());
}

TEST_F(MemoryTransportTest, LatencyAsLongAsTheAttemptIsATimeout) {
  strike({.kind = FaultKind::latency, .delay_ms = hour_ms});
  list_tables(1, 5);
  io_.run();
  EXPECT_THAT(failed_, testing::ElementsAre(testing::Pair(RequestId{1}, TransportError::Kind::timed_out)));
  EXPECT_TRUE(answered_.empty());
}

TEST_F(MemoryTransportTest, WhatIsLateCanBeCancelledAndEndsWithTheTransport) {
  strike({.kind = FaultKind::latency, .delay_ms = hour_ms});
  list_tables(1, 2 * hour_ms);
  list_tables(2, 2 * hour_ms);
  io_.poll();
  transport_->cancel(RequestId{1});
  transport_.reset();
  io_.run();  // returns at once: nothing waits any more
  EXPECT_TRUE(answered_.empty());
  EXPECT_TRUE(failed_.empty());
}

}  // namespace
