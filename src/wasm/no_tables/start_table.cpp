// Stands in for src/wasm/start_table.cpp, and so for what makes tables, in the module of Workers and
// browsers: the linker takes this instead, a tenth of the module.
#include "wasm/client.hpp"

namespace bao::wasm {

void Client::start_table(std::uint32_t call, Place place, const JsonNode& /*args*/) {
  if (!check_tenant(call, place)) return;
  refuse(call, Error(ErrorCode::configuration,
                     "tables are made from Node or with the command line (bao create-table), not "
                     "from a Worker or a browser"));
}

}  // namespace bao::wasm
