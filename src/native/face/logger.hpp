#pragma once

#include <functional>
#include <string_view>

#include <bao/client.hpp>

namespace bao::detail {

/// Writes lines of a level to the sink of the configuration.
class Logger {
 public:
  Logger() = default;
  Logger(LogLevel level, std::function<void(LogLevel, std::string_view)> sink)
      : level_(level), sink_(std::move(sink)) {}

  [[nodiscard]] bool enabled(LogLevel level) const {
    return sink_ && level <= level_ && level != LogLevel::off;
  }
  void write(LogLevel level, std::string_view line) const {
    if (enabled(level)) sink_(level, line);
  }

 private:
  LogLevel level_ = LogLevel::off;
  std::function<void(LogLevel, std::string_view)> sink_;
};

}  // namespace bao::detail
