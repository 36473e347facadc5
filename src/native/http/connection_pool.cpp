#include "native/http/connection_pool.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <utility>
#include <vector>

#include "native/http/connection.hpp"

namespace bao::native {

namespace asio = boost::asio;

/// Held by its handlers, so that the callbacks may destroy the pool.
class ConnectionPool::Impl final : public ConnectionOwner, public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::any_io_executor executor, Endpoint endpoint, PoolOptions options, TransportEvents events,
       std::unique_ptr<TlsContext> tls)
      : executor_(std::move(executor)),
        endpoint_(std::move(endpoint)),
        options_(std::move(options)),
        events_(std::move(events)),
        tls_(std::move(tls)),
        timer_(executor_) {}

  void send(core::RequestId id, std::string bytes, std::int64_t timeout_ms);
  void cancel(core::RequestId id);
  void close();

  [[nodiscard]] std::size_t open_connections() const { return connections_.size(); }
  [[nodiscard]] std::size_t queued_requests() const { return queue_.size(); }

  void deadline_set(TimePoint deadline) override;
  void connection_ready(Connection& connection) override;
  void connect_failed(Connection& connection, std::string message, bool timed_out) override;
  void request_answered(Connection& connection, core::RequestId id, core::HttpResponse response,
                        bool reusable) override;
  void request_failed(Connection& connection, core::RequestId id, core::TransportError error) override;

 private:
  struct LateFailure {
    core::RequestId id;
    core::TransportError error;
  };

  [[nodiscard]] bool start_on_idle(WireRequest& request, TimePoint now);
  void serve_queue();
  void open_connection(TimePoint deadline);
  void forget(const Connection& connection);
  void drop_old_idle_connections(TimePoint now);
  void fail_later(core::RequestId id, std::string message);
  void report_late_failures();
  void on_timer();
  void stop_timer_when_quiet();
  [[nodiscard]] bool is_quiet() const;

  asio::any_io_executor executor_;
  Endpoint endpoint_;
  PoolOptions options_;
  TransportEvents events_;
  std::unique_ptr<TlsContext> tls_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::vector<Connection*> idle_;  ///< the most recently used one last: it is used first, the others age
  std::deque<WireRequest> queue_;
  std::vector<LateFailure> late_failures_;
  std::string last_connect_failure_;
  asio::steady_timer timer_;
  TimePoint timer_at_;
  bool timer_runs_ = false;
  bool quiet_check_posted_ = false;
  bool closed_ = false;
};

void ConnectionPool::Impl::send(core::RequestId id, std::string bytes, std::int64_t timeout_ms) {
  const TimePoint now = std::chrono::steady_clock::now();
  WireRequest request{.id = id,
                      .bytes = std::move(bytes),
                      .deadline = now + std::chrono::milliseconds(timeout_ms),
                      .timeout_ms = timeout_ms};
  deadline_set(request.deadline);
  if (queue_.empty() && start_on_idle(request, now)) return;
  if (queue_.size() >= options_.queue_max) {
    fail_later(id, "too many requests wait for a connection to " + endpoint_.host_header);
    return;
  }
  queue_.push_back(std::move(request));
  serve_queue();
}

bool ConnectionPool::Impl::start_on_idle(WireRequest& request, TimePoint now) {
  drop_old_idle_connections(now);
  while (!idle_.empty()) {
    Connection* connection = idle_.back();
    idle_.pop_back();
    if (connection->start(request)) return true;
    forget(*connection);
  }
  return false;
}

void ConnectionPool::Impl::serve_queue() {
  if (queue_.empty()) return;
  const TimePoint now = std::chrono::steady_clock::now();
  while (!queue_.empty() && start_on_idle(queue_.front(), now)) queue_.pop_front();
  if (queue_.empty()) return;
  std::size_t connecting = static_cast<std::size_t>(std::ranges::count_if(
      connections_, [](const auto& connection) { return connection->is_connecting(); }));
  while (connecting < queue_.size() && connections_.size() < options_.connections_max) {
    open_connection(queue_[connecting].deadline);
    ++connecting;
  }
}

