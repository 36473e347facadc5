#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bao::local {

/// Writes the heads of answers as DynamoDB's look: Date, Content-Type, x-amzn-RequestId, x-amz-crc32,
/// Content-Length.
class AnswerHeads {
 public:
  /// `seed`: request ids follow from it.
  explicit AnswerHeads(std::uint64_t seed) : random_(seed) {}

  /// The Date header is of this second. Cheap to call often.
  void set_time(std::int64_t seconds_since_epoch);

  struct Parts {
    int status = 200;
    std::string_view content_type = "application/x-amz-json-1.0";
    std::string_view body;          ///< for its size and checksum
    std::string_view more_headers;  ///< each line with its CR LF
    bool keep_alive = true;
    bool api = true;  ///< the service's answer: with a request id and the checksum
  };
  void append(std::string& out, const Parts& parts);

 private:
  void append_request_id(std::string& out);

  std::uint64_t random_;
  std::int64_t seconds_ = -1;
  std::string date_line_;
};

}  // namespace bao::local
