// The same ids everywhere: tenants x models x contexts, all at once. Nobody sees anything of somebody else's.
#include "unit/face/models.hpp"

namespace bao::face {
namespace {

struct ThingFields {
  bao::Field<std::string> id{};
  bao::Field<std::string> mine{};
  bao::Field<std::string> code{};
  bao::Field<std::int64_t> rank{};
};
template <class M>
ModelInfo describe_thing(const char* name, const char* prefix) {
  return bao::schema(name, prefix)
      .fields(M::id, M::mine, M::code, M::rank)
      .primary_key(M::id)
      .index("byRank", bao::gsi1, bao::model_prefix, M::rank)
      .unique("uniqueCode", 1, M::code)
      .iterable(1)
      .searchable({.fields = {"mine"}});
}
class Apple : public bao::Model<Apple, ThingFields> {
 public:
  using Model::Model;
  static constexpr auto id = bao::field<&ThingFields::id>();
  static constexpr auto mine = bao::field<&ThingFields::mine>();
  static constexpr auto code = bao::field<&ThingFields::code>();
  static constexpr auto rank = bao::field<&ThingFields::rank>();
  static bao::ModelInfo describe() { return describe_thing<Apple>("Apple", "a"); }
};
// Its prefix begins as the other's does.
class Pear : public bao::Model<Pear, ThingFields> {
 public:
  using Model::Model;
  static constexpr auto id = bao::field<&ThingFields::id>();
  static constexpr auto mine = bao::field<&ThingFields::mine>();
  static constexpr auto code = bao::field<&ThingFields::code>();
  static constexpr auto rank = bao::field<&ThingFields::rank>();
  static bao::ModelInfo describe() { return describe_thing<Pear>("Pear", "aa"); }
};

constexpr int items = 5;

class IsolationTest : public testing::Test {
 protected:
  Client client = init_models({.models = {&Apple::model_info(), &Pear::model_info()},
                               .aws = {.endpoint = "memory:"},
                               .db = {.iteration_index_name = "iter_search_index"},
                               .log = {.level = LogLevel::off}});

  static std::string id_of(int number) { return "id" + std::to_string(number); }

  template <class M>
  static Task<void> seed(std::string whose) {
    for (int number = 0; number < items; ++number) {
      auto creating = M::create(
          {.id = id_of(number), .mine = whose, .code = "code" + std::to_string(number), .rank = number});
      co_await std::move(creating);
    }
  }
  template <class M>
  static void expect_own(const std::vector<M>& found, const std::string& whose) {
    EXPECT_EQ(found.size(), static_cast<std::size_t>(items)) << whose;
    for (const M& item : found) EXPECT_EQ(*item->mine, whose);
  }

  // Every way of reading, in a context of its own, in turns with everybody else's.
  template <class M>
  static Task<void> read_all(std::string whose) {
    for (int round = 0; round < 3; ++round) {
      std::vector<std::string> ids;
      for (int number = 0; number < items; ++number) ids.push_back(id_of(number));
      const FoundMany<M> many = co_await M::batch_find(ids);
      for (const auto& [id, item] : many.items) EXPECT_EQ(*item->mine, whose) << id;
      const M one = co_await M::find(id_of(round));
      EXPECT_EQ(*one->mine, whose);
      EXPECT_TRUE(one.same_instance(many[id_of(round)]));
      const M by_code = co_await M::find_by_unique_constraint("uniqueCode", "code1");
      EXPECT_EQ(*by_code->mine, whose);
      const std::string prefix = M::model_info().definition.model_prefix;
      const Page<M> by_rank = co_await M::query_by_index("byRank", prefix);
      expect_own(by_rank.items, whose);
      const Page<M> scanned = co_await M::scan();
      expect_own(scanned.items, whose);
      EXPECT_EQ(co_await M::count(), items);
      std::vector<M> walked;
      auto iteration = M::iterate_all();
      while (auto batch = co_await iteration.next())
        walked.insert(walked.end(), batch->begin(), batch->end());
      expect_own(walked, whose);
      auto searching = M::search_all({whose});
      const SearchResult<M> found = co_await std::move(searching);
      expect_own(found.items, whose);
    }
  }
  template <class M>
  static Task<void> read_in_a_context(std::string whose) {
    auto reading = run_with_batch_context([whose] { return read_all<M>(whose); });
    co_await std::move(reading);
  }
};

TEST_F(IsolationTest, TenantsModelsAndContextsWithEqualIds) {
  sync_wait(
      client, with_context(client.context(), []() -> Task<void> {
        const std::vector<std::string> tenants{"", "one", "two", "on"};
        const auto as = [](const std::string& tenant, auto work) -> Task<void> {
          if (tenant.empty()) return work();
          return run_with_tenant(tenant, work);
        };
        for (const std::string& tenant : tenants) {
          co_await as(tenant, [tenant] { return seed<Apple>("apple of" + tenant); });
          co_await as(tenant, [tenant] { return seed<Pear>("pear of" + tenant); });
        }
        std::vector<Task<void>> readers;
        for (int copies = 0; copies < 3; ++copies) {
          for (const std::string& tenant : tenants) {
            readers.push_back(as(tenant, [tenant] { return read_in_a_context<Apple>("apple of" + tenant); }));
            readers.push_back(as(tenant, [tenant] { return read_in_a_context<Pear>("pear of" + tenant); }));
          }
        }
        co_await all(std::move(readers));
      }));
}

TEST_F(IsolationTest, AWriteOfOneTenantIsNobodyElses) {
  sync_wait(client, with_context(client.context(), []() -> Task<void> {
              for (const char* tenant : {"one", "two"}) {
                co_await run_with_tenant(tenant, [tenant] { return seed<Apple>(tenant); });
              }
              co_await run_with_tenant("one", []() -> Task<void> {
                co_await Apple::update("id0", {.mine = "changed", .code = "other"});
                co_await Apple::remove("id1");
              });
              co_await run_with_tenant("two", []() -> Task<void> {
                EXPECT_EQ(*(co_await Apple::find("id0"))->mine, "two");
                EXPECT_TRUE((co_await Apple::find("id1")).exists());
                EXPECT_FALSE((co_await Apple::find_by_unique_constraint("uniqueCode", "other")).exists());
                EXPECT_EQ(co_await Apple::count(), items);
              });
            }));
}

}  // namespace
}  // namespace bao::face
