#pragma once

#include <bao/bao.hpp>
#include <boost/asio/signal_set.hpp>
#include <functional>
#include <stop_token>
#include <string>

#include "cli/terminal.hpp"
#include "native/face/rows.hpp"

namespace bao::cli {

/// Work on a table that takes long, in parts side by side, all of them on one thread. The first problem ends
/// it, and so does SIGINT or SIGTERM (Ctrl+C): calls that are out are cancelled, the command says what was
/// done so far and cleans up, and then the signal ends the process as ever. A second one ends it at once.
/// Made after all questions were asked: from then on signals wait for `run`.
class LongWork {
 public:
  explicit LongWork(Client& client);
  LongWork(const LongWork&) = delete;
  LongWork& operator=(const LongWork&) = delete;
  /// Passes a signal on that came: make it before what has to be cleaned up.
  ~LongWork();

  /// Runs `part` for 0 to `parts` - 1 until all have ended.
  void run(int parts, const std::function<Task<void>(int part)>& part);

  /// Asked by the parts before each page or item.
  [[nodiscard]] bool goes_on() const { return problem_.empty(); }
  /// The other parts end with the page or item that they are at; the first problem is kept.
  void stop_with(std::string problem);
  void stop_with(const Error& error);
  /// Why it ended early ("interrupted"); empty: it did not.
  [[nodiscard]] const std::string& problem() const { return problem_; }

  Progress progress;

 private:
  Client& client_;
  boost::asio::signal_set signals_;
  std::stop_source stop_;
  std::string problem_;
  int signal_ = 0;
};

/// Reads what a scan of rows gives, page after page from `scan.start_key` on, and hands each to `use`.
[[nodiscard]] Task<void> each_page(LongWork& work, core::RowScan scan,
                                   std::function<Task<void>(core::ScannedRows& page)> use);

}  // namespace bao::cli
