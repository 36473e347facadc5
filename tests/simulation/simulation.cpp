#include "simulation/simulation.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "core/engine/iterate.hpp"
#include "core/engine/table_rows.hpp"
#include "core/fsck/check.hpp"
#include "native/text/folding.hpp"
#include "scripted/models.hpp"
#include "simulation/client.hpp"
#include "simulation/workload.hpp"

namespace bao::simulation {

namespace {

core::EngineOptions some_options(Random& random, bool fine) {
  core::EngineOptions options;
  options.table_name = table_name;
  options.iteration_index = core::search_index_name;
  options.sign = false;
  options.folding = &native::text_folding();
  options.share_reads_in_flight = random.chance(0.7);
  if (fine) return options;
  options.call_ms = random.between(2, 30) * 1'000;
  options.attempt_ms = random.between(1, 10) * 500;
  options.retry.max_attempts = static_cast<int>(random.between(1, 8));
  if (random.chance(0.3)) options.retry.quota = static_cast<int>(random.between(0, 100));
  return options;
}

class Simulation {
 public:
  Simulation(std::uint64_t seed, bool loud)
      : random_(seed),
        kinds_(~seed),
        weather_(weather()),
        trace_(loud),
        table_(agenda_, history_),
        network_(agenda_, table_, trace_, random_, weather_),
        judge_(*schema_, history_, trace_) {
    table_.on_commit = [this](const Flight& flight, const std::vector<RowName>& changed) {
      for (const RowName& row : changed)
        trace_.note(agenda_.now_ms(), "commit " + std::to_string(history_.last_commit()) + " by op " +
                                          std::to_string(flight.operation) + ": " + text_of(row) + " is " +
                                          history_.current(row).text);
      judge_.committed(flight, changed, table_.wall_ms());
    };
    Subject subject = Subject::any(random_);
    std::int64_t clients = random_.between(2, 4);
    subject.wide = kinds_.chance(0.5);
    if (crowd_) {
      subject = Subject::crowd_of_one(kinds_);
      clients = kinds_.between(2, 8);
    }
    const World world{.schema = schema_,
                      .agenda = agenda_,
                      .table = table_,
                      .network = network_,
                      .history = history_,
                      .judge = judge_,
                      .trace = trace_,
                      .crowded = crowd_ && (clients > 4 || weather_.way_ms > 10)};
    for (int number = 1; number <= clients; ++number) {
      clients_.push_back(std::make_unique<Client>(world, number, some_client_options(), random_.next()));
      // Its clock may be an hour off, or four minutes, which the service bears.
      if (signed_) clients_.back()->jump(kinds_.between(-15, 15) * 4 * 60'000);
      workloads_.push_back(
          std::make_unique<Workload>(world, *clients_.back(), subject, Random(random_.next())));
    }
    observer_ = std::make_unique<Client>(world, 0, some_options(random_, true), random_.next());
  }

  Run run() {
    agenda_.after(1, [this] { act(); });
    go_on();
    if (judge_.accusations().empty()) {
      for (const auto& client : clients_) client->close();
      judge_.close(table_.wall_ms(), weather_.is_fine());
      network_.calm();
      for (const char* tenant : {"one", "two"}) fsck(tenant);
    }
    return report();
  }

 private:
  core::EngineOptions some_client_options() {
    core::EngineOptions options = some_options(random_, weather_.is_fine());
    options.sign = signed_;
    return options;
  }

  // A crowd gets in its own way the more, the longer its requests take.
  Weather weather() {
    Weather weather = Weather::any(random_);
    if (crowd_ && kinds_.chance(0.5)) weather.trouble = weather.partition = 0;
    if (crowd_) weather.way_ms = kinds_.chance(0.5) ? 10 : kinds_.between(10, 100);
    return weather;
  }

  // Until nothing is to happen any more. A run has some ten thousand events, and a million where a crowd
  // looks every millisecond whether its requests have come back from a network that they are stuck in.
  void go_on() {
    constexpr int events_max = 20'000'000;
    for (int events = 0; judge_.accusations().empty() && agenda_.step(); ++events) {
      if (events == events_max) judge_.accuse("client", "it does not come to an end");
    }
  }

  // Somebody does something; then again, until there was enough.
  void act() {
    const std::size_t chosen = random_.below(clients_.size());
    const std::size_t operations = judge_.operations().size();
    workloads_[chosen]->act();
    // Who waits in a crowd does nothing else.
    if (crowd_ && judge_.operations().size() == operations)
      return agenda_.after(pause_ms(), [this] { act(); });
    if (!weather_.is_fine()) {
      if (random_.chance(0.02)) clients_[chosen]->stop_one(random_, random_.chance(0.5));
      if (random_.chance(0.005)) clients_[chosen]->jump(random_.between(1, 100'000) * (signed_ ? 10 : 1));
    }
    if (random_.chance(0.01)) table_.sweep();
    if (--acts_left_ == 0) {
      // Some of the calls under way end before that, others live to see it.
      return agenda_.after(kinds_.between(0, 10'000), [this] { calm(); });
    }
    agenda_.after(pause_ms(), [this] { act(); });
  }

  std::int64_t pause_ms() {
    if (crowd_) return kinds_.between(0, weather_.way_ms / 8);
    // In crowds, mostly, with pauses now and then.
    return random_.chance(0.05) ? random_.between(0, 5'000) : random_.between(0, 20);
  }

  // Nothing happens to requests any more: what begins now succeeds, whatever the calls before went through.
  void calm() {
    network_.calm();
    for (int acts = 1; acts <= 12; ++acts) {
      agenda_.after(acts * kinds_.between(1, 200),
                    [this] { workloads_[kinds_.below(workloads_.size())]->act(); });
    }
  }

  // `bao fsck` finds nothing, either.
  void fsck(const std::string& tenant) {
    std::vector<core::ItemRef> rows;
    for (const auto& [row, states] : history_.rows()) {
      if (states.back().item && owner_of(row).tenant == tenant) rows.push_back(states.back().item);
    }
    const auto operation = observer_->new_operation("fsck", tenant);
    observer_->start<core::CheckedRows>(
        operation, nullptr, [&](core::Call& call) { return core::check_rows(call, rows, {}); },
        [this](Result<core::CheckedRows>& result) {
          if (!result) return judge_.accuse("fsck", "fsck failed: " + result.error().message());
          for (const core::Finding& finding : result->findings) {
            judge_.accuse(finding.row.pk, "fsck: " + std::string(core::name_of(finding.kind)) + " " +
                                              finding.id + " " + finding.attribute + ": '" + finding.found +
                                              "', not '" + finding.expected + "'");
          }
        });
    go_on();
  }

  Run report() {
    Run run;
    run.accusations = judge_.accusations();
    run.commits = history_.last_commit();
    run.limits = judge_.limits();
    for (const auto& operation : judge_.operations()) {
      ++run.operations;
      if (operation->undisturbed && !operation->joins)
        run.slowest_ms = std::max(run.slowest_ms, operation->ended_ms - operation->started_ms);
      if (!operation->error) continue;
      switch (operation->error->code()) {
        case ErrorCode::conditional:
        case ErrorCode::item_not_found:
        case ErrorCode::validation:
          ++run.refused;
          break;
        case ErrorCode::ambiguous_write:
          ++run.ambiguous;
          break;
        default:
          ++run.failed;
      }
    }
    return run;
  }

  std::shared_ptr<const core::Schema> schema_ = scripted::make_schema();
  Random random_;
  Random kinds_;  // which kind of simulation, and what other kinds do not have: they do the same without it
  bool crowd_ = kinds_.chance(0.2);
  bool signed_ = kinds_.chance(0.3);
  Weather weather_;
  Agenda agenda_;
  History history_;
  Trace trace_;
  Table table_;
  Network network_;
  Judge judge_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<std::unique_ptr<Workload>> workloads_;
  std::unique_ptr<Client> observer_;
  int acts_left_ = crowd_ ? 400 : 150;
};

}  // namespace

Run simulate(std::uint64_t seed, bool loud) {
  return Simulation(seed, loud).run();
}

}  // namespace bao::simulation
