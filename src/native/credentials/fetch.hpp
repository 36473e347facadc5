#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include <bao/error.hpp>
#include <bao/task.hpp>

#include "core/request/http.hpp"

namespace bao::native {

/// One request to a source of credentials.
struct FetchRequest {
  std::string method;
  std::string url;
  std::vector<std::string> headers;  ///< "Name: value", without Host and Content-Length
  std::string body;
  std::int64_t timeout_ms = 0;
};

/// Sends it over a connection of its own. A bad URL, a header or target with a line end, and a failed
/// exchange are errors; an answer with any status is not. Dropping the task closes the connection.
[[nodiscard]] Task<Result<core::HttpResponse>> fetch(boost::asio::any_io_executor executor,
                                                     FetchRequest request);

}  // namespace bao::native
