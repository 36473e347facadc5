#include "local/http/connection.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace bao::local {

namespace {

// Beyond this, a buffer that became empty is given back: an idle connection should cost next to nothing.
constexpr std::size_t kept_buffer_size_max = 64 * 1024;
constexpr std::int64_t lingering_ms_max = 2'000;
// RFC 9112, 2.2: one at least is to be ignored, as older clients end a body with a line that they do not
// count.
constexpr int empty_lines_max = 4;

void clear(std::string& buffer) {
  buffer.clear();
  if (buffer.capacity() > kept_buffer_size_max) buffer.shrink_to_fit();
}

}  // namespace

Connection::~Connection() {
  ::close(socket_);
}

void Connection::read(char* buffer, std::size_t buffer_size, std::int64_t now_ms) {
  if (state_ == State::finished || wait() != Wait::to_read) return;
  const ssize_t size = ::recv(socket_, buffer, buffer_size, 0);
  if (size < 0) {
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) state_ = State::finished;
    return;
  }
  if (size == 0) {
    client_closed_ = true;
    if (state_ == State::lingering || output_.empty()) state_ = State::finished;
    return;
  }
  if (state_ != State::open) return;
  const std::string_view bytes(buffer, static_cast<std::size_t>(size));
  if (input_.empty()) {
    since_ms_ = now_ms;
    input_ = bytes.substr(consume(bytes, now_ms));
  } else {
    input_ += bytes;
    answer_backlog(now_ms);
  }
}

void Connection::answer_backlog(std::int64_t now_ms) {
  if (input_.empty() || state_ != State::open) return;
  const std::size_t used = consume(input_, now_ms);
  if (used == input_.size()) {
    clear(input_);
  } else {
    input_.erase(0, used);
  }
}

std::size_t Connection::consume(std::string_view bytes, std::int64_t now_ms) {
  std::size_t used = 0;
  RequestHead head;
  backlog_ = false;
  while (used < bytes.size() && state_ == State::open) {
    if (output_.size() > limits_.waiting_output_max || held_until_ms_ != 0) {
      backlog_ = true;
      return used;
    }
    const std::string_view rest = bytes.substr(used);
    if (rest.starts_with("\r\n") && empty_lines_ < empty_lines_max) {
      ++empty_lines_;
      used += 2;
      continue;
    }
    switch (parse_request_head(rest, head)) {
      case HeadResult::complete:
        break;
      case HeadResult::incomplete:
        return used;
      case HeadResult::bad_request:
        refuse(400, "this is not an HTTP request\n");
        return bytes.size();
      case HeadResult::too_large:
        refuse(431, "the request's head is longer than 16 KB\n");
        return bytes.size();
      case HeadResult::length_required:
        refuse(411, "a request with a body needs Content-Length or chunks\n");
        return bytes.size();
      case HeadResult::not_implemented:
        refuse(501, "the only transfer coding is chunked\n");
        return bytes.size();
      case HeadResult::version_not_supported:
        refuse(505, "this server speaks HTTP/1.1\n");
        return bytes.size();
      case HeadResult::expectation_failed:
        refuse(417, "the only expectation is 100-continue\n");
        return bytes.size();
    }
    std::string_view body = rest.substr(head.size);
    std::size_t size = head.size + head.content_length;
    using Result = ChunkedBody::Result;
    Result result = head.content_length > limits_.body_size_max ? Result::too_large
                    : body.size() < head.content_length         ? Result::incomplete
                                                                : Result::complete;
    if (head.is_chunked) {
      result = chunked_.read(body, limits_.body_size_max);
      body = chunked_.body();
      size = head.size + chunked_.size();
    } else {
      body = body.substr(0, head.content_length);
    }
    if (result == Result::too_large) {
      refuse(413, "the request's body is longer than 17 MB\n");
      return bytes.size();
    }
    if (result == Result::malformed) {
      refuse(400, "the chunks of the request's body cannot be told apart\n");
      return bytes.size();
    }
    if (result == Result::incomplete) {
      if (head.expects_continue && !continued_) output_ += "HTTP/1.1 100 Continue\r\n\r\n";
      continued_ = continued_ || head.expects_continue;
      return used;
    }
    const bool keep_alive = head.keep_alive && !stopping_;
    const Service::Fate fate = service_.answer(head, body, keep_alive, output_);
    if (head.is_chunked) chunked_ = ChunkedBody();
    if (fate.delay_ms > 0) held_until_ms_ = now_ms + fate.delay_ms;
    if (fate.dropped) {
      state_ = output_.empty() && held_until_ms_ == 0 ? State::finished : State::last_answer;
      return bytes.size();
    }
    used += size;
    continued_ = false;
    empty_lines_ = 0;
    if (!keep_alive) {
      state_ = State::last_answer;
      unread_request_ = used < bytes.size();
      return bytes.size();
    }
  }
  return used;
}

void Connection::refuse(int status, std::string_view message) {
  service_.refuse(status, message, output_);
  state_ = State::last_answer;
  unread_request_ = true;
}

void Connection::send(std::int64_t now_ms) {
  if (state_ == State::finished || now_ms < held_until_ms_) return;
  if (output_.empty() && held_until_ms_ == 0) return;
  held_until_ms_ = 0;
  while (sent_ < output_.size()) {
    const ssize_t size = ::send(socket_, output_.data() + sent_, output_.size() - sent_, MSG_NOSIGNAL);
    if (size < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) state_ = State::finished;
      return;
    }
    sent_ += static_cast<std::size_t>(size);
    since_ms_ = now_ms;
  }
  clear(output_);
  sent_ = 0;
  if (client_closed_ || (state_ == State::last_answer && !unread_request_)) {
    state_ = State::finished;
  } else if (state_ == State::last_answer) {
    ::shutdown(socket_, SHUT_WR);
    state_ = State::lingering;
  }
}

void Connection::stop_soon() {
  stopping_ = true;
  if (is_idle()) state_ = State::finished;
}

void Connection::check_time(std::int64_t now_ms) {
  if (wait() == Wait::for_time) return;
  const std::int64_t limit = state_ == State::lingering ? lingering_ms_max
                             : is_idle()                ? limits_.idle_ms_max
                                                        : limits_.transfer_ms_max;
  if (now_ms - since_ms_ < limit) return;
  if (state_ == State::open && output_.empty() && !input_.empty()) {
    refuse(408, "the request took too long\n");
    send(now_ms);
  }
  state_ = State::finished;
}

}  // namespace bao::local
