#include "local/http/server.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <random>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "local/http/listener.hpp"

namespace bao::local {

namespace {

constexpr std::size_t events_a_round = 128;
constexpr std::size_t read_buffer_size = 64 * 1024;
constexpr std::int64_t sweep_every_ms = 1'000;
constexpr std::int64_t settle_every_ms = 20;
/// Items that one sweep looks at for their time to live: a few milliseconds' work.
constexpr std::size_t ttl_items_a_sweep = 2'000;

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::int64_t wall_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int value = -1) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

std::string system_error(const char* what) {
  return std::string(what) + ": " + std::strerror(errno);
}

}  // namespace

class Server::Loop {
 public:
  Loop(LocalEngine& engine, Store& store, ServerOptions options)
      : options_(std::move(options)),
        engine_(engine),
        store_(store),
        service_(engine, options_.origins, random_seed()),
        buffer_(std::make_unique<char[]>(read_buffer_size)) {}

  std::expected<void, std::string> open() {
    auto listener = listen_at(options_.host, options_.port);
    if (!listener) return std::unexpected(std::move(listener.error()));
    listener_ = Descriptor(listener->socket);
    port_ = listener->port;
    endpoint_ = "http://" + listener->host_in_url + ":" + std::to_string(port_);
    epoll_ = Descriptor(::epoll_create1(EPOLL_CLOEXEC));
    if (epoll_.get() < 0) return std::unexpected(system_error("epoll_create1"));
    stop_event_ = Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (stop_event_.get() < 0) return std::unexpected(system_error("eventfd"));
    if (!watch(stop_event_.get(), EPOLL_CTL_ADD, EPOLLIN, &stop_event_) || !watch_listener(true)) {
      return std::unexpected(system_error("epoll_ctl"));
    }
    return {};
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }

