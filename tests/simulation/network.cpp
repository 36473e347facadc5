#include "simulation/network.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/aws/fault.hpp"
#include "simulation/identity.hpp"

namespace bao::simulation {

namespace {

using core::ApiOperation;
using Kind = core::TransportError::Kind;

constexpr std::array fate_names{"delivered", "not sent", "lost before", "lost after", "stuck",
                                "late",      "500",      "500 after",   "throttled",  "conflict",
                                "garbage",   "cut",      "wrong CRC",   "half"};

core::HttpResponse refusal(int status, const std::string& name, const std::string& more = {}) {
  return {
      .status = status,
      .body = R"({"__type":"com.amazonaws.dynamodb.v20120810#)" + name + R"(","message":"no")" + more + "}"};
}

bool is_batch(ApiOperation operation) {
  return operation == ApiOperation::batch_get_item || operation == ApiOperation::batch_write_item;
}

bool may_conflict(ApiOperation operation) {
  return is_write(operation) && operation != ApiOperation::batch_write_item;
}

core::HttpResponse conflict(ApiOperation operation, bool same) {
  if (operation != ApiOperation::transact_write_items) return refusal(400, "TransactionConflictException");
  if (same) return refusal(400, "TransactionInProgressException");
  return refusal(400, "TransactionCanceledException",
                 R"(,"CancellationReasons":[{"Code":"TransactionConflict"},{"Code":"None"}])");
}

}  // namespace

Weather Weather::any(Random& random) {
  Weather weather;
  if (random.chance(0.15)) return weather;
  constexpr int kinds = static_cast<int>(Fate::half);
  weather.trouble = static_cast<double>(random.between(1, 40)) / 100;
  // Some kinds only, so that each also comes in numbers.
  const bool all = random.chance(0.4);
  for (int kind = 1; kind <= kinds; ++kind) {
    if (all || random.chance(0.3)) weather.fates.push_back(static_cast<Fate>(kind));
  }
  if (weather.fates.empty()) weather.fates.push_back(Fate::late);
  if (random.chance(0.3)) weather.partition = 0.02;
  weather.way_ms = random.chance(0.3) ? 400 : 10;
  return weather;
}

// One request and what comes of it.
struct Network::Journey {
  std::shared_ptr<Flight> flight;
  ApiOperation operation{};
  core::HttpRequest request;  // its body, too, until that is executed
  Fate fate = Fate::delivered;
  Reply reply;
  bool replied = false;

