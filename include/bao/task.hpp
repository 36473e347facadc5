#pragma once

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <expected>
#include <functional>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <bao/context.hpp>

namespace bao {

template <class T>
class Task;

namespace detail {

/// The loop that resumes the coroutines of one chain (a task, what it awaits, what that awaits, ...). A task
/// that awaits another goes back to this loop instead of calling it, so that neither a million ready awaits
/// nor a deep chain uses up the stack. Symmetric transfer alone would not do: g++ makes ordinary calls of it
/// without optimisation, and WebAssembly has no tail calls everywhere.
struct RunLoop {
  std::coroutine_handle<> next;
};

/// `loop` is set only while one runs, and only on its thread: a chain that waits for something outside (a
/// timer, a socket) lets go of it before that something can see the coroutine.
struct Chain {
  RunLoop* loop = nullptr;

  void go_on_with(std::coroutine_handle<> handle) {
    if (loop != nullptr) {
      loop->next = handle;
    } else {
      run(handle);
    }
  }

 private:
  // Not inlined: its loop must lie on the stack, never in the frame of a coroutine that calls it.
  [[gnu::noinline]] void run(std::coroutine_handle<> handle) {
    RunLoop own;
    own.next = handle;
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdangling-pointer"
#endif
    loop = &own;  // reset by whoever ends the chain or waits outside of it, always before this returns
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
    // What runs here may destroy the chain: from now on touch only the local.
    while (own.next) std::exchange(own.next, nullptr).resume();
  }
};

inline const Context& no_context() {
  static const Context none;
  return none;
}

/// Counts the children of `all`; the one that ends last continues the parent.
struct Latch {
  std::size_t pending = 0;
  std::coroutine_handle<> parent;
};

/// Throws where a task has no coroutine any more, or one that has ended.
inline void refuse_started(std::coroutine_handle<> task) {
  if (!task || task.done()) throw std::logic_error("bao::Task: it was moved from, or awaited before");
}

class TaskPromiseBase {
 public:
  TaskPromiseBase() = default;
  TaskPromiseBase(const TaskPromiseBase&) = delete;
  TaskPromiseBase& operator=(const TaskPromiseBase&) = delete;

  [[nodiscard]] const Context& context() const noexcept {
    return context_ != nullptr ? *context_ : no_context();
  }

  [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }

  struct FinalAwaiter {
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> self) const noexcept {
      static_cast<TaskPromiseBase&>(self.promise()).finish();
    }
    void await_resume() const noexcept {}
  };
  [[nodiscard]] FinalAwaiter final_suspend() const noexcept { return {}; }

  /// Wraps what is not a task, so that the chain lets go of its loop while it waits.
  template <class Awaitable>
  auto await_transform(Awaitable&& awaitable);
  template <class T>
  auto await_transform(Task<T>&& task) noexcept;
  /// A task is awaited once: `co_await std::move(task)`.
  template <class T>
  void await_transform(Task<T>& task) = delete;

  template <class Promise>
  void start_as_child(std::coroutine_handle<> self, std::coroutine_handle<Promise> parent) {
    continuation_ = parent;
    if constexpr (HasContext<Promise>) {
      if (context_ == nullptr) context_ = &parent.promise().context();
    }
    if constexpr (std::derived_from<Promise, TaskPromiseBase>) chain_ = parent.promise().chain_;
    chain_->go_on_with(self);
  }

  void start_for_latch(std::coroutine_handle<> self, Latch& latch, const Context& context) {
    latch_ = &latch;
    if (context_ == nullptr) context_ = &context;
    chain_->go_on_with(self);
  }

  /// The context to run in, instead of the one of whoever awaits; not owned, outlives the task.
  void set_context(const Context& context) noexcept { context_ = &context; }

  [[nodiscard]] RunLoop* leave_loop() noexcept { return std::exchange(chain_->loop, nullptr); }
  void return_to_loop(RunLoop* loop) noexcept { chain_->loop = loop; }

