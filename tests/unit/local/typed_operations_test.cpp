#include <array>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "core/value/json_writer.hpp"
#include "unit/local/engine_fixture.hpp"

// The typed operations beside the JSON ones: the same request to an engine each, and what one says the other
// says.
namespace bao::local {
namespace {

using namespace embedded;

constexpr std::string_view number_table = R"({"TableName":"numbers","BillingMode":"PAY_PER_REQUEST",
    "KeySchema":[{"AttributeName":"id","KeyType":"HASH"},{"AttributeName":"at","KeyType":"RANGE"}],
    "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"N"},{"AttributeName":"at","AttributeType":"B"},
      {"AttributeName":"l","AttributeType":"S"}],
    "LocalSecondaryIndexes":[{"IndexName":"local","KeySchema":[{"AttributeName":"id","KeyType":"HASH"},
      {"AttributeName":"l","KeyType":"RANGE"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}]})";

constexpr std::array return_values = {"NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"};
constexpr std::array capacities = {"NONE", "TOTAL", "INDEXES"};

std::string item_json(const Value::Map& item) {
  std::string out;
  core::JsonWriter(out).item(item);
  return out;
}

std::string text_json(std::string_view text) {
  std::string out;
  core::JsonWriter(out).string(text);
  return out;
}

std::string capacity_json(const ConsumedCapacity& capacity, bool detailed) {
  const auto units = [](double amount) {
    return "{\"CapacityUnits\":" + std::to_string(static_cast<int>(amount)) +
           (std::floor(amount) == amount ? ".0}" : ".5}");
  };
  std::string out = "{\"TableName\":" + text_json(capacity.table) + "," + units(capacity.units).substr(1);
  if (!detailed) return out;
  out.pop_back();
  out += ",\"Table\":" + units(capacity.table_units);
  const auto add = [&](const char* name, const std::map<std::string, double>& indexes) {
    if (indexes.empty()) return;
    out += ",\"" + std::string(name) + "\":{";
    for (const auto& [index, amount] : indexes) out += text_json(index) + ":" + units(amount) + ",";
    out.back() = '}';
  };
  add("LocalSecondaryIndexes", capacity.local_indexes);
  add("GlobalSecondaryIndexes", capacity.global_indexes);
  return out + "}";
}

class Body {
 public:
  void add(std::string_view name, const std::string& json) {
    text_ += (text_.empty() ? "\"" : ",\"") + std::string(name) + "\":" + json;
  }
  void expression(std::string_view name, const std::string& text) {
    if (!text.empty()) add(name, text_json(text));
  }
  void names(const Names& names) {
    if (names.empty()) return;
    Body members;
    for (const auto& [placeholder, name] : names) members.add(placeholder, text_json(name));
    add("ExpressionAttributeNames", members.json());
  }
  template <class Request>
  void write_members(const Request& request) {
    expression("ConditionExpression", request.condition);
    names(request.names);
    if (!request.values.empty()) add("ExpressionAttributeValues", item_json(request.values));
    add("ReturnValues", text_json(return_values.at(static_cast<std::size_t>(request.return_values))));
    if (request.return_item_on_failure) add("ReturnValuesOnConditionCheckFailure", "\"ALL_OLD\"");
  }
  template <class Request>
  void capacity(const Request& request) {
    add("ReturnConsumedCapacity",
        text_json(capacities.at(static_cast<std::size_t>(request.return_capacity))));
  }
  [[nodiscard]] std::string json() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

std::string body_of(const GetItemRequest& request) {
  Body body;
  body.add("TableName", text_json(request.table));
  body.add("Key", item_json(request.key));
  body.expression("ProjectionExpression", request.projection);
  body.names(request.names);
  body.add("ConsistentRead", request.consistent ? "true" : "false");
  body.capacity(request);
  return body.json();
}
std::string body_of(const PutItemRequest& request) {
  Body body;
  body.add("TableName", text_json(request.table));
  body.add("Item", item_json(request.item));
  body.write_members(request);
  body.capacity(request);
  return body.json();
}
std::string body_of(const UpdateItemRequest& request) {
  Body body;
  body.add("TableName", text_json(request.table));
  body.add("Key", item_json(request.key));
  body.expression("UpdateExpression", request.update);
  body.write_members(request);
  body.capacity(request);
  return body.json();
}
std::string body_of(const DeleteItemRequest& request) {
  Body body;
  body.add("TableName", text_json(request.table));
  body.add("Key", item_json(request.key));
  body.write_members(request);
  body.capacity(request);
  return body.json();
}

std::string answer_json(const GetItemAnswer& answer, bool detailed) {
  Body body;
  if (answer.item) body.add("Item", item_json(*answer.item));
  if (answer.capacity) body.add("ConsumedCapacity", capacity_json(*answer.capacity, detailed));
  return body.json();
}
std::string answer_json(const WriteAnswer& answer, bool detailed) {
  Body body;
  if (answer.attributes) body.add("Attributes", item_json(*answer.attributes));
  if (answer.capacity) body.add("ConsumedCapacity", capacity_json(*answer.capacity, detailed));
  return body.json();
}

class TypedOperations : public EngineTest {
 protected:
  TypedOperations() : typed_(make_memory_store(), {.now_ms = [this] { return now_ms_; }}) {}