  void stop() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(stop_event_.get(), &one, sizeof one);
  }

  std::expected<void, std::string> run() {
    std::array<epoll_event, events_a_round> events{};
    now_ms_ = steady_ms();
    next_sweep_ms_ = now_ms_ + sweep_every_ms;
    while (!stopping_ || (!clients_.empty() && now_ms_ < stop_at_ms_)) {
      const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), wait_ms());
      if (count < 0 && errno != EINTR) return std::unexpected(system_error("epoll_wait"));
      now_ms_ = steady_ms();
      service_.set_time(wall_seconds());
      if (auto done = round({events.data(), static_cast<std::size_t>(std::max(count, 0))}); !done)
        return done;
    }
    clients_.clear();
    return settle(true);
  }

 private:
  struct Client {
    Client(int socket, Service& service, const ConnectionLimits& limits, std::int64_t now_ms)
        : connection(socket, service, limits, now_ms) {}
    Connection connection;
    std::uint32_t watched = EPOLLIN;
  };

  /// Answers what has arrived; then makes it durable, once for all; then lets the answers go.
  std::expected<void, std::string> round(std::span<const epoll_event> events) {
    touched_.clear();
    for (const int socket : std::exchange(backlogged_, {})) answer_backlog(socket);
    for (const epoll_event& event : events) on_event(event);
    release_held();
    if (auto done = settle(false); !done) return done;
    for (Client* client : touched_) send(*client);
    if (now_ms_ >= next_sweep_ms_) sweep();
    for (const int socket : finished_) {
      clients_.erase(socket);
      held_.erase(socket);
    }
    if (!finished_.empty() && !stopping_) watch_listener(true);
    finished_.clear();
    return {};
  }

  void answer_backlog(int socket) {
    const auto found = clients_.find(socket);
    if (found == clients_.end()) return;  // it ran out of time meanwhile
    found->second->connection.answer_backlog(now_ms_);
    touched_.push_back(found->second.get());
  }

  void on_event(const epoll_event& event) {
    if (event.data.ptr == &listener_) {
      accept_clients();
    } else if (event.data.ptr == &stop_event_) {
      begin_stop();
    } else {
      auto* client = static_cast<Client*>(event.data.ptr);
      if (client->watched == EPOLLIN) client->connection.read(buffer_.get(), read_buffer_size, now_ms_);
      touched_.push_back(client);
    }
  }

  void release_held() {
    for (auto socket = held_.begin(); socket != held_.end();) {
      Client& client = *clients_.at(*socket);
      const bool due = client.connection.held_until_ms() <= now_ms_;
      if (due) touched_.push_back(&client);
      socket = due ? held_.erase(socket) : std::next(socket);
    }
  }

  void accept_clients() {
    for (std::size_t i = 0; i < events_a_round; ++i) {
      if (clients_.size() >= options_.connections_max) {
        watch_listener(false);
        return;
      }
      const int socket = ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (socket < 0) {
        // Without descriptors or memory the waiting client would wake us for ever: the next sweep looks
        // again.
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) watch_listener(false);
        return;
      }
      auto client = std::make_unique<Client>(socket, service_, options_.limits, now_ms_);
      if (!watch(socket, EPOLL_CTL_ADD, EPOLLIN, client.get())) continue;
      clients_.emplace(socket, std::move(client));
    }
  }

  /// Sends what waits, then forgets the client or watches for what it waits for now.
  void send(Client& client) {
    Connection& connection = client.connection;
    connection.send(now_ms_);
    if (connection.is_finished()) {
      finished_.push_back(connection.socket());
      return;
    }
    const Connection::Wait wait = connection.wait();
    const std::uint32_t wanted = wait == Connection::Wait::to_read   ? std::uint32_t{EPOLLIN}
                                 : wait == Connection::Wait::to_send ? std::uint32_t{EPOLLOUT}
                                                                     : std::uint32_t{0};
    if (wanted != client.watched) {
      client.watched = wanted;
      watch(connection.socket(), EPOLL_CTL_MOD, wanted, &client);
    }
    if (wait == Connection::Wait::for_time) held_.insert(connection.socket());
    if (connection.has_backlog()) backlogged_.push_back(connection.socket());
  }

  void sweep() {
    next_sweep_ms_ = now_ms_ + sweep_every_ms;
    engine_.sweep(ttl_items_a_sweep);
    for (auto& [socket, client] : clients_) {
      if (client->connection.is_finished()) continue;
      client->connection.check_time(now_ms_);
      if (client->connection.is_finished()) finished_.push_back(socket);
    }
    if (!stopping_) watch_listener(clients_.size() < options_.connections_max);
  }

  void begin_stop() {
    std::uint64_t ignored = 0;
    [[maybe_unused]] const ssize_t size = ::read(stop_event_.get(), &ignored, sizeof ignored);
    if (stopping_) return;
    stopping_ = true;
    stop_at_ms_ = now_ms_ + options_.stop_ms_max;
    watch_listener(false);
    listener_ = Descriptor();
    for (auto& [socket, client] : clients_) {
      client->connection.stop_soon();
      touched_.push_back(client.get());
    }
  }

  [[nodiscard]] int wait_ms() const {
    if (!backlogged_.empty()) return 0;
    std::int64_t wait = store_.is_unsettled() ? settle_every_ms : sweep_every_ms;
    if (stopping_) wait = std::min(wait, stop_at_ms_ - now_ms_);
    for (const int socket : held_) {
      wait = std::min(wait, clients_.at(socket)->connection.held_until_ms() - now_ms_);
    }
    return static_cast<int>(std::max<std::int64_t>(wait, 0));
  }

  std::expected<void, std::string> settle(bool everything) {
    if (auto done = store_.settle(everything); !done) return std::unexpected(done.error().message);
    return {};
  }

  bool watch(int descriptor, int operation, std::uint32_t what, void* owner) {
    epoll_event event{};
    event.events = what;
    event.data.ptr = owner;
    return ::epoll_ctl(epoll_.get(), operation, descriptor, &event) == 0;
  }

  bool watch_listener(bool on) {
    if (on == listening_) return true;
    listening_ = on;
    return watch(listener_.get(), on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, EPOLLIN, &listener_);
  }

  ServerOptions options_;
  LocalEngine& engine_;
  Store& store_;
  Service service_;
  std::unique_ptr<char[]> buffer_;  ///< every read goes here first: an idle client holds no buffer
  Descriptor listener_;
  Descriptor epoll_;
  Descriptor stop_event_;
  std::uint16_t port_ = 0;
  std::string endpoint_;
  bool listening_ = false;
  bool stopping_ = false;
  std::int64_t now_ms_ = 0;
  std::int64_t stop_at_ms_ = 0;
  std::int64_t next_sweep_ms_ = 0;
  std::unordered_map<int, std::unique_ptr<Client>> clients_;
  std::vector<Client*> touched_;  ///< in this round
  std::vector<int> backlogged_;   ///< sockets of clients with more requests, for the next round
  std::set<int> held_;            ///< sockets of clients that wait for a fault's delay
  std::vector<int> finished_;
};

Server::Server(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
Server::~Server() = default;

std::expected<std::unique_ptr<Server>, std::string> Server::open(LocalEngine& engine, Store& store,
                                                                 ServerOptions options) {
  auto loop = std::make_unique<Loop>(engine, store, std::move(options));
  if (auto done = loop->open(); !done) return std::unexpected(std::move(done.error()));
  return std::unique_ptr<Server>(new Server(std::move(loop)));
}

std::uint16_t Server::port() const {
  return loop_->port();
}
std::string Server::endpoint() const {
  return loop_->endpoint();
}
std::expected<void, std::string> Server::run() {
  return loop_->run();
}
void Server::stop() {
  loop_->stop();
}

}  // namespace bao::local
