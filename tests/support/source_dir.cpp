#include "support/source_dir.hpp"

namespace bao::testing_support {

const std::string& source_dir() {
  static const std::string folder = BAO_SOURCE_DIR;
  return folder;
}

}  // namespace bao::testing_support