 private:
  void finish() {
    std::coroutine_handle<> next = continuation_;
    if (latch_ != nullptr) next = --latch_->pending == 0 ? latch_->parent : nullptr;
    if (chain_ != &own_chain_) {
      chain_->go_on_with(next);
      return;
    }
    // The end of the chain: what comes next is outside of it and may destroy it.
    RunLoop* loop = leave_loop();
    if (!next) return;
    if (loop != nullptr) {
      loop->next = next;
    } else {
      next.resume();
    }
  }

  const Context* context_ = nullptr;
  std::coroutine_handle<> continuation_;
  Latch* latch_ = nullptr;
  Chain own_chain_;
  Chain* chain_ = &own_chain_;
};

template <class T>
class TaskPromise : public TaskPromiseBase {
 public:
  Task<T> get_return_object() noexcept;
  void unhandled_exception() noexcept { result_.template emplace<2>(std::current_exception()); }
  template <class U = T>
    requires std::constructible_from<T, U&&>
  void return_value(U&& value) {
    result_.template emplace<1>(std::forward<U>(value));
  }
  T take() {
    if (result_.index() == 2) std::rethrow_exception(std::get<2>(std::move(result_)));
    return std::get<1>(std::move(result_));
  }

 private:
  std::variant<std::monostate, T, std::exception_ptr> result_;
};

template <class T>
class TaskPromise<T&> : public TaskPromiseBase {
 public:
  Task<T&> get_return_object() noexcept;
  void unhandled_exception() noexcept { error_ = std::current_exception(); }
  void return_value(T& value) noexcept { value_ = &value; }
  T& take() {
    if (error_) std::rethrow_exception(std::move(error_));
    return *value_;
  }

 private:
  T* value_ = nullptr;
  std::exception_ptr error_;
};

template <>
class TaskPromise<void> : public TaskPromiseBase {
 public:
  Task<void> get_return_object() noexcept;
  void unhandled_exception() noexcept { error_ = std::current_exception(); }
  void return_void() const noexcept {}
  void take() {
    if (error_) std::rethrow_exception(std::move(error_));
  }

 private:
  std::exception_ptr error_;
};

struct TaskAccess {
  template <class T>
  static auto& promise(Task<T>& task) {
    refuse_started(task.handle_);
    return task.handle_.promise();
  }
  /// Of one that was started.
  template <class T>
  static T take(Task<T>& task) {
    return task.handle_.promise().take();
  }
  template <class T>
  static std::coroutine_handle<> handle(Task<T>& task) {
    return task.handle_;
  }
};

}  // namespace detail

/// A coroutine that gives a T, or throws. Lazy: it runs when it is awaited (or started by sync_wait, spawn
/// or an Asio completion token), on the executor of whoever awaits it. Awaited once, as an rvalue: a second
/// time, and after it was moved from, that is a std::logic_error. Destroying
/// a task that has not ended destroys its coroutine; what it waits for must allow that.
template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::TaskPromise<T>;
  using value_type = T;

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      if (handle_) handle_.destroy();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  class Awaiter {
   public:
    explicit Awaiter(std::coroutine_handle<promise_type> handle) noexcept : handle_(handle) {}
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> parent) const {
      detail::refuse_started(handle_);
      handle_.promise().start_as_child(handle_, parent);
    }
    T await_resume() const { return handle_.promise().take(); }

   private:
    std::coroutine_handle<promise_type> handle_;
  };

  [[nodiscard]] Awaiter operator co_await() && noexcept { return Awaiter(handle_); }

 private:
  friend promise_type;
  friend detail::TaskAccess;
  explicit Task(std::coroutine_handle<promise_type> handle) noexcept : handle_(handle) {}

  std::coroutine_handle<promise_type> handle_;
};

namespace detail {

template <class T>
Task<T> TaskPromise<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}
template <class T>
Task<T&> TaskPromise<T&>::get_return_object() noexcept {
  return Task<T&>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}
inline Task<void> TaskPromise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

template <class Awaitable>
decltype(auto) get_awaiter(Awaitable&& awaitable) {
  if constexpr (requires { std::forward<Awaitable>(awaitable).operator co_await(); }) {
    return std::forward<Awaitable>(awaitable).operator co_await();
  } else if constexpr (requires { operator co_await(std::forward<Awaitable>(awaitable)); }) {
    return operator co_await(std::forward<Awaitable>(awaitable));
  } else {
    return std::forward<Awaitable>(awaitable);
  }
}

