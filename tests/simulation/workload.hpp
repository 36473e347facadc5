#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "core/engine/find.hpp"
#include "core/engine/iterate.hpp"
#include "core/engine/query.hpp"
#include "core/engine/transact.hpp"
#include "simulation/client.hpp"

namespace bao::simulation {

/// What all clients of one simulation are about: the less there is of it, the more they get in each other's
/// way.
struct Subject {
  std::vector<const char*> models;  ///< a model that stands there twice is chosen twice as often
  std::int64_t keys = 3;            ///< of each model and tenant
  double scoped = 0.6;              ///< the share of calls in a batch context
  bool crowd = false;               ///< everybody changes one item, and does nothing else meanwhile
  bool wide = false;                ///< also what the other seeds leave out: pages, parts of maps

  static Subject any(Random& random);
  /// Up to eight writers of one item.
  static Subject crowd_of_one(Random& random);
};

/// What one client does: one call after another, chosen at random.
class Workload {
 public:
  Workload(const World& world, Client& client, Subject subject, Random random);

  /// Starts a call, or several in one turn.
  void act();

 private:
  // A batch context, or a loader that finds share.
  struct Context {
    std::shared_ptr<core::Scope> scope;
    std::uint64_t opened = 0;  ///< the last commit then
    /// Rows that it writes or wrote, with the last commit that was acknowledged: 0 for none.
    std::map<RowName, std::uint64_t> floor;
  };
  using Operations = std::shared_ptr<Operation>;
  // A query, and what it has to give.
  struct Asked {
    const core::Model* model = nullptr;
    std::string index;  ///< empty: the primary key
    std::string field;  ///< of the partition key; empty: the model's prefix is that
    Value partition;
    core::QueryOptions options;

    [[nodiscard]] bool belongs(const State& state) const;
    [[nodiscard]] std::string sort_key(const State& state) const;
  };

  void act_in_a_crowd();

  // Chance.
  [[nodiscard]] const core::Model& some_model();
  [[nodiscard]] std::string some_tenant();
  [[nodiscard]] core::KeyTexts some_key(const core::Model& model);
  [[nodiscard]] std::shared_ptr<Context> some_context();
  [[nodiscard]] core::FindOptions some_find_options();
  [[nodiscard]] Asked some_query();
  [[nodiscard]] Target some_target(Operation& operation, Target::Kind kind, const core::Model& model);

  // Reads.
  void find();
  void batch_find();
  void find_unique();
  void query();
  void query_pages();
  void go_on_querying(Asked asked, const Operations& first, const Operations& operation,
                      std::vector<core::ItemRef> items);
  void scan();
  void count();
  void iterate();
  void search();
  void go_on_iterating(const core::Model& model, const std::string& tenant, const Operations& first,
                       core::IterationPosition from, std::vector<core::ItemRef> items);
  [[nodiscard]] std::uint64_t seen_from(const std::shared_ptr<Context>& context,
                                        const core::FindOptions& options, const RowName& row) const;
  /// Whether a find may wait for what an earlier call reads.
  [[nodiscard]] bool may_join(const std::shared_ptr<Context>& context,
                              const core::FindOptions& options) const;
  void found(Operation& operation, const RowName& row, const core::Found& found,
             const std::shared_ptr<Context>& context, const core::FindOptions& options,
             std::uint64_t seen_from);
  void raise_floor(const Operation& operation, const RowName& row, const core::ItemRef& item,
                   const std::shared_ptr<Context>& context, const std::shared_ptr<core::Cache>& loader,
                   std::uint64_t seen_from);

  // Writes.
  void create();
  void update();
  void remove();
  void batch_write();
  void transact();
  /// Starts the write that `make` gives; `left` tells of its result what became of each target.
  template <class T, class Make, class Left>
  void start_write(const Operations& operation, const std::shared_ptr<Context>& context, Make make,
                   Left left);
  void starts_to_write(const Operation& operation, const std::shared_ptr<Context>& context);
  void wrote(Operation& operation, const std::shared_ptr<Context>& context,
             const std::vector<core::ItemRef>& items);
  [[nodiscard]] bool leave_if_busy(Operation& operation);
  [[nodiscard]] static core::TransactAction action_of(const Target& target);

  World world_;
  Client& client_;
  Subject subject_;
  Random random_;
  std::vector<std::shared_ptr<Context>> contexts_;
  std::shared_ptr<core::Cache> loader_;
  std::uint64_t loader_from_ = 0;
  /// What reads through the caches gave already: later ones through the same give nothing older.
  using Caches = std::tuple<std::shared_ptr<Context>, std::shared_ptr<core::Cache>, RowName>;
  std::map<Caches, std::uint64_t> read_floor_;
  std::map<RowName, core::ItemRef> seen_;             ///< items as they once were
  std::map<RowName, std::set<std::string>> written_;  ///< what caches may have of this client's writes
  std::vector<std::string> event_ids_;
};

}  // namespace bao::simulation
