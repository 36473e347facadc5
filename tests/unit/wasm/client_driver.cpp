#include "unit/wasm/client_driver.hpp"

#include <utility>

#include <gtest/gtest.h>

#include "core/request/table_body.hpp"
#include "core/value/number.hpp"
#include "local/store/memory_store.hpp"

namespace bao::wasm {
namespace {

ClientSettings settings_of(std::string json) {
  const auto parsed = parse_json(json);
  return read_settings(parsed.value());
}

double number(const JsonNode& node) {
  return core::number_to_double(node.text).value();
}

}  // namespace

ClientDriver::ClientDriver(std::string settings)
    : engine_(local::make_memory_store(),
              local::LocalEngineOptions{.now_ms = [this] { return now_.wall_ms; }}),
      client_(settings_of(std::move(settings)), random_) {
  const local::Answer made = engine_.handle("CreateTable", core::create_table_body("table", {}));
  EXPECT_EQ(made.status, 200) << made.body;
  client_.set_time(now_);
}

std::string ClientDriver::register_models(std::string json) {
  const Result<std::string> registered = client_.register_models(std::move(json));
  if (registered) return *registered;
  std::string text;
  ResultWriter::write(text, registered.error());
  return text;
}

std::string ClientDriver::run(CallKind kind, std::string json, Place place) {
  const std::uint32_t call = ++last_call_;
  client_.start(call, kind, 0, std::move(place), std::move(json));
  settle();
  return result_of(call);
}

std::uint32_t ClientDriver::start_find(std::string id, Place place) {
  const std::uint32_t call = ++last_call_;
  client_.start_find(call, 0, std::move(id), {}, std::move(place));
  return call;
}

std::string ClientDriver::find(std::string id, Place place) {
  const std::uint32_t call = start_find(std::move(id), std::move(place));
  settle();
  return result_of(call);
}

std::string ClientDriver::result_of(std::uint32_t call) const {
  const auto found = results_.find(call);
  return found == results_.end() ? std::string() : found->second;
}

void ClientDriver::settle() {
  for (int rounds = 0; rounds < 1000; ++rounds) {
    std::string text = client_.poll();
    if (text.empty()) return;
    // A result is told by its text: cut out of the poll's before parsing overwrites it.
    const std::string original = text;
    const auto actions = parse_json(text);
    ASSERT_TRUE(actions.has_value()) << original;
    for (const JsonNode& action : actions->children) perform(action);
  }
  FAIL() << "the client never comes to rest";
}

namespace {

/// The tree as JSON again: enough to compare results by.
void append_json(std::string& out, const JsonNode& node) {
  switch (node.type) {
    case core::JsonType::null:
      out += "null";
      return;
    case core::JsonType::boolean:
      out += node.boolean ? "true" : "false";
      return;
    case core::JsonType::number:
      out += node.text;
      return;
    case core::JsonType::string:
      out.append("\"").append(node.text).append("\"");
      return;
    default:
      break;
  }
  const bool object = node.is(core::JsonType::object);
  out += object ? '{' : '[';
  bool first = true;
  for (const JsonNode& child : node.children) {
    if (!first) out += ',';
    first = false;
    if (object) out.append("\"").append(child.name).append("\":");
    append_json(out, child);
  }
  out += object ? '}' : ']';
}

}  // namespace

void ClientDriver::perform(const JsonNode& action) {
  const std::string code(action.children[0].text);
  const double id = action.children.size() > 1 ? number(action.children[1]) : 0;
  if (code == "r" || code == "e") {
    std::string& result = results_[static_cast<std::uint32_t>(id)];
    EXPECT_EQ(result, "") << "a call ended twice";
    result = code;
    append_json(result, action.children[2]);
    return;
  }
  if (code == "o") {
    client_.engine().on_turn_over(core::TurnId{static_cast<std::uint64_t>(id)});
    return;
  }
  if (code == "t") {
    now_.wall_ms += static_cast<std::int64_t>(number(action.children[2]));
    now_.steady_ms += static_cast<std::int64_t>(number(action.children[2]));
    client_.set_time(now_);
    client_.engine().on_timer(core::TimerId{Client::id_of(id)});
    return;
  }
  if (code != "s") {
    told.push_back({.code = code, .id = id, .rest = {}});
    return;
  }
  const std::string operation(action.children[2].text);
  sent.push_back(operation);
  if (!answering) return;
  const core::RequestId request{Client::id_of(id)};
  if (!failures.empty()) {
    core::TransportError failure = std::move(failures.front());
    failures.pop_front();
    client_.engine().on_transport_error(request, std::move(failure));
    return;
  }
  const auto* const body =
      reinterpret_cast<const char*>(static_cast<std::uintptr_t>(number(action.children[7])));
  local::Answer answer =
      engine_.handle(operation, std::string(body, static_cast<std::size_t>(number(action.children[8]))));
  core::HttpResponse response;
  response.status = answer.status;
  response.body = std::move(answer.body);
  client_.engine().on_response(request, std::move(response));
}

}  // namespace bao::wasm
