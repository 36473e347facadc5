#pragma once

#include <bao/bao.hpp>
#include <cstdio>
#include <exception>
#include <string>

namespace demo {

/// A heading. run.sh counts the requests that leave between one heading and the next.
inline void section(const std::string& text) {
  std::printf("\n== %s\n", text.c_str());
  std::fflush(stdout);
}

template <class... Arguments>
void say(const char* format, Arguments... arguments) {
  std::printf("   ");
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the formats are literals of this program
  std::printf(format, arguments...);
  std::printf("\n");
  std::fflush(stdout);
}

/// Endpoint, credentials and table come from the environment, as in any deployment.
inline bao::Client connect(std::vector<const bao::ModelInfo*> models, bool strict = false) {
  return bao::init_models({.models = std::move(models), .batch_context = {.require_batch_context = strict}});
}

}  // namespace demo
