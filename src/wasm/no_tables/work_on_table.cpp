// Stands in for core/engine/table_operations.cpp in the module of Workers and browsers, which never make
// tables: the linker takes this instead of the core's, a tenth of the module.
#include "core/engine/table_operations.hpp"

namespace bao::core {

Task<Result<TableReport>> work_on_table(Call& /*call*/, TableWork /*work*/) {
  co_return std::unexpected(
      Error(ErrorCode::configuration,
            "tables are made from Node or with the command line (bao create-table), not "
            "from a Worker or a browser"));
}

}  // namespace bao::core
