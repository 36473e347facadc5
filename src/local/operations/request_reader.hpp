#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/value/json_reader.hpp"
#include "local/api_error.hpp"
#include "local/item/json_codec.hpp"

namespace bao::local {

/// Reads the members of a request with the service's checks of JSON types. The first mistake is kept; after
/// it every call gives false. A member that is null counts as absent.
class RequestReader {
 public:
  explicit RequestReader(std::string& body);

  bool enter_object();
  bool next_member(std::string_view& name);
  bool enter_array();
  bool next_element();
  bool skip() { return reader_.skip_value() || broken(); }

  bool string(std::optional<std::string_view>& out);
  bool boolean(std::optional<bool>& out);
  bool integer(std::optional<std::int64_t>& out);
  bool strings(std::optional<std::vector<std::string_view>>& out);
  /// An item or a key as a record.
  bool record(std::optional<std::string>& out);
  bool value(std::string& out);

  [[nodiscard]] core::JsonType peek() { return reader_.peek(); }
  [[nodiscard]] ValueDecoder& values() { return values_; }
  /// After the last member.
  bool finish();
  [[nodiscard]] bool failed() const { return error_.has_value(); }
  [[nodiscard]] ApiError take_error() { return std::move(*error_); }
  bool refuse(ApiError error);

 private:
  bool broken();
  /// False: of another type, or null. `absent` tells null.
  bool expect(core::JsonType type, std::string_view wanted, bool& absent);

  core::JsonReader reader_;
  ValueDecoder values_;
  std::optional<ApiError> error_;
};

}  // namespace bao::local