void ConnectionPool::Impl::open_connection(TimePoint deadline) {
  connections_.push_back(
      std::make_shared<Connection>(executor_, *this, endpoint_, tls_.get(), options_.limits));
  connections_.back()->connect(deadline);
}

void ConnectionPool::Impl::forget(const Connection& connection) {
  std::erase(idle_, &connection);
  std::erase_if(connections_, [&](const auto& held) { return held.get() == &connection; });
}

void ConnectionPool::Impl::drop_old_idle_connections(TimePoint now) {
  const TimePoint oldest = now - std::chrono::milliseconds(options_.idle_ms_max);
  while (!idle_.empty() && idle_.front()->idle_since() < oldest) {
    Connection* connection = idle_.front();
    connection->close();
    forget(*connection);
  }
}

void ConnectionPool::Impl::cancel(core::RequestId id) {
  if (std::erase_if(queue_, [id](const WireRequest& request) { return request.id == id; }) == 0 &&
      std::erase_if(late_failures_, [id](const LateFailure& failure) { return failure.id == id; }) == 0) {
    const auto found = std::ranges::find_if(
        connections_, [id](const auto& connection) { return connection->is_busy_with(id); });
    if (found == connections_.end()) return;
    (*found)->close();
    connections_.erase(found);
    serve_queue();
  }
  stop_timer_when_quiet();
}

void ConnectionPool::Impl::close() {
  closed_ = true;
  for (const auto& connection : connections_) connection->close();
  connections_.clear();
  idle_.clear();
  queue_.clear();
  late_failures_.clear();
  timer_runs_ = false;
  timer_.cancel();
}

void ConnectionPool::Impl::connection_ready(Connection& connection) {
  last_connect_failure_.clear();
  idle_.push_back(&connection);
  serve_queue();
  stop_timer_when_quiet();
}

void ConnectionPool::Impl::connect_failed(Connection& connection, std::string message, bool timed_out) {
  const auto self = shared_from_this();
  forget(connection);
  last_connect_failure_ = message;
  // Each attempt was made for one waiting request, and the one that waits longest hears of a failure.
  // Requests have the same deadline as the attempt made for them: after a timeout there is none to tell.
  if (queue_.empty() || timed_out) {
    serve_queue();
    return;
  }
  const core::RequestId id = queue_.front().id;
  queue_.pop_front();
  serve_queue();
  events_.on_transport_error(id, {core::TransportError::Kind::not_sent, std::move(message)});
  stop_timer_when_quiet();
}

void ConnectionPool::Impl::request_answered(Connection& connection, core::RequestId id,
                                            core::HttpResponse response, bool reusable) {
  const auto self = shared_from_this();
  if (reusable) {
    idle_.push_back(&connection);
  } else {
    forget(connection);
  }
  if (!queue_.empty()) serve_queue();
  events_.on_response(id, std::move(response));
  stop_timer_when_quiet();
}

void ConnectionPool::Impl::request_failed(Connection& connection, core::RequestId id,
                                          core::TransportError error) {
  const auto self = shared_from_this();
  forget(connection);
  serve_queue();
  events_.on_transport_error(id, std::move(error));
  stop_timer_when_quiet();
}

void ConnectionPool::Impl::fail_later(core::RequestId id, std::string message) {
  late_failures_.push_back({id, {core::TransportError::Kind::not_sent, std::move(message)}});
  asio::post(executor_, [self = shared_from_this()] { self->report_late_failures(); });
}

void ConnectionPool::Impl::report_late_failures() {
  // A callback may add to the list (a handler is posted for each), cancel others in it, or close the pool.
  if (late_failures_.empty()) return;
  LateFailure failure = std::move(late_failures_.front());
  late_failures_.erase(late_failures_.begin());
  events_.on_transport_error(failure.id, std::move(failure.error));
  stop_timer_when_quiet();
}

