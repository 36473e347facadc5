#include "core/schema/definition_tree.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <span>
#include <string_view>
#include <utility>

#include "core/schema/definition_value.hpp"
#include "core/schema/field_reading.hpp"
#include "core/schema/names.hpp"
#include "core/schema/schema_check.hpp"
#include "core/schema/tree_reader.hpp"
#include "core/value/concat.hpp"
#include "core/value/sort.hpp"

namespace bao::core {
namespace {

using Part = Doubts::Part;

constexpr std::array<std::string_view, 1> file_keys = {"models"};
constexpr std::array<std::string_view, 10> model_keys = {
    "modelPrefix", "tableType", "iterable",   "iterationBuckets", "keyFormat",
    "searchable",  "fields",    "primaryKey", "indexes",          "uniqueConstraints"};
constexpr std::array<std::string_view, 2> key_keys = {"partitionKey", "sortKey"};
constexpr std::array<std::string_view, 3> index_keys = {"partitionKey", "sortKey", "indexId"};
constexpr std::array<std::string_view, 2> unique_keys = {"field", "uniqueConstraintId"};
constexpr std::array<std::string_view, 4> search_keys = {"fields", "caseSensitive", "minTermLength",
                                                         "dedupe"};

/// Reads one model's map into a definition; what cannot be read becomes a doubt.
class ModelLoader {
 public:
  ModelLoader(TreeReader& reader, Doubts& doubts, const DefinitionNode& node,
              std::span<const std::string> custom_type_files)
      : reader_(reader), doubts_(doubts), node_(node), custom_type_files_(custom_type_files) {
    model_.name = node.key;
    model_.location = reader.at(node);
  }

  ModelDefinition load() {
    reader_.about(model_.name);
    const auto options = reader_.options(node_, "the model", model_keys);
    if (!options) {
      doubts_.add(Part::model, model_.name);
      return std::move(model_);
    }
    bool has_key = false;
    const bool had_unknown = reader_.had_unknown();
    for (const DefinitionNode* option : *options) {
      reader_.about(model_.name);
      has_key = has_key || option->key == "primaryKey";
      read(*option);
    }
    reader_.about(model_.name);
    if (!has_key) {
      doubts_.add(Part::primary_key, model_.name);
      if (!had_unknown)
        reader_.report(node_.line, {"primaryKey is missing: it names the field that is the partitionKey"});
    }
    return std::move(model_);
  }

 private:
  void read(const DefinitionNode& option) {
    const std::string_view key = option.key;
    if (key == "modelPrefix") {
      if (!reader_.text(option, model_.model_prefix)) doubts_.add(Part::prefix, model_.name);
    } else if (key == "tableType") {
      table_type(option);
    } else if (key == "iterable") {
      reader_.boolean(option, model_.iterable);
    } else if (key == "iterationBuckets") {
      reader_.integer(option, model_.iteration_buckets);
    } else if (key == "keyFormat") {
      reader_.integer(option, model_.key_format);
    } else if (key == "searchable") {
      searchable(option);
    } else if (key == "fields") {
      fields(option);
    } else if (key == "primaryKey") {
      primary_key(option);
    } else if (key == "indexes") {
      each(option, "indexes", [this](const DefinitionNode& index) { this->index(index); });
    } else {
      each(option, "uniqueConstraints", [this](const DefinitionNode& unique) { unique_constraint(unique); });
    }
  }

  template <class Read>
  bool each(const DefinitionNode& node, std::string_view what, Read read) {
    if (is_null(node)) return true;  // a heading with nothing under it
    const auto members = reader_.members(node, what);
    if (!members) return false;
    for (const DefinitionNode* member : *members) {
      reader_.about(model_.name, member->key);
      read(*member);
    }
    return true;
  }

  void table_type(const DefinitionNode& node) {
    std::string text;
    if (!reader_.text(node, text)) return;
    if (text == "mapping") {
      model_.table_type = TableType::mapping;
    } else if (text != "standard") {
      reader_.report(node.line, {"tableType must be standard or mapping, not ", quoted(text)});
    }
  }

