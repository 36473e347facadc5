#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <bao/definition.hpp>

#include "core/value/hash_index.hpp"

namespace bao::core {

/// What one half of a key is made of.
struct KeyPart {
  enum class Kind : std::uint8_t { none, prefix, field };
  Kind kind = Kind::none;
  std::uint32_t field = 0;  ///< index into Model::fields(), where kind is field

  friend bool operator==(const KeyPart&, const KeyPart&) = default;
};

struct Index {
  std::string name;
  int gsi = 0;  ///< 1..5; 0: the primary key under another name
  KeyPart partition;
  KeyPart sort;
};

struct UniqueConstraint {
  std::string name;
  std::uint32_t field = 0;
  int id = 0;
};

class CustomKeys;
class Schema;

/// A checked model. Immutable; lives as long as its Schema.
class Model {
 public:
  [[nodiscard]] const std::string& name() const { return definition_.name; }
  [[nodiscard]] const std::string& prefix() const { return definition_.model_prefix; }
  [[nodiscard]] const ModelDefinition& definition() const { return definition_; }
  [[nodiscard]] int key_format() const { return definition_.key_format; }

  [[nodiscard]] const std::vector<FieldDefinition>& fields() const { return definition_.fields; }
  [[nodiscard]] const FieldDefinition& field(std::uint32_t index) const { return definition_.fields[index]; }
  [[nodiscard]] std::optional<std::uint32_t> field_index(std::string_view name) const;

  [[nodiscard]] const KeyPart& partition_key() const { return partition_key_; }
  [[nodiscard]] const KeyPart& sort_key() const { return sort_key_; }
  [[nodiscard]] const std::vector<Index>& indexes() const { return indexes_; }
  [[nodiscard]] const Index* index(std::string_view name) const;
  [[nodiscard]] const std::vector<UniqueConstraint>& unique_constraints() const {
    return unique_constraints_;
  }

  /// How many id separators (`##__SK__##`) the texts of the primary key's halves may hold: those of a
  /// RelatedField whose model's ids hold some, because its key has two fields. 0 for all others.
  [[nodiscard]] std::size_t partition_separators() const { return partition_separators_; }
  [[nodiscard]] std::size_t sort_separators() const { return sort_separators_; }

  /// Position in Schema::models(): a small id for caches.
  [[nodiscard]] std::uint32_t number() const { return number_; }
  [[nodiscard]] const Schema& schema() const { return *schema_; }

 private:
  friend class Schema;
  ModelDefinition definition_;
  KeyPart partition_key_;
  KeyPart sort_key_;
  std::vector<Index> indexes_;
  std::vector<UniqueConstraint> unique_constraints_;
  HashIndex field_numbers_;  // by name
  std::size_t partition_separators_ = 0;
  std::size_t sort_separators_ = 0;
  std::uint32_t number_ = 0;
  const Schema* schema_ = nullptr;
};

/// The one description of a set of models. Everything else reads it: nothing re-derives what it says.
class Schema {
 public:
  struct Options {
    /// YAML: a RelatedField's model must be among the definitions. Code: it may be registered elsewhere.
    bool related_models_must_exist = false;
    /// Files that hold custom field types, without folder and ending: "email-field" for EmailField. A type
    /// that neither the library has nor one of these is custom only where the field says `storedAs`.
    std::vector<std::string> custom_type_files = {};
    /// Asked for the key texts of fields with a `custom_key`; must outlive the schema. Null: there are none.
    CustomKeys* custom_keys = nullptr;
  };

  /// Checks and resolves. Every mistake of every model is reported, in the order of the definitions.
  [[nodiscard]] static std::expected<std::unique_ptr<const Schema>, std::vector<Diagnostic>> build(
      std::vector<ModelDefinition> definitions, const Options& options);

  [[nodiscard]] const std::vector<std::unique_ptr<Model>>& models() const { return models_; }
  [[nodiscard]] const Model* model(std::string_view name) const;
  [[nodiscard]] CustomKeys* custom_keys() const { return custom_keys_; }
  /// The model whose rows have this prefix.
  [[nodiscard]] const Model* model_by_prefix(std::string_view prefix) const;

 private:
  void add(ModelDefinition&& definition);
  [[nodiscard]] std::size_t separators_of(const Model& model, const KeyPart& part, int depth) const;

  std::vector<std::unique_ptr<Model>> models_;
  std::map<std::string_view, const Model*> by_name_;
  std::map<std::string_view, const Model*> by_prefix_;
  CustomKeys* custom_keys_ = nullptr;
};

}  // namespace bao::core
