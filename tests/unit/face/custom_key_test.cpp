// Types of a user's own that make their text in keys and indexes: FieldTraits::key_text.

#include <stdexcept>

#include "unit/face/models.hpp"

namespace bao::face {

/// Stored by name, sorted by urgency.
enum class Urgency : std::uint8_t { low, normal, high };
/// Shown in three parts, kept in keys without what separates them.
struct Isbn {
  std::string text{};
  friend bool operator==(const Isbn&, const Isbn&) = default;
};

}  // namespace bao::face

template <>
struct bao::FieldTraits<bao::face::Urgency> {
  static constexpr FieldType type = FieldType::string;
  static Value write(bao::face::Urgency urgency) {
    constexpr const char* names[] = {"low", "normal", "high"};
    return Value(names[static_cast<std::size_t>(urgency)]);
  }
  static bool read(const AttributeView& stored, FieldType, bao::face::Urgency& urgency) {
    using enum bao::face::Urgency;
    urgency = stored.text == "high" ? high : stored.text == "normal" ? normal : low;
    return stored.text == "low" || urgency != low;
  }
  static std::string key_text(bao::face::Urgency urgency) {
    return std::to_string(static_cast<int>(urgency) + 1);
  }
};
template <>
struct bao::FieldTraits<bao::face::Isbn> {
  static constexpr FieldType type = FieldType::string;
  static Value write(const bao::face::Isbn& isbn) { return Value(isbn.text); }
  static bool read(const AttributeView& stored, FieldType, bao::face::Isbn& isbn) {
    isbn.text = stored.text;
    return stored.kind == ValueKind::string;
  }
  static std::string key_text(const bao::face::Isbn& isbn) {
    if (isbn.text == "throw") throw std::runtime_error("is no ISBN");
    if (isbn.text == "throw a number") throw 7;
    std::string text;
    for (const char one : isbn.text) {
      if (one != '-') text += one;
    }
    return text;
  }
};

namespace bao::face {
namespace {

struct TicketFields {
  Field<Isbn> book{};
  Field<std::string> owner{};
  Field<Urgency> urgency{};
  Field<Isbn> sequel{};
};
class Ticket : public Model<Ticket, TicketFields> {
 public:
  using Model::Model;
  static constexpr auto book = field<&TicketFields::book>();
  static constexpr auto owner = field<&TicketFields::owner>();
  static constexpr auto urgency = field<&TicketFields::urgency>();
  static constexpr auto sequel = field<&TicketFields::sequel>();
  static ModelInfo describe() {
    return schema("Ticket", "tk")
        .fields(book, owner, urgency, sequel)
        .primary_key(book)
        .index("byOwner", gsi1, owner, urgency)
        .unique("uniqueSequel", 1, sequel);
  }
};

// Its sort keys have other names in the table than in the program.
struct LoanFields {
  Field<std::string> loanId{};
  Field<std::string> reader{};
  Field<Urgency> urgency{};
  Field<Isbn> book{};
};
class Loan : public Model<Loan, LoanFields> {
 public:
  using Model::Model;
  static constexpr auto loanId = field<&LoanFields::loanId>();
  static constexpr auto reader = field<&LoanFields::reader>();
  static constexpr auto urgency = field<&LoanFields::urgency>({.name = "level"});
  static constexpr auto book = field<&LoanFields::book>({.name = "isbn"});
  static ModelInfo describe() {
    return schema("Loan", "ln")
        .fields(loanId, reader, urgency, book)
        .primary_key(loanId)
        .index("byUrgency", gsi1, reader, urgency)
        .index("byBook", gsi2, reader, book);
  }
};

class CustomKeyTest : public testing::Test {
 protected:
  template <class Function>
  void run(Function function) {
    sync_wait(client, with_context(client.context(), std::move(function)));
  }
  static Task<std::string> books_of(Page<Ticket> page) {
    std::string books;
    for (const Ticket& ticket : page.items) books += ticket->book->text;
    co_return books;
  }

