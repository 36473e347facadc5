#include "native/face/driving.hpp"

#include <boost/asio/execution_context.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <utility>

namespace bao::detail {

namespace asio = boost::asio;

namespace {

// Where the io_context keeps its Driving.
class DrivingService final : public asio::execution_context::service {
 public:
  using key_type = DrivingService;
  static inline asio::execution_context::id id;

  explicit DrivingService(asio::io_context& io) : service(io), driving_(std::make_shared<Driving>(io)) {}
  [[nodiscard]] const std::shared_ptr<Driving>& driving() const { return driving_; }

 private:
  void shutdown() override {}

  std::shared_ptr<Driving> driving_;
};

}  // namespace

std::shared_ptr<Driving> Driving::of(asio::io_context& io) {
  return asio::use_service<DrivingService>(io).driving();
}

/// The role of who runs the executor, from the moment that nobody has it. `lock` is held outside of run_one.
class Driving::Role {
 public:
  Role(Driving& driving, std::unique_lock<std::mutex>& lock) : driving_(driving), lock_(lock) {
    driving_.runner_ = std::this_thread::get_id();
  }
  Role(const Role&) = delete;
  Role& operator=(const Role&) = delete;
  ~Role() {
    if (!lock_.owns_lock()) lock_.lock();
    ++driving_.rounds_;
    driving_.runner_ = {};
    driving_.changed_.notify_all();
  }
  void run_one() {
    lock_.unlock();
    // Somebody's io_context may have been stopped.
    if (driving_.io_.stopped()) driving_.io_.restart();
    driving_.io_.run_one();
    lock_.lock();
    ++driving_.rounds_;
  }

 private:
  Driving& driving_;
  std::unique_lock<std::mutex>& lock_;
};

bool Driving::others_run() const {
  return runner_ != std::thread::id() && runner_ != std::this_thread::get_id();
}

void Driving::drive(std::function<void()> work, const bool& ended) {
  asio::post(io_, std::move(work));
  // Without it, run_one would come back at once where nothing is to be done.
  const auto guard = asio::make_work_guard(io_);
  std::unique_lock lock(mutex_);
  while (!ended) {
    if (runner_ != std::thread::id()) {
      changed_.wait(lock);
      continue;
    }
    Role role(*this, lock);
    while (!ended) role.run_one();
  }
}

void Driving::end(bool& ended) {
  const std::scoped_lock lock(mutex_);
  ended = true;
  changed_.notify_all();
  if (others_run()) wake(rounds_);
}

// The runner sleeps until a handler comes. Where a thread of the program runs the executor too, that one may
// take it instead: then the next is sent, until the runner has looked.
void Driving::wake(std::uint64_t round) {
  asio::post(io_, [self = shared_from_this(), round] {
    const std::scoped_lock lock(self->mutex_);
    if (self->rounds_ == round && self->others_run()) self->wake(round);
  });
}

void Driving::guest_comes() {
  const std::scoped_lock lock(mutex_);
  if (!helper_.joinable()) {
    helper_ = std::thread([self = shared_from_this()] { self->help(); });
  }
  ++guests_;
  changed_.notify_all();
}

void Driving::guest_goes() {
  const std::scoped_lock lock(mutex_);
  if (--guests_ == 0 && others_run()) wake(rounds_);
}

void Driving::help() {
  const auto guard = asio::make_work_guard(io_);
  std::unique_lock lock(mutex_);
  while (!closing_) {
    if (guests_ == 0 || runner_ != std::thread::id()) {
      changed_.wait(lock);
      continue;
    }
    Role role(*this, lock);
    while (guests_ != 0 && !closing_) role.run_one();
  }
}

void Driving::close() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
    changed_.notify_all();
    if (others_run()) wake(rounds_);
  }
  if (!helper_.joinable()) return;
  if (helper_.get_id() == std::this_thread::get_id()) {
    helper_.detach();
  } else {
    helper_.join();
  }
}

}  // namespace bao::detail
