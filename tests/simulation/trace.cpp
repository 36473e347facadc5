#include "simulation/trace.hpp"

#include <cstdio>
#include <utility>

namespace bao::simulation {

void Trace::note(std::int64_t now_ms, std::string line) {
  std::string dated = std::to_string(now_ms) + " ms  " + std::move(line);
  if (loud_) std::printf("%s\n", dated.c_str());
  lines_.push_back(std::move(dated));
}

std::string Trace::about(std::string_view text, std::size_t lines_max) const {
  std::string found;
  std::size_t count = 0;
  for (std::size_t at = lines_.size(); at > 0 && count < lines_max; --at) {
    const std::string& line = lines_[at - 1];
    if (line.find(text) == std::string::npos) continue;
    found.insert(0, "    " + line.substr(0, 400) + "\n");
    ++count;
  }
  return found;
}

}  // namespace bao::simulation
