#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <bao/value.hpp>

namespace bao::core {

// Base64 of RFC 4648 section 4 with padding, as DynamoDB sends it. Strict: no white space, and the unused
// bits before the padding must be zero, so that equal bytes always have equal text.

/// Appends the text of `bytes`.
void append_base64(std::string& out, std::span<const std::byte> bytes);
[[nodiscard]] std::string encode_base64(std::span<const std::byte> bytes);

/// The offset of the first character that cannot be there; the size where the text ends too early; npos
/// where the text is valid.
[[nodiscard]] std::size_t find_invalid_base64(std::string_view text);

/// The number of bytes that a valid text stands for.
[[nodiscard]] std::size_t base64_decoded_size(std::string_view text);

/// Nothing where the text is not valid.
[[nodiscard]] std::optional<Binary> decode_base64(std::string_view text);

}  // namespace bao::core
