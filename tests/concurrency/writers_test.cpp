// Two to eight writers on one table, each with a client and a thread of its own, and with stale instances.
// Whatever they do to each other, afterwards `bao fsck` finds nothing, and nothing that was acknowledged is
// missing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bao/bao.hpp>
#include <cstdlib>
#include <random>
#include <thread>

#include "core/request/table_body.hpp"
#include "native/face/rows.hpp"
#include "support/peer_process.hpp"

namespace bao::concurrency {
namespace {

struct AccountFields {
  bao::Field<std::string> accountId{};
  bao::Field<std::string> owner{};
  bao::Field<std::int64_t> rank{};
  bao::Field<std::string> email{};
  bao::Field<std::string> handle{};
  bao::Field<bao::Counter> visits{};
  bao::Field<bao::Counter> score{};
  bao::Field<bao::StringSet> tags{};
  bao::Field<bao::Ulid> version{};
  bao::Field<std::int64_t> edits{};
};
class Account : public bao::Model<Account, AccountFields> {
 public:
  using Model::Model;
  static constexpr auto accountId = bao::field<&AccountFields::accountId>();
  static constexpr auto owner = bao::field<&AccountFields::owner>();
  static constexpr auto rank = bao::field<&AccountFields::rank>();
  static constexpr auto email = bao::field<&AccountFields::email>();
  static constexpr auto handle = bao::field<&AccountFields::handle>();
  static constexpr auto visits = bao::field<&AccountFields::visits>();
  static constexpr auto score = bao::field<&AccountFields::score>();
  static constexpr auto tags = bao::field<&AccountFields::tags>();
  static constexpr auto version = bao::version<&AccountFields::version>();
  static constexpr auto edits = bao::field<&AccountFields::edits>();
  static bao::ModelInfo describe() {
    return bao::schema("Account", "a")
        .fields(accountId, owner, rank, email, handle, visits, score, tags, version, edits)
        .primary_key(accountId)
        .index("byOwner", bao::gsi1, owner, rank)
        .index("byScore", bao::gsi2, owner, score)
        .unique("uniqueEmail", 1, email)
        .unique("uniqueHandle", 2, handle)
        .iterable(2);
  }
};

constexpr int accounts = 4;     // that stay: counters, sets and versions are counted on them
constexpr int short_lived = 3;  // that are created and deleted again and again
constexpr int values = 6;       // of each unique field, wanted by all

std::string kept_id(int number) {
  return "kept" + std::to_string(number);
}

// What one writer was told that it had done.
struct Acknowledged {
  std::map<std::string, std::int64_t> visits;
  std::map<std::string, std::int64_t> score;
  std::map<std::string, std::int64_t> edits;
  std::map<std::string, StringSet> tags;
  int done = 0;
  int refused = 0;
  std::vector<std::string> surprises;
};

class Writer {
 public:
  Writer(Config config, int number, std::uint32_t seed, int operations)
      : config_(std::move(config)), number_(number), random_(seed), operations_(operations) {}

  void run() {
    Client client = init_models(std::move(config_));
    sync_wait(client, with_context(client.context(), [this] { return work(); }));
  }
  Acknowledged told;

 private:
  int one_of(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }
  std::string value_of(const char* kind) { return kind + std::to_string(one_of(values)); }

  Task<void> work() {
    // Instances as they were at the start: the older, the staler.
    for (int number = 0; number < accounts; ++number) {
      auto finding = Account::find(kept_id(number));
      instances_.push_back(co_await std::move(finding));
    }
    for (int operation = 0; operation < operations_; ++operation) {
      const std::string id = kept_id(one_of(accounts));
      auto step = act(one_of(10), id);
      co_await std::move(step);
    }
  }

  // Refused by a condition or for an item that is gone: as it should be. Anything else is not.
  template <class T>
  bool judge(const Result<T>& result) {
    if (result) {
      ++told.done;
      return true;
    }
    const ErrorCode code = result.error().code();
    if (code == ErrorCode::conditional || code == ErrorCode::item_not_found) {
      ++told.refused;
    } else {
      told.surprises.push_back(result.error().message());
    }
    return false;
  }

  Task<void> act(int what, std::string id) {
    switch (what) {
      case 0:
        return change(id, {.email = value_of("e")});
      case 1:
        return change(id, {.handle = value_of("h")});
      case 2:
        return change(id, {.owner = "o" + std::to_string(one_of(3)), .rank = one_of(9)});
      case 3:
        return change(id, {.rank = one_of(9)});
      case 4:
        return save_stale();
      case 5:
        return count(id);
      case 6:
        return tag(id);
      case 7:
        return edit_by_version(id);
      case 8:
        return come_and_go();
      default:
        return move_value(id);
    }
  }

