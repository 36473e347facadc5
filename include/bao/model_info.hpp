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

/// What changes are collected for. Fields get values of their own making, as custom types may, only in
/// `create` and `touch`.
enum class Write : std::uint8_t {
  create,  ///< of a new item
  update,  ///< of one that is there
  touch,   ///< of one that is there and that something changes: as `update`, and what a save sets by itself
};

/// How one member of a model's data is read and written, type erased.
struct FieldBinding {
  /// Loads a stored attribute; false: it is none of this field's. `where`: the part at fault, if it has
  /// parts.
  bool (*load)(void* fields, const AttributeView& attribute, FieldType type, std::string& where);
  void (*load_nothing)(void* fields);
  void (*settle)(void* fields);
  /// Adds what was changed of the field, which is the one at `position`. `write` says which kind of write is
  /// going to be made of it.
  void (*collect)(const void* fields, std::uint32_t position, Write write, std::vector<FieldChange>& changes);
  /// Of a copy of the fields `from`: makes the field have the changes of that one and nothing else.
  void (*keep_changes)(void* fields, const void* from);
  /// A save takes the field's changes; which come after it is told apart from here on.
  void (*mark)(void* fields);
  bool (*changed_since_mark)(const void* fields);
  /// The save is done: takes the field of `stored`, loaded from what it left, under the later changes.
  void (*take_stored)(void* fields, void* stored);
  /// Whether `touch` may give more than `update`.
  bool touches = false;
  const RelatedBinding* related = nullptr;
  /// As in the definition, which is large: what reads items looks at nothing but bindings.
  std::string_view name = {};
  FieldType type = FieldType::string;
};

/// A type whose traits say more than how it is read and written.
template <class T>
inline constexpr bool is_custom = requires(const T& value) { FieldTraits<T>::validate(value); } || requires {
  FieldTraits<T>::initial_value();
} || requires(std::optional<T> value) { FieldTraits<T>::update_before_save(value); };

/// The text in keys of a stored value; nothing: it is none of the type's.
using KeyTextFunction = std::optional<std::string> (*)(const AttributeView& stored, FieldType type);

/// The number by which the core knows a type's own key texts (FieldDefinition::custom_key); one for each
/// function, for the life of the program. Any thread.
[[nodiscard]] std::uint32_t custom_key_number(KeyTextFunction function);

/// A type that has its own text in keys and indexes.
template <class T>
inline constexpr bool makes_key_text = requires(const T& value) { FieldTraits<T>::key_text(value); };

template <auto Member>
struct Binding {
  using Class = ClassOf<Member>;
  using T = ValueOf<Member>;

  static bool load(void* fields, const AttributeView& attribute, FieldType type, std::string& where) {
    T value{};
    if constexpr (requires { FieldTraits<T>::read(attribute, type, value, where); }) {
      if (!FieldTraits<T>::read(attribute, type, value, where)) return false;
    } else {
      if (!FieldTraits<T>::read(attribute, type, value)) return false;
    }
    (static_cast<Class*>(fields)->*Member).load(std::move(value));
    return true;
  }
  /// Of a type that makes_key_text.
  static std::optional<std::string> key_text(const AttributeView& stored, FieldType type) {
    T value{};
    if (!FieldTraits<T>::read(stored, type, value)) return std::nullopt;
    return FieldTraits<T>::key_text(value);
  }
  static void load_nothing(void* fields) { (static_cast<Class*>(fields)->*Member).load_nothing(); }
  static void settle(void* fields) { (static_cast<Class*>(fields)->*Member).settle(); }
  static void collect(const void* fields, std::uint32_t position, Write write,
                      std::vector<FieldChange>& changes) {
    const auto& field = static_cast<const Class*>(fields)->*Member;
    FieldChange change{.field = position};
    if constexpr (requires { field.part_changes(); }) {
      if (field.collect(change, write == Write::create)) {
        changes.push_back(std::move(change));
      } else {
        for (const FieldChange& part : field.part_changes()) {
          changes.push_back(part);
          changes.back().field = position;
        }
      }
    } else if constexpr (is_custom<T>) {
      const bool changed = field.collect(change);
      std::optional<T> value = changed && field.has_value() ? std::optional<T>(*field) : std::nullopt;
      const bool removed = changed && !value && write != Write::create;
      if (!removed && complete(write, value)) change.value = FieldTraits<T>::write(*value);
      if constexpr (requires { FieldTraits<T>::validate(*value); }) {
        if (value) change.refused = FieldTraits<T>::validate(*value);
      }
      if (changed || value) changes.push_back(std::move(change));
    } else if constexpr (requires { field.collect(change, true); }) {
      if (field.collect(change, write == Write::create)) changes.push_back(std::move(change));
    } else {
      if (field.collect(change)) changes.push_back(std::move(change));
    }
  }
  static void keep_changes(void* fields, const void* from) {
    FieldOf<Member>& field = static_cast<Class*>(fields)->*Member;
    const FieldOf<Member>& original = static_cast<const Class*>(from)->*Member;
    if (!original.changed()) {
      std::destroy_at(&field);
      std::construct_at(&field);
    } else if constexpr (requires { field.copy_parts(original); }) {
      field.copy_parts(original);
    }
  }
  static void mark(void* fields) { (static_cast<Class*>(fields)->*Member).mark(); }
  static bool changed_since_mark(const void* fields) {
    return (static_cast<const Class*>(fields)->*Member).changed_since_mark();
  }
  static void take_stored(void* fields, void* stored) {
    (static_cast<Class*>(fields)->*Member).take_stored(std::move(static_cast<Class*>(stored)->*Member));
  }

 private:
  /// Lets the type give or change the value; whether it has.
  static bool complete(Write write, std::optional<T>& value) {
    bool given = false;
    if constexpr (requires { FieldTraits<T>::initial_value(); }) {
      given = write == Write::create && !value;
      if (given) value = FieldTraits<T>::initial_value();
    }
    if constexpr (requires { FieldTraits<T>::update_before_save(value); }) {
      if (write != Write::update) {
        value = FieldTraits<T>::update_before_save(std::move(value));
        given = true;
      }
    }
    return given && value;
  }

 public:
  static constexpr bool touches =
      requires(std::optional<T> value) { FieldTraits<T>::update_before_save(value); };
  static constexpr FieldBinding functions{&load,
                                          &load_nothing,
                                          &settle,
                                          &collect,
                                          &keep_changes,
                                          &mark,
                                          &changed_since_mark,
                                          &take_stored,
                                          touches,
                                          related_binding<Member>(),
                                          {},
                                          {}};
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
    info_.definition.fields.push_back(detail::define_field(field.name, field.type, field.options));
    if constexpr (detail::makes_key_text<detail::ValueOf<Member>>) {
      info_.definition.fields.back().custom_key =
          detail::custom_key_number(&detail::Binding<Member>::key_text);
    }
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
