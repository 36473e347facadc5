#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/engine/scope.hpp"

// Bodies of BatchGetItem requests and answers for Users, by id.
namespace bao::scripted {

inline std::string key(const std::string& id) {
  return R"({"_pk":{"S":"u#)" + id + R"("},"_sk":{"S":"u"}})";
}

inline std::string item(const std::string& id) {
  return R"({"_pk":{"S":"u#)" + id + R"("},"_sk":{"S":"u"},"userId":{"S":")" + id + R"("}})";
}

inline std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ",") + part;
  return text;
}

inline std::string batch_of(const std::vector<std::string>& ids) {
  std::vector<std::string> keys;
  for (const std::string& id : ids) keys.push_back(key(id));
  return R"({"RequestItems":{"tab":{"Keys":[)" + joined(keys) + R"(]}},"ReturnConsumedCapacity":"TOTAL"})";
}

inline std::string answer_of(const std::vector<std::string>& ids,
                             const std::vector<std::string>& unprocessed = {}) {
  std::vector<std::string> items;
  for (const std::string& id : ids) items.push_back(item(id));
  std::vector<std::string> keys;
  for (const std::string& id : unprocessed) keys.push_back(key(id));
  const std::string left = keys.empty() ? "{}" : R"({"tab":{"Keys":[)" + joined(keys) + "]}}";
  return R"({"Responses":{"tab":[)" + joined(items) + R"(]},"UnprocessedKeys":)" + left +
         R"(,"ConsumedCapacity":[{"TableName":"tab","CapacityUnits":)" + std::to_string(ids.size()) + "}]}";
}

inline std::shared_ptr<core::Scope> make_scope() {
  return std::make_shared<core::Scope>();
}

}  // namespace bao::scripted
