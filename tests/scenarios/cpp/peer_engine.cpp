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
#include "support/peer_process.hpp"

namespace bao::scenarios {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

using testing_support::PeerProcess;

class PeerEngine final : public Engine {
 public:
  PeerEngine(std::string name, std::unique_ptr<PeerProcess> peer)
      : name_(std::move(name)), peer_(std::move(peer)) {
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
  std::unique_ptr<PeerProcess> peer_;
  asio::io_context io_;
  asio::ip::tcp::socket socket_{io_};
};

}  // namespace

std::unique_ptr<Engine> start_peer(const std::string& name) {
  bool installed = true;
  auto peer = std::make_unique<PeerProcess>(name, installed);
  if (!installed) return nullptr;
  return std::make_unique<PeerEngine>(name, std::move(peer));
}

}  // namespace bao::scenarios
