// scenarios ENGINE [--verbose] [FILTER]: runs tests/scenarios/*.yaml against memory, dynalite, dynoxide or
// dynamodb-local. FILTER: only scenarios whose "topic: name" holds it. Exit: 0, 1 a scenario failed, 2 usage,
// 77 the engine is not installed.

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/cpp/failure.hpp"
#include "scenarios/cpp/scenario.hpp"
#include "support/source_dir.hpp"

namespace bao::scenarios {

namespace {

struct Options {
  std::string engine;
  std::string filter;
  bool verbose = false;
};

struct Totals {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t skipped = 0;
  std::size_t steps = 0;
  std::size_t expectations = 0;
};

// Why the scenario does not run on this engine; empty where it does.
std::string why_skipped(const YAML::Node& scenario, const std::string& engine) {
  return member_of(scenario, "skip", engine).as<std::string>("");
}

void run_scenario(Engine& engine, const Options& options, const YAML::Node& file, const YAML::Node& node,
                  Totals& totals) {
  const std::string name = file["topic"].Scalar() + ": " + node["name"].Scalar();
  if (name.find(options.filter) == std::string::npos) return;
  if (const std::string reason = why_skipped(node, options.engine); !reason.empty()) {
    ++totals.skipped;
    std::printf("skip  %s (%s)\n", name.c_str(), reason.c_str());
    return;
  }
  const std::string table =
      "scenario-" + std::to_string(getpid()) + "-" + std::to_string(totals.passed + totals.failed + 1);
  try {
    Scenario scenario({.engine = engine,
                       .engine_name = options.engine,
                       .table = table,
                       .models = node["models"] ? node["models"] : file["models"],
                       .node = node,
                       .print_requests = options.verbose});
    scenario.run();
    ++totals.passed;
    totals.steps += scenario.steps();
    totals.expectations += scenario.expectations();
    std::printf("ok    %s\n", name.c_str());
  } catch (const std::exception& error) {
    ++totals.failed;
    std::printf("FAIL  %s\n      %s\n", name.c_str(), error.what());
  }
  std::fflush(stdout);
}

std::vector<std::filesystem::path> corpus() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(testing_support::source_dir() + "/tests/scenarios")) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

int run(const Options& options) {
  auto engine = options.engine == "memory" ? make_memory_engine() : start_peer(options.engine);
  if (!engine) {
    const bool must = std::getenv("CI") != nullptr;
    std::printf("%s: %s is not installed (./dev setup)\n", must ? "FAIL" : "skipped", options.engine.c_str());
    return must ? 1 : 77;
  }
  Totals totals;
  const auto started = std::chrono::steady_clock::now();
  for (const std::filesystem::path& path : corpus()) {
    const YAML::Node file = YAML::LoadFile(path.string());
    for (const YAML::Node& node : file["scenarios"]) run_scenario(*engine, options, file, node, totals);
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  std::printf("%s: %zu scenarios passed, %zu failed, %zu skipped; %zu steps, %zu expectations, %.1f s\n",
              options.engine.c_str(), totals.passed, totals.failed, totals.skipped, totals.steps,
              totals.expectations, seconds.count());
  // A corpus that was not found, or a filter that fits nothing, proves nothing.
  return totals.failed == 0 && totals.passed > 0 ? 0 : 1;
}

}  // namespace

}  // namespace bao::scenarios

int main(int argc, char** argv) {
  bao::scenarios::Options options;
  for (int position = 1; position < argc; ++position) {
    const std::string argument = argv[position];
    if (argument == "--verbose") {
      options.verbose = true;
    } else if (options.engine.empty()) {
      options.engine = argument;
    } else {
      options.filter = argument;
    }
  }
  const std::vector<std::string> engines{"memory", "dynalite", "dynoxide", "dynamodb-local"};
  if (std::ranges::find(engines, options.engine) == engines.end()) {
    std::fprintf(stderr, "scenarios memory|dynalite|dynoxide|dynamodb-local [--verbose] [FILTER]\n");
    return 2;
  }
  try {
    return bao::scenarios::run(options);
  } catch (const std::exception& error) {
    std::printf("FAIL  %s\n", error.what());
    return 1;
  }
}
