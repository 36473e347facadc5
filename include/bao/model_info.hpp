#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <bao/definition.hpp>
#include <bao/expression.hpp>

namespace bao {

struct ModelInfo;

namespace detail {

struct RecordBase;

/// A model class's description once somebody asked for it, for those who know the class by name only: the
/// class may be declared and not defined where a field is related to it.
template <class M>
struct KnownModel {
  static inline std::atomic<const ModelInfo*> info = nullptr;
};

/// How a RelatedField is followed, type erased.
struct RelatedBinding {
  const std::atomic<const ModelInfo*>* target;
  /// Empty where the field names no item.
  const std::string& (*id)(const void* fields);
  std::shared_ptr<void> (*loaded)(const void* fields);
  void (*keep)(const void* fields, std::shared_ptr<void> record);
  void (*keep_weakly)(const void* fields, const std::shared_ptr<void>& record);
};

template <auto Member>
struct BindingOfRelated {
  using Class = ClassOf<Member>;
  using T = ValueOf<Member>;

  static const T& related(const void* fields) { return *(static_cast<const Class*>(fields)->*Member); }
  static const std::string& id(const void* fields) { return related(fields).id(); }
  static std::shared_ptr<void> loaded(const void* fields) { return related(fields).loaded(); }
  static void keep(const void* fields, std::shared_ptr<void> record) {
    related(fields).keep(std::move(record));
  }
  static void keep_weakly(const void* fields, const std::shared_ptr<void>& record) {
    related(fields).keep_weakly(record);
  }
  static constexpr RelatedBinding functions{&KnownModel<typename IsRelated<T>::Model>::info, &id, &loaded,
                                            &keep, &keep_weakly};
};

/// Null for what is no RelatedField.
template <auto Member>
consteval const RelatedBinding* related_binding() {
  if constexpr (IsRelated<ValueOf<Member>>::value) {
    return &BindingOfRelated<Member>::functions;
  } else {
    return nullptr;
  }
}

/// How one member of a model's data is read and written, type erased.
struct FieldBinding {
  /// Loads a stored attribute; false: its type is not this field's.
  bool (*load)(void* fields, const AttributeView& attribute, FieldType type);
  void (*load_nothing)(void* fields);
  void (*settle)(void* fields);
  /// Fills `change` and says whether the field was changed.
  bool (*collect)(const void* fields, FieldChange& change);
  /// Makes the field as if nobody had touched it.
  void (*reset)(void* fields) = nullptr;
  const RelatedBinding* related = nullptr;
  /// As in the definition, which is large: what reads items looks at nothing but bindings.
  std::string_view name = {};
  FieldType type = FieldType::string;
};

template <auto Member>
struct Binding {
  using Class = ClassOf<Member>;
  using T = ValueOf<Member>;

  static bool load(void* fields, const AttributeView& attribute, FieldType type) {
    T value{};
    if (!FieldTraits<T>::read(attribute, type, value)) return false;
    (static_cast<Class*>(fields)->*Member).load(std::move(value));
    return true;
  }
  static void load_nothing(void* fields) { (static_cast<Class*>(fields)->*Member).load_nothing(); }
  static void settle(void* fields) { (static_cast<Class*>(fields)->*Member).settle(); }
  static bool collect(const void* fields, FieldChange& change) {
    return (static_cast<const Class*>(fields)->*Member).collect(change);
  }
  static void reset(void* fields) {
    FieldOf<Member>& field = static_cast<Class*>(fields)->*Member;
    std::destroy_at(&field);
    std::construct_at(&field);
  }
  static constexpr FieldBinding functions{
      &load, &load_nothing, &settle, &collect, &reset, related_binding<Member>(), {}, {}};
};

[[nodiscard]] FieldDefinition define_field(std::string_view name, FieldType type,
                                           const FieldOptions& options);

}  // namespace detail

/// A model as the library sees it: its definition, and how its C++ data is read and written. One for each
/// model class, for the life of the program (`User::model_info()`).
struct ModelInfo {
  ModelDefinition definition = {};
  std::vector<detail::FieldBinding> bindings = {};                 ///< in the order of definition.fields
  std::shared_ptr<detail::RecordBase> (*make_record)() = nullptr;  ///< an empty one of the class's data
};

/// The names that the table's indexes go by in descriptions.
inline constexpr int gsi1 = 1;
inline constexpr int gsi2 = 2;
inline constexpr int gsi3 = 3;
inline constexpr int gsi4 = 4;
inline constexpr int gsi5 = 5;

/// Stands for the model's prefix as one half of a key: all items of the model in one partition.
struct ModelPrefix {
  std::string_view name = "modelPrefix";
};
inline constexpr ModelPrefix model_prefix;

/// Describes a model at a glance:
///
///     static bao::ModelInfo describe() {
///       return bao::schema("Post", "p")
///           .fields(postId, userId, title, createdAt)
///           .primary_key(postId)
///           .index("byUser", bao::gsi1, userId, createdAt);
///     }
class schema {
 public:
  /// `prefix`: 1 to 4 letters, digits, `-` or `_`, unique among the models; it never changes.
  schema(std::string name, std::string prefix) {
    info_.definition.name = std::move(name);
    info_.definition.model_prefix = std::move(prefix);
  }

