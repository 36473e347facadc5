#include "local/expressions/update.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/value/number.hpp"
#include "local/expressions/evaluate.hpp"
#include "local/item/item_size.hpp"
#include "local/item/value_rules.hpp"

namespace bao::local {

namespace {

/// A value under change: encoded bytes as they were, or, once something below it changes, its children.
struct Draft {
  Encoded raw;
  bool open = false;
  Tag tag = Tag::null;
  std::vector<std::string_view> names;  ///< of the children of a map
  std::vector<Draft> children;
  std::vector<std::pair<std::uint32_t, Draft>> appended;  ///< list elements set behind the end, by index
  bool removed = false;

  explicit Draft(Encoded value = {}) : raw(value), tag(value.tag()) {}

  void unfold() {
    if (open) return;
    open = true;
    if (tag == Tag::map) {
      for_each_member(raw, [&](std::string_view name, Encoded value) {
        names.push_back(name);
        children.emplace_back(value);
      });
    } else {
      for_each_element(raw, [&](Encoded value) { children.emplace_back(value); });
    }
  }

  /// The child that a step names; null where there is none.
  Draft* child(const PathStep& step) {
    if (tag != (step.is_index ? Tag::list : Tag::map)) return nullptr;
    unfold();
    std::size_t at = step.index;
    if (!step.is_index) {
      at = static_cast<std::size_t>(std::find(names.begin(), names.end(), step.name) - names.begin());
    }
    return at < children.size() ? &children[at] : nullptr;
  }
};

/// Of a value and what lies in it: 1 for a string.
unsigned levels_of(Encoded value) {
  unsigned deepest = 0;
  if (value.tag() == Tag::map) {
    for_each_member(
        value, [&](std::string_view, Encoded member) { deepest = std::max(deepest, levels_of(member)); });
  } else if (value.tag() == Tag::list) {
    for_each_element(value, [&](Encoded element) { deepest = std::max(deepest, levels_of(element)); });
  }
  return deepest + 1;
}

void append_draft(std::string& out, Draft& draft) {
  if (!draft.open) {
    out += draft.raw.bytes();
    return;
  }
  ContainerWriter writer(out, draft.tag);
  for (std::size_t i = 0; i < draft.children.size(); ++i) {
    if (draft.children[i].removed) continue;
    if (draft.tag == Tag::map) append_bytes(out, draft.names[i]);
    append_draft(out, draft.children[i]);
    writer.count_one();
  }
  std::sort(draft.appended.begin(), draft.appended.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [index, element] : draft.appended) {
    append_draft(out, element);
    writer.count_one();
  }
  writer.finish();
}

std::unexpected<ApiError> bad_path() {
  return invalid("The document path provided in the update expression is invalid for update");
}
std::unexpected<ApiError> bad_operand() {
  return invalid("An operand in the update expression has an incorrect data type");
}

class Updater {
 public:
  Updater(const UpdateExpression& update, const Bindings& bindings, Encoded old_item)
      : update_(update), bindings_(bindings), old_(old_item), root_(old_item) {
    root_.unfold();
  }

  Outcome<std::string> run() {
    // Operands are those of the item as it was, so all of them are found before anything changes.
    std::vector<Encoded> values(update_.actions.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const UpdateAction& action = update_.actions[i];
      if (action.kind == UpdateAction::Kind::remove) continue;
      auto value = operand(action.operand);
      if (!value) return std::unexpected(std::move(value.error()));
      values[i] = *value;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (auto done = apply(update_.actions[i], values[i]); !done)
        return std::unexpected(std::move(done.error()));
    }
    return record();
  }

 private:
  Outcome<std::string> record() {
    std::string out;
    RecordWriter writer(out);
    std::string changed;
    for (std::size_t i = 0; i < root_.children.size(); ++i) {
      Draft& attribute = root_.children[i];
      if (attribute.removed) continue;
      if (!attribute.open) {
        writer.attribute(root_.names[i], attribute.raw);
        continue;
      }
      changed.clear();
      append_draft(changed, attribute);
      const Encoded value = Encoded::of(changed);
      if (levels_of(value) > value_levels_max) return invalid(std::string(too_many_levels));
      writer.attribute(root_.names[i], value);
    }
    writer.finish();
    return out;
  }

  Outcome<void> apply(const UpdateAction& action, Encoded value) {
    const Node& path = update_.ast.node(action.path);
    const PathStep* begin = update_.ast.path_begin(path);
    const PathStep* last = update_.ast.path_end(path) - 1;
    Draft* parent = &root_;
    for (const PathStep* step = begin; step != last; ++step) {
      parent = parent->child(*step);
      if (!parent) return bad_path();
    }
    if (parent->tag != (last->is_index ? Tag::list : Tag::map)) return bad_path();
    Draft* target = parent->child(*last);
    switch (action.kind) {
      case UpdateAction::Kind::remove:
        if (target) target->removed = true;
        return {};
      case UpdateAction::Kind::set:
        break;
      case UpdateAction::Kind::add: {
        if (!target) break;
        auto sum = added(target->raw, value);
        if (!sum) return std::unexpected(std::move(sum.error()));
        value = *sum;
        break;
      }
      case UpdateAction::Kind::remove_members: {
        if (!target) return {};
        if (target->raw.tag() != value.tag()) return mismatch();
        value = difference(target->raw, value);
        if (value.count() == 0) {
          target->removed = true;
          return {};
        }
        break;
      }
    }
    if (target) {
      *target = Draft(value);
    } else if (last->is_index) {
      parent->appended.emplace_back(last->index, Draft(value));
    } else {
      parent->names.push_back(last->name);
      parent->children.emplace_back(value);
    }
    return {};
  }

