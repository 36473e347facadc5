#include "service.hpp"

#include <algorithm>
#include <boost/json/src.hpp>  // Boost.JSON itself: in one source file of a program, and there is no library to link
#include <charconv>
#include <cstdio>
#include <models/models.hpp>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <utility>

namespace notes {

namespace {

namespace json = boost::json;
using bao::Task;
using models::Note;
using models::User;

// ---- Requests

/// Thrown where a request cannot be understood; what the models refuse is a bao::ValidationError.
struct BadRequest : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Target {
  std::vector<std::string> path;                           // "/users/7/notes": users, 7, notes
  std::vector<std::pair<std::string, std::string>> query;  // ids and numbers, which need no %-decoding
};

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (const auto part : text | std::views::split(separator)) {
    if (!part.empty()) parts.emplace_back(part.begin(), part.end());
  }
  return parts;
}

Target parse(std::string_view text) {
  const std::size_t mark = std::min(text.find('?'), text.size());
  Target target{.path = split(text.substr(0, mark), '/'), .query = {}};
  for (const std::string& pair : split(text.substr(std::min(mark + 1, text.size())), '&')) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    target.query.emplace_back(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
  }
  return target;
}

std::optional<std::string> parameter(const Target& target, std::string_view name) {
  const auto found = std::ranges::find(target.query, name, [](const auto& pair) { return pair.first; });
  return found == target.query.end() ? std::nullopt : std::optional(found->second);
}

std::int64_t page_size(const Target& target) {
  const std::string text = parameter(target, "limit").value_or("20");
  std::int64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error != std::errc() || end != text.data() + text.size() || size < 1 || size > 100) {
    throw BadRequest("limit is a number from 1 to 100");
  }
  return size;
}

json::object body_of(const Request& request) {
  boost::system::error_code error;
  json::value value = json::parse(request.body, error);
  if (error || !value.is_object()) throw BadRequest("the body must be a JSON object");
  return std::move(value.as_object());
}

/// Takes over what the body says of a field. What it does not mention stays as it is; null removes the value.
void assign(bao::Field<std::string>& field, const json::object& body, std::string_view name) {
  const json::value* value = body.if_contains(name);
  if (value == nullptr) return;
  if (value->is_null()) {
    field = nullptr;
  } else if (value->is_string()) {
    field = std::string(value->get_string());
  } else {
    throw BadRequest(std::string(name) + " must be a string");
  }
}

// ---- Responses

std::int64_t milliseconds(bao::Timestamp time) {
  return time.time_since_epoch().count();
}

json::object to_json(const User& user) {
  return {{"userId", user.primary_id()},
          {"name", *user->name},
          {"email", *user->email},
          {"noteCount", *user->noteCount},
          {"createdAt", milliseconds(user->createdAt)}};
}

json::object to_json(const Note& note) {
  return {{"noteId", note.primary_id()},
          {"userId", note->userId->id()},
          {"title", *note->title},
          {"text", note->text.has_value() ? json::value(*note->text) : json::value()},
          {"createdAt", milliseconds(note->createdAt)},
          {"version", note->version->str()}};
}

Response respond(int status, const json::value& body) {
  return {.status = status, .body = json::serialize(body)};
}

// ---- What the service can do

Task<Response> create_user(const Request& request) {
  const json::object body = body_of(request);
  models::UserFields fields;
  assign(fields.name, body, "name");
  assign(fields.email, body, "email");
  // The user and the row that reserves the e-mail address are written in one transaction.
  co_return respond(201, to_json(co_await User::create(std::move(fields))));
}

Task<Response> show_user(std::string id) {
  const User user = co_await User::find(id);
  if (!user.exists()) co_return problem(404, "there is no such user");  // a find always gives an object
  co_return respond(200, to_json(user));
}

Task<Response> create_note(const Request& request, std::string user_id) {
  const json::object body = body_of(request);
  models::NoteFields fields{.userId = user_id};
  assign(fields.title, body, "title");
  assign(fields.text, body, "text");
  // Both or neither; ItemNotFoundError where there is no such user.
  bao::Transaction transaction;
  const Note note = transaction.create<Note>(std::move(fields));
  transaction.update<User>(user_id, {.noteCount = bao::increment()});
  co_await bao::transact(std::move(transaction));
  co_return respond(201, to_json(note));
}

/// The newest first, page by page. The cursor is the last id of a page: nothing of the table's keys leaves
/// the service.
Task<Response> list_notes(const Target& target, std::string user_id) {
  bao::SortCondition<models::NoteFields> older;
  if (const auto before = parameter(target, "before")) older = Note::noteId < *before;
  auto [user, page] = co_await bao::all(
      User::find(user_id),
      Note::query_by_index("notesForUser", user_id, older, {.limit = page_size(target), .descending = true}));
  if (!user.exists()) co_return problem(404, "there is no such user");
  json::array items;
  for (const Note& note : page.items) items.push_back(to_json(note));
  json::value next;
  if (page.last_key) next = page.items.back().primary_id();
  co_return respond(200, {{"items", std::move(items)}, {"next", std::move(next)}});
}

