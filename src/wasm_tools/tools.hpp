#pragma once

#include <string>

namespace bao::wasm_tools {

/// Reads the models of parsed YAML files and generates code:
///
///   {"trees": [{"file": "models.yaml", "root": NODE}],
///    "mistakes": [{"file": "other.yaml", "line": 3, "message": "not valid YAML: ..."}],
///    "language": "js" | "ts" | "cpp", "modules": "commonjs" | "esm",
///    "manifest": "../.bao/models", "modelsFromManifest": "../models",
///    "fieldsFolder": "../fields", "fieldFiles": ["email-field.js"]}
///
/// A NODE has the line of its key, else its own, as `n`, its key as `k` where it is a map's value, and one of
/// `t` (a scalar's text, with `q` true where it is always a string), `l` (a list of nodes), `m` (a map: a
/// list of nodes with keys, in their order); without any it is null. `mistakes` are files that could not be
/// parsed.
///
/// Gives {"files": [{"path", "text"}], "banner": "..."} (codegen/js_emitter.hpp), or {"mistakes": ["..."]}:
/// every mistake as one line. `text` is overwritten.
[[nodiscard]] std::string run(std::string& text);

}  // namespace bao::wasm_tools