  Task<void> change(std::string id, AccountFields changes) {
    auto updating = Account::update(id, std::move(changes)).as_result();
    judge(co_await std::move(updating));
  }
  Task<void> save_stale() {
    Account account = instances_[static_cast<std::size_t>(one_of(accounts))];
    // Copies share one instance; a second client's view is a copy of the fields as they were read.
    account->rank = one_of(9);
    if (one_of(2) == 0) account->email = value_of("e");
    try {
      auto saving = account.save();
      co_await std::move(saving);
      ++told.done;
    } catch (const ConditionalError&) {
      ++told.refused;
    } catch (const BaoError& error) {
      told.surprises.emplace_back(error.what());
    }
  }
  Task<void> count(std::string id) {
    AccountFields changes;
    changes.visits.increment(1);
    changes.score.increment(2);  // part of an index key
    auto updating = Account::update(id, std::move(changes)).as_result();
    if (!judge(co_await std::move(updating))) co_return;
    told.visits[id] += 1;
    told.score[id] += 2;
  }
  // Two writers' additions and deletions all last: each deletes members of its own only.
  Task<void> tag(std::string id) {
    StringSet& mine = told.tags[id];
    auto finding = Account::find(id, {.consistent = true});
    Account account = co_await std::move(finding);
    const std::string added = std::to_string(number_) + "-" + std::to_string(tags_++);
    const std::string deleted = mine.empty() || one_of(2) == 0 ? std::string() : *mine.begin();
    account->tags.insert(added);
    account->tags.erase(deleted);
    try {
      auto saving = account.save();
      co_await std::move(saving);
      mine.insert(added);
      mine.erase(deleted);
      ++told.done;
    } catch (const ConditionalError&) {
      ++told.refused;
    } catch (const BaoError& error) {
      told.surprises.emplace_back(error.what());
    }
  }
  // Read, change, write where nobody was faster: not one edit may be lost.
  Task<void> edit_by_version(std::string id) {
    auto finding = Account::find(id, {.consistent = true});
    const Account now = co_await std::move(finding);
    AccountFields changes{.edits = now->edits.value_or(0) + 1};
    auto updating =
        Account::update(id, std::move(changes), {.condition = Account::version == *now->version}).as_result();
    if (judge(co_await std::move(updating))) told.edits[id] += 1;
  }
  Task<void> come_and_go() {
    const std::string id = "brief" + std::to_string(one_of(short_lived));
    if (one_of(2) == 0) {
      auto creating =
          Account::create(
              {.accountId = id, .owner = "o0", .rank = 1, .email = value_of("e"), .handle = value_of("h")})
              .as_result();
      judge(co_await std::move(creating));
    } else {
      auto removing = Account::remove(id).as_result();
      judge(co_await std::move(removing));
    }
  }
  // One value from an item to another, or both are refused.
  Task<void> move_value(std::string id) {
    auto finding = Account::find(id, {.consistent = true});
    const Account from = co_await std::move(finding);
    const std::string to = kept_id(one_of(accounts));
    if (to == id || !from->email) co_return;
    Transaction transaction;
    AccountFields none;
    none.email = nullptr;
    transaction.update<Account>(id, std::move(none), {.condition = Account::email == *from->email});
    transaction.update<Account>(to, {.email = *from->email});
    auto moving = transact(std::move(transaction)).as_result();
    judge(co_await std::move(moving));
  }

