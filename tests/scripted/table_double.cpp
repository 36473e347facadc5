#include "scripted/table_double.hpp"

#include <cstdlib>

#include "core/aws/fault.hpp"
#include "core/engine/draft.hpp"
#include "core/engine/iterate.hpp"
#include "core/engine/unique.hpp"
#include "core/keys/key_text.hpp"
#include "core/request/answer.hpp"
#include "core/request/body.hpp"
#include "core/request/table_body.hpp"
#include "core/value/json_writer.hpp"
#include "local/store/memory_store.hpp"
#include "scripted/models.hpp"

namespace bao::scripted {

const char* trouble_name(Trouble trouble) {
  switch (trouble) {
    case Trouble::none:
      return "none";
    case Trouble::throttled:
      return "throttled";
    case Trouble::error_before_commit:
      return "500 before the commit";
    case Trouble::error_after_commit:
      return "500 after the commit";
    case Trouble::not_sent:
      return "not sent";
    case Trouble::lost_before_commit:
      return "lost before the commit";
    case Trouble::lost_after_commit:
      return "lost after the commit";
    case Trouble::timed_out_before_commit:
      return "timed out before the commit";
    case Trouble::timed_out_after_commit:
      return "timed out after the commit";
    case Trouble::garbage_after_commit:
      return "garbage";
    case Trouble::cut_after_commit:
      return "half an answer";
    case Trouble::wrong_crc_after_commit:
      return "wrong CRC32";
    case Trouble::keys_unprocessed:
      return "keys unprocessed";
  }
  return "?";
}

bool commits(Trouble trouble) {
  switch (trouble) {
    case Trouble::error_after_commit:
    case Trouble::lost_after_commit:
    case Trouble::timed_out_after_commit:
    case Trouble::garbage_after_commit:
    case Trouble::cut_after_commit:
    case Trouble::wrong_crc_after_commit:
      return true;
    default:
      return false;
  }
}

core::EngineOptions table_options() {
  core::EngineOptions options = unsigned_options();
  options.iteration_index = core::search_index_name;
  return options;
}

TableDouble::TableDouble()
    : schema_(make_schema()),
      table_(local::make_memory_store(), {.now_ms = [this] { return now_.wall_ms; }}),
      engine_(std::make_unique<core::Engine>(table_options(), schema_, random_)) {
  engine_->set_time(now_);
  direct("CreateTable", core::create_table_body("tab", {.search_index = true}));
}

core::Change TableDouble::set(std::string_view model_name, std::string_view field, Value value) const {
  core::Change change;
  change.field = model(model_name).field_index(field).value();
  change.value = std::move(value);
  return change;
}

void TableDouble::plan_trouble(std::size_t request, Trouble trouble, bool lasting) {
  requests_ = 0;
  trouble_at_ = request;
  trouble_ = trouble;
  lasting_ = lasting;
  met_ = false;
}

std::string TableDouble::direct(std::string_view operation, std::string body) {
  local::Answer answer = table_.handle(operation, std::move(body));
  EXPECT_EQ(answer.status, 200) << operation << ": " << answer.body;
  return std::move(answer.body);
}

void TableDouble::drive(const std::function<bool()>& ended) {
  core::Action action;
  // To the very end: a call that failed may leave parts of a batch in flight.
  for (int steps = 0;; ++steps) {
    engine_->set_time(now_);
    const bool idle = !engine_->next_action(action);
    if (idle && ended()) return;
    if (idle || steps > 10'000) {
      ADD_FAILURE() << "the operation neither ends nor asks for anything";
      std::abort();
    }
    if (auto* send = std::get_if<core::SendRequest>(&action)) {
      answer(std::move(*send));
    } else if (const auto* timer = std::get_if<core::StartTimer>(&action)) {
      now_.wall_ms += timer->delay_ms;
      now_.steady_ms += timer->delay_ms;
      engine_->set_time(now_);
      engine_->on_timer(timer->id);
    } else if (const auto* turn = std::get_if<core::RequestTurn>(&action)) {
      engine_->on_turn_over(turn->id);
    }
  }
}

namespace {

// The answer with the first of its items given back as an unprocessed key.
std::string leave_one_unprocessed(const std::string& request) {
  const std::string_view text = request;
  const std::size_t keys = text.find("\"Keys\":[") + 8;
  const std::size_t first_end = text.find("}}", keys) + 2;
  std::string left(text.substr(keys, first_end - keys));
  return R"({"Responses":{"tab":[]},"UnprocessedKeys":{"tab":{"Keys":[)" + left + "]}}}";
}

std::string without_first_key(const std::string& request) {
  const std::size_t keys = request.find("\"Keys\":[") + 8;
  const std::size_t first_end = request.find("}}", keys) + 2;
  std::string rest = request;
  rest.erase(keys, first_end - keys + (request[first_end] == ',' ? 1 : 0));
  return rest;
}

std::string merged(std::string answer, const std::string& unprocessed) {
  // The answer of the other keys, with the key that was left.
  const std::string empty = "\"UnprocessedKeys\":{}";
  const std::size_t at = answer.find(empty);
  if (at == std::string::npos) return unprocessed;
  const std::size_t from = unprocessed.find("\"UnprocessedKeys\"");
  answer.replace(at, empty.size(), unprocessed.substr(from, unprocessed.size() - 1 - from));
  return answer;
}

}  // namespace

void TableDouble::Quiet::end() {
  if (!table_.quiet_) return;
  table_.quiet_ = false;
  table_.requests_ = requests_;
  table_.rows_between_ = table_.rows();
}

void TableDouble::answer(core::SendRequest send) {
  if (quiet_) {
    local::Answer quiet = table_.handle(core::api_operation_name(send.request.operation), send.request.body);
    engine_->on_response(send.id, {.status = quiet.status, .body = std::move(quiet.body)});
    return;
  }
  ++requests_;
  if (before_request) before_request(requests_);
  const bool now = requests_ == trouble_at_ || (lasting_ && trouble_at_ != 0 && requests_ > trouble_at_);
  const std::string_view operation = core::api_operation_name(send.request.operation);
  Trouble trouble = now ? trouble_ : Trouble::none;
  if (trouble == Trouble::keys_unprocessed && operation != "BatchGetItem") trouble = Trouble::none;
  met_ = met_ || trouble != Trouble::none;
  std::string body = send.request.body;
  std::string left;
  if (trouble == Trouble::keys_unprocessed) {
    left = leave_one_unprocessed(body);
    body = without_first_key(body);
    if (body.find("\"Keys\":[]") != std::string::npos) {
      engine_->on_response(send.id, {.status = 200, .body = left});
      return;
    }
  }
  local::Answer answered;
  if (trouble == Trouble::none || trouble == Trouble::keys_unprocessed || commits(trouble)) {
    answered = table_.handle(operation, std::move(body));
  }
  core::HttpResponse response{.status = answered.status, .body = std::move(answered.body)};
  using Kind = core::TransportError::Kind;
  switch (trouble) {
    case Trouble::none:
      response.crc32 = core::crc32(response.body);
      break;
    case Trouble::keys_unprocessed:
      response.body = merged(std::move(response.body), left);
      break;
    case Trouble::throttled:
      response = {.status = 400, .body = R"({"__type":"x#ThrottlingException","message":"slow down"})"};
      break;
    case Trouble::error_before_commit:
    case Trouble::error_after_commit:
      response = {.status = 500, .body = R"({"__type":"x#InternalServerError","message":"oh"})"};
      break;
    case Trouble::garbage_after_commit:
      response = {.status = 200, .body = "\x1f\x8b garbage"};
      break;
    case Trouble::cut_after_commit:
      response.body.resize(response.body.size() / 2);
      break;
    case Trouble::wrong_crc_after_commit:
      response.crc32 = core::crc32(response.body) + 1;
      break;
    case Trouble::not_sent:
      engine_->on_transport_error(send.id, {.kind = Kind::not_sent, .message = "no route"});
      return;
    case Trouble::lost_before_commit:
    case Trouble::lost_after_commit:
      engine_->on_transport_error(send.id, {.kind = Kind::lost, .message = "reset"});
      return;
    case Trouble::timed_out_before_commit:
    case Trouble::timed_out_after_commit:
      now_.wall_ms += send.timeout_ms;
      now_.steady_ms += send.timeout_ms;
      engine_->set_time(now_);
      engine_->on_transport_error(send.id, {.kind = Kind::timed_out, .message = "no answer"});
      return;
  }
  engine_->on_response(send.id, std::move(response));
}

namespace {

core::KeyTexts texts_of(const core::Model& model, std::string_view id) {
  Result<core::KeyTexts> texts = core::split_primary_id(model, id);
  EXPECT_TRUE(texts) << id;
  return *texts;
}

}  // namespace

Result<core::Written> TableDouble::create(std::string_view model_name, std::vector<core::Change> values) {
  return run<core::Written>(
      [&](core::Call& call) { return core::create(call, model(model_name), values, {}); });
}

Result<core::Written> TableDouble::update(std::string_view model_name, std::string id,
                                          std::vector<core::Change> changes, core::ItemRef base,
                                          core::WriteOptions options) {
  const core::Model& of = model(model_name);
  return run<core::Written>(
      [&](core::Call& call) { return core::update(call, of, texts_of(of, id), changes, base, options); });
}

Result<core::Written> TableDouble::remove(std::string_view model_name, std::string id, core::ItemRef base,
                                          core::WriteOptions options) {
  const core::Model& of = model(model_name);
  return run<core::Written>(
      [&](core::Call& call) { return core::remove(call, of, texts_of(of, id), base, options); });
}

core::ItemRef TableDouble::stored(std::string_view model_name, std::string_view id) {
  const core::Model& of = model(model_name);
  const core::RowKey key = core::primary_row_key(of, {}, texts_of(of, id));
  auto answer = core::parse_answer(direct("GetItem", core::get_item_body("tab", key, true)));
  EXPECT_TRUE(answer);
  return answer->item_ref();
}

std::vector<core::ItemRef> TableDouble::scan() {
  auto answer = core::parse_answer(direct("Scan", R"({"TableName":"tab"})"));
  EXPECT_TRUE(answer);
  std::vector<core::ItemRef> rows;
  for (std::size_t position = 0; position < answer->items.size(); ++position) {
    rows.push_back(answer->items_ref(position));
  }
  return rows;
}

std::map<std::string, std::string> TableDouble::rows() {
  std::map<std::string, std::string> rows;
  for (const core::ItemRef& row : scan()) {
    const std::string pk = text_of(row, "_pk");
    const bool is_doc = pk.starts_with("d#");
    const bool is_event = pk.starts_with("e#");
    std::map<std::string, std::string> attributes;
    for (const core::ValueView attribute : row.view()) {
      const std::string name(attribute.name());
      if (name == "version" || (is_doc && (name == "modifiedAt" || name == "_gsi1_sk"))) continue;
      if (is_event && (name == "_pk" || name == "eventId")) continue;
      std::string json;
      core::JsonWriter(json).attribute_value(attribute);
      attributes.emplace(name, json);
    }
    std::string text;
    for (const auto& [name, json] : attributes) text += name + "=" + json + " ";
    rows.emplace((is_event ? "e#" : pk) + "|" + text_of(row, "_sk"), text);
  }
  return rows;
}

void TableDouble::check_item(const core::Model& model, const core::ItemRef& item,
                             std::vector<std::string>& found) {
  const core::Draft draft(model, item);
  const auto texts = draft.key_texts();
  const std::string pk = text_of(item, "_pk");
  if (!texts) {
    found.push_back(pk + ": a row without its key fields");
    return;
  }
  const std::string id = core::primary_id(model, *texts);
  const auto expect = [&](std::string_view attribute, const std::string& wanted) {
    const std::string is = text_of(item, attribute);
    if (is != wanted) found.push_back(pk + ": " + std::string(attribute) + " is " + is + ", not " + wanted);
  };
  const core::RowKey key = core::primary_row_key(model, {}, *texts);
  expect("_pk", key.pk);
  expect("_sk", key.sk);
  for (const core::Index& index : model.indexes()) {
    const auto keys = draft.index_key({}, index);
    const bool in = keys && *keys;
    expect(core::index_pk_attribute(index.gsi), in ? (*keys)->pk : "(none)");
    expect(core::index_sk_attribute(index.gsi), in ? (*keys)->sk : "(none)");
  }
  if (model.definition().iterable) {
    expect("_iter_pk", core::iteration_key(model, {}, id).pk);
    expect("_iter_sk", core::iteration_key(model, {}, id).sk);
  }
  if (model.definition().search) {
    expect("_searchText", core::search_text_of(*table_options().folding, draft).value_or("(none)"));
  }
  const bool expired =
      core::has_passed(Value(Number{text_of(item, "ttl")}), now_.wall_ms) && item.attribute("ttl").present();
  for (const core::UniqueConstraint& constraint : model.unique_constraints()) {
    const auto text = core::unique_text(draft.loaded(constraint.field));
    if (!text) continue;
    const core::RowKey row_key = core::unique_row_key(model, {}, constraint, *text);
    auto row = core::parse_answer(direct("GetItem", core::get_item_body("tab", row_key, true)));
    const std::string holder = row && row->item ? text_of(row->item_ref(), "relatedId") : "(none)";
    if (holder == id) {
      if (text_of(row->item_ref(), "ttl") != text_of(item, "ttl"))
        found.push_back(pk + ": ttl of " + row_key.pk);
    } else if (!expired) {
      found.push_back(pk + ": " + row_key.pk + " is held by " + holder);
    }
  }
}

void TableDouble::check_unique_row(const core::ItemRef& row, std::vector<std::string>& found) {
  const std::string pk = text_of(row, "_pk");
  const core::Model* const of = schema_->model(text_of(row, "relatedModel"));
  if (of == nullptr) {
    found.push_back(pk + ": of no model");
    return;
  }
  const core::ItemRef holder = stored(of->name(), text_of(row, "relatedId"));
  bool held = false;
  for (const core::UniqueConstraint& constraint : of->unique_constraints()) {
    const auto text = core::unique_text(core::Draft(*of, holder).loaded(constraint.field));
    held = held || (text && core::unique_row_key(*of, {}, constraint, *text).pk == pk);
  }
  if (!held) found.push_back(pk + ": reserved for " + text_of(row, "relatedId") + ", which does not hold it");
}

std::vector<std::string> TableDouble::disagreements() {
  std::vector<std::string> found;
  for (const core::ItemRef& row : scan()) {
    const std::string pk = text_of(row, "_pk");
    if (pk.starts_with("_raft_uc#")) {
      check_unique_row(row, found);
      continue;
    }
    const core::Model* const of = schema_->model_by_prefix(pk.substr(0, pk.find('#')));
    if (of == nullptr) {
      found.push_back(pk + ": of no model");
    } else {
      check_item(*of, row, found);
    }
  }
  return found;
}

}  // namespace bao::scripted
