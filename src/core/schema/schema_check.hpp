#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <bao/definition.hpp>

#include "core/schema/schema.hpp"

namespace bao::core {

/// Parts of definitions that a loader could not read and has reported: they exist, but what they say is not
/// known, so that no error about their content should follow.
class Doubts {
 public:
  enum class Part : std::uint8_t {
    model,
    prefix,
    primary_key,
    search,
    field,  ///< its type and options; its name is known
    index,
    index_id,
    unique_constraint,
    unique_constraint_id,
  };

  void add(Part part, std::string_view model, std::string_view name = {});
  [[nodiscard]] bool has(Part part, std::string_view model, std::string_view name = {}) const;

 private:
  struct Entry {
    Part part;
    std::string model;
    std::string name;
  };
  std::vector<Entry> parts_;  // as a rule there are none
};

/// Every mistake in the definitions (SPEC 1), in their order.
[[nodiscard]] std::vector<Diagnostic> check_definitions(const std::vector<ModelDefinition>& definitions,
                                                        const Schema::Options& options, const Doubts& doubts);

/// The mistakes of one field's own options: name, type, ranges, default.
void check_field(const ModelDefinition& model, const FieldDefinition& field, bool type_known,
                 std::vector<Diagnostic>& diagnostics);

}  // namespace bao::core