  Config config_;
  int number_;
  std::mt19937 random_;
  int operations_;
  int tags_ = 0;
  std::vector<Account> instances_;
};

class Writers : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    setenv("BAO_PROGRAM", BAO_PROGRAM, 0);
    bool installed = true;
    try {
      peer_ = std::make_unique<testing_support::PeerProcess>(GetParam(), installed);
    } catch (const std::exception& error) {
      if (installed) FAIL() << error.what();
    }
    if (installed) return;
    if (std::getenv("CI") != nullptr) FAIL() << GetParam() << " is not installed (./dev setup)";
    GTEST_SKIP() << GetParam() << " is not installed (./dev setup)";
  }
  // A machine that stands still for seconds must not make an answer ambiguous: what was not acknowledged,
  // though done, is no loss, but it cannot be counted either. tests/simulation loses answers.
  [[nodiscard]] Config config() const {
    Config config{.models = {&Account::model_info()},
                  .aws = {.region = "us-west-2",
                          .credentials = Credentials{.access_key_id = "local", .secret_access_key = "local"},
                          .endpoint = "http://127.0.0.1:" + std::to_string(peer_->port())},
                  .db = {.table_name = table_},
                  .timeouts = {.call_ms = 240'000, .attempt_ms = 120'000},
                  .log = {.level = LogLevel::off}};
    return config;
  }
  template <class Function>
  static void with_client(const Config& config, Function function) {
    Client client = init_models(config);
    sync_wait(client, with_context(client.context(), std::move(function)));
  }
  void begin(std::string table) {
    table_ = std::move(table);
    with_client(config(), []() -> Task<void> {
      auto making = create_table();
      co_await std::move(making);
      for (int number = 0; number < accounts; ++number) {
        auto creating = Account::create({.accountId = kept_id(number),
                                         .owner = "o0",
                                         .rank = number,
                                         .email = "e" + std::to_string(number),
                                         .handle = "h" + std::to_string(number)});
        co_await std::move(creating);
      }
    });
  }
  std::vector<Acknowledged> run_writers(int count, int operations, std::uint32_t seed) {
    std::vector<std::unique_ptr<Writer>> writers;
    for (int number = 0; number < count; ++number) {
      writers.push_back(std::make_unique<Writer>(
          config(), number, seed + static_cast<std::uint32_t>(number) * 7919U, operations));
    }
    std::vector<std::thread> threads;
    for (const auto& writer : writers) threads.emplace_back([&writer] { writer->run(); });
    for (std::thread& thread : threads) thread.join();
    std::vector<Acknowledged> told;
    for (const auto& writer : writers) told.push_back(std::move(writer->told));
    return told;
  }
  // What `bao fsck` reports.
  std::vector<std::string> findings() {
    std::vector<std::string> found;
    with_client(config(), [&]() -> Task<void> {
      Value next;
      do {
        auto reading = detail::scan_rows({.start_key = next, .consistent = true});
        core::ScannedRows page = co_await std::move(reading);
        auto checking = detail::check_rows(std::move(page.items), {});
        const core::CheckedRows checked = co_await std::move(checking);
        for (const core::Finding& finding : checked.findings) {
          found.push_back(std::string(core::name_of(finding.kind)) + " " + finding.id + " " +
                          finding.attribute + ": " + finding.found + " / " + finding.expected);
        }
        next = std::move(page.last_evaluated_key);
      } while (!next.is_null());
    });
    return found;
  }
  void expect_nothing_lost(const std::vector<Acknowledged>& told) {
    with_client(config(), [&]() -> Task<void> {
      for (int number = 0; number < accounts; ++number) {
        const std::string id = kept_id(number);
        auto finding = Account::find(id, {.consistent = true});
        const Account account = co_await std::move(finding);
        Acknowledged sum;
        for (const Acknowledged& each : told) {
          const auto add = [&](std::map<std::string, std::int64_t>& to,
                               const std::map<std::string, std::int64_t>& from) {
            if (from.contains(id)) to[id] += from.at(id);
          };
          add(sum.visits, each.visits);
          add(sum.score, each.score);
          add(sum.edits, each.edits);
          if (each.tags.contains(id)) sum.tags[id].insert(each.tags.at(id).begin(), each.tags.at(id).end());
        }
        EXPECT_EQ(*account->visits, sum.visits[id]) << id;
        EXPECT_EQ(*account->score, sum.score[id]) << id;
        EXPECT_EQ(account->edits.value_or(0), sum.edits[id]) << id;
        EXPECT_EQ(*account->tags, sum.tags[id]) << id;
      }
    });
  }

  std::unique_ptr<testing_support::PeerProcess> peer_;
  std::string table_;
};

std::uint32_t first_seed() {
  const char* const given = std::getenv("BAO_SEED");
  return given == nullptr ? std::random_device()() : static_cast<std::uint32_t>(std::stoul(given));
}

TEST_P(Writers, LeaveNothingThatDisagreesAndLoseNothing) {
  const std::uint32_t seed = first_seed();
  const bool slow = GetParam() == "dynamodb-local";
  int done = 0;
  for (const int writers : {2, 5, 8}) {
    SCOPED_TRACE(std::to_string(writers) + " writers, BAO_SEED=" + std::to_string(seed));
    begin("writers" + std::to_string(writers));
    const std::vector<Acknowledged> told = run_writers(writers, slow ? 40 : 120, seed);
    int refused = 0;
    for (const Acknowledged& each : told) {
      EXPECT_THAT(each.surprises, testing::IsEmpty());
      done += each.done;
      refused += each.refused;
    }
    EXPECT_THAT(findings(), testing::IsEmpty());
    expect_nothing_lost(told);
    std::printf("%s, %d writers: %d operations done, %d refused\n", GetParam().c_str(), writers, done,
                refused);
  }
  EXPECT_GT(done, 100);
}

INSTANTIATE_TEST_SUITE_P(Engines, Writers, testing::Values("bao", "dynoxide", "dynamodb-local"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace bao::concurrency
