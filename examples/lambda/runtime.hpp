#pragma once

#include <chrono>
#include <memory>
#include <string>

// A custom runtime for AWS Lambda: the Runtime API as the Lambda Developer Guide describes it, version
// 2018-06-01. It knows neither bao nor what the function does.
namespace lambda {

struct Invocation {
  std::string id;
  std::string event;  ///< JSON
  std::chrono::system_clock::time_point deadline;
};

/// Everything blocks: between two invocations there is nothing else to do, and Lambda freezes the process.
/// What cannot be sent or understood throws; the process should end then, and Lambda starts another one.
class Runtime {
 public:
  /// `address`: HOST:PORT, as AWS_LAMBDA_RUNTIME_API has it.
  explicit Runtime(const std::string& address);
  ~Runtime();

  /// Waits for the next invocation, and sets _X_AMZN_TRACE_ID for it.
  Invocation next();
  void succeed(const Invocation& invocation, const std::string& json);
  /// The invocation failed: it counts as an error of the function, and its caller gets `{"errorType",
  /// "errorMessage"}`.
  void fail(const Invocation& invocation, const std::string& type, const std::string& message);
  /// The function cannot start at all.
  void fail_to_start(const std::string& type, const std::string& message);

 private:
  class Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace lambda
