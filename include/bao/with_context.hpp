#pragma once

#include <atomic>
#include <coroutine>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include <bao/context.hpp>
#include <bao/task.hpp>

namespace bao {

namespace detail {

class Driving;

/// Whether a coroutine of `home`, running on its executor, is to run on another one for `there`.
[[nodiscard]] bool is_elsewhere(const ClientState* home, const ClientState* there);

/// Goes on, on the executor of a client.
class GoTo {
 public:
  explicit GoTo(ClientState& there) : there_(there) {}
  GoTo(const GoTo&) = delete;
  GoTo& operator=(const GoTo&) = delete;
  ~GoTo();
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> caller);
  void await_resume() const noexcept {}

 private:
  ClientState& there_;
  std::shared_ptr<std::atomic<bool>> waits_;
};

/// While it lasts, a client's own executor is run, by a thread of the library where nobody else does.
class Visit {
 public:
  explicit Visit(ClientState& there);
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;
  ~Visit();

 private:
  std::shared_ptr<Driving> driving_;
};

/// Runs a task on the executor of `there`, and goes on at home.
template <class T>
Task<T> run_elsewhere(ClientState& home, ClientState& there, Task<T> task) {
  const Visit visit(there);
  GoTo going(there);
  co_await going;
  auto for_each = [&](auto&& start) { start(task); };
  co_await Gather<decltype(for_each)>(1, for_each);
  GoTo coming_back(home);
  co_await coming_back;
  co_return TaskAccess::take(task);
}

}  // namespace detail

/// Runs `task`, and all that it awaits, in `context` instead of the context of whoever awaits it. Where that
/// is of another client with another executor, it runs there, and whoever awaits it goes on on its own
/// executor.
template <class T>
Task<T> with_context(Context context, Task<T> task) {
  detail::TaskAccess::promise(task).set_context(context);
  const Context outer = co_await this_context();
  if (detail::is_elsewhere(outer.client, context.client)) {
    task = detail::run_elsewhere(*outer.client, *context.client, std::move(task));
  }
  co_return co_await std::move(task);
}

/// The same for a function that makes the task; the function lives until the task has ended, so a lambda
/// coroutine may use its captures.
template <class Function>
  requires detail::IsTask<std::invoke_result_t<Function&>>::value
auto with_context(Context context, Function function) -> std::invoke_result_t<Function&> {
  auto running = with_context(std::move(context), std::invoke(function));
  co_return co_await std::move(running);
}

}  // namespace bao
