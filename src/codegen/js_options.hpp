#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bao::codegen {

struct JsOptions {
  enum class Language : std::uint8_t {
    javascript,  ///< .js files, with a .d.ts beside each
    typescript,  ///< .ts files
  };
  /// Of .js files. TypeScript is always written with import and export.
  enum class Modules : std::uint8_t { commonjs, esm };

  Language language = Language::javascript;
  Modules modules = Modules::commonjs;
  /// The manifest's path from the output folder, with '/' and without its ending.
  std::string manifest = "../.bao/models";
  /// The output folder's path from the manifest's.
  std::string models_from_manifest = "../models";
  /// The folder of custom fields: its path from the output folder, and the names of its files, sorted.
  std::string fields_folder = "../fields";
  std::vector<std::string> field_files = {};
};

}  // namespace bao::codegen
