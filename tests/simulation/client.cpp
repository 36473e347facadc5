#include "simulation/client.hpp"

#include <algorithm>
#include <cstdlib>
#include <variant>
#include <vector>

#include "simulation/identity.hpp"
#include "simulation/liveness.hpp"

namespace bao::simulation {

Client::Client(World world, int number, core::EngineOptions options, std::uint64_t seed)
    : world_(std::move(world)),
      number_(number),
      options_(options),
      random_(seed),
      engine_(std::move(options), world_.schema, random_) {
  set_time();
}

std::shared_ptr<Operation> Client::new_operation(std::string what, std::string tenant) {
  auto operation = std::make_shared<Operation>();
  operation->number = static_cast<int>(world_.judge.operations().size()) + 1;
  operation->client = number_;
  operation->tenant = std::move(tenant);
  operation->what = std::move(what);
  operation->started_ms = world_.agenda.now_ms();
  operation->deadline_ms = operation->started_ms + options_.call_ms;
  operation->undisturbed = world_.network.is_calm();
  operation->crowded = world_.crowded;
  operation->first_commit = world_.history.last_commit();
  operation->seen_from = operation->first_commit;
  world_.judge.add(operation);
  return operation;
}

void Client::set_time() {
  const std::int64_t now_ms = world_.agenda.now_ms();
  engine_.set_time({.wall_ms = world_.table.wall_ms() + wall_offset_ms_, .steady_ms = 1'000 + now_ms});
}

void Client::pump() {
  if (std::exchange(pumping_, true)) return;
  set_time();
  core::Action action;
  while (engine_.next_action(action)) {
    if (auto* send = std::get_if<core::SendRequest>(&action)) {
      this->send(std::move(*send));
    } else if (const auto* cancel = std::get_if<core::CancelRequest>(&action)) {
      const auto flight = flights_.extract(cancel->id);
      if (!flight.empty()) flight.mapped()->given_up = true;
    } else if (const auto* timer = std::get_if<core::StartTimer>(&action)) {
      timers_.insert(timer->id);
      world_.agenda.after(timer->delay_ms, [this, id = timer->id] {
        if (timers_.erase(id) == 0) return;
        set_time();
        engine_.on_timer(id);
        pump();
      });
    } else if (const auto* stop = std::get_if<core::CancelTimer>(&action)) {
      timers_.erase(stop->id);
    } else if (const auto* turn = std::get_if<core::RequestTurn>(&action)) {
      world_.agenda.after(0, [this, id = turn->id] {
        set_time();
        engine_.on_turn_over(id);
        pump();
      });
    } else if (const auto* complete = std::get_if<core::Complete>(&action)) {
      this->complete(*static_cast<Call*>(complete->token));
    } else {
      give_credentials();
    }
  }
  pumping_ = false;
}

// Their source takes its time. Some last for seconds, and some are taken back before they said that they
// would expire.
void Client::give_credentials() {
  if (!options_.sign) return world_.judge.accuse("client", "unsigned requests need no credentials");
  if (std::exchange(credentials_wanted_, true))
    world_.judge.accuse("client", "credentials are asked for twice at a time");
  const std::int64_t delay_ms = random_.between(1, 200);
  world_.agenda.after(delay_ms, [this] {
    credentials_wanted_ = false;
    const std::int64_t until_ms = world_.table.wall_ms() + random_.between(15, 120) * 1'000;
    const bool taken_back = random_.chance(0.3);
    const std::int64_t refused_from_ms =
        taken_back ? world_.table.wall_ms() + random_.between(2'000, 10'000) : until_ms;
    std::optional<std::int64_t> told_ms = until_ms;
    if (random_.chance(0.2)) told_ms.reset();
    world_.trace.note(world_.agenda.now_ms(), "client " + std::to_string(number_) + " gets credentials");
    set_time();
    engine_.on_credentials(credentials_until(refused_from_ms, told_ms));
    pump();
  });
}

int Client::writer_of(const core::HttpRequest& request) {
  if (!is_write(request.operation)) return 0;
  const std::size_t mark = request.body.find("mark-");
  if (mark != std::string::npos) return std::atoi(request.body.c_str() + mark + 5);
  // Of a batch, the marked puts may be done, and its deletes sent again.
  const bool is_batch = request.operation == core::ApiOperation::batch_write_item;
  const std::vector<RowName> rows = rows_written(request.body);
  for (const auto& [number, call] : running_) {
    const Operation& operation = *call->operation;
    if (is_batch ? !operation.is_batch : operation.marked) continue;
    const auto is_its = [&](const RowName& row) {
      const auto target = std::ranges::find(operation.targets, row, &Target::row);
      return target != operation.targets.end() && (!is_batch || target->kind == Target::Kind::remove);
    };
    // A transaction names its item first, then rows of unique values and who else may hold them.
    if (is_batch ? std::ranges::all_of(rows, is_its) : is_its(rows.front())) return number;
  }
  return -1;
}

void Client::send(core::SendRequest send) {
  auto flight = std::make_shared<Flight>();
  flight->client = number_;
  flight->operation = writer_of(send.request);
  if (flight->operation != 0 && !running_.contains(flight->operation)) {
    world_.judge.accuse(
        "op " + std::to_string(flight->operation) + " ",
        "client " + std::to_string(number_) + " sends for an operation that has ended: " + send.request.body);
    flight->operation = 0;
  }
  const core::RequestId id = send.id;
  flights_.emplace(id, flight);
  world_.network.send(flight, std::move(send), [this, id](Network::Outcome outcome) {
    const auto flight = flights_.extract(id);
    if (flight.empty()) return;
    set_time();
    if (auto* response = std::get_if<core::HttpResponse>(&outcome)) {
      if (Operation* const operation = world_.judge.operation(flight.mapped()->operation);
          operation != nullptr && (response->status != 200 || !response->crc32)) {
        ++operation->answers_lost;
      }
      engine_.on_response(id, std::move(*response));
    } else {
      if (Operation* const operation = world_.judge.operation(flight.mapped()->operation))
        ++operation->answers_lost;
      engine_.on_transport_error(id, std::get<core::TransportError>(std::move(outcome)));
    }
    pump();
  });
}

void Client::complete(Call& call) {
  const auto running = running_.extract(call.operation->number);
  Operation& operation = *call.operation;
  operation.ended = true;
  operation.last_commit = world_.history.last_commit();
  operation.last_started = static_cast<int>(world_.judge.operations().size());
  operation.ended_ms = world_.agenda.now_ms();
  call.end();
  world_.trace.note(world_.agenda.now_ms(),
                    "client " + std::to_string(number_) + " op " + std::to_string(operation.number) + " (" +
                        operation.what + ") ends: " +
                        (operation.error ? std::string(error_class_name(operation.error->code())) + " " +
                                               operation.error->message()
                                         : "done"));
  world_.judge.ended(operation);
}

// A call that goes on and on would keep the simulation from its end, where it is told who never ended.
void Client::watch(const std::shared_ptr<Operation>& operation) {
  const std::int64_t left_ms = operation->deadline_ms - world_.agenda.now_ms();
  world_.agenda.after(left_ms + end_late_ms_max + 1, [this, operation] {
    if (operation->ended || operation->abandoned) return;
    world_.judge.accuse(
        "op " + std::to_string(operation->number) + " ",
        "op " + std::to_string(operation->number) + " (" + operation->what + ") goes on behind its deadline");
  });
}

void Client::stop_one(Random& random, bool abandon) {
  if (running_.empty()) return;
  auto chosen = running_.begin();
  std::advance(chosen, random.below(running_.size()));
  Operation& operation = *chosen->second->operation;
  const core::OperationId id = chosen->second->id;
  world_.trace.note(world_.agenda.now_ms(), "client " + std::to_string(number_) + " op " +
                                                std::to_string(operation.number) +
                                                (abandon ? " is abandoned" : " is cancelled"));
  operation.stopped = true;
  set_time();
  if (abandon) {
    operation.abandoned = true;
    operation.last_commit = world_.history.last_commit();
    operation.last_started = static_cast<int>(world_.judge.operations().size());
    engine_.abandon(id);
    running_.erase(chosen);
  } else {
    engine_.cancel(id);
  }
  pump();
}

bool Client::is_busy(const RowName& row) const {
  return std::ranges::any_of(running_, [&](const auto& call) {
    const std::vector<Target>& targets = call.second->operation->targets;
    return !call.second->operation->marked && std::ranges::find(targets, row, &Target::row) != targets.end();
  });
}

void Client::close() {
  pump();
  if (!running_.empty()) world_.judge.accuse("client", "operations are left when all is quiet");
  if (!flights_.empty()) world_.judge.accuse("client", "requests are left when all is quiet");
  if (!timers_.empty()) world_.judge.accuse("client", "timers are left when all is quiet");
}

}  // namespace bao::simulation
