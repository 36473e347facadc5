#include <bao/bao.hpp>

struct NoteFields {
  bao::Field<bao::Ulid> noteId{};
  bao::Field<std::string> text{};
};
struct Note : bao::Model<Note, NoteFields> {
  using Model::Model;
  static constexpr auto noteId = bao::field<&NoteFields::noteId>({.auto_assign = true});
  static constexpr auto text = bao::field<&NoteFields::text>();
  static bao::ModelInfo describe() {
    return bao::schema("Note", "n")
        .fields(noteId, text)
        .primary_key(noteId)
        .index("byText", bao::gsi1, text)
        .iterable();
  }
};
//! compiles: walks_in_variables
bao::Task<void> use() {
  auto walk = Note::iterate_all();
  auto next = walk.next();
  co_await std::move(next);
  auto pages = Note::query_pages("byText", "x");
  while (auto page = co_await pages.next()) {
  }
}
//! fails: next_of_a_temporary_walk: deleted
auto next = Note::iterate_all().next();
//! fails: next_of_a_temporary_walk_of_a_bucket: deleted
auto next = Note::iterate_bucket(0).next();
//! fails: next_of_temporary_pages: deleted
auto next = Note::query_pages("byText", "x").next();
