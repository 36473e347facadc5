#pragma once

#include <stdexcept>
#include <utility>

#include <bao/error.hpp>

namespace bao {

/// What the awaitables of this library throw. Code without exceptions uses `.as_result()` instead.
class BaoError : public std::runtime_error {
 public:
  explicit BaoError(Error error) : std::runtime_error(error.message()), error_(std::move(error)) {}

  [[nodiscard]] ErrorCode code() const { return error_.code(); }
  [[nodiscard]] const ErrorDetails& details() const { return error_.details(); }
  [[nodiscard]] const Error& error() const { return error_; }

 private:
  Error error_;
};

class ConfigurationError : public BaoError {
  using BaoError::BaoError;
};
class ValidationError : public BaoError {
  using BaoError::BaoError;
};
class QueryError : public BaoError {
  using BaoError::BaoError;
};
class ItemNotFoundError : public BaoError {
  using BaoError::BaoError;
};
class ConditionalError : public BaoError {
  using BaoError::BaoError;
};
class DataFormatError : public BaoError {
  using BaoError::BaoError;
};
class ServiceError : public BaoError {
  using BaoError::BaoError;
};
class ThrottlingError : public ServiceError {
  using ServiceError::ServiceError;
};
class TimeoutError : public BaoError {
  using BaoError::BaoError;
};
class TransportFailure : public BaoError {
  using BaoError::BaoError;
};
class AmbiguousWriteError : public BaoError {
  using BaoError::BaoError;
};
class CancelledError : public BaoError {
  using BaoError::BaoError;
};
class BatchContextRequired : public BaoError {
  using BaoError::BaoError;
};

/// Throws the class of the error's code.
[[noreturn]] void throw_error(Error error);

}  // namespace bao
