#include "local/http/listener.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace bao::local {

namespace {

constexpr int backlog = 511;

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses resolve(const std::string& host, const std::string& port, int flags, int& error) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV | flags;
  addrinfo* found = nullptr;
  error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  return {found, &::freeaddrinfo};
}

std::uint16_t bound_port(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return address.ss_family == AF_INET6 ? ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port)
                                       : ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

/// The listening socket, or -1 with errno set.
int open_socket(const addrinfo& address) {
  const int socket = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return -1;
  constexpr int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  // Inherited by the accepted sockets, which saves a call for each.
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::bind(socket, address.ai_addr, address.ai_addrlen) == 0 && ::listen(socket, backlog) == 0) {
    return socket;
  }
  const int error = errno;
  ::close(socket);
  errno = error;
  return -1;
}

}  // namespace

std::expected<Listener, std::string> listen_at(const std::string& host, std::uint16_t port) {
  const std::string port_text = std::to_string(port);
  // A number needs no resolver, whose libraries take time and memory to load.
  const std::string name = host == "localhost" ? "127.0.0.1" : host;
  int error = 0;
  Addresses addresses = resolve(name, port_text, AI_NUMERICHOST, error);
  if (error != 0) addresses = resolve(name, port_text, 0, error);
  if (error != 0) return std::unexpected("there is no address '" + host + "': " + ::gai_strerror(error));
  int reason = 0;
  for (const addrinfo* address = addresses.get(); address; address = address->ai_next) {
    const int socket = open_socket(*address);
    if (socket >= 0) {
      const bool bracketed = host.find(':') != std::string::npos;
      return Listener{socket, bound_port(socket), bracketed ? "[" + host + "]" : host};
    }
    reason = errno;
  }
  return std::unexpected("cannot listen at " + host + " port " + port_text + ": " + std::strerror(reason));
}

}  // namespace bao::local
