#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace bao::simulation {

/// Virtual time and what is to happen in it. What is due at one moment happens in the order it was put down.
class Agenda {
 public:
  [[nodiscard]] std::int64_t now_ms() const { return now_ms_; }

  void after(std::int64_t delay_ms, std::function<void()> happen) {
    events_.emplace(std::pair(now_ms_ + delay_ms, ++last_), std::move(happen));
  }
  /// The next event; false: nothing is to happen any more.
  bool step() {
    if (events_.empty()) return false;
    auto next = events_.extract(events_.begin());
    now_ms_ = next.key().first;
    next.mapped()();
    return true;
  }

 private:
  std::int64_t now_ms_ = 0;
  std::uint64_t last_ = 0;
  std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>> events_;
};

}  // namespace bao::simulation
