#include "core/engine/draft.hpp"

#include "core/keys/javascript_number.hpp"
#include "core/keys/key_text.hpp"
#include "core/value/json_reader.hpp"
#include "core/value/json_writer.hpp"

namespace bao::core {

namespace {

bool is_empty(const Value& value) {
  const auto* text = value.get_if<std::string>();
  return value.is_null() || (text != nullptr && text->empty());
}

// The text of one half of an index key; nothing where its field has no value.
Result<std::optional<std::string>> half_text(const Draft& draft, const KeyPart& part) {
  if (part.kind != KeyPart::Kind::field) return std::string();
  const Value stored = draft.stored(part.field);
  if (is_empty(stored)) return std::nullopt;
  Result<std::string> text = key_text(draft.model(), part.field, stored);
  if (!text) return std::unexpected(std::move(text).error());
  return std::move(*text);
}

std::size_t value_size(const Value& value);

struct SizeOf {
  std::size_t operator()(Value::Null) const { return 1; }
  std::size_t operator()(bool) const { return 1; }
  // About one byte for two significant digits, and one more.
  std::size_t operator()(const Number& number) const { return number.text.size() / 2 + 2; }
  std::size_t operator()(const std::string& text) const { return text.size(); }
  std::size_t operator()(const Binary& bytes) const { return bytes.size(); }
  template <class Set>
  std::size_t operator()(const Set& members) const {
    std::size_t size = 0;
    for (const auto& member : members) size += (*this)(member);
    return size;
  }
  std::size_t operator()(const Value::List& list) const {
    std::size_t size = 3;
    for (const Value& value : list) size += 1 + value_size(value);
    return size;
  }
  std::size_t operator()(const Value::Map& map) const {
    std::size_t size = 3;
    for (const auto& [name, value] : map) size += 1 + name.size() + value_size(value);
    return size;
  }
};

std::size_t value_size(const Value& value) {
  return std::visit(SizeOf{}, value.storage());
}

}  // namespace

Value Draft::stored(std::uint32_t field) const {
  const auto found = set_.find(field);
  return found != set_.end() ? found->second : loaded(field);
}

Value Draft::loaded(std::uint32_t field) const {
  const ValueView view = base_.attribute(model_.field(field).name);
  return view.present() ? view.to_value() : Value();
}

bool Draft::touches(const Index& index) const {
  const auto changes = [this](const KeyPart& part) {
    return part.kind == KeyPart::Kind::field && sets(part.field);
  };
  return changes(index.partition) || changes(index.sort);
}

Result<std::optional<RowKey>> Draft::index_key(std::string_view tenant, const Index& index) const {
  Result<std::optional<std::string>> partition = half_text(*this, index.partition);
  if (!partition) return std::unexpected(std::move(partition).error());
  Result<std::optional<std::string>> sort = half_text(*this, index.sort);
  if (!sort) return std::unexpected(std::move(sort).error());
  if (!*partition || !*sort) return std::nullopt;
  RowKey key{index_partition_key(model_, tenant, index, **partition), index_sort_key(model_, index, **sort)};
  if (std::optional<Error> error = refuse_long_key(model_, index.partition, index.sort, key)) {
    return std::unexpected(std::move(*error));
  }
  return key;
}

Result<KeyTexts> Draft::key_texts() const {
  KeyTexts texts;
  const KeyPart& partition = model_.partition_key();
  if (partition.kind == KeyPart::Kind::field) {
    Result<std::string> text = key_text(model_, partition.field, stored(partition.field));
    if (!text) return std::unexpected(std::move(text).error());
    texts.partition = std::move(*text);
  }
  const KeyPart& sort = model_.sort_key();
  if (sort.kind == KeyPart::Kind::field) {
    Result<std::string> text = key_text(model_, sort.field, stored(sort.field));
    if (!text) return std::unexpected(std::move(text).error());
    texts.sort = std::move(*text);
  }
  return texts;
}

std::optional<std::string> search_text_of(TextFolding& folding, const Draft& draft) {
  const SearchDefinition& search = *draft.model().definition().search;
  std::string text;
  for (const std::string& name : search.fields) {
    const Value stored = draft.stored(*draft.model().field_index(name));
    const auto* const words = stored.get_if<std::string>();
    if (words == nullptr) continue;
    if (!text.empty()) text += ' ';
    text += *words;
  }
  text = search_text(folding, search, std::move(text));
  if (text.empty()) return std::nullopt;
  return text;
}

std::size_t item_size(const Value::Map& item) {
  std::size_t size = 0;
  for (const auto& [name, value] : item) size += name.size() + value_size(value);
  return size;
}

ItemRef make_item(const Value::Map& item) {
  auto document = std::make_shared<Document>();
  JsonWriter(document->text).item(item);
  document->nodes.reserve(item.size() + 1);
  JsonReader reader(document->text);
  std::uint32_t index = 0;
  if (!reader.read_item(*document, index)) return {};
  return {std::move(document), index};
}

}  // namespace bao::core
