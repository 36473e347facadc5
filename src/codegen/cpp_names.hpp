#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/schema/schema.hpp"

namespace bao::codegen {

/// What the models and fields of a schema are called in C++: as in the definition, with `_` appended where
/// C++ or the generated code needs the name for something else: a keyword, a common macro (`errno`, `unix`),
/// a member of every model (`find`, `save`, `exists`), or, for a field, the name of a model.
class CppNames {
 public:
  explicit CppNames(const core::Schema& schema);

  /// "User"
  [[nodiscard]] const std::string& model(const core::Model& model) const {
    return models_[model.number()].name;
  }
  /// "UserFields"
  [[nodiscard]] const std::string& fields(const core::Model& model) const {
    return models_[model.number()].fields;
  }
  /// "user.hpp"; never "models.hpp", and unlike every other one where case is ignored too.
  [[nodiscard]] const std::string& file(const core::Model& model) const {
    return models_[model.number()].file;
  }
  [[nodiscard]] const std::string& field(const core::Model& model, std::uint32_t field) const {
    return models_[model.number()].members[field];
  }
  /// Whether a method of this model, or a parameter of one, cannot be called so.
  [[nodiscard]] bool taken(const core::Model& model, std::string_view name) const;

 private:
  struct ModelNames {
    std::string name;
    std::string fields;
    std::string file;
    std::vector<std::string> members;
  };
  void name_fields(const core::Model& model);

  std::set<std::string, std::less<>> types_;
  std::vector<ModelNames> models_;
};

}  // namespace bao::codegen
