#include "native/http/endpoint.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <string>

#include "support/source_dir.hpp"

namespace {

using bao::native::Endpoint;
using bao::native::parse_endpoint;
using Kind = Endpoint::Kind;

struct Good {
  const char* text;
  Kind kind;
  const char* host;
  std::uint16_t port;
  const char* host_header;
};

TEST(Endpoint, ReadsUrls) {
  const Good cases[] = {
      {"https://dynamodb.us-west-2.amazonaws.com", Kind::https, "dynamodb.us-west-2.amazonaws.com", 443,
       "dynamodb.us-west-2.amazonaws.com"},
      {"HTTPS://Example.COM:443/", Kind::https, "example.com", 443, "example.com"},
      {"https://example.com:8443", Kind::https, "example.com", 8443, "example.com:8443"},
      {"http://localhost:8000", Kind::http, "localhost", 8000, "localhost:8000"},
      {"http://127.0.0.1", Kind::http, "127.0.0.1", 80, "127.0.0.1"},
      {"http://127.0.0.1:443", Kind::http, "127.0.0.1", 443, "127.0.0.1:443"},
      {"http://[::1]:8000/", Kind::http, "::1", 8000, "[::1]:8000"},
      {"http://[::1]", Kind::http, "::1", 80, "[::1]"},
      {"http://dynamo_local:80", Kind::http, "dynamo_local", 80, "dynamo_local"},
      {"memory:", Kind::memory, "", 0, "memory"},
  };
  for (const Good& good : cases) {
    const bao::Result<Endpoint> endpoint = parse_endpoint(good.text);
    ASSERT_TRUE(endpoint) << good.text << ": " << endpoint.error().message();
    EXPECT_EQ(endpoint->kind, good.kind) << good.text;
    EXPECT_EQ(endpoint->host, good.host) << good.text;
    EXPECT_EQ(endpoint->port, good.port) << good.text;
    EXPECT_EQ(endpoint->host_header, good.host_header) << good.text;
    EXPECT_EQ(endpoint->path, "/") << good.text;
  }
}

TEST(Endpoint, OfAFile) {
  const bao::Result<Endpoint> endpoint = parse_endpoint("file:some folder/tables.db");
  ASSERT_TRUE(endpoint) << endpoint.error().message();
  EXPECT_EQ(endpoint->kind, Kind::file);
  EXPECT_EQ(endpoint->path, "some folder/tables.db");
  EXPECT_TRUE(endpoint->is_embedded());
}

TEST(Endpoint, RefusesWhatIsNoEndpoint) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "must be https://HOST"},
      {"localhost:8000", "must be https://HOST"},
      {"ftp://x", "must be https://HOST"},
      {"http://", "no host name"},
      {"http://:80", "no host name"},
      {"http://a b", "character that names cannot have"},
      {"http://host\r\nX: y", "character that names cannot have"},
      {"http://host:", "port that is not a number"},
      {"http://host:0", "port that is not a number"},
      {"http://host:65536", "port that is not a number"},
      {"http://host:80a", "port that is not a number"},
      {"http://user:secret@host", "must not hold a user name"},
      {"http://host/path", "must not have a path"},
      {"http://host/?q", "must not have a path"},
      {"http://host?q", "must not have a path"},
      {"http://host/#f", "fragment"},
      {"http://[::1", "bracket that is not closed"},
      {"http://[host]", "something else than an IPv6 address"},
      {"http://[::1]x", "between the address and the port"},
      {"memory:x", "nothing after 'memory:'"},
      {"file:", "must name a file"},
  };
  for (const auto& [text, reason] : cases) {
    const bao::Result<Endpoint> endpoint = parse_endpoint(text);
    ASSERT_FALSE(endpoint) << text;
    EXPECT_EQ(endpoint.error().code(), bao::ErrorCode::configuration) << text;
    EXPECT_THAT(endpoint.error().message(), testing::HasSubstr(reason)) << text;
    EXPECT_THAT(endpoint.error().message(), testing::HasSubstr("endpoint '" + text + "'"));
    EXPECT_EQ(endpoint.error().details().value, text);
  }
}

TEST(Endpoint, OfRegions) {
  // The same file holds the npm package to the same hosts (npm/test/face).
  std::ifstream file(bao::testing_support::source_dir() + "/tests/data/region_hosts.tsv");
  int regions = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    const std::size_t tab = line.find('\t');
    const std::string region = line.substr(0, tab);
    EXPECT_EQ(bao::native::default_endpoint(region)->host_header, line.substr(tab + 1)) << region;
    EXPECT_EQ("dynamodb." + region + "." + std::string(bao::native::aws_domain(region)),
              line.substr(tab + 1));
    ++regions;
  }
  EXPECT_GT(regions, 10);
  for (const char* region : {"", "us west", "evil.com/", "US-EAST-1"}) {
    const auto endpoint = bao::native::default_endpoint(region);
    ASSERT_FALSE(endpoint) << region;
    EXPECT_THAT(endpoint.error().message(), testing::HasSubstr("not the name of an AWS region"));
  }
}

TEST(Endpoint, UrlsOfOtherServicesKeepTheirPath) {
  const auto endpoint = bao::native::parse_http_url("http://169.254.170.2/v2/credentials?id=1");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->path, "/v2/credentials?id=1");
  EXPECT_FALSE(bao::native::is_loopback(*endpoint));
  EXPECT_TRUE(bao::native::is_loopback(*parse_endpoint("http://127.1.2.3:1")));
  EXPECT_TRUE(bao::native::is_loopback(*parse_endpoint("http://[::1]:1")));
  EXPECT_FALSE(bao::native::is_loopback(*parse_endpoint("http://127.evil.com")));
}

}  // namespace
