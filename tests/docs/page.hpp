#pragma once

#include <bao/bao.hpp>
#include <functional>
#include <string>
#include <utility>

#if __has_include(<models/models.hpp>)
#include <models/models.hpp>
#else
namespace models {}
#endif

// What generated programs (make_cpp.py) are made of: each page runs on a table of its own.
namespace docs {

/// Tells run.py that what is printed from now on is of this block.
void begin(const char* page, int line);

/// Something for main to run; `line` is 0 where begin() is called inside.
struct Registered {
  Registered(const char* page, int line, std::function<void()> work);
};

[[nodiscard]] bao::Client client(std::vector<const bao::ModelInfo*> models);

/// Runs a page's coroutine.
template <class Task>
void run(Task task) {
  bao::Client own = client(models::all());
  bao::sync_wait(own, std::move(task));
}

}  // namespace docs
