#include "native/face/client_state.hpp"

#include <openssl/rand.h>

#include <boost/asio/post.hpp>
#include <chrono>
#include <random>
#include <string>

namespace bao::detail {

namespace asio = boost::asio;

std::uint64_t SystemRandom::next() {
  if (left_ == 0) {
    if (RAND_bytes(reinterpret_cast<unsigned char*>(block_), sizeof block_) != 1) {
      std::random_device device;
      for (std::uint64_t& word : block_) word = std::uint64_t{device()} << 32U | device();
    }
    left_ = std::size(block_);
  }
  return block_[--left_];
}

ClientState::ClientState(asio::io_context* io, Parts parts)
    : own_io_(io == nullptr ? std::make_unique<asio::io_context>(1) : nullptr),
      io_(io == nullptr ? own_io_.get() : io),
      driving_(Driving::of(*io_)),
      log_(std::move(parts.log)),
      require_tenant_(parts.require_tenant),
      engine_(std::move(parts.engine), parts.schema, random_) {
  for (std::size_t position = 0; position < parts.models.size(); ++position) {
    models_.emplace(parts.models[position], parts.schema->models()[position].get());
  }
}

ClientState::~ClientState() {
  if (own_io_) driving_->close();
  *alive_ = false;
  transport_.reset();
}

native::TransportEvents ClientState::transport_events() {
  return {.on_response =
              [this](core::RequestId id, core::HttpResponse&& response) {
                tick();
                engine_.on_response(id, std::move(response));
                pump();
              },
          .on_transport_error =
              [this](core::RequestId id, core::TransportError error) {
                tick();
                log_.write(LogLevel::warn, "no answer: " + error.message);
                engine_.on_transport_error(id, std::move(error));
                pump();
              }};
}

const core::Model* ClientState::model(const ModelInfo* info, const std::string& name) const {
  if (info == nullptr) return engine_.schema().model(name);
  const auto found = models_.find(info);
  return found == models_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<const void>> ClientState::plugins(const ModelName& model) const {
  if (model.info != nullptr) {
    const auto found = plugins_.find(model.info);
    return found == plugins_.end() ? std::vector<std::shared_ptr<const void>>() : found->second;
  }
  const auto found = named_plugins_.find(model.name);
  return found == named_plugins_.end() ? std::vector<std::shared_ptr<const void>>() : found->second;
}

void ClientState::tick() {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  engine_.set_time(
      {.wall_ms = duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count(),
       .steady_ms =
           duration_cast<milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count()});
}

void ClientState::pump() {
  if (pumping_) return;  // the outer pump goes on with what came of this
  pumping_ = true;
  const std::shared_ptr<bool> alive = alive_;
  core::Action action;
  while (engine_.next_action(action)) {
    std::visit([this](auto& what) { perform(std::move(what)); }, action);
    if (!*alive) return;
  }
  pumping_ = false;
}

void ClientState::perform(core::SendRequest&& action) {
  if (log_.enabled(LogLevel::debug)) {
    log_.write(LogLevel::debug, "sent " + std::string(core::api_operation_name(action.request.operation)) +
                                    " " + std::to_string(action.request.body.size()) + " bytes");
  }
  transport_->send(action.id, std::move(action.request), action.timeout_ms);
}

void ClientState::perform(core::CancelRequest action) {
  transport_->cancel(action.id);
}

void ClientState::perform(core::StartTimer action) {
  const auto id = static_cast<std::uint64_t>(action.id);
  auto timer = std::make_unique<asio::steady_timer>(*io_, std::chrono::milliseconds(action.delay_ms));
  timer->async_wait([this, id, alive = alive_](const boost::system::error_code& error) {
    if (error || !*alive) return;
    timers_.erase(id);
    tick();
    engine_.on_timer(core::TimerId{id});
    pump();
  });
  timers_.emplace(id, std::move(timer));
}

void ClientState::perform(core::CancelTimer action) {
  timers_.erase(static_cast<std::uint64_t>(action.id));
}

void ClientState::perform(core::RequestTurn action) {
  asio::post(*io_, [this, id = action.id, alive = alive_] {
    if (!*alive) return;
    tick();
    engine_.on_turn_over(id);
    pump();
  });
}

void ClientState::perform(core::RequestCredentials) {
  credential_source_([this, alive = alive_](Result<core::Credentials> credentials) {
    if (!*alive) return;
    tick();
    if (!credentials) log_.write(LogLevel::error, "no credentials: " + credentials.error().message());
    engine_.on_credentials(std::move(credentials));
    pump();
  });
}

void ClientState::perform(core::Complete action) {
  static_cast<Completion*>(action.token)->complete();
}

}  // namespace bao::detail
