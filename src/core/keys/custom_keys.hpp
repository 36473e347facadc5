#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <bao/error.hpp>
#include <bao/value.hpp>

#include "core/schema/schema.hpp"

namespace bao::core {

/// Texts in keys that the code of custom field types makes (FieldDefinition::custom_key), given by the host.
/// One value must have one text for ever, or items are not found again.
class CustomKeys {
 public:
  virtual ~CustomKeys() = default;

  /// The text of a field's stored value: of `kind` string, number or boolean, `value` as DynamoDB writes it.
  /// An error reaches the caller as it is.
  [[nodiscard]] virtual Result<std::string> key_text(const Model& model, std::uint32_t field, ValueKind kind,
                                                     std::string_view value) = 0;
};

}  // namespace bao::core