// One timer for all: it is set again only for an earlier deadline, and looks for the next one when it fires.
void ConnectionPool::Impl::deadline_set(TimePoint deadline) {
  if (timer_runs_ && timer_at_ <= deadline) return;
  timer_runs_ = true;
  timer_at_ = deadline;
  timer_.expires_at(deadline);
  timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error && !self->closed_) self->on_timer();
  });
}

void ConnectionPool::Impl::on_timer() {
  const TimePoint now = std::chrono::steady_clock::now();
  timer_runs_ = false;
  std::vector<WireRequest> unsent;
  for (WireRequest& request : queue_) {
    if (request.deadline <= now) unsent.push_back(std::move(request));
  }
  std::erase_if(queue_, [now](const WireRequest& request) { return request.deadline <= now; });
  // Copies of the list: on_deadline changes it. Attempts to connect first, so that their end can explain why
  // the requests were not sent.
  const auto is_due = [now](const Connection& connection) {
    return connection.deadline() && *connection.deadline() <= now;
  };
  for (const auto& connection : std::vector(connections_)) {
    if (connection->is_connecting() && is_due(*connection)) connection->on_deadline();
  }
  for (const WireRequest& request : unsent) {
    std::string message =
        "no connection to " + endpoint_.host_header + " within " + std::to_string(request.timeout_ms) + " ms";
    if (!last_connect_failure_.empty()) message += " (" + last_connect_failure_ + ")";
    fail_later(request.id, std::move(message));
  }
  for (const auto& connection : std::vector(connections_)) {
    if (is_due(*connection)) connection->on_deadline();
    if (closed_) return;
  }
  for (const auto& connection : connections_) {
    if (connection->deadline()) deadline_set(*connection->deadline());
  }
  for (const WireRequest& request : queue_) deadline_set(request.deadline);
  stop_timer_when_quiet();
}

bool ConnectionPool::Impl::is_quiet() const {
  return queue_.empty() && idle_.size() == connections_.size();
}

// Else the executor's run() would go on until the timer ends. Whoever got an answer usually sends the next
// request in this turn or the one after: look again then, which costs less than setting the timer each time.
void ConnectionPool::Impl::stop_timer_when_quiet() {
  if (!timer_runs_ || quiet_check_posted_ || !is_quiet()) return;
  quiet_check_posted_ = true;
  asio::post(executor_, [self = shared_from_this()] {
    self->quiet_check_posted_ = false;
    if (!self->timer_runs_ || !self->is_quiet()) return;
    self->timer_runs_ = false;
    self->timer_.cancel();
  });
}

Result<std::unique_ptr<ConnectionPool>> ConnectionPool::create(asio::any_io_executor executor,
                                                               Endpoint endpoint, PoolOptions options,
                                                               TransportEvents events) {
  std::unique_ptr<TlsContext> tls;
  if (endpoint.kind == Endpoint::Kind::https) {
    Result<std::unique_ptr<TlsContext>> created = TlsContext::create(options.ca_file);
    if (!created) return std::unexpected(created.error());
    tls = std::move(*created);
  }
  return std::unique_ptr<ConnectionPool>(new ConnectionPool(std::make_shared<Impl>(
      std::move(executor), std::move(endpoint), std::move(options), std::move(events), std::move(tls))));
}

ConnectionPool::ConnectionPool(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
ConnectionPool::~ConnectionPool() {
  impl_->close();
}

void ConnectionPool::send(core::RequestId id, std::string bytes, std::int64_t timeout_ms) {
  impl_->send(id, std::move(bytes), timeout_ms);
}
void ConnectionPool::cancel(core::RequestId id) {
  impl_->cancel(id);
}
std::size_t ConnectionPool::open_connections() const {
  return impl_->open_connections();
}
std::size_t ConnectionPool::queued_requests() const {
  return impl_->queued_requests();
}

}  // namespace bao::native
