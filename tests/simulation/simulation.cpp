#include "simulation/simulation.hpp"

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
        weather_(Weather::any(random_)),
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
    const World world{.schema = schema_,
                      .agenda = agenda_,
                      .table = table_,
                      .network = network_,
                      .history = history_,
                      .judge = judge_,
                      .trace = trace_,
                      .fine = weather_.is_fine()};
    const Subject subject = Subject::any(random_);
    const std::int64_t clients = random_.between(2, 4);
    for (int number = 1; number <= clients; ++number) {
      clients_.push_back(
          std::make_unique<Client>(world, number, some_options(random_, world.fine), random_.next()));
      workloads_.push_back(
          std::make_unique<Workload>(world, *clients_.back(), subject, Random(random_.next())));
    }
    observer_ = std::make_unique<Client>(world, 0, some_options(random_, true), random_.next());
  }

  Run run() {
    agenda_.after(1, [this] { act(); });
    while (judge_.accusations().empty() && agenda_.step()) {
    }
    if (judge_.accusations().empty()) {
      for (const auto& client : clients_) client->close();
      judge_.close(table_.wall_ms(), weather_.is_fine());
      network_.calm();
      for (const char* tenant : {"one", "two"}) fsck(tenant);
    }
    return report();
  }

 private:
  // Somebody does something; then again, until there was enough.
  void act() {
    const std::size_t chosen = random_.below(clients_.size());
    workloads_[chosen]->act();
    if (!weather_.is_fine()) {
      if (random_.chance(0.02)) clients_[chosen]->stop_one(random_, random_.chance(0.5));
      if (random_.chance(0.005)) clients_[chosen]->jump(random_.between(1, 100'000));
    }
    if (random_.chance(0.01)) table_.sweep();
    if (--acts_left_ == 0) return;
    // In crowds, mostly, with pauses now and then.
    const std::int64_t pause_ms = random_.chance(0.05) ? random_.between(0, 5'000) : random_.between(0, 20);
    agenda_.after(pause_ms, [this] { act(); });
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
    while (agenda_.step()) {
    }
  }

  Run report() {
    Run run;
    run.accusations = judge_.accusations();
    run.commits = history_.last_commit();
    run.limits = judge_.limits();
    for (const auto& operation : judge_.operations()) {
      ++run.operations;
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
  int acts_left_ = 150;
};

}  // namespace

Run simulate(std::uint64_t seed, bool loud) {
  return Simulation(seed, loud).run();
}

}  // namespace bao::simulation
