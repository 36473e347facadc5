#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/engine/engine.hpp"
#include "local/local_engine.hpp"
#include "wasm/client.hpp"
#include "wasm/json_tree.hpp"

namespace bao::wasm {

/// Random bits that are the same in each run.
class CountingRandom final : public core::RandomSource {
 public:
  std::uint64_t next() override { return ++state_ * 0x9E3779B97F4A7C15U; }

 private:
  std::uint64_t state_ = 0;
};

/// One action that a poll told, with the text that its tree is made of.
struct Told {
  std::string code;
  double id = 0;
  std::string rest;  ///< a result or error, as JSON; of a request its operation; of a timer its delay
};

/// What npm/src/bridge does, natively: reads actions, answers requests from an embedded engine, ends turns.
class ClientDriver {
 public:
  explicit ClientDriver(
      std::string settings = R"({"tableName":"table","region":"us-west-2","firstEntry":1})");

  [[nodiscard]] Client& client() { return client_; }
  /// Registers models; the output, or the error as JSON.
  std::string register_models(std::string json);
  /// Starts a call of this kind on model 0, outside any scope, and works until nothing is left to do.
  /// Gives `r` or `e` followed by what the call came to; empty where it is still waiting.
  std::string run(CallKind kind, std::string json, Place place = {});
  /// The same for a find by id; several calls in one turn are started by start_find and ended by settle.
  std::string find(std::string id, Place place = {});
  std::uint32_t start_find(std::string id, Place place = {});
  /// Works until nothing is left to do: polls, answers, ends turns, lets timers fire.
  void settle();
  [[nodiscard]] std::string result_of(std::uint32_t call) const;

  /// The operations of the requests that left, in their order.
  std::vector<std::string> sent;
  /// Requests that get no answer, but this transport error.
  std::deque<core::TransportError> failures;
  /// False: requests stay unanswered, for tests of cancellation and of clients that go away.
  bool answering = true;
  /// Actions of no call, as they came.
  std::vector<Told> told;

 private:
  void perform(const JsonNode& action);

  CountingRandom random_;
  core::Moment now_{.wall_ms = 1'700'000'000'000, .steady_ms = 1'000};
  local::LocalEngine engine_;
  Client client_;
  std::uint32_t last_call_ = 0;
  std::map<std::uint32_t, std::string> results_;
};

}  // namespace bao::wasm