  Outcome<Encoded> operand(std::uint32_t index) {
    const Ast& ast = update_.ast;
    const Node& node = ast.node(index);
    switch (node.op) {
      case Op::value:
        return bindings_.values[node.first].value;
      case Op::path: {
        const Encoded value = resolve(old_, ast.path_begin(node), ast.path_end(node));
        if (!value.present()) {
          return invalid("The provided expression refers to an attribute that does not exist in the item");
        }
        return value;
      }
      case Op::if_not_exists: {
        const Node& path = ast.node(ast.child(node, 0));
        const Encoded value = resolve(old_, ast.path_begin(path), ast.path_end(path));
        if (value.present()) return value;
        return operand(ast.child(node, 1));
      }
      case Op::list_append: {
        auto first = operand(ast.child(node, 0));
        if (!first) return first;
        auto second = operand(ast.child(node, 1));
        if (!second) return second;
        if (first->tag() != Tag::list || second->tag() != Tag::list) return bad_operand();
        return appended(*first, *second);
      }
      case Op::add:
      case Op::subtract: {
        auto left = operand(ast.child(node, 0));
        if (!left) return left;
        auto right = operand(ast.child(node, 1));
        if (!right) return right;
        return arithmetic(node.op, *left, *right);
      }
      default:
        return bad_operand();
    }
  }

  Encoded appended(Encoded first, Encoded second) {
    std::string& bytes = scratch_.emplace_front();
    ContainerWriter writer(bytes, Tag::list);
    bytes += first.payload().substr(4);
    bytes += second.payload().substr(4);
    writer.finish(first.count() + second.count());
    return Encoded::of(bytes);
  }

  [[nodiscard]] std::unexpected<ApiError> mismatch() const {
    return update_.legacy ? invalid("Type mismatch for attribute to update") : bad_operand();
  }

  Outcome<Encoded> arithmetic(Op op, Encoded left, Encoded right) {
    if (left.tag() != Tag::number || right.tag() != Tag::number) return bad_operand();
    const auto a = core::parse_number(left.text());
    const auto b = core::parse_number(right.text());
    if (!a || !b) return bad_operand();
    const auto result = op == Op::add ? core::add(*a, *b) : core::subtract(*a, *b);
    if (!result) {
      switch (result.error()) {
        case core::NumberError::overflow:
          return invalid(
              "Number overflow. Attempting to store a number with magnitude larger than supported range");
        case core::NumberError::underflow:
          return invalid(
              "Number underflow. Attempting to store a number with magnitude smaller than supported range");
        default:
          return invalid("Attempting to store more than 38 significant digits in a Number");
      }
    }
    std::string& bytes = scratch_.emplace_front();
    append_scalar(bytes, Tag::number, result->to_string());
    return Encoded::of(bytes);
  }

  Outcome<Encoded> added(Encoded old, Encoded value) {
    if (old.tag() != value.tag()) return mismatch();
    if (old.tag() == Tag::number) return arithmetic(Op::add, old, value);
    if (old.tag() == Tag::list) return appended(old, value);
    std::vector<std::string_view> members;
    for_each_set_member(old, [&](std::string_view member) { members.push_back(member); });
    const auto old_count = static_cast<std::ptrdiff_t>(members.size());
    for_each_set_member(value, [&](std::string_view member) {
      const auto end = members.begin() + old_count;
      if (std::find(members.begin(), end, member) == end) members.push_back(member);
    });
    std::string& bytes = scratch_.emplace_front();
    append_set(bytes, old.tag(), members);
    return Encoded::of(bytes);
  }

  Encoded difference(Encoded old, Encoded value) {
    std::vector<std::string_view> gone;
    for_each_set_member(value, [&](std::string_view member) { gone.push_back(member); });
    std::vector<std::string_view> members;
    for_each_set_member(old, [&](std::string_view member) {
      if (std::find(gone.begin(), gone.end(), member) == gone.end()) members.push_back(member);
    });
    std::string& bytes = scratch_.emplace_front();
    append_set(bytes, old.tag(), members);
    return Encoded::of(bytes);
  }

  const UpdateExpression& update_;
  const Bindings& bindings_;
  Encoded old_;
  Draft root_;
  Scratch scratch_;
};

}  // namespace

Outcome<std::string> apply_update(const UpdateExpression& update, const Bindings& bindings,
                                  Encoded old_item) {
  return Updater(update, bindings, old_item).run();
}

}  // namespace bao::local