  Client client =
      init_models({.models = {&Ticket::model_info(), &Loan::model_info()}, .aws = {.endpoint = "memory:"}});
};

TEST_F(CustomKeyTest, ItemsAreFoundByIt) {
  run([]() -> Task<void> {
    const Ticket made = co_await Ticket::create({.book = Isbn{"3-16-1"}, .owner = "ada"});
    EXPECT_EQ(made.primary_id(), "3161");
    const Ticket found = co_await Ticket::find(Ticket::make_primary_id(Isbn{"3-1-61"}));
    EXPECT_TRUE(found.exists());
    EXPECT_EQ(found->book->text, "3-16-1");
    const auto again = co_await Ticket::create({.book = Isbn{"31-61"}, .owner = "bob"}).as_result();
    EXPECT_FALSE(again);
    EXPECT_EQ(again ? ErrorCode::cancelled : again.error().code(), ErrorCode::conditional);
  });
}

TEST_F(CustomKeyTest, IndexesAreSortedByItAndFollowEachSave) {
  run([]() -> Task<void> {
    co_await Ticket::create({.book = Isbn{"a"}, .owner = "ada", .urgency = Urgency::normal});
    co_await Ticket::create({.book = Isbn{"b"}, .owner = "ada", .urgency = Urgency::low});
    Ticket last = co_await Ticket::create({.book = Isbn{"c"}, .owner = "ada", .urgency = Urgency::high});
    // By name, "high" would be before "low".
    EXPECT_EQ(co_await books_of(co_await Ticket::query_by_index("byOwner", Ticket::owner.operand("ada"))),
              "bac");
    EXPECT_EQ(co_await books_of(co_await Ticket::query_by_index("byOwner", Ticket::owner.operand("ada"),
                                                                Ticket::urgency >= Urgency::normal)),
              "ac");
    last->urgency = Urgency::low;
    co_await last.save();
    EXPECT_EQ(co_await books_of(co_await Ticket::query_by_index("byOwner", Ticket::owner.operand("ada"),
                                                                Ticket::urgency >= Urgency::normal)),
              "a");
    const Page<Ticket> low = co_await Ticket::query_by_index("byOwner", Ticket::owner.operand("ada"),
                                                             Ticket::urgency == Urgency::low);
    EXPECT_EQ(low.items.size(), 2U);
    // Conditions are about what is stored, not about keys.
    const auto kept =
        co_await Ticket::update("c", {.owner = "bob"}, {.condition = Ticket::urgency == Urgency::low})
            .as_result();
    EXPECT_TRUE(kept);
    EXPECT_EQ(co_await books_of(co_await Ticket::query_by_index("byOwner", Ticket::owner.operand("bob"))),
              "c");
  });
}

TEST_F(CustomKeyTest, ModelsKnownAtRunTimeHaveTheSameKeys) {
  run([]() -> Task<void> {
    std::vector<DynamicChange> raw{{.field = "book", .change = {.value = Value("9-7")}},
                                   {.field = "owner", .change = {.value = Value("ada")}}};
    co_await DynamicModel("Ticket").create(std::move(raw));
    const Ticket found = co_await Ticket::find("97");
    EXPECT_TRUE(found.exists());
  });
}

// The condition names the field as the table does, and its operands become the keys' texts.
class NamedSortKeyTest : public CustomKeyTest {
 protected:
  void SetUp() override {
    run([]() -> Task<void> {
      using enum Urgency;
      co_await Loan::create({.loanId = "1", .reader = "ada", .urgency = low, .book = Isbn{"3-1-1"}});
      co_await Loan::create({.loanId = "2", .reader = "ada", .urgency = normal, .book = Isbn{"31-2"}});
      co_await Loan::create({.loanId = "3", .reader = "ada", .urgency = high, .book = Isbn{"9-31"}});
    });
  }
  static Task<std::string> loans(const char* index, SortCondition<LoanFields> sort) {
    auto query = Loan::query_by_index(index, Loan::reader.operand("ada"), std::move(sort));
    const Page<Loan> page = co_await std::move(query);
    std::string ids;
    for (const Loan& loan : page.items) ids += *loan->loanId;
    co_return ids;
  }
  static DynamicQuery sorted(SortKeyCondition::Kind kind, std::string field, std::vector<Value> operands) {
    DynamicQuery query;
    query.sort = {.kind = kind, .operands = std::move(operands), .field = std::move(field)};
    return query;
  }
  static Task<std::string> loans_by_name(const char* index, DynamicQuery options) {
    const DynamicModel model("Loan");
    auto query = model.query(index, Value("ada"), std::move(options));
    const Result<DynamicPage> page = co_await std::move(query).as_result();
    if (!page) co_return page.error().message();
    std::string ids;
    for (const DynamicItem& loan : page->items) ids += loan.id;
    co_return ids;
  }
};

TEST_F(NamedSortKeyTest, ByAClassWithEveryOperator) {
  run([]() -> Task<void> {
    using enum Urgency;
    EXPECT_EQ(co_await loans("byUrgency", {}), "123");
    EXPECT_EQ(co_await loans("byUrgency", Loan::urgency == normal), "2");
    EXPECT_EQ(co_await loans("byUrgency", Loan::urgency < high), "12");
    EXPECT_EQ(co_await loans("byUrgency", Loan::urgency <= low), "1");
    EXPECT_EQ(co_await loans("byUrgency", Loan::urgency > low), "23");
    EXPECT_EQ(co_await loans("byUrgency", Loan::urgency >= high), "3");
    EXPECT_EQ(co_await loans("byUrgency", Loan::urgency.between(normal, high)), "23");
    EXPECT_EQ(co_await loans("byBook", Loan::book == Isbn{"312"}), "2");
    EXPECT_EQ(co_await loans("byBook", Loan::book.between(Isbn{"3-1-1"}, Isbn{"3-1-2"})), "12");
  });
}

TEST_F(NamedSortKeyTest, ByNameWithEveryOperator) {
  run([]() -> Task<void> {
    using enum SortKeyCondition::Kind;
    const auto level = [](SortKeyCondition::Kind kind, std::vector<Value> operands) {
      return loans_by_name("byUrgency", sorted(kind, "level", std::move(operands)));
    };
    EXPECT_EQ(co_await level(eq, {Value("normal")}), "2");
    EXPECT_EQ(co_await level(lt, {Value("high")}), "12");
    EXPECT_EQ(co_await level(le, {Value("low")}), "1");
    EXPECT_EQ(co_await level(gt, {Value("low")}), "23");
    EXPECT_EQ(co_await level(ge, {Value("high")}), "3");
    EXPECT_EQ(co_await level(between, {Value("normal"), Value("high")}), "23");
    // A beginning of the text as it is stored: the key's begins with what the same code makes of it.
    EXPECT_EQ(co_await loans_by_name("byBook", sorted(begins_with, "isbn", {Value("3-1")})), "12");
  });
}

TEST_F(NamedSortKeyTest, WhatIsNoConditionOnItIsRefused) {
  run([&]() -> Task<void> {
    using enum SortKeyCondition::Kind;
    const auto refused = [&](const char* index, SortCondition<LoanFields> sort) -> Task<Error> {
      auto query = Loan::query_by_index(index, Loan::reader.operand("ada"), std::move(sort));
      const auto page = co_await std::move(query).as_result();
      co_return page ? Error(ErrorCode::cancelled, "not refused") : page.error();
    };
    const Error other = co_await refused("byBook", Loan::urgency == Urgency::low);
    EXPECT_EQ(other.code(), ErrorCode::query);
    EXPECT_EQ(other.message(), "Field \"level\" is not the sort key for index \"byBook\"");
    EXPECT_EQ(other.details().field, "level");
    EXPECT_EQ(other.details().index, "byBook");
    // Their names have another order than their urgency.
    const Error reversed = co_await refused("byUrgency", Loan::urgency.between(Urgency::high, Urgency::low));
    EXPECT_THAT(reversed.message(), testing::HasSubstr("Loan.level"));
    EXPECT_THAT(reversed.message(), testing::HasSubstr("above the second"));
    const Error thrown = co_await refused("byBook", Loan::book == Isbn{"throw"});
    EXPECT_EQ(thrown.code(), ErrorCode::validation);
    EXPECT_EQ(thrown.message(), "Loan.isbn: is no ISBN (value \"throw\")");
    EXPECT_EQ(co_await loans_by_name("byUrgency", sorted(eq, "level", {Value("soon")})),
              "Loan.level: is no value of its C++ type, which makes its text in keys (value \"soon\")");
    EXPECT_EQ(co_await loans_by_name("byUrgency", sorted(eq, "urgency", {Value("low")})),
              "Field \"urgency\" is not the sort key for index \"byUrgency\"");
    EXPECT_EQ(co_await loans_by_name("byUrgency", sorted(begins_with, "level", {Value("hi")})),
              "Loan.level: is no value of its C++ type, which makes its text in keys (value \"hi\")");
  });
}

TEST_F(CustomKeyTest, UniqueValuesAreWhatIsStored) {
  run([]() -> Task<void> {
    co_await Ticket::create({.book = Isbn{"1"}, .owner = "ada", .sequel = Isbn{"2-2"}});
    co_await Ticket::create({.book = Isbn{"2"}, .owner = "ada", .sequel = Isbn{"22"}});
    const auto taken =
        co_await Ticket::create({.book = Isbn{"3"}, .owner = "ada", .sequel = Isbn{"2-2"}}).as_result();
    EXPECT_FALSE(taken);
  });
}

TEST_F(CustomKeyTest, WhatCannotBeAKeyIsAValidationErrorThatNamesTheField) {
  run([]() -> Task<void> {
    const std::vector<std::pair<const char*, const char*>> cases = {
        {"throw", "Ticket.book: is no ISBN (value \"throw\")"},
        {"throw a number",
         "Ticket.book: the code that makes its keys threw something (value \"throw a number\")"},
        {"---", "Ticket.book: an empty string cannot be in a key (value \"---\")"},
    };
    for (const auto& [book, message] : cases) {
      const auto made = co_await Ticket::create({.book = Isbn{book}, .owner = "ada"}).as_result();
      EXPECT_FALSE(made);
      if (made) continue;
      EXPECT_EQ(made.error().code(), ErrorCode::validation);
      EXPECT_EQ(made.error().message(), message);
      EXPECT_EQ(made.error().details().model, "Ticket");
      EXPECT_EQ(made.error().details().field, "book");
      EXPECT_EQ(made.error().details().value, book);
    }
    std::vector<DynamicChange> raw{{.field = "book", .change = {.value = Value("9")}},
                                   {.field = "owner", .change = {.value = Value("ada")}},
                                   {.field = "urgency", .change = {.value = Value("soon")}}};
    const auto made = co_await DynamicModel("Ticket").create(std::move(raw)).as_result();
    EXPECT_FALSE(made);
    EXPECT_EQ(made ? "" : made.error().message(),
              "Ticket.urgency: is no value of its C++ type, which makes its text in keys (value \"soon\")");
    EXPECT_FALSE((co_await DynamicModel("Ticket").find("9")).exists);
  });
}

}  // namespace
}  // namespace bao::face
