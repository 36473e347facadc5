#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/schema/schema.hpp"

namespace bao::core {

inline FieldDefinition field(std::string name, FieldType type) {
  FieldDefinition definition{.name = std::move(name), .type = type};
  if (type == FieldType::related) definition.related_model = "Other";
  return definition;
}

/// A model with a field of every type that may be in a key, and one of each that may not.
inline ModelDefinition every_type(int key_format) {
  return {.name = "Every",
          .model_prefix = "e",
          .key_format = key_format,
          .fields = {field("id", FieldType::string), field("text", FieldType::string),
                     field("whole", FieldType::integer), field("real", FieldType::floating),
                     field("flag", FieldType::boolean), field("date", FieldType::date_time),
                     field("ttl", FieldType::ttl), field("count", FieldType::counter),
                     field("ulid", FieldType::ulid), field("other", FieldType::related),
                     field("bytes", FieldType::binary), field("tags", FieldType::string_set),
                     field("map", FieldType::map), field("list", FieldType::list),
                     field("json", FieldType::json)},
          .primary_key = {.partition_key = "id"}};
}

/// A schema of one model, which the test expects to be right.
class OneModel {
 public:
  explicit OneModel(ModelDefinition definition, CustomKeys* custom_keys = nullptr) {
    std::vector<ModelDefinition> definitions;
    definitions.push_back(std::move(definition));
    auto built = Schema::build(std::move(definitions), {.custom_keys = custom_keys});
    if (!built) {
      for (const Diagnostic& diagnostic : built.error()) ADD_FAILURE() << diagnostic.to_string();
      std::abort();
    }
    schema_ = *std::move(built);
  }

  [[nodiscard]] const Model& operator*() const { return *schema_->models()[0]; }
  [[nodiscard]] const Model* operator->() const { return schema_->models()[0].get(); }
  [[nodiscard]] std::uint32_t operator[](const char* name) const {
    return (**this).field_index(name).value();
  }

 private:
  std::unique_ptr<const Schema> schema_;
};

}  // namespace bao::core
