#include "cli/long_work.hpp"

#include <csignal>
#include <cstdio>
#include <utility>
#include <vector>

#include "cli/item_client.hpp"

namespace bao::cli {

namespace {

Task<void> run_parts(int parts, const std::function<Task<void>(int part)>& part) {
  std::vector<Task<void>> tasks;
  tasks.reserve(static_cast<std::size_t>(parts));
  for (int number = 0; number < parts; ++number) tasks.push_back(part(number));
  auto running = all(std::move(tasks));
  co_await std::move(running);
}

}  // namespace

LongWork::LongWork(Client& client) : client_(client), signals_(client.io_context(), SIGINT, SIGTERM) {}

LongWork::~LongWork() {
  if (signal_ == 0) return;
  progress.clear();
  (void)std::fflush(nullptr);
  (void)std::raise(signal_);
}

void LongWork::run(int parts, const std::function<Task<void>(int part)>& part) {
  signals_.async_wait([this](const boost::system::error_code& gone, int signal) {
    if (gone) return;
    signal_ = signal;
    stop_with("interrupted");
    signals_.clear();
    stop_.request_stop();
  });
  Context context = client_.context();
  context.stop = stop_.get_token();
  sync_wait(client_, with_context(context, [&] { return run_parts(parts, part); }));
  progress.clear();
}

void LongWork::stop_with(std::string problem) {
  if (problem_.empty()) problem_ = std::move(problem);
}

void LongWork::stop_with(const Error& error) {
  stop_with(one_line(error));
}

Task<void> each_page(LongWork& work, core::RowScan scan,
                     std::function<Task<void>(core::ScannedRows& page)> use) {
  while (work.goes_on()) {
    auto reading = detail::scan_rows(scan).as_result();
    Result<core::ScannedRows> page = co_await std::move(reading);
    if (!page) {
      work.stop_with(page.error());
      co_return;
    }
    auto using_it = use(*page);
    co_await std::move(using_it);
    if (page->last_evaluated_key.is_null()) co_return;
    scan.start_key = std::move(page->last_evaluated_key);
  }
}

}  // namespace bao::cli
