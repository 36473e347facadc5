#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <bao/error.hpp>

#include "core/aws/sigv4.hpp"
#include "native/credentials/environment.hpp"

namespace bao::native {

/// Asks for credentials; the answer comes once, from a handler of the executor, never from inside the call.
/// One question at a time. Each question reads the sources anew, so that keys that were renewed are found.
/// Destroying the function ends a question under way without an answer.
using CredentialFunction = std::function<void(std::function<void(Result<core::Credentials>)>)>;

/// The chain of SPEC 2: `configured`, AWS_ACCESS_KEY_ID and its companions, the profile files, the container,
/// a web identity, EC2's metadata. The first source that is set up answers, also where it answers with an
/// error: falling through to other credentials than those asked for would surprise. `region` is for STS.
/// `emulator`: the requests go to this machine. Then keys made up for the purpose come last, instead of
/// EC2's: emulators want a signature and take any, and off EC2 the question would cost a second.
[[nodiscard]] CredentialFunction make_credential_chain(boost::asio::any_io_executor executor,
                                                       std::optional<core::Credentials> configured,
                                                       std::string region, bool emulator,
                                                       Environment environment);

}  // namespace bao::native
