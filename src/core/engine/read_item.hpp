#pragma once

#include "core/engine/engine.hpp"
#include "core/keys/row_keys.hpp"
#include "core/value/document.hpp"

namespace bao::core {

/// Reads one row as it is now (strongly consistent, never from a cache); no item where there is none.
[[nodiscard]] Task<Result<ItemRef>> read_item(Call& call, RowKey key);

}  // namespace bao::core
