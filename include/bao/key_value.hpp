#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include <bao/field.hpp>
#include <bao/value.hpp>

namespace bao {

namespace detail {

struct RecordBase;

template <class T>
struct IsField : std::false_type {};
template <class T>
struct IsField<Field<T>> : std::true_type {};

template <class T>
concept HasPrimaryId = requires(const T& instance) {
  { instance.primary_id() } -> std::convertible_to<std::string>;
};

template <class T>
concept KeyValueSource =
    std::convertible_to<const T&, Value> || IsField<T>::value || HasPrimaryId<T> || FieldValue<T>;

}  // namespace detail

/// The value of one half of a key: what a field can hold, a field that holds it, or an instance, which stands
/// for its id. Default constructed: no value.
class KeyValue {
 public:
  KeyValue() = default;
  template <class T>
    requires(!std::same_as<T, KeyValue>) && detail::KeyValueSource<T>
  KeyValue(const T& source) : value_(of(source)) {
    if constexpr (requires { source.shared_record(); }) {
      instance_ = std::static_pointer_cast<detail::RecordBase>(source.shared_record());
    }
  }

  [[nodiscard]] const Value& get() const& { return value_; }
  [[nodiscard]] Value get() && { return std::move(value_); }
  /// For the library: the instance whose id it is; null where it is none's.
  [[nodiscard]] const std::shared_ptr<detail::RecordBase>& instance() const { return instance_; }

 private:
  template <class T>
  static Value of(const T& source) {
    if constexpr (std::convertible_to<const T&, Value>) {
      return source;
    } else if constexpr (detail::IsField<T>::value) {
      using V = typename T::value_type;
      if constexpr (requires { source.has_value(); }) {
        if (!source.has_value()) return Value();
      }
      return FieldTraits<V>::write(V(*source));
    } else if constexpr (detail::HasPrimaryId<T>) {
      return Value(std::string(source.primary_id()));
    } else {
      return FieldTraits<T>::write(source);
    }
  }

  Value value_;
  std::shared_ptr<detail::RecordBase> instance_;
};

}  // namespace bao
