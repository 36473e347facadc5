#include <algorithm>

#include "core/expression/expression.hpp"
#include "core/expression/refusal.hpp"
#include "core/keys/row_keys.hpp"

namespace bao::core {

Result<std::string> projection_expression(const Model& model, const std::vector<std::string>& fields,
                                          Placeholders& placeholders) {
  // The row's own key tells whose answer an item is; the key fields make its primary id.
  std::vector<std::string_view> attributes{pk_attribute, sk_attribute};
  const auto include = [&attributes](std::string_view name) {
    if (std::find(attributes.begin(), attributes.end(), name) == attributes.end()) attributes.push_back(name);
  };
  for (const KeyPart& part : {model.partition_key(), model.sort_key()}) {
    if (part.kind == KeyPart::Kind::field) include(model.field(part.field).name);
  }
  for (const std::string& field : fields) {
    if (!model.field_index(field)) return refuse_query(model, field, "there is no such field to read");
    include(field);
  }
  std::string text;
  for (const std::string_view attribute : attributes) {
    if (!text.empty()) text.append(", ");
    text.append(placeholders.name(attribute));
  }
  return text;
}

}  // namespace bao::core