  void SetUp() override {
    EngineTest::SetUp();
    ok("CreateTable", number_table);
    ASSERT_EQ(typed_.handle("CreateTable", std::string(main_table)).status, 200);
    ASSERT_EQ(typed_.handle("CreateTable", std::string(number_table)).status, 200);
  }

  Reply<GetItemAnswer> run(const GetItemRequest& request) { return typed_.get_item(request); }
  Reply<WriteAnswer> run(const PutItemRequest& request) { return typed_.put_item(request); }
  Reply<WriteAnswer> run(const UpdateItemRequest& request) { return typed_.update_item(request); }
  Reply<WriteAnswer> run(const DeleteItemRequest& request) { return typed_.delete_item(request); }
  static std::string name_of(const GetItemRequest&) { return "GetItem"; }
  static std::string name_of(const PutItemRequest&) { return "PutItem"; }
  static std::string name_of(const UpdateItemRequest&) { return "UpdateItem"; }
  static std::string name_of(const DeleteItemRequest&) { return "DeleteItem"; }

  /// Runs it both ways and compares. The error's type, "" for none, "(lost)" for no answer.
  template <class Request>
  std::string both(const Request& request) {
    const std::string body = body_of(request);
    const Answer json = engine_.handle(name_of(request), body);
    const auto reply = run(request);
    EXPECT_EQ(reply.delay_ms, json.delay_ms);
    if (json.dropped) {
      EXPECT_FALSE(reply) << body;
      if (!reply) EXPECT_EQ(reply.error().status, 0);
      if (!reply) EXPECT_EQ(reply.error().type, "");
      return "(lost)";
    }
    EXPECT_EQ(static_cast<bool>(reply), json.status == 200) << body << "\n" << json.body;
    if (static_cast<bool>(reply) != (json.status == 200)) return "(differs)";
    if (reply) {
      EXPECT_EQ(answer_json(*reply, request.return_capacity == ReturnCapacity::indexes), json.body) << body;
      return "";
    }
    const Error& error = reply.error();
    EXPECT_EQ(error.status, json.status);
    const std::string type = member(json.body, "__type");
    EXPECT_EQ(error.type, type.substr(type.find('#') + 1)) << body;
    std::string expected = "{\"__type\":" + text_json(type) + ",\"message\":" + text_json(error.message);
    if (error.item) expected += ",\"Item\":" + item_json(*error.item);
    EXPECT_EQ(expected + "}", json.body) << body;
    return error.type;
  }

