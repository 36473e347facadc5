// The C++ library as a client of a DynamoDB endpoint: what one item costs it, in CPU and in time.
//   bao_client ENDPOINT TABLE seed                         writes the items that every client reads
//   bao_client ENDPOINT TABLE find|find16|find100|query100|create|update ROUNDS

#include <cstdlib>

#include "measure.hpp"
#include "thing.hpp"

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: bao_client ENDPOINT TABLE OPERATION [ROUNDS]\n");
    return 2;
  }
  try {
    const std::string operation = argv[3];
    bao::Client client = bench::client_of(argv[1], argv[2]);
    if (operation == "seed") {
      bao::sync_wait(client, bench::seed());
      return 0;
    }
    bench::measure("bao (C++)", operation, argc > 4 ? std::atoi(argv[4]) : 1,
                   [&](int rounds) { return bao::sync_wait(client, bench::run(operation, rounds)); });
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
