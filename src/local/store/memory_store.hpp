#pragma once

#include <memory>

#include "local/store/store.hpp"

namespace bao::local {

/// Keeps everything in memory; never fails.
[[nodiscard]] std::unique_ptr<Store> make_memory_store();

}  // namespace bao::local
