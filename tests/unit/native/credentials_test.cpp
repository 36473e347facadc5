#include <gmock/gmock.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "native/credentials/profile.hpp"
#include "native/credentials/provider.hpp"
#include "native/credentials/remote_sources.hpp"
#include "unit/native/loopback_server.hpp"

namespace {

using bao::ErrorCode;
using bao::Result;
using bao::core::Credentials;
using bao::native::Environment;
using bao::test::LoopbackServer;
using bao::test::ok_answer;
using bao::test::tcp;
using testing::HasSubstr;

class CredentialsTest : public testing::Test {
 protected:
  Environment environment() {
    return {.variable = [this](const char* name) -> std::optional<std::string> {
              const auto found = variables_.find(name);
              return found == variables_.end() ? std::nullopt : std::optional(found->second);
            },
            .file = [this](const std::string& path) -> Result<std::optional<std::string>> {
              const auto found = files_.find(path);
              return found == files_.end() ? std::nullopt : std::optional(found->second);
            }};
  }

  /// Asks the chain, as the client does, and waits for the answer.
  Result<Credentials> ask(std::optional<Credentials> configured = std::nullopt, bool emulator = false) {
    boost::asio::io_context io;
    const auto chain = bao::native::make_credential_chain(io.get_executor(), std::move(configured),
                                                          "eu-west-1", emulator, environment());
    std::optional<Result<Credentials>> answer;
    bool asking = true;
    chain([&](Result<Credentials> given) {
      EXPECT_FALSE(asking) << "answered from inside the call";
      answer = std::move(given);
    });
    asking = false;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!answer && std::chrono::steady_clock::now() < end) io.run_one_for(std::chrono::milliseconds(100));
    if (!answer) return std::unexpected(bao::Error(ErrorCode::timeout, "no answer"));
    return *answer;
  }
  std::string key_of(const Result<Credentials>& credentials) {
    return credentials ? credentials->access_key_id : "error: " + credentials.error().message();
  }

  std::map<std::string, std::string> variables_ = {{"AWS_EC2_METADATA_DISABLED", "true"},
                                                   {"HOME", "/home/u"}};
  std::map<std::string, std::string> files_;
};

TEST_F(CredentialsTest, EarlierSourcesWin) {
  files_["/home/u/.aws/credentials"] =
      "[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n[other]\naws_access_key_id=OTHER # "
      "why\n"
      "aws_secret_access_key=s\naws_session_token=t\n";
  EXPECT_EQ(key_of(ask()), "FILE");
  variables_["AWS_PROFILE"] = "other";
  const Result<Credentials> other = ask();
  EXPECT_EQ(key_of(other), "OTHER");
  EXPECT_EQ(other->session_token, "t");
  variables_["AWS_ACCESS_KEY_ID"] = "ENV";
  variables_["AWS_SECRET_ACCESS_KEY"] = "s";
  variables_["AWS_SESSION_TOKEN"] = "token";
  const Result<Credentials> from_environment = ask();
  EXPECT_EQ(key_of(from_environment), "ENV");
  EXPECT_EQ(from_environment->session_token, "token");
  EXPECT_EQ(from_environment->expires_at_ms, std::nullopt);
  EXPECT_EQ(key_of(ask(Credentials{.access_key_id = "GIVEN", .secret_access_key = "s"})), "GIVEN");
}

TEST_F(CredentialsTest, EmulatorsNeedNoneAndUseThoseThatThereAre) {
  EXPECT_EQ(key_of(ask(std::nullopt, true)), "local");
  EXPECT_EQ(key_of(ask(Credentials{.access_key_id = "GIVEN", .secret_access_key = "s"}, true)), "GIVEN");
  variables_["AWS_ACCESS_KEY_ID"] = "ENV";
  EXPECT_EQ(ask(std::nullopt, true).error().code(), ErrorCode::configuration);  // half a pair is a mistake
  variables_["AWS_SECRET_ACCESS_KEY"] = "s";
  EXPECT_EQ(key_of(ask(std::nullopt, true)), "ENV");
}

