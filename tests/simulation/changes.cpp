#include "simulation/changes.hpp"

#include <cstdint>
#include <utility>

#include "simulation/paths.hpp"

namespace bao::simulation {

namespace {

using core::Change;

// The field that each write sets to something of its own.
std::string marked_field(const core::Model& model) {
  if (model.name() == "User") return "name";
  if (model.name() == "Comment" || model.name() == "Note") return "text";
  if (model.name() == "Event") return "kind";
  return model.name() == "Article" ? "content" : "title";
}

struct Chance {
  const char* model;
  const char* field;
  double probability;
  bool may_go;  ///< its value may be taken away
};
constexpr Chance chances[] = {{"User", "email", 0.6, true},  {"User", "handle", 0.4, true},
                              {"User", "ttl", 0.25, true},   {"User", "loginAt", 0.3, true},
                              {"Post", "userId", 0.4, true}, {"Post", "createdAt", 0.4, true},
                              {"Post", "tags", 0.3, false},  {"Doc", "status", 0.5, true},
                              {"Note", "slug", 0.5, true},   {"Article", "title", 0.5, true}};
constexpr Chance counters[] = {{"Post", "likes", 0.4, false}, {"Post", "rank", 0.4, false},
                               {"Doc", "opened", 0.4, false}, {"Event", "seen", 0.6, false},
                               {"Note", "hits", 0.4, false},  {"Article", "likes", 0.4, false}};

Value::StringSet some_members(Random& random) {
  Value::StringSet members;
  for (const char* member : {"a", "b", "c", "d"}) {
    if (random.chance(0.4)) members.insert(member);
  }
  return members;
}

// Adds members, or deletes some, or both.
Change edit_of(Random& random, std::uint32_t field) {
  Change change;
  change.field = field;
  change.kind = Change::Kind::edit_members;
  if (random.chance(0.7)) change.added = some_members(random);
  if (random.chance(0.7)) change.deleted = some_members(random);
  for (const std::string& member : change.added) change.deleted.erase(member);
  return change;
}

void add_parts(Random& random, const core::Model& model, bool is_new, std::vector<Change>& changes) {
  if (model.name() != "Post" || !random.chance(0.6)) return;
  if (!is_new && random.chance(0.9)) {
    for (Change& change : some_parts(random, *model.field_index("meta"), *model.field_index("steps")))
      changes.push_back(std::move(change));
    return;
  }
  changes.push_back(set_field(model, "meta", some_map(random)));
  if (random.chance(0.5)) changes.push_back(set_field(model, "steps", some_list(random)));
}

std::vector<Change> values(Random& random, const core::Model& model, const std::string& mark, bool is_new,
                           bool wide) {
  std::vector<Change> changes;
  if (!mark.empty()) changes.push_back(set_field(model, marked_field(model), mark + " Word " + mark));
  for (const Chance& chance : chances) {
    if (model.name() != chance.model || !random.chance(chance.probability)) continue;
    const bool goes = !is_new && chance.may_go && random.chance(0.2);
    if (std::string(chance.field) == "tags" && !is_new && random.chance(0.8)) {
      changes.push_back(edit_of(random, *model.field_index("tags")));
    } else {
      changes.push_back(set_field(model, chance.field, goes ? Value() : some_value(random, chance.field)));
    }
  }
  for (const Chance& chance : counters) {
    if (model.name() != chance.model || !random.chance(chance.probability)) continue;
    Change change = set_field(model, chance.field, Value(random.between(1, 9) - (is_new ? 0 : 3)));
    if (!is_new) change.kind = Change::Kind::increment;
    if (change.value != Value(0)) changes.push_back(std::move(change));
  }
  if (wide) add_parts(random, model, is_new, changes);
  return changes;
}

}  // namespace

Value some_value(Random& random, const std::string& field) {
  const std::string few = std::to_string(random.between(1, 3));
  if (field == "tags") return some_members(random);
  if (field == "createdAt") return random.between(0, 5);
  if (field == "loginAt") return random.between(1, 1'000'000);
  // Long ago or far away, so that the clocks of all clients agree on what has passed.
  if (field == "ttl") return random.chance(0.4) ? std::int64_t{1'700'000'000'000} : 1'900'000'000'000;
  if (field == "title") return "Title" + few + (random.chance(0.5) ? ", and more" : "");
  return field.substr(0, 2) + few;
}

core::Change set_field(const core::Model& model, const std::string& field, Value value) {
  Change change;
  change.field = model.field_index(field).value();
  change.value = std::move(value);
  return change;
}

std::string conditional_field(const core::Model& model) {
  if (model.name() == "User") return "email";
  if (model.name() == "Post") return "userId";
  if (model.name() == "Article") return "title";
  return model.name() == "Doc" || model.name() == "Note" ? "version" : "";
}

std::vector<Change> new_values(Random& random, const core::Model& model, const std::string& mark, bool wide) {
  return values(random, model, mark, true, wide);
}

std::vector<Change> some_changes(Random& random, const core::Model& model, const std::string& mark,
                                 bool wide) {
  return values(random, model, mark, false, wide);
}

}  // namespace bao::simulation
