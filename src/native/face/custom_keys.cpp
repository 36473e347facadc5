#include "native/face/custom_keys.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <vector>

#include <bao/model_info.hpp>

namespace bao::detail {

namespace {

class KeysOfTraits final : public core::CustomKeys {
 public:
  std::uint32_t number(KeyTextFunction function) {
    const std::scoped_lock lock(mutex_);
    const auto known = std::ranges::find(functions_, function);
    const auto number = static_cast<std::uint32_t>(known - functions_.begin()) + 1;
    if (known == functions_.end()) functions_.push_back(function);
    return number;
  }

  Result<std::string> key_text(const core::Model& model, std::uint32_t field, ValueKind kind,
                               std::string_view value) override {
    const FieldDefinition& definition = model.field(field);
    const auto refuse = [&](const std::string& why) {
      const std::string shown(value.substr(0, 100));
      return std::unexpected(
          Error(ErrorCode::validation,
                {.message = model.name() + "." + definition.name + ": " + why + " (value \"" + shown + "\")",
                 .model = model.name(),
                 .field = definition.name,
                 .value = shown}));
    };
    const KeyTextFunction function = function_of(definition.custom_key);
    if (function == nullptr) return refuse("the code that makes its keys is not there");
    // The core has no exceptions to pass through it.
    try {
      auto text = function({.kind = kind, .text = value, .boolean = value == "true"}, definition.type);
      if (!text) return refuse("is no value of its C++ type, which makes its text in keys");
      return *std::move(text);
    } catch (const std::exception& error) {
      return refuse(error.what());
    } catch (...) {
      return refuse("the code that makes its keys threw something");
    }
  }

 private:
  KeyTextFunction function_of(std::uint32_t number) {
    const std::scoped_lock lock(mutex_);
    return number == 0 || number > functions_.size() ? nullptr : functions_[number - 1];
  }

  std::mutex mutex_;
  std::vector<KeyTextFunction> functions_;
};

KeysOfTraits& keys_of_traits() {
  static KeysOfTraits keys;
  return keys;
}

}  // namespace

std::uint32_t custom_key_number(KeyTextFunction function) {
  return keys_of_traits().number(function);
}

core::CustomKeys& custom_keys() {
  return keys_of_traits();
}

}  // namespace bao::detail
