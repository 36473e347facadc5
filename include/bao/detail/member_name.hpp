#pragma once

#include <cstddef>
#include <string_view>

namespace bao::detail {

/// "title" for &PostFields::title, as the compiler spells it. Both compilers end the signature with the
/// template argument and ']'; the name is what follows the last ':'.
template <auto Member>
consteval std::string_view member_name() {
  std::string_view text = __PRETTY_FUNCTION__;
  std::size_t end = text.rfind(']');
  // g++ appends "; std::string_view = ..." to the arguments of the function.
  const std::size_t argument = text.find("Member = ");
  const std::size_t separator = text.find(';', argument);
  if (separator != std::string_view::npos && separator < end) end = separator;
  text = text.substr(0, end);
  while (text.ends_with(')')) text.remove_suffix(1);
  return text.substr(text.rfind(':') + 1);
}

}  // namespace bao::detail
