#include "simulation/history.hpp"

#include "core/value/json_writer.hpp"

namespace bao::simulation {

namespace {

const State absent;

std::string text_of(const Value::Map& attributes) {
  std::string json;
  core::JsonWriter(json).item(attributes);
  return json;
}

Value::Map attributes_of(const core::ItemRef& item) {
  const Value value = item.view().to_value();
  return *value.get_if<Value::Map>();
}

}  // namespace

RowName name_of(const core::RowKey& key) {
  return {key.pk, key.sk};
}

std::string text_of(const RowName& row) {
  return row.first + "|" + row.second;
}

std::string text_of(const core::ItemRef& item) {
  return item ? text_of(attributes_of(item)) : absent.text;
}

bool History::note(const RowName& row, const core::ItemRef& item) {
  std::vector<State>& states = rows_[row];
  if (states.empty()) states.emplace_back();
  State state{.commit = last_commit_, .item = item, .attributes = {}};
  if (item) {
    state.attributes = attributes_of(item);
    state.text = text_of(state.attributes);
  }
  if (states.back().text == state.text) return false;
  states.push_back(std::move(state));
  return true;
}

const State& History::current(const RowName& row) const {
  const auto found = rows_.find(row);
  return found == rows_.end() ? absent : found->second.back();
}

const State& History::before_last_commit(const RowName& row) const {
  const auto found = rows_.find(row);
  if (found == rows_.end()) return absent;
  const std::vector<State>& states = found->second;
  return states.back().commit == last_commit_ && states.size() > 1 ? states[states.size() - 2]
                                                                   : states.back();
}

std::vector<const State*> History::between(const RowName& row, std::uint64_t from, std::uint64_t to) const {
  const auto found = rows_.find(row);
  if (found == rows_.end()) return {&absent};
  std::vector<const State*> states;
  for (const State& state : found->second) {
    if (state.commit > to) break;
    if (state.commit <= from) states.clear();
    states.push_back(&state);
  }
  return states;
}

}  // namespace bao::simulation
