#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "local/http/answer_head.hpp"
#include "local/http/request_head.hpp"
#include "local/local_engine.hpp"

namespace bao::local {

/// Which pages of a browser may send requests.
struct OriginRule {
  /// Origins as browsers send them ("https://app.example"), or "*" for all. Empty: none, so that no page
  /// that a developer visits can reach the tables on the developer's machine.
  std::vector<std::string> allowed;

  [[nodiscard]] bool allows(std::string_view origin) const;
};

/// From a whole HTTP request to the bytes of its answer. Knows no socket.
class Service {
 public:
  Service(LocalEngine& engine, OriginRule origins, std::uint64_t seed)
      : engine_(engine), origins_(std::move(origins)), heads_(seed) {}

  void set_time(std::int64_t seconds_since_epoch) { heads_.set_time(seconds_since_epoch); }
  /// Faults of the engine (faults.hpp) that the connection brings about.
  struct Fate {
    std::int64_t delay_ms = 0;  ///< the answer waits
    bool dropped = false;       ///< nothing was appended: the connection is to end instead
  };
  /// Appends the answer. `keep_alive`: whether the connection stays open behind it.
  [[nodiscard]] Fate answer(const RequestHead& head, std::string_view body, bool keep_alive,
                            std::string& out);
  /// Appends the answer to a request that cannot be read on; the connection closes behind it.
  void refuse(int status, std::string_view message, std::string& out);

 private:
  Fate answer_api(const RequestHead& head, std::string_view body, bool keep_alive, std::string& out);
  void answer_text(int status, std::string_view message, bool keep_alive, std::string& out,
                   std::string_view more_headers = {});
  void answer_preflight(const RequestHead& head, bool keep_alive, std::string& out);
  [[nodiscard]] std::string cross_origin_headers(const RequestHead& head) const;

  LocalEngine& engine_;
  OriginRule origins_;
  AnswerHeads heads_;
};

}  // namespace bao::local
