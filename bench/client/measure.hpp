// What the C++ clients of the benchmark share: a warm-up, a measured loop, one line of JSON.
#pragma once

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <string>

namespace bench {

/** What this process has used, in microseconds: of its own code and of the kernel. */
inline double cpu_us() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

/** Prints {"client": ..., "operation": ..., "items": N, "cpu_us": X, "wall_us": Y} of `run(rounds)`, which
 * gives its items. */
template <typename Run>
void measure(const char* client, const std::string& operation, int rounds, Run&& run) {
  run(rounds / 10 + 1);  // warms up
  const double cpu_before = cpu_us();
  const auto before = std::chrono::steady_clock::now();
  const int items = run(rounds);
  const std::chrono::duration<double, std::micro> wall = std::chrono::steady_clock::now() - before;
  std::printf(R"({"client": "%s", "operation": "%s", "items": %d, "cpu_us": %.0f, "wall_us": %.0f})"
              "\n",
              client, operation.c_str(), items, cpu_us() - cpu_before, wall.count());
}

}  // namespace bench
