#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/engine/batch_write.hpp"
#include "simulation/changes.hpp"
#include "simulation/workload.hpp"

namespace bao::simulation {

namespace {

Condition condition_of(const Target& target) {
  Condition condition;
  if (!target.condition) return condition;
  condition.field = target.model->field(target.condition->field).name;
  if (target.condition->stored.is_null()) {
    condition.kind = Condition::Kind::not_exists;
  } else {
    condition.kind = Condition::Kind::compare;
    condition.operands = {target.condition->stored};
  }
  return condition;
}

core::WriteOptions options_of(const Target& target) {
  return {.condition = condition_of(target), .force_reindex = target.force_reindex};
}

std::vector<core::ItemRef> item_of(const core::Written& written) {
  return {written.item};
}

}  // namespace

template <class T, class Make, class Left>
void Workload::start_write(const Operations& operation, const std::shared_ptr<Context>& context, Make make,
                           Left left) {
  starts_to_write(*operation, context);
  client_.start<T>(operation, context ? context->scope : nullptr, std::move(make),
                   [=, this](Result<T>& result) {
                     if (result) wrote(*operation, context, left(*result));
                   });
}

core::TransactAction Workload::action_of(const Target& target) {
  using Kind = core::TransactAction::Kind;
  core::TransactAction action;
  action.kind = target.kind == Target::Kind::create   ? Kind::create
                : target.kind == Target::Kind::update ? Kind::update
                : target.kind == Target::Kind::remove ? Kind::remove
                                                      : Kind::check;
  action.model = target.model;
  action.key = target.texts;
  action.changes = target.changes;
  action.base = target.base;
  action.options = options_of(target);
  return action;
}

// From when a write starts its scope may find the row in its own cache, whatever loader it is given; it has
// to once the write was done and acknowledged. One that found nothing to do changes nothing.
void Workload::starts_to_write(const Operation& operation, const std::shared_ptr<Context>& context) {
  if (!context) return;
  for (const Target& target : operation.targets) {
    if (target.kind != Target::Kind::check && !target.row.first.empty())
      context->floor.try_emplace(target.row, 0);
  }
}

// What a write left: for later bases, and for what the scope's cache may say from now on.
void Workload::wrote(Operation& operation, const std::shared_ptr<Context>& context,
                     const std::vector<core::ItemRef>& items) {
  world_.judge.written(operation, items);
  for (std::size_t position = 0; position < items.size(); ++position) {
    const Target& target = operation.targets[position];
    if (target.kind == Target::Kind::check) continue;
    if (items[position]) seen_[target.row] = items[position];
    if (target.model->name() == "Event" && event_ids_.size() < 6 && !target.row.first.empty()) {
      event_ids_.push_back(target.row.first.substr(target.row.first.rfind('#') + 1));
    }
    if (!context) continue;
    std::uint64_t& floor = context->floor[target.row];
    const auto commit = std::ranges::find_if(operation.commits, [&](const Commit& one) {
      return std::ranges::find(one.rows, target.row) != one.rows.end();
    });
    const bool changed = commit != operation.commits.end();
    if (changed) floor = std::max(floor, commit->number);
    // What a transaction left, as far as its caller knew: the cache may have it, though the row was not so
    // since then, if ever.
    const std::string text = simulation::text_of(items[position]);
    const auto states = world_.history.between(target.row, changed ? commit->number : operation.first_commit,
                                               world_.history.last_commit());
    if (std::ranges::find(states, text, &State::text) == states.end()) written_[target.row].insert(text);
  }
}

// Two writes of one client to one row, neither of them with a mark, could not be told apart: the later one is
// not made.
bool Workload::leave_if_busy(Operation& operation) {
  if (operation.marked || !client_.is_busy(operation.targets.front().row)) return false;
  operation.targets.clear();
  operation.ended = true;
  return true;
}

void Workload::create() {
  const core::Model& model = some_model();
  const std::shared_ptr<Context> context = some_context();
  const auto operation = client_.new_operation("create " + model.name(), some_tenant());
  operation->marked = true;
  operation->targets.push_back(some_target(*operation, Target::Kind::create, model));
  start_write<core::Written>(
      operation, context,
      [&](core::Call& call) { return core::create(call, model, operation->targets.front().changes, {}); },
      item_of);
}

void Workload::update() {
  const core::Model& model = some_model();
  const std::shared_ptr<Context> context = some_context();
  const auto operation = client_.new_operation("update " + model.name(), some_tenant());
  // What is searched by is made of marked fields: without a mark of its own an update would repeat others'.
  operation->marked = model.name() == "Article" || random_.chance(0.7);
  operation->targets.push_back(some_target(*operation, Target::Kind::update, model));
  if (leave_if_busy(*operation)) return;
  const Target target = operation->targets.front();
  start_write<core::Written>(
      operation, context,
      [&](core::Call& call) {
        return core::update(call, model, target.texts, target.changes, target.base, options_of(target));
      },
      item_of);
}

void Workload::remove() {
  const core::Model& model = some_model();
  const std::shared_ptr<Context> context = some_context();
  const auto operation = client_.new_operation("remove " + model.name(), some_tenant());
  operation->targets.push_back(some_target(*operation, Target::Kind::remove, model));
  if (leave_if_busy(*operation)) return;
  const Target target = operation->targets.front();
  start_write<core::Written>(
      operation, context,
      [&](core::Call& call) {
        return core::remove(call, model, target.texts, target.base, options_of(target));
      },
      [](const core::Written&) { return std::vector<core::ItemRef>(1); });
}

void Workload::batch_write() {
  const core::Model& model = some_model();
  if (!model.unique_constraints().empty()) return create();
  const std::shared_ptr<Context> context = some_context();
  const auto operation = client_.new_operation("batch_write " + model.name(), some_tenant());
  operation->marked = true;
  operation->is_batch = true;
  core::BatchWrite writes;
  for (std::int64_t left = random_.between(1, 3); left > 0; --left) {
    // The first is a put: its mark tells whose the request is, unless it is done and the rest is not.
    const bool put = operation->targets.empty() || random_.chance(0.5);
    Target target = some_target(*operation, put ? Target::Kind::put : Target::Kind::remove, model);
    target.condition.reset();
    const bool twice = std::ranges::any_of(operation->targets, [&](const Target& other) {
      return other.row == target.row && !target.row.first.empty();
    });
    if (twice || (target.row.first.empty() && !operation->targets.empty())) continue;
    if (put) {
      writes.puts.push_back(target.changes);
    } else {
      writes.removes.push_back(target.texts);
    }
    operation->targets.push_back(std::move(target));
  }
  start_write<core::BatchWritten>(
      operation, context, [&](core::Call& call) { return core::batch_write(call, model, writes); },
      [operation](const core::BatchWritten& result) {
        std::vector<core::ItemRef> items;
        std::size_t put = 0;
        for (const Target& target : operation->targets) {
          items.push_back(target.kind == Target::Kind::put ? result.puts[put++].item : core::ItemRef());
        }
        return items;
      });
}

void Workload::transact() {
  const std::shared_ptr<Context> context = some_context();
  const auto operation = client_.new_operation("transact", some_tenant());
  operation->marked = true;
  operation->is_transaction = true;
  std::vector<core::TransactAction> actions;
  for (std::int64_t left = random_.between(1, 4); left > 0; --left) {
    static const std::vector<Target::Kind> kinds{Target::Kind::create, Target::Kind::update,
                                                 Target::Kind::update, Target::Kind::remove,
                                                 Target::Kind::check};
    // The first has a mark, which tells whose the request is.
    const bool first = operation->targets.empty();
    const Target::Kind kind = first ? Target::Kind::update : random_.pick(kinds);
    const core::Model& model = some_model();
    Target target = some_target(*operation, kind, model);
    const bool twice = std::ranges::any_of(operation->targets, [&](const Target& other) {
      return other.row == target.row || (target.row.first.empty() && other.row.first.empty());
    });
    if (twice) continue;
    operation->what += " " + std::string(core::operation_of(action_of(target).kind)) + " " + target.row.first;
    actions.push_back(action_of(target));
    operation->targets.push_back(std::move(target));
  }
  start_write<core::Transacted>(
      operation, context, [&](core::Call& call) { return core::transact(call, actions); },
      [operation](const core::Transacted& result) {
        std::vector<core::ItemRef> items;
        for (std::size_t position = 0; position < result.items.size(); ++position) {
          const bool removed = operation->targets[position].kind == Target::Kind::remove;
          items.push_back(removed ? core::ItemRef() : result.items[position].item);
        }
        return items;
      });
}

}  // namespace bao::simulation
