// Runs the C++ blocks of the documents. Prints "\x1e PAGE:LINE" before what a block prints, and "\x1e ! PAGE:
// what" for a page that threw.
#include "docs/page.hpp"

#include <cstdio>
#include <exception>
#include <vector>

namespace docs {
namespace {

struct Work {
  const char* page;
  int line;
  std::function<void()> run;
};

std::vector<Work>& works() {
  static std::vector<Work> all;
  return all;
}

}  // namespace

void begin(const char* page, int line) {
  std::printf("\x1e %s:%d\n", page, line);
}

Registered::Registered(const char* page, int line, std::function<void()> work) {
  works().push_back({page, line, std::move(work)});
}

bao::Client client(std::vector<const bao::ModelInfo*> models) {
  return bao::init_models({.models = std::move(models),
                           .aws = {.endpoint = "memory:"},
                           .db = {.table_name = "blog", .iteration_index_name = "iter_search_index"}});
}

}  // namespace docs

int main() {
  for (const docs::Work& work : docs::works()) {
    try {
      if (work.line != 0) docs::begin(work.page, work.line);
      work.run();
    } catch (const std::exception& error) {
      std::printf("\x1e ! %s: %s\n", work.page, error.what());
    }
    std::fflush(stdout);
  }
  return 0;
}
