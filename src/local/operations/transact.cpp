#include <algorithm>
#include <memory>
#include <vector>

#include "local/capacity.hpp"
#include "local/expressions/parser.hpp"
#include "local/item/item_size.hpp"
#include "local/item/json_codec.hpp"
#include "local/keys.hpp"
#include "local/operations/collection_metrics.hpp"
#include "local/operations/common.hpp"
#include "local/operations/operations.hpp"
#include "local/operations/write.hpp"

namespace bao::local {

namespace {

using Kind = WriteOperation::Kind;

constexpr std::size_t actions_max = 100;
constexpr std::size_t transaction_bytes_max = std::size_t{4} << 20;

struct ActionName {
  std::string_view member;
  std::string_view path;
  Kind kind;
};
constexpr ActionName action_names[] = {{"Put", "put", Kind::put},
                                       {"Update", "update", Kind::update},
                                       {"Delete", "delete", Kind::remove},
                                       {"ConditionCheck", "conditionCheck", Kind::check}};

/// What a transaction's actions found, one entry each.
struct Reasons {
  std::vector<std::optional<ApiError>> errors;

  explicit Reasons(std::size_t count) : errors(count) {}
  [[nodiscard]] bool any() const {
    return std::any_of(errors.begin(), errors.end(), [](const auto& error) { return error.has_value(); });
  }
  /// TransactionCanceledException with the reason of each action.
  [[nodiscard]] ApiError cancelled() const {
    std::string codes;
    std::string members = ",\"CancellationReasons\":";
    core::JsonWriter writer(members);
    writer.begin_array();
    for (const auto& error : errors) {
      std::string_view code = "None";
      if (error)
        code =
            error->name() == "ConditionalCheckFailedException" ? "ConditionalCheckFailed" : "ValidationError";
      if (!codes.empty()) codes += ", ";
      codes += code;
      writer.begin_object();
      writer.key("Code");
      writer.string(code);
      if (error) {
        writer.key("Message");
        writer.string(error->message);
        members += error->members;
      }
      writer.end_object();
    }
    writer.end_array();
    ApiError result = service_error(
        "TransactionCanceledException",
        "Transaction cancelled, please refer cancellation reasons for specific reasons [" + codes + "]");
    result.members = std::move(members);
    result.capital_message = true;
    return result;
  }
};

void count_constraint(Constraints& constraints, bool has_items, std::size_t count) {
  constraints.require(has_items, "transactItems");
  if (has_items && count == 0) {
    constraints.fail("'[]'", "transactItems", "Member must have length greater than or equal to 1");
  }
  if (count > actions_max) {
    constraints.fail("'[" + std::to_string(count) + " actions]'", "transactItems",
                     "Member must have length less than or equal to 100");
  }
}

class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) {}

  Outcome<std::string> run(std::string& body) {
    if (auto done = read(body); !done) return std::unexpected(std::move(done.error()));
    if (auto done = check(); !done) return std::unexpected(std::move(done.error()));
    const std::uint64_t fingerprint = token_ ? fingerprint_of() : 0;
    if (token_) {
      if (const FinishedTransaction* finished = database_.finished(*token_)) {
        if (finished->fingerprint != fingerprint) {
          return std::unexpected(
              service_error("IdempotentParameterMismatchException",
                            "The ClientRequestToken was already used for a request with other parameters"));
        }
        return repeated_answer();
      }
    }
    Reasons reasons(writes_.size());
    for (std::size_t i = 0; i < writes_.size(); ++i) {
      if (auto done = writes_[i]->evaluate(database_); !done) {
        if (done.error().status >= 500) return std::unexpected(std::move(done.error()));
        reasons.errors[i] = std::move(done.error());
      }
    }
    if (reasons.any()) return std::unexpected(reasons.cancelled());
    WriteBatch batch;
    for (const auto& write : writes_) write->stage(batch);
    if (token_) database_.stage_finished(batch, *token_, fingerprint);
    if (auto done = database_.commit(batch); !done) return std::unexpected(std::move(done.error()));
    for (const auto& write : writes_) write->count(database_);
    if (token_) database_.remember_finished(*token_, fingerprint);
    return answer(ConsumedCapacity::Kind::transaction_write,
                  [](const WriteOperation& write, ConsumedCapacity& capacity) { write.charge(capacity); });
  }

