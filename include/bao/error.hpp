#pragma once

#include <atomic>
#include <cstdint>
#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace bao {

/// What went wrong, as the caller may act on it. Each enumerator is produced by a test.
enum class ErrorCode : std::uint8_t {
  configuration,           ///< a model, a setting or a definition is wrong: nothing was sent
  validation,              ///< a value does not fit its field: nothing was sent
  query,                   ///< a query names an unknown index, field or operator: nothing was sent
  item_not_found,          ///< the item to change does not exist
  conditional,             ///< a condition, a unique constraint or "must not exist" was not met
  data_format,             ///< stored bytes or an answer that this library cannot understand
  service,                 ///< DynamoDB refused: name, status and request id are in the details
  throttling,              ///< still throttled (or keys still unprocessed) when retries ran out
  timeout,                 ///< the deadline of the call passed
  transport,               ///< no usable connection when retries ran out
  ambiguous_write,         ///< the answer to a write was lost and nothing can prove its outcome
  cancelled,               ///< the caller asked to stop
  batch_context_required,  ///< strict mode: a request outside run_with_batch_context
};

/// The name that SPEC 4 gives to the error class of this code, e.g. "ValidationError".
[[nodiscard]] const char* error_class_name(ErrorCode code);

/// Context of an error. Fields that do not apply are empty.
struct ErrorDetails {
  std::string message = {};  ///< ours: one plain sentence that names model, field and value where they apply
  std::string model = {};
  std::string field = {};
  std::string value = {};       ///< offending value as text, shortened to 100 bytes
  std::string given = {};       ///< of a write's values that is refused: the field or path it was given by
  std::string index = {};       ///< QueryError
  std::string primary_id = {};  ///< ItemNotFoundError
  std::string operation = {};   ///< ConditionalError: "create", "update", "delete", ...
  std::string condition = {};   ///< ConditionalError: which condition, readable
  std::string service_name =
      {};  ///< DynamoDB's error type without its prefix, e.g. "ResourceNotFoundException"
  std::string service_text = {};  ///< DynamoDB's own message, kept apart from ours
  std::string request_id = {};
  int status = 0;          ///< HTTP status, 0 when there was no answer
  bool retryable = false;  ///< trying the same call again later may succeed
};

/// An error as a value: cheap to move and to copy, shared immutable details. One that was moved from can only
/// be assigned to and destroyed.
class Error {
 public:
  Error(ErrorCode code, ErrorDetails details);
  Error(ErrorCode code, std::string message);
  Error(ErrorCode code, const char* message);
  Error(const Error& other) noexcept : shared_(share(other.shared_)) {}
  Error(Error&& other) noexcept : shared_(std::exchange(other.shared_, nullptr)) {}
  Error& operator=(Error other) noexcept {
    std::swap(shared_, other.shared_);
    return *this;
  }
  ~Error() {
    if (shared_ != nullptr) release(shared_);
  }

  [[nodiscard]] ErrorCode code() const { return shared_->code; }
  [[nodiscard]] const ErrorDetails& details() const { return shared_->details; }
  [[nodiscard]] const std::string& message() const { return shared_->details.message; }

 private:
  struct Shared {
    ErrorCode code;
    ErrorDetails details;
    std::atomic<std::uint32_t> holders = 1;
  };
  static Shared* share(Shared* shared) noexcept;
  static void release(Shared* shared) noexcept;

  Shared* shared_;
};

template <class T>
using Result = std::expected<T, Error>;

}  // namespace bao
