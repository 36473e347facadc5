#include "scripted/conversation.hpp"

#include <algorithm>
#include <cstdlib>

#include "core/value/json_reader.hpp"
#include "native/text/folding.hpp"
#include "scripted/models.hpp"

namespace bao::scripted {

core::EngineOptions unsigned_options() {
  core::EngineOptions options;
  options.table_name = "tab";
  options.sign = false;
  options.folding = &native::text_folding();
  return options;
}

Conversation::Conversation(core::EngineOptions options)
    : schema_(make_schema()), engine_(std::make_unique<core::Engine>(std::move(options), schema_, random)) {
  engine_->set_time(now_);
}

void Conversation::pump() {
  if (!engine_) return;
  engine_->set_time(now_);
  core::Action action;
  for (int steps = 0; engine_->next_action(action); ++steps) {
    if (steps > 100'000) {
      ADD_FAILURE() << "the engine never stops asking";
      std::abort();
    }
    if (auto* send = std::get_if<core::SendRequest>(&action)) {
      const core::ApiOperation operation = send->request.operation;
      requests_.push_back({send->id, operation, std::move(send->request), send->timeout_ms});
    } else if (const auto* cancel = std::get_if<core::CancelRequest>(&action)) {
      std::erase_if(requests_, [&](const Sent& sent) { return sent.id == cancel->id; });
      cancelled_.push_back(cancel->id);
    } else if (const auto* timer = std::get_if<core::StartTimer>(&action)) {
      timers_.push_back(*timer);
    } else if (const auto* stop = std::get_if<core::CancelTimer>(&action)) {
      std::erase_if(timers_, [&](const core::StartTimer& started) { return started.id == stop->id; });
    } else if (const auto* turn = std::get_if<core::RequestTurn>(&action)) {
      turns_.push_back(turn->id);
    } else if (std::holds_alternative<core::RequestCredentials>(action)) {
      EXPECT_FALSE(credentials_wanted_) << "credentials are asked for twice";
      credentials_wanted_ = true;
    } else if (const auto* complete = std::get_if<core::Complete>(&action)) {
      EXPECT_TRUE(completed_.insert(complete->id).second) << "an operation completed twice";
    }
  }
}

std::string Conversation::wanted() const {
  std::string text = "the engine asks for:";
  for (const Sent& sent : requests_) {
    text += "\n  request " + std::string(core::api_operation_name(sent.operation)) + " " +
            sent.request.body.substr(0, 400);
  }
  for (const core::StartTimer& timer : timers_)
    text += "\n  timer of " + std::to_string(timer.delay_ms) + " ms";
  if (!turns_.empty()) text += "\n  the end of the turn";
  if (credentials_wanted_) text += "\n  credentials";
  for (const core::OperationId id : completed_) {
    text += "\n  completion of operation " + std::to_string(static_cast<std::uint64_t>(id));
  }
  return text.ends_with(':') ? "the engine asks for nothing" : text;
}

Sent Conversation::expect_request(std::string_view operation,
                                  const testing::Matcher<const std::string&>& body) {
  pump();
  last_ = {};
  if (requests_.empty()) {
    ADD_FAILURE() << "expected a " << operation << "; " << wanted();
    return last_;
  }
  last_ = std::move(requests_.front());
  requests_.pop_front();
  EXPECT_EQ(core::api_operation_name(last_.operation), operation) << last_.request.body;
  EXPECT_THAT(last_.request.body, body);
  return last_;
}

void Conversation::expect_timer(std::int64_t least_ms, std::int64_t most_ms) {
  pump();
  timer_.reset();
  if (timers_.empty()) {
    ADD_FAILURE() << "expected a timer; " << wanted();
    return;
  }
  timer_ = timers_.front();
  timers_.pop_front();
  EXPECT_GE(timer_->delay_ms, least_ms);
  EXPECT_LE(timer_->delay_ms, most_ms);
}

void Conversation::expect_cancelled(const Sent& sent) {
  pump();
  const auto found = std::ranges::find(cancelled_, sent.id);
  ASSERT_NE(found, cancelled_.end()) << "the request was not cancelled; " << wanted();
  cancelled_.erase(found);
}

void Conversation::expect_credentials_wanted() {
  pump();
  EXPECT_TRUE(credentials_wanted_) << wanted();
}

void Conversation::expect_nothing() {
  pump();
  EXPECT_EQ(wanted(), "the engine asks for nothing");
}

void Conversation::respond(const Sent& sent, core::HttpResponse response) {
  engine_->set_time(now_);
  engine_->on_response(sent.id, std::move(response));
  pump();
}

void Conversation::fault(int status, const std::string& name, const std::string& message) {
  respond(status,
          R"({"__type":"com.amazonaws.dynamodb.v20120810#)" + name + R"(","message":")" + message + "\"}");
}

void Conversation::transport_error(core::TransportError::Kind kind) {
  engine_->set_time(now_);
  engine_->on_transport_error(last_.id, {.kind = kind, .message = "connection trouble"});
  pump();
}

void Conversation::timed_out() {
  advance(last_.timeout_ms);
  transport_error(core::TransportError::Kind::timed_out);
}

void Conversation::fire_timer() {
  if (!timer_) {
    ADD_FAILURE() << "no timer was expected";
    return;
  }
  advance(timer_->delay_ms);
  engine_->on_timer(timer_->id);
  timer_.reset();
  pump();
}

void Conversation::turn_over() {
  pump();
  EXPECT_FALSE(turns_.empty()) << "nobody waits for the end of the turn; " << wanted();
  for (const core::TurnId turn : std::exchange(turns_, {})) engine_->on_turn_over(turn);
  pump();
}

void Conversation::credentials(Result<core::Credentials> credentials) {
  credentials_wanted_ = false;
  engine_->set_time(now_);
  engine_->on_credentials(std::move(credentials));
  pump();
}

void Conversation::advance(std::int64_t ms) {
  now_.wall_ms += ms;
  now_.steady_ms += ms;
  engine_->set_time(now_);
}

namespace {

core::KeyTexts texts_of(const core::Model& model, const std::string& id) {
  Result<core::KeyTexts> texts = core::split_primary_id(model, id);
  EXPECT_TRUE(texts) << id;
  return *texts;
}

}  // namespace

Started<core::Found> Conversation::find(std::string model_name, std::string id,
                                        std::shared_ptr<core::Scope> scope, core::FindOptions options,
                                        std::string tenant) {
  return start<core::Found>(
      [&](core::Call& call) { return core::find_by_id(call, model(model_name), id, options); },
      std::move(scope), std::move(tenant));
}

Started<core::FoundMany> Conversation::batch_find(std::string model_name, std::vector<std::string> ids,
                                                  std::shared_ptr<core::Scope> scope,
                                                  core::FindOptions options) {
  return start<core::FoundMany>(
      [&](core::Call& call) { return core::batch_find(call, model(model_name), ids, options); },
      std::move(scope));
}

Started<core::Written> Conversation::create(std::string model_name, std::vector<core::Change> values,
                                            std::shared_ptr<core::Scope> scope, core::WriteOptions options) {
  return start<core::Written>(
      [&](core::Call& call) { return core::create(call, model(model_name), values, options); },
      std::move(scope));
}

Started<core::Written> Conversation::update(std::string model_name, std::string id,
                                            std::vector<core::Change> changes, core::ItemRef base,
                                            core::WriteOptions options, std::shared_ptr<core::Scope> scope) {
  const core::Model& of = model(model_name);
  return start<core::Written>(
      [&](core::Call& call) { return core::update(call, of, texts_of(of, id), changes, base, options); },
      std::move(scope));
}

Started<core::Written> Conversation::remove(std::string model_name, std::string id, core::ItemRef base,
                                            core::WriteOptions options, std::shared_ptr<core::Scope> scope) {
  const core::Model& of = model(model_name);
  return start<core::Written>(
      [&](core::Call& call) { return core::remove(call, of, texts_of(of, id), base, options); },
      std::move(scope));
}

Started<core::Page> Conversation::query(std::string model_name, std::string index, Value partition,
                                        SortKeyCondition sort, core::QueryOptions options,
                                        std::shared_ptr<core::Scope> scope) {
  return start<core::Page>(
      [&](core::Call& call) { return core::query(call, model(model_name), index, partition, sort, options); },
      std::move(scope));
}

core::Change set(const Conversation& talk, std::string_view model, std::string_view field, Value value) {
  core::Change change;
  change.field = talk.model(model).field_index(field).value();
  change.value = std::move(value);
  return change;
}

core::Change increment(const Conversation& talk, std::string_view model, std::string_view field, int by) {
  core::Change change = set(talk, model, field, Value(by));
  change.kind = core::Change::Kind::increment;
  return change;
}

core::ItemRef item_of(std::string json) {
  auto document = std::make_shared<core::Document>();
  document->text = std::move(json);
  core::JsonReader reader(document->text);
  std::uint32_t index = 0;
  EXPECT_TRUE(reader.read_item(*document, index)) << document->text;
  return {std::move(document), index};
}

std::string text_of(const core::ItemRef& item, std::string_view attribute) {
  const core::ValueView view = item.attribute(attribute);
  return view.present() ? std::string(view.text()) : "(none)";
}

Condition compare(std::string field, Comparison comparison, Value operand) {
  Condition condition;
  condition.kind = Condition::Kind::compare;
  condition.comparison = comparison;
  condition.field = std::move(field);
  condition.operands.push_back(std::move(operand));
  return condition;
}

}  // namespace bao::scripted