TEST_F(CredentialsTest, NoneAndHalfOnesAreConfigurationErrors) {
  const auto refused = [this](std::string_view reason, std::optional<Credentials> configured = std::nullopt) {
    const Result<Credentials> credentials = ask(std::move(configured));
    ASSERT_FALSE(credentials) << reason;
    EXPECT_EQ(credentials.error().code(), ErrorCode::configuration);
    EXPECT_THAT(credentials.error().message(), HasSubstr(reason));
  };
  refused("there are no AWS credentials");
  refused("need both", Credentials{.access_key_id = "A"});
  refused("control character", Credentials{.access_key_id = "A\r\nX: y", .secret_access_key = "s"});
  variables_["AWS_SECRET_ACCESS_KEY"] = "s";
  refused("only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  variables_.erase("AWS_SECRET_ACCESS_KEY");
  variables_["AWS_PROFILE"] = "missing";
  refused("AWS profile 'missing' is in neither");
  variables_["AWS_PROFILE"] = "p";
  for (const char* key : {"role_arn", "sso_session", "sso_start_url", "credential_process"}) {
    files_["/home/u/.aws/config"] = std::string("[profile p]\n") + key + " = x\n";
    refused(std::string("AWS profile 'p' uses ") + key);
  }
  files_["/home/u/.aws/config"] = "[profile p]\naws_access_key_id = x\n";
  refused("AWS profile 'p' has only one of");
  files_["/home/u/.aws/config"] = "[profile p\n";
  refused("/home/u/.aws/config:1: a section without");
  files_["/home/u/.aws/config"] = "# c\nkey = value\n";
  refused("/home/u/.aws/config:2: a setting before");
  files_["/home/u/.aws/config"] = "[profile p]\n\nnonsense\n";
  refused("/home/u/.aws/config:3: neither a section");
}

TEST_F(CredentialsTest, ProfilesMergeBothFilesAndSkipNestedSettings) {
  variables_["AWS_SHARED_CREDENTIALS_FILE"] = "/c";
  variables_["AWS_CONFIG_FILE"] = "/f";
  files_["/c"] = "[p]\r\nAWS_ACCESS_KEY_ID = A ; comment\r\naws_secret_access_key = s#not a comment\r\n";
  files_["/f"] =
      "[p]\nregion = wrong\n[profile p]\nregion = eu-north-1\naws_access_key_id = B\ns3 =\n  a = b\n";
  variables_["AWS_PROFILE"] = "p";
  const auto profile = bao::native::load_profile(environment());
  ASSERT_TRUE(profile && *profile);
  EXPECT_EQ((*profile)->get("aws_access_key_id"), "A");
  EXPECT_EQ((*profile)->get("aws_secret_access_key"), "s#not a comment");
  EXPECT_EQ((*profile)->get("region"), "eu-north-1");
  EXPECT_EQ((*profile)->get("a"), "");
}

TEST_F(CredentialsTest, ProfileFilesMayBeginWithAByteOrderMarkAndEndLinesAsWindowsDoes) {
  files_["/home/u/.aws/credentials"] =
      "\xEF\xBB\xBF[default]\r\naws_access_key_id = A\r\naws_secret_access_key = s\r\n\r\n[b]\r\n";
  files_["/home/u/.aws/config"] = "\xEF\xBB\xBF[default]\r\nregion = eu-north-1\r\n";
  const Result<Credentials> credentials = ask();
  ASSERT_TRUE(credentials) << key_of(credentials);
  EXPECT_EQ(credentials->access_key_id, "A");
  EXPECT_EQ(credentials->secret_access_key, "s");
  EXPECT_EQ(bao::native::resolve_region(environment(), "").value_or("error"), "eu-north-1");
  files_["/home/u/.aws/config"] = "\xEF\xBB\xBF";
  EXPECT_EQ(key_of(ask()), "A");
}

TEST_F(CredentialsTest, NamesOfProfilesAreQuotedAsInAShell) {
  const auto region_in = [this](const std::string& config, const std::string& name) {
    files_["/home/u/.aws/config"] = config + "\nregion = found\n";
    variables_["AWS_PROFILE"] = name;
    const Result<std::string> region = bao::native::resolve_region(environment(), "");
    return region ? *region : region.error().message();
  };
  EXPECT_EQ(region_in("[profile \"my team\"]", "my team"), "found");
  EXPECT_EQ(region_in("[profile 'my team']", "my team"), "found");
  EXPECT_EQ(region_in("[ profile \t plain ]", "plain"), "found");
  EXPECT_EQ(region_in("[profile\t\"tab\"]", "tab"), "found");
  EXPECT_EQ(region_in("[profile \"default\"]", "default"), "found");
  // What Python's shlex.quote, and so the AWS CLI, makes of "it's mine".
  EXPECT_EQ(region_in("[profile 'it'\"'\"'s mine']", "it's mine"), "found");
  EXPECT_EQ(region_in("[profile \"a \\\"b\\\" \\c\"]", "a \"b\" \\c"), "found");
  EXPECT_EQ(region_in("[profile my\\ team]", "my team"), "found");
  // No word of a shell: the name is what stands there.
  EXPECT_EQ(region_in("[profile my team]", "my team"), "found");
  EXPECT_EQ(region_in("[profile it's]", "it's"), "found");
  EXPECT_THAT(region_in("[profile 'my team']", "'my team'"), HasSubstr("is in neither"));
  EXPECT_THAT(region_in("[profiled]", "d"), HasSubstr("is in neither"));
  EXPECT_THAT(region_in("[sso-session 'my team']", "my team"), HasSubstr("is in neither"));
  // The credentials file has bare names.
  files_["/home/u/.aws/credentials"] = "[my team]\naws_access_key_id = A\naws_secret_access_key = s\n";
  variables_["AWS_PROFILE"] = "my team";
  EXPECT_EQ(key_of(ask()), "A");
}

TEST_F(CredentialsTest, RegionAndEndpointInTheirOrder) {
  const auto region = [this](const std::string& configured) {
    return bao::native::resolve_region(environment(), configured).value_or("error");
  };
  EXPECT_EQ(region(""), "us-west-2");
  files_["/home/u/.aws/config"] = "[default]\nregion=r-profile\n";
  EXPECT_EQ(region(""), "r-profile");
  variables_["AWS_DEFAULT_REGION"] = "r-default";
  EXPECT_EQ(region(""), "r-default");
  variables_["AWS_REGION"] = "r-env";
  EXPECT_EQ(region(""), "r-env");
  EXPECT_EQ(region("r-given"), "r-given");

  const auto endpoint = [this](const std::string& configured) {
    return bao::native::resolve_endpoint(environment(), configured);
  };
  EXPECT_EQ(endpoint(""), "");
  variables_["AWS_ENDPOINT_URL"] = "c";
  EXPECT_EQ(endpoint(""), "c");
  variables_["AWS_ENDPOINT_URL_DYNAMODB"] = "b";
  EXPECT_EQ(endpoint(""), "b");
  variables_["DYNAMO_BAO_ENDPOINT"] = "a";
  EXPECT_EQ(endpoint(""), "a");
  EXPECT_EQ(endpoint("given"), "given");
}

/// Answers by "METHOD /path"; notes every request.
class Answers {
 public:
  LoopbackServer::Script script() {
    return [this](tcp::socket& socket, int) {
      const std::string request = bao::test::read_request(socket);
      std::string answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
        const auto found = answers.find(request.substr(0, request.find(" HTTP/1.1")));
        if (found != answers.end()) answer = found->second;
      }
      bao::test::write_all(socket, answer);
    };
  }
  std::vector<std::string> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  std::map<std::string, std::string> answers;

 private:
  std::mutex mutex_;
  std::vector<std::string> requests_;
};

