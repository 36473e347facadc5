#pragma once

// Completion tokens of Boost.Asio: an application that runs on Asio awaits tasks of this library as it
// awaits a socket. The client must have been made with the application's io_context (bao::init_models(io,
// config)), so that everything runs there.

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <expected>
#include <memory>
#include <stop_token>
#include <type_traits>
#include <utility>

#include <bao/client.hpp>
#include <bao/task.hpp>

namespace bao {

namespace detail {

template <class T>
struct CompletionSignature {
  using type = void(std::exception_ptr, T);
};
template <>
struct CompletionSignature<void> {
  using type = void(std::exception_ptr);
};

template <class T, class Handler>
void deliver(Handler& handler, boost::asio::io_context& io, std::expected<T, std::exception_ptr> outcome) {
  const auto executor = boost::asio::get_associated_executor(handler, io.get_executor());
  boost::asio::dispatch(executor, [handler = std::move(handler), outcome = std::move(outcome)]() mutable {
    std::exception_ptr error = outcome ? nullptr : outcome.error();
    if constexpr (std::is_void_v<T>) {
      std::move(handler)(std::move(error));
    } else {
      std::move(handler)(std::move(error), outcome ? std::move(*outcome) : T());
    }
  });
}

}  // namespace detail

/// Runs a task with the client and completes the token with `void(std::exception_ptr, T)`:
///
///     auto user = co_await bao::async_run(client, User::find(id), boost::asio::use_awaitable);
///
/// T must be default constructible: it is what accompanies an error. Cancelling through the token's
/// cancellation slot (`async_run(...) || timer.async_wait(...)`, a cancellation_signal), of whichever type,
/// is the task's stop token asking to stop: its call under way ends soon, and later ones do not start, each
/// as CancelledError.
template <class T, class Token>
auto async_run(Client& client, Task<T> task, Token&& token) {
  return boost::asio::async_initiate<Token, typename detail::CompletionSignature<T>::type>(
      [&client](auto handler, Task<T> started) {
        // Handlers and tasks are move-only; what is posted may have to be copyable.
        using Handler = std::decay_t<decltype(handler)>;
        struct State {
          Handler handler;
          Task<T> task;
        };
        auto state = std::make_shared<State>(State{std::move(handler), std::move(started)});
        Context context = client.context();
        auto slot = boost::asio::get_associated_cancellation_slot(state->handler);
        if (slot.is_connected()) {
          std::stop_source source;
          context.stop = source.get_token();
          slot.assign([source](boost::asio::cancellation_type) mutable { source.request_stop(); });
        }
        boost::asio::io_context& io = client.io_context();
        boost::asio::post(io, [state, &io, context = std::move(context)] {
          spawn(std::move(state->task), context, [state, &io](std::expected<T, std::exception_ptr> outcome) {
            auto ended = boost::asio::get_associated_cancellation_slot(state->handler);
            if (ended.is_connected()) ended.clear();
            detail::deliver<T>(state->handler, io, std::move(outcome));
          });
        });
      },
      token, std::move(task));
}

/// The same for an operation.
template <class Awaitable, class Token>
  requires(detail::CanAwait<Awaitable> && !detail::IsTask<Awaitable>::value)
auto async_run(Client& client, Awaitable awaitable, Token&& token) {
  return async_run(client, detail::as_task(std::move(awaitable)), std::forward<Token>(token));
}

}  // namespace bao
