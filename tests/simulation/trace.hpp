#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bao::simulation {

/// What happened in a run, for whoever has to find out why it went wrong.
class Trace {
 public:
  /// `loud`: prints each line at once.
  explicit Trace(bool loud) : loud_(loud) {}

  void note(std::int64_t now_ms, std::string line);
  /// The last lines in which this text stands.
  [[nodiscard]] std::string about(std::string_view text, std::size_t lines_max) const;

 private:
  bool loud_;
  std::vector<std::string> lines_;
};

}  // namespace bao::simulation
