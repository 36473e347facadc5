// The embedded engine behind a pipe. A request is "OPERATION SIZE\n" and that many bytes of JSON; its answer
// is "STATUS SIZE\n" and that many bytes. Ends with the input.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "local/local_engine.hpp"
#include "local/store/memory_store.hpp"

namespace {

constexpr std::size_t body_bytes_max = std::size_t{64} << 20;

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace

int main() {
  bao::local::LocalEngine engine(bao::local::make_memory_store(), {.now_ms = now_ms});
  char operation[64];
  std::size_t size = 0;
  while (std::scanf("%63s %zu", operation, &size) == 2) {
    if (std::getchar() != '\n' || size > body_bytes_max) return 2;
    std::string body(size, '\0');
    if (std::fread(body.data(), 1, size, stdin) != size) return 2;
    const bao::local::Answer answer = engine.handle(operation, std::move(body));
    std::printf("%d %zu\n", answer.status, answer.body.size());
    std::fwrite(answer.body.data(), 1, answer.body.size(), stdout);
    std::fflush(stdout);
  }
  return 0;
}
