#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/engine/actions.hpp"
#include "simulation/agenda.hpp"
#include "simulation/random.hpp"
#include "simulation/table.hpp"
#include "simulation/trace.hpp"

namespace bao::simulation {

/// What may happen to a request on its way.
enum class Fate : std::uint8_t {
  delivered,
  not_sent,
  lost_before,   ///< the connection breaks, and the table never gets the request
  lost_after,    ///< the table has done it; the answer is lost
  stuck,         ///< nothing comes back, and nothing arrives
  late,          ///< the client gives up (timeout or broken connection), and then the request arrives
  error_before,  ///< 500, nothing done
  error_after,   ///< 500, done
  throttled,
  conflict,  ///< another transaction is in the way, or the same one still runs
  garbage,   ///< done, and the answer is no JSON
  cut,       ///< done, and half of the answer comes
  wrong_crc,
  half,  ///< of a batch, a half is left unprocessed
};

/// How much goes wrong.
struct Weather {
  double trouble = 0;        ///< the share of requests that something happens to
  std::vector<Fate> fates;   ///< one of these
  double partition = 0;      ///< the chance of a request to begin seconds in which nothing gets through
  std::int64_t way_ms = 10;  ///< the longest way of a request or answer that nothing happens to

  [[nodiscard]] bool is_fine() const { return trouble == 0 && partition == 0; }
  static Weather any(Random& random);
};

class Network {
 public:
  using Outcome = std::variant<core::HttpResponse, core::TransportError>;
  using Reply = std::function<void(Outcome)>;

  Network(Agenda& agenda, Table& table, Trace& trace, Random& random, Weather weather)
      : agenda_(agenda), table_(table), trace_(trace), random_(random), weather_(std::move(weather)) {}

  /// `reply` is called once at the most; not for a request that was given up by then.
  void send(const std::shared_ptr<Flight>& flight, core::SendRequest send, Reply reply);
  /// From now on nothing happens to requests.
  void calm() {
    weather_.trouble = 0;
    weather_.partition = 0;
    weather_.way_ms = std::min<std::int64_t>(weather_.way_ms, 100);
    parted_until_ms_.clear();
  }
  /// Nothing happens to requests now, nor will it.
  [[nodiscard]] bool is_calm() const { return weather_.is_fine(); }

 private:
  struct Journey;
  [[nodiscard]] Fate fate_of(const Flight& flight, core::ApiOperation operation);
  void deliver(const std::shared_ptr<Journey>& journey, std::int64_t after_ms);
  void fail(const std::shared_ptr<Journey>& journey, core::TransportError::Kind kind, std::int64_t after_ms);
  void answer(const std::shared_ptr<Journey>& journey, core::HttpResponse response, std::int64_t after_ms);
  [[nodiscard]] core::HttpResponse execute(Journey& journey);

  Agenda& agenda_;
  Table& table_;
  Trace& trace_;
  Random& random_;
  Weather weather_;
  std::map<int, std::int64_t> parted_until_ms_;  // by client
};

}  // namespace bao::simulation
