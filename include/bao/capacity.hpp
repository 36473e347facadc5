#pragma once

#include <cstdint>

namespace bao {

/// Which capacity units are asked for.
enum class CapacityType : std::uint8_t { read, write, total };

/// Capacity units as DynamoDB accounts for them.
struct Capacity {
  double read = 0;
  double write = 0;

  [[nodiscard]] double total() const { return read + write; }
  [[nodiscard]] double units(CapacityType type) const {
    return type == CapacityType::read ? read : type == CapacityType::write ? write : total();
  }

  Capacity& operator+=(const Capacity& other) {
    read += other.read;
    write += other.write;
    return *this;
  }
};

}  // namespace bao
