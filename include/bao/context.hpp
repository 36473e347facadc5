#pragma once

#include <concepts>
#include <coroutine>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>

namespace bao {

namespace detail {
class ClientState;
class BatchScope;
struct SavesAround;
}  // namespace detail

/// What a coroutine hands down to everything it awaits: which client answers, which batch context its finds
/// join, on whose behalf, and whether the caller still wants the result. A plain value: copies are cheap and
/// nothing in it is global or bound to a thread.
struct Context {
  detail::ClientState* client = nullptr;                  ///< not owned; outlives every task that uses it
  std::shared_ptr<detail::BatchScope> scope;              ///< null: outside of a batch context
  std::shared_ptr<const std::string> tenant;              ///< null: none
  std::stop_token stop;                                   ///< by default one that never asks to stop
  std::shared_ptr<const detail::SavesAround> saves = {};  ///< for the library: those around this coroutine
};

/// A coroutine promise that can tell its context. Awaitables read it in a templated await_suspend.
template <class Promise>
concept HasContext = requires(const Promise& promise) {
  { promise.context() } -> std::convertible_to<const Context&>;
};

/// What this_context() returns.
class ThisContext {
 public:
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <HasContext Promise>
  bool await_suspend(std::coroutine_handle<Promise> caller) noexcept {
    context_ = &caller.promise().context();
    return false;
  }
  [[nodiscard]] Context await_resume() const { return *context_; }

 private:
  const Context* context_ = nullptr;
};

/// `co_await bao::this_context()`: a copy of the context of the coroutine that asks. Never suspends.
[[nodiscard]] inline ThisContext this_context() {
  return {};
}

}  // namespace bao
