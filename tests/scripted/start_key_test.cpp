#include "core/engine/iterate.hpp"
#include "core/engine/scan.hpp"
#include "scripted/conversation.hpp"

// What a query, scan or iteration says of a start key that is not one of its own pages': before any request.
namespace bao::scripted {
namespace {

using testing::HasSubstr;

Value key_of(const std::vector<std::pair<std::string, Value>>& attributes) {
  Value::Map key;
  for (const auto& [name, value] : attributes) key.emplace(name, value);
  return Value(std::move(key));
}

// A place in byUser, in the partition of u1.
Value place_in_index() {
  return key_of({{"_pk", Value("p#2")},
                 {"_sk", Value("p")},
                 {"_gsi1_pk", Value("p#gsi1#u1")},
                 {"_gsi1_sk", Value("00000000000000000005")}});
}

Value without(Value key, const std::string& name) {
  key.get_if<Value::Map>()->erase(name);
  return key;
}

Value with(Value key, const std::string& name, Value value) {
  key.get_if<Value::Map>()->insert_or_assign(name, std::move(value));
  return key;
}

class StartKeys : public testing::Test {
 protected:
  Started<core::Page> query(std::string_view model, std::string index, Value partition, Value start,
                            std::string tenant = {}, bool count_only = false, SortKeyCondition sort = {}) {
    core::QueryOptions options;
    options.start_key = std::move(start);
    options.count_only = count_only;
    return talk.start<core::Page>(
        [&](core::Call& call) {
          return core::query(call, talk.model(model), std::move(index), std::move(partition), std::move(sort),
                             options);
        },
        nullptr, std::move(tenant));
  }
  Started<core::Page> scan(std::string index, Value start, std::string tenant = {}) {
    core::ScanOptions options;
    options.index = std::move(index);
    options.start_key = std::move(start);
    return talk.start<core::Page>(
        [&](core::Call& call) { return core::scan(call, talk.model("Post"), options); }, nullptr,
        std::move(tenant));
  }
  Started<core::IterationBatch> iterate(core::IterationPosition from,
                                        std::optional<std::int64_t> bucket = std::nullopt,
                                        std::string tenant = {}) {
    core::IterateOptions options;
    options.bucket = bucket;
    return talk.start<core::IterationBatch>(
        [&](core::Call& call) { return core::iterate(call, talk.model("Doc"), options, std::move(from)); },
        nullptr, std::move(tenant));
  }

  // Names the attribute, and nothing was sent.
  template <class T>
  void refused(const Started<T>& page, std::string_view model, std::string_view index, std::string_view field,
               const std::string& message) {
    SCOPED_TRACE(message);
    talk.expect_complete(page);
    ASSERT_TRUE(page->ended());
    const Error& error = page->error();
    EXPECT_EQ(error.code(), ErrorCode::query) << error.message();
    EXPECT_EQ(error.details().model, model);
    EXPECT_EQ(error.details().index, index);
    EXPECT_EQ(error.details().field, field);
    EXPECT_THAT(error.message(), HasSubstr(message));
    talk.expect_nothing();
  }
  template <class T>
  void sent(const Started<T>& page, std::string_view operation, const std::string& start_key) {
    talk.expect_request(operation, HasSubstr(R"("ExclusiveStartKey":)" + start_key));
    talk.answer(R"({"Items":[],"Count":0})");
    talk.expect_complete(page);
    EXPECT_TRUE(page->slot && page->slot->has_value());
  }

