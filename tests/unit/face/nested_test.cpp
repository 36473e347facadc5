// Maps and lists as C++ types, and changes of their parts.

#include <limits>
#include <optional>
#include <set>

#include "unit/face/models.hpp"

namespace bao::face {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Names = std::vector<std::string>;

enum class Unit : std::uint8_t { piece, gram };

struct Place {
  double latitude = 0;
  double longitude = 0;
  static constexpr auto describe() { return members<&Place::latitude, &Place::longitude>(); }
};
struct Address {
  std::string street{};
  std::string city = "nowhere";
  std::optional<std::string> zip{};
  std::optional<Place> place{};
  std::vector<std::string> notes{};
  static constexpr auto describe() {
    return members<&Address::street, &Address::city, &Address::zip, &Address::place, &Address::notes>()
        .named<&Address::zip>("postal code");
  }
};
struct Line {
  std::string article{};
  int count = 1;
  Unit unit = Unit::piece;
};
struct Everything {
  bool flag = false;
  std::int8_t tiny = 0;
  std::uint32_t whole = 0;
  float half = 0;
  Number exact{"0"};
  Timestamp at{};
  Binary bytes{};
  Ulid id{};
  std::set<std::string> words{};
  std::set<std::int64_t> numbers{};
  std::set<Binary> blobs{};
  std::map<std::string, std::vector<std::optional<int>>> deep{};
  Value anything{};
  static constexpr auto describe() {
    return members<&Everything::flag, &Everything::tiny, &Everything::whole, &Everything::half,
                   &Everything::exact, &Everything::at, &Everything::bytes, &Everything::id,
                   &Everything::words, &Everything::numbers, &Everything::blobs, &Everything::deep,
                   &Everything::anything>();
  }
};

}  // namespace
}  // namespace bao::face

/// A type of one's own is a nested value, too.
template <>
struct bao::FieldTraits<bao::face::Unit> {
  static constexpr FieldType type = FieldType::string;
  static Value write(bao::face::Unit unit) {
    return Value(unit == bao::face::Unit::piece ? "piece" : "gram");
  }
  static bool read(const AttributeView& stored, FieldType, bao::face::Unit& unit) {
    unit = stored.text == "gram" ? bao::face::Unit::gram : bao::face::Unit::piece;
    return stored.text == "gram" || stored.text == "piece";
  }
};
/// A struct that cannot be touched is described from outside.
template <>
struct bao::StructTraits<bao::face::Line> {
  static constexpr auto describe() {
    using bao::face::Line;
    return members<&Line::article, &Line::count, &Line::unit>();
  }
};

namespace bao::face {
namespace {

struct OrderFields {
  Field<std::string> orderId{};
  Field<Address> address{};
  Field<std::vector<Line>> lines{};
  Field<std::map<std::string, double>> ratings{};
  Field<Value::Map> meta{};
  Field<Everything> everything{};
};
class Order : public Model<Order, OrderFields> {
 public:
  using Model::Model;
  static constexpr auto orderId = field<&OrderFields::orderId>();
  static constexpr auto address = field<&OrderFields::address>();
  static constexpr auto lines = field<&OrderFields::lines>();
  static constexpr auto ratings = field<&OrderFields::ratings>();
  static constexpr auto meta = field<&OrderFields::meta>();
  static constexpr auto everything = field<&OrderFields::everything>();
  static ModelInfo describe() {
    return schema("Order", "o")
        .fields(orderId, address, lines, ratings, meta, everything)
        .primary_key(orderId);
  }
};

class NestedFieldTest : public testing::Test {
 protected:
  static Config config(std::vector<std::string>* sent) {
    return {.models = {&Order::model_info()},
            .aws = {.endpoint = "memory:"},
            .log = {.level = LogLevel::debug, .sink = [sent](LogLevel, std::string_view line) {
                      if (!line.contains("sent ")) return;
                      const std::string_view rest = line.substr(line.find("sent ") + 5);
                      sent->emplace_back(rest.substr(0, rest.find(' ')));
                    }}};
  }
  template <class Function>
  void run(Function function) {
    sync_wait(client, with_context(client.context(), std::move(function)));
  }
  /// What is stored, as it is.
  static Task<Value> stored(std::string id, std::string name) {
    const DynamicItem item = co_await DynamicModel("Order").find(id);
    const auto found = item.fields.find(name);
    co_return found == item.fields.end() ? Value() : found->second;
  }
  static Task<void> put(std::string id, std::string name, Value value) {
    std::vector<DynamicChange> changes{{.field = "orderId", .change = {.value = Value(id)}},
                                       {.field = name, .change = {.value = std::move(value)}}};
    co_await DynamicModel("Order").create(std::move(changes));
  }
  Names sent_now() { return std::exchange(sent, {}); }

