#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <bao/context.hpp>
#include <bao/detail/call.hpp>
#include <bao/error.hpp>

// Whose an item is that was read: which client's, as another's table may be another, and which tenant's.
namespace bao::detail {

class ClientState;

/// An item that a call is about; `base` as it was read, empty where it was not.
struct HeldItem {
  const ModelName* model;
  const RawItem* base;
  const std::string* id;
};
/// What a call does with it.
enum class Doing : std::uint8_t { write, load_related };

/// An item that was read is written, and what it is related to is found, by the client that read it and for
/// the tenant that it is of: without a `tenant` that becomes the call's. With another, the row of the same id
/// would be written that is another's, which is a ValidationError; and so is what was read of another item.
[[nodiscard]] std::optional<Error> keep_owner(const ClientState& client, const std::vector<HeldItem>& items,
                                              Doing doing, std::optional<std::string>& tenant);

/// The context for finding what an item is related to: `context`, on behalf of the item's tenant.
[[nodiscard]] Result<Context> context_for(Context context, const HeldItem& item);

}  // namespace bao::detail
