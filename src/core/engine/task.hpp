#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <type_traits>
#include <utility>

#include "core/engine/fifo.hpp"

namespace bao::core {

/// The core's run loop: what is ready is resumed from here, never from inside another resumption. So the
/// stack stays flat however many awaits are ready at once, also where an engine has no tail calls (wasm).
class Scheduler {
 public:
  void push(std::coroutine_handle<> handle) { ready_.push(handle); }
  /// Resumes until nothing is ready.
  void run() {
    std::coroutine_handle<> handle;
    while (ready_.pop(handle)) handle.resume();
  }

 private:
  Fifo<std::coroutine_handle<>> ready_;
};

namespace detail {

struct TaskPromiseBase {
  Scheduler* scheduler = nullptr;
  std::coroutine_handle<> continuation;

  std::suspend_always initial_suspend() noexcept { return {}; }

  struct FinalAwaiter {
    bool await_ready() noexcept { return false; }
    template <class P>
    void await_suspend(std::coroutine_handle<P> handle) noexcept {
      TaskPromiseBase& promise = handle.promise();
      if (promise.continuation) promise.scheduler->push(promise.continuation);
    }
    void await_resume() noexcept {}
  };
  FinalAwaiter final_suspend() noexcept { return {}; }
  [[noreturn]] void unhandled_exception() noexcept { std::abort(); }  // the core is built without exceptions
};

template <class T>
struct TaskPromise : TaskPromiseBase {
  std::optional<T> value;
  auto get_return_object() { return std::coroutine_handle<TaskPromise>::from_promise(*this); }
  template <class U>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
};

template <>
struct TaskPromise<void> : TaskPromiseBase {
  auto get_return_object() { return std::coroutine_handle<TaskPromise>::from_promise(*this); }
  void return_void() noexcept {}
};

}  // namespace detail

/// A lazy coroutine of the core. Awaited once; owns its frame. Resumed by the Scheduler of its awaiter.
template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::TaskPromise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      if (handle_) handle_.destroy();
      handle_ = std::exchange(other.handle_, {});
    }
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  template <class P>
  void await_suspend(std::coroutine_handle<P> parent) {
    handle_.promise().scheduler = parent.promise().scheduler;
    handle_.promise().continuation = parent;
    handle_.promise().scheduler->push(handle_);
  }
  T await_resume() {
    if constexpr (!std::is_void_v<T>) return std::move(*handle_.promise().value);
  }

 private:
  Handle handle_;
};

namespace detail {

/// The frame of a detached task: starts at once on the scheduler and destroys itself.
struct Detached {
  struct promise_type {
    Scheduler* scheduler = nullptr;
    Detached get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    [[noreturn]] void unhandled_exception() noexcept { std::abort(); }
  };
  std::coroutine_handle<promise_type> handle;
};

inline Detached run_detached(Task<void> task) {
  co_await std::move(task);
}

inline void start_detached(Scheduler& scheduler, Detached detached) {
  detached.handle.promise().scheduler = &scheduler;
  scheduler.push(detached.handle);
}

}  // namespace detail

/// Starts a task that nobody awaits; its frame frees itself when it ends.
inline void spawn(Scheduler& scheduler, Task<void> task) {
  detail::start_detached(scheduler, detail::run_detached(std::move(task)));
}

/// Waits for a number of spawned tasks: each calls done() as its last act.
class Join {
 public:
  Join(Scheduler& scheduler, std::size_t count) : scheduler_(scheduler), left_(count) {}
  void done() {
    if (--left_ == 0 && waiting_) scheduler_.push(waiting_);
  }
  bool await_ready() const noexcept { return left_ == 0; }
  void await_suspend(std::coroutine_handle<> handle) noexcept { waiting_ = handle; }
  void await_resume() const noexcept {}

 private:
  Scheduler& scheduler_;
  std::size_t left_;
  std::coroutine_handle<> waiting_;
};

}  // namespace bao::core
