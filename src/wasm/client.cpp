#include "wasm/client.hpp"

#include <algorithm>
#include <utility>

#include "core/engine/table_operations.hpp"
#include "core/keys/key_text.hpp"
#include "core/schema/field_codec.hpp"
#include "core/value/concat.hpp"
#include "core/value/integer_text.hpp"
#include "core/value/number.hpp"
#include "wasm/arguments.hpp"
#include "wasm/calls.hpp"
#include "wasm/conditions.hpp"
#include "wasm/running_call.hpp"
#include "wasm/tagged.hpp"

namespace bao::wasm {

using core::Call;
using core::JsonType;
using core::JsonWriter;
using core::Model;
using core::Task;

ClientSettings read_settings(const JsonNode& settings) {
  ClientSettings read;
  core::EngineOptions& engine = read.engine;
  engine.table_name = settings.string("tableName");
  if (const std::string_view index = settings.string("iterationIndex"); !index.empty()) {
    engine.iteration_index = index;
  }
  engine.region = settings.string("region");
  engine.host = settings.string("host");
  engine.sign = !engine.host.empty();
  engine.call_ms = settings.integer("callMs", engine.call_ms);
  engine.attempt_ms = settings.integer("attemptMs", engine.attempt_ms);
  engine.retry.max_attempts = static_cast<int>(
      std::clamp<std::int64_t>(settings.integer("maxAttempts", engine.retry.max_attempts), 1, 1000));
  engine.require_batch_context = settings.flag("requireBatchContext");
  engine.share_reads_in_flight = settings.flag("shareReads");
  read.first_entry = static_cast<double>(settings.integer("firstEntry", 1));
  return read;
}

Client::Client(ClientSettings settings, core::RandomSource& random)
    : definitions_(settings.custom_keys),
      results_(settings.first_entry),
      engine_(std::move(settings.engine), definitions_.schema(), random) {}

Client::~Client() = default;

void Client::set_time(core::Moment now) {
  now_ = now;
  engine_.set_time(now);
}

Result<std::string> Client::register_models(std::string json) {
  const auto models = parse_json(json);
  if (!models) return std::unexpected(Error(ErrorCode::configuration, models.error()));
  const Result<std::shared_ptr<const core::Schema>> schema = definitions_.add(*models);
  if (!schema) return std::unexpected(schema.error());
  engine_.set_schema(*schema);
  std::string numbers;
  JsonWriter writer(numbers);
  writer.begin_object();
  for (const JsonNode& model : models->children) {
    writer.key(model.name);
    writer.number((*schema)->model(model.name)->number());
  }
  writer.end_object();
  return numbers;
}

Result<const Model*> Client::model_of(std::uint32_t model) const {
  const auto& models = definitions_.schema()->models();
  if (model < models.size()) return models[model].get();
  return std::unexpected(
      Error(ErrorCode::configuration, core::concat({"model number ", model, " is not registered"})));
}

Result<std::string> Client::primary_id(std::uint32_t number, std::string json) const {
  const Result<const Model*> model = model_of(number);
  if (!model) return std::unexpected(model.error());
  const auto key = parse_json(json);
  if (!key) return std::unexpected(Error(ErrorCode::validation, key.error()));
  const Result<core::KeyTexts> texts = read_key(**model, &*key);
  if (!texts) return std::unexpected(texts.error());
  return core::primary_id(**model, *texts);
}

Result<std::string> Client::type_key_text(std::uint32_t number, std::uint32_t field, std::string json) const {
  const Result<const Model*> model = model_of(number);
  if (!model) return std::unexpected(model.error());
  const auto value = parse_json(json);
  if (!value) return std::unexpected(Error(ErrorCode::validation, value.error()));
  const Result<Value> stored =
      core::encode_field(**model, field, logical_value(*value, (*model)->field(field).type));
  return stored ? core::type_key_text(**model, field, *stored) : std::unexpected(stored.error());
}

Result<std::string> Client::search_terms(std::uint32_t number, bool fold, std::string query) const {
  if (!fold) {
    std::string terms;
    JsonWriter writer(terms);
    writer.begin_array();
    for (const std::string& term : core::split_search_query(query)) writer.string(term);
    writer.end_array();
    return terms;
  }
  const Result<const Model*> model = model_of(number);
  if (!model) return std::unexpected(model.error());
  const std::optional<SearchDefinition>& search = (*model)->definition().search;
  if (!search) return std::unexpected(core::not_searchable(**model));
  return core::search_term(*engine_.options().folding, *search, std::move(query));
}

std::shared_ptr<core::Scope> Client::scope_of(const Place& place) {
  if (place.closed) return std::make_shared<core::Scope>();
  if (place.scope == 0) return nullptr;
  std::shared_ptr<core::Scope>& scope = scopes_[place.scope];
  if (!scope) scope = std::make_shared<core::Scope>();
  return scope;
}

std::shared_ptr<core::Cache> Client::loader_of(std::uint32_t number) {
  if (number == 0) return nullptr;
  std::shared_ptr<core::Cache>& loader = loaders_[number];
  if (!loader) loader = std::make_shared<core::Cache>();
  return loader;
}

Capacity Client::scope_capacity(std::uint32_t scope) const {
  const auto found = scopes_.find(scope);
  return found == scopes_.end() ? Capacity{} : found->second->capacity;
}

void Client::refuse(std::uint32_t call, const Error& error) {
  begin_entry('e');
  text_ += ',';
  core::append_integer(text_, call);
  text_ += ',';
  ResultWriter::write(text_, error);
  text_ += ']';
}

bool Client::check_tenant(std::uint32_t call, const Place& place) {
  const std::optional<Error> error = place.tenant.empty() ? std::nullopt : core::refuse_tenant(place.tenant);
  if (error) refuse(call, *error);
  return !error;
}

// Not inlined, nor is launch(): a kind of call costs its own work and little more.
[[gnu::noinline]] Call* Client::open(std::uint32_t call, Place place) {
  if (!check_tenant(call, place)) return nullptr;
  std::shared_ptr<core::Scope> scope = scope_of(place);
  return &engine_.open(std::move(scope), std::move(place.tenant));
}

namespace {

core::FindOptions find_options(const JsonNode* options, std::shared_ptr<core::Cache> loader) {
  core::FindOptions read;
  read.loader = std::move(loader);
  if (options == nullptr) return read;
  if (const JsonNode* const delay = options->value("batchDelay"); delay && delay->is(JsonType::number)) {
    const std::optional<double> ms = core::number_to_double(delay->text);
    if (ms && *ms >= 0) read.batch_delay_ms = static_cast<std::int64_t>(std::min(*ms, 1e9));
  }
  read.bypass_cache = options->flag("bypassCache");
  read.consistent = options->flag("consistent");
  return read;
}

const UniqueConstraintDefinition* constraint_named(const Model& model, std::string_view name) {
  for (const UniqueConstraintDefinition& constraint : model.definition().unique_constraints) {
    if (constraint.name == name) return &constraint;
  }
  return nullptr;
}

Value unique_value(const Model& model, std::string_view constraint, const JsonNode* value) {
  if (value == nullptr) return {};
  const UniqueConstraintDefinition* const known = constraint_named(model, constraint);
  const auto field = known == nullptr ? std::nullopt : model.field_index(known->field);
  return field ? logical_value(*value, model.field(*field).type) : natural_value(*value);
}

}  // namespace

void Client::start_find(std::uint32_t call, std::uint32_t number, std::string id, core::FindOptions options,
                        Place place) {
  const Result<const Model*> known = model_of(number);
  if (!known) {
    refuse(call, known.error());
    return;
  }
  const Model& model = **known;
  options.loader = loader_of(place.loader);
  Result<core::KeyTexts> texts = core::split_primary_id(model, id);
  // An id that cannot be this model's finds nothing: an empty key is what the core knows as such.
  core::KeyTexts key = texts ? std::move(*texts) : core::KeyTexts{};
  const bool possible = texts.has_value();
  Call* const running = open(call, std::move(place));
  if (running == nullptr) return;
  const auto nothing = [](std::string asked) -> Task<Result<FoundRow>> {
    co_return FoundRow{.item = {}, .entry = nullptr, .id = std::move(asked), .capacity = {}};
  };
  launch<FoundRow>(call, *running, &model,
                   possible ? find_one(*running, model, std::move(key), std::move(id), std::move(options))
                            : nothing(std::move(id)));
}

void Client::start(std::uint32_t call, CallKind kind, std::uint32_t number, Place place, std::string json) {
  const auto args = parse_json(json);
  if (!args) {
    refuse(call, Error(ErrorCode::validation, args.error()));
    return;
  }
  if (kind == CallKind::table) {
    start_table(call, std::move(place), *args);
    return;
  }
  const Result<const Model*> model = model_of(number);
  if (!model) {
    refuse(call, model.error());
    return;
  }
  start_parsed(call, kind, **model, std::move(place), *args);
}

void Client::start_parsed(std::uint32_t call, CallKind kind, const Model& model, Place place,
                          const JsonNode& args) {
  const JsonNode* const options = args.value("options");
  switch (kind) {
    case CallKind::find: {
      Result<core::KeyTexts> key = read_key(model, args.value("key"));
      if (!key) return refuse(call, key.error());
      std::string id = core::primary_id(model, *key);
      core::FindOptions how = find_options(options, loader_of(place.loader));
      Call* const running = open(call, std::move(place));
      if (running == nullptr) return;
      return launch<FoundRow>(call, *running, &model,
                              find_one(*running, model, std::move(*key), std::move(id), std::move(how)));
    }
    case CallKind::find_unique: {
      std::string constraint(args.string("constraint"));
      Value value = unique_value(model, constraint, args.value("value"));
      core::FindOptions how = find_options(options, loader_of(place.loader));
      Call* const running = open(call, std::move(place));
      if (running == nullptr) return;
      return launch<FoundRow>(
          call, *running, &model,
          find_by_value(*running, model, std::move(constraint), std::move(value), std::move(how)));
    }
    case CallKind::batch_find: {
      std::vector<std::string> ids;
      if (const JsonNode* const given = args.value("ids")) {
        for (const JsonNode& id : given->children) ids.emplace_back(id.text);
      }
      core::FindOptions how = find_options(options, loader_of(place.loader));
      Call* const running = open(call, std::move(place));
      if (running == nullptr) return;
      return launch<FoundRows>(call, *running, &model,
                               find_many(*running, model, std::move(ids), std::move(how)));
    }
    case CallKind::query: {
      std::string index(args.string("index"));
      Result<SortKeyCondition> sort = read_sort_condition(model, index, args.value("sort"));
      if (!sort) return refuse(call, sort.error());
      Result<core::QueryOptions> how = read_query_options(model, options);
      if (!how) return refuse(call, how.error());
      Value partition = read_partition(model, index, args.value("partition"));
      Call* const running = open(call, std::move(place));
      if (running == nullptr) return;
      return launch<core::Page>(call, *running, &model,
                                core::query(*running, model, std::move(index), std::move(partition),
                                            std::move(*sort), std::move(*how)));
    }
    case CallKind::scan:
    case CallKind::count: {
      Result<core::ScanOptions> how = read_scan_options(model, options);
      if (!how) return refuse(call, how.error());
      Call* const running = open(call, std::move(place));
      if (running == nullptr) return;
      return launch<core::Page>(call, *running, &model,
                                kind == CallKind::scan ? core::scan(*running, model, std::move(*how))
                                                       : count_items(*running, model, std::move(*how)));
    }
    case CallKind::iterate: {
      Result<core::IterateOptions> how = read_iterate_options(model, options);
      if (!how) return refuse(call, how.error());
      core::IterationPosition from = read_position(args.value("from"));
      Call* const running = open(call, std::move(place));
      if (running == nullptr) return;
      return launch<FoundRows>(call, *running, &model,
                               iterate_rows(*running, model, std::move(*how), std::move(from)));
    }
    case CallKind::batch_write: {
      Result<core::BatchWrite> writes = read_batch_write(model, args);
      if (!writes) return refuse(call, writes.error());
      Call* const running = open(call, std::move(place));
      if (running == nullptr) return;
      return launch<FoundRows>(call, *running, &model, batch_write_rows(*running, model, std::move(*writes)));
    }
    case CallKind::transact: {
      auto actions = read_actions(*definitions_.schema(), args);
      if (!actions) return refuse(call, actions.error());
      Call* const running = open(call, std::move(place));
      if (running == nullptr) return;
      return launch<FoundRows>(call, *running, &model, transact_rows(*running, std::move(*actions)));
    }
    case CallKind::search: {
      Result<core::SearchOptions> how = read_search_options(model, options);
      if (!how) return refuse(call, how.error());
      std::vector<std::string> terms = read_terms(args.value("terms"));
      Call* const running = open(call, std::move(place));
      if (running == nullptr) return;
      return launch<FoundRows>(call, *running, &model,
                               search_rows(*running, model, std::move(terms), std::move(*how)));
    }
    default:
      break;
  }
  Result<core::WriteOptions> how = read_write_options(model, options);
  if (!how) return refuse(call, how.error());
  Result<std::vector<core::Change>> changes = read_changes(model, args.value("values"));
  if (!changes) return refuse(call, changes.error());
  if (kind == CallKind::create) {
    Call* const running = open(call, std::move(place));
    if (running == nullptr) return;
    return launch<FoundRow>(
        call, *running, &model,
        written_row(core::create(*running, model, std::move(*changes), std::move(*how)), {}, true));
  }
  const bool removes = kind == CallKind::remove;
  Result<core::KeyTexts> key = read_existing_key(model, args.value("key"), removes ? "delete" : "update");
  if (!key) return refuse(call, key.error());
  std::string id = core::primary_id(model, *key);
  core::ItemRef base = item_of_row(model, args.value("base"));
  Call* const running = open(call, std::move(place));
  if (running == nullptr) return;
  // The cache's entry of a deleted item says that it is gone; what comes back is the item as it was.
  launch<FoundRow>(
      call, *running, &model,
      removes ? written_row(core::remove(*running, model, std::move(*key), std::move(base), std::move(*how)),
                            std::move(id), false)
              : written_row(core::update(*running, model, std::move(*key), std::move(*changes),
                                         std::move(base), std::move(*how)),
                            std::move(id), true));
}

void Client::cancel(std::uint32_t call) {
  const auto found = calls_.find(call);
  if (found != calls_.end()) engine_.cancel(found->second->operation());
}

void Client::abandon(std::uint32_t call) {
  const auto found = calls_.find(call);
  if (found == calls_.end()) return;
  engine_.abandon(found->second->operation());
  calls_.erase(found);
}

const std::string& Client::poll() {
  sent_.clear();
  core::Action action;
  while (engine_.next_action(action)) {
    std::visit([this](auto& what) { perform(std::move(what)); }, action);
  }
  given_.swap(text_);
  text_.clear();
  if (!given_.empty()) given_ += ']';
  return given_;
}

void Client::begin_entry(char code) {
  text_ += text_.empty() ? "[[\"" : ",[\"";
  text_ += code;
  text_ += '"';
}

double Client::number_of(std::uint64_t id) {
  return static_cast<double>((id >> 32U) * 1'048'576 + (id & 0xfffffU));
}

std::uint64_t Client::id_of(double number) {
  const auto packed = static_cast<std::uint64_t>(number);
  return (packed >> 20U) << 32U | (packed & 0xfffffU);
}

void Client::append_id(std::uint64_t id) {
  text_ += ',';
  core::append_integer(text_, static_cast<std::int64_t>(number_of(id)));
}

void Client::perform(core::SendRequest action) {
  sent_.push_back(std::move(action.request));
  const core::HttpRequest& request = sent_.back();
  begin_entry('s');
  append_id(static_cast<std::uint64_t>(action.id));
  text_ += ',';
  {
    JsonWriter writer(text_);
    writer.string(core::api_operation_name(request.operation));
    writer.number(action.timeout_ms);
    writer.string(request.amz_date);
    writer.string(request.authorization);
    writer.string(request.security_token);
    writer.number(static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(request.body.data())));
    writer.number(static_cast<std::int64_t>(request.body.size()));
  }
  text_ += ']';
}

