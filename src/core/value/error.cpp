#include <bao/error.hpp>

#include <utility>

namespace bao {

// None of these inlined: where errors are made, size counts and time does not.

[[gnu::noinline]] Error::Error(ErrorCode code, ErrorDetails details)
    : shared_(new Shared{.code = code, .details = std::move(details)}) {}

[[gnu::noinline]] Error::Error(ErrorCode code, std::string message)
    : Error(code, ErrorDetails{.message = std::move(message)}) {}

[[gnu::noinline]] Error::Error(ErrorCode code, const char* message) : Error(code, std::string(message)) {}

[[gnu::noinline]] Error::Shared* Error::share(Shared* shared) noexcept {
  if (shared != nullptr) shared->holders.fetch_add(1, std::memory_order_relaxed);
  return shared;
}

[[gnu::noinline]] void Error::release(Shared* shared) noexcept {
  if (shared->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) delete shared;
}

const char* error_class_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::configuration:
      return "ConfigurationError";
    case ErrorCode::validation:
      return "ValidationError";
    case ErrorCode::query:
      return "QueryError";
    case ErrorCode::item_not_found:
      return "ItemNotFoundError";
    case ErrorCode::conditional:
      return "ConditionalError";
    case ErrorCode::data_format:
      return "DataFormatError";
    case ErrorCode::service:
      return "ServiceError";
    case ErrorCode::throttling:
      return "ThrottlingError";
    case ErrorCode::timeout:
      return "TimeoutError";
    case ErrorCode::transport:
      return "TransportError";
    case ErrorCode::ambiguous_write:
      return "AmbiguousWriteError";
    case ErrorCode::cancelled:
      return "CancelledError";
    case ErrorCode::batch_context_required:
      return "BatchContextRequiredError";
  }
  return "BaoError";
}

}  // namespace bao