 private:
  Outcome<void> read(std::string& body) {
    RequestReader reader(body);
    const auto read_all = [&] {
      if (!reader.enter_object()) return false;
      std::string_view member;
      while (reader.next_member(member)) {
        if (member == "ClientRequestToken") {
          if (!reader.string(token_)) return false;
        } else if (member != "TransactItems" || reader.peek() == core::JsonType::null) {
          if (!shared_.read_member(member, reader)) return false;
        } else {
          has_items_ = true;
          if (!read_items(reader)) return false;
        }
      }
      return reader.finish();
    };
    if (!read_all()) return std::unexpected(reader.take_error());
    return {};
  }

  bool read_items(RequestReader& reader) {
    if (!reader.enter_array()) return false;
    while (reader.next_element()) {
      if (!reader.enter_object()) return false;
      unsigned kinds = 0;
      std::string_view member;
      while (reader.next_member(member)) {
        const auto* known = std::find_if(std::begin(action_names), std::end(action_names),
                                         [member](const ActionName& name) { return name.member == member; });
        if (known == std::end(action_names) || reader.peek() == core::JsonType::null) {
          if (!reader.skip()) return false;
          continue;
        }
        if (++kinds == 1) writes_.push_back(std::make_unique<WriteOperation>());
        writes_.back()->kind = known->kind;
        if (!reader.enter_object() || !writes_.back()->request.read_members(reader)) return false;
        writes_.back()->request.legacy.reset();  // no parameters of transactions
      }
      if (reader.failed()) return false;
      if (kinds != 1) {
        bad_action_ = true;
        if (kinds == 0) writes_.push_back(std::make_unique<WriteOperation>());
      }
    }
    return !reader.failed();
  }

  Outcome<void> check() {
    Constraints constraints;
    constraints.one_of(shared_.return_consumed_capacity, "returnConsumedCapacity",
                       {"INDEXES", "TOTAL", "NONE"});
    constraints.one_of(shared_.return_metrics, "returnItemCollectionMetrics", {"SIZE", "NONE"});
    count_constraint(constraints, has_items_, writes_.size());
    if (token_ && (token_->empty() || token_->size() > 36)) {
      constraints.fail("'" + std::string(*token_) + "'", "clientRequestToken",
                       token_->empty() ? "Member must have length greater than or equal to 1"
                                       : "Member must have length less than or equal to 36");
    }
    if (!bad_action_) {
      for (std::size_t i = 0; i < writes_.size(); ++i) action_constraints(constraints, i);
    }
    if (auto done = constraints.result(); !done) return done;
    if (bad_action_) {
      return invalid("TransactItems can only contain one of Check, Put, Update or Delete");
    }
    for (const auto& write : writes_) {
      if (auto done = check_table_name(*write->request.table_name); !done) return done;
      if (auto done = write->parse(); !done) return done;
    }
    return locate();
  }

  void action_constraints(Constraints& constraints, std::size_t number) {
    const WriteOperation& write = *writes_[number];
    const auto* name =
        std::find_if(std::begin(action_names), std::end(action_names),
                     [&](const ActionName& candidate) { return candidate.kind == write.kind; });
    const std::string path =
        "transactItems." + std::to_string(number + 1) + ".member." + std::string(name->path) + ".";
    const ItemRequest& request = write.request;
    if (write.kind == Kind::put) {
      constraints.require(request.item.has_value(), path + "item");
    } else {
      constraints.require(request.key.has_value(), path + "key");
    }
    constraints.require(request.table_name.has_value(), path + "tableName");
    if (request.table_name) constraints.name(table_of_arn(*request.table_name), path + "tableName");
    if (write.kind == Kind::update)
      constraints.require(request.update.has_value(), path + "updateExpression");
    if (write.kind == Kind::check)
      constraints.require(request.condition.has_value(), path + "conditionExpression");
    constraints.one_of(request.return_values_on_failure, path + "returnValuesOnConditionCheckFailure",
                       {"ALL_OLD", "NONE"});
  }