  void searchable(const DefinitionNode& node) {
    if (is_null(node) || boolean_of(node) == false) return;
    if (boolean_of(node) == true) {
      reader_.report(node.line, {"searchable must say what to search: {fields: [title, ...]}, not true"});
      return;
    }
    const auto options = reader_.options(node, "searchable", search_keys);
    if (!options) return;
    SearchDefinition search;
    bool has_fields = false;
    for (const DefinitionNode* option : *options) {
      if (option->key == "fields") {
        has_fields = search_fields(*option, search.fields);
        if (!has_fields) doubts_.add(Part::search, model_.name);
      } else if (option->key == "caseSensitive") {
        reader_.boolean(*option, search.case_sensitive);
      } else if (option->key == "minTermLength") {
        reader_.integer(*option, search.min_term_length);
      } else {
        reader_.boolean(*option, search.dedupe);
      }
    }
    model_.search = std::move(search);
  }

  bool search_fields(const DefinitionNode& node, std::vector<std::string>& out) {
    if (node.kind != DefinitionNode::Kind::list) {
      reader_.report(node.line, {"searchable: fields must be a list, not ", describe(node)});
      return false;
    }
    for (const DefinitionNode& name : node.children) {
      if (name.kind != DefinitionNode::Kind::scalar || is_null(name)) {
        reader_.report(name.line, {"searchable: fields must list names, not ", describe(name)});
        return false;
      }
      out.push_back(name.scalar);
    }
    return true;
  }

  void fields(const DefinitionNode& node) {
    // Without its fields, every key and index of the model would look wrong.
    if (!each(node, "fields", [this](const DefinitionNode& field) { this->field(field); })) {
      doubts_.add(Part::model, model_.name);
    }
  }

  void field(const DefinitionNode& node) {
    FieldReading reading = read_field(reader_, node, custom_type_files_);
    if (!reading.type_known) doubts_.add(Part::field, model_.name, reading.field.name);
    model_.fields.push_back(std::move(reading.field));
  }

  void primary_key(const DefinitionNode& node) {
    KeyDefinition& key = model_.primary_key;
    key.location = reader_.at(node);
    const auto options = reader_.options(node, "primaryKey", key_keys);
    bool known = options.has_value();
    for (std::size_t i = 0; options && i < options->size(); ++i) {
      const DefinitionNode& option = *(*options)[i];
      known = key_half(option, option.key == "sortKey" ? key.sort_key : key.partition_key) && known;
    }
    if (!known || (reader_.had_unknown() && key.partition_key.empty())) {
      doubts_.add(Part::primary_key, model_.name);
    }
  }

  /// A sort key may be said to be nothing.
  bool key_half(const DefinitionNode& option, std::string& out) {
    return (option.key == "sortKey" && is_null(option)) || reader_.text(option, out);
  }

  void index(const DefinitionNode& node) {
    IndexDefinition index{.name = node.key, .location = reader_.at(node)};
    if (node.kind == DefinitionNode::Kind::scalar && node.scalar == "primaryKey") {
      model_.indexes.push_back(std::move(index));
      return;
    }
    const auto options = reader_.options(node, "the index", index_keys);
    bool known = options.has_value();
    bool has_id = false;
    for (std::size_t i = 0; options && i < options->size(); ++i) {
      const DefinitionNode& option = *(*options)[i];
      if (option.key == "indexId") {
        has_id = true;
        if (!numbered(option, {"gsi", {}}, 5, index.gsi))
          doubts_.add(Part::index_id, model_.name, index.name);
      } else {
        known = key_half(option, option.key == "sortKey" ? index.sort_key : index.partition_key) && known;
      }
    }
    if (options && !has_id) {
      if (!reader_.had_unknown()) reader_.report(node.line, {"the index has no indexId: gsi1 to gsi5"});
      doubts_.add(Part::index_id, model_.name, index.name);
    }
    if (!known || (reader_.had_unknown() && index.partition_key.empty())) {
      doubts_.add(Part::index, model_.name, index.name);
    }
    model_.indexes.push_back(std::move(index));
  }

  void unique_constraint(const DefinitionNode& node) {
    UniqueConstraintDefinition unique{.name = node.key, .location = reader_.at(node)};
    const auto options = reader_.options(node, "the unique constraint", unique_keys);
    bool known = options.has_value();
    bool has_id = false;
    for (std::size_t i = 0; options && i < options->size(); ++i) {
      const DefinitionNode& option = *(*options)[i];
      if (option.key == "field") {
        known = reader_.text(option, unique.field) && known;
      } else {
        has_id = true;
        if (!numbered(option, {"uc", "_uc"}, 3, unique.id)) {
          doubts_.add(Part::unique_constraint_id, model_.name, unique.name);
        }
      }
    }
    if (options && !has_id) {
      if (!reader_.had_unknown())
        reader_.report(node.line, {"the unique constraint has no uniqueConstraintId: uc1 to uc3"});
      doubts_.add(Part::unique_constraint_id, model_.name, unique.name);
    }
    if (!known || (reader_.had_unknown() && unique.field.empty())) {
      doubts_.add(Part::unique_constraint, model_.name, unique.name);
    }
    model_.unique_constraints.push_back(std::move(unique));
  }

