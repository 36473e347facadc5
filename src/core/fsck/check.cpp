#include "core/fsck/check.hpp"

#include <algorithm>
#include <utility>

#include "core/engine/draft.hpp"
#include "core/engine/read_item.hpp"
#include "core/engine/write_support.hpp"
#include "core/fsck/derived.hpp"
#include "core/fsck/move.hpp"
#include "core/fsck/place.hpp"
#include "core/fsck/repair.hpp"
#include "core/keys/key_text.hpp"

namespace bao::core {

namespace {

using Kind = Finding::Kind;

bool has_expired(Call& call, const ItemRef& row) {
  const ValueView ttl = row.attribute("ttl");
  return ttl.present() && has_passed(ttl.to_value(), call.engine().service_time_ms());
}

RowKey key_of(const ItemRef& row) {
  return {.pk = attribute_text(row, pk_attribute), .sk = attribute_text(row, sk_attribute)};
}

// What the checks of one call share.
struct Check {
  Call& call;
  Repairs repairs;
  OtherFormats formats = {};
};

class Checker {
 public:
  Checker(Check& check, ItemRef row)
      : check_(check), call_(check.call), row_(std::move(row)), key_(key_of(row_)) {}

  Task<std::optional<Error>> run() {
    const RowPlace place = place_of(call_.engine().schema(), row_);
    if (place.kind == RowPlace::Kind::item) return check_item(*place.model, place.tenant_known);
    if (place.kind == RowPlace::Kind::unique) return check_unique_row();
    return nothing();
  }
  std::vector<Finding> findings;

 private:
  static Task<std::optional<Error>> nothing() { co_return std::nullopt; }

  Finding& add(Kind kind, const Model* model, std::string id) {
    Finding& finding = findings.emplace_back();
    finding.kind = kind;
    finding.model = model;
    finding.id = std::move(id);
    finding.row = key_;
    return finding;
  }

  Task<std::optional<Error>> check_item(const Model& model, bool tenant_known) {
    if (const std::optional<PrefixClaim> other = other_claim(model, row_)) {
      Finding& finding = add(Kind::prefix_clash, &model, {});
      finding.attribute = other->attribute;
      finding.expected = model.prefix();
      finding.found = other->key;
      co_return std::nullopt;
    }
    const Draft draft(model, row_);
    const Result<KeyTexts> texts = draft.key_texts();
    if (!texts) {
      add(Kind::no_key_fields, &model, {}).found = texts.error().message();
      co_return std::nullopt;
    }
    const RowKey wanted = primary_row_key(model, call_.tenant(), *texts);
    std::string id = primary_id(model, *texts);
    const bool in_place = wanted == key_;
    const std::optional<std::string> other_id = in_place ? std::nullopt : id_in_other_format(model);
    if (!in_place && !other_id) {
      add_misplaced(Kind::key_mismatch, model, id, wanted);
      co_return std::nullopt;
    }
    // The rest of an item in the other format is checked under the id that it has.
    if (other_id) id = *other_id;
    if (in_place) check_attributes(draft, id, tenant_known);
    // Its values are free where it has expired, and its rows go as they come.
    if (!tenant_known || has_expired(call_, row_)) co_return std::nullopt;
    for (const UniqueConstraint& constraint : model.unique_constraints()) {
      if (auto error = co_await check_unique_value(model, draft, constraint, id)) co_return error;
    }
    // Last, so that its unique rows are right when it moves.
    if (!in_place) add_other_format(model, id, wanted);
    co_return std::nullopt;
  }

  Finding& add_misplaced(Kind kind, const Model& model, const std::string& id, const RowKey& wanted) {
    Finding& finding = add(kind, &model, id);
    const bool partition = wanted.pk != key_.pk;
    finding.attribute = partition ? pk_attribute : sk_attribute;
    finding.expected = partition ? wanted.pk : wanted.sk;
    finding.found = partition ? key_.pk : key_.sk;
    return finding;
  }

  void add_other_format(const Model& model, const std::string& id, const RowKey& wanted) {
    Finding& finding = add_misplaced(Kind::key_format, model, id, wanted);
    finding.found_format = check_.formats.of(model).key_format();
    finding.item = row_;
  }

  // The id of an item that lies under the key of the other key format; nothing: it does not.
  std::optional<std::string> id_in_other_format(const Model& model) {
    const Model& other = check_.formats.of(model);
    const Result<KeyTexts> texts = Draft(other, row_).key_texts();
    if (!texts || primary_row_key(other, call_.tenant(), *texts) != key_) return std::nullopt;
    return primary_id(other, *texts);
  }

