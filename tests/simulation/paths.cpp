#include "simulation/paths.hpp"

#include <string>
#include <utility>
#include <variant>

namespace bao::simulation {

namespace {

using core::Change;
using Kind = core::Change::Kind;

std::string some_text(Random& random) {
  return "v" + std::to_string(random.between(1, 4));
}

Change part(std::uint32_t field, Kind kind, std::vector<PathStep> path, Value value = {}) {
  Change change;
  change.field = field;
  change.kind = kind;
  change.path = std::move(path);
  change.value = std::move(value);
  return change;
}

void change_at(Value& at, const Change& change, std::size_t step);

void change_member(Value& at, const Change& change, std::size_t step) {
  const bool goes = change.kind == Kind::remove_path;
  if (at.is_null() && goes) return;
  if (at.is_null()) at = Value(Value::Map());
  const auto* members = at.get_if<Value::Map>();
  if (members == nullptr) return;
  const std::string& name = std::get<std::string>(change.path[step]);
  Value::Map changed = *members;
  if (goes && step + 1 == change.path.size()) {
    changed.erase(name);
  } else {
    const auto found = changed.find(name);
    if (found == changed.end() && goes) return;
    Value member = found == changed.end() ? Value() : found->second;
    change_at(member, change, step + 1);
    changed.insert_or_assign(name, std::move(member));
  }
  at = Value(std::move(changed));
}

void change_element(Value& at, const Change& change, std::size_t step) {
  if (at.is_null() && change.kind == Kind::remove_path) return;
  if (at.is_null()) at = Value(Value::List());
  const auto* elements = at.get_if<Value::List>();
  if (elements == nullptr) return;
  Value::List changed = *elements;
  const std::size_t position = std::get<std::size_t>(change.path[step]);
  if (change.kind == Kind::remove_path) {
    if (position < changed.size()) changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(position));
  } else if (position < changed.size()) {
    changed[position] = change.value;
  } else {
    changed.push_back(change.value);
  }
  at = Value(std::move(changed));
}

void change_at(Value& at, const Change& change, std::size_t step) {
  if (step < change.path.size()) {
    return std::holds_alternative<std::string>(change.path[step]) ? change_member(at, change, step)
                                                                  : change_element(at, change, step);
  }
  if (change.kind == Kind::set_path) at = change.value;
  if (change.kind != Kind::append_path) return;
  const auto* before = at.get_if<Value::List>();
  Value::List elements = before == nullptr ? Value::List() : *before;
  for (const Value& element : *change.value.get_if<Value::List>()) elements.push_back(element);
  at = Value(std::move(elements));
}

}  // namespace

bool is_of_part(const Change& change) {
  return change.kind == Kind::set_path || change.kind == Kind::remove_path ||
         change.kind == Kind::append_path;
}

bool is_relative(const Change& change) {
  if (change.kind == Kind::append_path) return true;
  for (const PathStep& step : change.path) {
    if (!std::holds_alternative<std::string>(step)) return true;
  }
  return false;
}

Value with_part(Value field, const Change& change) {
  change_at(field, change, 0);
  return field;
}

Value some_map(Random& random) {
  Value::Map map;
  if (random.chance(0.5)) map.emplace("a", Value(Value::Map{{"x", Value(some_text(random))}}));
  if (random.chance(0.5)) map.emplace("b", Value(some_text(random)));
  return Value(std::move(map));
}

Value some_list(Random& random) {
  Value::List list;
  for (std::int64_t left = random.between(0, 2); left > 0; --left) list.emplace_back(some_text(random));
  return Value(std::move(list));
}

std::vector<Change> some_parts(Random& random, std::uint32_t meta, std::uint32_t steps) {
  std::vector<Change> changes;
  if (random.chance(0.5)) {
    if (random.chance(0.3)) {
      changes.push_back(part(meta, Kind::remove_path, {"a"}));
    } else if (random.chance(0.3)) {
      changes.push_back(part(meta, Kind::remove_path, {"a", "x"}));
    } else {
      changes.push_back(
          part(meta, Kind::set_path, {"a", random.chance(0.5) ? "x" : "y"}, Value(some_text(random))));
    }
  }
  if (random.chance(0.4)) {
    const bool goes = random.chance(0.3);
    changes.push_back(part(meta, goes ? Kind::remove_path : Kind::set_path, {"b"},
                           goes ? Value() : Value(some_text(random))));
  }
  if (!random.chance(0.4)) return changes;
  const auto position = static_cast<std::size_t>(random.between(0, 3));
  if (random.chance(0.4)) {
    changes.push_back(part(steps, Kind::append_path, {}, Value(Value::List{Value(some_text(random))})));
  } else if (random.chance(0.5)) {
    changes.push_back(part(steps, Kind::set_path, {position}, Value(some_text(random))));
  } else {
    changes.push_back(part(steps, Kind::remove_path, {position}));
  }
  return changes;
}

}  // namespace bao::simulation
