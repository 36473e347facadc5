// Between stored items and the typed data of models.

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <span>
#include <vector>

#include <bao/detail/call.hpp>
#include <bao/exception.hpp>
#include <bao/expression.hpp>
#include <bao/field_traits.hpp>

#include "core/value/number.hpp"
#include "native/face/client_state.hpp"
#include "native/face/convert.hpp"
#include "native/text/folding.hpp"

namespace bao {

Value AttributeView::to_value() const {
  return detail::to_value_view(*this).to_value();
}

bool AttributeView::visit_parts(bool (*visit)(void* state, std::string_view name, const AttributeView&),
                                void* state) const {
  for (const core::ValueView part : detail::to_value_view(*this)) {
    if (!visit(state, part.name(), detail::to_attribute(part))) return false;
  }
  return true;
}

bool AttributeView::to_int64(std::int64_t& value) const {
  // Nearly every number: some digits, which always fit.
  if (text.size() - 1 < 18) {
    std::uint64_t number = 0;
    const bool only_digits = std::ranges::all_of(text, [&number](char c) {
      const auto digit = static_cast<unsigned char>(c - '0');
      number = number * 10 + digit;
      return digit < 10;
    });
    if (only_digits) {
      value = static_cast<std::int64_t>(number);
      return true;
    }
  }
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && rest == end) return true;
  const std::optional<std::int64_t> number = core::number_to_int64(text);
  if (number) value = *number;
  return number.has_value();
}

bool AttributeView::to_double(double& value) const {
  const std::optional<double> number = core::number_to_double(text);
  if (number) value = *number;
  return number.has_value();
}

Value DefaultValue::to_value() const {
  switch (kind) {
    case Kind::none:
      break;
    case Kind::boolean:
      return Value(boolean);
    case Kind::integer:
      return Value(integer);
    case Kind::floating:
      return Value(floating);
    case Kind::text:
      return Value(text);
  }
  return Value();
}

LoaderContext::LoaderContext() : state_(std::make_shared<detail::LoaderState>()) {}

namespace detail {

FieldDefinition define_field(std::string_view name, FieldType type, const FieldOptions& options) {
  FieldDefinition field;
  field.name = std::string(name);
  field.type = type;
  field.required = options.required;
  field.auto_assign = options.auto_assign;
  field.default_value = options.default_value.to_value();
  if (options.max_length > 0) field.max_length = options.max_length;
  if (options.precision >= 0) field.precision = options.precision;
  if (options.max_string_length > 0) field.max_string_length = options.max_string_length;
  if (options.max_member_count > 0) field.max_member_count = options.max_member_count;
  field.related_model = std::string(options.related_model);
  return field;
}

void visit_attributes(const RawItem& item,
                      bool (*visit)(void* state, std::string_view name, const AttributeView&), void* state) {
  for (const core::ValueView attribute : to_item(item).view()) {
    if (!visit(state, attribute.name(), to_attribute(attribute))) return;
  }
}

Value::Map to_map(const RawItem& item) {
  Value::Map map;
  if (!item) return map;
  for (const core::ValueView attribute : to_item(item).view()) {
    map.emplace(std::string(attribute.name()), attribute.to_value());
  }
  return map;
}

namespace {

Error unreadable(const ModelInfo& model, const FieldDefinition& field, const AttributeView& attribute,
                 const std::string& part) {
  const std::string value(attribute.text.substr(0, 100));
  const std::string name = model.definition.name + "." + field.name + part;
  const bool is_part = !part.empty() || attribute.kind == ValueKind::map || attribute.kind == ValueKind::list;
  return {ErrorCode::data_format,
          ErrorDetails{.message = is_part ? name + ": what is stored there does not fit the C++ type"
                                          : name + ": the stored value '" + value + "' cannot be a " +
                                                field_type_name(field.type),
                       .model = model.definition.name,
                       .field = field.name,
                       .value = value}};
}

}  // namespace

namespace {

/// Which fields were loaded: bits, of which those of usual models need no memory.
class LoadedFields {
 public:
  explicit LoadedFields(std::size_t count) {
    if (count > bits) more_.resize((count - 1) / bits);
  }
  void add(std::size_t field) { word(field) |= std::uint64_t{1} << field % bits; }
  [[nodiscard]] bool has(std::size_t field) { return (word(field) >> field % bits & 1U) != 0; }

