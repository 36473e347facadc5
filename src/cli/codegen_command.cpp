#include <cstdio>

#include "cli/commands.hpp"
#include "cli/write_files.hpp"
#include "codegen/cpp_emitter.hpp"
#include "codegen/cpp_model.hpp"
#include "native/yaml/load.hpp"

namespace bao::cli {

int run(const CodegenCommand& command) {
  const native::SchemaResult schema = native::load_definitions(command.definitions);
  if (!schema) {
    for (const Diagnostic& mistake : schema.error()) {
      std::fprintf(stderr, "%s\n", mistake.to_string().c_str());
    }
    std::fprintf(stderr, "bao: nothing was written\n");
    return 1;
  }
  const auto written = write_files(command.output, codegen::generate_cpp(**schema), codegen::cpp_banner);
  if (!written) {
    std::fprintf(stderr, "bao: %s\n", written.error().c_str());
    return 1;
  }
  std::printf("%s: %zu written, %zu unchanged, %zu removed\n", command.output.c_str(), written->written,
              written->unchanged, written->removed);
  return 0;
}

}  // namespace bao::cli
