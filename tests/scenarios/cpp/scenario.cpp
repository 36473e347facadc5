#include "scenarios/cpp/scenario.hpp"

#include <cstdio>
#include <utility>

#include "native/yaml/load.hpp"
#include "scenarios/cpp/failure.hpp"
#include "scenarios/cpp/sent_requests.hpp"

namespace bao::scenarios {

namespace {

std::vector<ModelDefinition> definitions_of(const YAML::Node& models) {
  YAML::Node file;
  file["models"] = models;
  auto schema = native::load_definitions_text(YAML::Dump(file), "models");
  if (!schema) {
    std::string mistakes;
    for (const Diagnostic& diagnostic : schema.error()) mistakes += "\n" + diagnostic.to_string();
    throw Failure(models, "the models are wrong:" + mistakes);
  }
  std::vector<ModelDefinition> definitions;
  for (const auto& model : (*schema)->models()) definitions.push_back(model->definition());
  return definitions;
}

// The cache of the caller that a step names.
std::optional<LoaderContext> loader_of(const YAML::Node& step, const Names& names) {
  if (!step["loader"]) return std::nullopt;
  return (*names.loaders)[step["loader"].Scalar()];
}

FindOptions find_options(const YAML::Node& step, const Names& names) {
  FindOptions options;
  options.loader = loader_of(step, names);
  options.consistent = step["consistent"].as<bool>(false);
  options.bypass_cache = step["bypassCache"].as<bool>(false);
  if (step["batchDelay"]) options.batch_delay_ms = step["batchDelay"].as<std::int64_t>();
  return options;
}

DynamicWrite write_options(const YAML::Node& step, const Names& names) {
  return {.condition = to_condition(step["condition"], names),
          .force_reindex = step["forceReindex"].as<bool>(false)};
}

DynamicSave save_options(const YAML::Node& step, const Names& names) {
  DynamicSave options;
  const YAML::Node constraints = step["constraints"];
  if (constraints) {
    options.must_exist = constraints["mustExist"].as<bool>(false);
    options.must_not_exist = constraints["mustNotExist"].as<bool>(false);
    options.field_matches =
        constraints["fieldMatches"].as<std::vector<std::string>>(std::vector<std::string>());
  }
  options.condition = to_condition(step["condition"], names);
  options.force_reindex = step["forceReindex"].as<bool>(false);
  return options;
}

std::vector<DynamicChange> changes_of(const YAML::Node& node, const Names& names) {
  std::vector<DynamicChange> changes;
  for (const auto& part : node) changes.push_back(to_change(part.first.Scalar(), part.second, names));
  return changes;
}

DynamicQuery query_options(const YAML::Node& step, const Names& names) {
  DynamicQuery query;
  query.sort = to_sort_condition(step["sort"], names);
  if (step["limit"]) query.limit = step["limit"].as<std::int64_t>();
  if (step["startKey"]) {
    const auto page = names.pages.find(step["startKey"].Scalar());
    if (page == names.pages.end()) throw Failure(step, "startKey names no captured page");
    query.start_key = page->second;
  }
  query.descending = step["direction"].as<std::string>("ASC") == "DESC";
  query.filter = to_condition(step["filter"], names);
  query.count_only = step["countOnly"].as<bool>(false);
  query.consistent = step["consistent"].as<bool>(false);
  query.attributes = step["attributes"].as<std::vector<std::string>>(std::vector<std::string>());
  query.load_related = step["loadRelated"].as<bool>(false);
  query.related_fields = step["relatedFields"].as<std::vector<std::string>>(std::vector<std::string>());
  query.related_only = step["relatedOnly"].as<bool>(false);
  query.loader = loader_of(step, names);
  return query;
}

const DynamicItem& instance_of(const YAML::Node& step, const Names& names) {
  const auto found = names.items.find(step["of"].Scalar());
  if (found == names.items.end())
    throw Failure(step, "nothing was captured as '" + step["of"].Scalar() + "'");
  return found->second;
}

template <class Awaitable>
Task<Outcome> one_item(Awaitable operation) {
  auto item = co_await std::move(operation).as_result();
  if (!item) co_return Outcome{.error = std::move(item).error()};
  const Capacity capacity = item->capacity;
  co_return Outcome{.item = std::move(*item), .capacity = capacity};
}

Task<Outcome> find_by_parts(const YAML::Node& step, const Names& names) {
  detail::RawKey key{.by_parts = true};
  key.partition = to_value(step["partition"], names);
  key.sort = to_value(step["sort"], names);
  const std::string model = step["model"].Scalar();
  detail::FindArgs args{
      .model = {.info = nullptr, .name = model}, .key = std::move(key), .options = find_options(step, names)};
  return one_item(Operation(std::move(args), detail::ToDynamic{model}));
}

Task<Outcome> find_many(const YAML::Node& step, const Names& names) {
  std::vector<std::string> ids;
  for (const YAML::Node& id : step["ids"]) ids.push_back(to_text(id, names));
  // {template: "p${i}", times: 120} stands for many.
  if (step["idsFrom"]) {
    for (int number = 0; number < step["idsFrom"]["times"].as<int>(); ++number) {
      Names numbered = names;
      numbered.values.insert_or_assign("i", Value(number));
      ids.push_back(to_text(step["idsFrom"]["template"], numbered));
    }
  }
  auto found = co_await DynamicModel(step["model"].Scalar())
                   .find_many(std::move(ids), find_options(step, names))
                   .as_result();
  if (!found) co_return Outcome{.error = std::move(found).error()};
  co_return Outcome{.many = std::move(*found)};
}

template <class Page>
Outcome page_outcome(Result<Page> page) {
  if (!page) return Outcome{.error = std::move(page).error()};
  const Capacity capacity = page->capacity;
  return Outcome{.page = std::move(*page), .capacity = capacity};
}

Task<Outcome> scan(const YAML::Node& step, const Names& names) {
  const DynamicQuery common = query_options(step, names);
  DynamicScan options{.filter = common.filter,
                      .limit = common.limit,
                      .start_key = common.start_key,
                      .index = step["index"].as<std::string>(""),
                      .consistent = common.consistent,
                      .attributes = common.attributes};
  if (step["segment"]) options.segment = step["segment"].as<std::int64_t>();
  if (step["totalSegments"]) options.total_segments = step["totalSegments"].as<std::int64_t>();
  co_return page_outcome(co_await DynamicModel(step["model"].Scalar()).scan(std::move(options)).as_result());
}

Task<Outcome> count(const YAML::Node& step, const Names& names) {
  auto counted = co_await DynamicModel(step["model"].Scalar())
                     .count(to_condition(step["filter"], names), step["index"].as<std::string>(""),
                            step["consistent"].as<bool>(false))
                     .as_result();
  if (!counted) co_return Outcome{.error = std::move(counted).error()};
  DynamicPage page;
  page.count = *counted;
  co_return Outcome{.page = std::move(page)};
}

Task<Outcome> iterate(const YAML::Node& step, const Names& names) {
  DynamicIterate options{.batch_size = step["batchSize"].as<std::int64_t>(100),
                         .filter = to_condition(step["filter"], names)};
  if (step["bucket"]) options.bucket = step["bucket"].as<std::int64_t>();
  Outcome outcome{.many = std::vector<DynamicItem>()};
  while (!options.from.ended) {
    auto batch = co_await DynamicModel(step["model"].Scalar()).iterate(options).as_result();
    if (!batch) co_return Outcome{.error = std::move(batch).error()};
    for (DynamicItem& item : batch->items) outcome.many->push_back(std::move(item));
    outcome.capacity += batch->capacity;
    options.from = std::move(batch->next);
  }
  co_return outcome;
}

Task<Outcome> batch_write(const YAML::Node& step, const Names& names) {
  std::vector<std::vector<DynamicChange>> put;
  for (const YAML::Node& data : step["put"]) put.push_back(changes_of(data, names));
  const int times = member_of(step, "putFrom", "times").as<int>(0);
  for (int number = 0; number < times; ++number) {
    Names numbered = names;
    numbered.values.insert_or_assign("i", Value(number));
    put.push_back(changes_of(step["putFrom"]["template"], numbered));
  }
  std::vector<std::string> remove;
  for (const YAML::Node& id : step["delete"]) remove.push_back(to_text(id, names));
  auto written = co_await DynamicModel(step["model"].Scalar())
                     .batch_write(std::move(put), std::move(remove))
                     .as_result();
  if (!written) co_return Outcome{.error = std::move(written).error()};
  co_return Outcome{.many = std::move(*written)};
}

// All pages of a search, or the one at `startKey`.
Task<Outcome> search(const YAML::Node& step, const Names& names) {
  DynamicSearch options{.any_term = step["operator"].as<std::string>("AND") == "OR",
                        .batch_size = step["batchSize"].as<std::int64_t>(100),
                        .queries_per_bucket_max = step["maxQueriesPerBucket"].as<std::int64_t>(10),
                        .parallel = step["parallel"].as<std::int64_t>(1),
                        .filter = to_condition(step["filter"], names)};
  if (step["limit"]) options.limit = step["limit"].as<std::int64_t>();
  if (step["bucket"]) options.bucket = step["bucket"].as<std::int64_t>();
  if (step["startKey"]) {
    const auto page = names.pages.find(step["startKey"].Scalar());
    if (page == names.pages.end()) throw Failure(step, "startKey names no captured page");
    options.cursor = *page->second.key.get_if<std::string>();
  }
  std::vector<std::string> terms;
  if (step["terms"].IsScalar()) {
    terms = split_search_query(step["terms"].Scalar());
  } else {
    for (const YAML::Node& term : step["terms"]) terms.push_back(to_text(term, names));
  }
  auto found = co_await DynamicModel(step["model"].Scalar()).search(terms, std::move(options)).as_result();
  if (!found) co_return Outcome{.error = std::move(found).error()};
  DynamicPage page{.items = std::move(found->items), .capacity = found->capacity};
  page.count = static_cast<std::int64_t>(page.items.size());
  if (!found->cursor.empty()) page.last_key.key = Value(found->cursor);
  co_return Outcome{.page = std::move(page), .capacity = found->capacity};
}

// Whether the action gives an item: what deletes and checks give is no part of the contract.
bool add_action(DynamicTransaction& transaction, const YAML::Node& action, const Names& names) {
  const std::string what = action["do"].Scalar();
  const std::string model = action["model"].Scalar();
  // A captured instance's own save or delete, or one by id.
  const DynamicItem item = action["of"]   ? instance_of(action, names)
                           : action["id"] ? DynamicItem{.id = to_text(action["id"], names)}
                                          : DynamicItem();
  if (what == "create") {
    transaction.create(model, changes_of(action["data"], names), write_options(action, names));
  } else if (what == "update" || what == "save") {
    transaction.update(model, item.id, changes_of(action["changes"], names), write_options(action, names),
                       item.loaded);
  } else if (what == "delete") {
    transaction.remove(model, item.id, write_options(action, names), item.loaded);
  } else if (what == "check") {
    transaction.check(model, item.id, to_condition(action["condition"], names));
  } else {
    throw Failure(action, "unknown action '" + what + "'");
  }
  return what != "delete" && what != "check";
}

Task<Outcome> transact(const YAML::Node& step, const Names& names) {
  DynamicTransaction transaction;
  std::vector<bool> gives;
  for (const YAML::Node& action : step["actions"]) gives.push_back(add_action(transaction, action, names));
  const int times = member_of(step, "actionsFrom", "times").as<int>(0);
  for (int number = 0; number < times; ++number) {
    Names numbered = names;
    numbered.values.insert_or_assign("i", Value(number));
    gives.push_back(add_action(transaction, step["actionsFrom"]["template"], numbered));
  }
  auto done = co_await bao::transact(std::move(transaction)).as_result();
  if (!done) co_return Outcome{.error = std::move(done).error()};
  std::vector<DynamicItem> written;
  for (std::size_t position = 0; position < done->size(); ++position) {
    if (gives[position]) written.push_back(std::move((*done)[position]));
  }
  co_return Outcome{.many = std::move(written)};
}

Task<Outcome> query(const YAML::Node& step, const Names& names) {
  auto page = co_await DynamicModel(step["model"].Scalar())
                  .query(step["index"].as<std::string>(""), to_value(step["partition"], names),
                         query_options(step, names))
                  .as_result();
  co_return page_outcome(std::move(page));
}

}  // namespace

Scenario::Scenario(Parts parts) : parts_(std::move(parts)) {
  log_->print_answers = parts_.print_requests;
  const bool search_index = member_of(parts_.node, "config", "searchIndex").as<bool>(false);
  parts_.engine.create_table(parts_.table, search_index);
  Config config;
  if (search_index) config.db.iteration_index_name = "iter_search_index";
  config.definitions = definitions_of(parts_.models);
  config.db.table_name = parts_.table;
  config.aws.region = "us-west-2";
  config.batch_context.require_batch_context =
      member_of(parts_.node, "config", "requireBatchContext").as<bool>(false);
  config.log.level = LogLevel::off;
  client_ = std::make_unique<Client>(parts_.engine.connect(std::move(config), log_));
}

void Scenario::run() {
  sync_wait(*client_, run_all(parts_.node["steps"], true));
}

YAML::Node Scenario::member(const YAML::Node& step, const char* name) const {
  const YAML::Node own = member_of(step, "on", parts_.engine_name);
  if (own.IsDefined() && own[name]) return own[name];
  return step[name];
}

Task<void> Scenario::run_all(YAML::Node steps, bool alone) {
  for (std::size_t position = 0; position < steps.size(); ++position) {
    const YAML::Node step = steps[position];
    const int times = step["repeat"].as<int>(1);
    for (int number = 0; number < times; ++number) co_await run_one(step, number, alone);
  }
}

Task<void> Scenario::run_together(YAML::Node steps) {
  std::vector<Task<void>> tasks;
  for (std::size_t position = 0; position < steps.size(); ++position) {
    const YAML::Node step = steps[position];
    const int times = step["repeat"].as<int>(1);
    for (int number = 0; number < times; ++number) tasks.push_back(run_one(step, number, false));
  }
  co_await all(std::move(tasks));
}

Task<bool> Scenario::run_group(const std::string& what, YAML::Node step, bool alone) {
  if (what == "batch") {
    co_await run_with_batch_context([&] { return run_all(step["steps"], alone); });
  } else if (what == "parallel") {
    co_await run_together(step["steps"]);
  } else if (what == "sequence") {
    co_await run_all(step["steps"], alone);
  } else if (what == "tenant") {
    co_await run_with_tenant(step["tenant"].Scalar(), [&] { return run_all(step["steps"], alone); });
  } else {
    co_return false;
  }
  co_return true;
}

Task<void> Scenario::run_one(YAML::Node step, int number, bool alone) {
  const std::string what = step["do"].as<std::string>("");
  const YAML::Node requests = member(step, "requests");
  if (requests && !alone)
    throw Failure(step, "requests of one of several steps at once cannot be told apart");
  if (parts_.print_requests) std::printf("line %d: %s\n", step.Mark().line + 1, what.c_str());
  const std::size_t sent_before = log_->requests.size();
  const bool ordered = what != "parallel";
  if (!co_await run_group(what, step, alone)) {
    Names names = names_;
    names.values.insert_or_assign("i", Value(number));
    ++steps_;
    const Outcome outcome = co_await perform(step, names);
    check(step, outcome, names);
    capture(step, outcome);
  }
  if (!requests) co_return;
  ++expectations_;
  const auto different = mismatch(requests, std::span(log_->requests).subspan(sent_before), ordered);
  if (different) throw Failure(step, *different);
}

Task<Outcome> Scenario::perform(YAML::Node step, const Names& names) {
  const std::string what = step["do"].Scalar();
  const DynamicModel model(step["model"].as<std::string>(""));
  if (what == "create")
    co_return co_await one_item(model.create(changes_of(step["data"], names), write_options(step, names)));
  if (what == "find")
    co_return co_await one_item(model.find(to_text(step["id"], names), find_options(step, names)));
  if (what == "findByPrimaryKey") co_return co_await find_by_parts(step, names);
  if (what == "batchFind") co_return co_await find_many(step, names);
  if (what == "findByUniqueConstraint") {
    co_return co_await one_item(model.find_by_unique_constraint(
        step["constraint"].Scalar(), to_value(step["value"], names), find_options(step, names)));
  }
  if (what == "update") {
    co_return co_await one_item(model.update(to_text(step["id"], names), changes_of(step["changes"], names),
                                             write_options(step, names)));
  }
  if (what == "save") {
    const DynamicItem& item = instance_of(step, names);
    co_return co_await one_item(
        model.save(item, changes_of(step["changes"], names), save_options(step, names)));
  }
  if (what == "saveNew") {
    co_return co_await one_item(
        model.save(DynamicItem(), changes_of(step["data"], names), save_options(step, names)));
  }
  if (what == "loadRelated") {
    co_return co_await one_item(model.load_related_data(
        instance_of(step, names), step["fields"].as<std::vector<std::string>>(std::vector<std::string>()),
        loader_of(step, names)));
  }
  if (what == "clearRelated") {
    DynamicItem item = instance_of(step, names);
    if (step["field"]) {
      item.related.erase(step["field"].Scalar());
    } else {
      item.related.clear();
    }
    co_return Outcome{.item = std::move(item)};
  }
  if (what == "delete") {
    if (!step["of"]) {
      co_return co_await one_item(model.remove(to_text(step["id"], names), write_options(step, names)));
    }
    const DynamicItem& item = instance_of(step, names);
    co_return co_await one_item(model.remove(item.id, write_options(step, names), item.loaded));
  }
  if (what == "query") co_return co_await query(step, names);
  if (what == "scan") co_return co_await scan(step, names);
  if (what == "count") co_return co_await count(step, names);
  if (what == "iterate") co_return co_await iterate(step, names);
  if (what == "search") co_return co_await search(step, names);
  if (what == "transact") co_return co_await transact(step, names);
  if (what == "batchWrite") co_return co_await batch_write(step, names);
  if (what == "capacity") co_return Outcome{.capacity = co_await batch_context_capacity()};
  if (what == "isInsideBatchContext") co_return Outcome{.inside = co_await is_inside_batch_context()};
  if (what == "readRow") co_return read_row(step, names);
  if (what == "putRow") co_return put_row(step, names);
  if (what == "deleteRow") co_return delete_row(step, names);
  throw Failure(step, "unknown operation '" + what + "'");
}

void Scenario::check(const YAML::Node& step, const Outcome& outcome, const Names& names) {
  const YAML::Node expect = member(step, "expect");
  if (expect) ++expectations_;
  static const YAML::Node nothing = YAML::Load("{}");
  try {
    check_outcome(expect ? expect : nothing, outcome, names);
  } catch (const Failure& failure) {
    throw Failure(step, step["do"].Scalar() + ": " + failure.what());
  }
}

void Scenario::capture(const YAML::Node& step, const Outcome& outcome) {
  // A save, and the loading of related items, change the instance that they are made with.
  const bool changes_it = step["of"] && step["do"].Scalar() != "delete";
  const YAML::Node name = changes_it ? step["of"] : step["as"];
  if (!name || outcome.error) return;
  if (outcome.item) names_.items.insert_or_assign(name.Scalar(), *outcome.item);
  if (!outcome.page) return;
  names_.pages.insert_or_assign(name.Scalar(), outcome.page->last_key);
  if (!outcome.page->items.empty()) names_.items.insert_or_assign(name.Scalar(), outcome.page->items.front());
}

}  // namespace bao::scenarios
