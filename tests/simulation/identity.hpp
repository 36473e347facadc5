#pragma once

#include <cstdint>
#include <optional>

#include "core/aws/sigv4.hpp"
#include "core/request/http.hpp"

// Who sends a request, and when he says that he does: what the service looks at before anything else.
namespace bao::simulation {

/// A signature may be this much older than the service's clock says, or younger.
inline constexpr std::int64_t skew_ms_max = 5 * 60'000;

/// Credentials that the service takes until `refused_from_ms` of its time; their holder is told when they
/// expire, which may be later: who gave them may take them back.
[[nodiscard]] core::Credentials credentials_until(std::int64_t refused_from_ms,
                                                  std::optional<std::int64_t> told_ms);
/// The service's refusal of a signed request whose clock is wrong or whose credentials have expired.
[[nodiscard]] std::optional<core::HttpResponse> refuse(const core::HttpRequest& request,
                                                       std::int64_t service_ms);

}  // namespace bao::simulation
