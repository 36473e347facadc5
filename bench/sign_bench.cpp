// What signing adds to each request, and checking its checksum to each answer.

#include <benchmark/benchmark.h>

#include <string>

#include "core/aws/fault.hpp"
#include "core/aws/sha256.hpp"
#include "core/aws/sigv4.hpp"

namespace bao::core {
namespace {

void sign(benchmark::State& state) {
  Signer signer("us-west-2", "dynamodb.us-west-2.amazonaws.com");
  signer.set_credentials({.access_key_id = "AKIDEXAMPLE",
                          .secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                          .session_token = std::string(static_cast<std::size_t>(state.range(1)), 't')});
  HttpRequest request{.body = std::string(static_cast<std::size_t>(state.range(0)), 'x')};
  for (auto _ : state) {
    signer.sign(request, 1'700'000'000'000);
    benchmark::DoNotOptimize(request.authorization);
  }
}
BENCHMARK(sign)->ArgNames({"body", "token"})->Args({300, 0})->Args({300, 800})->Args({10'000, 0});

template <void (*compress)(std::uint32_t*, const std::byte*, std::size_t)>
void hash(benchmark::State& state) {
  const std::string blocks(64 * 256, 'x');
  std::array<std::uint32_t, 8> words{};
  for (auto _ : state) {
    compress(words.data(), reinterpret_cast<const std::byte*>(blocks.data()), 256);
    benchmark::DoNotOptimize(words);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(blocks.size()) * state.iterations());
}
BENCHMARK(hash<sha256_compress_portable>);

void checksum(benchmark::State& state) {
  const std::string bytes(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) benchmark::DoNotOptimize(crc32(bytes));
  state.SetBytesProcessed(state.range(0) * state.iterations());
}
BENCHMARK(checksum)->Arg(300)->Arg(30'000);

}  // namespace
}  // namespace bao::core

BENCHMARK_MAIN();
