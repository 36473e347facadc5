#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/expression/expression.hpp"
#include "core/value/json_writer.hpp"

namespace bao::core {

inline FieldDefinition field(std::string name, FieldType type) {
  FieldDefinition definition{.name = std::move(name), .type = type};
  if (type == FieldType::related) definition.related_model = "Other";
  return definition;
}

/// A schema of one model, which the test expects to be right.
inline std::unique_ptr<const Schema> schema_of(ModelDefinition definition) {
  std::vector<ModelDefinition> definitions;
  definitions.push_back(std::move(definition));
  auto built = Schema::build(std::move(definitions), {});
  if (!built) {
    for (const Diagnostic& diagnostic : built.error()) ADD_FAILURE() << diagnostic.to_string();
    std::abort();
  }
  return *std::move(built);
}

/// A model with a field of every type.
inline const Model& post() {
  static const std::unique_ptr<const Schema> schema = [] {
    FieldDefinition title = field("title", FieldType::string);
    title.required = true;
    title.max_length = 10;
    FieldDefinition stars = field("stars", FieldType::floating);
    stars.precision = 0;
    return schema_of(
        {.name = "Post",
         .model_prefix = "p",
         .fields = {field("id", FieldType::ulid), title, field("likes", FieldType::integer),
                    field("score", FieldType::floating), stars, field("live", FieldType::boolean),
                    field("data", FieldType::binary), field("tags", FieldType::string_set),
                    field("at", FieldType::date_time), field("ttl", FieldType::ttl),
                    field("views", FieldType::counter), field("author", FieldType::related),
                    field("meta", FieldType::map), field("parts", FieldType::list),
                    field("extra", FieldType::json)},
         .primary_key = {.partition_key = "id"},
         .indexes = {{.name = "byTitle", .partition_key = "author", .sort_key = "title", .gsi = 1},
                     {.name = "byDate", .partition_key = "author", .sort_key = "at", .gsi = 2},
                     {.name = "byLikes", .partition_key = "author", .sort_key = "likes", .gsi = 3},
                     {.name = "byId", .partition_key = "author", .sort_key = "id", .gsi = 4},
                     {.name = "plain", .partition_key = "title", .gsi = 5}}});
  }();
  return *schema->models()[0];
}

/// The two members of a request, as JSON.
inline std::string members(const Placeholders& placeholders) {
  std::string out;
  JsonWriter writer(out);
  writer.begin_object();
  placeholders.write_members(writer);
  writer.end_object();
  return out;
}

inline Condition test(Condition::Kind kind, std::string name, std::vector<Value> operands) {
  return {.kind = kind, .field = std::move(name), .operands = std::move(operands)};
}
inline Condition compare(std::string name, Comparison comparison, Value operand) {
  Condition condition{.kind = Condition::Kind::compare, .comparison = comparison, .field = std::move(name)};
  condition.operands.push_back(std::move(operand));
  return condition;
}
inline Condition equals(std::string name, Value operand) {
  return compare(std::move(name), Comparison::eq, std::move(operand));
}
inline Condition joined(Condition::Kind kind, std::vector<Condition> children) {
  return {.kind = kind, .children = std::move(children)};
}
inline Condition at_path(Condition condition, std::vector<PathStep> path) {
  condition.path = std::move(path);
  return condition;
}

}  // namespace bao::core
