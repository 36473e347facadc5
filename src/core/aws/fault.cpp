#include "core/aws/fault.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "core/value/concat.hpp"
#include "core/value/json_reader.hpp"

namespace bao::core {
namespace {

using Kind = Fault::Kind;
using Reason = Fault::CancellationReason;

struct NamedKind {
  std::string_view name;
  Kind kind;
};

/// Names that DynamoDB and the services in front of it use. Any other name is judged by the status.
constexpr std::array named_kinds{
    NamedKind{"ThrottlingException", Kind::throttled},
    NamedKind{"ProvisionedThroughputExceededException", Kind::throttled},
    NamedKind{"RequestLimitExceeded", Kind::throttled},
    // Of the control plane: too many table operations at a time.
    NamedKind{"LimitExceededException", Kind::throttled},
    NamedKind{"Throttling", Kind::throttled},
    NamedKind{"ThrottledException", Kind::throttled},
    NamedKind{"RequestThrottled", Kind::throttled},
    NamedKind{"RequestThrottledException", Kind::throttled},
    NamedKind{"TooManyRequestsException", Kind::throttled},
    NamedKind{"SlowDown", Kind::throttled},
    NamedKind{"InternalServerError", Kind::server_error},
    NamedKind{"InternalServerErrorException", Kind::server_error},
    NamedKind{"InternalFailure", Kind::server_error},
    NamedKind{"ServiceUnavailable", Kind::server_error},
    NamedKind{"ServiceUnavailableException", Kind::server_error},
    NamedKind{"RequestTimeTooSkewed", Kind::clock_skew},
    NamedKind{"RequestExpired", Kind::clock_skew},
    NamedKind{"RequestInTheFuture", Kind::clock_skew},
    NamedKind{"ConditionalCheckFailedException", Kind::condition_failed},
    NamedKind{"TransactionConflictException", Kind::transaction_conflict},
    NamedKind{"ReplicatedWriteConflictException", Kind::transaction_conflict},
    NamedKind{"TransactionInProgressException", Kind::transaction_in_progress},
};

/// "com.amazonaws.dynamodb.v20120810#ThrottlingException:http://..." -> "ThrottlingException"
std::string_view bare_name(std::string_view type) {
  if (const std::size_t hash = type.find('#'); hash != std::string_view::npos) type.remove_prefix(hash + 1);
  return type.substr(0, type.find(':'));
}

/// A string; anything else (null, a number) leaves the text as it is.
bool read_text(JsonReader& reader, std::string& text) {
  if (reader.peek() != JsonType::string) return reader.skip_value();
  std::string_view value;
  if (!reader.read_string(value)) return false;
  text = value;
  return true;
}

bool read_item(JsonReader& reader, Document& document, std::optional<std::uint32_t>& item) {
  if (reader.peek() == JsonType::null) return reader.read_null();
  std::uint32_t index = 0;
  if (!reader.read_item(document, index)) return false;
  item = index;
  return true;
}

bool read_reasons(JsonReader& reader, Document& document, std::vector<Reason>& reasons) {
  if (reader.peek() == JsonType::null) return reader.read_null();
  reader.enter_array();
  while (reader.next_element()) {
    Reason& reason = reasons.emplace_back();
    reader.enter_object();
    std::string_view name;
    while (reader.next_member(name)) {
      if (name == "Code") {
        read_text(reader, reason.code);
      } else if (name == "Message") {
        read_text(reader, reason.message);
      } else if (name == "Item") {
        read_item(reader, document, reason.item);
      } else {
        reader.skip_value();
      }
    }
  }
  return !reader.failed();
}

/// The body's members; false where it is not such an object.
bool read_body(Document& document, Fault& fault, std::optional<std::uint32_t>& item) {
  JsonReader reader(document.text);
  reader.enter_object();
  std::string_view name;
  std::string type;
  while (reader.next_member(name)) {
    if (name == "__type" || name == "code") {
      read_text(reader, type);
    } else if (name == "message" || name == "Message") {
      read_text(reader, fault.text);
    } else if (name == "Item") {
      read_item(reader, document, item);
    } else if (name == "CancellationReasons") {
      read_reasons(reader, document, fault.reasons);
    } else {
      reader.skip_value();
    }
  }
  reader.finish();
  if (reader.failed()) return false;
  fault.name = bare_name(type);
  return true;
}

/// "Transaction cancelled, ... specific reasons [None, ConditionalCheckFailed]": what services say that do
/// not send CancellationReasons.
std::vector<Reason> reasons_in_text(std::string_view text) {
  std::vector<Reason> reasons;
  const std::size_t open = text.rfind('[');
  const std::size_t close = text.rfind(']');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return reasons;
  text = text.substr(open + 1, close - open - 1);
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    reasons.push_back({.code = std::string(text.substr(0, comma))});
    text.remove_prefix(std::min(text.size(), comma + 1));
    while (text.starts_with(' ')) text.remove_prefix(1);
  }
  return reasons;
}

/// A cancelled transaction may be sent again where nothing but traffic was in its way.
Kind cancellation_kind(const std::vector<Reason>& reasons) {
  bool conflict = false;
  bool throttled = false;
  for (const Reason& reason : reasons) {
    if (reason.code.empty() || reason.code == "None") continue;
    if (reason.code == "TransactionConflict") {
      conflict = true;
    } else if (reason.code == "ThrottlingError" || reason.code == "ProvisionedThroughputExceeded") {
      throttled = true;
    } else {
      return Kind::transaction_cancelled;
    }
  }
  return conflict ? Kind::transaction_conflict : throttled ? Kind::throttled : Kind::transaction_cancelled;
}

/// The service refuses a signature that is too old or from the future; one that is wrong is another matter.
bool blames_clock(std::string_view text) {
  return text.find("Signature expired") != std::string_view::npos ||
         text.find("not yet current") != std::string_view::npos;
}

Kind kind_of(const Fault& fault) {
  if (fault.name == "TransactionCanceledException") return cancellation_kind(fault.reasons);
  if (fault.name == "InvalidSignatureException" && blames_clock(fault.text)) return Kind::clock_skew;
  for (const NamedKind& named : named_kinds) {
    if (named.name == fault.name) return named.kind;
  }
  if (fault.status == 429) return Kind::throttled;
  if (fault.status >= 500) return Kind::server_error;
  // Only a 4xx with a JSON body is the service's own refusal.
  return fault.status >= 400 ? Kind::refused : Kind::bad_answer;
}

bool a_condition_failed(const Fault& fault) {
  return fault.kind == Kind::condition_failed ||
         std::any_of(fault.reasons.begin(), fault.reasons.end(),
                     [](const Reason& reason) { return reason.code == "ConditionalCheckFailed"; });
}

/// New credentials may help: their source is asked again before the next try.
bool blames_old_credentials(const Fault& fault) {
  return fault.name == "ExpiredTokenException" || fault.name == "ExpiredToken";
}

struct Meaning {
  ErrorCode code;
  const char* text;
  bool retryable;
};

Meaning meaning_of(const Fault& fault) {
  switch (fault.kind) {
    case Kind::throttled:
      return {ErrorCode::throttling, "was throttled", true};
    case Kind::server_error:
      return {ErrorCode::service, "failed inside the service", true};
    case Kind::clock_skew:
      return {ErrorCode::service, "was refused because the clock is wrong", true};
    case Kind::condition_failed:
      return {ErrorCode::conditional, "was not done: a condition was not met", false};
    case Kind::transaction_cancelled:
      if (a_condition_failed(fault)) {
        return {ErrorCode::conditional, "was not done: a condition was not met", false};
      }
      return {ErrorCode::service, "was cancelled", false};
    case Kind::transaction_conflict:
      return {ErrorCode::service, "met another write of the same item", true};
    case Kind::transaction_in_progress:
      return {ErrorCode::service, "is still running under the same token", true};
    case Kind::bad_answer:
      return {ErrorCode::data_format, "got an answer that cannot be understood", true};
    case Kind::refused:
      break;
  }
  if (blames_old_credentials(fault)) {
    return {ErrorCode::service, "was refused because the credentials have expired", true};
  }
  return {ErrorCode::service, "was refused", false};
}

}  // namespace