  void expect_equal_contents() {
    for (const std::string table : {"main", "numbers"}) {
      const std::string body = R"({"TableName":")" + table + "\"}";
      EXPECT_EQ(typed_.handle("Scan", body).body, ok("Scan", body));
      for (const std::string figure : {"ItemCount", "TableSizeBytes", "IndexSizeBytes"}) {
        EXPECT_EQ(figures(typed_.handle("DescribeTable", body).body, figure),
                  figures(ok("DescribeTable", body), figure));
      }
    }
    for (const std::string index : {"gsi1", "iter", "part"}) {
      const std::string body = R"({"TableName":"main","IndexName":")" + index + "\"}";
      EXPECT_EQ(typed_.handle("Scan", body).body, ok("Scan", body));
    }
  }

  /// Every number of that name, in the order of the text.
  static std::string figures(const std::string& json, const std::string& name) {
    std::string found;
    const std::string marker = "\"" + name + "\":";
    for (std::size_t at = json.find(marker); at != std::string::npos; at = json.find(marker, at + 1)) {
      found += json.substr(at + marker.size(), json.find_first_of(",}", at) - at - marker.size()) + " ";
    }
    return found;
  }

  LocalEngine typed_;
};

Value nested(int depth) {
  Value value = "leaf";
  for (int i = 0; i < depth; ++i) value = Value::List{value};
  return value;
}

TEST_F(TypedOperations, EveryTypeComesBackAsItWasPut) {
  const Value::Map every = {{"a", "text \"quoted\" \xC3\xA4"},
                            {"b", Number{"-12.5"}},
                            {"c", Binary{std::byte{0}, std::byte{255}}},
                            {"d", true},
                            {"e", false},
                            {"f", nullptr},
                            {"g", Value::StringSet{"x", "y"}},
                            {"h", Value::NumberSet{{"-1"}, {"2"}, {"10"}}},
                            {"i", Value::BinarySet{Binary{}, Binary{std::byte{7}}}},
                            {"j", Value::List{1, "two", Value::List{}}},
                            {"k", Value::Map{{"deep", Value::Map{{"er", nested(20)}}}}},
                            {"pk", "p"},
                            {"sk", "s"},
                            {"z", ""}};
  EXPECT_EQ(both(PutItemRequest{.table = "main", .item = every}), "");
  const auto found = run(GetItemRequest{.table = "main", .key = {{"pk", "p"}, {"sk", "s"}}});
  ASSERT_TRUE(found);
  ASSERT_TRUE(found->item);
  EXPECT_EQ(*found->item, every);
  const auto none = run(GetItemRequest{.table = "main", .key = {{"pk", "p"}, {"sk", "t"}}});
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->item);
  EXPECT_FALSE(none->capacity);
  expect_equal_contents();
}

