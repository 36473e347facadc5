#include "core/aws/fault.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bao::core {
namespace {

using Kind = Fault::Kind;
using testing::HasSubstr;
using testing::Not;

Fault parse(int status, std::string body) {
  return parse_fault({.status = status, .body = std::move(body), .request_id = "R1"});
}

std::string body_of(const std::string& type, const std::string& message = "why") {
  return R"({"__type":")" + type + R"(","message":")" + message + "\"}";
}

struct KindCase {
  int status;
  std::string body;
  Kind kind;
  ErrorCode code;
  bool retryable;
};

TEST(Fault, KindsOfEveryName) {
  const std::string prefix = "com.amazonaws.dynamodb.v20120810#";
  const std::string coral = "com.amazon.coral.service#";
  const std::vector<KindCase> cases{
      {400, body_of(prefix + "ProvisionedThroughputExceededException"), Kind::throttled,
       ErrorCode::throttling, true},
      {400, body_of(coral + "ThrottlingException"), Kind::throttled, ErrorCode::throttling, true},
      {400, body_of(prefix + "RequestLimitExceeded"), Kind::throttled, ErrorCode::throttling, true},
      {400, body_of(prefix + "LimitExceededException"), Kind::throttled, ErrorCode::throttling, true},
      {503, body_of("SlowDown"), Kind::throttled, ErrorCode::throttling, true},
      {429, R"({"message":"slow"})", Kind::throttled, ErrorCode::throttling, true},
      {500, body_of(prefix + "InternalServerError"), Kind::server_error, ErrorCode::service, true},
      {400, body_of(prefix + "InternalServerError"), Kind::server_error, ErrorCode::service, true},
      {503, body_of("ServiceUnavailable"), Kind::server_error, ErrorCode::service, true},
      {502, body_of("Unheard"), Kind::server_error, ErrorCode::service, true},
      {400, body_of(coral + "RequestTimeTooSkewed"), Kind::clock_skew, ErrorCode::service, true},
      {400,
       body_of(coral + "InvalidSignatureException", "Signature expired: 20150830T1 is now earlier than 2"),
       Kind::clock_skew, ErrorCode::service, true},
      {400,
       body_of(coral + "InvalidSignatureException", "Signature not yet current: 3 is still later than 2"),
       Kind::clock_skew, ErrorCode::service, true},
      {400,
       body_of(coral + "InvalidSignatureException", "The request signature we calculated does not match"),
       Kind::refused, ErrorCode::service, false},
      {400, body_of(prefix + "ConditionalCheckFailedException"), Kind::condition_failed,
       ErrorCode::conditional, false},
      {400, body_of(prefix + "TransactionConflictException"), Kind::transaction_conflict, ErrorCode::service,
       true},
      {400, body_of(prefix + "TransactionInProgressException"), Kind::transaction_in_progress,
       ErrorCode::service, true},
      {400, body_of(prefix + "ResourceNotFoundException"), Kind::refused, ErrorCode::service, false},
      {400, body_of(coral + "ValidationException"), Kind::refused, ErrorCode::service, false},
      {400, body_of(coral + "ExpiredTokenException"), Kind::refused, ErrorCode::service, true},
      {400, body_of(prefix + "IdempotentParameterMismatchException"), Kind::refused, ErrorCode::service,
       false},
      {403, R"({"message":"Forbidden"})", Kind::refused, ErrorCode::service, false},
      {413, "<html>Too large</html>", Kind::bad_answer, ErrorCode::data_format, true},
      {400, "", Kind::bad_answer, ErrorCode::data_format, true},
      {400, R"({"__type":"x#ValidationExc)", Kind::bad_answer, ErrorCode::data_format, true},
      {400, R"(["__type"])", Kind::bad_answer, ErrorCode::data_format, true},
      {301, R"({"message":"elsewhere"})", Kind::bad_answer, ErrorCode::data_format, true},
      {503, "<html>Service Unavailable</html>", Kind::server_error, ErrorCode::service, true},
      {500, "", Kind::server_error, ErrorCode::service, true},
  };
  for (const KindCase& test : cases) {
    const Fault fault = parse(test.status, test.body);
    EXPECT_EQ(fault.kind, test.kind) << test.body;
    EXPECT_EQ(fault.status, test.status);
    EXPECT_EQ(fault.request_id, "R1");
    const Error error = fault_error(fault, ApiOperation::put_item);
    EXPECT_EQ(error.code(), test.code) << test.body;
    EXPECT_EQ(error.details().retryable, test.retryable) << test.body;
    EXPECT_EQ(error.details().status, test.status);
    EXPECT_EQ(error.details().request_id, "R1");
    EXPECT_THAT(error.message(), HasSubstr("PutItem"));
  }
}

TEST(Fault, NamesAndTextsInEveryShape) {
  for (const char* body :
       {R"({"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"gone \"t\""})",
        R"({"__type":"ResourceNotFoundException","Message":"gone \"t\""})",
        R"({"Message":"gone \"t\"","extra":[1,{"a":null}],"__type":"a#ResourceNotFoundException:http://x/"})",
        R"({"code":"ResourceNotFoundException","message":"gone \"t\""})"}) {
    const Fault fault = parse(400, body);
    EXPECT_EQ(fault.name, "ResourceNotFoundException") << body;
    EXPECT_EQ(fault.text, "gone \"t\"") << body;
    const Error error = fault_error(fault, ApiOperation::query);
    EXPECT_EQ(error.details().service_name, "ResourceNotFoundException");
    EXPECT_EQ(error.details().service_text, "gone \"t\"");
    EXPECT_THAT(error.message(), Not(HasSubstr("gone"))) << "the service's text is kept apart";
  }
  EXPECT_EQ(parse(403, R"({"code":403,"message":"Forbidden"})").text, "Forbidden");
}