  void give(Outcome outcome) {
    if (std::exchange(replied, true) || flight->given_up) return;
    reply(std::move(outcome));
  }
};

Fate Network::fate_of(const Flight& flight, ApiOperation operation) {
  std::int64_t& parted_until_ms = parted_until_ms_[flight.client];
  if (weather_.partition > 0 && random_.chance(weather_.partition)) {
    parted_until_ms = agenda_.now_ms() + random_.between(500, 8'000);
  }
  if (agenda_.now_ms() < parted_until_ms) {
    return random_.pick(std::vector<Fate>{Fate::stuck, Fate::not_sent, Fate::lost_before, Fate::late});
  }
  if (!random_.chance(weather_.trouble)) return Fate::delivered;
  const Fate fate = random_.pick(weather_.fates);
  if (fate == Fate::half && !is_batch(operation)) return Fate::delivered;
  if (fate == Fate::conflict && !may_conflict(operation)) return Fate::throttled;
  return fate;
}

core::HttpResponse Network::execute(Journey& journey) {
  if (std::optional<core::HttpResponse> refused = refuse(journey.request, table_.wall_ms())) {
    trace_.note(agenda_.now_ms(), "client " + std::to_string(journey.flight->client) + " op " +
                                      std::to_string(journey.flight->operation) +
                                      " is refused: " + refused->body);
    return std::move(*refused);
  }
  const local::Answer answer =
      journey.fate == Fate::half
          ? table_.execute_half(journey.operation, journey.request.body, *journey.flight)
          : table_.execute(journey.operation, journey.request.body, *journey.flight);
  trace_.note(agenda_.now_ms(), "op " + std::to_string(journey.flight->operation) + " " +
                                    (journey.flight->given_up ? "arrives too late: " : "arrives: ") +
                                    std::to_string(answer.status) + " " + journey.request.body + " -> " +
                                    answer.body.substr(0, 200));
  return {.status = answer.status, .body = answer.body, .crc32 = core::crc32(answer.body)};
}

void Network::answer(const std::shared_ptr<Journey>& journey, core::HttpResponse response,
                     std::int64_t after_ms) {
  agenda_.after(after_ms, [journey, response = std::move(response)] { journey->give(response); });
}

void Network::fail(const std::shared_ptr<Journey>& journey, Kind kind, std::int64_t after_ms) {
  agenda_.after(after_ms, [journey, kind] {
    const bool heard = journey->replied;
    journey->give(core::TransportError{.kind = kind, .message = "trouble"});
    if (!heard) journey->flight->given_up = true;
  });
}

void Network::deliver(const std::shared_ptr<Journey>& journey, std::int64_t after_ms) {
  const std::int64_t back_ms = random_.between(1, weather_.way_ms);
  agenda_.after(after_ms, [this, journey, back_ms] {
    core::HttpResponse response = execute(*journey);
    switch (journey->fate) {
      case Fate::lost_after:
        return fail(journey, Kind::lost, back_ms);
      case Fate::error_after:
        response = refusal(500, "InternalServerError");
        break;
      case Fate::garbage:
        response = {.status = 200, .body = "\x1f\x8b garbage"};
        break;
      case Fate::cut:
        response.body.resize(response.body.size() / 2);
        response.crc32.reset();
        break;
      case Fate::wrong_crc:
        if (response.crc32) response.crc32 = *response.crc32 + 1;
        break;
      default:
        break;
    }
    answer(journey, std::move(response), back_ms);
  });
}

void Network::send(const std::shared_ptr<Flight>& flight, core::SendRequest send, Reply reply) {
  auto journey = std::make_shared<Journey>();
  journey->flight = flight;
  journey->operation = send.request.operation;
  journey->request = std::move(send.request);
  journey->fate = fate_of(*flight, journey->operation);
  journey->reply = std::move(reply);
  trace_.note(agenda_.now_ms(),
              "client " + std::to_string(flight->client) + " op " + std::to_string(flight->operation) +
                  " sends " + std::string(core::api_operation_name(journey->operation)) + " (" +
                  fate_names.at(static_cast<std::size_t>(journey->fate)) + ") " + journey->request.body);
  const std::int64_t way_ms = random_.between(1, weather_.way_ms);
  fail(journey, Kind::timed_out, send.timeout_ms);
  switch (journey->fate) {
    case Fate::stuck:
      return;
    case Fate::not_sent:
      return fail(journey, Kind::not_sent, way_ms);
    case Fate::lost_before:
      return fail(journey, Kind::lost, way_ms);
    case Fate::error_before:
      return answer(journey, refusal(500, "InternalServerError"), way_ms);
    case Fate::throttled:
      return answer(journey,
                    refusal(400, random_.chance(0.5) ? "ThrottlingException"
                                                     : "ProvisionedThroughputExceededException"),
                    way_ms);
    case Fate::conflict:
      return answer(journey, conflict(journey->operation, random_.chance(0.3)), way_ms);
    case Fate::late: {
      // Given up at the timeout, or when the connection breaks; it arrives up to 20 s after that.
      const std::int64_t broken_ms = random_.chance(0.5) ? send.timeout_ms : way_ms;
      if (broken_ms < send.timeout_ms) fail(journey, Kind::lost, broken_ms);
      const std::int64_t later_ms = random_.chance(0.5) ? 300 : 20'000;
      return deliver(journey, broken_ms + random_.between(1, later_ms));
    }
    default:
      return deliver(journey, way_ms);
  }
}

}  // namespace bao::simulation
