#include "simulation/row_check.hpp"

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <optional>

namespace bao::simulation {

namespace {

using core::KeyPart;

std::string before_keys(const std::string& tenant) {
  return tenant.empty() ? std::string() : "[" + tenant + "]#";
}

// Integers sort as texts: 20 digits, or `-` and the 19 digits of the complement.
std::string padded(const std::string& number) {
  const long long value = std::strtoll(number.c_str(), nullptr, 10);
  char text[32];
  if (value >= 0) {
    std::snprintf(text, sizeof text, "%020lld", value);
  } else {
    std::snprintf(text, sizeof text, "-%019llu",
                  9'999'999'999'999'999'999ULL + static_cast<unsigned long long>(value));
  }
  return text;
}

std::optional<std::string> text_of_field(const State& state, const std::string& name) {
  const auto found = state.attributes.find(name);
  if (found == state.attributes.end()) return std::nullopt;
  if (const auto* text = found->second.get_if<std::string>()) return *text;
  if (const auto* number = found->second.get_if<Number>()) return padded(number->text);
  return std::nullopt;
}

std::optional<std::string> text_of_part(const core::Model& model, const KeyPart& part, const State& state) {
  return part.kind == KeyPart::Kind::field ? text_of_field(state, model.field(part.field).name)
                                           : model.prefix();
}

std::string id_of(const core::Model& model, const State& state) {
  const std::string partition = text_of_part(model, model.partition_key(), state).value_or("?");
  if (model.sort_key().kind != KeyPart::Kind::field) return partition;
  return partition + "##__SK__##" + text_of_part(model, model.sort_key(), state).value_or("?");
}

std::string iteration_partition(const core::Model& model, const std::string& id) {
  const std::string start = model.prefix() + "#iter";
  if (model.definition().iteration_buckets == 1) return start;
  std::uint32_t hash = 0;
  for (const char byte : id) hash = hash * 31 + static_cast<unsigned char>(byte);
  const std::int64_t distance = std::llabs(static_cast<std::int32_t>(hash));
  char bucket[16];
  std::snprintf(bucket, sizeof bucket, "#%03d",
                static_cast<int>(distance % model.definition().iteration_buckets));
  return start + bucket;
}

// For texts of ASCII.
std::string search_text(const core::Model& model, const State& state) {
  std::string text;
  for (const std::string& field : model.definition().search->fields) {
    text += ' ' + attribute_of(state, field);
  }
  std::string folded;
  for (const char byte : text) {
    if (std::isalnum(static_cast<unsigned char>(byte)) != 0) {
      folded += static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
    } else if (!folded.empty() && folded.back() != ' ') {
      folded += ' ';
    }
  }
  while (folded.ends_with(' ')) folded.pop_back();
  return folded;
}

}  // namespace

std::string attribute_of(const State& state, const std::string& name) {
  const auto found = state.attributes.find(name);
  if (found == state.attributes.end()) return {};
  if (const auto* text = found->second.get_if<std::string>()) return *text;
  const auto* number = found->second.get_if<Number>();
  return number == nullptr ? "(of another type)" : number->text;
}

bool is_expired(const State& state, std::int64_t wall_ms) {
  const std::string ttl = attribute_of(state, "ttl");
  return !ttl.empty() && std::strtoll(ttl.c_str(), nullptr, 10) * 1000 <= wall_ms;
}

RowOwner owner_of(const RowName& row) {
  RowOwner owner;
  std::string pk = row.first;
  if (pk.starts_with('[')) {
    const std::size_t end = pk.find("]#");
    owner.tenant = pk.substr(1, end - 1);
    pk.erase(0, end + 2);
  }
  owner.prefix = pk.substr(0, pk.find('#'));
  return owner;
}

bool is_unique_row(const RowName& row) {
  return row.second == "_raft_uc";
}

RowName unique_row(const std::string& tenant, const core::Model& model,
                   const core::UniqueConstraint& constraint, const std::string& value) {
  return {before_keys(tenant) + "_raft_uc#_uc" + std::to_string(constraint.id) + "#" + model.prefix() + "#" +
              model.field(constraint.field).name + ":" + value,
          "_raft_uc"};
}

std::vector<std::string> RowCheck::check(const RowName& row, std::int64_t wall_ms) const {
  std::vector<std::string> found;
  const State& now = history_.current(row);
  if (is_unique_row(row)) {
    if (now.item) check_unique_row(row, now, wall_ms, found);
    return found;
  }
  if (now.item) check_item(row, now, wall_ms, found);
  const RowOwner owner = owner_of(row);
  const core::Model* const model = schema_.model_by_prefix(owner.prefix);
  if (model == nullptr) return {text_of(row) + " is of no model"};
  for (const State* state : {&now, &history_.before_last_commit(row)}) {
    for (const core::UniqueConstraint& constraint : model->unique_constraints()) {
      const std::string value = attribute_of(*state, model->field(constraint.field).name);
      if (value.empty()) continue;
      const RowName name = unique_row(owner.tenant, *model, constraint, value);
      const State& holder = history_.current(name);
      if (holder.item) check_unique_row(name, holder, wall_ms, found);
    }
  }
  return found;
}

void RowCheck::check_item(const RowName& row, const State& state, std::int64_t wall_ms,
                          std::vector<std::string>& found) const {
  const RowOwner owner = owner_of(row);
  const core::Model* const model = schema_.model_by_prefix(owner.prefix);
  if (model == nullptr) {
    found.push_back(text_of(row) + " is of no model");
    return;
  }
  const std::string start = before_keys(owner.tenant) + model->prefix();
  const auto expect = [&](const std::string& attribute, const std::string& wanted) {
    const std::string is = attribute_of(state, attribute);
    if (is != wanted)
      found.push_back(text_of(row) + ": " + attribute + " is '" + is + "', not '" + wanted + "'");
  };
  expect("_pk", start + "#" + text_of_part(*model, model->partition_key(), state).value_or("?"));
  expect("_sk", text_of_part(*model, model->sort_key(), state).value_or("?"));
  for (const core::Index& index : model->indexes()) {
    if (index.gsi == 0) continue;
    const auto partition = text_of_part(*model, index.partition, state);
    const auto sort = text_of_part(*model, index.sort, state);
    const bool in = partition && sort;
    const std::string gsi = "_gsi" + std::to_string(index.gsi);
    expect(gsi + "_pk", in ? start + "#gsi" + std::to_string(index.gsi) + "#" + *partition : "");
    expect(gsi + "_sk", in ? *sort : "");
  }
  const std::string id = id_of(*model, state);
  if (model->definition().iterable) {
    expect("_iter_pk", before_keys(owner.tenant) + iteration_partition(*model, id));
    expect("_iter_sk", id);
  }
  if (model->definition().search) expect("_searchText", search_text(*model, state));
  for (const core::UniqueConstraint& constraint : model->unique_constraints()) {
    const std::string value = attribute_of(state, model->field(constraint.field).name);
    if (value.empty()) continue;
    const RowName name = unique_row(owner.tenant, *model, constraint, value);
    const State& holder = history_.current(name);
    const std::string held_by = attribute_of(holder, "relatedId");
    if (held_by == id) {
      if (attribute_of(holder, "ttl") != attribute_of(state, "ttl"))
        found.push_back(text_of(row) + ": its unique row " + name.first + " has another ttl");
    } else if (!is_expired(state, wall_ms)) {
      found.push_back(text_of(row) + ": its unique row " + name.first + " is held by '" + held_by + "'");
    }
  }
}

void RowCheck::check_unique_row(const RowName& row, const State& state, std::int64_t wall_ms,
                                std::vector<std::string>& found) const {
  if (is_expired(state, wall_ms)) return;  // may outlive its item until it is deleted, too
  const core::Model* const model = schema_.model(attribute_of(state, "relatedModel"));
  const std::string id = attribute_of(state, "relatedId");
  if (model == nullptr) {
    found.push_back(text_of(row) + " is of no model");
    return;
  }
  const std::string tenant = owner_of(row).tenant;
  const RowName name{before_keys(tenant) + model->prefix() + "#" + id, model->prefix()};
  const State& holder = history_.current(name);
  for (const core::UniqueConstraint& constraint : model->unique_constraints()) {
    const std::string value = attribute_of(holder, model->field(constraint.field).name);
    if (!value.empty() && unique_row(tenant, *model, constraint, value) == row) return;
  }
  found.push_back(text_of(row) + ": reserved for '" + id + "', which does not have the value");
}

}  // namespace bao::simulation
