#include <gmock/gmock.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <optional>

#include "unit/native/transport_fixture.hpp"

namespace {

namespace asio = boost::asio;
using bao::native::PoolOptions;
using bao::test::LoopbackServer;
using bao::test::ok_answer;
using bao::test::read_request;
using bao::test::tcp;
using bao::test::write_all;
using testing::HasSubstr;
using Kind = bao::core::TransportError::Kind;

/// Certificates made for this run: an authority, and what it signed for the address 127.0.0.1, for another
/// name, and for another time.
class TlsTest : public bao::test::TransportTest {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::filesystem::path(testing::TempDir()) / ("bao-tls-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=ca -keyout ca.key "
        "-out ca.pem");
    run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=x -keyout x.key -out "
        "other-ca.pem");
    sign("address", "IP:127.0.0.1", "-days 2");
    sign("localhost", "DNS:localhost", "-days 2");
    sign("other", "DNS:other.example", "-days 2");
    sign("expired", "IP:127.0.0.1", "-days -1");
  }
  static void TearDownTestSuite() { std::filesystem::remove_all(folder_); }

  static void sign(const std::string& name, const std::string& subject_names, const std::string& days) {
    std::ofstream(folder_ / (name + ".ext")) << "subjectAltName=" << subject_names << "\n";
    run("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name + " -keyout " + name +
        ".key -out " + name + ".csr");
    run("x509 -req -in " + name + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial " + days + " -extfile " +
        name + ".ext -out " + name + ".pem");
  }
  static void run(const std::string& arguments) {
    const std::string command =
        "cd '" + folder_.string() + "' && openssl " + arguments + " >openssl.log 2>&1 </dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }
  static std::string file(const std::string& name) { return (folder_ / name).string(); }

  static std::shared_ptr<asio::ssl::context> server_context(const std::string& certificate,
                                                            int versions_max) {
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    context->use_certificate_chain_file(file(certificate + ".pem"));
    context->use_private_key_file(file(certificate + ".key"), asio::ssl::context::pem);
    SSL_CTX_set_max_proto_version(context->native_handle(), versions_max);
    if (versions_max < TLS1_2_VERSION) {
      SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_VERSION);
      SSL_CTX_set_security_level(context->native_handle(), 0);
    }
    return context;
  }

  /// Answers 503 to the beginning of a request and closes, which resets the connection under the rest.
  /// Where it is given `held`, it waits for that before.
  static LoopbackServer::Script tls_refuse(std::optional<std::shared_future<void>> held) {
    return [context = server_context("address", TLS1_3_VERSION), held](tcp::socket& socket, int) {
      asio::ssl::stream<tcp::socket&> stream(socket, *context);
      boost::system::error_code error;
      // Else the answer may wait for the client's word about the session tickets, and be gone with the reset.
      socket.set_option(tcp::no_delay(true), error);
      stream.handshake(asio::ssl::stream_base::server, error);
      char piece[4096];
      stream.read_some(asio::buffer(piece), error);
      write_all(stream, "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy");
      if (held) held->wait_for(std::chrono::seconds(20));
    };
  }

  /// Echoes requests over TLS; notes the server name asked for and whether the session was resumed.
  LoopbackServer::Script tls_echo(const std::string& certificate, int versions_max = TLS1_3_VERSION) {
    const auto context = server_context(certificate, versions_max);
    return [this, context](tcp::socket& socket, int) {
      asio::ssl::stream<tcp::socket&> stream(socket, *context);
      boost::system::error_code error;
      stream.handshake(asio::ssl::stream_base::server, error);
      if (error) return;
      if (SSL_session_reused(stream.native_handle()) == 1) ++resumed_;
      const char* name = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name);
      if (name != nullptr) {
        const std::lock_guard lock(mutex_);
        server_name_ = name;
      }
      while (true) {
        const std::string request = read_request(stream);
        if (request.empty()) return;
        const std::string body = request.substr(request.find("\r\n\r\n") + 4);
        write_all(stream, ok_answer(body, body == "close" ? "Connection: close\r\n" : ""));
        if (body == "close") return;
      }
    };
  }

  void connect_tls(const LoopbackServer& server, const std::string& host, const std::string& ca = "ca.pem") {
    PoolOptions options;
    options.ca_file = file(ca);
    connect_to("https://" + host + ":" + std::to_string(server.port()), options);
  }

  static inline std::filesystem::path folder_;
  std::atomic<int> resumed_ = 0;
  std::mutex mutex_;
  std::string server_name_;
};

TEST_F(TlsTest, VerifiedConnectionsCarryRequestsAndAreReused) {
  LoopbackServer server(tls_echo("address"));
  connect_tls(server, "127.0.0.1");
  const std::string large(3'000'000, 'x');
  send(1, 5000, "first");
  run_until_reports(1);
  send(2, 5000, large);
  run_until_reports(2);
  EXPECT_EQ(response_of(1).body, "first");
  EXPECT_TRUE(response_of(2).body == large);
  EXPECT_EQ(server.accepted(), 1);
  EXPECT_EQ(server_name_, "") << "addresses are not sent as names";
}