  template <auto... Member>
  schema& fields(const FieldDescription<Member>&... field) {
    (add(field), ...);
    return *this;
  }
  template <class Partition>
  schema& primary_key(const Partition& partition) {
    info_.definition.primary_key = {
        .partition_key = std::string(partition.name), .sort_key = {}, .location = {}};
    return *this;
  }
  template <class Partition, class Sort>
  schema& primary_key(const Partition& partition, const Sort& sort) {
    info_.definition.primary_key = {
        .partition_key = std::string(partition.name), .sort_key = std::string(sort.name), .location = {}};
    return *this;
  }
  template <class Partition>
  schema& index(std::string name, int gsi, const Partition& partition) {
    return add_index(std::move(name), gsi, partition.name, {});
  }
  template <class Partition, class Sort>
  schema& index(std::string name, int gsi, const Partition& partition, const Sort& sort) {
    return add_index(std::move(name), gsi, partition.name, sort.name);
  }
  /// A name for the primary key, so that it can be queried like an index.
  schema& primary_key_index(std::string name) { return add_index(std::move(name), 0, {}, {}); }
  /// `id`: 1 to 3.
  template <auto Member>
  schema& unique(std::string name, int id, const FieldDescription<Member>& field) {
    info_.definition.unique_constraints.push_back(
        {.name = std::move(name), .field = std::string(field.name), .id = id, .location = {}});
    return *this;
  }
  schema& iterable(int buckets = 10) {
    info_.definition.iterable = true;
    info_.definition.iteration_buckets = buckets;
    return *this;
  }
  /// Words of these string fields can be searched for; `iterable` models only.
  schema& searchable(SearchDefinition search) {
    info_.definition.search = std::move(search);
    return *this;
  }
  /// A default that bao::DefaultValue cannot hold (a set, a map, a list, bytes), as a logical value.
  template <auto Member>
  schema& default_value(const FieldDescription<Member>& field, Value value) {
    for (FieldDefinition& defined : info_.definition.fields) {
      if (defined.name != field.name) continue;
      defined.default_value = std::move(value);
      break;
    }
    return *this;
  }
  schema& mapping() {
    info_.definition.table_type = TableType::mapping;
    return *this;
  }
  /// 1: the key texts of dynamo-bao 0.4 - 0.6 to the byte; docs/stored-format.md.
  schema& key_format(int format) {
    info_.definition.key_format = format;
    return *this;
  }

  operator ModelInfo() && { return std::move(info_); }
  operator ModelInfo() & { return std::move(info_); }

 private:
  template <auto Member>
  void add(const FieldDescription<Member>& field) {
    static_assert(FieldValue<detail::ValueOf<Member>>,
                  "FieldTraits<T> must say how this type is a field: type, write and read");
    info_.definition.fields.push_back(detail::define_field(field.name, field.type, field.options));
    info_.bindings.push_back(detail::Binding<Member>::functions);
    info_.bindings.back().name = field.name;  // of the program's text: descriptions are made at compile time
    info_.bindings.back().type = field.type;
  }
  schema& add_index(std::string name, int gsi, std::string_view partition, std::string_view sort) {
    info_.definition.indexes.push_back({.name = std::move(name),
                                        .partition_key = std::string(partition),
                                        .sort_key = std::string(sort),
                                        .gsi = gsi,
                                        .location = {}});
    return *this;
  }

  ModelInfo info_;
};

}  // namespace bao
