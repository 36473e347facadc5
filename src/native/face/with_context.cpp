#include <bao/with_context.hpp>

#include <boost/asio/post.hpp>

#include "native/face/client_state.hpp"
#include "native/face/driving.hpp"

namespace bao::detail {

bool is_elsewhere(const ClientState* home, const ClientState* there) {
  return home != there && home != nullptr && there != nullptr && &home->io() != &there->io() &&
         home->on_executor();
}

GoTo::~GoTo() {
  if (waits_) waits_->store(false);
}

void GoTo::await_suspend(std::coroutine_handle<> caller) {
  waits_ = std::make_shared<std::atomic<bool>>(true);
  boost::asio::post(there_.io(), [caller, waits = waits_] {
    if (waits->exchange(false)) caller.resume();
  });
}

Visit::Visit(ClientState& there) : driving_(there.owns_io() ? there.driving() : nullptr) {
  if (driving_) driving_->guest_comes();
}

Visit::~Visit() {
  if (driving_) driving_->guest_goes();
}

}  // namespace bao::detail
