#include "core/engine/update_plan.hpp"

#include <algorithm>

#include "core/engine/nested_change.hpp"
#include "core/engine/write_support.hpp"
#include "core/keys/key_text.hpp"
#include "core/schema/field_codec.hpp"
#include "core/value/concat.hpp"
#include "core/value/number.hpp"

namespace bao::core {

namespace {

bool is_part(const KeyPart& part, std::uint32_t field) {
  return part.kind == KeyPart::Kind::field && part.field == field;
}

bool in_index(const Model& model, std::uint32_t field) {
  return std::ranges::any_of(model.indexes(), [&](const Index& index) {
    return index.gsi != 0 && (is_part(index.partition, field) || is_part(index.sort, field));
  });
}

bool is_unique(const Model& model, std::uint32_t field) {
  return std::ranges::any_of(model.unique_constraints(),
                             [&](const UniqueConstraint& constraint) { return constraint.field == field; });
}

bool is_derived_from(const Model& model, std::uint32_t field) {
  return in_index(model, field) || is_unique(model, field);
}

// A field of the primary key may be "changed" to what it is; nothing is written then.
std::optional<Error> check_key_field(const Model& model, std::uint32_t field, const KeyTexts& key,
                                     const Value& stored) {
  const std::string& now = is_part(model.partition_key(), field) ? key.partition : key.sort;
  const Result<std::string> text =
      stored.is_null() ? Result<std::string>(std::string()) : key_text(model, field, stored);
  if (text && *text == now) return std::nullopt;
  return validation_error(model, model.field(field).name,
                          "a field of the primary key cannot change; create a new item instead");
}

bool in_primary_key(const Model& model, std::uint32_t field) {
  return is_part(model.partition_key(), field) || is_part(model.sort_key(), field);
}

std::optional<Error> encode_change(const Model& model, const KeyTexts& key, const Change& change,
                                   EncodedChanges& encoded);

Result<Number> encode_increment(const Model& model, const Change& change) {
  const FieldDefinition& field = model.field(change.field);
  const auto* number = change.value.get_if<Number>();
  if (field.type != FieldType::counter || number == nullptr || !number_to_int64(number->text)) {
    return std::unexpected(
        validation_error(model, field.name, "only a CounterField can be incremented, by an integer"));
  }
  return *number;
}

// Every member is checked as the field's value would be.
std::optional<Error> check_members(const Model& model, const Change& change) {
  const FieldDefinition& field = model.field(change.field);
  if (field.type != FieldType::string_set) {
    return validation_error(model, field.name, "only a StringSetField has members to add or delete");
  }
  if (change.added.empty()) return std::nullopt;
  const Result<Value> stored = encode_field(model, change.field, Value(change.added));
  if (!stored) return refused_as_given(stored.error(), field.name);
  return std::nullopt;
}

// A plain one is a change as others are; of the rest nobody knows the outcome, so that no key can follow it.
std::optional<Error> encode_custom(const Model& model, const KeyTexts& key, const Change& change,
                                   EncodedChanges& encoded) {
  const std::string& name = model.field(change.field).name;
  if (is_plain(*change.custom)) {
    const bool sets = change.custom->clause == "SET";
    return encode_change(
        model, key,
        {.field = change.field, .kind = Change::Kind::set, .value = sets ? change.value : Value()}, encoded);
  }
  Value stored;
  if (uses_value(*change.custom)) {
    Result<Value> made = encode_field(model, change.field, change.value);
    if (!made) return refused_as_given(made.error(), name);
    stored = std::move(*made);
  }
  if (std::optional<Error> error = check_custom_update(model, change.field, *change.custom, stored))
    return error;
  if (changes_at_every_save(model.field(change.field).type)) {
    return validation_error(model, name,
                            "every write sets it anew, so that it cannot follow the update that its "
                            "getUpdateExpression gave: '" +
                                change.custom->expression + "'");
  }
  const bool searched =
      model.definition().search &&
      std::ranges::find(model.definition().search->fields, name) != model.definition().search->fields.end();
  if (is_derived_from(model, change.field) || searched || model.field(change.field).type == FieldType::ttl) {
    return validation_error(
        model, name,
        "an index, a unique constraint or the search text is made of it, which cannot follow "
        "the update that its getUpdateExpression gave: '" +
            change.custom->expression + "'");
  }
  encoded.custom.push_back({.field = change.field, .update = change.custom, .stored = std::move(stored)});
  return std::nullopt;
}

std::optional<Error> encode_change(const Model& model, const KeyTexts& key, const Change& change,
                                   EncodedChanges& encoded) {
  if (in_primary_key(model, change.field) && change.kind != Change::Kind::set) {
    return validation_error(model, model.field(change.field).name,
                            "a field of the primary key cannot change; create a new item instead");
  }
  switch (change.kind) {
    case Change::Kind::set: {
      Result<Value> stored = encode_field(model, change.field, change.value);
      if (!stored) return refused_as_given(stored.error(), model.field(change.field).name);
      if (in_primary_key(model, change.field)) return check_key_field(model, change.field, key, *stored);
      encoded.sets.insert_or_assign(change.field, std::move(*stored));
      return std::nullopt;
    }
    case Change::Kind::increment: {
      Result<Number> delta = encode_increment(model, change);
      if (!delta) return std::move(delta).error();
      encoded.increments.insert_or_assign(change.field, std::move(*delta));
      return std::nullopt;
    }
    case Change::Kind::edit_members:
      if (std::optional<Error> error = check_members(model, change)) return error;
      if (!change.added.empty() || !change.deleted.empty()) {
        encoded.edits.push_back({change.field, change.added, change.deleted});
      }
      return std::nullopt;
    case Change::Kind::set_path:
    case Change::Kind::remove_path:
    case Change::Kind::append_path: {
      Result<Change> part = encode_nested_change(model, change);
      if (!part) return std::move(part).error();
      encoded.paths.push_back(std::move(*part));
      return std::nullopt;
    }
    case Change::Kind::custom:
      return encode_custom(model, key, change, encoded);
  }
  return std::nullopt;
}

// Assigned and assigned back again: nothing to write.
void drop_what_is_so(const Model& model, const ItemRef& base, EncodedChanges& encoded) {
  std::erase_if(encoded.sets, [&](const auto& set) {
    const ValueView loaded = base.attribute(model.field(set.first).name);
    return loaded.present() ? loaded.to_value() == set.second : set.second.is_null();
  });
  std::erase_if(encoded.paths, [&](const Change& change) { return is_so_already(model, base, change); });
}

// Whatever the caller gave: a version that is given back, as forms do, would let the next writer overwrite
// this write unseen.
void set_automatic_fields(Engine& engine, const Model& model, EncodedChanges& encoded) {
  for (std::uint32_t field = 0; field < model.fields().size(); ++field) {
    const FieldType type = model.field(field).type;
    if (!changes_at_every_save(type)) continue;
    Value value = type == FieldType::version ? Value(engine.new_ulid()) : Value(engine.now().wall_ms);
    if (type == FieldType::version) encoded.version = value;
    encoded.sets.insert_or_assign(field, std::move(value));
    encoded.automatic.insert(field);
  }
}

bool has_unchanged_half(const Index& index, const EncodedChanges& changes) {
  const auto unchanged = [&](const KeyPart& part) {
    return part.kind == KeyPart::Kind::field && !changes.sets.contains(part.field);
  };
  return unchanged(index.partition) || unchanged(index.sort);
}

bool clears_half(const Index& index, const EncodedChanges& changes) {
  const auto cleared = [&](const KeyPart& part) {
    if (part.kind != KeyPart::Kind::field) return false;
    const auto found = changes.sets.find(part.field);
    return found != changes.sets.end() && found->second.is_null();
  };
  return cleared(index.partition) || cleared(index.sort);
}

bool touches(const Index& index, const EncodedChanges& changes) {
  const auto touched = [&](const KeyPart& part) {
    return part.kind == KeyPart::Kind::field && changes.sets.contains(part.field);
  };
  return touched(index.partition) || touched(index.sort);
}

// Whether some of the fields that are searched for change, and others stay.
bool searches_unchanged_fields(const Model& model, const EncodedChanges& changes) {
  if (!model.definition().search) return false;
  const std::vector<std::string>& names = model.definition().search->fields;
  const auto changed = std::ranges::count_if(
      names, [&](const std::string& name) { return changes.sets.contains(*model.field_index(name)); });
  return changed > 0 && std::cmp_less(changed, names.size());
}

bool changes_ttl(const Model& model, const EncodedChanges& changes) {
  const std::optional<std::uint32_t> field = ttl_field(model);
  return field && changes.sets.contains(*field);
}

std::optional<Number> sum_of(const Number& a, const Number& b) {
  const auto left = parse_number(a.text);
  const auto right = parse_number(b.text);
  if (!left || !right) return std::nullopt;
  const auto sum = add(*left, *right);
  if (!sum) return std::nullopt;
  return Number{sum->to_string()};
}

// Parts of maps and lists are written one by one, where the item has what they are parts of; else the field
// as a whole, with what is missing made, on condition that it is as loaded.
std::optional<Error> resolve_parts(const Model& model, const EncodedChanges& changes, UpdatePlan& plan) {
  std::map<std::uint32_t, std::vector<Change>> by_field;
  for (const Change& change : changes.paths) by_field[change.field].push_back(change);
  for (auto& [field, parts] : by_field) {
    // Setting behind the end of a list appends, and removing from it moves what follows.
    plan.must_not_repeat = plan.must_not_repeat || std::ranges::any_of(parts, [](const Change& change) {
                             return change.kind == Change::Kind::append_path ||
                                    std::holds_alternative<std::size_t>(change.path.back());
                           });
    const ItemRef& base = plan.draft.base();
    const bool there = !base || std::ranges::all_of(parts, [&](const Change& change) {
      return has_parents(model, base, change);
    });
    if (there && !changes.paths_as_whole) {
      plan.outcome_unknown = true;
      continue;
    }
    Result<Value> whole = with_changed_parts(model, plan.draft.loaded(field), parts);
    if (!whole) return std::move(whole).error();
    plan.draft.set(field, std::move(*whole));
    plan.relied.insert(field);
  }
  return std::nullopt;
}

// What ADD and DELETE cannot do in one update, or what keys are made from: computed here, from the item as
// loaded, on condition that it is still so.
std::optional<Error> resolve_from_base(const Model& model, const EncodedChanges& changes, UpdatePlan& plan) {
  for (const auto& [field, delta] : changes.increments) {
    // Not even where it is conditioned on the loaded value: others may bring the counter back to that.
    plan.must_not_repeat = true;
    if (!is_derived_from(model, field)) {
      plan.outcome_unknown = true;
      plan.added.emplace(field, delta);
      plan.bounded.emplace(field, delta);
      continue;
    }
    const Value loaded = plan.draft.loaded(field);
    const auto* number = loaded.get_if<Number>();
    const std::optional<Number> sum =
        number == nullptr ? std::optional<Number>(delta) : sum_of(*number, delta);
    if (!sum) return validation_error(model, model.field(field).name, "the counter is out of range");
    Result<Value> stored = encode_field(model, field, Value(*sum));
    if (!stored) return std::move(stored).error();
    plan.draft.set(field, std::move(*stored));
    plan.relied.insert(field);
  }
  for (const EncodedChanges::Edit& edit : changes.edits) {
    plan.outcome_unknown = plan.outcome_unknown || edit.added.empty() || edit.deleted.empty();
    if (edit.added.empty()) continue;  // a set that is too large may become smaller
    const Value loaded = plan.draft.loaded(edit.field);
    const auto* members = loaded.get_if<Value::StringSet>();
    Value::StringSet merged = members == nullptr ? Value::StringSet() : *members;
    merged.insert(edit.added.begin(), edit.added.end());
    for (const std::string& member : edit.deleted) merged.erase(member);
    Result<Value> stored = encode_field(model, edit.field, Value(std::move(merged)));
    if (!stored) return refused_as_given(stored.error(), model.field(edit.field).name);
    if (edit.deleted.empty()) continue;  // what others add meanwhile stays
    plan.draft.set(edit.field, std::move(*stored));
    plan.relied.insert(edit.field);
  }
  for (const EncodedChanges::Custom& custom : changes.custom) {
    const FieldType type = model.field(custom.field).type;
    if (type != FieldType::integer && type != FieldType::counter) continue;
    const std::optional<Number> summand = summand_of(*custom.update, custom.stored);
    if (summand) plan.bounded.emplace(custom.field, *summand);
  }
  plan.outcome_unknown = plan.outcome_unknown || !changes.custom.empty();
  plan.must_not_repeat = plan.must_not_repeat || !std::ranges::all_of(changes.custom, [](const auto& custom) {
                           return is_repeatable(*custom.update, custom.stored);
                         });
  return resolve_parts(model, changes, plan);
}

void rely_on_unchanged(const KeyPart& part, UpdatePlan& plan) {
  if (part.kind != KeyPart::Kind::field || plan.draft.sets(part.field)) return;
  if (in_primary_key(plan.draft.model(), part.field)) return;  // it cannot change
  plan.relied.insert(part.field);
}

std::optional<Error> plan_index(const std::string& tenant, const Index& index, const EncodedChanges& changes,
                                bool force, UpdatePlan& plan) {
  const Model& model = plan.draft.model();
  const Result<std::optional<RowKey>> key = plan.draft.index_key(tenant, index);
  if (!key) return key.error();
  const std::string pk(index_pk_attribute(index.gsi));
  const std::string sk(index_sk_attribute(index.gsi));
  if (!*key) {
    // The half that is missing was either cleared by this write (the item leaves the index), or the item
    // never had it, and a new value for the other half alone would silently index nothing.
    const auto never_had = [&](const KeyPart& part) {
      return part.kind == KeyPart::Kind::field && !plan.draft.sets(part.field) &&
             plan.draft.stored(part.field).is_null();
    };
    const auto given = [&](const KeyPart& part) {
      return part.kind == KeyPart::Kind::field && plan.draft.sets(part.field) &&
             !changes.automatic.contains(part.field) && !plan.draft.stored(part.field).is_null();
    };
    for (const auto& [missing, other] :
         {std::pair(index.sort, index.partition), std::pair(index.partition, index.sort)}) {
      if (!force && never_had(missing) && given(other)) {
        return validation_error(
            model, model.field(missing.field).name,
            concat({"index '", index.name, "' needs it together with '", model.field(other.field).name,
                    "', and the item has no value for it. Include both fields or use forceReindex"}));
      }
    }
    plan.keys[pk] = std::nullopt;
    plan.keys[sk] = std::nullopt;
  } else {
    plan.keys[pk] = (*key)->pk;
    plan.keys[sk] = (*key)->sk;
  }
  const bool cleared =
      !*key && std::ranges::any_of(
                   std::initializer_list<KeyPart>{index.partition, index.sort}, [&](const KeyPart& part) {
                     return part.kind == KeyPart::Kind::field && plan.draft.sets(part.field) &&
                            plan.draft.stored(part.field).is_null();
                   });
  if (!cleared) {
    rely_on_unchanged(index.partition, plan);
    rely_on_unchanged(index.sort, plan);
  }
  return std::nullopt;
}

std::optional<Error> claim(const std::string& tenant, const UniqueConstraint& constraint, std::string text,
                           UpdatePlan& plan) {
  Result<Claim> made = claim_of(plan.draft.model(), tenant, constraint, std::move(text));
  if (!made) return std::move(made).error();
  plan.claims.push_back(std::move(*made));
  return std::nullopt;
}

// A value that is written is claimed, also where the item had it before: its row may be missing, as those of
// items are that are older than the constraint. Of an item that has expired nothing is reserved.
std::optional<Error> plan_unique(Call& call, const UniqueConstraint& constraint, bool written,
                                 UpdatePlan& plan) {
  const std::string& tenant = call.tenant();
  const Model& model = plan.draft.model();
  const std::optional<std::string> before = unique_text(plan.draft.loaded(constraint.field));
  const std::optional<std::string> after = unique_text(plan.draft.stored(constraint.field));
  plan.relied.insert(constraint.field);
  if (before == after) {
    if (!after) return std::nullopt;
    const std::optional<std::uint32_t> ttl = ttl_field(model);
    const bool expired = plan.ttl && has_passed(*plan.ttl, call.engine().service_time_ms());
    if (written && !expired) return claim(tenant, constraint, *after, plan);
    if (ttl && plan.draft.sets(*ttl)) {
      plan.ttl_rows.push_back(
          {.constraint = &constraint, .row = unique_row_key(model, tenant, constraint, *after)});
    } else if (ttl) {
      plan.relied.insert(*ttl);
    }
    return std::nullopt;
  }
  if (before) {
    plan.releases.push_back(
        {.constraint = &constraint, .row = unique_row_key(model, tenant, constraint, *before)});
  }
  return after ? claim(tenant, constraint, *after, plan) : std::nullopt;
}

// Made of all its fields anew where one of them is written; the others are as loaded, and have to be so
// still.
void plan_search_text(TextFolding& folding, bool force, UpdatePlan& plan) {
  const Model& model = plan.draft.model();
  bool touched = force;
  std::vector<std::uint32_t> as_loaded;
  for (const std::string& name : model.definition().search->fields) {
    const std::uint32_t field = *model.field_index(name);
    if (plan.draft.sets(field)) {
      touched = true;
    } else if (!in_primary_key(model, field)) {
      as_loaded.push_back(field);
    }
  }
  if (!touched) return;
  plan.relied.insert(as_loaded.begin(), as_loaded.end());
  plan.keys[std::string(search_text_attribute)] = search_text_of(folding, plan.draft);
}

}  // namespace

Result<EncodedChanges> encode_changes(Engine& engine, const Model& model, const KeyTexts& key,
                                      const std::vector<Change>& changes, const ItemRef& base, bool force) {
  EncodedChanges encoded;
  std::set<std::uint32_t> whole;
  std::set<std::uint32_t> parts;
  for (const Change& change : changes) {
    const bool part = is_nested(change.kind);
    const bool twice = part ? whole.contains(change.field)
                            : parts.contains(change.field) || !whole.insert(change.field).second;
    if (twice) return std::unexpected(changed_twice(model, change.field));
    if (part) parts.insert(change.field);
    if (std::optional<Error> error = encode_change(model, key, change, encoded)) {
      return std::unexpected(std::move(*error));
    }
  }
  if (std::optional<Error> error = check_overlaps(model, encoded.paths)) {
    return std::unexpected(std::move(*error));
  }
  if (base) drop_what_is_so(model, base, encoded);
  if (!encoded.empty() || force) set_automatic_fields(engine, model, encoded);
  return encoded;
}

bool needs_base(const Model& model, const EncodedChanges& changes, bool force_reindex) {
  if (force_reindex) return true;
  for (const Index& index : model.indexes()) {
    if (index.gsi == 0 || !touches(index, changes)) continue;
    if (has_unchanged_half(index, changes) && !clears_half(index, changes)) return true;
  }
  for (const UniqueConstraint& constraint : model.unique_constraints()) {
    if (changes.sets.contains(constraint.field)) return true;
  }
  if (!model.unique_constraints().empty() && changes_ttl(model, changes)) return true;
  if (searches_unchanged_fields(model, changes)) return true;
  if (std::ranges::any_of(changes.increments,
                          [&](const auto& increment) { return is_derived_from(model, increment.first); })) {
    return true;
  }
  return std::ranges::any_of(changes.edits, [](const EncodedChanges::Edit& edit) {
    return !edit.added.empty() && !edit.deleted.empty();
  });
}

Result<UpdatePlan> plan_update(Call& call, const Model& model, const std::string& id,
                               const EncodedChanges& changes, ItemRef base, bool force_reindex) {
  const std::string& tenant = call.tenant();
  UpdatePlan plan{.draft = Draft(model, std::move(base)),
                  .relied = {},
                  .added = {},
                  .bounded = {},
                  .keys = {},
                  .claims = {},
                  .releases = {},
                  .ttl_rows = {},
                  .ttl = {}};
  for (const auto& [field, stored] : changes.sets) plan.draft.set(field, stored);
  if (std::optional<Error> error = resolve_from_base(model, changes, plan)) return std::unexpected(*error);
  for (const Index& index : model.indexes()) {
    if (index.gsi == 0 || !(force_reindex || plan.draft.touches(index))) continue;
    if (std::optional<Error> error = plan_index(tenant, index, changes, force_reindex, plan)) {
      return std::unexpected(std::move(*error));
    }
  }
  if (force_reindex && model.definition().iterable) {
    const RowKey key = iteration_key(model, tenant, id);
    plan.keys[std::string(iteration_pk_attribute)] = key.pk;
    plan.keys[std::string(iteration_sk_attribute)] = key.sk;
  }
  if (model.definition().search) plan_search_text(*call.engine().options().folding, force_reindex, plan);
  if (const std::optional<std::uint32_t> field = ttl_field(model)) {
    Value ttl = plan.draft.stored(*field);
    if (!ttl.is_null()) plan.ttl = std::move(ttl);
  }
  const bool ttl_changed = changes_ttl(model, changes);
  for (const UniqueConstraint& constraint : model.unique_constraints()) {
    const bool written = force_reindex || plan.draft.sets(constraint.field);
    if (!written && !ttl_changed) continue;
    if (std::optional<Error> error = plan_unique(call, constraint, written, plan)) {
      return std::unexpected(std::move(*error));
    }
  }
  // New rows get the item's ttl: it has to be the one that the item has.
  const std::optional<std::uint32_t> ttl = ttl_field(model);
  if (!plan.claims.empty() && ttl && !plan.draft.sets(*ttl)) plan.relied.insert(*ttl);
  return plan;
}

void write_update(const UpdatePlan& plan, const EncodedChanges& changes, Placeholders& placeholders,
                  UpdateExpression& update) {
  const Model& model = plan.draft.model();
  for (const auto& [field, stored] : plan.draft.changed()) {
    if (stored.is_null()) {
      update.remove(model.field(field).name);
    } else {
      update.set(model.field(field).name, stored);
    }
  }
  for (const auto& [attribute, text] : plan.keys) {
    if (text) {
      update.set(attribute, Value(*text));
    } else {
      update.remove(attribute);
    }
  }
  for (const auto& [field, delta] : plan.added) update.add(model.field(field).name, Value(delta));
  for (const EncodedChanges::Edit& edit : changes.edits) {
    if (plan.draft.sets(edit.field)) continue;
    if (!edit.added.empty()) update.add(model.field(edit.field).name, Value(edit.added));
    if (!edit.deleted.empty()) update.delete_members(model.field(edit.field).name, Value(edit.deleted));
  }
  for (const Change& change : changes.paths) {
    if (plan.draft.sets(change.field)) continue;
    const std::string& name = model.field(change.field).name;
    if (change.kind == Change::Kind::set_path) {
      update.set_path(name, change.path, change.value);
    } else if (change.kind == Change::Kind::append_path) {
      update.append(name, change.path, *change.value.get_if<Value::List>());
    } else {
      update.remove_path(name, change.path);
    }
  }
  for (const EncodedChanges::Custom& custom : changes.custom) {
    add_custom_update(model.field(custom.field).name, *custom.update, custom.stored, placeholders, update);
  }
}

}  // namespace bao::core