  void check_attributes(const Draft& draft, const std::string& id, bool tenant_known) {
    std::optional<Derived> in_other_format;  // asked for where something differs, which is rare
    for (const auto& [attribute, expected] : derived_of(call_, draft, id)) {
      const ValueView view = row_.attribute(attribute);
      if (expected ? view.present() && attribute_text(row_, attribute) == *expected : !view.present())
        continue;
      if (!in_other_format) {
        in_other_format = derived_of(call_, Draft(check_.formats.of(draft.model()), row_), id);
      }
      const std::optional<std::string>& other = in_other_format->find(attribute)->second;
      const bool format = expected && other && attribute_text(row_, attribute) == *other;
      Finding& finding = add(format ? Kind::key_format : Kind::attribute_differs, &draft.model(), id);
      finding.attribute = attribute;
      finding.expected = expected.value_or(std::string());
      finding.found = attribute_text(row_, attribute);
      if (format) finding.found_format = check_.formats.of(draft.model()).key_format();
      finding.item = row_;
      finding.repairable = tenant_known;
    }
  }

  Task<std::optional<Error>> check_unique_value(const Model& model, const Draft& draft,
                                                const UniqueConstraint& constraint, const std::string& id) {
    const std::optional<std::string> text = unique_text(draft.loaded(constraint.field));
    if (!text) co_return std::nullopt;
    const RowKey row_key = unique_row_key(model, call_.tenant(), constraint, *text);
    Result<ItemRef> row = co_await read_item(call_, row_key);
    if (!row) co_return std::move(row).error();
    Finding finding;
    finding.model = &model;
    finding.id = id;
    finding.row = key_;
    finding.attribute = model.field(constraint.field).name;
    finding.expected = row_key.pk;
    finding.item = row_;
    finding.repairable = true;
    finding.claim = Claim{.constraint = &constraint,
                          .text = *text,
                          .row = row_key,
                          .takeover = std::nullopt,
                          .handed_over_by = {}};
    const Owner owner = owner_of(draft, id);
    if (!*row) {
      finding.kind = Kind::unique_missing;
    } else if (attribute_text(*row, "relatedId") == id &&
               attribute_text(*row, "relatedModel") == model.name()) {
      const ValueView ttl = row->attribute("ttl");
      if (owner.ttl ? ttl.present() && ttl.to_value() == *owner.ttl : !ttl.present()) co_return std::nullopt;
      finding.kind = Kind::unique_ttl;
      finding.release = Release{.constraint = &constraint, .row = row_key};
    } else {
      const std::optional<Error> held = co_await judge_clash(call_, *finding.claim, owner);
      if (held && held->code() != ErrorCode::conditional) co_return held;
      finding.found = attribute_text(*row, "relatedModel") + " " + attribute_text(*row, "relatedId");
      finding.kind = held ? Kind::unique_conflict : Kind::unique_elsewhere;
      finding.repairable = !held;
    }
    findings.push_back(std::move(finding));
    co_return std::nullopt;
  }

  Task<std::optional<Error>> check_unique_row() {
    if (has_expired(call_, row_)) co_return std::nullopt;
    const std::string id = attribute_text(row_, "relatedId");
    const Schema& schema = call_.engine().schema();
    const Model* const model = schema.model(attribute_text(row_, "relatedModel"));
    const UniqueConstraint* const constraint = model == nullptr ? nullptr : constraint_of_row(*model);
    const Model* owner = nullptr;  // by its key
    for (const auto& each : schema.models()) {
      if (constraint_of_row(*each) != nullptr) owner = each.get();
    }
    if (owner != nullptr && model != nullptr && owner != model) {
      Finding& finding = add(Kind::prefix_clash, owner, id);
      finding.attribute = "relatedModel";
      finding.expected = owner->name();
      finding.found = model->name();
      co_return std::nullopt;
    }
    std::optional<KeyTexts> texts;
    if (constraint != nullptr) {
      if (Result<KeyTexts> split = split_primary_id(*model, id)) texts = std::move(*split);
    }
    if (!texts) {
      add(Kind::unique_malformed, model, {}).found = attribute_text(row_, "relatedModel") + " " + id;
      co_return std::nullopt;
    }
    const RowKey item_key = primary_row_key(*model, call_.tenant(), *texts);
    Result<ItemRef> item = co_await read_item(call_, item_key);
    if (!item) co_return std::move(item).error();
    const std::string text =
        key_.pk.substr(unique_row_key(*model, call_.tenant(), *constraint, {}).pk.size());
    if (*item && unique_text(Draft(*model, *item).loaded(constraint->field)) == text) co_return std::nullopt;
    // The item may lie where the other key format has it.
    const RowKey other_key = primary_row_key(check_.formats.of(*model), call_.tenant(), *texts);
    if (other_key != item_key) {
      const Result<ItemRef> other = co_await read_item(call_, other_key);
      if (!other) co_return other.error();
      if (*other && unique_text(Draft(*model, *other).loaded(constraint->field)) == text)
        co_return std::nullopt;
    }
    Finding& finding = add(Kind::unique_ghost, model, id);
    finding.attribute = model->field(constraint->field).name;
    finding.found = key_.pk;
    finding.item = std::move(*item);
    finding.release = Release{.constraint = constraint, .row = key_};
    finding.repairable = true;
    co_return std::nullopt;
  }

