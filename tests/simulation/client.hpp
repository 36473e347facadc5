#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "core/engine/engine.hpp"
#include "core/engine/scope.hpp"
#include "simulation/agenda.hpp"
#include "simulation/judge.hpp"
#include "simulation/network.hpp"
#include "simulation/operation.hpp"
#include "simulation/random.hpp"
#include "simulation/trace.hpp"

namespace bao::simulation {

/// What the clients of one simulation share.
struct World {
  std::shared_ptr<const core::Schema> schema;
  Agenda& agenda;
  Table& table;
  Network& network;
  History& history;
  Judge& judge;
  Trace& trace;
  bool crowded;  ///< more than a few clients write one item, or their requests take long
};

/// A program that uses the library: an engine, and the driver that does for it what it asks for.
class Client {
 public:
  Client(World world, int number, core::EngineOptions options, std::uint64_t seed);

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] std::size_t running() const { return running_.size(); }
  /// Whether nothing is under way, not even a read that somebody began who was stopped since.
  [[nodiscard]] bool is_idle() const { return running_.empty() && flights_.empty() && timers_.empty(); }
  [[nodiscard]] std::shared_ptr<Operation> new_operation(std::string what, std::string tenant);

  /// Starts a call; `on_end` gets its result, unless the call is abandoned.
  template <class T, class Make>
  void start(std::shared_ptr<Operation> operation, std::shared_ptr<core::Scope> scope, Make make,
             std::function<void(Result<T>&)> on_end);
  /// One of the calls under way is told to stop, or is left by its caller.
  void stop_one(Random& random, bool abandon);
  /// The clock of this machine is set forward.
  void jump(std::int64_t ms) { wall_offset_ms_ += ms; }
  /// Whether a write without a mark of this row is under way: a second one could not be told from it.
  [[nodiscard]] bool is_busy(const RowName& row) const;
  /// Does what the engine asks for.
  void pump();
  /// Accuses whatever is left when nothing is to happen any more.
  void close();

 private:
  struct Call {
    virtual ~Call() = default;
    virtual void end() = 0;

    std::shared_ptr<Operation> operation;
    core::OperationId id{};
  };
  template <class T>
  struct CallOf final : Call {
    void end() override {
      if (!*slot) operation->error = slot->error();
      on_end(*slot);
    }
    std::optional<Result<T>> slot;
    std::function<void(Result<T>&)> on_end;
  };

  void set_time();
  void give_credentials();
  void send(core::SendRequest send);
  [[nodiscard]] int writer_of(const core::HttpRequest& request);
  void complete(Call& call);
  void watch(const std::shared_ptr<Operation>& operation);

  World world_;
  int number_;
  core::EngineOptions options_;
  Random random_;
  core::Engine engine_;
  std::int64_t wall_offset_ms_ = 0;
  bool pumping_ = false;
  bool credentials_wanted_ = false;
  std::map<int, std::unique_ptr<Call>> running_;  // by the operation's number
  std::map<core::RequestId, std::shared_ptr<Flight>> flights_;
  std::set<core::TimerId> timers_;
};

template <class T, class Make>
void Client::start(std::shared_ptr<Operation> operation, std::shared_ptr<core::Scope> scope, Make make,
                   std::function<void(Result<T>&)> on_end) {
  auto call = std::make_unique<CallOf<T>>();
  CallOf<T>& started = *call;
  started.operation = operation;
  started.on_end = std::move(on_end);
  running_.emplace(operation->number, std::move(call));
  watch(operation);
  set_time();
  started.id = engine_.start<Result<T>>(std::move(scope), operation->tenant, std::move(make), started.slot,
                                        static_cast<Call*>(&started));
  pump();
}

}  // namespace bao::simulation
