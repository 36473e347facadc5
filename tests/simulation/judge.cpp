#include "simulation/judge.hpp"

#include <algorithm>
#include <cstdlib>

#include "core/schema/field_codec.hpp"
#include "simulation/liveness.hpp"
#include "simulation/paths.hpp"

namespace bao::simulation {

namespace {

std::string name_of(const Operation& operation) {
  return "op " + std::to_string(operation.number) + " (" + operation.what + ")";
}

std::int64_t integer(const std::string& text) {
  return text.empty() ? 0 : std::strtoll(text.c_str(), nullptr, 10);
}

Value stored_in(const State& state, const std::string& field) {
  const auto found = state.attributes.find(field);
  return found == state.attributes.end() ? Value() : found->second;
}

Value stored_in(const core::ItemRef& item, const std::string& field) {
  const core::ValueView view = item.attribute(field);
  return view.present() ? view.to_value() : Value();
}

Value::StringSet members_of(const Value& value) {
  const auto* members = value.get_if<Value::StringSet>();
  return members == nullptr ? Value::StringSet() : *members;
}

const core::Change* change_of(const Target& target, std::uint32_t field) {
  const auto found = std::ranges::find(target.changes, field, &core::Change::field);
  return found == target.changes.end() ? nullptr : &*found;
}

bool changes_by_itself(FieldType type) {
  return type == FieldType::version || type == FieldType::modified_date;
}

bool is_met(const Target& target, const State& state) {
  if (!target.condition) return true;
  return stored_in(state, target.model->field(target.condition->field).name) == target.condition->stored;
}

std::vector<const Commit*> commits_of(const Operation& operation, const RowName& row) {
  std::vector<const Commit*> commits;
  for (const Commit& commit : operation.commits) {
    if (std::ranges::find(commit.rows, row) != commit.rows.end()) commits.push_back(&commit);
  }
  return commits;
}

// Whether an item has a field as the change leaves it. Of additions nobody can tell.
bool has_change(const Target& target, const core::Change& change, const Value& is) {
  if (is_of_part(change)) return with_part(is, change) == is;
  const Result<Value> stored = core::encode_field(*target.model, change.field, change.value);
  if (change.kind == core::Change::Kind::set) return stored && is == *stored;
  if (change.kind != core::Change::Kind::edit_members) return false;
  const Value::StringSet members = members_of(is);
  return std::ranges::includes(members, change.added) &&
         std::ranges::none_of(change.deleted, [&](const auto& member) { return members.contains(member); });
}

// What the caller's instance has already is not written.
bool is_dropped(const Target& target, const core::Change& change) {
  return target.base && (change.kind == core::Change::Kind::set || is_of_part(change)) &&
         has_change(target, change, stored_in(target.base, target.model->field(change.field).name));
}

// Whether it has another effect when it is done twice.
bool adds(const Target& target) {
  return std::ranges::any_of(target.changes, [&](const core::Change& change) {
    if (is_of_part(change)) return is_relative(change) && !is_dropped(target, change);
    return change.kind == core::Change::Kind::increment;
  });
}

// Whether an item is as a write wants it.
template <class Item>
bool is_as_wanted(const Target& target, const Item& item) {
  return std::ranges::all_of(target.changes, [&](const core::Change& change) {
    return is_dropped(target, change) ||
           has_change(target, change, stored_in(item, target.model->field(change.field).name));
  });
}

// The same of what is known of an item without a look at it: members and counters that others change, too,
// are not.
bool is_as_far_as_known(Target target, const core::ItemRef& item) {
  std::erase_if(target.changes,
                [](const core::Change& change) { return change.kind != core::Change::Kind::set; });
  return is_as_wanted(target, item);
}

// A transaction gives no items back: what its caller had loaded, with what it changed, has to do.
bool is_composed(const Operation& operation, const Target& target) {
  return target.kind == Target::Kind::update &&
         (operation.is_transaction || !target.model->unique_constraints().empty());
}

}  // namespace

bool is_item_of(const RowName& row, const core::Model& model, const std::string& tenant) {
  if (is_unique_row(row)) return false;
  const RowOwner owner = owner_of(row);
  return owner.tenant == tenant && owner.prefix == model.prefix();
}

RowName row_of(const core::ItemRef& item) {
  const core::ValueView pk = item.attribute("_pk");
  const core::ValueView sk = item.attribute("_sk");
  if (!pk.present() || !sk.present()) return {};
  return {std::string(pk.text()), std::string(sk.text())};
}

void Judge::accuse(const std::string& about, const std::string& what) {
  accusations_.push_back(what + "\n  the last events of " + about + ":\n" + trace_.about(about, 24));
}

Operation* Judge::operation(int number) const {
  return number <= 0 ? nullptr : operations_[static_cast<std::size_t>(number) - 1].get();
}

void Judge::committed(const Flight& flight, const std::vector<RowName>& changed, std::int64_t wall_ms) {
  Operation* const by = operation(flight.operation);
  for (const RowName& row : changed) {
    for (const std::string& wrong : rows_.check(row, wall_ms)) accuse(row.first, wrong);
    if (by != nullptr) check_change(*by, row);
  }
  if (by == nullptr) {
    if (flight.client > 0) accuse(changed.front().first, "a write of no operation changed something");
    return;
  }
  by->commits.push_back({.number = history_.last_commit(), .rows = changed, .given_up = flight.given_up});
}

void Judge::check_change(Operation& operation, const RowName& row) {
  if (is_unique_row(row)) return;  // RowCheck holds it against its item
  auto target = std::ranges::find(operation.targets, row, &Target::row);
  if (target == operation.targets.end()) {
    // A new item whose key the library makes.
    target = std::ranges::find_if(operation.targets, [&](const Target& open) {
      return open.row.first.empty() && is_item_of(row, *open.model, operation.tenant);
    });
    if (target != operation.targets.end()) target->row = row;
  }
  if (target == operation.targets.end()) {
    return accuse(row.first, name_of(operation) + " changed a row that it was not told to");
  }
  const State& before = history_.before_last_commit(row);
  const State& after = history_.current(row);
  if (!is_met(*target, before)) accuse(row.first, name_of(operation) + " did it against its condition");
  switch (target->kind) {
    case Target::Kind::create:
      if (before.item) accuse(row.first, name_of(operation) + " created what was there");
      [[fallthrough]];
    case Target::Kind::put:
      if (!after.item || !is_as_wanted(*target, after))
        accuse(row.first, name_of(operation) + " put something else than it was told");
      return;
    case Target::Kind::update:
      return check_update(operation, *target, before, after);
    case Target::Kind::remove:
      if (after.item) accuse(row.first, name_of(operation) + " did not delete, but change");
      return;
    case Target::Kind::check:
      return accuse(row.first, name_of(operation) + " changed what it was to check");
  }
}

void Judge::check_update(const Operation& operation, const Target& target, const State& before,
                         const State& after) {
  if (!before.item || !after.item) {
    return accuse(target.row.first, name_of(operation) + (after.item ? " updated what was not there"
                                                                     : " deleted what it was to update"));
  }
  for (std::uint32_t field = 0; field < target.model->fields().size(); ++field) {
    const FieldDefinition& definition = target.model->field(field);
    const Value was = stored_in(before, definition.name);
    const Value is = stored_in(after, definition.name);
    const core::Change* const change = change_of(target, field);
    bool right = is == was || (change == nullptr && changes_by_itself(definition.type));
    if (change != nullptr && change->kind == core::Change::Kind::set) {
      right = has_change(target, *change, is) || (is_dropped(target, *change) && is == was);
    } else if (change != nullptr && change->kind == core::Change::Kind::increment) {
      right = integer(attribute_of(after, definition.name)) ==
              integer(attribute_of(before, definition.name)) + integer(change->value.get_if<Number>()->text);
    } else if (change != nullptr && is_of_part(*change)) {
      Value wanted = was;
      for (const core::Change& part : target.changes) {
        if (part.field == field && !is_dropped(target, part)) wanted = with_part(std::move(wanted), part);
      }
      right = is == wanted;
    } else if (change != nullptr) {
      Value::StringSet wanted = members_of(was);
      wanted.insert(change->added.begin(), change->added.end());
      for (const std::string& member : change->deleted) wanted.erase(member);
      right = members_of(is) == wanted;
    }
    if (!right) {
      accuse(target.row.first, name_of(operation) + " left " + definition.name + " wrong: " + before.text +
                                   " became " + after.text);
    }
  }
}

void Judge::read(const Operation& operation, const RowName& row, const core::ItemRef& item,
                 const std::set<std::string>* written) {
  if (item && row_of(item) != row) {
    return accuse(row.first, name_of(operation) + " was given another row: " + text_of(row_of(item)));
  }
  const std::string text = text_of(item);
  for (const State* state : history_.between(row, operation.seen_from, history_.last_commit())) {
    if (state->text == text) return;
  }
  if (written != nullptr && (written->contains(text) || is_left_by_abandoned(operation, row, item))) return;
  accuse(row.first, name_of(operation) + " was given " + text + " for " + text_of(row) +
                        ", which it was at no time since commit " + std::to_string(operation.seen_from));
}

// What a write left of which nobody was told any more, as far as it knew: see written().
bool Judge::is_left_by_abandoned(const Operation& reader, const RowName& row,
                                 const core::ItemRef& item) const {
  return item && std::ranges::any_of(operations_, [&](const std::shared_ptr<Operation>& other) {
           if (!other->abandoned || other->client != reader.client) return false;
           return std::ranges::any_of(other->targets, [&](const Target& target) {
             return target.row == row && is_composed(*other, target) && is_as_far_as_known(target, item);
           });
         });
}

bool Judge::was_alone(const Operation& operation) const {
  return std::ranges::none_of(operations_, [&](const std::shared_ptr<Operation>& other) {
    if (other->client != operation.client || other->number == operation.number) return false;
    if (other->number > operation.number) return true;
    return other->last_started == 0 || other->last_started >= operation.number;
  });
}

void Judge::written(const Operation& operation, const std::vector<core::ItemRef>& items) {
  for (std::size_t position = 0; position < items.size(); ++position) {
    const Target& target = operation.targets[position];
    const core::ItemRef& item = items[position];
    if (target.kind == Target::Kind::remove || target.kind == Target::Kind::check || !item) continue;
    const std::vector<const Commit*> commits = commits_of(operation, target.row);
    if (commits.empty()) continue;  // nothing was to be done
    const std::string text = text_of(item);
    const auto states = history_.between(target.row, commits.front()->number, history_.last_commit());
    const bool known = std::ranges::any_of(states, [&](const State* state) { return state->text == text; });
    if (known) continue;
    if (is_composed(operation, target) && is_as_far_as_known(target, item)) continue;
    accuse(target.row.first, name_of(operation) + " was given as written " + text);
  }
}

bool Judge::value_was_taken(const Operation& operation, const Target& target) const {
  for (const core::UniqueConstraint& constraint : target.model->unique_constraints()) {
    // Two actions of one transaction want it.
    const core::Change* const wanted = change_of(target, constraint.field);
    for (const Target& other : operation.targets) {
      const core::Change* const also =
          &other == &target || other.model != target.model ? nullptr : change_of(other, constraint.field);
      if (wanted != nullptr && also != nullptr && wanted->value == also->value) return true;
    }
    std::set<std::string> values;
    if (const core::Change* const change = change_of(target, constraint.field)) {
      if (const auto* text = change->value.get_if<std::string>()) values.insert(*text);
    }
    const std::string& field = target.model->field(constraint.field).name;
    for (const State* state : history_.between(target.row, operation.first_commit, operation.last_commit)) {
      values.insert(attribute_of(*state, field));  // of force_reindex
    }
    for (const std::string& value : values) {
      const RowName row = unique_row(operation.tenant, *target.model, constraint, value);
      for (const State* state : history_.between(row, operation.first_commit, operation.last_commit)) {
        if (state->item) return true;
      }
    }
  }
  return false;
}

// Whether the table ever was, while the operation ran, as its error says.
bool Judge::explains(const Operation& operation, const Error& error) const {
  if (gave_way(error)) return may_give_way(operation);
  for (const Target& target : operation.targets) {
    for (const State* state : history_.between(target.row, operation.first_commit, operation.last_commit)) {
      if (error.code() == ErrorCode::item_not_found && !state->item) return true;
      if (error.code() != ErrorCode::conditional) continue;
      if (target.kind == Target::Kind::create ? bool(state->item) : !is_met(target, *state)) return true;
    }
    if (error.code() == ErrorCode::conditional && value_was_taken(operation, target)) return true;
    // An update of one half of an index key of an item that lacks the other.
    if (error.code() == ErrorCode::validation && error.message().find("Include both") != std::string::npos)
      return true;
  }
  return false;
}

void Judge::ended(const Operation& operation) {
  if (const std::optional<std::string> wrong = check_time(operation))
    accuse("op " + std::to_string(operation.number) + " ", name_of(operation) + " " + *wrong);
  if (!operation.error) return;
  const Error& error = *operation.error;
  const bool refused = error.code() == ErrorCode::conditional || error.code() == ErrorCode::item_not_found ||
                       error.code() == ErrorCode::validation;
  const std::string about = operation.targets.empty() ? "op " + std::to_string(operation.number) + " "
                                                      : operation.targets.front().row.first;
  if (refused && !explains(operation, error)) {
    accuse(about, name_of(operation) + " was refused for no reason: " + error.message());
  }
  const bool told_to_stop = operation.stopped && (error.code() == ErrorCode::cancelled ||
                                                  error.code() == ErrorCode::ambiguous_write);
  const bool trouble = error.code() == ErrorCode::throttling || error.code() == ErrorCode::timeout ||
                       error.code() == ErrorCode::transport || error.code() == ErrorCode::service ||
                       error.code() == ErrorCode::data_format || error.code() == ErrorCode::ambiguous_write;
  // Where an earlier call of the same cache met trouble, those that wait for its answer share that.
  const bool undisturbed = operation.undisturbed && !operation.joins;
  if (!refused && !told_to_stop && (undisturbed || !trouble)) {
    accuse(about, name_of(operation) + " failed for no reason: " + error.message());
  }
  if (error.code() == ErrorCode::service && error.details().status == 400 &&
      error.details().service_name == "ValidationException") {
    accuse(about,
           name_of(operation) + " sent what the service does not take: " + error.details().service_text);
  }
}

// An acknowledged write was done, and done while its caller waited.
void Judge::check_done(const Operation& operation, const Target& target) {
  for (const Commit* commit : commits_of(operation, target.row)) {
    if (commit->number <= operation.last_commit) return;
  }
  const auto states = history_.between(target.row, operation.first_commit, operation.last_commit);
  bool so_already = false;
  switch (target.kind) {
    case Target::Kind::check:
      so_already = std::ranges::any_of(
          states, [&](const State* state) { return state->item && is_met(target, *state); });
      break;
    case Target::Kind::remove:
      // Gone after a lost answer, by whomever; or a batch's, which takes what is not there for deleted.
      so_already = (operation.answers_lost > 0 || operation.is_batch) &&
                   std::ranges::any_of(states, [](const State* state) { return !state->item; });
      break;
    case Target::Kind::update:
      so_already = (target.base && is_as_wanted(target, target.base)) ||
                   std::ranges::any_of(states, [&](const State* state) {
                     return state->item && is_as_wanted(target, *state);
                   });
      break;
    default:
      break;
  }
  if (!so_already)
    accuse(target.row.first,
           name_of(operation) + " was acknowledged, and " + text_of(target.row) + " was never written");
}

void Judge::check_count(const Operation& operation, const Target& target) {
  const std::vector<const Commit*> commits = commits_of(operation, target.row);
  if (commits.size() < 2) return;
  if (adds(target)) {
    return accuse(target.row.first,
                  name_of(operation) + " was done " + std::to_string(commits.size()) + " times");
  }
  // LIMIT. A write whose answer did not come is sent again, and between the two somebody else may write; or
  // it is planned anew, and what was given up arrives when its conditions are met again. See
  // docs/architecture.md.
  if (!std::ranges::any_of(commits, &Commit::given_up) && operation.is_transaction) {
    accuse(target.row.first, name_of(operation) + " was done twice");
  }
  ++limits_.late_repeats;
}

void Judge::check_outcome(Operation& operation) {
  if (operation.targets.empty()) return;
  for (const Target& target : operation.targets) check_count(operation, target);
  if (operation.abandoned) return;
  if (!operation.error) {
    for (const Target& target : operation.targets) check_done(operation, target);
    return;
  }
  if (operation.error->code() == ErrorCode::ambiguous_write || operation.is_batch) return;
  for (const Commit& commit : operation.commits) {
    // Done, its answer lost, and the item deleted by somebody else: that it is not there is the truth, too.
    if (operation.error->code() == ErrorCode::item_not_found && operation.targets.size() == 1) {
      const auto since =
          history_.between(operation.targets.front().row, commit.number, operation.last_commit);
      if (std::ranges::any_of(since, [](const State* state) { return !state->item; })) continue;
    }
    if (commit.given_up) {
      // LIMIT. See docs/architecture.md: the attempt that was given up arrives when its conditions are met.
      ++limits_.late_refusals;
      continue;
    }
    accuse(commit.rows.front().first,
           name_of(operation) + " ended with '" + operation.error->message() + "', and was done");
    return;
  }
}

void Judge::close(std::int64_t wall_ms, bool fine) {
  for (const std::shared_ptr<Operation>& operation : operations_) {
    if (!operation->ended && !operation->abandoned)
      accuse("op " + std::to_string(operation->number) + " ", name_of(*operation) + " never ended");
    check_outcome(*operation);
    if (fine && !operation->stopped && operation->commits.size() > 1)
      accuse("op " + std::to_string(operation->number) + " ", name_of(*operation) + " was done twice");
  }
  for (const auto& [row, states] : history_.rows()) {
    for (const std::string& wrong : rows_.check(row, wall_ms)) accuse(row.first, "at the end: " + wrong);
  }
}

}  // namespace bao::simulation