void Client::perform(core::CancelRequest action) {
  begin_entry('x');
  append_id(static_cast<std::uint64_t>(action.id));
  text_ += ']';
}

void Client::perform(core::StartTimer action) {
  begin_entry('t');
  append_id(static_cast<std::uint64_t>(action.id));
  text_ += ',';
  core::append_integer(text_, action.delay_ms);
  text_ += ']';
}

void Client::perform(core::CancelTimer action) {
  begin_entry('u');
  append_id(static_cast<std::uint64_t>(action.id));
  text_ += ']';
}

void Client::perform(core::RequestTurn action) {
  begin_entry('o');
  text_ += ',';
  core::append_integer(text_, static_cast<std::int64_t>(action.id));
  text_ += ']';
}

void Client::perform(core::RequestCredentials) {
  begin_entry('k');
  text_ += ']';
}

void Client::perform(core::Complete action) {
  Running* const running = static_cast<Running*>(action.token);
  const std::uint32_t call = running->call();
  std::string& out = text_;
  const std::size_t start = out.size();
  begin_entry('r');
  out += ',';
  core::append_integer(out, call);
  out += ',';
  const std::size_t code = start + 3;
  if (!running->write(out, results_)) out[code] = 'e';
  out += ']';
  calls_.erase(call);
}

}  // namespace bao::wasm
