#include "core/engine/nested_change.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>

#include "core/engine/write_support.hpp"
#include "core/expression/path.hpp"
#include "core/schema/logical_value.hpp"
#include "core/schema/nested_value.hpp"
#include "core/value/concat.hpp"
#include "core/value/sort.hpp"

namespace bao::core {

namespace {

using Kind = Change::Kind;
using Path = std::vector<PathStep>;

std::string readable(const Model& model, const Change& change) {
  return readable_path(model.field(change.field).name, change.path);
}

// The error names the field; its message the part.
Error part_error(const Model& model, const Change& change, const std::string& reason, const Value& value) {
  ErrorDetails details{.model = model.name(), .field = model.field(change.field).name};
  details.given = readable(model, change);
  details.message = concat({model.name(), ".", details.given, " ", reason});
  if (!value.is_null()) details.value = value_excerpt(value);
  if (!details.value.empty()) append(details.message, {" (value: ", details.value, ")"});
  return {ErrorCode::validation, std::move(details)};
}

// The positions of the changes, by field, and by path within it.
std::vector<std::uint32_t> by_path(std::span<const Change> changes) {
  return sorted_positions(changes.size(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tie(changes[a].field, changes[a].path) < std::tie(changes[b].field, changes[b].path);
  });
}

// The part in an item as loaded; not present() where it is not there.
ValueView part_of(const Model& model, const ItemRef& item, const Change& change, std::size_t steps) {
  ValueView part = item.attribute(model.field(change.field).name);
  for (std::size_t at = 0; part.present() && at < steps; ++at) {
    if (const auto* const key = std::get_if<std::string>(&change.path[at])) {
      part = part.kind() == ValueKind::map ? part.find(*key) : ValueView();
      continue;
    }
    const std::size_t position = std::get<std::size_t>(change.path[at]);
    if (part.kind() != ValueKind::list || position >= part.size()) return {};
    auto element = part.begin();
    for (std::size_t before = 0; before < position; ++before) ++element;
    part = *element;
  }
  return part;
}

// Changes one field's value, part by part.
class Parts {
 public:
  Parts(const Model& model, Value& whole) : model_(model), whole_(whole) {}

  std::optional<Error> set(const Change& change) {
    Value* part = &whole_;
    for (std::size_t at = 0; at < change.path.size(); ++at) {
      Result<Value*> next = step(*part, change, at);
      if (!next) return std::move(next).error();
      part = *next;
    }
    if (change.kind == Kind::set_path) {
      *part = change.value;
      return std::nullopt;
    }
    if (part->is_null()) *part = Value::List();
    auto* const list = part->get_if<Value::List>();
    if (list == nullptr) {
      return part_error(model_, change, concat({"is ", kind_name(part->kind()), ", not a list"}), {});
    }
    const auto& elements = *change.value.get_if<Value::List>();
    list->insert(list->end(), elements.begin(), elements.end());
    return std::nullopt;
  }

  void remove(const Path& path) {
    Value* part = &whole_;
    for (std::size_t at = 0; at + 1 < path.size() && part != nullptr; ++at) part = existing(*part, path[at]);
    if (part == nullptr) return;
    if (const auto* const key = std::get_if<std::string>(&path.back())) {
      if (auto* const map = part->get_if<Value::Map>()) map->erase(*key);
      return;
    }
    const std::size_t position = std::get<std::size_t>(path.back());
    auto* const list = part->get_if<Value::List>();
    if (list == nullptr || position >= list->size()) return;
    list->erase(list->begin() + static_cast<std::ptrdiff_t>(position));
  }

  [[nodiscard]] bool has(const Path& path) {
    Value* part = &whole_;
    for (const PathStep& step : path) {
      part = existing(*part, step);
      if (part == nullptr) return false;
    }
    return true;
  }

 private:
  static Value* existing(Value& part, const PathStep& step) {
    if (const auto* const key = std::get_if<std::string>(&step)) {
      auto* const map = part.get_if<Value::Map>();
      if (map == nullptr) return nullptr;
      const auto found = map->find(*key);
      return found == map->end() ? nullptr : &found->second;
    }
    const std::size_t position = std::get<std::size_t>(step);
    auto* const list = part.get_if<Value::List>();
    return list == nullptr || position >= list->size() ? nullptr : &(*list)[position];
  }

