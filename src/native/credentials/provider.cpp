#include "native/credentials/provider.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include <bao/task.hpp>

#include "native/credentials/profile.hpp"
#include "native/credentials/remote_sources.hpp"

namespace bao::native {
namespace {

std::unexpected<Error> no_credentials(std::string message) {
  return std::unexpected(Error(ErrorCode::configuration, std::move(message)));
}

/// They go into headers: a line end in one would forge others.
Result<core::Credentials> checked(core::Credentials credentials) {
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
    return no_credentials("AWS credentials need both an access key id and a secret access key");
  }
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
  if (std::ranges::any_of(credentials.access_key_id, is_control) ||
      std::ranges::any_of(credentials.session_token, is_control)) {
    return no_credentials("the AWS access key id or session token holds a control character");
  }
  return credentials;
}

/// What can be had without asking anybody.
MaybeCredentials local_credentials(const std::optional<core::Credentials>& configured,
                                   const Environment& environment) {
  if (configured) return configured;
  const auto access_key = environment.variable("AWS_ACCESS_KEY_ID");
  const auto secret_key = environment.variable("AWS_SECRET_ACCESS_KEY");
  if (access_key && secret_key) {
    return core::Credentials{.access_key_id = *access_key,
                             .secret_access_key = *secret_key,
                             .session_token = environment.variable("AWS_SESSION_TOKEN").value_or(""),
                             .expires_at_ms = std::nullopt};
  }
  if (access_key || secret_key) {
    return no_credentials("only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set");
  }
  const Result<std::optional<Profile>> profile = load_profile(environment);
  if (!profile) return std::unexpected(profile.error());
  return *profile ? profile_credentials(**profile) : std::optional<core::Credentials>();
}

struct Chain {
  boost::asio::any_io_executor executor;
  std::optional<core::Credentials> configured;
  std::string region;
  bool emulator;
  Environment environment;
  std::optional<Task<void>> running;

  Task<Result<core::Credentials>> find() {
    MaybeCredentials found = local_credentials(configured, environment);
    if (found && !*found) found = co_await container_credentials(executor, environment);
    if (found && !*found) found = co_await web_identity_credentials(executor, environment, region);
    if (found && !*found && emulator) {
      co_return core::Credentials{
          .access_key_id = "local", .secret_access_key = "local", .session_token = {}, .expires_at_ms = {}};
    }
    if (found && !*found) found = co_await instance_credentials(executor, environment);
    if (!found) co_return std::unexpected(found.error());
    if (!*found) {
      co_return no_credentials(
          "there are no AWS credentials: none were configured, and the environment, the profile files, the "
          "container and the EC2 metadata service have none");
    }
    co_return checked(**std::move(found));
  }

  Task<void> answer(std::function<void(Result<core::Credentials>)> give) {
    Result<core::Credentials> found = co_await find();
    // Posted: what it does may end in a new question, or destroy this chain, whose coroutine this is.
    boost::asio::post(
        executor, [give = std::move(give), found = std::move(found)]() mutable { give(std::move(found)); });
  }
};

}  // namespace

CredentialFunction make_credential_chain(boost::asio::any_io_executor executor,
                                         std::optional<core::Credentials> configured, std::string region,
                                         bool emulator, Environment environment) {
  auto chain = std::make_shared<Chain>(std::move(executor), std::move(configured), std::move(region),
                                       emulator, std::move(environment), std::nullopt);
  return [chain = std::move(chain)](std::function<void(Result<core::Credentials>)> give) {
    chain->running.emplace(chain->answer(std::move(give)));
    detail::start_owned(*chain->running);
  };
}

}  // namespace bao::native
