#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <cstdlib>
#include <thread>

#include "core/request/table_body.hpp"
#include "native/face/client_state.hpp"
#include "native/http/http_transport.hpp"
#include "scenarios/cpp/engine.hpp"
#include "scenarios/cpp/failure.hpp"

namespace bao::scenarios {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

// tests/peers/start, running.
class Peer {
 public:
  /// Says through `installed` whether the engine is there to be started.
  Peer(const std::string& name, bool& installed) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw Failure("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    std::string script = std::string(BAO_SOURCE_DIR) + "/tests/peers/start";
    std::string argument = name;
    std::array<char*, 3> arguments{script.data(), argument.data(), nullptr};
    const int failed = posix_spawn(&pid_, script.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (failed != 0) throw Failure(script + " cannot be run");
    const std::string line = read_line(ends[0]);
    close(ends[0]);
    if (!line.empty()) {
      port_ = static_cast<std::uint16_t>(std::stoi(line));
      return;
    }
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    installed = !(WIFEXITED(status) && WEXITSTATUS(status) == 3);
    if (installed) throw Failure(name + " did not start");
  }
  ~Peer() {
    if (pid_ == 0) return;
    kill(pid_, SIGTERM);
    int status = 0;
    waitpid(pid_, &status, 0);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  static std::string read_line(int from) {
    std::string line;
    char byte = 0;
    while (read(from, &byte, 1) == 1 && byte != '\n') line += byte;
    return line;
  }

  pid_t pid_ = 0;
  std::uint16_t port_ = 0;
};

class PeerEngine final : public Engine {
 public:
  PeerEngine(std::string name, std::unique_ptr<Peer> peer) : name_(std::move(name)), peer_(std::move(peer)) {
    asio::connect(socket_, asio::ip::tcp::resolver(io_).resolve("127.0.0.1", std::to_string(peer_->port())));
  }

  void create_table(const std::string& table, bool search_index) override {
    const Answer created =
        request("CreateTable", core::create_table_body(table, {.search_index = search_index}));
    if (created.status != 200) throw Failure("CreateTable: " + created.body);
    for (int tries = 0; tries < 500; ++tries) {
      const Answer described = request("DescribeTable", core::table_name_body(table));
      // Until the table and all of its indexes are active.
      if (described.body.find("CREATING") == std::string::npos && described.status == 200) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    throw Failure(name_ + " does not finish a table");
  }

  Client connect(Config config, const std::shared_ptr<WireLog>& log) override {
    config.aws.endpoint = "http://127.0.0.1:" + std::to_string(peer_->port());
    config.aws.credentials = Credentials{.access_key_id = "local", .secret_access_key = "local"};
    const auto endpoint = native::parse_endpoint(config.aws.endpoint);
    Client client = init_models(std::move(config));
    detail::ClientState& state = *client.context().client;
    auto transport = native::make_http_transport(state.io().get_executor(), *endpoint, {},
                                                 tap(state.transport_events(), log));
    if (!transport) throw Failure(transport.error().message());
    state.set_transport(tap(std::move(*transport), log));
    return client;
  }

  Answer request(std::string_view operation, const std::string& body) override {
    http::request<http::string_body> message(http::verb::post, "/", 11);
    message.set(http::field::host, "127.0.0.1");
    message.set(http::field::content_type, "application/x-amz-json-1.0");
    message.set("X-Amz-Target", "DynamoDB_20120810." + std::string(operation));
    message.set("X-Amz-Date", "20200101T000000Z");
    // The engines want to see a signature, and check none.
    message.set(http::field::authorization,
                "AWS4-HMAC-SHA256 Credential=local/20200101/us-west-2/dynamodb/aws4_request, "
                "SignedHeaders=host;x-amz-date;x-amz-target, Signature=0");
    message.body() = body;
    message.prepare_payload();
    boost::system::error_code error;
    http::write(socket_, message, error);
    boost::beast::flat_buffer buffer;
    http::response<http::string_body> response;
    if (!error) http::read(socket_, buffer, response, error);
    if (error) throw Failure(name_ + " does not answer: " + error.message());
    return {.status = static_cast<int>(response.result_int()), .body = std::move(response.body())};
  }

 private:
  std::string name_;
  std::unique_ptr<Peer> peer_;
  asio::io_context io_;
  asio::ip::tcp::socket socket_{io_};
};

}  // namespace

std::unique_ptr<Engine> start_peer(const std::string& name) {
  bool installed = true;
  auto peer = std::make_unique<Peer>(name, installed);
  if (!installed) return nullptr;
  return std::make_unique<PeerEngine>(name, std::move(peer));
}

}  // namespace bao::scenarios
