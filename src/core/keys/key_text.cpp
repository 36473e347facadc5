#include "core/keys/key_text.hpp"

#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/keys/custom_keys.hpp"
#include "core/keys/javascript_number.hpp"
#include "core/keys/row_keys.hpp"
#include "core/schema/field_codec.hpp"
#include "core/value/concat.hpp"
#include "core/value/number.hpp"

namespace bao::core {
namespace {

constexpr std::size_t integer_digits = 20;

/// A stored scalar, whichever form it came in.
struct Scalar {
  ValueKind kind = ValueKind::null;
  std::string_view text;
  bool boolean = false;
};

Scalar scalar_of(const Value& value) {
  Scalar scalar{.kind = value.kind(), .text = {}, .boolean = false};
  if (const auto* text = value.get_if<std::string>()) scalar.text = *text;
  if (const auto* number = value.get_if<Number>()) scalar.text = number->text;
  if (const auto* boolean = value.get_if<bool>()) scalar.boolean = *boolean;
  return scalar;
}

Scalar scalar_of(ValueView value) {
  if (!value.present()) return {};
  Scalar scalar{.kind = value.kind(), .text = {}, .boolean = false};
  if (scalar.kind == ValueKind::string || scalar.kind == ValueKind::number) scalar.text = value.text();
  if (scalar.kind == ValueKind::boolean) scalar.boolean = value.boolean();
  return scalar;
}

std::unexpected<Error> refuse(const Model& model, std::uint32_t field, const Scalar& scalar,
                              const char* reason) {
  const FieldDefinition& definition = model.field(field);
  std::string shown(scalar.kind == ValueKind::boolean ? (scalar.boolean ? "true" : "false")
                                                      : scalar.text.substr(0, 100));
  ErrorDetails details{.message = concat({model.name(), ".", definition.name, ": ", reason}),
                       .model = model.name(),
                       .field = definition.name,
                       .value = shown};
  if (!shown.empty()) details.message.append(" (value \"").append(shown).append("\")");
  return std::unexpected(Error(ErrorCode::validation, std::move(details)));
}

/// A field that is the sort key of the primary key or of an index has the smaller limit.
std::size_t key_bytes_max(const Model& model, std::uint32_t field) {
  const KeyPart part{.kind = KeyPart::Kind::field, .field = field};
  bool sorts = model.sort_key() == part;
  for (const Index& index : model.indexes()) sorts = sorts || index.sort == part;
  return sorts ? sort_key_bytes_max : partition_key_bytes_max;
}

/// Whether the primary id of two halves would be taken for one whose first half is shorter: the separator
/// overlaps itself, so it may begin in a text that does not hold it.
bool splits_too_early(const Model& model, std::uint32_t field, std::string_view text) {
  const KeyPart part{.kind = KeyPart::Kind::field, .field = field};
  if (model.partition_key() != part || model.sort_key().kind != KeyPart::Kind::field) return false;
  for (std::size_t size = 1; size < id_separator.size(); ++size) {
    if (id_separator.starts_with(id_separator.substr(size)) && text.ends_with(id_separator.substr(0, size))) {
      return true;
    }
  }
  return false;
}

/// What is wrong with the separators that a half of the primary key holds; null: nothing. In the primary id
/// they could not be told from the item's own, but for those of a RelatedField, whose ids are known to hold
/// so many. Elsewhere texts stand alone.
const char* separator_fault(const Model& model, std::uint32_t field, std::string_view text) {
  const KeyPart part{.kind = KeyPart::Kind::field, .field = field};
  const bool first = model.partition_key() == part;
  if (!first && model.sort_key() != part) return nullptr;
  const std::size_t count = count_separators(text);
  const std::size_t most = first ? model.partition_separators() : model.sort_separators();
  if (count != 0 && count != most) {
    return most == 0 ? "a key value cannot hold '##__SK__##'"
                     : "it has another number of '##__SK__##' than ids of the related model have";
  }
  // Where both halves may hold some, the first one must, so that it is known where it ends.
  if (first && count != most && model.sort_separators() != 0) {
    return "the key needs the whole id of the related item here, with '##__SK__##'";
  }
  return nullptr;
}

/// What any text in a key has to be. `text` is the scalar's own, or was made of it.
Result<std::string> checked_text(const Model& model, std::uint32_t field, const Scalar& scalar,
                                 std::string_view text) {
  if (text.empty()) return refuse(model, field, scalar, "an empty string cannot be in a key");
  if (const char* const fault = separator_fault(model, field, text)) {
    return refuse(model, field, scalar, fault);
  }
  if (splits_too_early(model, field, text)) {
    return refuse(model, field, scalar, "the first half of a key cannot end as '##__SK__##' begins");
  }
  if (text.size() > key_bytes_max(model, field)) {
    return refuse(model, field, scalar,
                  key_bytes_max(model, field) == sort_key_bytes_max
                      ? "a sort key value is at most 1024 bytes of UTF-8"
                      : "a partition key value is at most 2048 bytes of UTF-8");
  }
  return std::string(text);
}

Result<std::string> string_text(const Model& model, std::uint32_t field, const Scalar& scalar) {
  if (scalar.kind != ValueKind::string) return refuse(model, field, scalar, "a key needs a string here");
  return checked_text(model, field, scalar, scalar.text);
}

Result<std::string> custom_text(const Model& model, std::uint32_t field, const Scalar& scalar) {
  CustomKeys* const keys = model.schema().custom_keys();
  if (keys == nullptr) return refuse(model, field, scalar, "the code that makes its keys is not there");
  const std::string_view value =
      scalar.kind == ValueKind::boolean ? (scalar.boolean ? "true" : "false") : scalar.text;
  const Result<std::string> text = keys->key_text(model, field, scalar.kind, value);
  return text ? checked_text(model, field, scalar, *text) : text;
}

Result<std::string> integer_text(const Model& model, std::uint32_t field, const Scalar& scalar) {
  const auto decimal =
      scalar.kind == ValueKind::number ? parse_number(scalar.text) : std::unexpected(NumberError::syntax);
  if (!decimal || decimal->exponent < decimal->digit_count) {
    return refuse(model, field, scalar, "a key needs an integer here");
  }
  const std::size_t room = decimal->negative ? integer_digits - 1 : integer_digits;
  const auto size = static_cast<std::size_t>(decimal->exponent);
  if (size > room) return refuse(model, field, scalar, "the integer has too many digits for a key");
  std::string digits(size, '0');
  for (std::size_t i = 0; i < decimal->digit_count; ++i) {
    digits[i] = static_cast<char>('0' + decimal->digits[i]);
  }
  if (decimal->negative && model.key_format() != 1) {
    // 10^19 - 1 - |n| is the nines' complement of the 19 digits of |n|.
    std::string text(integer_digits, '9');
    text[0] = '-';
    for (std::size_t i = 0; i < digits.size(); ++i) {
      text[integer_digits - digits.size() + i] = static_cast<char>('9' - (digits[i] - '0'));
    }
    return text;
  }
  if (decimal->negative) digits.insert(0, "-");
  return std::string(integer_digits - digits.size(), '0').append(digits);
}

Result<std::string> float_text(const Model& model, std::uint32_t field, const Scalar& scalar) {
  const auto number = scalar.kind == ValueKind::number ? number_to_double(scalar.text) : std::nullopt;
  if (!number) return refuse(model, field, scalar, "a key needs a finite number here");
  const double value = *number == 0 ? 0 : *number;  // -0 is 0
  if (model.key_format() == 1) return exponential_text(value);
  constexpr std::uint64_t sign = std::uint64_t{1} << 63;
  auto bits = std::bit_cast<std::uint64_t>(value);
  bits = (bits & sign) != 0 ? ~bits : bits | sign;
  std::string text(16, '0');
  for (std::size_t i = text.size(); i-- > 0; bits >>= 4) text[i] = "0123456789abcdef"[bits & 15];
  return text;
}

Result<std::string> text_of(const Model& model, std::uint32_t field, const Scalar& scalar) {
  if (scalar.kind == ValueKind::null) return refuse(model, field, scalar, "a key needs a value here");
  switch (model.field(field).type) {
    case FieldType::string:
    case FieldType::ulid:
    case FieldType::version:
    case FieldType::related:
      return string_text(model, field, scalar);
    case FieldType::integer:
    case FieldType::counter:
    case FieldType::date_time:
    case FieldType::create_date:
    case FieldType::modified_date:
    case FieldType::ttl:
      return integer_text(model, field, scalar);
    case FieldType::floating:
      return float_text(model, field, scalar);
    case FieldType::boolean:
      if (scalar.kind != ValueKind::boolean)
        return refuse(model, field, scalar, "a key needs a boolean here");
      return std::string(scalar.boolean ? "1" : "0");
    case FieldType::binary:
    case FieldType::string_set:
    case FieldType::map:
    case FieldType::list:
    case FieldType::json:
      break;
  }
  return refuse(model, field, scalar, "a field of this type cannot be in a key");
}

Result<std::string> text_in_key(const Model& model, std::uint32_t field, const Scalar& scalar) {
  const bool custom = model.field(field).custom_key != 0 && scalar.kind != ValueKind::null;
  return custom ? custom_text(model, field, scalar) : text_of(model, field, scalar);
}

}  // namespace

Result<std::string> key_text(const Model& model, std::uint32_t field, const Value& stored) {
  return text_in_key(model, field, scalar_of(stored));
}

Result<std::string> key_text(const Model& model, std::uint32_t field, ValueView stored) {
  return text_in_key(model, field, scalar_of(stored));
}

Result<std::string> type_key_text(const Model& model, std::uint32_t field, const Value& stored) {
  return text_of(model, field, scalar_of(stored));
}

std::optional<std::string> unique_text(const Value& stored) {
  if (const auto* text = stored.get_if<std::string>()) {
    return text->empty() ? std::nullopt : std::optional<std::string>(*text);
  }
  if (const auto* number = stored.get_if<Number>()) {
    const auto decimal = parse_number(number->text);
    return decimal ? std::optional<std::string>(javascript_text(*decimal)) : std::nullopt;
  }
  if (const auto* boolean = stored.get_if<bool>()) return *boolean ? "true" : "false";
  return std::nullopt;
}

namespace {

Result<std::string> half_text(const Model& model, const KeyPart& part, const Value& logical) {
  if (part.kind != KeyPart::Kind::field) return std::string();
  const Result<Value> stored = encode_field(model, part.field, logical);
  if (!stored) return std::unexpected(stored.error());
  return key_text(model, part.field, *stored);
}

}  // namespace

Result<KeyTexts> logical_key_texts(const Model& model, const Value& partition, const Value& sort) {
  Result<std::string> partition_text = half_text(model, model.partition_key(), partition);
  if (!partition_text) return std::unexpected(std::move(partition_text).error());
  Result<std::string> sort_text = half_text(model, model.sort_key(), sort);
  if (!sort_text) return std::unexpected(std::move(sort_text).error());
  return KeyTexts{.partition = std::move(*partition_text), .sort = std::move(*sort_text)};
}

}  // namespace bao::core