TEST(Fault, TheItemOfAFailedCondition) {
  const Fault fault = parse(400, R"({"__type":"x#ConditionalCheckFailedException","message":"m",)"
                                 R"("Item":{"id":{"S":"a"},"n":{"N":"5"}}})");
  ASSERT_TRUE(fault.item);
  EXPECT_EQ(fault.item.attribute("id").text(), "a");
  EXPECT_EQ(fault.item.attribute("n").text(), "5");
  EXPECT_FALSE(parse(400, body_of("ConditionalCheckFailedException")).item);
}

Fault cancelled(const std::string& reasons) {
  return parse(400, R"({"__type":"x#TransactionCanceledException","message":"m","CancellationReasons":)" +
                        reasons + "}");
}

TEST(Fault, CancellationReasonsWithTheirItems) {
  const Fault fault = cancelled(
      R"([{"Code":"None","Message":null},{"Code":"ConditionalCheckFailed",)"
      R"("Message":"The conditional request failed","Item":{"id":{"S":"b"}}},{"Code":"None","Item":null}])");
  EXPECT_EQ(fault.kind, Kind::transaction_cancelled);
  ASSERT_EQ(fault.reasons.size(), 3U);
  EXPECT_EQ(fault.reasons[0].code, "None");
  EXPECT_EQ(fault.reasons[0].message, "");
  EXPECT_FALSE(fault.reasons[0].item);
  EXPECT_EQ(fault.reasons[1].code, "ConditionalCheckFailed");
  EXPECT_EQ(fault.reasons[1].message, "The conditional request failed");
  ASSERT_TRUE(fault.reasons[1].item);
  EXPECT_EQ(ItemRef(fault.document, *fault.reasons[1].item).attribute("id").text(), "b");
  EXPECT_EQ(fault_error(fault, ApiOperation::transact_write_items).code(), ErrorCode::conditional);
}

TEST(Fault, CancellationsThatMayBeSentAgain) {
  EXPECT_EQ(cancelled(R"([{"Code":"TransactionConflict"},{"Code":"None"}])").kind,
            Kind::transaction_conflict);
  EXPECT_EQ(cancelled(R"([{"Code":"ThrottlingError"},{"Code":"None"}])").kind, Kind::throttled);
  EXPECT_EQ(cancelled(R"([{"Code":"ProvisionedThroughputExceeded"}])").kind, Kind::throttled);
  EXPECT_EQ(cancelled(R"([{"Code":"ThrottlingError"},{"Code":"TransactionConflict"}])").kind,
            Kind::transaction_conflict);
  EXPECT_EQ(cancelled(R"([{"Code":"TransactionConflict"},{"Code":"ConditionalCheckFailed"}])").kind,
            Kind::transaction_cancelled);
  const Fault invalid = cancelled(R"([{"Code":"ValidationError"},{"Code":"ThrottlingError"}])");
  EXPECT_EQ(invalid.kind, Kind::transaction_cancelled);
  EXPECT_EQ(fault_error(invalid, ApiOperation::transact_write_items).code(), ErrorCode::service);
  EXPECT_EQ(cancelled("[]").kind, Kind::transaction_cancelled);
  EXPECT_EQ(cancelled("null").kind, Kind::transaction_cancelled);
}

TEST(Fault, ReasonsOnlyInTheText) {
  const std::string text = "Transaction cancelled, please refer cancellation reasons for specific reasons ";
  const Fault fault =
      parse(400, body_of("x#TransactionCanceledException", text + "[None, TransactionConflict]"));
  ASSERT_EQ(fault.reasons.size(), 2U);
  EXPECT_EQ(fault.reasons[0].code, "None");
  EXPECT_EQ(fault.reasons[1].code, "TransactionConflict");
  EXPECT_EQ(fault.kind, Kind::transaction_conflict);
  EXPECT_TRUE(parse(400, body_of("x#TransactionCanceledException", "] nothing [")).reasons.empty());
}

TEST(Fault, EveryTruncationIsABadAnswer) {
  const std::string whole =
      R"({"__type":"x#TransactionCanceledException","CancellationReasons":[{"Code":"None",)"
      R"("Message":"m","Item":{"a":{"L":[{"S":"é"}]}}}],"message":"m"})";
  ASSERT_EQ(parse(400, whole).kind, Kind::transaction_cancelled);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(parse(400, whole.substr(0, size)).kind, Kind::bad_answer) << size;
  }
}

TEST(Crc32, KnownValues) {
  EXPECT_EQ(crc32(""), 0U);
  EXPECT_EQ(crc32("123456789"), 0xCBF43926U);
  EXPECT_EQ(crc32("The quick brown fox jumps over the lazy dog"), 0x414FA339U);
  EXPECT_EQ(crc32(std::string(32, '\xff')), 0xFF6CAB0BU);
}

// One bit at a time, straight from the definition.
std::uint32_t crc32_by_bits(std::string_view bytes) {
  std::uint32_t crc = ~0U;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

TEST(Crc32, AgreesWithItsDefinitionAtEveryLength) {
  std::string bytes;
  std::uint32_t state = 1;
  for (int length = 0; length < 400; ++length) {
    EXPECT_EQ(crc32(bytes), crc32_by_bits(bytes)) << length;
    state = state * 1664525U + 1013904223U;
    bytes.push_back(static_cast<char>(state >> 24));
  }
}

}  // namespace
}  // namespace bao::core
