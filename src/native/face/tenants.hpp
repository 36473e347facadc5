#pragma once

#include <bao/error.hpp>

namespace bao::detail {

/// Tenancy is enabled, and a call has no tenant.
[[nodiscard]] Error tenant_required();

}  // namespace bao::detail
