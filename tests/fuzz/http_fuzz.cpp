// Arbitrary bytes on a connection of `bao local`, in arbitrary pieces: it answers or ends, and how the
// network cuts the bytes changes nothing in what it answers.

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "local/http/connection.hpp"
#include "local/http/service.hpp"
#include "local/local_engine.hpp"
#include "local/store/memory_store.hpp"

namespace {

using namespace bao::local;

constexpr std::int64_t now_ms = 1'767'225'600'000;

class Play {
 public:
  Play()
      : engine_(make_memory_store(), {.now_ms = [] { return now_ms; }}),
        service_(engine_, OriginRule{{"https://app.example"}}, 1) {
    service_.set_time(now_ms / 1000);
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, sockets_.data()) != 0)
      std::abort();
  }
  Play(const Play&) = delete;
  Play& operator=(const Play&) = delete;
  ~Play() { ::close(sockets_[1]); }

  /// What the client reads when it sends `input` in pieces, whose sizes the bytes of `cuts` say in turn.
  std::string answers(std::string_view input, std::string_view cuts) {
    Connection connection(sockets_[0], service_, limits_, now_ms);
    std::string out;
    std::array<char, 64 * 1024> buffer{};
    for (std::size_t piece = 0; !input.empty() && !connection.is_finished(); ++piece) {
      std::size_t size = input.size();
      if (!cuts.empty())
        size = std::min(size, std::size_t{static_cast<unsigned char>(cuts[piece % cuts.size()])} + 1);
      const ssize_t sent = ::send(sockets_[1], input.data(), size, MSG_NOSIGNAL);
      if (sent <= 0) std::abort();
      input.remove_prefix(static_cast<std::size_t>(sent));
      connection.read(buffer.data(), buffer.size(), now_ms);
      do {
        connection.send(now_ms);
        drain(out);
        if (connection.has_backlog()) connection.answer_backlog(now_ms);
      } while (connection.wait() == Connection::Wait::to_send && !connection.is_finished());
    }
    connection.stop_soon();
    connection.check_time(now_ms + limits_.idle_ms_max);
    drain(out);
    if (!connection.is_finished()) std::abort();
    return out;
  }

 private:
  void drain(std::string& out) {
    std::array<char, 16 * 1024> buffer{};
    for (ssize_t size = 0; (size = ::recv(sockets_[1], buffer.data(), buffer.size(), 0)) > 0;) {
      out.append(buffer.data(), static_cast<std::size_t>(size));
    }
  }

  LocalEngine engine_;
  Service service_;
  ConnectionLimits limits_;
  std::array<int, 2> sockets_{};
};

/// An interim answer is sent only where the body comes later than the head.
std::string without_interim_answers(std::string text) {
  constexpr std::string_view interim = "HTTP/1.1 100 Continue\r\n\r\n";
  for (std::size_t at = 0; (at = text.find(interim, at)) != std::string::npos;)
    text.erase(at, interim.size());
  return text;
}

}  // namespace

// The first byte: how many of the next bytes cut the rest.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t cuts_size = std::min<std::size_t>(data[0] % 8U, size - 1);
  const std::string_view cuts = input.substr(1, cuts_size);
  input.remove_prefix(1 + cuts_size);
  const std::string whole = without_interim_answers(Play().answers(input, {}));
  if (!whole.empty() && !whole.starts_with("HTTP/1.1 ")) std::abort();
  if (without_interim_answers(Play().answers(input, cuts)) != whole) std::abort();
  return 0;
}
