#pragma once

#include <optional>
#include <string>
#include <vector>

#include <bao/detail/call.hpp>
#include <bao/error.hpp>

namespace bao::detail {

class ClientState;

/// Tenancy is enabled, and a call has no tenant.
[[nodiscard]] Error tenant_required();

/// An item that a call writes; `base` as it was read, empty where it was not.
struct HeldItem {
  const ModelName* model;
  const RawItem* base;
  const std::string* id;
};
/// An item that was read is written for the tenant that it is of: without a `tenant` that becomes the call's;
/// with another, its row of the same id would be written, which is a ValidationError.
[[nodiscard]] std::optional<Error> keep_tenant(const ClientState& client, const std::vector<HeldItem>& items,
                                               std::optional<std::string>& tenant);

}  // namespace bao::detail