 private:
  static constexpr std::size_t bits = 64;
  std::uint64_t& word(std::size_t field) { return field < bits ? first_ : more_[field / bits - 1]; }

  std::uint64_t first_ = 0;
  std::vector<std::uint64_t> more_;
};

}  // namespace

std::optional<Error> load_fields(const ModelInfo& model, const RawItem& item, void* fields) {
  const std::span<const FieldBinding> bindings = model.bindings;
  const std::size_t count = bindings.size();
  LoadedFields loaded(count);
  std::size_t left = count;
  // Items of one model often have their attributes in much the same order: look behind the last one first.
  std::size_t next = 0;
  const auto* const document = static_cast<const core::Document*>(item.document.get());
  for (const core::ValueView attribute : core::ValueView(*document, item.index)) {
    const std::string_view name = attribute.name();
    if (name.starts_with('_')) continue;  // the keys: no field may be called so
    for (std::size_t step = 0; step < count; ++step) {
      const FieldBinding& binding = bindings[next];
      const std::size_t position = next;
      if (++next == count) next = 0;
      if (binding.name != name) continue;
      if (attribute.kind() == ValueKind::null) break;
      const AttributeView view = to_attribute(attribute);
      std::string where;
      if (!binding.load(fields, view, binding.type, where)) {
        return unreadable(model, model.definition.fields[position], view, where);
      }
      loaded.add(position);
      --left;
      break;
    }
  }
  for (std::size_t position = 0; left > 0 && position < count; ++position) {
    if (loaded.has(position)) continue;
    bindings[position].load_nothing(fields);
    --left;
  }
  return std::nullopt;
}

std::vector<FieldChange> collect_changes(const ModelInfo& model, const void* fields, Write write) {
  const auto collect = [&](Write kind) {
    std::vector<FieldChange> changes;
    for (std::uint32_t position = 0; position < model.bindings.size(); ++position) {
      model.bindings[position].collect(fields, position, kind, changes);
    }
    return changes;
  };
  std::vector<FieldChange> changes = collect(write);
  const bool touches = write == Write::update && !changes.empty() &&
                       std::ranges::any_of(model.bindings, &FieldBinding::touches);
  return touches ? collect(Write::touch) : changes;
}

void settle_fields(const ModelInfo& model, void* fields) {
  for (const FieldBinding& binding : model.bindings) binding.settle(fields);
}

std::string item_id(const ModelInfo& model, const RawItem& item) {
  if (!item) return {};
  const core::ItemRef stored = to_item(item);
  const core::ValueView pk = stored.attribute(core::pk_attribute);
  const core::ValueView sk = stored.attribute(core::sk_attribute);
  if (!pk.present() || !sk.present()) return {};
  return core::row_primary_id(model.definition, pk.text(), sk.text());
}

std::shared_ptr<void> RawEntry::instance() const {
  return entry_ ? static_cast<const core::Entry*>(entry_.get())->face : nullptr;
}

void RawEntry::keep(std::shared_ptr<void> instance) const {
  if (entry_) static_cast<core::Entry*>(entry_.get())->face = std::move(instance);
}

std::string normalize_search_term(const ModelInfo& model, std::string term) {
  const std::optional<SearchDefinition>& search = model.definition.search;
  if (!search) {
    throw_error(
        Error(ErrorCode::configuration,
              ErrorDetails{.message = model.definition.name + ": the model is not configured as searchable",
                           .model = model.definition.name}));
  }
  return core::search_term(native::text_folding(), *search, std::move(term));
}

}  // namespace detail

std::vector<std::string> split_search_query(std::string_view query) {
  return core::split_search_query(query);
}

}  // namespace bao
