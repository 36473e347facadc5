#include "unit/face/models.hpp"

namespace bao::face {
namespace {

struct NoteFields {
  bao::Field<std::string> noteId{};
  bao::Field<std::int64_t> rank{};
};
class Note : public bao::Model<Note, NoteFields> {
 public:
  using Model::Model;
  static constexpr auto noteId = bao::field<&NoteFields::noteId>();
  static constexpr auto rank = bao::field<&NoteFields::rank>();
  static bao::ModelInfo describe() {
    return bao::schema("Note", "n").fields(noteId, rank).primary_key(noteId).iterable(3);
  }
};

class CollectionsTest : public testing::Test {
 protected:
  Client client = init_models({.models = {&Note::model_info(), &User::model_info()},
                               .aws = {.endpoint = "memory:"},
                               .log = {.level = LogLevel::off}});
  template <class Function>
  auto run(Function function) {
    return sync_wait(client, with_context(client.context(), std::move(function)));
  }
  static BatchWrite<Note> ten_notes() {
    BatchWrite<Note> writes;
    for (int rank = 0; rank < 10; ++rank) {
      writes.put.push_back({.noteId = "n" + std::to_string(rank), .rank = rank});
    }
    return writes;
  }
  static Task<std::vector<std::int64_t>> walk(Iteration<Note> notes) {
    std::vector<std::int64_t> ranks;
    while (const auto batch = co_await notes.next()) {
      EXPECT_FALSE(batch->empty());
      for (const Note& note : *batch) ranks.push_back(*note->rank);
    }
    EXPECT_TRUE(notes.position().ended);
    EXPECT_GT(notes.consumed_capacity().read, 0);
    EXPECT_FALSE(co_await notes.next());
    co_return ranks;
  }
  std::vector<std::int64_t> ten = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
};

TEST_F(CollectionsTest, WritesManyAndWalksThem) {
  run([&]() -> Task<void> {
    const BatchWritten<Note> written = co_await Note::batch_write(ten_notes());
    EXPECT_EQ(written.items.size(), 10U);
    EXPECT_EQ(written.items[3].primary_id(), "n3");
    EXPECT_EQ(*written.items[3]->rank, 3);
    EXPECT_GT(written.capacity.write, 0);
    EXPECT_THAT(co_await walk(Note::iterate_all({.batch_size = 2})), testing::UnorderedElementsAreArray(ten));
    std::vector<std::int64_t> seen;
    for (std::int64_t bucket = 0; bucket < 3; ++bucket) {
      for (const std::int64_t rank : co_await walk(Note::iterate_bucket(bucket))) seen.push_back(rank);
    }
    EXPECT_THAT(seen, testing::UnorderedElementsAreArray(ten));
  });
}

TEST_F(CollectionsTest, AnIterationGoesOnFromAPosition) {
  run([&]() -> Task<void> {
    co_await Note::batch_write(ten_notes());
    Iteration<Note> first = Note::iterate_all({.batch_size = 1});
    const auto batch = co_await first.next();
    EXPECT_TRUE(batch);
    std::vector<std::int64_t> seen{*batch->front()->rank};
    for (const std::int64_t rank : co_await walk(Note::iterate_all({.from = first.position()}))) {
      seen.push_back(rank);
    }
    EXPECT_THAT(seen, testing::UnorderedElementsAreArray(ten));
  });
}

TEST_F(CollectionsTest, ABatchWriteReplacesAndDeletes) {
  run([&]() -> Task<void> {
    co_await Note::batch_write(ten_notes());
    co_await Note::batch_write({.put = {{.noteId = "n1", .rank = 100}}, .remove = {"n2", "never"}});
    EXPECT_EQ(*(co_await Note::find("n1"))->rank, 100);
    EXPECT_FALSE((co_await Note::find("n2")).exists());
    EXPECT_EQ(co_await Note::count(), 9);
  });
}

TEST_F(CollectionsTest, MistakesAreNamed) {
  run([&]() -> Task<void> {
    const auto code = [](const auto& result) { return result ? ErrorCode{} : result.error().code(); };
    auto both = Note::batch_write({.put = {{.noteId = "a"}}, .remove = {"a"}});
    EXPECT_EQ(code(co_await std::move(both).as_result()), ErrorCode::validation);
    auto unique = User::batch_write({.put = {{.name = "Ada"}}, .remove = {}});
    EXPECT_EQ(code(co_await std::move(unique).as_result()), ErrorCode::configuration);
    Iteration<Note> outside = Note::iterate_bucket(3);
    EXPECT_THROW(co_await outside.next(), QueryError);
    Iteration<User> never = User::iterate_all();
    EXPECT_THROW(co_await never.next(), ConfigurationError);
    EXPECT_EQ(co_await Note::count(), 0);
  });
}

}  // namespace
}  // namespace bao::face