template <class T>
struct RvalueToValue {
  using type = T;
};
template <class T>
struct RvalueToValue<T&&> {
  using type = std::remove_cv_t<T>;
};

/// What co_await gives; a T where it gives a T&&.
template <class Awaitable>
using AwaitResult =
    typename RvalueToValue<decltype(get_awaiter(std::declval<Awaitable>()).await_resume())>::type;

template <class T>
concept CanAwait = requires { typename AwaitResult<T>; };

/// Awaits something that is no task. `Awaiter` is a reference where the awaitable is its own awaiter.
template <class Awaiter>
class OutsideAwaiter {
 public:
  /// Made where it stays: an awaiter may be large.
  template <class Awaitable>
  OutsideAwaiter(std::in_place_t, Awaitable&& awaitable)
      : awaiter_(get_awaiter(std::forward<Awaitable>(awaitable))) {}

  [[nodiscard]] bool await_ready() { return awaiter_.await_ready(); }

  template <class Promise>
  auto await_suspend(std::coroutine_handle<Promise> self) {
    using Returned = decltype(awaiter_.await_suspend(self));
    // From the call on, the coroutine may be resumed, and destroyed, by anybody: no member is touched after
    // it unless it says that it did not suspend, or throws.
    RunLoop* loop = self.promise().leave_loop();
    try {
      if constexpr (std::is_same_v<Returned, bool>) {
        const bool suspended = awaiter_.await_suspend(self);
        if (!suspended) self.promise().return_to_loop(loop);
        return suspended;
      } else {
        return awaiter_.await_suspend(self);
      }
    } catch (...) {
      self.promise().return_to_loop(loop);
      throw;
    }
  }

  decltype(auto) await_resume() { return awaiter_.await_resume(); }

 private:
  Awaiter awaiter_;
};

/// An awaiter that does nothing but run a task of its own: it needs no more care than that task does.
template <class Awaiter>
concept AwaitsOwnTask = requires { typename std::remove_reference_t<Awaiter>::AwaitsOwnTask; };

template <class Awaitable>
auto TaskPromiseBase::await_transform(Awaitable&& awaitable) {
  using Awaiter = decltype(get_awaiter(std::forward<Awaitable>(awaitable)));
  if constexpr (AwaitsOwnTask<Awaiter>) {
    return get_awaiter(std::forward<Awaitable>(awaitable));
  } else {
    return OutsideAwaiter<Awaiter>(std::in_place, std::forward<Awaitable>(awaitable));
  }
}
template <class T>
auto TaskPromiseBase::await_transform(Task<T>&& task) noexcept {
  return std::move(task).operator co_await();
}

/// A coroutine that starts at once and frees itself: the root of a chain that nobody awaits.
struct Detached {
  struct promise_type {
    [[nodiscard]] Detached get_return_object() const noexcept { return {}; }
    [[nodiscard]] std::suspend_never initial_suspend() const noexcept { return {}; }
    [[nodiscard]] std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    // Only the callback of spawn can throw here, and nobody is left to hear of it.
    [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }
  };
};

template <class T, class Done>
Detached run_detached(Task<T> task, Context context, Done done) {
  std::expected<T, std::exception_ptr> outcome = std::unexpected(std::exception_ptr());
  try {
    TaskAccess::promise(task).set_context(context);
    if constexpr (std::is_void_v<T>) {
      co_await std::move(task);
      outcome = {};
    } else {
      outcome = co_await std::move(task);
    }
  } catch (...) {
    outcome = std::unexpected(std::current_exception());
  }
  // Who is told may end what the task used.
  {
    const Task<T> ended = std::move(task);  // NOLINT(bugprone-use-after-move): awaiting took nothing
  }
  done(std::move(outcome));
}

template <class T>
struct IsTask : std::false_type {};
template <class T>
struct IsTask<Task<T>> : std::true_type {};

template <class T>
using NonVoid = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

