#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/schema/schema.hpp"

namespace bao::codegen {

/// What the models of a schema are called in JavaScript and TypeScript. Fields keep their names. A class is
/// called as its model, with `_` appended where the language or the generated code needs the name for
/// something else (`class`, `Promise`, `BaoModel`).
class JsNames {
 public:
  explicit JsNames(const core::Schema& schema);

  /// "TaggedPost"
  [[nodiscard]] const std::string& model(const core::Model& model) const {
    return models_[model.number()].name;
  }
  /// A type that goes with the class: "TaggedPost" + "Data".
  [[nodiscard]] std::string type(const core::Model& model, std::string_view suffix) const;
  /// "tagged-post": the file's name without its ending; never "index", and unlike every other one where case
  /// is ignored too.
  [[nodiscard]] const std::string& file(const core::Model& model) const {
    return models_[model.number()].file;
  }
  /// Whether a method of this model cannot be called so.
  [[nodiscard]] static bool taken(const core::Model& model, std::string_view name);
  /// Whether every instance has a member of this name, so that a field cannot.
  [[nodiscard]] static bool is_instance_member(std::string_view name);
  /// Whether generated code needs the name, so that it can import nothing of this name.
  [[nodiscard]] static bool is_reserved(std::string_view name);

 private:
  struct ModelNames {
    std::string name;
    std::string file;
  };
  std::set<std::string, std::less<>> types_;
  std::vector<ModelNames> models_;
};

}  // namespace bao::codegen
