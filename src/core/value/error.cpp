#include <bao/error.hpp>

namespace bao {

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
