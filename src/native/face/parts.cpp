// What the changes of parts of one field come to, one after the other.

#include <algorithm>
#include <iterator>

#include <bao/detail/call.hpp>
#include <bao/exception.hpp>
#include <bao/nested_part.hpp>

namespace bao::detail {

namespace {

using Kind = FieldChange::Kind;
using Path = std::vector<PathStep>;

bool is_inside(const Path& part, const Path& whole) {
  return part.size() >= whole.size() && std::equal(whole.begin(), whole.end(), part.begin());
}

// The part of a value, made where it is missing.
Value& part_of(Value& value, const Path& path, std::size_t from) {
  Value* part = &value;
  for (std::size_t at = from; at < path.size(); ++at) {
    if (const auto* const key = std::get_if<std::string>(&path[at])) {
      if (part->get_if<Value::Map>() == nullptr) *part = Value(Value::Map());
      part = &(*part->get_if<Value::Map>())[*key];
      continue;
    }
    if (part->get_if<Value::List>() == nullptr) *part = Value(Value::List());
    auto& list = *part->get_if<Value::List>();
    const std::size_t position = std::get<std::size_t>(path[at]);
    part = position < list.size() ? &list[position] : &list.emplace_back();
  }
  return *part;
}

void remove_from(Value& value, const Path& path, std::size_t from) {
  Path parent(path.begin(), std::prev(path.end()));
  Value& holder = part_of(value, parent, from);
  if (const auto* const key = std::get_if<std::string>(&path.back())) {
    if (auto* const map = holder.get_if<Value::Map>()) map->erase(*key);
    return;
  }
  const std::size_t position = std::get<std::size_t>(path.back());
  if (auto* const list = holder.get_if<Value::List>(); list != nullptr && position < list->size()) {
    list->erase(list->begin() + static_cast<std::ptrdiff_t>(position));
  }
}

void append_to(Value& value, const Path& path, std::size_t from, Value elements) {
  Value& holder = part_of(value, path, from);
  if (holder.get_if<Value::List>() == nullptr) holder = Value(Value::List());
  auto& list = *holder.get_if<Value::List>();
  for (Value& element : *elements.get_if<Value::List>()) list.push_back(std::move(element));
}

// The change goes into the value that an earlier one of a part around it writes.
void merge(FieldChange& earlier, FieldChange change) {
  const std::size_t from = earlier.path.size();
  if (earlier.kind == Kind::remove_part) {
    if (change.kind == Kind::remove_part) return;
    earlier.kind = Kind::set_part;
    earlier.value = Value();
  }
  switch (change.kind) {
    case Kind::set_part:
      part_of(earlier.value, change.path, from) = std::move(change.value);
      break;
    case Kind::append_part:
      append_to(earlier.value, change.path, from, std::move(change.value));
      break;
    default:
      remove_from(earlier.value, change.path, from);
      break;
  }
}

}  // namespace

bool note_part(std::vector<FieldChange>& parts, FieldChange change, std::vector<PathStep>& list) {
  if (change.kind != Kind::append_part) {
    std::erase_if(parts, [&](const FieldChange& earlier) { return is_inside(earlier.path, change.path); });
  }
  for (FieldChange& earlier : parts) {
    if (is_inside(change.path, earlier.path)) {
      if (earlier.kind != Kind::append_part) {
        merge(earlier, std::move(change));
        return true;
      }
      if (change.kind == Kind::append_part && change.path == earlier.path) {
        append_to(earlier.value, {}, 0, std::move(change.value));
        return true;
      }
      list = earlier.path;
      return false;
    }
    if (is_inside(earlier.path, change.path)) {
      list = change.path;
      return false;
    }
  }
  parts.push_back(std::move(change));
  return true;
}

void note_whole(std::vector<FieldChange>& parts, const Value& whole, std::vector<PathStep> path) {
  Value copy = whole;
  Value value = part_of(copy, path, 0);
  std::vector<PathStep> unused;
  // A set of the part takes the place of all changes inside of it.
  static_cast<void>(
      note_part(parts, {.kind = Kind::set_part, .value = std::move(value), .path = std::move(path)}, unused));
}

void throw_undescribed(std::string_view type) {
  const std::size_t at = type.find("S = ");
  std::string name(at == std::string_view::npos ? type : type.substr(at + 4));
  name.resize(std::min(name.find_first_of(";]"), name.size()));
  throw_error(
      Error(ErrorCode::configuration, name + ": describe() does not list the member that is asked for"));
}

}  // namespace bao::detail
