#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <optional>
#include <string>

#include <bao/error.hpp>
#include <bao/task.hpp>

#include "core/aws/sigv4.hpp"
#include "native/credentials/environment.hpp"

namespace bao::native {

/// Nothing: this source is not set up here. An error: it is, and failed.
using MaybeCredentials = Result<std::optional<core::Credentials>>;

/// ECS, EKS and Lambda-like containers: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI, with
/// AWS_CONTAINER_AUTHORIZATION_TOKEN or _TOKEN_FILE. A full URI over plain HTTP must be a loopback address or
/// one of the container agents' own: secrets go to nobody else.
[[nodiscard]] Task<MaybeCredentials> container_credentials(boost::asio::any_io_executor executor,
                                                           const Environment& environment);

/// A role for the token in AWS_WEB_IDENTITY_TOKEN_FILE, by way of STS (AWS_ROLE_ARN, AWS_ROLE_SESSION_NAME).
/// `region` is of the STS endpoint; AWS_ENDPOINT_URL_STS replaces it.
[[nodiscard]] Task<MaybeCredentials> web_identity_credentials(boost::asio::any_io_executor executor,
                                                              const Environment& environment,
                                                              std::string region);

/// The role of an EC2 instance, from its metadata service, version 2 only. Nothing where the service does not
/// answer within a second, or where AWS_EC2_METADATA_DISABLED is true. AWS_EC2_METADATA_SERVICE_ENDPOINT
/// replaces its address.
[[nodiscard]] Task<MaybeCredentials> instance_credentials(boost::asio::any_io_executor executor,
                                                          const Environment& environment);

/// Milliseconds since the epoch of "2026-11-23T20:02:17Z" (a fraction of a second is dropped).
[[nodiscard]] std::optional<std::int64_t> parse_iso_time_ms(std::string_view text);

}  // namespace bao::native
