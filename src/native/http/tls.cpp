#include "native/http/tls.hpp"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>

namespace bao::native {
namespace {

/// Where an SSL_CTX keeps its TlsContext; Asio uses the place for application data itself.
int owner_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

}  // namespace

TlsContext::TlsContext() : context_(boost::asio::ssl::context::tls_client) {
  SSL_CTX* native = context_.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
  // Many connections sit idle: give OpenSSL's buffers back in between.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_set_ex_data(native, owner_index(), this);
  SSL_CTX_sess_set_new_cb(native, &TlsContext::remember_session);
}

TlsContext::~TlsContext() {
  SSL_CTX_sess_set_new_cb(context_.native_handle(), nullptr);
}

Result<std::unique_ptr<TlsContext>> TlsContext::create(const std::string& ca_file) {
  std::unique_ptr<TlsContext> tls(new TlsContext);
  boost::system::error_code error;
  if (ca_file.empty()) {
    tls->context_.set_default_verify_paths(error);
  } else {
    tls->context_.load_verify_file(ca_file, error);
  }
  if (error) {
    return std::unexpected(Error(
        ErrorCode::configuration,
        ErrorDetails{.message = "the certificate authorities" +
                                (ca_file.empty() ? std::string(" of this system") : " in '" + ca_file + "'") +
                                " cannot be read: " + error.message(),
                     .value = ca_file}));
  }
  return tls;
}

int TlsContext::remember_session(SSL* ssl, SSL_SESSION* session) {
  auto* tls = static_cast<TlsContext*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), owner_index()));
  tls->session_.reset(session);
  return 1;  // the reference is ours now
}

bool TlsContext::prepare(SSL* ssl, const std::string& host) const {
  boost::system::error_code not_an_address;
  boost::asio::ip::make_address(host, not_an_address);
  if (!not_an_address) {
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) != 1) return false;
  } else {
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (SSL_set1_host(ssl, host.c_str()) != 1) return false;
    if (SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 const_cast<char*>(host.c_str())) != 1) {
      return false;
    }
  }
  if (session_ && SSL_SESSION_is_resumable(session_.get()) == 1) SSL_set_session(ssl, session_.get());
  return true;
}

std::string TlsContext::certificate_problem(SSL* ssl) {
  const long result = SSL_get_verify_result(ssl);
  return result == X509_V_OK ? std::string() : X509_verify_cert_error_string(result);
}

}  // namespace bao::native
