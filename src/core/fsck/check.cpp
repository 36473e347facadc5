#include "core/fsck/check.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "core/engine/draft.hpp"
#include "core/engine/read_item.hpp"
#include "core/engine/write_support.hpp"
#include "core/fsck/place.hpp"
#include "core/fsck/repair.hpp"
#include "core/keys/key_text.hpp"

namespace bao::core {

namespace {

using Kind = Finding::Kind;

constexpr int gsis = 5;

using Derived = std::map<std::string, std::optional<std::string>, std::less<>>;

// What the library would have derived; nothing: the attribute should not be there.
Derived derived_of(Call& call, const Draft& draft, const std::string& id) {
  const Model& model = draft.model();
  Derived derived;
  for (int gsi = 1; gsi <= gsis; ++gsi) {
    derived[std::string(index_pk_attribute(gsi))] = std::nullopt;
    derived[std::string(index_sk_attribute(gsi))] = std::nullopt;
  }
  for (const Index& index : model.indexes()) {
    if (index.gsi == 0) continue;
    const Result<std::optional<RowKey>> key = draft.index_key(call.tenant(), index);
    if (!key || !*key) continue;
    derived[std::string(index_pk_attribute(index.gsi))] = (*key)->pk;
    derived[std::string(index_sk_attribute(index.gsi))] = (*key)->sk;
  }
  const bool iterable = model.definition().iterable;
  const RowKey iteration = iterable ? iteration_key(model, call.tenant(), id) : RowKey();
  derived[std::string(iteration_pk_attribute)] = iterable ? std::optional(iteration.pk) : std::nullopt;
  derived[std::string(iteration_sk_attribute)] = iterable ? std::optional(iteration.sk) : std::nullopt;
  derived[std::string(search_text_attribute)] =
      model.definition().search ? search_text_of(*call.engine().options().folding, draft) : std::nullopt;
  return derived;
}

bool has_expired(Call& call, const ItemRef& row) {
  const ValueView ttl = row.attribute("ttl");
  return ttl.present() && has_passed(ttl.to_value(), call.engine().service_time_ms());
}

RowKey key_of(const ItemRef& row) {
  return {.pk = attribute_text(row, pk_attribute), .sk = attribute_text(row, sk_attribute)};
}

class Checker {
 public:
  Checker(Call& call, ItemRef row) : call_(call), row_(std::move(row)), key_(key_of(row_)) {}

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
    const Draft draft(model, row_);
    const Result<KeyTexts> texts = draft.key_texts();
    if (!texts) {
      add(Kind::no_key_fields, &model, {}).found = texts.error().message();
      co_return std::nullopt;
    }
    const RowKey wanted = primary_row_key(model, call_.tenant(), *texts);
    const std::string id = primary_id(model, *texts);
    if (wanted != key_) {
      Finding& finding = add(Kind::key_mismatch, &model, id);
      const bool partition = wanted.pk != key_.pk;
      finding.attribute = partition ? pk_attribute : sk_attribute;
      finding.expected = partition ? wanted.pk : wanted.sk;
      finding.found = partition ? key_.pk : key_.sk;
      co_return std::nullopt;
    }
    for (const auto& [attribute, expected] : derived_of(call_, draft, id)) {
      const ValueView view = row_.attribute(attribute);
      if (expected ? view.present() && attribute_text(row_, attribute) == *expected : !view.present())
        continue;
      Finding& finding = add(Kind::attribute_differs, &model, id);
      finding.attribute = attribute;
      finding.expected = expected.value_or(std::string());
      finding.found = attribute_text(row_, attribute);
      finding.item = row_;
      finding.repairable = tenant_known;
    }
    if (!tenant_known) co_return std::nullopt;             // nor where its unique rows are
    if (has_expired(call_, row_)) co_return std::nullopt;  // its values are free, its rows go as they come
    for (const UniqueConstraint& constraint : model.unique_constraints()) {
      if (auto error = co_await check_unique_value(model, draft, constraint, id)) co_return error;
    }
    co_return std::nullopt;
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
    const Model* const model = call_.engine().schema().model(attribute_text(row_, "relatedModel"));
    const UniqueConstraint* constraint = nullptr;
    std::string text;
    if (model != nullptr) {
      for (const UniqueConstraint& each : model->unique_constraints()) {
        const std::string start = unique_row_key(*model, call_.tenant(), each, {}).pk;
        if (!key_.pk.starts_with(start)) continue;
        constraint = &each;
        text = key_.pk.substr(start.size());
      }
    }
    std::optional<KeyTexts> texts;
    if (constraint != nullptr) {
      if (Result<KeyTexts> split = split_primary_id(*model, id)) texts = std::move(*split);
    }
    if (!texts) {
      add(Kind::unique_malformed, model, {}).found = attribute_text(row_, "relatedModel") + " " + id;
      co_return std::nullopt;
    }
    Result<ItemRef> item = co_await read_item(call_, primary_row_key(*model, call_.tenant(), *texts));
    if (!item) co_return std::move(item).error();
    if (*item && unique_text(Draft(*model, *item).loaded(constraint->field)) == text) co_return std::nullopt;
    Finding& finding = add(Kind::unique_ghost, model, id);
    finding.attribute = model->field(constraint->field).name;
    finding.found = key_.pk;
    finding.item = std::move(*item);
    finding.release = Release{.constraint = constraint, .row = key_};
    finding.repairable = true;
    co_return std::nullopt;
  }

  Call& call_;
  ItemRef row_;
  RowKey key_;
};

struct Work {
  CheckedRows checked;
  std::optional<Error> error;
};

Task<std::optional<Error>> check_row(Call& call, ItemRef row, bool repair, Work& work) {
  const RowKey key = key_of(row);
  Checker first(call, std::move(row));
  if (auto error = co_await first.run()) co_return error;
  if (first.findings.empty()) co_return std::nullopt;
  // The Scan may have been late, or the item may have changed between two reads: once more.
  Result<ItemRef> current = co_await read_item(call, key);
  if (!current) co_return std::move(current).error();
  if (!*current) co_return std::nullopt;
  Checker second(call, std::move(*current));
  if (auto error = co_await second.run()) co_return error;
  if (repair) {
    if (auto error = co_await repair_row(call, second.findings)) co_return error;
  }
  for (Finding& finding : second.findings) work.checked.findings.push_back(std::move(finding));
  co_return std::nullopt;
}

Task<void> check_one(Call& call, ItemRef row, bool repair, Work& work, Join& join) {
  if (auto error = co_await check_row(call, std::move(row), repair, work); error && !work.error) {
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

Task<Result<CheckedRows>> check_rows(Call& call, std::vector<ItemRef> rows, bool repair) {
  constexpr std::size_t together = 25;
  Work work;
  Scheduler& scheduler = call.engine().scheduler();
  for (std::size_t start = 0; start < rows.size() && !work.error; start += together) {
    const std::size_t end = std::min(rows.size(), start + together);
    Join join(scheduler, end - start);
    for (std::size_t position = start; position < end; ++position) {
      spawn(scheduler, check_one(call, std::move(rows[position]), repair, work, join));
    }
    co_await join;
  }
  if (work.error) co_return std::unexpected(std::move(*work.error));
  work.checked.capacity = call.capacity;
  co_return std::move(work.checked);
}

}  // namespace bao::core
