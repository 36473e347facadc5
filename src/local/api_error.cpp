#include "local/api_error.hpp"

#include "core/value/json_writer.hpp"

namespace bao::local {

std::string ApiError::to_json() const {
  std::string out;
  core::JsonWriter writer(out);
  writer.begin_object();
  writer.key("__type");
  writer.string(type);
  writer.key(capital_message ? "Message" : "message");
  writer.string(message);
  out += members;
  out += '}';
  return out;
}

std::string_view ApiError::name() const {
  const std::string_view text = type;
  const std::size_t hash = text.find('#');
  return hash == std::string_view::npos ? text : text.substr(hash + 1);
}

ApiError service_error(std::string_view name, std::string message) {
  return {400, "com.amazonaws.dynamodb.v20120810#" + std::string(name), std::move(message), {}};
}

ApiError validation_error(std::string message) {
  return {400, "com.amazon.coral.validate#ValidationException", std::move(message), {}};
}

ApiError serialization_error(std::string message) {
  ApiError error{400, "com.amazon.coral.service#SerializationException", std::move(message), {}};
  error.capital_message = true;
  return error;
}

ApiError resource_not_found(std::string message) {
  return service_error("ResourceNotFoundException", std::move(message));
}

ApiError resource_in_use(std::string message) {
  return service_error("ResourceInUseException", std::move(message));
}

ApiError internal_error(std::string message) {
  ApiError error = service_error("InternalServerError", std::move(message));
  error.status = 500;
  return error;
}

}  // namespace bao::local
