#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "native/http/connection_pool.hpp"

namespace bao::native {

/// DynamoDB over HTTP/1.1 with keep-alive, in clear or over TLS as the endpoint says. The certificate and the
/// name are always verified. Error: a ConfigurationError about the certificate authorities.
[[nodiscard]] Result<std::unique_ptr<Transport>> make_http_transport(boost::asio::any_io_executor executor,
                                                                     Endpoint endpoint, PoolOptions options,
                                                                     TransportEvents events);

}  // namespace bao::native
