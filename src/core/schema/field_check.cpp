#include <algorithm>
#include <array>
#include <string_view>

#include "core/schema/logical_value.hpp"
#include "core/schema/names.hpp"
#include "core/schema/report.hpp"
#include "core/schema/schema_check.hpp"
#include "core/value/concat.hpp"

namespace bao::core {
namespace {

class FieldCheck {
 public:
  FieldCheck(const ModelDefinition& model, const FieldDefinition& field, std::vector<Diagnostic>& diagnostics)
      : model_(model), field_(field), diagnostics_(diagnostics) {}

  void name() {
    if (field_.name.starts_with('_')) {
      report({"field names must not start with _, which marks the library's own attributes"});
    } else if (!is_identifier(field_.name) || field_.name.size() > 255) {
      report({"field name ", quoted(field_.name), " must be a letter followed by letters, digits and _"});
    } else if (field_.name == "modelPrefix") {
      report({"the name modelPrefix is taken: in a key it stands for the prefix of the model"});
    } else if (std::ranges::binary_search(instance_method_names(), std::string_view(field_.name))) {
      report({"the name is taken by a method of every model instance: choose another"});
    }
  }

  void type_and_options() {
    const FieldType type = field_.type;
    time_to_live();
    related();
    if (field_.auto_assign && type != FieldType::ulid) misplaced("autoAssign", "UlidField");
    limit("maxLength", field_.max_length, FieldType::string);
    limit("maxStringLength", field_.max_string_length, FieldType::string_set);
    limit("maxMemberCount", field_.max_member_count, FieldType::string_set);
    if (field_.precision) {
      if (type != FieldType::floating) {
        misplaced("precision", "FloatField");
      } else if (*field_.precision < 0 || *field_.precision > 15) {
        report({"precision must be 0 to 15, not ", *field_.precision});
      }
    }
    default_value();
  }

 private:
  void report(std::initializer_list<TextPiece> message) {
    core::report(diagnostics_, field_.location.line > 0 ? field_.location : model_.location, model_.name,
                 field_.name, message);
  }

  void misplaced(std::string_view option, std::string_view owner) {
    report({option, " is an option of ", owner, ", not of ", field_type_name(field_.type)});
  }

  void limit(std::string_view option, const std::optional<std::int64_t>& value, FieldType owner) {
    if (!value) return;
    if (field_.type != owner) {
      misplaced(option, field_type_name(owner));
    } else if (*value < 1) {
      report({option, " must be at least 1, not ", *value});
    }
  }

  void time_to_live() {
    if (field_.type == FieldType::ttl) {
      if (field_.name != "ttl") {
        report({"a TtlField must be named 'ttl', the attribute by which the table expires items"});
      }
      return;
    }
    // A number in the table's TTL attribute is an expiry date to DynamoDB, whatever the model meant by it.
    const bool stored_as_number = field_.type == FieldType::integer || field_.type == FieldType::floating ||
                                  field_.type == FieldType::counter || field_.type == FieldType::date_time ||
                                  field_.type == FieldType::create_date ||
                                  field_.type == FieldType::modified_date;
    if (field_.name == "ttl" && stored_as_number) {
      report({"the table expires items by the attribute 'ttl': it must be a TtlField, not ",
              field_type_name(field_.type)});
    }
  }

  void related() {
    if (field_.type == FieldType::related) {
      if (field_.related_model.empty()) report({"a RelatedField needs 'model', the name of the other model"});
    } else if (!field_.related_model.empty()) {
      misplaced("model", "RelatedField");
    }
  }

  void default_value();

  const ModelDefinition& model_;
  const FieldDefinition& field_;
  std::vector<Diagnostic>& diagnostics_;
};

void FieldCheck::default_value() {
  const Value& value = field_.default_value;
  if (value.is_null() || !field_.custom_type.empty()) return;
  if (field_.type == FieldType::create_date || field_.type == FieldType::modified_date ||
      field_.type == FieldType::version) {
    report({"a ", field_type_name(field_.type), " is set by the library: it takes no defaultValue"});
    return;
  }
  if (const auto stored = encode_present(field_, value); !stored) {
    report({"defaultValue ", stored.error()});
  } else if (field_.required && (stored->is_null() || *stored == Value(""))) {
    report({"defaultValue must not be empty, as the field is required"});
  }
}

}  // namespace

void check_field(const ModelDefinition& model, const FieldDefinition& field, bool type_known,
                 std::vector<Diagnostic>& diagnostics) {
  FieldCheck check(model, field, diagnostics);
  check.name();
  if (type_known) check.type_and_options();
}

}  // namespace bao::core
