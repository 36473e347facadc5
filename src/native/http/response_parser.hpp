#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/request/http.hpp"

namespace bao::native {

struct ResponseLimits {
  std::size_t head_bytes_max = 64 * 1024;         ///< status line, headers and trailers together
  std::size_t body_bytes_max = 64 * 1024 * 1024;  ///< DynamoDB's own answers end at 16 MB
};

/// Reads one HTTP/1.x answer (RFC 9112) from pieces of any size. Keeps only the headers that HttpResponse
/// has. Strict where leniency could lose the boundary between two answers: CRLF line ends, one
/// Content-Length, not together with Transfer-Encoding, no folded headers. Informational (1xx) answers are
/// skipped.
class ResponseParser {
 public:
  explicit ResponseParser(ResponseLimits limits = {}) : limits_(limits) {}

  /// Ready for the next answer.
  void reset();

  /// Takes bytes until the answer is whole or wrong; returns how many it took.
  std::size_t feed(std::string_view bytes);
  /// The peer closed: this may be what ends the body, else it is a failure.
  void end_of_stream();

  /// Where the next bytes of a body of known length may be read to directly, followed by commit(); empty
  /// where feed() must be used.
  [[nodiscard]] std::span<char> body_space();
  void commit(std::size_t bytes);

  [[nodiscard]] bool done() const { return state_ == State::done; }
  [[nodiscard]] bool failed() const { return state_ == State::failed; }
  [[nodiscard]] const std::string& failure() const { return failure_; }
  /// At least one byte of an answer was seen since reset().
  [[nodiscard]] bool started() const { return started_; }
  /// After done(): the connection may carry another request.
  [[nodiscard]] bool keep_alive() const { return keep_alive_; }
  [[nodiscard]] core::HttpResponse take() { return std::move(response_); }

 private:
  enum class State : std::uint8_t {
    head,
    body_length,
    body_until_close,
    chunk_size,
    chunk_data,
    chunk_end,
    trailers,
    done,
    failed,
  };

  std::size_t feed_head(std::string_view bytes);
  std::size_t feed_body(std::string_view bytes);
  std::size_t feed_line(std::string_view bytes);
  bool parse_head(std::string_view head);
  bool parse_header(std::string_view name, std::string_view value);
  bool parse_chunk_size(std::string_view line);
  void choose_body();
  bool fail(std::string reason);

  ResponseLimits limits_;
  State state_ = State::head;
  bool started_ = false;
  bool keep_alive_ = true;
  bool chunked_ = false;
  bool encoded_ = false;
  bool has_length_ = false;
  std::uint64_t remaining_ = 0;  ///< of the body, or of the chunk
  std::size_t head_bytes_ = 0;
  std::size_t body_filled_ = 0;  ///< body.size() may be larger while a body of known length arrives
  std::string pending_;          ///< of a head or a line that came in pieces
  std::string failure_;
  core::HttpResponse response_;
};

}  // namespace bao::native
