// Types of a user's own as fields: FieldTraits.

#include <optional>
#include <stdexcept>

#include "unit/face/models.hpp"

namespace bao::face {
namespace {

using testing::HasSubstr;
using Names = std::vector<std::string>;

/// Stored in lower case.
struct Email {
  std::string text{};
  Email() = default;
  Email(std::string_view given) : text(given) {
    for (char& letter : text)
      letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
  }
  Email(const char* given) : Email(std::string_view(given)) {}
  friend bool operator==(const Email&, const Email&) = default;
};
/// An amount in cents.
struct Money {
  std::int64_t cents = 0;
  friend bool operator==(const Money&, const Money&) = default;
};
enum class Status : std::uint8_t { draft, live };
/// Counts the saves of its item.
struct Saves {
  std::int64_t count = 0;
  friend bool operator==(const Saves&, const Saves&) = default;
};
struct Mood : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace

/// Its traits throw where the text says so. Not of the unnamed namespace: nothing here compares two of them.
struct Moody {
  std::string text{};
  friend bool operator==(const Moody&, const Moody&) = default;
};

}  // namespace bao::face

template <>
struct bao::FieldTraits<bao::face::Email> {
  static constexpr FieldType type = FieldType::string;
  static Value write(const bao::face::Email& email) { return Value(email.text); }
  static bool read(const AttributeView& stored, FieldType, bao::face::Email& email) {
    if (stored.kind != ValueKind::string || !stored.text.contains('@')) return false;
    email = bao::face::Email(stored.text);
    return true;
  }
  static std::string validate(const bao::face::Email& email) {
    return email.text.contains('@') ? "" : "must be an e-mail address";
  }
};
template <>
struct bao::FieldTraits<bao::face::Money> {
  static constexpr FieldType type = FieldType::integer;
  static Value write(bao::face::Money money) { return Value(money.cents); }
  static bool read(const AttributeView& stored, FieldType, bao::face::Money& money) {
    return stored.kind == ValueKind::number && stored.to_int64(money.cents);
  }
};
template <>
struct bao::FieldTraits<bao::face::Status> {
  static constexpr FieldType type = FieldType::string;
  static Value write(bao::face::Status status) {
    return Value(status == bao::face::Status::live ? "live" : "draft");
  }
  static bool read(const AttributeView& stored, FieldType, bao::face::Status& status) {
    status = stored.text == "live" ? bao::face::Status::live : bao::face::Status::draft;
    return stored.text == "live" || stored.text == "draft";
  }
  static bao::face::Status initial_value() { return bao::face::Status::draft; }
};
template <>
struct bao::FieldTraits<bao::face::Saves> {
  static constexpr FieldType type = FieldType::integer;
  static Value write(bao::face::Saves saves) { return Value(saves.count); }
  static bool read(const AttributeView& stored, FieldType, bao::face::Saves& saves) {
    return stored.to_int64(saves.count);
  }
  static std::optional<bao::face::Saves> update_before_save(std::optional<bao::face::Saves> saves) {
    return saves ? bao::face::Saves{saves->count + 100} : bao::face::Saves{1};
  }
};
template <>
struct bao::FieldTraits<bao::face::Moody> {
  static constexpr FieldType type = FieldType::string;
  static Value write(const bao::face::Moody& moody) {
    if (moody.text == "write") throw bao::face::Mood("write");
    return Value(moody.text);
  }
  static bool read(const AttributeView& stored, FieldType, bao::face::Moody& moody) {
    if (stored.text == "read") throw bao::face::Mood("read");
    moody.text = stored.text;
    return true;
  }
  static std::string validate(const bao::face::Moody& moody) {
    if (moody.text == "validate") throw bao::face::Mood("validate");
    return {};
  }
};

namespace bao::face {
namespace {

struct AccountFields {
  Field<std::string> accountId{};
  Field<Email> email{};
  Field<Email> second{};
  Field<Money> balance{};
  Field<Status> status{};
  Field<Saves> saves{};
  Field<Moody> mood{};
};
class Account : public Model<Account, AccountFields> {
 public:
  using Model::Model;
  static constexpr auto accountId = field<&AccountFields::accountId>();
  static constexpr auto email = field<&AccountFields::email>({.required = true, .max_length = 20});
  static constexpr auto second = field<&AccountFields::second>();
  static constexpr auto balance = field<&AccountFields::balance>();
  static constexpr auto status = field<&AccountFields::status>();
  static constexpr auto saves = field<&AccountFields::saves>();
  static constexpr auto mood = field<&AccountFields::mood>();
  static ModelInfo describe() {
    return schema("Account", "ac")
        .fields(accountId, email, second, balance, status, saves, mood)
        .primary_key(accountId)
        .index("byStatus", gsi1, status, balance)
        .unique("uniqueEmail", 1, email);
  }
};
struct InboxFields {
  Field<Email> owner{};
  Field<Money> amount{};
};
class Inbox : public Model<Inbox, InboxFields> {
 public:
  using Model::Model;
  static constexpr auto owner = field<&InboxFields::owner>();
  static constexpr auto amount = field<&InboxFields::amount>();
  static ModelInfo describe() {
    return schema("Inbox", "in").fields(owner, amount).primary_key(owner, amount);
  }
};

class CustomFieldTest : public testing::Test {
 protected:
  static Config config(std::vector<std::string>* sent) {
    return {.models = {&Account::model_info(), &Inbox::model_info()},
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
  static Task<Value> stored(std::string id, std::string name) {
    const DynamicItem item = co_await DynamicModel("Account").find(id);
    const auto found = item.fields.find(name);
    co_return found == item.fields.end() ? Value() : found->second;
  }
  Names sent_now() { return std::exchange(sent, {}); }

  Names sent;
  Client client = init_models(config(&sent));
};

TEST_F(CustomFieldTest, AreStoredAsTheirTraitsSay) {
  run([&]() -> Task<void> {
    Account made = co_await Account::create({.accountId = "1", .email = "Ada@X.org", .balance = Money{250}});
    EXPECT_EQ(made->email->text, "ada@x.org");
    const Value email = co_await stored("1", "email");
    EXPECT_EQ(email, Value("ada@x.org"));
    const Value balance = co_await stored("1", "balance");
    EXPECT_EQ(balance, Value(250));
    const Account found = co_await Account::find("1");
    EXPECT_EQ(found->email, "ADA@x.org");
    EXPECT_EQ(found->balance->cents, 250);
    EXPECT_FALSE(found->second.has_value());
    made->balance = nullptr;
    co_await made.save();
    EXPECT_FALSE((co_await Account::find("1"))->balance.has_value());
  });
}

TEST_F(CustomFieldTest, KeysIndexesAndUniqueValuesFollowFromWhatIsStored) {
  run([&]() -> Task<void> {
    const Account ada = co_await Account::create(
        {.accountId = "1", .email = "ADA@x", .balance = Money{-3}, .status = Status::live});
    co_await Account::create(
        {.accountId = "2", .email = "b@x", .balance = Money{20}, .status = Status::live});
    const Page<Account> page = co_await Account::query_by_index(
        "byStatus", Account::status.operand(Status::live), Account::balance >= Money{-5});
    EXPECT_EQ(page.items.size(), 2U);
    EXPECT_THAT(page.items, testing::Contains(testing::Property(&Account::primary_id, "1")));
    EXPECT_EQ((co_await Account::find_by_unique_constraint("uniqueEmail", Account::email.operand("aDa@x")))
                  .primary_id(),
              "1");
    const auto taken = co_await Account::create({.accountId = "3", .email = "Ada@X"}).as_result();
    EXPECT_FALSE(taken);
    EXPECT_EQ(taken ? ErrorCode::cancelled : taken.error().code(), ErrorCode::conditional);
    const Inbox inbox = co_await Inbox::create({.owner = "O@x", .amount = Money{7}});
    EXPECT_EQ(inbox.primary_id(), "o@x##__SK__##00000000000000000007");
  });
}

TEST_F(CustomFieldTest, CompareInConditions) {
  run([&]() -> Task<void> {
    co_await Account::create({.accountId = "1", .email = "a@x", .balance = Money{250}});
    const std::vector<std::pair<ModelCondition<AccountFields>, bool>> cases = {
        {Account::email == "A@x", true},
        {Account::email != Email("a@x"), false},
        {Account::status == Status::draft && Account::balance > Money{249}, true},
        {Account::balance.between(Money{1}, Money{2}), false},
        {Account::status.in({Status::live, Status::draft}), true},
        {Account::second.not_exists(), true},
        {Account::email.begins_with("a@"), true},
    };
    for (std::size_t at = 0; at < cases.size(); ++at) {
      SCOPED_TRACE(at);
      const auto changed =
          co_await Account::update("1", {.balance = Money{250}}, {.condition = cases[at].first}).as_result();
      EXPECT_EQ(changed.has_value(), cases[at].second);
    }
  });
}

TEST_F(CustomFieldTest, WhatTheirTraitsRefuseIsAValidationErrorAndSendsNothing) {
  run([&]() -> Task<void> {
    Account account = co_await Account::create({.accountId = "1", .email = "a@x"});
    sent_now();
    std::vector<Error> errors;
    const auto keep = [&](const auto& result) {
      EXPECT_FALSE(result);
      if (!result) errors.push_back(result.error());
    };
    const auto made = co_await Account::create({.accountId = "2", .email = "none"}).as_result();
    keep(made);
    const auto changed = co_await Account::update("1", {.email = "none"}).as_result();
    keep(changed);
    Transaction tx;
    tx.update<Account>("1", {.email = "none"});
    const auto together = co_await transact(std::move(tx)).as_result();
    keep(together);
    account->email = "none";
    try {
      co_await account.save();
      ADD_FAILURE() << "saved";
    } catch (const ValidationError& error) {
      errors.push_back(error.error());
    }
    EXPECT_EQ(errors.size(), 4U);
    for (const Error& error : errors) {
      EXPECT_EQ(error.code(), ErrorCode::validation);
      EXPECT_EQ(error.message(), "Account.email must be an e-mail address (value: none)");
      EXPECT_EQ(error.details().model, "Account");
      EXPECT_EQ(error.details().field, "email");
      EXPECT_EQ(error.details().value, "none");
    }
    // What the stored type demands holds, too.
    const auto longer =
        co_await Account::create({.accountId = "2", .email = "a@xxxxxxxxxxxxxxxxxxxxxxx"}).as_result();
    EXPECT_FALSE(longer);
    EXPECT_THAT(longer ? "" : longer.error().message(), HasSubstr("at most 20 characters"));
    EXPECT_EQ(sent_now(), Names{});
  });
}

TEST_F(CustomFieldTest, WhatCannotBeReadIsADataFormatErrorThatNamesTheField) {
  run([&]() -> Task<void> {
    std::vector<DynamicChange> raw{{.field = "accountId", .change = {.value = Value("1")}},
                                   {.field = "email", .change = {.value = Value("none")}}};
    co_await DynamicModel("Account").create(std::move(raw));
    const auto found = co_await Account::find("1").as_result();
    EXPECT_FALSE(found);
    if (found) co_return;
    EXPECT_EQ(found.error().code(), ErrorCode::data_format);
    EXPECT_EQ(found.error().details().model, "Account");
    EXPECT_EQ(found.error().details().field, "email");
    EXPECT_EQ(found.error().details().value, "none");
  });
}

TEST_F(CustomFieldTest, GiveInitialValuesAndChangeBeforeSaves) {
  run([&]() -> Task<void> {
    Account account = co_await Account::create({.accountId = "1", .email = "a@x", .balance = Money{0}});
    EXPECT_EQ(account->status, Status::draft);
    EXPECT_EQ(account->saves->count, 1);
    sent_now();
    co_await account.save();  // nothing changed, so nothing is saved
    EXPECT_EQ(sent_now(), Names{});
    account->saves = Saves{7};
    account->status = Status::live;
    co_await account.save();
    EXPECT_EQ(account->saves->count, 107);
    account->balance = Money{1};
    co_await account.save();
    EXPECT_EQ(account->saves->count, 1);
    EXPECT_EQ(account->status, Status::live);
    account->status = nullptr;
    co_await account.save();
    EXPECT_FALSE(account->status.has_value());
    const Account given =
        co_await Account::create({.accountId = "2", .email = "b@x", .status = Status::live});
    EXPECT_EQ(given->status, Status::live);
    Transaction tx;
    const Account in_transaction = tx.create<Account>({.accountId = "3", .email = "c@x"});
    co_await transact(std::move(tx));
    EXPECT_EQ(in_transaction->status, Status::draft);
    EXPECT_EQ(in_transaction->saves->count, 1);
  });
}

TEST_F(CustomFieldTest, WhatTheirTraitsThrowReachesTheCallerAsItIs) {
  run([&]() -> Task<void> {
    for (const char* where : {"write", "validate", "read"}) {
      std::string caught;
      const std::string id = where;
      try {
        co_await Account::create({.accountId = id, .email = Email(id + "@x"), .mood = Moody{where}});
      } catch (const Mood& mood) {
        caught = mood.what();
      }
      EXPECT_EQ(caught, where);
    }
    EXPECT_EQ(sent_now(), Names{"TransactWriteItems"});  // only what was written could not be read
    bool thrown = false;
    try {
      co_await Account::find("read");
    } catch (const Mood&) {
      thrown = true;
    }
    EXPECT_TRUE(thrown);
    const auto condition = []() { return Account::mood == Moody{"write"}; };
    EXPECT_THROW((void)condition(), Mood);
  });
}

}  // namespace
}  // namespace bao::face
