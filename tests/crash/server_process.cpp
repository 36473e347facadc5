#include "crash/server_process.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace bao::crash {

std::optional<std::string> ServerProcess::start(const std::vector<std::string>& arguments) {
  int output[2];
  if (::pipe2(output, O_CLOEXEC) != 0) return "no pipe";
  std::vector<std::string> words{BAO_PROGRAM, "local", "--port", "0"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(output[1], 1);
    ::dup2(output[1], 2);
    ::execv(pointers[0], pointers.data());
    ::_exit(127);
  }
  ::close(output[1]);
  std::string said;
  char buffer[512];
  std::size_t colon = std::string::npos;
  while (said.find('\n') == std::string::npos) {
    const ssize_t size = ::read(output[0], buffer, sizeof buffer);
    if (size <= 0) break;
    said.append(buffer, static_cast<std::size_t>(size));
  }
  ::close(output[0]);
  const std::string address = "http://127.0.0.1:";
  colon = said.find(address);
  if (colon == std::string::npos) return said.empty() ? "it said nothing" : said;
  port_ = std::atoi(said.c_str() + colon + address.size());
  return std::nullopt;
}

void ServerProcess::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::optional<int> ServerProcess::terminate() {
  int status = 0;
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  if (!WIFEXITED(status)) return std::nullopt;
  return WEXITSTATUS(status);
}

HttpClient::HttpClient(int port) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const timeval limit{30, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  // A connection that fails shows at the first call.
  (void)::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
}

HttpClient::~HttpClient() {
  ::close(socket_);
}

bool HttpClient::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t size = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

std::optional<HttpAnswer> HttpClient::call(const std::string& operation, const std::string& body) {
  const std::string request =
      "POST / HTTP/1.1\r\nHost: localhost\r\nAuthorization: any\r\nX-Amz-Target: DynamoDB_20120810." +
      operation + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  if (!send(request)) return std::nullopt;
  char buffer[16384];
  while (true) {
    const std::size_t end = input_.find("\r\n\r\n");
    if (end != std::string::npos) {
      const std::size_t length_at = input_.find("Content-Length: ");
      if (length_at == std::string::npos || length_at > end) return std::nullopt;
      const std::size_t length = std::strtoull(input_.c_str() + length_at + 16, nullptr, 10);
      if (input_.size() >= end + 4 + length) {
        HttpAnswer answer{std::atoi(input_.c_str() + 9), input_.substr(end + 4, length)};
        input_.erase(0, end + 4 + length);
        return answer;
      }
    }
    const ssize_t size = ::recv(socket_, buffer, sizeof buffer, 0);
    if (size <= 0) return std::nullopt;
    input_.append(buffer, static_cast<std::size_t>(size));
  }
}

}  // namespace bao::crash