  // What the path's step leads to, made where it is missing.
  Result<Value*> step(Value& part, const Change& change, std::size_t at) {
    const PathStep& step = change.path[at];
    const bool by_key = std::holds_alternative<std::string>(step);
    if (part.is_null()) part = by_key ? Value(Value::Map()) : Value(Value::List());
    auto* const map = part.get_if<Value::Map>();
    auto* const list = part.get_if<Value::List>();
    if (by_key ? map == nullptr : list == nullptr) {
      const Change parent{
          .field = change.field,
          .path = Path(change.path.begin(), std::next(change.path.begin(), static_cast<std::ptrdiff_t>(at)))};
      return std::unexpected(
          part_error(model_, parent,
                     concat({"is ", kind_name(part.kind()), by_key ? ", not a map" : ", not a list"}), {}));
    }
    if (by_key) return &(*map)[std::get<std::string>(step)];
    const std::size_t position = std::get<std::size_t>(step);
    if (position < list->size()) return &(*list)[position];
    if (at + 1 < change.path.size()) {
      return std::unexpected(part_error(
          model_, change, concat({"is in an element that the list of ", list->size(), " has not"}), {}));
    }
    return &list->emplace_back();
  }

  const Model& model_;
  Value& whole_;
};

}  // namespace

bool is_nested(Change::Kind kind) {
  return kind == Kind::set_path || kind == Kind::remove_path || kind == Kind::append_path;
}

Result<Change> encode_nested_change(const Model& model, const Change& change) {
  if (!model.field(change.field).custom_type.empty()) {
    return std::unexpected(part_error(model, change, "is of a custom type, which changes as a whole", {}));
  }
  const FieldType type = model.field(change.field).type;
  if (const char* const fault = path_fault(type, change.path)) {
    return std::unexpected(part_error(model, change, concat({"cannot be changed: ", fault}), {}));
  }
  if (change.path.empty() && (change.kind != Kind::append_path || type != FieldType::list)) {
    return std::unexpected(part_error(model, change, "cannot be changed: the path has no steps", {}));
  }
  Change encoded = change;
  if (change.kind == Kind::remove_path) return encoded;
  if (change.kind == Kind::append_path && change.value.kind() != ValueKind::list) {
    return std::unexpected(part_error(model, change, "takes a list of elements to append", change.value));
  }
  // A list of elements to append has the level that the list has.
  std::expected<Value, std::string> stored =
      encode_nested(change.value, static_cast<int>(change.path.size()));
  if (!stored) return std::unexpected(part_error(model, change, stored.error(), change.value));
  encoded.value = std::move(*stored);
  return encoded;
}

std::optional<Error> check_overlaps(const Model& model, std::span<const Change> changes) {
  const std::vector<std::uint32_t> sorted = by_path(changes);
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    const Change& above = changes[sorted[i - 1]];
    const Change& below = changes[sorted[i]];
    if (above.field != below.field || above.path.size() > below.path.size()) continue;
    if (!std::equal(above.path.begin(), above.path.end(), below.path.begin())) continue;
    const std::string reason =
        above.path.size() == below.path.size()
            ? "is changed twice in one write"
            : concat({"and '", readable(model, above), "' overlap: change them one after the other"});
    return part_error(model, below, reason, {});
  }
  return std::nullopt;
}

bool is_so_already(const Model& model, const ItemRef& item, const Change& change) {
  if (change.kind == Kind::append_path) return change.value.get_if<Value::List>()->empty();
  const ValueView part = part_of(model, item, change, change.path.size());
  if (change.kind == Kind::remove_path) return !part.present();
  return part.present() && part.to_value() == change.value;
}

bool has_parents(const Model& model, const ItemRef& item, const Change& change) {
  if (change.path.empty()) return true;
  const ValueView parent = part_of(model, item, change, change.path.size() - 1);
  const bool by_key = std::holds_alternative<std::string>(change.path.back());
  return parent.present() && parent.kind() == (by_key ? ValueKind::map : ValueKind::list);
}

Result<Value> with_changed_parts(const Model& model, Value stored, std::span<const Change> changes) {
  Parts parts(model, stored);
  const std::vector<std::uint32_t> sorted = by_path(changes);
  // Positions are those of the lists as they were: what is behind their ends is appended, and removals come
  // last, from the back. What was not there cannot be removed, whatever is appended in its place.
  std::vector<const Path*> removed;
  for (const std::uint32_t i : sorted) {
    const Change& change = changes[i];
    if (change.kind == Kind::remove_path && parts.has(change.path)) removed.push_back(&change.path);
  }
  for (const std::uint32_t i : sorted) {
    const Change& change = changes[i];
    if (change.kind == Kind::remove_path) continue;
    if (std::optional<Error> error = parts.set(change)) return std::unexpected(std::move(*error));
  }
  for (auto path = removed.rbegin(); path != removed.rend(); ++path) parts.remove(**path);
  return stored;
}

}  // namespace bao::core
