#pragma once

#include <functional>
#include <optional>
#include <string>

#include <bao/error.hpp>

namespace bao::native {

/// What settings are read from, replaceable in tests.
struct Environment {
  /// The variable's value; nothing where it is not set or empty.
  std::function<std::optional<std::string>(const char* name)> variable;
  /// The file's text; nothing where there is no such file; a ConfigurationError where it cannot be read.
  std::function<Result<std::optional<std::string>>(const std::string& path)> file;
};

/// The process's own. Files over 1 MB are refused.
[[nodiscard]] Environment process_environment();

}  // namespace bao::native
