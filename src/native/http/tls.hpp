#pragma once

#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include <bao/error.hpp>

namespace bao::native {

/// Client side TLS settings: 1.2 or later, the certificate's chain and name always verified. Remembers the
/// last session, so that the next connection resumes it instead of a full handshake.
class TlsContext {
 public:
  /// `ca_file`: PEM file of the authorities to trust instead of the system's; empty: the system's. A file
  /// that cannot be read is a ConfigurationError.
  static Result<std::unique_ptr<TlsContext>> create(const std::string& ca_file);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  [[nodiscard]] boost::asio::ssl::context& context() { return context_; }

  /// Before the handshake: the name to ask for and to verify (an address is verified as one), and the session
  /// to resume. False: OpenSSL refused the name.
  [[nodiscard]] bool prepare(SSL* ssl, const std::string& host) const;

  /// Why the peer's certificate was refused; empty where it was not.
  [[nodiscard]] static std::string certificate_problem(SSL* ssl);

 private:
  TlsContext();
  static int remember_session(SSL* ssl, SSL_SESSION* session);

  struct FreeSession {
    void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
  };
  boost::asio::ssl::context context_;
  std::unique_ptr<SSL_SESSION, FreeSession> session_;
};

}  // namespace bao::native
