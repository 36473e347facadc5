#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bao::local {

/// Takes apart a body that came with Transfer-Encoding: chunked (RFC 9112, 7.1), piece by piece. Extensions
/// of chunks and trailers are read over.
class ChunkedBody {
 public:
  enum class Result : std::uint8_t {
    complete,
    incomplete,  ///< nothing wrong so far
    malformed,
    too_large,
  };

  /// `bytes`: all that has come behind the request's head, each time with more at the end. `size_max`: of the
  /// body, and of what is sent around it, in bytes each.
  Result read(std::string_view bytes, std::size_t size_max);

  /// Once it is complete.
  [[nodiscard]] const std::string& body() const { return body_; }
  /// How many bytes it took as it was sent.
  [[nodiscard]] std::size_t size() const { return at_; }

 private:
  enum class Part : std::uint8_t { size_line, data, data_end, trailer };

  /// A line without its CR LF.
  Result line(std::string_view bytes, std::string_view& text);
  Result size_line(std::string_view text);

  Part part_ = Part::size_line;
  std::size_t at_ = 0;    ///< where reading goes on
  std::size_t left_ = 0;  ///< of the chunk
  std::string body_;
};

}  // namespace bao::local
