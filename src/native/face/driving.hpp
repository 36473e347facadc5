#pragma once

#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace bao::detail {

/// Who runs an executor: of the threads that wait for something of it one at a time, and the others wait for
/// their own end or for that role. One for each io_context, however many clients it has.
class Driving : public std::enable_shared_from_this<Driving> {
 public:
  [[nodiscard]] static std::shared_ptr<Driving> of(boost::asio::io_context& io);

  explicit Driving(boost::asio::io_context& io) : io_(io) {}
  Driving(const Driving&) = delete;
  Driving& operator=(const Driving&) = delete;
  ~Driving() = default;

  /// Posts `work` and runs the executor, or waits while another thread does, until `ended` was told. Throws
  /// what a handler of the executor throws.
  void drive(std::function<void()> work, const bool& ended);
  /// Sets `ended`, on whichever thread: who drives may be gone when this returns, and the executor with it.
  void end(bool& ended);

  /// Tasks of other executors that are here: while there are any and nobody else runs this one, a thread of
  /// the library does. It is made for the first of them.
  void guest_comes();
  void guest_goes();
  /// Ends that thread. Before the io_context goes; nothing comes after it.
  void close();

 private:
  class Role;

  void help();
  void wake(std::uint64_t round);
  [[nodiscard]] bool others_run() const;

  boost::asio::io_context& io_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread::id runner_;    ///< has the role; none: nobody
  std::uint64_t rounds_ = 0;  ///< how often a runner looked whether it is to go on
  std::size_t guests_ = 0;
  bool closing_ = false;
  std::thread helper_;
};

}  // namespace bao::detail
