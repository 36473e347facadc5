#include <bao/exception.hpp>

namespace bao {

void throw_error(Error error) {
  switch (error.code()) {
    case ErrorCode::configuration:
      throw ConfigurationError(std::move(error));
    case ErrorCode::validation:
      throw ValidationError(std::move(error));
    case ErrorCode::query:
      throw QueryError(std::move(error));
    case ErrorCode::item_not_found:
      throw ItemNotFoundError(std::move(error));
    case ErrorCode::conditional:
      throw ConditionalError(std::move(error));
    case ErrorCode::data_format:
      throw DataFormatError(std::move(error));
    case ErrorCode::service:
      throw ServiceError(std::move(error));
    case ErrorCode::throttling:
      throw ThrottlingError(std::move(error));
    case ErrorCode::timeout:
      throw TimeoutError(std::move(error));
    case ErrorCode::transport:
      throw TransportFailure(std::move(error));
    case ErrorCode::ambiguous_write:
      throw AmbiguousWriteError(std::move(error));
    case ErrorCode::cancelled:
      throw CancelledError(std::move(error));
    case ErrorCode::batch_context_required:
      throw BatchContextRequired(std::move(error));
  }
  throw BaoError(std::move(error));
}

}  // namespace bao