  /// Tables must exist; keys that do not fit a table cancel the transaction.
  Outcome<void> locate() {
    Reasons reasons(writes_.size());
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < writes_.size(); ++i) {
      WriteOperation& write = *writes_[i];
      bytes += record_size(write.kind == Kind::put ? *write.request.item : *write.request.key);
      bytes += write.request.value_bytes.size();
      if (auto done = write.locate(database_); !done) {
        if (done.error().name() == "ResourceNotFoundException") return done;
        reasons.errors[i] = std::move(done.error());
      }
    }
    if (reasons.any()) return std::unexpected(reasons.cancelled());
    std::vector<std::pair<const Table*, std::string_view>> items;
    items.reserve(writes_.size());
    for (const auto& write : writes_) items.emplace_back(write->table, write->key);
    std::sort(items.begin(), items.end());
    if (std::adjacent_find(items.begin(), items.end()) != items.end()) {
      return invalid("Transaction request cannot include multiple operations on one item");
    }
    if (bytes > transaction_bytes_max) {
      return invalid("The transaction is larger than the 4 MB that TransactWriteItems takes");
    }
    return {};
  }

  [[nodiscard]] std::uint64_t fingerprint_of() const {
    std::string text;
    const auto add = [&](const std::optional<std::string_view>& part) {
      text += part ? '+' : '-';
      if (part) append_bytes(text, *part);
    };
    for (const auto& write : writes_) {
      const ItemRequest& request = write->request;
      text += static_cast<char>('0' + static_cast<int>(write->kind));
      add(request.table_name);
      add(request.key);
      add(request.item);
      add(request.condition);
      add(request.update);
      for (const Bindings::Name& name : request.bindings.names) {
        append_bytes(text, name.placeholder);
        append_bytes(text, name.name);
      }
      for (const Bindings::Value& value : request.bindings.values) append_bytes(text, value.placeholder);
      append_bytes(text, request.value_bytes);
    }
    return partition_hash(text);
  }

  /// A repeated transaction costs the reads that show that it was done.
  Outcome<std::string> repeated_answer() {
    for (const auto& write : writes_) {
      auto record = database_.read(*write->table, write->key);
      if (!record) return std::unexpected(std::move(record.error()));
      write->old_record.assign(*record);
    }
    return answer(ConsumedCapacity::Kind::transaction_read, [](const WriteOperation& write,
                                                               ConsumedCapacity& capacity) {
      capacity.add_table(read_units(write.old_record.empty() ? 0 : record_size(write.old_record), true));
    });
  }

  template <class Charge>
  std::string answer(ConsumedCapacity::Kind kind, Charge charge) {
    std::string out;
    core::JsonWriter writer(out);
    writer.begin_object();
    const CapacityDetail detail = capacity_detail(shared_.return_consumed_capacity.value_or("NONE"));
    if (detail != CapacityDetail::none) {
      std::vector<ConsumedCapacity> consumed;
      for (const auto& write : writes_) {
        auto found = std::find_if(consumed.begin(), consumed.end(), [&](const ConsumedCapacity& capacity) {
          return &capacity.table() == write->table;
        });
        if (found == consumed.end()) found = consumed.insert(consumed.end(), ConsumedCapacity(*write->table));
        ConsumedCapacity one(*write->table);
        charge(*write, one);
        found->add_twice(one);
      }
      writer.key("ConsumedCapacity");
      writer.begin_array();
      for (const ConsumedCapacity& capacity : consumed) capacity.write(writer, detail, kind);
      writer.end_array();
    }
    const bool wrote = kind == ConsumedCapacity::Kind::transaction_write;
    if (wrote && shared_.return_metrics == "SIZE")
      write_all_collection_metrics(writer, writes_, writes_.size());
    writer.end_object();
    return out;
  }

  Database& database_;
  ItemRequest shared_;
  std::vector<std::unique_ptr<WriteOperation>> writes_;
  std::optional<std::string_view> token_;
  bool has_items_ = false;
  bool bad_action_ = false;
};

struct Get {
  ItemRequest request;
  std::optional<ProjectionExpression> projection;
  Table* table = nullptr;
  std::string key;
};

Outcome<void> check_gets(Database& database, const std::vector<std::unique_ptr<Get>>& gets) {
  for (const auto& get : gets) {
    ItemRequest& request = get->request;
    request.ignore_values();
    if (auto done = check_table_name(*request.table_name); !done) return done;
    if (auto done = check_bindings(request, request.projection.has_value(), {}, false); !done) return done;
    if (request.invalid_value) return std::unexpected(*request.invalid_value);
    if (!request.projection) continue;
    auto parsed = parse_projection(*request.projection, request.bindings);
    if (!parsed) return std::unexpected(std::move(parsed.error()));
    get->projection = std::move(*parsed);
    if (auto done = check_all_used(request.bindings); !done) return done;
  }
  Reasons reasons(gets.size());
  std::vector<std::pair<const Table*, std::string_view>> items;
  for (std::size_t i = 0; i < gets.size(); ++i) {
    auto table = database.require(table_of_arn(*gets[i]->request.table_name));
    if (!table) return std::unexpected(std::move(table.error()));
    gets[i]->table = *table;
    const Encoded key = Encoded::of_record(*gets[i]->request.key);
    if (auto done = check_key((*table)->keys, key); !done) {
      reasons.errors[i] = std::move(done.error());
      continue;
    }
    if (gets[i]->projection) {
      if (auto done = check_key_paths(**table, gets[i]->projection->ast); !done) return done;
    }
    gets[i]->key = item_key((*table)->keys, key);
    items.emplace_back(*table, gets[i]->key);
  }
  if (reasons.any()) return std::unexpected(reasons.cancelled());
  std::sort(items.begin(), items.end());
  if (std::adjacent_find(items.begin(), items.end()) != items.end()) {
    return invalid("Transaction request cannot include multiple operations on one item");
  }
  return {};
}