  /// `1`, or one of the prefixes with it: gsi1.
  bool numbered(const DefinitionNode& node, std::array<std::string_view, 2> prefixes, int last, int& out) {
    if (node.kind == DefinitionNode::Kind::scalar) {
      std::string_view digits = node.scalar;
      for (const std::string_view prefix : prefixes) {
        if (prefix.empty() || !digits.starts_with(prefix)) continue;
        digits.remove_prefix(prefix.size());
        break;
      }
      if (digits.size() == 1 && digits[0] >= '1' && digits[0] <= '0' + last) {
        out = digits[0] - '0';
        return true;
      }
    }
    const std::string name(prefixes[0]);
    reader_.report(node.line, {node.key, " must be ", name, "1 to ", name, last, ", not ", describe(node)});
    return false;
  }

  TreeReader& reader_;
  Doubts& doubts_;
  const DefinitionNode& node_;
  std::span<const std::string> custom_type_files_;
  ModelDefinition model_;
};

/// `seen` has the place of every model so far.
void load_file(const DefinitionTree& tree, std::span<const std::string> custom_type_files, Doubts& doubts,
               std::vector<ModelDefinition>& definitions,
               std::map<std::string, SourceLocation, std::less<>>& seen,
               std::vector<Diagnostic>& diagnostics) {
  TreeReader reader(tree.file, diagnostics);
  if (is_null(tree.root)) {
    reader.report(tree.root.line, {"the file is empty: it has no 'models'"});
    return;
  }
  const auto top = reader.options(tree.root, "the file", file_keys);
  if (!top) return;
  if (top->empty()) {
    if (!reader.had_unknown()) reader.report(tree.root.line, {"the file has no 'models'"});
    return;
  }
  const auto models = reader.members(*top->front(), "models");
  if (!models) return;
  if (models->empty()) reader.report(top->front()->line, {"models is empty: define at least one model"});
  for (const DefinitionNode* model : *models) {
    reader.about({});
    const auto [first, fresh] = seen.emplace(model->key, reader.at(*model));
    if (!fresh) {
      reader.about(model->key);
      reader.report(model->line, {"the model is defined twice (first at ", first->second.file, ":",
                                  first->second.line, ")"});
      continue;
    }
    definitions.push_back(ModelLoader(reader, doubts, *model, custom_type_files).load());
  }
}

/// In the order of the files and lines; those of one line as they were found.
std::vector<Diagnostic> by_place(std::vector<Diagnostic> diagnostics) {
  const auto order = sorted_positions(diagnostics.size(), [&](std::uint32_t a, std::uint32_t b) {
    const SourceLocation& left = diagnostics[a].location;
    const SourceLocation& right = diagnostics[b].location;
    if (const int files = left.file.compare(right.file); files != 0) return files < 0;
    return left.line != right.line ? left.line < right.line : a < b;
  });
  std::vector<Diagnostic> sorted;
  sorted.reserve(diagnostics.size());
  for (const std::uint32_t i : order) sorted.push_back(std::move(diagnostics[i]));
  return sorted;
}

}  // namespace

std::expected<std::unique_ptr<const Schema>, std::vector<Diagnostic>> schema_from_trees(
    const std::vector<DefinitionTree>& trees, std::vector<Diagnostic> earlier, Schema::Options options) {
  std::vector<Diagnostic> diagnostics = std::move(earlier);
  std::vector<ModelDefinition> definitions;
  std::map<std::string, SourceLocation, std::less<>> seen;
  Doubts doubts;
  if (!diagnostics.empty()) options.related_models_must_exist = false;
  for (const DefinitionTree& tree : trees) {
    load_file(tree, options.custom_type_files, doubts, definitions, seen, diagnostics);
  }

  std::vector<Diagnostic> found = check_definitions(definitions, options, doubts);
  std::ranges::move(found, std::back_inserter(diagnostics));
  if (diagnostics.empty()) return Schema::build(std::move(definitions), options);

  return std::unexpected(by_place(std::move(diagnostics)));
}

}  // namespace bao::core
