#include "simulation/identity.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace bao::simulation {

namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::sys_time;

// "20270115T080000Z" of X-Amz-Date.
std::int64_t parsed_ms(const std::string& date) {
  const auto number = [&](std::size_t at, std::size_t length) {
    return std::atoi(date.substr(at, length).c_str());
  };
  const std::chrono::sys_days day = std::chrono::year(number(0, 4)) /
                                    std::chrono::month(static_cast<unsigned>(number(4, 2))) /
                                    std::chrono::day(static_cast<unsigned>(number(6, 2)));
  const std::int64_t seconds = std::int64_t{number(9, 2)} * 3'600 + number(11, 2) * 60 + number(13, 2);
  return std::chrono::floor<milliseconds>(day).time_since_epoch().count() + seconds * 1'000;
}

// "Fri, 15 Jan 2027 08:00:00 GMT" of the Date header.
std::string http_date(std::int64_t time_ms) {
  static constexpr const char* weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_time<milliseconds> time{milliseconds(time_ms)};
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  char text[40];
  std::snprintf(text, sizeof text, "%s, %02u %s %d %02d:%02d:%02d GMT",
                weekdays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

core::HttpResponse refusal(const std::string& name, const std::string& message, std::int64_t service_ms) {
  return {.status = 400,
          .body = R"({"__type":"com.amazon.coral.service#)" + name + R"(","message":")" + message + "\"}",
          .date = http_date(service_ms)};
}

}  // namespace

core::Credentials credentials_until(std::int64_t refused_from_ms, std::optional<std::int64_t> told_ms) {
  return {.access_key_id = "id",
          .secret_access_key = "secret",
          .session_token = std::to_string(refused_from_ms),
          .expires_at_ms = told_ms};
}

std::optional<core::HttpResponse> refuse(const core::HttpRequest& request, std::int64_t service_ms) {
  if (request.amz_date.empty()) return std::nullopt;  // of a client that does not sign
  const std::int64_t signed_ms = parsed_ms(request.amz_date);
  if (signed_ms < service_ms - skew_ms_max)
    return refusal("InvalidSignatureException", "Signature expired: it is too old", service_ms);
  if (signed_ms > service_ms + skew_ms_max)
    return refusal("InvalidSignatureException", "Signature not yet current: it is of the future", service_ms);
  if (std::strtoll(request.security_token.c_str(), nullptr, 10) <= service_ms)
    return refusal("ExpiredTokenException", "The security token included in the request is expired",
                   service_ms);
  return std::nullopt;
}

}  // namespace bao::simulation
