#include "native/http/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <utility>

namespace bao::native {

namespace asio = boost::asio;
using boost::system::error_code;

Connection::Connection(const asio::any_io_executor& executor, ConnectionOwner& owner,
                       const Endpoint& endpoint, TlsContext* tls, ResponseLimits limits)
    : owner_(&owner),
      endpoint_(endpoint),
      tls_(tls),
      resolver_(executor),
      socket_(executor),
      parser_(limits) {}

void Connection::connect(TimePoint deadline) {
  connect_deadline_ = deadline;
  deadline_ = deadline;
  owner_->deadline_set(deadline);
  error_code not_an_address;
  const asio::ip::address address = asio::ip::make_address(endpoint_.host, not_an_address);
  if (!not_an_address) {
    addresses_.emplace_back(address, endpoint_.port);
    connect_next();
    return;
  }
  step_ = "resolving the name";
  resolver_.async_resolve(
      endpoint_.host, std::to_string(endpoint_.port), tcp::resolver::numeric_service,
      [self = shared_from_this()](const error_code& error, const tcp::resolver::results_type& found) {
        if (self->state_ == State::closed) return;
        if (error || found.empty()) {
          self->fail_connecting("cannot resolve " + self->where() + ": " + error.message());
          return;
        }
        for (const auto& entry : found) self->addresses_.push_back(entry.endpoint());
        self->connect_next();
      });
}

void Connection::connect_next() {
  error_code ignored;
  socket_.close(ignored);
  const tcp::endpoint& address = addresses_[next_address_++];
  step_ = "connecting to " + address.address().to_string();
  // A silent address leaves half of the time to those after it.
  deadline_ = connect_deadline_;
  if (next_address_ < addresses_.size()) {
    const TimePoint now = std::chrono::steady_clock::now();
    deadline_ = now + (connect_deadline_ - now) / 2;
    owner_->deadline_set(*deadline_);
  }
  socket_.async_connect(address,
                        [self = shared_from_this()](const error_code& error) { self->on_connected(error); });
}

void Connection::on_connected(const error_code& error) {
  if (state_ == State::closed) return;
  if (error || !socket_.is_open()) {
    if (next_address_ < addresses_.size()) {
      connect_next();
    } else {
      fail_connecting("cannot connect to " + where() + ": " +
                      (!error || error == asio::error::operation_aborted ? "timed out" : error.message()));
    }
    return;
  }
  deadline_ = connect_deadline_;
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  if (tls_ != nullptr) {
    shake_hands();
  } else {
    become_ready();
  }
}

void Connection::shake_hands() {
  step_ = "shaking hands";
  stream_.emplace(socket_, tls_->context());
  if (!tls_->prepare(stream_->native_handle(), endpoint_.host)) {
    fail_connecting("TLS cannot be set up for the name of " + where());
    return;
  }
  stream_->async_handshake(
      asio::ssl::stream_base::client, [self = shared_from_this()](const error_code& error) {
        if (self->state_ == State::closed) return;
        if (!error) {
          self->become_ready();
          return;
        }
        std::string reason = TlsContext::certificate_problem(self->stream_->native_handle());
        if (reason.empty()) reason = error.message();
        self->fail_connecting("TLS handshake with " + self->where() + " failed: " + reason);
      });
}

void Connection::become_ready() {
  state_ = State::idle;
  deadline_.reset();
  idle_since_ = std::chrono::steady_clock::now();
  owner_->connection_ready(*this);
}

void Connection::fail_connecting(std::string message, bool timed_out) {
  ConnectionOwner* owner = owner_;
  close();
  owner->connect_failed(*this, std::move(message), timed_out);
}

bool Connection::peer_has_closed() {
  // Nothing may arrive while no request is out: end of stream, a TLS alert and stray bytes all mean that this
  // connection is over.
  char byte = 0;
  const ssize_t count = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

bool Connection::start(WireRequest& request) {
  // What a TLS server sends right after the handshake (session tickets) waits for the first answer.
  const bool may_have_tickets = stream_ && !used_;
  if (!may_have_tickets && peer_has_closed()) {
    close();
    return false;
  }
  used_ = true;
  out_.swap(request.bytes);
  written_ = 0;
  write_failure_.clear();
  parser_.reset();
  if (!stream_) {
    error_code error;
    if (!write_now(error)) {
      out_.swap(request.bytes);
      close();
      return false;
    }
  }
  state_ = State::busy;
  id_ = request.id;
  deadline_ = request.deadline;
  timeout_ms_ = request.timeout_ms;
  if (written_ < out_.size()) write_rest();
  // The first of TLS's records is awaited: usually it is the only one, and reading has nothing to find
  // before.
  if (!stream_) read_some();
  return true;
}

bool Connection::write_now(error_code& error) {
  // The usual request fits into the socket's buffer: one call, no trip through the event loop.
  written_ = socket_.write_some(asio::buffer(out_), error);
  return !error || error == asio::error::would_block;
}

void Connection::write_rest() {
  const auto rest = asio::buffer(out_) + written_;
  auto handler = [self = shared_from_this()](const error_code& error, std::size_t count) {
    self->on_written(error, count);
  };
  if (stream_) {
    stream_->async_write_some(rest, std::move(handler));
  } else {
    socket_.async_write_some(rest, std::move(handler));
  }
}

void Connection::on_written(const error_code& error, std::size_t count) {
  if (state_ != State::busy) return;
  written_ += count;
  if (error) {
    write_failure_ = "failed while sending: " + error.message();
  } else if (written_ < out_.size()) {
    write_rest();
  }
  // Also while something is still to be sent, and where that has failed: a server that refuses a request need
  // not take all of it, and has answered before it closed (RFC 9112, 9.5).
  if (!reading_) read_some();
}

void Connection::read_some() {
  reading_ = true;
  const std::span<char> body = parser_.body_space();
  const auto buffer = body.empty() ? asio::buffer(in_) : asio::buffer(body.data(), body.size());
  auto handler = [self = shared_from_this(), into_body = !body.empty()](
                     const error_code& error, std::size_t count) { self->on_read(error, count, into_body); };
  if (stream_) {
    stream_->async_read_some(buffer, std::move(handler));
  } else {
    socket_.async_read_some(buffer, std::move(handler));
  }
}

void Connection::on_read(const error_code& error, std::size_t count, bool into_body) {
  if (state_ != State::busy) return;
  reading_ = false;
  bool bytes_left_over = false;
  if (into_body) {
    parser_.commit(count);
  } else {
    bytes_left_over = parser_.feed(std::string_view(in_.data(), count)) < count;
  }
  // Where writing failed, the system has told of a reset already and tells of an end here.
  if (error == asio::error::eof && write_failure_.empty()) parser_.end_of_stream();
  if (parser_.done()) {
    finish_answer(bytes_left_over || error);
  } else if (error && !write_failure_.empty()) {
    fail_request(core::TransportError::Kind::lost, "the connection to " + where() + " " + write_failure_);
  } else if (parser_.failed()) {
    fail_request(core::TransportError::Kind::lost, where() + ": " + parser_.failure());
  } else if (error) {
    fail_request(core::TransportError::Kind::lost,
                 "the connection to " + where() + " failed before the end of the answer: " + error.message());
  } else {
    read_some();
  }
}

void Connection::finish_answer(bool bytes_left_over) {
  // The rest of a request that was answered early would be read as the next one.
  const bool sent_whole = written_ == out_.size();
  const bool reusable = parser_.keep_alive() && !bytes_left_over && sent_whole;
  core::HttpResponse response = parser_.take();
  ConnectionOwner* owner = owner_;
  if (reusable) {
    state_ = State::idle;
    deadline_.reset();
    idle_since_ = std::chrono::steady_clock::now();
    // A rare large request or answer does not keep its memory for ever.
    if (out_.capacity() > 64 * 1024) std::string().swap(out_);
  } else {
    close();
  }
  owner->request_answered(*this, id_, std::move(response), reusable);
}

void Connection::fail_request(core::TransportError::Kind kind, std::string message) {
  ConnectionOwner* owner = owner_;
  close();
  owner->request_failed(*this, id_, core::TransportError{kind, std::move(message)});
}

void Connection::on_deadline() {
  if (state_ == State::connecting) {
    if (std::chrono::steady_clock::now() < connect_deadline_ && next_address_ < addresses_.size()) {
      // Ends the attempt at this address; its handler goes on to the next.
      error_code ignored;
      socket_.close(ignored);
      deadline_ = connect_deadline_;
      return;
    }
    fail_connecting("no connection to " + where() + ": time ran out while " + step_, true);
  } else if (state_ == State::busy) {
    fail_request(core::TransportError::Kind::timed_out,
                 where() + " gave no whole answer within " + std::to_string(timeout_ms_) + " ms");
  }
}

void Connection::close() {
  if (state_ == State::closed) return;
  state_ = State::closed;
  deadline_.reset();
  owner_ = nullptr;
  resolver_.cancel();
  // OpenSSL takes a connection that ends without this for a broken one and would not resume its session.
  if (stream_) SSL_set_shutdown(stream_->native_handle(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  error_code ignored;
  socket_.close(ignored);
}

std::string Connection::where() const {
  return endpoint_.host_header;
}

}  // namespace bao::native