TEST_F(TypedOperations, MistakesAreToldInTheSameWords) {
  const Value::Map key = {{"pk", "p"}, {"sk", "s"}};
  const auto with = [&key](const char* name, Value value) {
    Value::Map item = key;
    item.insert_or_assign(name, std::move(value));
    return PutItemRequest{.table = "main", .item = std::move(item)};
  };
  const std::string digits(39, '7');
  const std::string invalid_value = "ValidationException";
  for (const Value& value :
       {Value(Number{digits}), Value(Number{"1e126"}), Value(Number{"1e-131"}), Value(Number{"seven"}),
        Value(Number{}), Value(Value::StringSet{}), Value(Value::NumberSet{}), Value(Value::BinarySet{}),
        Value(Value::NumberSet{{"1"}, {"1.0"}}), Value(Value::NumberSet{{"x"}}), nested(33), nested(32),
        Value(Value::Map{{"", 1}}), Value(Value::List{Value::Map{{std::string(65536, 'n'), 1}}}),
        Value(std::string(400 * 1024, 'x'))}) {
    EXPECT_EQ(both(with("v", value)), invalid_value);
    EXPECT_EQ(both(UpdateItemRequest{
                  .table = "main", .key = key, .update = "SET v = :v", .values = {{":v", value}}}),
              invalid_value);
  }
  EXPECT_EQ(both(with("v", nested(31))), "");
  EXPECT_EQ(both(with("", 1)), invalid_value);
  EXPECT_EQ(both(with(std::string(65536, 'n').c_str(), 1)), invalid_value);
  EXPECT_EQ(both(with(std::string(65535, 'n').c_str(), 1)), "");
  const std::string long_placeholder = "#" + std::string(255, 'p');
  EXPECT_EQ(
      both(GetItemRequest{
          .table = "main", .key = key, .projection = long_placeholder, .names = {{long_placeholder, "n"}}}),
      invalid_value);
  EXPECT_EQ(both(with("pk", "")), invalid_value);
  EXPECT_EQ(both(with("pk", 1)), invalid_value);
  EXPECT_EQ(both(with("g1p", 1)), invalid_value);
  EXPECT_EQ(both(with("sk", std::string(1025, 'x'))), invalid_value);
  EXPECT_EQ(both(PutItemRequest{.table = "main", .item = {{"pk", "p"}}}), invalid_value);
  EXPECT_EQ(both(PutItemRequest{.table = "main", .item = key, .return_values = ReturnValues::all_new}),
            invalid_value);
  EXPECT_EQ(both(DeleteItemRequest{.table = "main", .key = {{"pk", "p"}}}), invalid_value);
  EXPECT_EQ(both(GetItemRequest{.table = "", .key = key}), invalid_value);
  EXPECT_EQ(both(GetItemRequest{.table = "no", .key = key}), invalid_value);
  EXPECT_EQ(both(GetItemRequest{.table = "not here", .key = key}), invalid_value);
  EXPECT_EQ(both(GetItemRequest{.table = "elsewhere", .key = key}), "ResourceNotFoundException");
  EXPECT_EQ(both(GetItemRequest{.table = "main", .key = {}}), invalid_value);
  EXPECT_EQ(both(GetItemRequest{.table = "main", .key = key, .projection = "a,,b"}), invalid_value);
  EXPECT_EQ(both(GetItemRequest{.table = "main", .key = key, .names = {{"#n", "n"}}}), invalid_value);
  EXPECT_EQ(both(GetItemRequest{.table = "main", .key = key, .projection = "a", .names = {{"#n", "n"}}}),
            invalid_value);
  EXPECT_EQ(both(GetItemRequest{.table = "main", .key = key, .projection = "#n", .names = {{"#n", ""}}}),
            invalid_value);
  EXPECT_EQ(both(GetItemRequest{.table = "main", .key = key, .projection = "#n", .names = {{"n", "n"}}}),
            invalid_value);
  EXPECT_EQ(both(DeleteItemRequest{.table = "main", .key = key, .values = {{":v", 1}}}), invalid_value);
  EXPECT_EQ(
      both(DeleteItemRequest{.table = "main", .key = key, .condition = "v = :w", .values = {{":v", 1}}}),
      invalid_value);
  EXPECT_EQ(both(UpdateItemRequest{.table = "main", .key = key, .update = "SET pk = sk"}), invalid_value);
  EXPECT_EQ(both(DeleteItemRequest{.table = "main",
                                   .key = key,
                                   .condition = "attribute_not_exists(pk)",
                                   .return_item_on_failure = true}),
            "ConditionalCheckFailedException");
  EXPECT_EQ(both(DeleteItemRequest{.table = "main", .key = key, .condition = "attribute_not_exists(pk)"}),
            "ConditionalCheckFailedException");
  expect_equal_contents();
}