Fault parse_fault(HttpResponse response) {
  Fault fault{.status = response.status, .request_id = std::move(response.request_id)};
  const auto document = std::make_shared<Document>();
  document->text = std::move(response.body);
  std::optional<std::uint32_t> item;
  if (!read_body(*document, fault, item)) {
    Fault garbage{.status = fault.status, .request_id = std::move(fault.request_id)};
    garbage.kind = garbage.status >= 500 ? Kind::server_error : Kind::bad_answer;
    return garbage;
  }
  if (fault.name == "TransactionCanceledException" && fault.reasons.empty()) {
    fault.reasons = reasons_in_text(fault.text);
  }
  fault.kind = kind_of(fault);
  fault.document = document;
  if (item) fault.item = ItemRef(document, *item);
  return fault;
}

Error fault_error(const Fault& fault, ApiOperation operation) {
  const Meaning meaning = meaning_of(fault);
  const std::string name(api_operation_name(operation));
  std::string message = concat({name, " ", meaning.text});
  if (!fault.name.empty()) {
    append(message, {": ", fault.name});
  } else if (fault.status != 0) {
    append(message, {": HTTP status ", fault.status});
  }
  return {meaning.code, ErrorDetails{.message = std::move(message),
                                     .operation = name,
                                     .service_name = fault.name,
                                     .service_text = fault.text,
                                     .request_id = fault.request_id,
                                     .status = fault.status,
                                     .retryable = meaning.retryable}};
}

}  // namespace bao::core
