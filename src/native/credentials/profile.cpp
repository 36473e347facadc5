#include "native/credentials/profile.hpp"

#include <algorithm>
#include <utility>

namespace bao::native {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string_view without_comment(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if ((text[i] == '#' || text[i] == ';') && (text[i - 1] == ' ' || text[i - 1] == '\t'))
      return text.substr(0, i);
  }
  return text;
}

/// The one word that a shell makes of the text; nothing where it makes several, or none.
std::optional<std::string> shell_word(std::string_view text) {
  std::string word;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool escapes = c == '\\' && quote != '\'' && i + 1 < text.size() &&
                         (quote == '\0' || text[i + 1] == '"' || text[i + 1] == '\\');
    if (escapes) {
      word += text[++i];
    } else if (c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
    } else if (quote == '\0' && (c == ' ' || c == '\t')) {
      return std::nullopt;
    } else {
      word += c;
    }
  }
  if (quote != '\0' || word.empty()) return std::nullopt;
  return word;
}

/// Of a section of the config file: "[profile name]", where the AWS CLI quotes names with white space. A name
/// that is not quoted as it should be stands for itself.
std::optional<std::string> profile_of(std::string_view section) {
  constexpr std::string_view keyword = "profile";
  if (!section.starts_with(keyword)) return std::nullopt;
  section.remove_prefix(keyword.size());
  if (!section.starts_with(' ') && !section.starts_with('\t')) return std::nullopt;
  const std::string_view name = trimmed(section);
  return shell_word(name).value_or(std::string(name));
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

std::unexpected<Error> configuration_error(std::string message, std::string value) {
  return std::unexpected(Error(ErrorCode::configuration,
                               ErrorDetails{.message = std::move(message), .value = std::move(value)}));
}

/// The files' paths: a variable, else a name below the home directory; empty where there is neither.
std::string path_of(const Environment& environment, const char* variable, const char* below_home) {
  if (const auto path = environment.variable(variable)) return *path;
  if (const auto home = environment.variable("HOME")) return *home + below_home;
  return {};
}

Result<IniFile> load_ini(const Environment& environment, const char* variable, const char* below_home) {
  const std::string path = path_of(environment, variable, below_home);
  if (path.empty()) return IniFile();
  const Result<std::optional<std::string>> text = environment.file(path);
  if (!text) return std::unexpected(text.error());
  return *text ? parse_ini(**text, path) : IniFile();
}

}  // namespace

Result<IniFile> parse_ini(std::string_view text, const std::string& path) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  IniFile file;
  std::map<std::string, std::string>* section = nullptr;
  int line_number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line_number;
    const std::string_view content = trimmed(line);
    if (content.empty() || content.front() == '#' || content.front() == ';') continue;
    const auto bad_line = [&](const char* why) {
      return configuration_error(path + ":" + std::to_string(line_number) + ": " + why, path);
    };
    if (content.front() == '[') {
      const std::size_t close = content.find(']');
      if (close == std::string_view::npos) return bad_line("a section without its ']'");
      section = &file[std::string(trimmed(content.substr(1, close - 1)))];
      continue;
    }
    if (line.front() == ' ' || line.front() == '\t') continue;
    const std::size_t equals = content.find('=');
    if (equals == std::string_view::npos || equals == 0)
      return bad_line("neither a section nor 'key = value'");
    if (section == nullptr) return bad_line("a setting before the first section");
    (*section)[lower(trimmed(content.substr(0, equals)))] =
        trimmed(without_comment(content.substr(equals + 1)));
  }
  return file;
}

Result<std::optional<Profile>> load_profile(const Environment& environment) {
  Result<IniFile> keys = load_ini(environment, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
  if (!keys) return std::unexpected(keys.error());
  Result<IniFile> config = load_ini(environment, "AWS_CONFIG_FILE", "/.aws/config");
  if (!config) return std::unexpected(config.error());
  const std::optional<std::string> chosen = environment.variable("AWS_PROFILE");
  Profile profile;
  profile.name = chosen.value_or("default");
  bool found = false;
  const auto add = [&](std::map<std::string, std::string>& settings) {
    found = true;
    profile.settings.merge(settings);  // keeps what is there
  };
  const auto add_section = [&](IniFile& file) {
    const auto entry = file.find(profile.name);
    if (entry != file.end()) add(entry->second);
  };
  add_section(*keys);
  // The config file writes "[profile name]", except for the default one, which it may write either way.
  for (auto& [section, settings] : *config) {
    if (profile_of(section) == profile.name) add(settings);
  }
  if (profile.name == "default") add_section(*config);
  if (found) return profile;
  if (!chosen) return std::optional<Profile>();
  return configuration_error(
      "AWS profile '" + *chosen + "' is in neither the credentials nor the config file", *chosen);
}

Result<std::optional<core::Credentials>> profile_credentials(const Profile& profile) {
  const std::string access_key = profile.get("aws_access_key_id");
  const std::string secret_key = profile.get("aws_secret_access_key");
  if (!access_key.empty() && !secret_key.empty()) {
    return core::Credentials{.access_key_id = access_key,
                             .secret_access_key = secret_key,
                             .session_token = profile.get("aws_session_token"),
                             .expires_at_ms = std::nullopt};
  }
  if (access_key.empty() != secret_key.empty()) {
    return configuration_error(
        "AWS profile '" + profile.name + "' has only one of aws_access_key_id and " + "aws_secret_access_key",
        profile.name);
  }
  for (const char* key :
       {"role_arn", "sso_session", "sso_start_url", "credential_process", "login_session"}) {
    if (profile.get(key).empty()) continue;
    return configuration_error("AWS profile '" + profile.name + "' uses " + key +
                                   ", which is not supported: export its keys into the environment (aws " +
                                   "configure export-credentials)",
                               profile.name);
  }
  return std::optional<core::Credentials>();
}

Result<std::string> resolve_region(const Environment& environment, const std::string& configured) {
  if (!configured.empty()) return configured;
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (auto region = environment.variable(name)) return *std::move(region);
  }
  const Result<std::optional<Profile>> profile = load_profile(environment);
  if (!profile) return std::unexpected(profile.error());
  std::string region = *profile ? (*profile)->get("region") : std::string();
  return region.empty() ? "us-west-2" : region;
}

std::string resolve_endpoint(const Environment& environment, const std::string& configured) {
  if (!configured.empty()) return configured;
  for (const char* name : {"DYNAMO_BAO_ENDPOINT", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"}) {
    if (auto endpoint = environment.variable(name)) return *std::move(endpoint);
  }
  return {};
}

}  // namespace bao::native
