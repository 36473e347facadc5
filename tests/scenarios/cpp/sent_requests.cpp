#include "scenarios/cpp/sent_requests.hpp"

#include <algorithm>
#include <vector>

#include "scenarios/cpp/failure.hpp"

namespace bao::scenarios {

namespace {

// What a member of an expected request says of a body, as text to compare.
std::string described(const YAML::Node& where, const std::string& member, const YAML::Node& body) {
  if (member == "keys") {
    std::size_t keys = 0;
    for (const auto& table : body["RequestItems"]) keys += table.second["Keys"].size();
    return std::to_string(keys);
  }
  if (member == "actions") {
    std::string actions;
    for (const YAML::Node& action : body["TransactItems"]) {
      actions += (actions.empty() ? "" : " ") + action.begin()->first.Scalar();
    }
    return actions;
  }
  if (member == "projection") {
    if (!body["ProjectionExpression"]) return "none";
    const std::string expression = body["ProjectionExpression"].Scalar();
    return std::to_string(std::ranges::count(expression, ',') + 1);
  }
  if (member == "filter") return body["FilterExpression"] ? "true" : "false";
  if (member == "condition") return body["ConditionExpression"] ? "true" : "false";
  if (member == "descending") return body["ScanIndexForward"].as<bool>(true) ? "false" : "true";
  if (member == "consistent") {
    const YAML::Node tables = body["RequestItems"];
    const YAML::Node parameters = tables ? tables.begin()->second : body;
    return parameters["ConsistentRead"].as<bool>(false) ? "true" : "false";
  }
  const char* name = member == "index"    ? "IndexName"
                     : member == "limit"  ? "Limit"
                     : member == "select" ? "Select"
                                          : nullptr;
  if (name == nullptr) throw Failure(where, "unknown member '" + member + "' of a request");
  return body[name] ? body[name].Scalar() : "none";
}

std::string expected_text(const YAML::Node& node) {
  if (node.IsScalar()) return node.Scalar();
  std::string text;
  for (const YAML::Node& part : node) text += (text.empty() ? "" : " ") + part.Scalar();
  return text;
}

std::string expected_operation(const YAML::Node& expected) {
  return expected.IsMap() ? expected["op"].Scalar() : expected.Scalar();
}

std::optional<std::string> request_mismatch(const YAML::Node& expected, const SentRequest& sent) {
  const std::string operation = expected_operation(expected);
  if (operation != sent.operation) return "expected " + operation + ", sent " + sent.operation;
  if (!expected.IsMap()) return std::nullopt;
  const YAML::Node body = YAML::Load(sent.body);
  for (const auto& member : expected) {
    const std::string name = member.first.Scalar();
    if (name == "op") continue;
    const std::string actual = described(expected, name, body);
    const std::string wanted = expected_text(member.second);
    if (actual != wanted) {
      return operation + ": expected " + name + " " + wanted + ", sent " + actual;
    }
  }
  return std::nullopt;
}

std::string list_of(std::span<const SentRequest> sent) {
  std::string text;
  for (const SentRequest& request : sent) text += (text.empty() ? "" : ", ") + request.operation;
  return "[" + text + "]";
}

std::string list_of(const YAML::Node& expected) {
  std::string text;
  for (const YAML::Node& request : expected) text += (text.empty() ? "" : ", ") + expected_operation(request);
  return "[" + text + "]";
}

}  // namespace

std::optional<std::string> mismatch(const YAML::Node& expected, std::span<const SentRequest> sent,
                                    bool ordered) {
  if (expected.size() != sent.size()) {
    return "expected requests " + list_of(expected) + ", sent " + list_of(sent);
  }
  std::vector<bool> matched(sent.size(), false);
  for (std::size_t position = 0; position < sent.size(); ++position) {
    std::optional<std::string> different;
    if (ordered) {
      different = request_mismatch(expected[position], sent[position]);
    } else {
      different = "no request sent fits " + expected_operation(expected[position]);
      for (std::size_t other = 0; other < sent.size() && different; ++other) {
        if (matched[other] || request_mismatch(expected[position], sent[other])) continue;
        matched[other] = true;
        different.reset();
      }
    }
    if (different) return *different + "; all that was sent: " + list_of(sent);
  }
  return std::nullopt;
}

}  // namespace bao::scenarios