TEST_F(TlsTest, AnswerThatComesWhileTheRequestIsBeingSentIsUsed) {
  std::promise<void> release;
  for (const bool waits : {true, false}) {
    const auto held = waits ? std::optional(release.get_future().share()) : std::nullopt;
    LoopbackServer server(tls_refuse(held));
    connect_tls(server, "127.0.0.1");
    for (std::uint64_t i = 1; i <= (waits ? 1 : 10); ++i) {
      responses_.clear();
      send(i, 5000, std::string(30'000'000, 'x'));
      run_until_reports(reports_ + 1);
      EXPECT_EQ(response_of(i).body, "busy") << error_of(i).message;
    }
    if (waits) release.set_value();
  }
}

TEST_F(TlsTest, NamesAreSentAndVerified) {
  LoopbackServer server(tls_echo("localhost"));
  connect_tls(server, "localhost");
  send(1, 5000, "hello");
  run_until_reports(1);
  EXPECT_EQ(response_of(1).body, "hello") << error_of(1).message;
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(server_name_, "localhost");
}

TEST_F(TlsTest, LaterConnectionsResumeTheSession) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    resumed_ = 0;
    LoopbackServer server(tls_echo("address", version));
    connect_tls(server, "127.0.0.1");
    for (std::uint64_t i = 1; i <= 3; ++i) {
      send(i, 5000, "close");
      run_until_reports(reports_ + 1);
      EXPECT_EQ(response_of(i).body, "close");
    }
    EXPECT_EQ(server.accepted(), 3);
    EXPECT_EQ(resumed_, 2) << "TLS version " << version;
  }
}

TEST_F(TlsTest, BadCertificatesAreNotSentTo) {
  struct Case {
    const char* certificate;
    const char* ca;
    const char* reason;
  };
  const Case cases[] = {
      {"other", "ca.pem", "IP address mismatch"},
      {"localhost", "ca.pem", "IP address mismatch"},
      {"expired", "ca.pem", "certificate has expired"},
      {"address", "other-ca.pem", "unable to get local issuer certificate"},
      {"address", "", "unable to get local issuer certificate"},
  };
  for (const Case& bad : cases) {
    LoopbackServer server(tls_echo(bad.certificate));
    if (*bad.ca != '\0') {
      connect_tls(server, "127.0.0.1", bad.ca);
    } else {
      connect_to("https://127.0.0.1:" + std::to_string(server.port()));
    }
    send(1);
    run_until_reports(reports_ + 1);
    EXPECT_EQ(error_of(1).kind, Kind::not_sent);
    EXPECT_THAT(error_of(1).message, HasSubstr(bad.reason));
    EXPECT_THAT(error_of(1).message, HasSubstr("TLS handshake with 127.0.0.1"));
  }
  LoopbackServer server(tls_echo("other"));
  connect_tls(server, "localhost");
  errors_.clear();
  send(1);
  run_until_reports(reports_ + 1);
  EXPECT_THAT(error_of(1).message, HasSubstr("hostname mismatch"));
  EXPECT_TRUE(responses_.empty());
}

TEST_F(TlsTest, OldVersionsAndPlainServersAreRefused) {
  LoopbackServer old_server(tls_echo("address", TLS1_1_VERSION));
  connect_tls(old_server, "127.0.0.1");
  send(1);
  run_until_reports(1);
  EXPECT_EQ(error_of(1).kind, Kind::not_sent);

  LoopbackServer plain_server([](tcp::socket& socket, int) {
    char piece[16];
    boost::system::error_code error;
    socket.read_some(asio::buffer(piece), error);
    write_all(socket, "HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  connect_tls(plain_server, "127.0.0.1");
  send(2);
  run_until_reports(2);
  EXPECT_EQ(error_of(2).kind, Kind::not_sent);
}

TEST_F(TlsTest, SilentServerTimesOutAsNotSent) {
  LoopbackServer server([](tcp::socket& socket, int) { read_request(socket), read_request(socket); });
  connect_tls(server, "127.0.0.1");
  send(1, 100);
  run_until_reports(1);
  EXPECT_EQ(error_of(1).kind, Kind::not_sent);
  EXPECT_THAT(error_of(1).message, HasSubstr("within 100 ms"));
  EXPECT_THAT(error_of(1).message, HasSubstr("time ran out while shaking hands"));
}

TEST_F(TlsTest, UnreadableAuthoritiesAreAConfigurationError) {
  const auto made =
      bao::native::make_http_transport(io_.get_executor(), *bao::native::parse_endpoint("https://127.0.0.1"),
                                       {.ca_file = file("missing.pem")}, events());
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code(), bao::ErrorCode::configuration);
  EXPECT_THAT(made.error().message(), HasSubstr("missing.pem"));
}

}  // namespace