Outcome<std::string> answer_gets(Database& database, const std::vector<std::unique_ptr<Get>>& gets,
                                 CapacityDetail detail) {
  std::string out;
  core::JsonWriter writer(out);
  std::vector<ConsumedCapacity> consumed;
  std::size_t bytes = 0;
  writer.begin_object();
  writer.key("Responses");
  writer.begin_array();
  for (const auto& get : gets) {
    auto record = database.read(*get->table, get->key);
    if (!record) return std::unexpected(std::move(record.error()));
    const std::size_t size = record->empty() ? 0 : record_size(*record);
    bytes += size;
    writer.begin_object();
    if (!record->empty()) {
      writer.key("Item");
      write_projected_item(writer, Encoded::of_record(*record),
                           get->projection ? &*get->projection : nullptr);
    }
    writer.end_object();
    auto found = std::find_if(consumed.begin(), consumed.end(), [&](const ConsumedCapacity& capacity) {
      return &capacity.table() == get->table;
    });
    if (found == consumed.end()) found = consumed.insert(consumed.end(), ConsumedCapacity(*get->table));
    found->add_table(2 * read_units(size, true));
  }
  writer.end_array();
  if (bytes > transaction_bytes_max) {
    return invalid("The items together are larger than the 4 MB that TransactGetItems gives");
  }
  if (detail != CapacityDetail::none) {
    writer.key("ConsumedCapacity");
    writer.begin_array();
    for (const ConsumedCapacity& capacity : consumed) {
      capacity.write(writer, detail, ConsumedCapacity::Kind::transaction_read);
    }
    writer.end_array();
  }
  writer.end_object();
  return out;
}

}  // namespace

Outcome<std::string> transact_write_items(Database& database, std::string& body) {
  return Transaction(database).run(body);
}

Outcome<std::string> transact_get_items(Database& database, std::string& body) {
  RequestReader reader(body);
  ItemRequest shared;
  std::vector<std::unique_ptr<Get>> gets;
  bool has_items = false;
  bool bad_action = false;
  const auto read_element = [&] {
    if (!reader.enter_object()) return false;
    std::string_view member;
    bool has_get = false;
    while (reader.next_member(member)) {
      if (member != "Get" || reader.peek() == core::JsonType::null) {
        if (!reader.skip()) return false;
        continue;
      }
      has_get = true;
      gets.push_back(std::make_unique<Get>());
      if (!reader.enter_object() || !gets.back()->request.read_members(reader)) return false;
    }
    bad_action = bad_action || !has_get;
    return !reader.failed();
  };
  const auto read_all = [&] {
    if (!reader.enter_object()) return false;
    std::string_view member;
    while (reader.next_member(member)) {
      if (member != "TransactItems" || reader.peek() == core::JsonType::null) {
        if (!shared.read_member(member, reader)) return false;
        continue;
      }
      has_items = true;
      if (!reader.enter_array()) return false;
      while (reader.next_element()) {
        if (!read_element()) return false;
      }
      if (reader.failed()) return false;
    }
    return reader.finish();
  };
  if (!read_all()) return std::unexpected(reader.take_error());
  Constraints constraints;
  constraints.one_of(shared.return_consumed_capacity, "returnConsumedCapacity", {"INDEXES", "TOTAL", "NONE"});
  count_constraint(constraints, has_items, gets.size());
  for (std::size_t i = 0; i < gets.size(); ++i) {
    const std::string path = "transactItems." + std::to_string(i + 1) + ".member.get.";
    constraints.require(gets[i]->request.key.has_value(), path + "key");
    constraints.require(gets[i]->request.table_name.has_value(), path + "tableName");
  }
  if (bad_action) constraints.fail("null", "transactItems.member.get", "Member must not be null");
  if (auto done = constraints.result(); !done) return std::unexpected(std::move(done.error()));
  if (auto done = check_gets(database, gets); !done) return std::unexpected(std::move(done.error()));
  return answer_gets(database, gets, capacity_detail(shared.return_consumed_capacity.value_or("NONE")));
}

}  // namespace bao::local