constexpr const char* keys_json =
    R"({"RoleArn":"r","AccessKeyId":"AK","SecretAccessKey":"SK","Token":"T\/x","Expiration":"2026-11-23T20:02:17Z"})";
constexpr std::int64_t keys_expire_ms = 1795464137000;

TEST_F(CredentialsTest, FromAContainer) {
  Answers answers;
  answers.answers["GET /creds?id=1"] = ok_answer(keys_json);
  LoopbackServer server(answers.script());
  const std::string base = "http://127.0.0.1:" + std::to_string(server.port());
  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = base + "/creds?id=1";
  variables_["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/token";
  files_["/token"] = "secret-token\n";
  const Result<Credentials> credentials = ask();
  ASSERT_TRUE(credentials) << credentials.error().message();
  EXPECT_EQ(credentials->access_key_id, "AK");
  EXPECT_EQ(credentials->secret_access_key, "SK");
  EXPECT_EQ(credentials->session_token, "T/x");
  EXPECT_EQ(credentials->expires_at_ms, keys_expire_ms);
  EXPECT_THAT(answers.requests().at(0), HasSubstr("\r\nAuthorization: secret-token\r\n"));

  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = base + "/missing";
  EXPECT_THAT(key_of(ask()), HasSubstr("status 404"));
  for (const auto& [body, reason] :
       {std::pair{"{]", "not JSON"}, std::pair{"{}", "no keys"},
        std::pair{R"({"Code":"AssumeRoleUnauthorizedAccess"})", "AssumeRoleUnauth"},
        std::pair{R"({"AccessKeyId":"a","SecretAccessKey":"b","Expiration":"soon"})", "'soon' is no time"}}) {
    answers.answers["GET /bad"] = ok_answer(body);
    variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = base + "/bad";
    EXPECT_THAT(key_of(ask()), HasSubstr(reason));
  }
  files_["/token"] = "two\r\nlines: x";
  EXPECT_THAT(key_of(ask()), HasSubstr("line end"));
  files_.clear();
  EXPECT_THAT(key_of(ask()), HasSubstr("no token file '/token'"));
}

TEST_F(CredentialsTest, ContainerSecretsGoToNobodyElse) {
  for (const char* url : {"http://example.com/creds", "http://127.0.0.1.example.com/", "ftp://x"}) {
    variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    EXPECT_THAT(key_of(ask()), HasSubstr(url));
  }
}

TEST_F(CredentialsTest, FromAWebIdentity) {
  Answers answers;
  answers.answers["POST /"] = ok_answer(
      "<R><Credentials><AccessKeyId>AK</AccessKeyId><SecretAccessKey>SK</SecretAccessKey>"
      "<SessionToken>ST</SessionToken><Expiration>2026-11-23T20:02:17Z</Expiration></Credentials></R>");
  LoopbackServer server(answers.script());
  variables_["AWS_ENDPOINT_URL_STS"] = "http://127.0.0.1:" + std::to_string(server.port());
  variables_["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/jwt";
  EXPECT_THAT(key_of(ask()), HasSubstr("AWS_ROLE_ARN is not"));
  variables_["AWS_ROLE_ARN"] = "arn:aws:iam::1:role/r";
  EXPECT_THAT(key_of(ask()), HasSubstr("no token file '/jwt'"));
  files_["/jwt"] = "a.b+c\n";
  const Result<Credentials> credentials = ask();
  ASSERT_TRUE(credentials) << credentials.error().message();
  EXPECT_EQ(credentials->access_key_id, "AK");
  EXPECT_EQ(credentials->session_token, "ST");
  EXPECT_EQ(credentials->expires_at_ms, keys_expire_ms);
  EXPECT_THAT(
      answers.requests().at(0),
      HasSubstr(
          "\r\n\r\nAction=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole"
          "%2Fr&RoleSessionName=dynamo-bao&WebIdentityToken=a.b%2Bc"));
  answers.answers["POST /"] =
      "HTTP/1.1 403 No\r\nContent-Length: 31\r\n\r\n<E><Message>expired</Message></E>";
  EXPECT_THAT(key_of(ask()), HasSubstr("status 403"));
  answers.answers["POST /"] = ok_answer("<R></R>");
  EXPECT_THAT(key_of(ask()), HasSubstr("without keys"));
}

TEST_F(CredentialsTest, FromTheInstanceWithATokenFirst) {
  Answers answers;
  const std::string folder = "GET /latest/meta-data/iam/security-credentials/";
  answers.answers["PUT /latest/api/token"] = ok_answer("TOKEN");
  answers.answers[folder] = ok_answer("my-role\n");
  answers.answers[folder + "my-role"] = ok_answer(keys_json);
  LoopbackServer server(answers.script());
  variables_.erase("AWS_EC2_METADATA_DISABLED");
  variables_["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://127.0.0.1:" + std::to_string(server.port()) + "/";
  const Result<Credentials> credentials = ask();
  ASSERT_TRUE(credentials) << credentials.error().message();
  EXPECT_EQ(credentials->access_key_id, "AK");
  const std::vector<std::string> requests = answers.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_THAT(requests[0],
              HasSubstr("\r\nX-aws-ec2-metadata-token-ttl-seconds: 21600\r\nContent-Length: 0\r\n"));
  EXPECT_THAT(requests[1], HasSubstr("\r\nX-aws-ec2-metadata-token: TOKEN\r\n"));
  EXPECT_THAT(requests[2], HasSubstr("\r\nX-aws-ec2-metadata-token: TOKEN\r\n"));

  answers.answers.erase(folder);
  EXPECT_THAT(key_of(ask()), HasSubstr("there are no AWS credentials"));
  answers.answers.erase("PUT /latest/api/token");
  EXPECT_THAT(key_of(ask()), HasSubstr("gave no token but status 404"));
}

TEST_F(CredentialsTest, SilentMetadataServiceDoesNotKeepTheCallerWaiting) {
  LoopbackServer server([](tcp::socket& socket, int) {
    bao::test::read_request(socket);
    bao::test::read_request(socket);
  });
  variables_.erase("AWS_EC2_METADATA_DISABLED");
  variables_["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://127.0.0.1:" + std::to_string(server.port());
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(key_of(ask()), HasSubstr("there are no AWS credentials"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
}

TEST_F(CredentialsTest, DroppingTheChainEndsAQuestionSilently) {
  LoopbackServer server([](tcp::socket& socket, int) {
    bao::test::read_request(socket);
    bao::test::read_request(socket);
  });
  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.0.0.1:" + std::to_string(server.port());
  boost::asio::io_context io;
  bool answered = false;
  {
    const auto chain =
        bao::native::make_credential_chain(io.get_executor(), std::nullopt, "r", false, environment());
    chain([&](const Result<Credentials>&) { answered = true; });
    io.run_for(std::chrono::milliseconds(50));
  }
  io.restart();
  io.run();
  EXPECT_FALSE(answered);
}

TEST(IsoTime, ReadsUtcTimesOnly) {
  EXPECT_EQ(bao::native::parse_iso_time_ms("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(bao::native::parse_iso_time_ms("2026-11-23T20:02:17Z"), keys_expire_ms);
  EXPECT_EQ(bao::native::parse_iso_time_ms("2026-11-23T20:02:17.123Z"), keys_expire_ms);
  for (const char* text :
       {"", "2026-11-23", "2026-11-23T20:02:17", "2026-13-23T20:02:17Z", "2026-02-30T20:02:17Z",
        "2026-11-23T24:02:17Z", "2026-11-23 20:02:17Z", "2026-11-23T20:02:17+01:00Z"}) {
    EXPECT_EQ(bao::native::parse_iso_time_ms(text), std::nullopt) << text;
  }
}

TEST(ProcessEnvironment, ReadsVariablesAndFiles) {
  const Environment environment = bao::native::process_environment();
  ::setenv("BAO_TEST_VARIABLE", "x", 1);
  ::setenv("BAO_TEST_EMPTY", "", 1);
  EXPECT_EQ(environment.variable("BAO_TEST_VARIABLE"), "x");
  EXPECT_EQ(environment.variable("BAO_TEST_EMPTY"), std::nullopt);
  EXPECT_EQ(environment.variable("BAO_TEST_NOT_SET"), std::nullopt);
  const std::filesystem::path path =
      std::filesystem::path(testing::TempDir()) / ("bao-environment-" + std::to_string(::getpid()));
  std::ofstream(path) << std::string(5000, 'a');
  const auto text = environment.file(path.string());
  ASSERT_TRUE(text && *text);
  EXPECT_EQ((*text)->size(), 5000U);
  std::ofstream(path) << std::string(1'100'000, 'a');
  EXPECT_THAT(environment.file(path.string()).error().message(), HasSubstr("larger than 1 MB"));
  std::filesystem::remove(path);
  EXPECT_EQ(*environment.file(path.string()), std::nullopt);
  EXPECT_FALSE(environment.file(testing::TempDir()));
}

}  // namespace