  // The constraint of the model that this row's key is of; null: none.
  const UniqueConstraint* constraint_of_row(const Model& model) {
    for (const UniqueConstraint& each : model.unique_constraints()) {
      if (key_.pk.starts_with(unique_row_key(model, call_.tenant(), each, {}).pk)) return &each;
    }
    return nullptr;
  }

  Check& check_;
  Call& call_;
  ItemRef row_;
  RowKey key_;
};

struct Work {
  CheckedRows checked;
  std::optional<Error> error;
};

// Whether items that lie in the other format can be moved, and why not.
Task<std::optional<Error>> judge_moves(Check& check, std::vector<Finding>& findings) {
  for (Finding& finding : findings) {
    if (!finding.is_misplaced()) continue;
    Result<std::string> obstacle = co_await obstacle_to_move(check.call, finding);
    if (!obstacle) co_return std::move(obstacle).error();
    finding.obstacle = std::move(*obstacle);
    if (finding.obstacle.empty() && !check.repairs.move_keys) finding.obstacle = "--move-keys moves it";
    finding.repairable = finding.obstacle.empty();
  }
  co_return std::nullopt;
}

Task<std::optional<Error>> check_row(Check& check, ItemRef row, Work& work) {
  const RowKey key = key_of(row);
  Checker first(check, std::move(row));
  if (auto error = co_await first.run()) co_return error;
  if (first.findings.empty()) co_return std::nullopt;
  // The Scan may have been late, or the item may have changed between two reads: once more.
  Result<ItemRef> current = co_await read_item(check.call, key);
  if (!current) co_return std::move(current).error();
  if (!*current) co_return std::nullopt;
  Checker second(check, std::move(*current));
  if (auto error = co_await second.run()) co_return error;
  if (auto error = co_await judge_moves(check, second.findings)) co_return error;
  if (check.repairs.repair) {
    if (auto error = co_await repair_row(check.call, second.findings)) co_return error;
  }
  for (Finding& finding : second.findings) work.checked.findings.push_back(std::move(finding));
  co_return std::nullopt;
}

Task<void> check_one(Check& check, ItemRef row, Work& work, Join& join) {
  if (auto error = co_await check_row(check, std::move(row), work); error && !work.error) {
    work.error = std::move(error);
  }
  join.done();
}

}  // namespace

const char* name_of(Finding::Kind kind) {
  switch (kind) {
    case Kind::no_key_fields:
      return "no_key_fields";
    case Kind::key_mismatch:
      return "key_mismatch";
    case Kind::prefix_clash:
      return "prefix_clash";
    case Kind::key_format:
      return "key_format";
    case Kind::attribute_differs:
      return "attribute_differs";
    case Kind::unique_missing:
      return "unique_missing";
    case Kind::unique_elsewhere:
      return "unique_elsewhere";
    case Kind::unique_conflict:
      return "unique_conflict";
    case Kind::unique_ghost:
      return "unique_ghost";
    case Kind::unique_ttl:
      return "unique_ttl";
    case Kind::unique_malformed:
      return "unique_malformed";
  }
  return "?";
}

bool Finding::is_misplaced() const {
  return kind == Kind::key_format && (attribute == pk_attribute || attribute == sk_attribute);
}

Task<Result<CheckedRows>> check_rows(Call& call, std::vector<ItemRef> rows, Repairs repairs) {
  constexpr std::size_t together = 25;
  Work work;
  Check check{.call = call, .repairs = repairs};
  Scheduler& scheduler = call.engine().scheduler();
  for (std::size_t start = 0; start < rows.size() && !work.error; start += together) {
    const std::size_t end = std::min(rows.size(), start + together);
    Join join(scheduler, end - start);
    for (std::size_t position = start; position < end; ++position) {
      spawn(scheduler, check_one(check, std::move(rows[position]), work, join));
    }
    co_await join;
  }
  if (work.error) co_return std::unexpected(std::move(*work.error));
  work.checked.capacity = call.capacity;
  co_return std::move(work.checked);
}

}  // namespace bao::core
