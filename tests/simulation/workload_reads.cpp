#include <algorithm>
#include <cstdint>

#include "core/engine/iterate.hpp"
#include "core/engine/query.hpp"
#include "core/engine/scan.hpp"
#include "core/engine/search.hpp"
#include "simulation/changes.hpp"
#include "simulation/workload.hpp"

namespace bao::simulation {

namespace {

std::string text_of(const core::FindOptions& options) {
  std::string text;
  if (options.bypass_cache) text += " bypass";
  if (options.consistent) text += " consistent";
  if (options.loader) text += " loader";
  return text;
}

std::vector<core::ItemRef> items_of(const std::vector<std::pair<std::string, core::Found>>& found) {
  std::vector<core::ItemRef> items;
  for (const auto& [id, one] : found) {
    if (one.entry->item) items.push_back(one.entry->item);
  }
  return items;
}

}  // namespace

// What a read may give at the earliest: caches have what was read since their beginning, but nothing older
// than what their scope wrote, or was given, since.
std::uint64_t Workload::seen_from(const std::shared_ptr<Context>& context, const core::FindOptions& options,
                                  const RowName& row) const {
  const std::uint64_t now = world_.history.last_commit();
  if (options.consistent || options.bypass_cache || (!context && !options.loader)) return now;
  std::uint64_t from = options.loader ? loader_from_ : context->opened;
  // Which row a unique value leads to is not known beforehand: the scope may have written it.
  if (row.first.empty()) return context ? std::min(from, context->opened) : from;
  if (context) {
    const auto written = context->floor.find(row);
    if (written != context->floor.end()) {
      // What a scope wrote, it finds in its own cache, whatever a loader has.
      const std::uint64_t own = std::max(context->opened, written->second);
      from = !options.loader ? own : written->second > 0 ? own : std::min(from, own);
    }
  }
  const auto read = read_floor_.find({context, options.loader, row});
  return read == read_floor_.end() ? from : std::max(from, read->second);
}

bool Workload::may_join(const std::shared_ptr<Context>& context, const core::FindOptions& options) const {
  return !client_.is_idle() && (context || options.loader);
}

// Where calls overlap, what one was given says nothing about what the next has to be given: their order is
// not known. A state that was there several times was given the first time, as far as anybody knows.
void Workload::raise_floor(const Operation& operation, const RowName& row, const core::ItemRef& item,
                           const std::shared_ptr<Context>& context,
                           const std::shared_ptr<core::Cache>& loader, std::uint64_t seen_from) {
  if (!world_.judge.was_alone(operation)) return;
  const std::string text = simulation::text_of(item);
  for (const State* state : world_.history.between(row, seen_from, world_.history.last_commit())) {
    if (state->text != text) continue;
    std::uint64_t& floor = read_floor_[{context, loader, row}];
    floor = std::max(floor, state->commit);
    return;
  }
}

void Workload::found(Operation& operation, const RowName& row, const core::Found& found,
                     const std::shared_ptr<Context>& context, const core::FindOptions& options,
                     std::uint64_t seen_from) {
  const core::ItemRef& item = found.entry->item;
  operation.seen_from = seen_from;
  const bool cached = context || options.loader;
  world_.judge.read(operation, row, item, cached ? &written_[row] : nullptr);
  if (cached && !options.bypass_cache) raise_floor(operation, row, item, context, options.loader, seen_from);
  if (item) seen_[row] = item;
}

void Workload::find() {
  const core::Model& model = some_model();
  const core::KeyTexts texts = some_key(model);
  const core::FindOptions options = some_find_options();
  const std::shared_ptr<Context> context = some_context();
  const auto operation = client_.new_operation("", some_tenant());
  const RowName row = name_of(core::primary_row_key(model, operation->tenant, texts));
  operation->what = "find " + simulation::text_of(row) + text_of(options) + (context ? " in a scope" : "");
  const std::uint64_t from = seen_from(context, options, row);
  operation->joins = may_join(context, options);
  client_.start<core::Found>(
      operation, context ? context->scope : nullptr,
      [&](core::Call& call) { return core::find(call, model, texts, options); },
      [=, this](Result<core::Found>& result) {
        if (result) found(*operation, row, *result, context, options, from);
      });
}

void Workload::batch_find() {
  const core::Model& model = some_model();
  const core::FindOptions options = some_find_options();
  const std::shared_ptr<Context> context = some_context();
  const auto operation = client_.new_operation("", some_tenant());
  operation->what = "batch_find " + model.name() + text_of(options) + (context ? " in a scope" : "");
  operation->joins = may_join(context, options);
  std::vector<std::string> ids;
  std::map<std::string, std::pair<RowName, std::uint64_t>> asked;
  for (int i = 0; i < 5; ++i) {
    const core::KeyTexts texts = some_key(model);
    const RowName row = name_of(core::primary_row_key(model, operation->tenant, texts));
    ids.push_back(core::primary_id(model, texts));
    asked[ids.back()] = {row, seen_from(context, options, row)};
  }
  client_.start<core::FoundMany>(
      operation, context ? context->scope : nullptr,
      [&](core::Call& call) { return core::batch_find(call, model, ids, options); },
      [=, this](Result<core::FoundMany>& result) {
        if (!result) return;
        if (result->items.size() != asked.size())
          world_.judge.accuse("op " + std::to_string(operation->number) + " ", "not one answer for each id");
        for (const auto& [id, one] : result->items) {
          found(*operation, asked.at(id).first, one, context, options, asked.at(id).second);
        }
      });
}

void Workload::find_unique() {
  const bool is_user = random_.chance(0.7);
  const core::Model& model = *world_.schema->model(is_user ? "User" : "Note");
  const core::UniqueConstraint& constraint = random_.pick(model.unique_constraints());
  const std::string field = model.field(constraint.field).name;
  const Value value = some_value(random_, field);
  const std::string text = *value.get_if<std::string>();
  const core::FindOptions options = some_find_options();
  const std::shared_ptr<Context> context = some_context();
  const auto operation = client_.new_operation("", some_tenant());
  operation->what = "find_unique " + text + text_of(options) + (context ? " in a scope" : "");
  const std::uint64_t from = seen_from(context, options, {});
  operation->joins = may_join(context, options);
  client_.start<core::Found>(
      operation, context ? context->scope : nullptr,
      [&](core::Call& call) { return core::find_unique(call, model, constraint.name, value, options); },
      [=, this, &model](Result<core::Found>& result) {
        if (!result) return;
        const core::ItemRef& item = result->entry->item;
        const auto has_value = [&](const State& state) { return attribute_of(state, field) == text; };
        if (item) {
          // The row, then the item: in a cache the item may be older than its row.
          found(*operation, row_of(item), *result, context, options, from);
          if (!is_item_of(row_of(item), model, operation->tenant) || !item.attribute(field).present() ||
              item.attribute(field).text() != text)
            world_.judge.accuse(text, operation->what + " found another item");
          return;
        }
        // An item that has expired no longer holds its values.
        operation->seen_from = operation->first_commit;
        world_.judge.read_all(*operation, model, {}, [&](const State& state) {
          return has_value(state) && !is_expired(state, world_.table.wall_ms());
        });
      });
}

Workload::Asked Workload::some_query() {
  struct Choice {
    const char* model;
    const char* index;
    const char* field;
  };
  static const std::vector<Choice> choices{{"Post", "byUser", "userId"},
                                           {"Post", "byRank", ""},
                                           {"Doc", "byStatus", "status"},
                                           {"Note", "byHits", ""},
                                           {"Comment", "", "postId"}};
  const Choice choice = random_.pick(choices);
  Asked asked{.model = world_.schema->model(choice.model), .index = choice.index, .field = choice.field};
  if (!asked.field.empty())
    asked.partition = asked.field == "postId" ? Value("1") : some_value(random_, asked.field);
  asked.options.limit.reset();
  asked.options.descending = random_.chance(0.5);
  asked.options.consistent = asked.index.empty() && random_.chance(0.5);
  return asked;
}

bool Workload::Asked::belongs(const State& state) const {
  const core::Index* const of = model->index(index);
  if (of != nullptr && attribute_of(state, "_gsi" + std::to_string(of->gsi) + "_pk").empty()) return false;
  return field.empty() || attribute_of(state, field) == *partition.get_if<std::string>();
}

std::string Workload::Asked::sort_key(const State& state) const {
  const core::Index* const of = model->index(index);
  return attribute_of(state, of == nullptr ? "_sk" : "_gsi" + std::to_string(of->gsi) + "_sk");
}

void Workload::query() {
  const Asked asked = some_query();
  const std::shared_ptr<Context> context = some_context();
  const auto operation =
      client_.new_operation("query " + asked.model->name() + " " + asked.index, some_tenant());
  client_.start<core::Page>(
      operation, context ? context->scope : nullptr,
      [&](core::Call& call) {
        return core::query(call, *asked.model, asked.index, asked.partition, {}, asked.options);
      },
      [=, this](Result<core::Page>& result) {
        if (!result) return;
        world_.judge.read_all(*operation, *asked.model, result->items,
                              [&](const State& state) { return asked.belongs(state); });
      });
}

void Workload::query_pages() {
  Asked asked = some_query();
  asked.options.limit = random_.between(1, 2);
  const auto first =
      client_.new_operation("query pages " + asked.model->name() + " " + asked.index, some_tenant());
  go_on_querying(std::move(asked), first, first, {});
}

void Workload::go_on_querying(Asked asked, const Operations& first, const Operations& operation,
                              std::vector<core::ItemRef> items) {
  client_.start<core::Page>(
      operation, nullptr,
      [&](core::Call& call) {
        return core::query(call, *asked.model, asked.index, asked.partition, {}, asked.options);
      },
      [=, this](Result<core::Page>& result) mutable {
        if (!result) return;
        if (static_cast<std::int64_t>(result->items.size()) > *asked.options.limit)
          world_.judge.accuse("op " + std::to_string(operation->number) + " ",
                              "a page is longer than its limit");
        for (const core::ItemRef& item : result->items) world_.judge.read(*operation, row_of(item), item);
        items.insert(items.end(), result->items.begin(), result->items.end());
        if (!result->last_evaluated_key.is_null()) {
          asked.options.start_key = std::move(result->last_evaluated_key);
          const auto next = client_.new_operation(first->what + ", next", first->tenant);
          return go_on_querying(std::move(asked), first, next, std::move(items));
        }
        world_.judge.walked(
            *first, *asked.model, items, [&](const State& state) { return asked.belongs(state); },
            [&](const State& state) { return asked.sort_key(state); });
      });
}

void Workload::scan() {
  const core::Model& model = some_model();
  const auto operation = client_.new_operation("scan " + model.name(), some_tenant());
  client_.start<core::Page>(
      operation, nullptr, [&](core::Call& call) { return core::scan(call, model, {}); },
      [=, this, &model](Result<core::Page>& result) {
        if (!result) return;
        world_.judge.read_all(*operation, model, result->items, [](const State&) { return true; });
      });
}

void Workload::count() {
  const core::Model& model = some_model();
  const auto operation = client_.new_operation("count " + model.name(), some_tenant());
  client_.start<core::Page>(
      operation, nullptr, [&](core::Call& call) { return core::count(call, model, {}); },
      [=, this, &model](Result<core::Page>& result) {
        if (!result) return;
        std::int64_t least = 0;
        std::int64_t most = 0;
        for (const auto& [row, states] : world_.history.rows()) {
          if (!is_item_of(row, model, operation->tenant)) continue;
          const auto had = world_.history.between(row, operation->first_commit, world_.history.last_commit());
          const auto there = [](const State* state) { return bool(state->item); };
          least += std::ranges::all_of(had, there) ? 1 : 0;
          most += std::ranges::any_of(had, there) ? 1 : 0;
        }
        if (result->count < least || result->count > most)
          world_.judge.accuse(model.prefix() + "#",
                              operation->what + " gave " + std::to_string(result->count) + ", not " +
                                  std::to_string(least) + " to " + std::to_string(most));
      });
}

void Workload::iterate() {
  const core::Model& model = *world_.schema->model(random_.chance(0.5) ? "Doc" : "Article");
  const auto first = client_.new_operation("iterate " + model.name(), some_tenant());
  go_on_iterating(model, first->tenant, first, {}, {});
}

void Workload::go_on_iterating(const core::Model& model, const std::string& tenant, const Operations& first,
                               core::IterationPosition from, std::vector<core::ItemRef> items) {
  const Operations operation = from.bucket == 0 && from.start_key.is_null()
                                   ? first
                                   : client_.new_operation("iterate on " + model.name(), tenant);
  operation->seen_from = first->first_commit;
  core::IterateOptions options;
  options.batch_size = 2;
  client_.start<core::IterationBatch>(
      operation, nullptr, [&](core::Call& call) { return core::iterate(call, model, options, from); },
      [=, this, &model](Result<core::IterationBatch>& result) mutable {
        if (!result) return;
        const std::vector<core::ItemRef> more = items_of(result->items);
        items.insert(items.end(), more.begin(), more.end());
        if (!result->next.ended) {
          return go_on_iterating(model, tenant, first, std::move(result->next), std::move(items));
        }
        world_.judge.read_all(*operation, model, items, [](const State&) { return true; });
      });
}

void Workload::search() {
  const core::Model& model = *world_.schema->model("Article");
  const std::string term = "tiTle" + std::to_string(random_.between(1, 3));
  core::SearchOptions options;
  options.limit.reset();
  options.parallel = random_.between(1, 3);
  const auto operation = client_.new_operation("search " + term, some_tenant());
  client_.start<core::SearchResult>(
      operation, nullptr, [&](core::Call& call) { return core::search(call, model, {term}, options); },
      [=, this, &model](Result<core::SearchResult>& result) {
        if (!result) return;
        if (!result->cursor.empty()) world_.judge.accuse("a#", operation->what + " says that there is more");
        world_.judge.read_all(*operation, model, items_of(result->items), [&](const State& state) {
          return attribute_of(state, "_searchText").find("title" + term.substr(5)) != std::string::npos;
        });
      });
}

}  // namespace bao::simulation
