// The bare transport: requests with the very bytes of our client's over kept connections, the answers read
// and left alone. What is left of the client's cost without it is the library's own.
//   bare_client ENDPOINT TABLE find|find16|find100|query100 ROUNDS

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "measure.hpp"
#include "thing.hpp"

namespace {

int checked(int result, const char* call) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), call);
  return result;
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/** Whether `message` holds a whole head, and the body that its Content-Length announces. */
bool complete(std::string_view message) {
  const std::size_t head = message.find("\r\n\r\n");
  if (head == std::string_view::npos) return false;
  for (const std::string_view name : {"Content-Length: ", "content-length: "}) {
    const std::size_t at = message.substr(0, head).find(name);
    if (at == std::string_view::npos) continue;
    std::size_t length = 0;
    std::from_chars(message.data() + at + name.size(), message.data() + head, length);
    return message.size() >= head + 4 + length;
  }
  return true;
}

/** The bytes of the operation's request, as they arrive at a server. */
std::string request_of(const std::string& operation, const std::string& table) {
  const int listener = checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  checked(bind(listener, reinterpret_cast<const sockaddr*>(&address), length), "bind");
  checked(listen(listener, 1), "listen");
  checked(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
  std::string heard;
  std::jthread server([&] {
    const int connection = accept(listener, nullptr, nullptr);
    std::array<char, 16384> part{};
    while (!complete(heard)) {
      const ssize_t got = recv(connection, part.data(), part.size(), 0);
      if (got <= 0) break;
      heard.append(part.data(), static_cast<std::size_t>(got));
    }
    constexpr std::string_view answer =
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 59\r\n\r\n"
        R"({"__type":"ValidationException","message":"not looked at."})";
    send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
    close(connection);
  });
  try {
    bao::Client client =
        bench::client_of("http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)), table);
    bao::sync_wait(client, bench::run(operation, 1));
  } catch (const bao::BaoError&) {  // the answer above
  }
  server.join();
  close(listener);
  if (!complete(heard)) throw std::runtime_error("bare_client: no request arrived");
  return heard;
}

struct Connection {
  int socket = -1;
  int left = 0;  // requests to send
  std::string answer{};
};

class Transport {
 public:
  Transport(std::uint16_t port, std::string request, int connections)
      : poll_(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
        request_(std::move(request)),
        connections_(static_cast<std::size_t>(connections)) {
    const sockaddr_in address = loopback(port);
    for (Connection& one : connections_) {
      one.socket = checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
      checked(connect(one.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), "connect");
      const int on = 1;
      checked(setsockopt(one.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");
      epoll_event event{.events = EPOLLIN | EPOLLET, .data = {.ptr = &one}};
      checked(epoll_ctl(poll_, EPOLL_CTL_ADD, one.socket, &event), "epoll_ctl");
    }
  }
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  ~Transport() {
    for (const Connection& one : connections_) close(one.socket);
    close(poll_);
  }

  /** `rounds` requests on each connection; gives their number. */
  int run(int rounds, std::size_t least_bytes) {
    int answers = 0;
    for (Connection& one : connections_) {
      one.left = rounds;
      ask(one);
    }
    const int all = rounds * static_cast<int>(connections_.size());
    std::array<epoll_event, 16> events{};
    while (answers < all) {
      const int ready =
          checked(epoll_wait(poll_, events.data(), static_cast<int>(events.size()), -1), "epoll_wait");
      for (int i = 0; i < ready; ++i) {
        auto& one = *static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
        if (!read(one)) continue;
        if (!one.answer.starts_with("HTTP/1.1 200 ") || one.answer.size() < least_bytes) {
          throw std::runtime_error("bare_client: wrong answer: " + one.answer);
        }
        ++answers;
        ask(one);
      }
    }
    return answers;
  }

 private:
  void ask(Connection& one) {
    one.answer.clear();
    if (one.left == 0) return;
    --one.left;
    const ssize_t sent = send(one.socket, request_.data(), request_.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(request_.size()))
      throw std::runtime_error("bare_client: a request was cut");
  }

  /** Takes what has arrived; true when the answer is whole. */
  bool read(Connection& one) {
    for (;;) {
      const ssize_t got = recv(one.socket, part_.data(), part_.size(), MSG_DONTWAIT);
      if (got < 0 && errno == EAGAIN) return false;
      if (got <= 0) throw std::runtime_error("bare_client: the connection is lost");
      one.answer.append(part_.data(), static_cast<std::size_t>(got));
      if (complete(one.answer)) return true;
    }
  }

  int poll_;
  std::string request_;
  std::vector<Connection> connections_;
  std::array<char, 65536> part_{};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: bare_client ENDPOINT TABLE OPERATION ROUNDS\n");
    return 2;
  }
  try {
    const std::string_view endpoint = argv[1];
    const std::string operation = argv[3];
    const auto port = static_cast<std::uint16_t>(std::atoi(endpoint.substr(endpoint.rfind(':') + 1).data()));
    const bool many = operation == "find100" || operation == "query100";
    const int items = many ? 100 : 1;  // in each answer
    const std::string single = operation == "find16" ? "find" : operation;
    Transport transport(port, request_of(single, argv[2]), operation == "find16" ? 16 : 1);
    bench::measure("bare sockets", operation, std::atoi(argv[4]), [&](int rounds) {
      return transport.run(rounds, static_cast<std::size_t>(items) * 200) * items;
    });
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
