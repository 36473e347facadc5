#pragma once

#include <coroutine>
#include <memory>
#include <optional>
#include <utility>

#include <bao/context.hpp>
#include <bao/detail/call.hpp>
#include <bao/error.hpp>
#include <bao/exception.hpp>
#include <bao/task.hpp>

namespace bao {

template <class Args, class Convert>
class Operation;
template <class T>
class TaskOperation;

namespace detail {

/// Why an operation cannot even be started, or nothing.
[[nodiscard]] std::optional<Error> refuse_context(const Context& context);

/// Runs a call and converts its raw result. `Throwing`: await_resume gives T or throws; else Result<T>.
template <class Args, class Convert, bool Throwing>
class OperationAwaiter {
  using Raw = typename Args::Result;
  using T = typename std::invoke_result_t<Convert&, const Context&, Raw>::value_type;

 public:
  OperationAwaiter(Args&& args, Convert&& convert) : args_(std::move(args)), convert_(std::move(convert)) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <HasContext Promise>
  bool await_suspend(std::coroutine_handle<Promise> caller) {
    context_ = caller.promise().context();
    refused_ = refuse_context(context_);
    if (refused_) return false;
    call_ = make_call(std::move(args_));
    call_->start(context_, caller);
    return true;
  }
  auto await_resume() {
    Result<T> result = refused_ ? Result<T>(std::unexpected(std::move(*refused_))) : finish();
    call_.reset();
    if constexpr (Throwing) {
      if (!result) throw_error(std::move(result).error());
      if constexpr (!std::is_void_v<T>) return std::move(*result);
    } else {
      return result;
    }
  }

 private:
  Result<T> finish() {
    Result<Raw> raw = call_->take();
    if (!raw) return std::unexpected(std::move(raw).error());
    return convert_(context_, std::move(*raw));
  }

  Args args_;
  Convert convert_;
  Context context_;
  std::optional<Error> refused_;
  std::unique_ptr<ResultCall<Raw>> call_;
};

}  // namespace detail

/// Something the library will do once it is awaited: `co_await User::find(id)` gives the result or throws a
/// BaoError; `co_await User::find(id).as_result()` gives a Result and does not throw. Awaited once. It runs
/// in the context of the coroutine that awaits it.
template <class Args, class Convert>
class [[nodiscard]] Operation {
 public:
  Operation(Args&& args, Convert&& convert) : args_(std::move(args)), convert_(std::move(convert)) {}

  auto operator co_await() && {
    return detail::OperationAwaiter<Args, Convert, true>(std::move(args_), std::move(convert_));
  }

  class AsResult {
   public:
    AsResult(Args&& args, Convert&& convert) : args_(std::move(args)), convert_(std::move(convert)) {}
    auto operator co_await() && {
      return detail::OperationAwaiter<Args, Convert, false>(std::move(args_), std::move(convert_));
    }

   private:
    Args args_;
    Convert convert_;
  };
  /// The same as a value: errors come as Error, nothing is thrown.
  [[nodiscard]] AsResult as_result() && { return AsResult(std::move(args_), std::move(convert_)); }

 private:
  Args args_;
  Convert convert_;
};

namespace detail {

/// Runs the task of a TaskOperation. `Throwing`: await_resume gives T or throws; else Result<T>.
template <class T, bool Throwing>
class TaskOperationAwaiter {
 public:
  using AwaitsOwnTask = void;

  explicit TaskOperationAwaiter(Task<Result<T>> task) : task_(std::move(task)) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> parent) {
    TaskAccess::promise(task_).start_as_child(TaskAccess::handle(task_), parent);
  }
  auto await_resume() {
    if constexpr (Throwing) {
      Result<T> result = TaskAccess::take(task_);
      if (!result) throw_error(std::move(result).error());
      if constexpr (!std::is_void_v<T>) return std::move(*result);
    } else {
      try {
        return TaskAccess::take(task_);
      } catch (const BaoError& thrown) {
        return Result<T>(std::unexpected(thrown.error()));
      }
    }
  }

 private:
  Task<Result<T>> task_;
};

}  // namespace detail

/// An Operation of several steps: hooks and a write, or a query and what its items are related to. It is used
/// as an Operation is. What a hook throws reaches who awaits it unchanged; with as_result() a BaoError comes
/// as its Error, and everything else is thrown all the same.
template <class T>
class [[nodiscard]] TaskOperation {
 public:
  explicit TaskOperation(Task<Result<T>> task) : task_(std::move(task)) {}

  auto operator co_await() && { return detail::TaskOperationAwaiter<T, true>(std::move(task_)); }

  class AsResult {
   public:
    explicit AsResult(Task<Result<T>> task) : task_(std::move(task)) {}
    auto operator co_await() && { return detail::TaskOperationAwaiter<T, false>(std::move(task_)); }

   private:
    Task<Result<T>> task_;
  };
  [[nodiscard]] AsResult as_result() && { return AsResult(std::move(task_)); }

 private:
  Task<Result<T>> task_;
};

}  // namespace bao
