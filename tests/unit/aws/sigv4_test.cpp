#include "core/aws/sigv4.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/golden_rows.hpp"

namespace bao::core {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view example_secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

std::string hex(const Sha256Digest& digest) {
  std::string text;
  append_hex(text, digest);
  return text;
}

TEST(SigV4, DerivedKeyOfTheDocumentation) {
  EXPECT_EQ(hex(derive_signing_key(example_secret, "20150830", "us-east-1", "iam")),
            "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
}

struct SuiteCase {
  const char* name;
  std::string_view method;
  std::string_view query;
  std::vector<SignedHeader> headers;
  std::string_view payload;
  std::string signature;
};

// Cases of AWS's published Signature Version 4 test suite, and the ListUsers example of its documentation.
TEST(SigV4, PublishedSuite) {
  const SignedHeader host{"host", "example.amazonaws.com"};
  const SignedHeader date{"x-amz-date", "20150830T123600Z"};
  const std::vector<SuiteCase> cases{
      {"get-vanilla",
       "GET",
       "",
       {host, date},
       "",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"post-vanilla",
       "POST",
       "",
       {host, date},
       "",
       "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
      {"post-header-key-sort",
       "POST",
       "",
       {host, {"my-header1", "value1"}, date},
       "",
       "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
      {"get-vanilla-query-order-key-case",
       "GET",
       "Param1=value1&Param2=value2",
       {host, date},
       "",
       "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
      {"post-x-www-form-urlencoded",
       "POST",
       "",
       {{"content-type", "application/x-www-form-urlencoded"}, host, date},
       "Param1=value1",
       "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
  };
  const HmacSha256 key(derive_signing_key(example_secret, "20150830", "us-east-1", "service"));
  const SigningScope scope{.amz_date = "20150830T123600Z", .region = "us-east-1", .service = "service"};
  for (const SuiteCase& test : cases) {
    const CanonicalRequest request{.method = test.method,
                                   .query = test.query,
                                   .headers = test.headers,
                                   .payload_hash = sha256(test.payload)};
    EXPECT_THAT(sign_request(request, scope, "AKIDEXAMPLE", key), EndsWith(", Signature=" + test.signature))
        << test.name;
  }
}

TEST(SigV4, ListUsersExample) {
  const std::vector<SignedHeader> headers{
      {"content-type", "application/x-www-form-urlencoded; charset=utf-8"},
      {"host", "iam.amazonaws.com"},
      {"x-amz-date", "20150830T123600Z"}};
  const CanonicalRequest request{.method = "GET",
                                 .query = "Action=ListUsers&Version=2010-05-08",
                                 .headers = headers,
                                 .payload_hash = sha256("")};
  EXPECT_EQ(hex(sha256(canonical_request_text(request))),
            "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59");
  const HmacSha256 key(derive_signing_key(example_secret, "20150830", "us-east-1", "iam"));
  EXPECT_EQ(sign_request(request, {.amz_date = "20150830T123600Z", .region = "us-east-1", .service = "iam"},
                         "AKIDEXAMPLE", key),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

ApiOperation operation_named(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(ApiOperation::describe_time_to_live); ++i) {
    if (api_operation_name(static_cast<ApiOperation>(i)) == name) return static_cast<ApiOperation>(i);
  }
  ADD_FAILURE() << name;
  return ApiOperation::get_item;
}

TEST(Signer, AgreesWithNodesCrypto) {
  const auto rows = golden_rows("signatures.tsv", "request");
  ASSERT_EQ(rows.size(), 50U);
  for (const auto& row : rows) {
    Signer signer(row[1], row[2]);
    signer.set_credentials({.access_key_id = row[3], .secret_access_key = row[4], .session_token = row[5]});
    HttpRequest request{.operation = operation_named(row[6]), .body = from_hex(row[7])};
    signer.sign(request, std::stoll(row[0]));
    EXPECT_EQ(request.amz_date, row[8]);
    EXPECT_EQ(request.authorization, row[9]);
    EXPECT_EQ(request.security_token, row[5]);
  }
}

std::string authorization_of(Signer& signer, std::int64_t wall_ms) {
  HttpRequest request{.body = "{}"};
  signer.sign(request, wall_ms);
  return request.authorization;
}

TEST(Signer, DerivesItsKeyAgainOnANewDayAndForNewCredentials) {
  constexpr std::int64_t midnight = 1'700'006'400'000;  // 2023-11-15
  const Credentials first{.access_key_id = "A", .secret_access_key = "one"};
  const Credentials second{.access_key_id = "A", .secret_access_key = "two"};
  const auto fresh = [&](const Credentials& credentials, std::int64_t wall_ms) {
    Signer signer("us-west-2", "h");
    signer.set_credentials(credentials);
    return authorization_of(signer, wall_ms);
  };
  Signer signer("us-west-2", "h");
  signer.set_credentials(first);
  EXPECT_EQ(authorization_of(signer, midnight - 1), fresh(first, midnight - 1));
  EXPECT_THAT(authorization_of(signer, midnight - 1), HasSubstr("/20231114/us-west-2/dynamodb/"));
  EXPECT_EQ(authorization_of(signer, midnight), fresh(first, midnight));
  EXPECT_THAT(authorization_of(signer, midnight), HasSubstr("/20231115/us-west-2/dynamodb/"));
  signer.set_credentials(second);
  EXPECT_EQ(authorization_of(signer, midnight), fresh(second, midnight));
  EXPECT_NE(fresh(first, midnight), fresh(second, midnight));
}

TEST(Signer, ATokenIsSignedOnlyWhereThereIsOne) {
  Signer signer("us-west-2", "h");
  HttpRequest request{.body = "{}"};
  signer.set_credentials({.access_key_id = "A", .secret_access_key = "s", .session_token = "t"});
  signer.sign(request, 0);
  EXPECT_EQ(request.security_token, "t");
  EXPECT_THAT(request.authorization, HasSubstr("x-amz-security-token"));
  signer.set_credentials({.access_key_id = "A", .secret_access_key = "s"});
  signer.sign(request, 0);
  EXPECT_EQ(request.security_token, "");
  EXPECT_THAT(request.authorization, Not(HasSubstr("x-amz-security-token")));
}

}  // namespace
}  // namespace bao::core
