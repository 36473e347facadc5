#pragma once

#include <string>

namespace bao::codegen {

/// A file to write: its path below the output folder, with '/', and its whole text.
struct SourceFile {
  std::string path = {};
  std::string text = {};

  friend bool operator==(const SourceFile&, const SourceFile&) = default;
};

}  // namespace bao::codegen
