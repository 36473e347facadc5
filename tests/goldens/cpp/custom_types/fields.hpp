#pragma once

#include <bao/bao.hpp>
#include <string>

namespace shop {

struct Email {
  std::string text{};
  friend bool operator==(const Email&, const Email&) = default;
};
struct Money {
  std::int64_t cents = 0;
  friend bool operator==(const Money&, const Money&) = default;
};
enum class Level : std::uint8_t { basic = 1, more = 2 };
struct Owner {
  std::string id{};
  friend bool operator==(const Owner&, const Owner&) = default;
};
struct Address {
  std::string city{};
  static constexpr auto describe() { return bao::members<&Address::city>(); }
};

}  // namespace shop

using EmailField = shop::Email;
using MoneyField = shop::Money;
using LevelField = shop::Level;
using OwnerField = shop::Owner;
using AddressField = shop::Address;

template <>
struct bao::FieldTraits<shop::Email> {
  static constexpr FieldType type = FieldType::string;
  static Value write(const shop::Email& email) { return Value(email.text); }
  static bool read(const AttributeView& stored, FieldType, shop::Email& email) {
    email.text = stored.text;
    return stored.kind == ValueKind::string;
  }
  static std::string validate(const shop::Email& email) {
    return email.text.find('@') == std::string::npos ? "must be an e-mail address" : "";
  }
};
template <>
struct bao::FieldTraits<shop::Money> {
  static constexpr FieldType type = FieldType::integer;
  static Value write(shop::Money money) { return Value(money.cents); }
  static bool read(const AttributeView& stored, FieldType, shop::Money& money) {
    return stored.to_int64(money.cents);
  }
};
template <>
struct bao::FieldTraits<shop::Level> {
  static constexpr FieldType type = FieldType::integer;
  static Value write(shop::Level level) { return Value(static_cast<std::int64_t>(level)); }
  static bool read(const AttributeView& stored, FieldType, shop::Level& level) {
    std::int64_t number = 0;
    if (!stored.to_int64(number)) return false;
    level = static_cast<shop::Level>(number);
    return number == 1 || number == 2;
  }
  static shop::Level initial_value() { return shop::Level::basic; }
};
template <>
struct bao::FieldTraits<shop::Owner> {
  static constexpr FieldType type = FieldType::related;
  static Value write(const shop::Owner& owner) { return Value(owner.id); }
  static bool read(const AttributeView& stored, FieldType, shop::Owner& owner) {
    owner.id = stored.text;
    return stored.kind == ValueKind::string;
  }
};
