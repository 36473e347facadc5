#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bao/error.hpp>

#include "core/engine/engine.hpp"
#include "core/engine/find.hpp"
#include "core/engine/query.hpp"
#include "core/engine/scope.hpp"
#include "core/engine/write.hpp"

namespace bao::scripted {

/// Gives the same value again and again: waits before retries are 1 ms, ULIDs count up.
class FixedRandom final : public core::RandomSource {
 public:
  std::uint64_t next() override { return value; }
  std::uint64_t value = 1;
};

/// One operation in flight, and its result once it ended. Keep it alive until then, or abandon it.
template <class T>
struct Running {
  std::optional<Result<T>> slot;
  core::OperationId id{};

  [[nodiscard]] bool ended() const { return slot.has_value(); }
  /// The result of an operation that ended well.
  T& value() {
    EXPECT_TRUE(slot && *slot) << (slot ? slot->error().message() : "the operation has not ended");
    return **slot;
  }
  /// The error of one that did not.
  const Error& error() {
    EXPECT_TRUE(slot && !*slot) << (slot ? "the operation succeeded" : "the operation has not ended");
    return slot->error();
  }
};

template <class T>
using Started = std::unique_ptr<Running<T>>;

/// A request that the engine sent.
struct Sent {
  core::RequestId id{};
  core::ApiOperation operation{};
  core::HttpRequest request;
  std::int64_t timeout_ms = 0;
};

core::EngineOptions unsigned_options();

/// Drives an engine by hand: "expect this request; answer that; expect completion". A step that does not
/// happen as expected fails the test and prints what the engine asked for instead.
class Conversation {
 public:
  explicit Conversation(core::EngineOptions options = unsigned_options());

  [[nodiscard]] core::Engine& engine() { return *engine_; }
  [[nodiscard]] const core::Model& model(std::string_view name) const { return *schema_->model(name); }
  /// The engine is destroyed, operations in flight or not.
  void destroy_engine() { engine_.reset(); }

  template <class T, class Make>
  Started<T> start(Make make, std::shared_ptr<core::Scope> scope = nullptr, std::string tenant = {}) {
    auto running = std::make_unique<Running<T>>();
    engine_->set_time(now_);
    running->id = engine_->start(std::move(scope), std::move(tenant), std::move(make), running->slot);
    return running;
  }
  Started<core::Found> find(std::string model_name, std::string id,
                            std::shared_ptr<core::Scope> scope = nullptr, core::FindOptions options = {},
                            std::string tenant = {});
  Started<core::FoundMany> batch_find(std::string model_name, std::vector<std::string> ids,
                                      std::shared_ptr<core::Scope> scope = nullptr,
                                      core::FindOptions options = {});
  Started<core::Written> create(std::string model_name, std::vector<core::Change> values,
                                std::shared_ptr<core::Scope> scope = nullptr,
                                core::WriteOptions options = {});
  Started<core::Written> update(std::string model_name, std::string id, std::vector<core::Change> changes,
                                core::ItemRef base = {}, core::WriteOptions options = {},
                                std::shared_ptr<core::Scope> scope = nullptr);
  Started<core::Written> remove(std::string model_name, std::string id, core::ItemRef base = {},
                                core::WriteOptions options = {},
                                std::shared_ptr<core::Scope> scope = nullptr);
  Started<core::Page> query(std::string model_name, std::string index, Value partition,
                            SortKeyCondition sort = {}, core::QueryOptions options = {},
                            std::shared_ptr<core::Scope> scope = nullptr);

  // Expectations. Each takes the oldest action of its kind.
  Sent expect_request(std::string_view operation,
                      const testing::Matcher<const std::string&>& body = testing::_);
  /// A timer with a delay in this range; becomes the one that fire_timer fires.
  void expect_timer(std::int64_t least_ms, std::int64_t most_ms);
  void expect_cancelled(const Sent& sent);
  void expect_credentials_wanted();
  /// The engine asks for nothing.
  void expect_nothing();
  template <class T>
  void expect_complete(const Started<T>& running) {
    pump();
    EXPECT_TRUE(running->ended()) << "the operation has not ended; " << wanted();
    EXPECT_EQ(completed_.erase(running->id), 1U) << "no Complete came for the operation";
  }
  template <class T>
  void expect_running(const Started<T>& running) {
    pump();
    EXPECT_FALSE(running->ended());
  }

  // Events. Answers go to the request given, or to the one expected last.
  void answer(std::string json) { respond(200, std::move(json)); }
  void answer(const Sent& sent, std::string json) { respond(sent, {.status = 200, .body = std::move(json)}); }
  void respond(int status, std::string body) { respond(last_, {.status = status, .body = std::move(body)}); }
  void respond(const Sent& sent, core::HttpResponse response);
  /// An error of the service, by the name of its exception.
  void fault(int status, const std::string& name, const std::string& message = "no");
  void lost() { transport_error(core::TransportError::Kind::lost); }
  void not_sent() { transport_error(core::TransportError::Kind::not_sent); }
  void misconfigured() { transport_error(core::TransportError::Kind::misconfigured); }
  /// The attempt's whole time passes without an answer.
  void timed_out();
  void fire_timer();
  /// expect_timer and fire_timer: the wait before a retry.
  void wait_for_retry() {
    expect_timer(1, 1);
    fire_timer();
  }
  void turn_over();
  void credentials(Result<core::Credentials> credentials);
  void advance(std::int64_t ms);
  template <class T>
  void cancel(const Started<T>& running) {
    engine_->cancel(running->id);
    pump();
  }

  FixedRandom random;

 private:
  void pump();
  void transport_error(core::TransportError::Kind kind);
  [[nodiscard]] std::string wanted() const;

  std::shared_ptr<const core::Schema> schema_;
  core::Moment now_{.wall_ms = 1'800'000'000'000, .steady_ms = 1'000};
  std::unique_ptr<core::Engine> engine_;
  std::deque<Sent> requests_;
  std::deque<core::StartTimer> timers_;
  std::vector<core::RequestId> cancelled_;
  std::set<core::OperationId> completed_;
  std::vector<core::TurnId> turns_;
  bool credentials_wanted_ = false;
  Sent last_;
  std::optional<core::StartTimer> timer_;
};

// Building blocks.
[[nodiscard]] core::Change set(const Conversation& talk, std::string_view model, std::string_view field,
                               Value value);
[[nodiscard]] core::Change increment(const Conversation& talk, std::string_view model, std::string_view field,
                                     int by);
/// An item as a caller would have loaded it, from DynamoDB's JSON.
[[nodiscard]] core::ItemRef item_of(std::string json);
/// The text of a string or number attribute; "(none)" where it is not there.
[[nodiscard]] std::string text_of(const core::ItemRef& item, std::string_view attribute);
[[nodiscard]] Condition compare(std::string field, Comparison comparison, Value operand);

}  // namespace bao::scripted