Task<json::value> note_with_author(std::string id) {
  Note note = co_await Note::find(id);
  if (!note.exists()) co_return nullptr;
  json::object shown = to_json(note);
  const User author = co_await note.getUser();
  shown["author"] = author.exists() ? json::value(*author->name) : json::value();
  co_return shown;
}

/// Written as if each note were read alone. The batch context makes two requests of it, however many notes:
/// one BatchGetItem for the notes, and one for their authors, each author once.
Task<Response> show_notes(const Target& target) {
  std::vector<Task<json::value>> each;
  for (const auto& [name, id] : target.query) {
    if (name == "id") each.push_back(note_with_author(id));
  }
  if (each.empty() || each.size() > 100) throw BadRequest("ask for 1 to 100 notes: ?id=...&id=...");
  const std::vector<json::value> notes = co_await bao::all(std::move(each));
  co_return respond(200, {{"items", json::array(notes.begin(), notes.end())}});
}

Task<Response> show_note(std::string id) {
  const json::value note = co_await note_with_author(std::move(id));
  co_return note.is_null() ? problem(404, "there is no such note") : respond(200, note);
}

/// Optimistic locking: the change is made only where the note still has the version that its author has seen.
Task<Response> change_note(const Request& request, std::string id) {
  const json::object body = body_of(request);
  bao::Field<std::string> version;
  assign(version, body, "version");
  if (!version) throw BadRequest("version is missing: send the one that you have read");
  models::NoteFields changes;
  assign(changes.title, body, "title");
  assign(changes.text, body, "text");
  const Note note = co_await Note::update(id, std::move(changes), {.condition = Note::version == *version});
  co_return respond(200, to_json(note));
}

Task<Response> delete_note(std::string id) {
  const Note note = co_await Note::find(id);
  if (!note.exists()) co_return problem(404, "there is no such note");
  bao::Transaction transaction;
  transaction.remove_item(note);
  transaction.update<User>(note->userId->id(), {.noteCount = bao::increment(-1)});
  co_await bao::transact(std::move(transaction));
  co_return Response{.status = 204};
}

Task<Response> route(const Request& request) {
  const Target target = parse(request.target);
  const std::vector<std::string>& path = target.path;
  const std::string collection = path.empty() ? "" : path[0];
  const std::size_t depth = path.size();
  const std::string& method = request.method;

  if (collection == "users" && depth == 1 && method == "POST") co_return co_await create_user(request);
  if (collection == "users" && depth == 2 && method == "GET") co_return co_await show_user(path[1]);
  if (collection == "users" && depth == 3 && path[2] == "notes") {
    if (method == "GET") co_return co_await list_notes(target, path[1]);
    if (method == "POST") co_return co_await create_note(request, path[1]);
  }
  if (collection == "notes" && depth == 1 && method == "GET") co_return co_await show_notes(target);
  if (collection == "notes" && depth == 2) {
    if (method == "GET") co_return co_await show_note(path[1]);
    if (method == "PATCH") co_return co_await change_note(request, path[1]);
    if (method == "DELETE") co_return co_await delete_note(path[1]);
  }
  co_return problem(404, "there is nothing here");
}

Task<Response> route_and_count(const Request& request) {
  Response response = co_await route(request);
  response.consumed = co_await bao::batch_context_capacity();
  co_return response;
}

/// What the client may know of an error, and what it can do about it.
Response problem_of(const bao::BaoError& error) {
  switch (error.code()) {
    case bao::ErrorCode::validation:  // these messages are made for users: they name field and value
    case bao::ErrorCode::query:
      return problem(400, error.what());
    case bao::ErrorCode::item_not_found:
      return problem(404, error.what());
    case bao::ErrorCode::conditional:  // a unique value that is taken, a version that has passed
      return problem(409, error.what());
    case bao::ErrorCode::throttling:  // after the library's own retries
    case bao::ErrorCode::timeout:
    case bao::ErrorCode::transport: {
      Response response = problem(503, "the service is busy, try again");
      response.retry_after_s = 1;
      return response;
    }
    default:
      std::fprintf(stderr, "notes: %s: %s\n", bao::error_class_name(error.code()), error.what());
      return problem(500, "that did not work");
  }
}

}  // namespace

std::vector<const bao::ModelInfo*> models() {
  return ::models::all();
}

Task<Response> answer(Request request) {
  try {
    co_return co_await bao::run_with_tenant(request.tenant, [&] {
      return bao::run_with_batch_context([&] { return route_and_count(request); });
    });
  } catch (const bao::BaoError& error) {
    co_return problem_of(error);
  } catch (const BadRequest& error) {
    co_return problem(400, error.what());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "notes: %s\n", error.what());
    co_return problem(500, "that did not work");
  }
}

Response problem(int status, std::string_view message) {
  return respond(status, {{"error", message}});
}

}  // namespace notes
