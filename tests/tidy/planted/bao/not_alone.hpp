#pragma once

// Planted: it uses std::string without including <string>, so header_alone.sh must refuse it.
namespace bao {
std::string not_alone();
}  // namespace bao
