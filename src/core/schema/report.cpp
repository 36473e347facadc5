#include "core/schema/report.hpp"

namespace bao::core {

void report(std::vector<Diagnostic>& diagnostics, const SourceLocation& location, std::string_view model,
            std::string_view field, std::initializer_list<TextPiece> message) {
  diagnostics.push_back({.location = location,
                         .model = std::string(model),
                         .field = std::string(field),
                         .message = concat(message)});
}

}  // namespace bao::core
