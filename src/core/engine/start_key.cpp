#include "core/engine/start_key.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "core/expression/expression.hpp"
#include "core/keys/row_keys.hpp"
#include "core/value/concat.hpp"
#include "core/value/utf8.hpp"

namespace bao::core {

namespace {

Error refuse(const Model& model, const ReadPlace& place, std::string_view attribute, const std::string& why,
             std::string value = {}) {
  return {ErrorCode::query,
          ErrorDetails{
              .message = concat({model.name(), ": ", why,
                                 "; it must be the lastEvaluatedKey of an earlier page of the same read"}),
              .model = model.name(),
              .field = std::string(attribute),
              .value = std::move(value),
              .index = std::string(place.index)}};
}

std::string named(const ReadPlace& place) {
  return place.index.empty() ? std::string("the primary key") : concat({"index '", place.index, "'"});
}

// Why DynamoDB would not take the value for a key; null: it would.
const char* flaw_of(const Value& value, std::size_t bytes_max) {
  const auto* const text = value.get_if<std::string>();
  if (text == nullptr) return "is not a text";
  if (text->empty()) return "is empty";
  if (text->size() > bytes_max) return "is too long for a key";
  return is_valid_utf8(*text) ? nullptr : "is not UTF-8";
}

}  // namespace

ReadPlace place_in(const Index& index, std::string_view partition) {
  return {.index = index.name,
          .pk = index_pk_attribute(index.gsi),
          .sk = index_sk_attribute(index.gsi),
          .partition = partition};
}

std::optional<Error> check_start_key(const Model& model, const ReadPlace& place, const Value& start_key) {
  if (start_key.is_null()) return std::nullopt;
  const auto* const key = start_key.get_if<Value::Map>();
  if (key == nullptr) return refuse(model, place, {}, "the start key is no map of key attributes");
  const std::array<std::string_view, 4> names{pk_attribute, sk_attribute, place.pk, place.sk};
  // A key of another index lacks attributes as well: what it has too many says more.
  for (const auto& [name, value] : *key) {
    if (std::ranges::find(names, std::string_view(name)) != names.end()) continue;
    const std::string shown = name.substr(0, 100);
    return refuse(model, place, shown,
                  concat({"the start key has '", shown, "', which is no key attribute of ", named(place)}));
  }
  for (std::size_t position = 0; position < names.size(); ++position) {
    const std::string_view name = names[position];
    const auto found = key->find(std::string(name));
    if (found == key->end()) {
      return refuse(model, place, name,
                    concat({"the start key lacks '", name, "', a key attribute of ", named(place)}));
    }
    const std::size_t bytes_max = position % 2 == 0 ? partition_key_bytes_max : sort_key_bytes_max;
    if (const char* const flaw = flaw_of(found->second, bytes_max)) {
      return refuse(model, place, name,
                    concat({"'", name, "' of the start key for ", named(place), " ", flaw}));
    }
  }
  const auto& partition = *key->find(std::string(place.pk))->second.get_if<std::string>();
  if (place.partition.empty() || partition == place.partition) return std::nullopt;
  const std::string shown = partition.substr(0, 100);
  return refuse(
      model, place, place.pk,
      concat({"'", place.pk, "' of the start key is '", shown,
              "', which is another partition or tenant than the one that is read of ", named(place)}),
      shown);
}

std::optional<Error> check_start_sort_key(const Model& model, const Index& index,
                                          const SortKeyCondition& sort, const Value& start_key) {
  const auto* const key = start_key.get_if<Value::Map>();
  if (key == nullptr || sort.empty()) return std::nullopt;
  const ReadPlace place = place_in(index);
  const auto& text = *key->find(std::string(place.sk))->second.get_if<std::string>();
  const Result<bool> meets = meets_sort_condition(model, index, sort, text);
  if (!meets) return meets.error();
  if (*meets) return std::nullopt;
  const std::string shown = text.substr(0, 100);
  return refuse(model, place, place.sk,
                concat({"'", place.sk, "' of the start key is '", shown,
                        "', which does not meet the sort key condition on ", named(place)}),
                shown);
}

}  // namespace bao::core
