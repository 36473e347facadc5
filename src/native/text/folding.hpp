#pragma once

#include "core/search/search_text.hpp"

namespace bao::native {

/// Folding by utf8proc's tables (Unicode 15 in Debian 12): a part of ICU's size, and all that is asked for.
[[nodiscard]] core::TextFolding& text_folding();

}  // namespace bao::native
