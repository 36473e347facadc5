#include "native/http/memory_transport.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <string>
#include <utility>
#include <vector>

#include "local/store/memory_store.hpp"

namespace {

using bao::core::RequestId;

class MemoryTransportTest : public testing::Test {
 protected:
  void SetUp() override {
    auto engine = std::make_shared<bao::local::LocalEngine>(
        bao::local::make_memory_store(), bao::local::LocalEngineOptions{.now_ms = [] { return 0; }});
    transport_ = bao::native::make_memory_transport(
        io_.get_executor(), std::move(engine),
        {.on_response =
             [this](RequestId id, bao::core::HttpResponse response) {
               answered_.emplace_back(id, std::move(response));
               if (drop_after_answer_) transport_.reset();
             },
         .on_transport_error = [](RequestId, const bao::core::TransportError&) { FAIL(); }});
  }
  void list_tables(std::uint64_t id) {
    transport_->send(RequestId{id}, {.operation = bao::core::ApiOperation::list_tables, .body = "{}"}, 1000);
  }

  boost::asio::io_context io_;
  std::unique_ptr<bao::native::Transport> transport_;
  std::vector<std::pair<RequestId, bao::core::HttpResponse>> answered_;
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
}

TEST_F(MemoryTransportTest, MayBeDestroyedByItsReportAndEndsSilently) {
  drop_after_answer_ = true;
  list_tables(1);
  list_tables(2);
  io_.run();
  EXPECT_EQ(answered_.size(), 1U);
}

}  // namespace