  Names sent;
  Client client = init_models(config(&sent));
};

TEST_F(NestedFieldTest, EveryTypeComesBackAsItWasGiven) {
  run([&]() -> Task<void> {
    const Binary bytes{std::byte{1}, std::byte{255}};
    Everything all{.flag = true,
                   .tiny = -128,
                   .whole = 4'000'000'000,
                   .half = 0.5F,
                   .exact = {"123456789012345678901234567890"},
                   .at = Timestamp(std::chrono::milliseconds(1'700'000'000'123)),
                   .bytes = bytes,
                   .id = "01ARZ3NDEKTSV4RRFFQ69G5FAV",
                   .words = {"a", "b"},
                   .numbers = {-1, 2},
                   .blobs = {bytes},
                   .deep = {{"k", {1, std::nullopt, 3}}},
                   .anything = Value(Value::List{Value(), Value("x")})};
    co_await Order::create({.orderId = "1", .everything = all});
    const Order found = co_await Order::find("1");
    const Everything& read = *found->everything;
    EXPECT_TRUE(read.flag);
    EXPECT_EQ(read.tiny, -128);
    EXPECT_EQ(read.whole, 4'000'000'000);
    EXPECT_EQ(read.half, 0.5F);
    EXPECT_EQ(read.exact, all.exact);
    EXPECT_EQ(read.at, all.at);
    EXPECT_EQ(read.bytes, bytes);
    EXPECT_EQ(read.id, all.id);
    EXPECT_EQ(read.words, all.words);
    EXPECT_EQ(read.numbers, all.numbers);
    EXPECT_EQ(read.blobs, all.blobs);
    EXPECT_EQ(read.deep, all.deep);
    EXPECT_EQ(read.anything, all.anything);
    EXPECT_EQ(found->everything, all);
    const Value map = co_await stored("1", "everything");
    EXPECT_EQ(map.get_if<Value::Map>()->at("at"), Value(std::int64_t{1'700'000'000'123}));
    EXPECT_EQ(map.get_if<Value::Map>()->at("words"), Value(Value::StringSet{"a", "b"}));
  });
}

TEST_F(NestedFieldTest, WhatIsEmptyOrMissingHasTheInitializersValue) {
  run([&]() -> Task<void> {
    co_await Order::create({.orderId = "1", .address = Address{.street = "s"}, .everything = Everything{}});
    const Value address = co_await stored("1", "address");
    EXPECT_EQ(address,
              Value(Value::Map{
                  {"street", Value("s")}, {"city", Value("nowhere")}, {"notes", Value(Value::List())}}));
    const Order order = co_await Order::find("1");
    EXPECT_TRUE(order->everything->words.empty());
    co_await put("2", "address",
                 Value(Value::Map{{"street", Value()}, {"postal code", Value("1000")}, {"other", Value(1)}}));
    const Order other = co_await Order::find("2");
    EXPECT_EQ(other->address->street, "");
    EXPECT_EQ(other->address->city, "nowhere");
    EXPECT_EQ(other->address->zip, "1000");
    EXPECT_FALSE(other->address->place);
    EXPECT_FALSE(other->lines.has_value());
  });
}

TEST_F(NestedFieldTest, AWrongShapeIsADataFormatErrorThatNamesThePath) {
  struct Case {
    const char* field;
    Value value;
    const char* path;
  };
  const std::vector<Case> cases = {
      {"address", Value(Value::Map{{"city", Value(1)}}), "Order.address.city"},
      {"address", Value(Value::Map{{"place", Value(Value::Map{{"latitude", Value("n")}})}}),
       "Order.address.place.latitude"},
      {"address", Value(Value::Map{{"notes", Value(Value::List{Value("a"), Value(2)})}}),
       "Order.address.notes[1]"},
      {"lines", Value(Value::List{Value("x")}), "Order.lines[0]"},
      {"lines", Value(Value::List{Value(Value::Map{{"unit", Value("mile")}})}), "Order.lines[0].unit"},
      {"lines", Value(Value::List{Value(Value::Map{{"count", Value(std::int64_t{1} << 40)}})}),
       "Order.lines[0].count"},
      {"everything", Value(Value::Map{{"deep", Value(Value::Map{{"k", Value(Value::List{Value("x")})}})}}),
       "Order.everything.deep.k[0]"},
  };
  int number = 0;
  for (const Case& one : cases) {
    run([&]() -> Task<void> {
      const std::string id = std::to_string(++number);
      co_await put(id, one.field, one.value);
      const auto found = co_await Order::find(id).as_result();
      EXPECT_FALSE(found) << one.path;
      if (found) co_return;
      EXPECT_EQ(found.error().code(), ErrorCode::data_format);
      EXPECT_EQ(found.error().details().field, one.field);
      EXPECT_THAT(found.error().message(), HasSubstr(std::string(one.path) + ": "));
    });
  }
}

TEST_F(NestedFieldTest, ANumberThatDynamoDBCannotHoldIsRefused) {
  run([&]() -> Task<void> {
    const auto made =
        co_await Order::create({.orderId = "1", .ratings = {{"a", std::numeric_limits<double>::quiet_NaN()}}})
            .as_result();
    EXPECT_FALSE(made);
    if (made) co_return;
    EXPECT_EQ(made.error().code(), ErrorCode::validation);
    EXPECT_EQ(made.error().details().field, "ratings");
    EXPECT_EQ(sent_now(), Names{});
  });
}

TEST_F(NestedFieldTest, AnEmptyKeyIsRefusedBeforeAnythingIsSent) {
  run([&]() -> Task<void> {
    Order order = co_await Order::create({.orderId = "1", .ratings = {{"a", 1.0}}});
    sent_now();
    const auto expect_refused = [](const auto& result, const std::string& message) {
      ASSERT_FALSE(result);
      EXPECT_EQ(result.error().code(), ErrorCode::validation);
      EXPECT_EQ(result.error().details().model, "Order");
      EXPECT_EQ(result.error().message(), message);
    };
    expect_refused(co_await Order::create({.orderId = "2", .ratings = {{"", 1.0}}}).as_result(),
                   "Order.ratings holds an empty key (value: a map)");
    const Value::Map meta{{"list", Value(Value::List{Value(Value::Map{{"", Value(1)}})})}};
    expect_refused(co_await Order::update("1", {.meta = meta}).as_result(),
                   "Order.meta at list[0] holds an empty key (value: a map)");
    BatchWrite<Order> writes;
    writes.put.push_back({.orderId = "3", .meta = meta});
    expect_refused(co_await Order::batch_write(std::move(writes)).as_result(),
                   "Order.meta at list[0] holds an empty key (value: a map)");
    order->ratings[""] = 2.0;
    expect_refused(co_await order.save().as_result(),
                   "Order.ratings[\"\"] cannot be changed: a key in the path is empty");
    EXPECT_EQ(sent_now(), Names{});
  });
}

TEST_F(NestedFieldTest, AHookSeesTheChangedItemAndAddsPartsToItsSave) {
  Order::register_plugin(client, {.before_save = [](OrderFields& changes, const HookOptions<Order>& options) {
                           if (options.is_new) return;
                           EXPECT_EQ(changes.address->city, "Paris");
                           EXPECT_FALSE(changes.ratings.changed());
                           changes.address[&Address::street] = "hooked";
                         }});
  run([&]() -> Task<void> {
    Order one = co_await Order::create({.orderId = "1",
                                        .address = Address{.street = "s", .city = "Rome", .notes = {"a"}},
                                        .ratings = {{"a", 1.0}}});
    std::vector<DynamicChange> theirs{append_part("address.notes", {Value("theirs")})};
    co_await DynamicModel("Order").update("1", std::move(theirs));
    one->address[&Address::city] = "Paris";
    co_await one.save();
    const Order found = co_await Order::find("1");
    EXPECT_EQ(found->address->city, "Paris");
    EXPECT_EQ(found->address->street, "hooked");
    EXPECT_THAT(found->address->notes, testing::ElementsAre("a", "theirs"));
    EXPECT_EQ(one->address->street, "hooked");
    EXPECT_FALSE(one.has_changes());
  });
}

TEST_F(NestedFieldTest, ASaveSendsThePartsThatChanged) {
  run([&]() -> Task<void> {
    Order one = co_await Order::create({.orderId = "1",
                                        .address = Address{.street = "s", .city = "Rome", .notes = {"a"}},
                                        .lines = {{.article = "x"}, {.article = "y"}},
                                        .ratings = {{"a", 1.0}, {"b", 2.0}},
                                        .meta = Value::Map{{"m", Value(1)}}});
    Order other = co_await Order::find("1");
    other->address[&Address::street] = "theirs";
    other->lines[1][&Line::unit] = Unit::gram;
    other->lines.push_back(Line{.article = "z"});
    other->ratings["c"] = 3.0;
    co_await other.save();
    one->address[&Address::city] = "Paris";
    one->address[&Address::notes].push_back("b");
    one->lines[0][&Line::count] = 7;
    one->ratings["a"].remove();
    one->meta["new"]["deep"][0] = "x";
    EXPECT_TRUE(one.has_changes());
    EXPECT_EQ(one->address->city, "Paris");
    EXPECT_EQ(one->lines->at(0).count, 7);
    EXPECT_FALSE(one->ratings->contains("a"));
    sent_now();
    co_await one.save();
    EXPECT_FALSE(one.has_changes());
    // `meta.new` is missing: the update is refused, and meta written whole.
    const Order found = co_await Order::find("1");
    for (const Order* order : std::initializer_list<const Order*>{&one, &found}) {
      const Order& merged = *order;
      EXPECT_EQ(merged->address->street, "theirs");
      EXPECT_EQ(merged->address->city, "Paris");
      EXPECT_THAT(merged->address->notes, ElementsAre("a", "b"));
      EXPECT_EQ(merged->lines->size(), 3U);
      EXPECT_EQ(merged->lines->at(0).count, 7);
      EXPECT_EQ(merged->lines->at(1).unit, Unit::gram);
      EXPECT_EQ(*merged->ratings, (std::map<std::string, double>{{"b", 2.0}, {"c", 3.0}}));
      EXPECT_EQ(merged->meta->at("m"), Value(1));
      EXPECT_EQ(merged->meta->at("new"), Value(Value::Map{{"deep", Value(Value::List{Value("x")})}}));
    }
    sent_now();
    co_await one.save();
    EXPECT_EQ(sent_now(), Names{});
  });
}

TEST_F(NestedFieldTest, AttributesThatTheStructDoesNotKnowStayUntilTheWholeIsAssigned) {
  run([&]() -> Task<void> {
    co_await put("1", "address", Value(Value::Map{{"city", Value("Rome")}, {"other", Value(1)}}));
    Order order = co_await Order::find("1");
    order->address[&Address::city] = "Paris";
    co_await order.save();
    const Value kept = co_await stored("1", "address");
    EXPECT_EQ(kept, Value(Value::Map{{"city", Value("Paris")}, {"other", Value(1)}}));
    order->address = Address{.city = "Oslo"};
    co_await order.save();
    const Value whole = co_await stored("1", "address");
    EXPECT_FALSE(whole.get_if<Value::Map>()->contains("other"));
  });
}

TEST_F(NestedFieldTest, WithoutLoadingTheItem) {
  run([&]() -> Task<void> {
    co_await Order::create({.orderId = "1", .address = Address{.street = "s", .city = "Rome"}});
    OrderFields changes;
    changes.address[&Address::city] = "Paris";
    changes.address[&Address::place][&Place::latitude] = 48.9;
    changes.lines.push_back(Line{.article = "x"});
    const Order order = co_await Order::update("1", changes);
    EXPECT_EQ(order->address->street, "s");
    EXPECT_EQ(order->address->city, "Paris");
    EXPECT_EQ(order->address->place->latitude, 48.9);
    EXPECT_EQ(order->lines->at(0).article, "x");
    // A new item has no parts: the whole is written.
    OrderFields fresh{.orderId = "2"};
    fresh.address[&Address::city] = "Oslo";
    const Order made = co_await Order::create(fresh);
    EXPECT_EQ(made->address->city, "Oslo");
    Order unsaved(OrderFields{.orderId = "3"});
    unsaved->ratings["a"] = 1.0;
    co_await unsaved.save();
    EXPECT_EQ((co_await Order::find("3"))->ratings->at("a"), 1.0);
  });
}

TEST_F(NestedFieldTest, ChangesOfOneFieldFollowEachOther) {
  run([&]() -> Task<void> {
    Order order = co_await Order::create({.orderId = "1",
                                          .address = Address{},
                                          .lines = {{.article = "a"}, {.article = "b"}, {.article = "c"}}});
    order->address[&Address::place][&Place::latitude] = 1.0;
    order->address[&Address::place] = Place{.latitude = 2, .longitude = 3};
    order->address[&Address::place][&Place::longitude] = 4.0;
    order->address[&Address::notes].push_back("x");
    order->address[&Address::notes].push_back("y");
    order->address[&Address::zip] = "1";
    order->address[&Address::zip] = std::nullopt;
    // An element that changes, one that goes and one that comes: the list is written.
    order->lines[2][&Line::count] = 9;
    order->lines[0].remove();
    order->lines.push_back(Line{.article = "d"});
    order->lines[0][&Line::count] = 5;
    co_await order.save();
    const Order found = co_await Order::find("1");
    EXPECT_EQ(found->address->place->latitude, 2);
    EXPECT_EQ(found->address->place->longitude, 4);
    EXPECT_THAT(found->address->notes, ElementsAre("x", "y"));
    EXPECT_FALSE(found->address->zip);
    EXPECT_EQ(found->lines->size(), 3U);
    EXPECT_EQ(found->lines->at(0).article, "b");
    EXPECT_EQ(found->lines->at(0).count, 5);
    EXPECT_EQ(found->lines->at(1).count, 9);
    EXPECT_EQ(found->lines->at(2).article, "d");
    // Of an item that was not loaded nobody knows what the list holds.
    OrderFields changes;
    changes.lines.push_back(Line{});
    changes.lines[0][&Line::count] = 2;
    const auto refused = co_await Order::update("1", changes).as_result();
    EXPECT_FALSE(refused);
    EXPECT_EQ(refused ? ErrorCode::cancelled : refused.error().code(), ErrorCode::validation);
  });
}

TEST_F(NestedFieldTest, AWholeAssignedTakesThePlaceOfParts) {
  run([&]() -> Task<void> {
    Order order = co_await Order::create({.orderId = "1", .address = Address{.street = "s"}});
    order->address[&Address::city] = "Paris";
    order->address = Address{.street = "t"};
    order->address[&Address::zip] = "7";
    co_await order.save();
    const Order found = co_await Order::find("1");
    EXPECT_EQ(found->address->street, "t");
    EXPECT_EQ(found->address->city, "nowhere");
    EXPECT_EQ(found->address->zip, "7");
    order->address[&Address::city] = "Paris";
    order->address = nullptr;
    co_await order.save();
    EXPECT_FALSE((co_await Order::find("1"))->address.has_value());
  });
}

TEST_F(NestedFieldTest, ConditionsOnParts) {
  run([&]() -> Task<void> {
    Order order =
        co_await Order::create({.orderId = "1",
                                .address = Address{.city = "Rome", .place = Place{.latitude = 42}},
                                .lines = {{.article = "x", .count = 3}},
                                .ratings = {{"a", 1.5}},
                                .meta = Value::Map{{"k", Value(Value::List{Value(1), Value("two")})}}});
    const std::vector<std::pair<ModelCondition<OrderFields>, bool>> cases = {
        {Order::address[&Address::city] == "Rome", true},
        {Order::address[&Address::city] != "Rome", false},
        {Order::address[&Address::zip].not_exists(), true},
        {Order::address[&Address::zip] == "1", false},
        {Order::address[&Address::place][&Place::latitude] > 41.5, true},
        {Order::address[&Address::city].begins_with("Ro") && Order::lines[0][&Line::count] >= 3, true},
        {Order::lines[0][&Line::unit] == Unit::piece, true},
        {Order::lines[1].exists(), false},
        {Order::lines[0][&Line::count].between(4, 5), false},
        {Order::lines[0][&Line::article].in({"y", "x"}), true},
        {Order::ratings["a"] < 2, true},
        {Order::meta["k"][1] == "two", true},
        {Order::meta["k"].size(Comparison::eq, 2), true},
        {Order::address[&Address::city].contains("om"), true},
    };
    for (std::size_t at = 0; at < cases.size(); ++at) {
      SCOPED_TRACE(at);
      const auto changed =
          co_await Order::update("1", {.ratings = {{"a", 1.5}}}, {.condition = cases[at].first}).as_result();
      EXPECT_EQ(changed.has_value(), cases[at].second);
      const Page<Order> page = co_await Order::scan({.filter = cases[at].first});
      EXPECT_EQ(page.items.size(), cases[at].second ? 1U : 0U);
    }
  });
}

TEST_F(NestedFieldTest, ModelsKnownAtRunTime) {
  run([&]() -> Task<void> {
    const DynamicModel orders("Order");
    co_await put("1", "meta", Value(Value::Map{{"a", Value(Value::Map{{"x", Value(1)}})}}));
    std::vector<DynamicChange> changes{set_part("meta.a.x", 2), append_part("meta.a.list", {Value("l")}),
                                       set_part("address.city", "Paris"), remove_part("meta.b")};
    DynamicItem item = co_await orders.update("1", changes);
    EXPECT_EQ(item.fields.at("meta"),
              Value(Value::Map{
                  {"a", Value(Value::Map{{"x", Value(2)}, {"list", Value(Value::List{Value("l")})}})}}));
    EXPECT_EQ(item.fields.at("address"), Value(Value::Map{{"city", Value("Paris")}}));
    DynamicChange steps{.field = "meta",
                        .change = {.kind = FieldChange::Kind::set_part, .value = 3, .path = {"a.b", "c"}}};
    std::vector<DynamicChange> by_steps{steps};
    item = co_await orders.update("1", by_steps, {}, item.loaded);
    EXPECT_EQ(item.fields.at("meta").get_if<Value::Map>()->at("a.b"), Value(Value::Map{{"c", Value(3)}}));
    for (const char* path : {"meta..a", "meta[", "nothing.a", "meta"}) {
      std::vector<DynamicChange> wrong{set_part(path, 1)};
      const auto refused = co_await orders.update("1", wrong).as_result();
      EXPECT_FALSE(refused) << path;
      EXPECT_EQ(refused ? ErrorCode::cancelled : refused.error().code(), ErrorCode::validation) << path;
    }
    DynamicTransaction transaction;
    transaction.update("Order", "1", {set_part("meta.t", 1)});
    co_await transact(std::move(transaction));
    const Value meta = co_await stored("1", "meta");
    EXPECT_EQ(meta.get_if<Value::Map>()->at("t"), Value(1));
  });
}

TEST_F(NestedFieldTest, AMemberThatIsNotDescribedIsAConfigurationError) {
  struct Half {
    int a = 0;
    int b = 0;
    static constexpr auto describe() { return members<&Half::a>(); }
  };
  EXPECT_THROW((void)detail::attribute_of(&Half::b), ConfigurationError);
  EXPECT_EQ(detail::attribute_of(&Half::a), "a");
}

}  // namespace
}  // namespace bao::face