template <class Awaitable>
auto as_task(Awaitable awaitable) -> Task<AwaitResult<Awaitable>> {
  co_return co_await std::move(awaitable);
}
template <class T>
Task<T> as_task(Task<T> task) {
  return task;
}

/// Starts every child, in order, in the same turn; continues the parent when the last has ended.
template <class ForEach>
class Gather {
 public:
  Gather(std::size_t count, ForEach for_each) : for_each_(std::move(for_each)) { latch_.pending = count + 1; }
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <HasContext Promise>
  bool await_suspend(std::coroutine_handle<Promise> parent) {
    latch_.parent = parent;
    const Context& context = parent.promise().context();
    for_each_([&](auto& task) {
      TaskAccess::promise(task).start_for_latch(TaskAccess::handle(task), latch_, context);
    });
    return --latch_.pending != 0;
  }
  void await_resume() const noexcept {}

 private:
  Latch latch_;
  ForEach for_each_;
};

template <class T>
NonVoid<T> take_result(Task<T>& task) {
  if constexpr (std::is_void_v<T>) {
    TaskAccess::take(task);
    return {};
  } else {
    return TaskAccess::take(task);
  }
}

template <class... T>
Task<std::tuple<NonVoid<T>...>> all_of_tasks(Task<T>... tasks) {
  (refuse_started(TaskAccess::handle(tasks)), ...);
  auto for_each = [&](auto&& start) { (start(tasks), ...); };
  co_await Gather<decltype(for_each)>(sizeof...(tasks), for_each);
  // Braces: evaluated from left to right, so the first error by position is the one thrown.
  co_return std::tuple<NonVoid<T>...>{take_result(tasks)...};
}

/// Starts a task that its owner keeps: nobody is told of its end, and destroying it stops it where it waits.
template <class T>
void start_owned(Task<T>& task) {
  TaskAccess::promise(task).start_as_child(TaskAccess::handle(task), std::noop_coroutine());
}

}  // namespace detail

/// Runs `task` in `context` to its end and then calls `done(std::expected<T, std::exception_ptr>)` once; the
/// task starts before spawn returns. `done` must not throw.
template <class T, class Done>
void spawn(Task<T> task, Context context, Done done) {
  detail::run_detached(std::move(task), std::move(context), std::move(done));
}

/// Awaits several things at once: `auto [user, posts] = co_await bao::all(User::find(id), user.posts())`.
/// All start in order in the same turn, so that their finds share a batch; the caller continues when every
/// one has ended. The first error, by position, is thrown then. A void result is a std::monostate.
template <detail::CanAwait... Awaitable>
auto all(Awaitable... awaitables) -> Task<std::tuple<detail::NonVoid<detail::AwaitResult<Awaitable>>...>> {
  return detail::all_of_tasks(detail::as_task(std::move(awaitables))...);
}

/// The same for any number of tasks of one type; the results are in the order of the tasks.
template <class T>
Task<std::vector<detail::NonVoid<T>>> all(std::vector<Task<T>> tasks) {
  for (Task<T>& task : tasks) detail::refuse_started(detail::TaskAccess::handle(task));
  auto for_each = [&](auto&& start) {
    for (Task<T>& task : tasks) start(task);
  };
  co_await detail::Gather<decltype(for_each)>(tasks.size(), for_each);
  std::vector<detail::NonVoid<T>> results;
  results.reserve(tasks.size());
  for (Task<T>& task : tasks) results.push_back(detail::take_result(task));
  co_return results;
}

/// The same for other awaitables of one type.
template <detail::CanAwait Awaitable>
  requires(!detail::IsTask<Awaitable>::value)
auto all(std::vector<Awaitable> awaitables)
    -> Task<std::vector<detail::NonVoid<detail::AwaitResult<Awaitable>>>> {
  using T = detail::AwaitResult<Awaitable>;
  std::vector<Task<T>> tasks;
  tasks.reserve(awaitables.size());
  for (Awaitable& awaitable : awaitables) tasks.push_back(detail::as_task(std::move(awaitable)));
  return all(std::move(tasks));
}

}  // namespace bao
