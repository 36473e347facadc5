#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <bao/value.hpp>

namespace bao {

/// Where a definition was written; line 0 where it came from code.
struct SourceLocation {
  std::string file = {};
  int line = 0;
};

/// The field types of SPEC 1, in its order.
enum class FieldType : std::uint8_t {
  string,
  integer,
  floating,
  boolean,
  binary,
  string_set,
  date_time,
  create_date,
  modified_date,
  ttl,
  ulid,
  version,
  counter,
  related,
  map,
  list,
  json,
};

/// The name used in YAML, e.g. "StringField".
[[nodiscard]] const char* field_type_name(FieldType type);

struct FieldDefinition {
  std::string name = {};
  FieldType type = FieldType::string;
  /// A type of the user's own, such as "EmailField", whose values are stored as `type`'s; empty: none. What
  /// it checks and converts is code of the user's.
  std::string custom_type = {};
  /// Options that are the custom type's own: a map by their names, as YAML reads them; null: none.
  Value custom_options = {};
  /// Of a custom type that makes its own text for keys and indexes: by which number its code is known; 0: the
  /// text is that of `type`.
  std::uint32_t custom_key = 0;
  /// A write without a value (for strings: with an empty one) is a ValidationError. Fields of the primary
  /// key are required whatever this says.
  bool required = false;
  /// UlidField: a new ULID at creation where no value is given.
  bool auto_assign = false;
  /// Logical value used at creation where none is given; null: none. Of a custom type: as it was written, for
  /// the type to make something of.
  Value default_value = {};
  std::optional<std::int64_t> max_length = {};         ///< StringField: UTF-16 code units
  std::optional<std::int64_t> precision = {};          ///< FloatField: decimals kept, 0..15
  std::optional<std::int64_t> max_string_length = {};  ///< StringSetField: of one member, UTF-16 code units
  std::optional<std::int64_t> max_member_count = {};   ///< StringSetField
  std::string related_model = {};                      ///< RelatedField: name of the other model
  SourceLocation location = {};
};

/// `modelPrefix` may stand for either name: that half of the key is the model's prefix.
struct KeyDefinition {
  std::string partition_key = {};
  std::string sort_key = {};  ///< empty: none
  SourceLocation location = {};
};

struct IndexDefinition {
  std::string name = {};
  std::string partition_key = {};
  std::string sort_key = {};
  int gsi = 0;  ///< 1..5; 0: a name for the primary key, no index of its own
  SourceLocation location = {};
};

struct UniqueConstraintDefinition {
  std::string name = {};
  std::string field = {};
  int id = 0;  ///< 1..3
  SourceLocation location = {};
};

enum class TableType : std::uint8_t { standard, mapping };

struct SearchDefinition {
  std::vector<std::string> fields = {};
  bool case_sensitive = false;
  int min_term_length = 1;  ///< code points
  bool dedupe = false;
};

/// One model as its author wrote it: in YAML, as a C++ description, or as a JavaScript class. Nothing is
/// checked yet; `core::Schema::build` checks, resolves and reports every mistake at once.
struct ModelDefinition {
  std::string name = {};
  std::string model_prefix = {};
  TableType table_type = TableType::standard;
  bool iterable = false;
  int iteration_buckets = 10;  ///< 1..1000
  int key_format = 2;          ///< 1 or 2: docs/stored-format.md
  std::optional<SearchDefinition> search = {};
  std::vector<FieldDefinition> fields = {};
  KeyDefinition primary_key = {};
  std::vector<IndexDefinition> indexes = {};
  std::vector<UniqueConstraintDefinition> unique_constraints = {};
  SourceLocation location = {};
};

/// One mistake in a definition.
struct Diagnostic {
  SourceLocation location = {};
  std::string model = {};  ///< empty: the file as a whole
  std::string field = {};  ///< field, index or constraint; empty: the model as a whole
  std::string message = {};

  /// "models.yaml:12: Post.userId: related model 'User' is not defined"
  [[nodiscard]] std::string to_string() const;
};

}  // namespace bao
