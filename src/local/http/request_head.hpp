#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bao::local {

inline constexpr std::size_t request_head_size_max = 16 * 1024;

/// What the server needs of a request's first lines. The views lie in the parsed bytes.
struct RequestHead {
  enum class Method : std::uint8_t { get, head, post, options, other };

  Method method = Method::other;
  std::string_view path;               ///< with the query, as sent
  std::string_view api_target;         ///< X-Amz-Target
  std::string_view content_type;       ///< with its parameters
  std::string_view origin;             ///< of a browser's request; empty: none
  std::string_view requested_headers;  ///< Access-Control-Request-Headers
  std::size_t size = 0;                ///< in bytes, the empty line included
  std::size_t content_length = 0;
  bool is_chunked = false;  ///< Transfer-Encoding: chunked
  bool has_authorization = false;
  bool keep_alive = true;
  bool expects_continue = false;
};

enum class HeadResult : std::uint8_t {
  complete,
  incomplete,  ///< nothing wrong so far
  bad_request,
  too_large,              ///< longer than request_head_size_max
  length_required,        ///< a body without Content-Length, and not in chunks either
  not_implemented,        ///< a transfer coding besides chunks
  version_not_supported,  ///< not HTTP/1.0 or 1.1
  expectation_failed,     ///< Expect is not 100-continue
};

/// Reads the head that `bytes` start with. Lines end in CR LF and are never folded; a header that would make
/// the request's end doubtful (two lengths, a length beside Transfer-Encoding) is a bad request.
[[nodiscard]] HeadResult parse_request_head(std::string_view bytes, RequestHead& head);

}  // namespace bao::local
