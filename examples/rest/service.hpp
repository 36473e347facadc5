#pragma once

#include <bao/bao.hpp>
#include <string>
#include <vector>

// What the service does, apart from how requests come in: service.cpp knows the models, server.cpp knows
// HTTP.
namespace notes {

struct Request {
  std::string method;
  std::string target;  ///< path and query, as sent
  std::string tenant;  ///< whose data this request sees
  std::string body;
};

struct Response {
  int status = 200;
  std::string body;          ///< JSON, or empty
  int retry_after_s = 0;     ///< 0: no such header
  bao::Capacity consumed{};  ///< what the request cost in DynamoDB
};

[[nodiscard]] std::vector<const bao::ModelInfo*> models();

/// Answers one request, in a batch context of its own. Does not throw for what goes wrong in there: that
/// becomes a status.
[[nodiscard]] bao::Task<Response> answer(Request request);

/// `{"error": message}`
[[nodiscard]] Response problem(int status, std::string_view message);

}  // namespace notes
