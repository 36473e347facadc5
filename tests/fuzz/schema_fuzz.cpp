#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "native/yaml/load.hpp"

/// Any text gives a schema or at least one message, and never a crash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto result =
      bao::native::load_definitions_text({reinterpret_cast<const char*>(data), size}, "fuzz.yaml");
  if (!result) {
    if (result.error().empty()) std::abort();
    for (const bao::Diagnostic& diagnostic : result.error()) {
      if (diagnostic.message.empty() || diagnostic.to_string().find('\n') != std::string::npos) std::abort();
    }
    return 0;
  }
  for (const auto& model : (*result)->models()) {
    if ((*result)->model(model->name()) != model.get()) std::abort();
    if ((*result)->model_by_prefix(model->prefix()) != model.get()) std::abort();
  }
  return 0;
}
