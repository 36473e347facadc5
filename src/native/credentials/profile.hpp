#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <bao/error.hpp>

#include "core/aws/sigv4.hpp"
#include "native/credentials/environment.hpp"

namespace bao::native {

/// Sections of an INI file as AWS's tools write it: "[name]", "key = value", comments from '#' or ';' at the
/// start of a line or after white space. Indented lines (nested settings) are skipped, as is a byte order
/// mark at the start. Keys in lower case.
using IniFile = std::map<std::string, std::map<std::string, std::string>>;

/// `path` is for messages; they name the line.
[[nodiscard]] Result<IniFile> parse_ini(std::string_view text, const std::string& path);

/// A profile of ~/.aws/config and ~/.aws/credentials (or of the files that AWS_CONFIG_FILE and
/// AWS_SHARED_CREDENTIALS_FILE name), the latter's settings first.
struct Profile {
  std::string name;
  std::map<std::string, std::string> settings;

  [[nodiscard]] std::string get(const std::string& key) const {
    const auto found = settings.find(key);
    return found == settings.end() ? std::string() : found->second;
  }
};

/// The profile that AWS_PROFILE names, else "default"; nothing where there is none. A profile that
/// AWS_PROFILE names and neither file has is a ConfigurationError.
[[nodiscard]] Result<std::optional<Profile>> load_profile(const Environment& environment);

/// The static keys of a profile; nothing where it holds none. What only other tools can turn into keys
/// (role_arn, SSO, credential_process) is a ConfigurationError that names the profile.
[[nodiscard]] Result<std::optional<core::Credentials>> profile_credentials(const Profile& profile);

/// Configured, else AWS_REGION, AWS_DEFAULT_REGION, the profile's `region`, us-west-2.
[[nodiscard]] Result<std::string> resolve_region(const Environment& environment,
                                                 const std::string& configured);

/// Configured, else DYNAMO_BAO_ENDPOINT, AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL; empty: DynamoDB's own.
[[nodiscard]] std::string resolve_endpoint(const Environment& environment, const std::string& configured);

}  // namespace bao::native