TEST_F(TypedOperations, TextsThatAreNotUtf8AreRefused) {
  const std::string bad = "\xFF";
  const Value::Map key = {{"pk", "p"}, {"sk", "s"}};
  const auto type = [](const auto& reply) { return reply ? "" : reply.error().type; };
  const std::string refused = "SerializationException";
  for (const Value& value :
       {Value(bad), Value(Number{bad}), Value(Value::StringSet{bad}), Value(Value::NumberSet{{bad}}),
        Value(Value::List{bad}), Value(Value::Map{{bad, 1}})}) {
    Value::Map item = key;
    item.emplace("v", value);
    EXPECT_EQ(type(run(PutItemRequest{.table = "main", .item = item})), refused);
    EXPECT_EQ(type(run(DeleteItemRequest{
                  .table = "main", .key = key, .condition = "v = :v", .values = {{":v", value}}})),
              refused);
  }
  EXPECT_EQ(type(run(GetItemRequest{.table = bad, .key = key})), refused);
  EXPECT_EQ(type(run(GetItemRequest{.table = "main", .key = key, .projection = bad})), refused);
  EXPECT_EQ(
      type(run(GetItemRequest{.table = "main", .key = key, .projection = "#n", .names = {{"#n", bad}}})),
      refused);
  EXPECT_EQ(type(run(UpdateItemRequest{.table = "main", .key = key, .update = bad})), refused);
  EXPECT_EQ(ok("Scan", R"({"TableName":"main","Select":"COUNT"})"), R"({"Count":0,"ScannedCount":0})");
}

TEST_F(TypedOperations, FaultsStrikeBothAlike) {
  const Value::Map key = {{"pk", "p"}, {"sk", "s"}};
  FaultPlan plan{.seed = 5};
  for (const FaultKind kind : {FaultKind::throttle, FaultKind::error_before, FaultKind::error_after,
                               FaultKind::drop_before, FaultKind::drop_after, FaultKind::latency}) {
    plan.rules.push_back({.kind = kind, .probability = 0.1, .delay_ms = 7});
  }
  engine_.set_faults(plan);
  typed_.set_faults(plan);
  std::map<std::string, int> met;
  for (int i = 0; i < 300; ++i) {
    Value::Map item = key;
    item.emplace("v", i);
    ++met[both(PutItemRequest{.table = "main", .item = item})];
    ++met[both(GetItemRequest{.table = "main", .key = key})];
    if (i % 3 == 0) ++met[both(DeleteItemRequest{.table = "main", .key = key})];
  }
  EXPECT_EQ(met.size(), 4U);
  EXPECT_GT(met[""], 0);
  EXPECT_GT(met["(lost)"], 0);
  EXPECT_GT(met["InternalServerError"], 0);
  EXPECT_GT(met["ProvisionedThroughputExceededException"], 0);
  engine_.set_faults({});
  typed_.set_faults({});
  expect_equal_contents();
}

/// Requests of every kind, good and bad ones, over few keys. Attributes in the order of their names, as maps
/// have them: an update that adds one appends it, so only the last name is added.
class Requests {
 public:
  explicit Requests(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t limit) { return random_() % limit; }
  bool chance(std::size_t percent) { return below(100) < percent; }
  template <class T, std::size_t n>
  const T& one_of(const std::array<T, n>& choices) {
    return choices[below(n)];
  }

