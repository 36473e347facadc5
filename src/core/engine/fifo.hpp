#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace bao::core {

/// What goes in first comes out first. Two vectors that change places, one being filled and one being
/// emptied: less code than a deque's blocks, and no allocation once both have grown.
template <class T>
class Fifo {
 public:
  template <class Value>
  void push(Value&& value) {
    filled_.emplace_back(std::forward<Value>(value));
  }

  /// Takes the oldest one out into `value`; false: there is none.
  bool pop(T& value) {
    if (next_ == emptied_.size()) {
      emptied_.clear();
      next_ = 0;
      std::swap(filled_, emptied_);
      if (emptied_.empty()) return false;
    }
    value = std::move(emptied_[next_++]);
    return true;
  }

  [[nodiscard]] std::size_t size() const { return filled_.size() + emptied_.size() - next_; }

 private:
  std::vector<T> filled_;
  std::vector<T> emptied_;
  std::size_t next_ = 0;  // into emptied_
};

}  // namespace bao::core
