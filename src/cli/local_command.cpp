#include <signal.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "cli/commands.hpp"
#include "cli/text_file.hpp"
#include "local/http/server.hpp"
#include "local/lmdb/lmdb_store.hpp"
#include "local/local_engine.hpp"
#include "local/store/memory_store.hpp"

namespace bao::cli {
namespace {

constexpr std::int64_t realistic_table_change_ms = 1'000;

int fail(const std::string& message) {
  std::fprintf(stderr, "bao: %s\n", message.c_str());
  return 1;
}

std::int64_t wall_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::expected<local::FaultPlan, std::string> read_faults(const std::filesystem::path& file) {
  auto text = read_text_file(file);
  if (!text) return std::unexpected(std::move(text).error());
  auto plan = local::parse_fault_plan(std::move(*text));
  if (!plan) return std::unexpected(file.string() + ": " + plan.error());
  return plan;
}

std::expected<std::unique_ptr<local::Store>, std::string> open_store(const LocalCommand& command) {
  if (command.db.empty()) return local::make_memory_store();
  const auto sync = command.sync == "full"  ? local::LmdbSync::full
                    : command.sync == "off" ? local::LmdbSync::off
                                            : local::LmdbSync::normal;
  auto store = local::open_lmdb_store(command.db, {.sync = sync});
  if (!store) return std::unexpected(store.error().message);
  return std::move(*store);
}

local::Server* running = nullptr;

void stop_running(int) {
  running->stop();
}

void handle_signals(local::Server& server) {
  running = &server;
  struct sigaction action = {};
  action.sa_handler = stop_running;
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGINT, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

}  // namespace

int run(const LocalCommand& command) {
  local::LocalEngineOptions options{.now_ms = wall_ms};
  options.table_change_ms = command.realistic ? realistic_table_change_ms : 0;
  options.gsi_delay_ms = command.gsi_delay_ms;
  if (!command.faults.empty()) {
    auto plan = read_faults(command.faults);
    if (!plan) return fail(plan.error());
    options.faults = std::move(*plan);
  }
  auto store = open_store(command);
  if (!store) return fail(store.error());
  local::Store& used_store = **store;
  local::LocalEngine engine(std::move(*store), std::move(options));
  if (!engine.open_error().empty()) return fail(command.db.string() + ": " + engine.open_error());
  auto server = local::Server::open(
      engine, used_store, {.host = command.host, .port = command.port, .origins = {command.allowed_origins}});
  if (!server) return fail(server.error());
  handle_signals(**server);
  std::printf("bao local: %s, %s\n", (*server)->endpoint().c_str(),
              command.db.empty() ? "in memory" : command.db.c_str());
  std::fflush(stdout);
  if (auto done = (*server)->run(); !done) return fail(done.error());
  return 0;
}

}  // namespace bao::cli
