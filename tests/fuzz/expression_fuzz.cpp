// Arbitrary conditions never crash the builders, and what they build holds placeholders only, each of them
// declared and each declared one used: DynamoDB refuses a request where one is missing or left over.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/expression/expression.hpp"
#include "core/value/json_reader.hpp"

namespace {

using namespace bao;
using namespace bao::core;

void check(bool holds) {
  if (!holds) {
    std::abort();
  }
}

/// Takes decisions from the input; zeros once it is used up.
class Choices {
 public:
  explicit Choices(std::string_view bytes) : bytes_(bytes) {}

  std::uint8_t byte() {
    if (bytes_.empty()) return 0;
    const auto taken = static_cast<std::uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return taken;
  }
  std::size_t below(std::size_t count) { return byte() % count; }
  std::string text() {
    const std::size_t size = std::min<std::size_t>(below(12), bytes_.size());
    std::string taken(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return taken;
  }
  [[nodiscard]] bool done() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

const Model& model() {
  static const std::unique_ptr<const Schema> schema = [] {
    ModelDefinition definition{.name = "Post", .model_prefix = "p", .primary_key = {.partition_key = "f0"}};
    for (int type = 0; type <= static_cast<int>(FieldType::json); ++type) {
      if (static_cast<FieldType>(type) == FieldType::ttl) continue;
      FieldDefinition field{.name = "f" + std::to_string(type), .type = static_cast<FieldType>(type)};
      if (field.type == FieldType::related) field.related_model = "Other";
      definition.fields.push_back(std::move(field));
    }
    definition.fields.push_back({.name = "ttl", .type = FieldType::ttl});
    int gsi = 0;
    for (const char* sort : {"f0", "f1", "f2", "f6", "f10"}) {
      ++gsi;
      definition.indexes.push_back(
          {.name = "i" + std::to_string(gsi), .partition_key = "f13", .sort_key = sort, .gsi = gsi});
    }
    std::vector<ModelDefinition> definitions;
    definitions.push_back(std::move(definition));
    auto built = Schema::build(std::move(definitions), {});
    check(built.has_value());
    return *std::move(built);
  }();
  return *schema->models()[0];
}

Value make_value(Choices& choices, int depth) {
  switch (choices.below(depth > 3 ? 6 : 9)) {
    case 0:
      return {};
    case 1:
      return choices.below(2) == 1;
    case 2:
      return Number{choices.text()};
    case 3:
      return std::int64_t{choices.byte()} - 128;
    case 4:
      return choices.text();
    case 5:
      return Binary(choices.below(4), std::byte{7});
    case 6:
      return Value::StringSet{choices.text(), choices.text()};
    case 7:
      return Value::List{make_value(choices, depth + 1), make_value(choices, depth + 1)};
    default:
      return Value::Map{{choices.text(), make_value(choices, depth + 1)}};
  }
}

std::string make_field(Choices& choices) {
  const std::size_t pick = choices.below(model().fields().size() + 2);
  if (pick < model().fields().size()) return model().fields()[pick].name;
  return pick == model().fields().size() ? "_searchText" : choices.text();
}

Condition make_condition(Choices& choices, int depth) {
  Condition condition;
  condition.kind = static_cast<Condition::Kind>(choices.below(12));
  condition.comparison = static_cast<Comparison>(choices.below(6));
  if (condition.kind >= Condition::Kind::all_of) {
    for (std::size_t i = choices.below(4); i > 0 && !choices.done() && depth < 60; --i) {
      condition.children.push_back(make_condition(choices, depth + 1));
    }
    return condition;
  }
  condition.field = make_field(choices);
  for (std::size_t i = choices.below(8); i > 5; --i) {
    if (choices.below(2) == 0) {
      condition.path.emplace_back(choices.text());
    } else {
      condition.path.emplace_back(choices.below(200));
    }
  }
  for (std::size_t i = choices.below(4); i > 0; --i) condition.operands.push_back(make_value(choices, 0));
  return condition;
}

/// Every placeholder of an expression; aborts where the text holds anything but them, operators and
/// functions.
std::set<std::string> placeholders_in(std::string_view text) {
  std::set<std::string> found;
  int parentheses = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++parentheses;
    if (text[i] == ')') check(--parentheses >= 0);
    if (text[i] != '#' && text[i] != ':') {
      check(std::string_view(" ()[].,=<>_0123456789").find(text[i]) != std::string_view::npos ||
            (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z'));
      continue;
    }
    std::size_t end = i + 2;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    check(end > i + 2);
    found.insert(std::string(text.substr(i, end - i)));
    i = end - 1;
  }
  check(parentheses == 0);
  return found;
}

/// "((a = b))", which DynamoDB refuses; "((a OR b) AND c)" is fine.
bool has_redundant_parentheses(std::string_view text) {
  std::vector<std::size_t> open;
  std::size_t closed_at = 0;
  std::size_t closed_from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') open.push_back(i);
    if (text[i] != ')') continue;
    if (closed_at + 1 == i && open.back() + 1 == closed_from) return true;
    closed_at = i;
    closed_from = open.back();
    open.pop_back();
  }
  return false;
}

void check_declared(const Placeholders& placeholders, const std::set<std::string>& used) {
  std::string json;
  JsonWriter writer(json);
  writer.begin_object();
  placeholders.write_members(writer);
  writer.end_object();
  JsonReader reader(json);
  std::set<std::string> declared;
  std::string_view member;
  check(reader.enter_object());
  while (reader.next_member(member)) {
    std::string_view name;
    check(reader.enter_object());
    while (reader.next_member(name)) {
      check(declared.emplace(name).second);
      if (!reader.skip_value())
        return;  // text that is not UTF-8 is refused before it is written to a request
    }
  }
  if (!reader.failed()) check(declared == used);
}

void check_error(const Error& error) {
  check(error.code() == ErrorCode::query || error.code() == ErrorCode::validation);
  check(!error.message().empty() && error.details().model == "Post");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices({reinterpret_cast<const char*>(data), size});
  Placeholders placeholders;
  std::set<std::string> used;

  const Index& index = model().indexes()[choices.below(model().indexes().size())];
  SortKeyCondition sort;
  sort.kind = static_cast<SortKeyCondition::Kind>(choices.below(8));
  for (std::size_t i = choices.below(3); i > 0; --i) sort.operands.push_back(make_value(choices, 0));
  const auto key = key_condition_expression(model(), index, "pk", sort, placeholders);
  if (!key) {
    check_error(key.error());
    return 0;
  }
  used.merge(placeholders_in(*key));

  const auto condition = condition_expression(model(), make_condition(choices, 0), placeholders);
  if (!condition) {
    check_error(condition.error());
    return 0;
  }
  check(condition->size() <= 4096);
  check(!has_redundant_parentheses(*condition));
  used.merge(placeholders_in(*condition));

  UpdateExpression update(placeholders);
  for (std::size_t i = choices.below(5); i > 0; --i) {
    const std::string attribute = choices.text();
    switch (choices.below(6)) {
      case 0:
        update.set(attribute, make_value(choices, 0));
        break;
      case 1:
        update.remove(attribute);
        break;
      case 2:
        update.add(attribute, 1);
        break;
      case 3:
        update.delete_members(attribute, Value::StringSet{"x"});
        break;
      case 4:
        update.set_path(attribute, {choices.text(), choices.below(9)}, make_value(choices, 0));
        break;
      default:
        update.remove_path(attribute, {choices.below(9), choices.text()});
        break;
    }
  }
  used.merge(placeholders_in(update.text()));
  check_declared(placeholders, used);
  return 0;
}
