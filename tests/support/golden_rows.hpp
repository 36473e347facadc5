#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "support/source_dir.hpp"

namespace bao::core {

/// The rows of a file in tests/data whose first cell is `kind`, without that cell.
inline std::vector<std::vector<std::string>> golden_rows(const std::string& file, const std::string& kind) {
  std::ifstream in(testing_support::source_dir() + "/tests/data/" + file);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
      if (c == '\t') {
        cells.emplace_back();
      } else {
        cells.back().push_back(c);
      }
    }
    if (cells[0] != kind) continue;
    cells.erase(cells.begin());
    rows.push_back(std::move(cells));
  }
  return rows;
}

inline std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

}  // namespace bao::core