  Value scalar() {
    static const std::array<Value, 12> choices = {Value("x"),
                                                  Value(""),
                                                  Value("a longer text"),
                                                  Value(0),
                                                  Value(-3),
                                                  Value(Number{"1.50"}),
                                                  Value(Number{"1e3"}),
                                                  Value(Number{"x"}),
                                                  Value(true),
                                                  Value(nullptr),
                                                  Value(Binary{}),
                                                  Value(Binary{std::byte{1}})};
    return one_of(choices);
  }
  Value value() {
    switch (below(8)) {
      case 0:
        return Value::List{scalar(), scalar()};
      case 1:
        return Value::Map{{"a", scalar()}, {"b", Value::List{scalar()}}};
      case 2:
        return chance(90) ? Value::StringSet{"x", "y"} : Value::StringSet{};
      case 3:
        return Value::NumberSet{{"1"}, {chance(80) ? "2" : "1.0"}};
      case 4:
        return Value::BinarySet{Binary{std::byte{1}}, Binary{}};
      default:
        return scalar();
    }
  }
  Value::Map key(bool numbers) {
    Value::Map key;
    if (numbers) {
      key = {{"at", Binary{static_cast<std::byte>(below(3))}}, {"id", static_cast<int>(below(3))}};
    } else {
      key = {{"pk", std::string(1, static_cast<char>('a' + below(3)))},
             {"sk", std::string(1, static_cast<char>('a' + below(3)))}};
    }
    if (chance(3)) key.erase(key.begin());
    if (chance(3)) key.insert_or_assign("sk", scalar());
    return key;
  }
  Value::Map item(bool numbers) {
    Value::Map item = key(numbers);
    if (chance(50)) item.emplace("ip", chance(95) ? Value("i") : scalar());
    if (chance(50)) item.emplace("g1p", "g");
    if (chance(50)) item.emplace("g1s", chance(95) ? Value(static_cast<int>(below(5))) : scalar());
    if (chance(50)) item.emplace("l", chance(95) ? Value(std::string(below(3), 'l')) : scalar());
    if (chance(30)) item.emplace("extra", value());
    item.emplace("v", value());
    if (chance(5)) item.emplace("v2", std::string(below(6'000), 'x'));
    return item;
  }
  template <class Request>
  void add_condition(Request& request) {
    request.return_item_on_failure = chance(50);
    request.return_capacity = static_cast<ReturnCapacity>(below(3));
    if (chance(50)) return;
    static const std::array<std::string, 8> conditions = {"attribute_exists(v)",
                                                          "attribute_not_exists(#v)",
                                                          "v = :v",
                                                          "#v < :v",
                                                          "contains(v, :v)",
                                                          "size(v) > :n",
                                                          "v IN (:v, :n)",
                                                          "v = ("};
    request.condition = one_of(conditions);
    if (request.condition.contains('#') != chance(3)) request.names.emplace("#v", "v");
    if (request.condition.contains(":v") != chance(3)) request.values.emplace(":v", value());
    if (request.condition.contains(":n") != chance(3)) request.values.emplace(":n", 1);
  }
  ReturnValues return_values(std::size_t kinds) { return static_cast<ReturnValues>(below(kinds)); }

 private:
  std::mt19937_64 random_;
};

TEST_F(TypedOperations, RandomRequestsAgree) {
  constexpr std::uint64_t seed = 4'711;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Requests requests(seed);
  std::map<std::string, int> met;
  for (int step = 0; step < 6'000 && !HasFailure(); ++step) {
    const bool numbers = requests.chance(30);
    const std::string table = numbers ? "numbers" : "main";
    switch (requests.below(6)) {
      case 0:
      case 1: {
        PutItemRequest request{.table = table, .item = requests.item(numbers)};
        requests.add_condition(request);
        request.return_values = requests.return_values(requests.chance(97) ? 2 : 5);
        ++met[both(request)];
        break;
      }
      case 2: {
        DeleteItemRequest request{.table = table, .key = requests.key(numbers)};
        requests.add_condition(request);
        request.return_values = requests.return_values(requests.chance(97) ? 2 : 5);
        ++met[both(request)];
        break;
      }
      case 3: {
        UpdateItemRequest request{.table = table, .key = requests.key(numbers)};
        requests.add_condition(request);
        static const std::array<std::string, 5> updates = {"SET w = :u", "REMOVE w", "ADD w :u",
                                                           "SET w = if_not_exists(w, :u)", "DELETE w :u"};
        if (requests.chance(90)) request.update = requests.one_of(updates);
        if (request.update.contains(":u")) request.values.emplace(":u", requests.value());
        request.return_values = requests.return_values(5);
        ++met[both(request)];
        break;
      }
      default: {
        GetItemRequest request{.table = table, .key = requests.key(numbers)};
        request.consistent = requests.chance(50);
        request.return_capacity = static_cast<ReturnCapacity>(requests.below(3));
        if (requests.chance(40)) request.projection = requests.chance(90) ? "pk, v.a, v[1], #w" : "v v";
        if (requests.chance(40)) request.names.emplace("#w", "w");
        ++met[both(request)];
      }
    }
    if (step % 500 == 0) expect_equal_contents();
  }
  expect_equal_contents();
  EXPECT_GT(met[""], 1'500);
  EXPECT_GT(met["ValidationException"], 500);
  EXPECT_GT(met["ConditionalCheckFailedException"], 100);
}

}  // namespace
}  // namespace bao::local
