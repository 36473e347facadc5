#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace bao::test {

using tcp = boost::asio::ip::tcp;

inline std::string ok_answer(std::string_view body, std::string_view more_headers = "") {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(more_headers) + "\r\n" + std::string(body);
}

/// Reads one request with a Content-Length, head included; what came before the end where the peer closed.
/// `Stream` is anything with a blocking read_some.
template <class Stream>
std::string read_request(Stream& stream) {
  std::string bytes;
  std::size_t needed = std::string::npos;
  char piece[4096];
  while (bytes.size() < needed) {
    boost::system::error_code error;
    const std::size_t count = stream.read_some(boost::asio::buffer(piece), error);
    if (error) break;
    bytes.append(piece, count);
    const std::size_t head_end = bytes.find("\r\n\r\n");
    if (needed == std::string::npos && head_end != std::string::npos) {
      needed = head_end + 4;
      const std::size_t length = bytes.find("Content-Length: ");
      if (length < head_end) needed += std::stoul(bytes.substr(length + 16));
    }
  }
  return bytes;
}

template <class Stream>
void write_all(Stream& stream, std::string_view bytes) {
  boost::system::error_code error;
  boost::asio::write(stream, boost::asio::buffer(bytes.data(), bytes.size()), error);
}

/// A server on a loopback address whose every connection is played by `script(socket, index)` in a thread of
/// its own. Ends all of them when destroyed.
class LoopbackServer {
 public:
  using Script = std::function<void(tcp::socket&, int index)>;

  explicit LoopbackServer(Script script, const std::string& address = "127.0.0.1")
      : script_(std::move(script)), acceptor_(io_, tcp::endpoint(boost::asio::ip::make_address(address), 0)) {
    port_ = acceptor_.local_endpoint().port();
    acceptor_thread_ = std::thread([this] { accept_all(); });
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer() {
    stopping_ = true;
    {
      // Wakes the blocking accept.
      boost::system::error_code ignored;
      tcp::socket last(io_);
      last.connect(acceptor_.local_endpoint(), ignored);
    }
    acceptor_thread_.join();
    {
      const std::lock_guard lock(mutex_);
      for (tcp::socket* socket : open_) ::shutdown(socket->native_handle(), SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
  }

  [[nodiscard]] unsigned short port() const { return port_; }
  [[nodiscard]] int accepted() const { return accepted_; }

 private:
  void accept_all() {
    while (true) {
      boost::system::error_code error;
      tcp::socket socket(io_);
      acceptor_.accept(socket, error);
      if (error || stopping_) return;
      const int index = accepted_++;
      threads_.emplace_back([this, index, held = std::move(socket)]() mutable { play(held, index); });
    }
  }
  void play(tcp::socket& socket, int index) {
    {
      const std::lock_guard lock(mutex_);
      open_.push_back(&socket);
      if (stopping_) ::shutdown(socket.native_handle(), SHUT_RDWR);
    }
    script_(socket, index);
    const std::lock_guard lock(mutex_);
    std::erase(open_, &socket);
    boost::system::error_code ignored;
    socket.close(ignored);
  }

  Script script_;
  boost::asio::io_context io_;
  tcp::acceptor acceptor_;
  unsigned short port_ = 0;
  std::atomic<int> accepted_ = 0;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::vector<tcp::socket*> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_thread_;
};

}  // namespace bao::test
