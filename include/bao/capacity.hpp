#pragma once

namespace bao {

/// Capacity units as DynamoDB accounts for them.
struct Capacity {
  double read = 0;
  double write = 0;

  [[nodiscard]] double total() const { return read + write; }

  Capacity& operator+=(const Capacity& other) {
    read += other.read;
    write += other.write;
    return *this;
  }
};

}  // namespace bao