  Conversation talk;
};

TEST_F(StartKeys, OfTheSameQueryAreSent) {
  sent(
      query("Post", "byUser", Value("u1"), place_in_index()), "Query",
      R"({"_gsi1_pk":{"S":"p#gsi1#u1"},"_gsi1_sk":{"S":"00000000000000000005"},"_pk":{"S":"p#2"},"_sk":{"S":"p"}})");
  sent(query("Comment", "", Value("p1"), key_of({{"_pk", Value("c#p1")}, {"_sk", Value("7")}})), "Query",
       R"({"_pk":{"S":"c#p1"},"_sk":{"S":"7"}})");
  sent(
      query("Comment", "", Value("p1"), key_of({{"_pk", Value("[acme]#c#p1")}, {"_sk", Value("7")}}), "acme"),
      "Query", R"({"_pk":{"S":"[acme]#c#p1"},"_sk":{"S":"7"}})");
}

TEST_F(StartKeys, OfAnotherIndexAreRefused) {
  const Value of_rank = key_of({{"_pk", Value("p#2")},
                                {"_sk", Value("p")},
                                {"_gsi2_pk", Value("p#gsi2#p")},
                                {"_gsi2_sk", Value("00000000000000000005")}});
  refused(query("Post", "byUser", Value("u1"), of_rank), "Post", "byUser", "_gsi2_pk",
          "Post: the start key has '_gsi2_pk', which is no key attribute of index 'byUser'");
  refused(query("Post", "", Value("2"), place_in_index()), "Post", "", "_gsi1_pk",
          "Post: the start key has '_gsi1_pk', which is no key attribute of the primary key");
  refused(query("Post", "byUser", Value("u1"), key_of({{"_pk", Value("p#2")}, {"_sk", Value("p")}})), "Post",
          "byUser", "_gsi1_pk", "Post: the start key lacks '_gsi1_pk', a key attribute of index 'byUser'");
  refused(scan("", place_in_index()), "Post", "", "_gsi1_pk", "no key attribute of the primary key");
  refused(scan("byUser", of_rank), "Post", "byUser", "_gsi2_pk", "no key attribute of index 'byUser'");
}

TEST_F(StartKeys, LackNoKeyAttributeAndHaveNoOther) {
  for (const std::string name : {"_pk", "_sk", "_gsi1_pk", "_gsi1_sk"}) {
    refused(query("Post", "byUser", Value("u1"), without(place_in_index(), name)), "Post", "byUser", name,
            "lacks '" + name + "'");
    refused(scan("byUser", without(place_in_index(), name)), "Post", "byUser", name, "lacks '" + name + "'");
  }
  refused(query("Post", "byUser", Value("u1"), key_of({})), "Post", "byUser", "_pk", "lacks '_pk'");
  refused(query("Post", "byUser", Value("u1"), with(place_in_index(), "title", Value("x"))), "Post", "byUser",
          "title", "has 'title'");
  refused(query("Post", "byUser", Value("u1"), without(place_in_index(), "_sk"), {}, true), "Post", "byUser",
          "_sk", "lacks '_sk'");
}

TEST_F(StartKeys, HoldTextsThatMayBeKeys) {
  for (const Value& wrong : {Value(5), Value(), Value(true), Value(""), key_of({{"S", Value("p#2")}}),
                             Value(std::string(1025, 'x')), Value("\xFF")}) {
    refused(query("Post", "byUser", Value("u1"), with(place_in_index(), "_sk", wrong)), "Post", "byUser",
            "_sk", "'_sk' of the start key");
  }
  refused(scan("", key_of({{"_pk", Value(std::string(2049, 'x'))}, {"_sk", Value("p")}})), "Post", "", "_pk",
          "'_pk' of the start key");
  refused(query("Post", "byUser", Value("u1"), Value("garbage")), "Post", "byUser", "",
          "the start key is no map of key attributes");
}

TEST_F(StartKeys, OfAnotherPartitionAreRefused) {
  refused(query("Post", "byUser", Value("u2"), place_in_index()), "Post", "byUser", "_gsi1_pk",
          "'_gsi1_pk' of the start key is 'p#gsi1#u1'");
  refused(query("Comment", "", Value("p2"), key_of({{"_pk", Value("c#p1")}, {"_sk", Value("7")}})), "Comment",
          "", "_pk", "'_pk' of the start key is 'c#p1'");
}

TEST_F(StartKeys, OfAnotherTenantAreRefused) {
  refused(query("Post", "byUser", Value("u1"), place_in_index(), "acme"), "Post", "byUser", "_gsi1_pk",
          "another partition or tenant");
  const Value of_acme = with(place_in_index(), "_gsi1_pk", Value("[acme]#p#gsi1#u1"));
  refused(query("Post", "byUser", Value("u1"), of_acme), "Post", "byUser", "_gsi1_pk",
          "another partition or tenant");
  refused(query("Post", "byUser", Value("u1"), of_acme, "other"), "Post", "byUser", "_gsi1_pk",
          "another partition or tenant");
}

// A scan ends wherever it ends: on a row of whatever model or tenant.
// DynamoDB refuses them: no page of the same query can have ended there.
TEST_F(StartKeys, OutsideOfTheSortKeyConditionAreRefused) {
  using enum SortKeyCondition::Kind;
  struct Case {
    SortKeyCondition sort;
    bool inside;
  };
  // The place has the text of 5.
  const std::vector<Case> cases = {
      {{.kind = eq, .operands = {Value(5)}}, true},
      {{.kind = eq, .operands = {Value(6)}}, false},
      {{.kind = lt, .operands = {Value(6)}}, true},
      {{.kind = lt, .operands = {Value(5)}}, false},
      {{.kind = le, .operands = {Value(5)}}, true},
      {{.kind = le, .operands = {Value(4)}}, false},
      {{.kind = gt, .operands = {Value(4)}}, true},
      {{.kind = gt, .operands = {Value(5)}}, false},
      {{.kind = ge, .operands = {Value(5)}}, true},
      {{.kind = ge, .operands = {Value(6)}}, false},
      {{.kind = between, .operands = {Value(5), Value(5)}}, true},
      {{.kind = between, .operands = {Value(1), Value(4)}}, false},
      {{.kind = between, .operands = {Value(6), Value(9)}}, false},
  };
  for (const Case& one : cases) {
    const auto page = query("Post", "byUser", Value("u1"), place_in_index(), {}, false, one.sort);
    if (one.inside) {
      sent(page, "Query", R"({"_gsi1_pk")");
    } else {
      refused(page, "Post", "byUser", "_gsi1_sk",
              "Post: '_gsi1_sk' of the start key is '00000000000000000005', which does not meet the sort key "
              "condition on index 'byUser'");
    }
  }
  const Value comment = key_of({{"_pk", Value("c#p1")}, {"_sk", Value("seven")}});
  sent(
      query("Comment", "", Value("p1"), comment, {}, false, {.kind = begins_with, .operands = {Value("se")}}),
      "Query", R"({"_pk")");
  refused(
      query("Comment", "", Value("p1"), comment, {}, false, {.kind = begins_with, .operands = {Value("sx")}}),
      "Comment", "", "_sk", "on the primary key");
}

TEST_F(StartKeys, OfAScanMayBeAnyRows) {
  sent(scan("", key_of({{"_pk", Value("[acme]#x#9")}, {"_sk", Value("x")}})), "Scan",
       R"({"_pk":{"S":"[acme]#x#9"},"_sk":{"S":"x"}})");
  sent(scan("byUser", with(place_in_index(), "_gsi1_pk", Value("q#gsi1#u9")), "acme"), "Scan",
       R"({"_gsi1_pk":{"S":"q#gsi1#u9"})");
}

TEST_F(StartKeys, OfAnIterationAreOfItsBucket) {
  const auto place = [](std::string_view partition) {
    return key_of({{"_pk", Value("d#d1")},
                   {"_sk", Value("d")},
                   {"_iter_pk", Value(partition)},
                   {"_iter_sk", Value("d1")}});
  };
  sent(iterate({.bucket = 3, .start_key = place("d#iter#003")}), "Query",
       R"({"_iter_pk":{"S":"d#iter#003"},"_iter_sk":{"S":"d1"},"_pk":{"S":"d#d1"},"_sk":{"S":"d"}})");
  refused(iterate({.bucket = 4, .start_key = place("d#iter#003")}), "Doc", "iter_index", "_iter_pk",
          "'_iter_pk' of the start key is 'd#iter#003'");
  refused(iterate({.bucket = 3, .start_key = place("d#iter#003")}, 5), "Doc", "iter_index", "_iter_pk",
          "another partition or tenant");
  refused(iterate({.bucket = 3, .start_key = place("d#iter#003")}, std::nullopt, "acme"), "Doc", "iter_index",
          "_iter_pk", "another partition or tenant");
  refused(iterate({.bucket = 3, .start_key = place_in_index()}), "Doc", "iter_index", "_gsi1_pk",
          "no key attribute of index 'iter_index'");
  refused(iterate({.bucket = 3, .start_key = Value("garbage")}), "Doc", "iter_index", "",
          "the start key is no map");
  // A position of a model with more buckets is no end of this one.
  refused(iterate({.bucket = 12}), "Doc", "iter_index", "", "Invalid bucket number 12");
}

}  // namespace
}  // namespace bao::scripted
