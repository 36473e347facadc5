#include "scripted/models.hpp"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace bao::scripted {

namespace {

FieldDefinition field(std::string name, FieldType type) {
  FieldDefinition definition;
  definition.name = std::move(name);
  definition.type = type;
  return definition;
}

IndexDefinition index(std::string name, std::string partition, std::string sort, int gsi) {
  IndexDefinition definition;
  definition.name = std::move(name);
  definition.partition_key = std::move(partition);
  definition.sort_key = std::move(sort);
  definition.gsi = gsi;
  return definition;
}

UniqueConstraintDefinition unique(std::string name, std::string of, int id) {
  UniqueConstraintDefinition definition;
  definition.name = std::move(name);
  definition.field = std::move(of);
  definition.id = id;
  return definition;
}

ModelDefinition model(std::string name, std::string prefix, std::vector<FieldDefinition> fields,
                      std::string partition, std::string sort = {}) {
  ModelDefinition definition;
  definition.name = std::move(name);
  definition.model_prefix = std::move(prefix);
  definition.fields = std::move(fields);
  definition.primary_key.partition_key = std::move(partition);
  definition.primary_key.sort_key = std::move(sort);
  return definition;
}

ModelDefinition user() {
  ModelDefinition definition = model("User", "u",
                                     {field("userId", FieldType::string), field("name", FieldType::string),
                                      field("email", FieldType::string), field("handle", FieldType::string),
                                      field("ttl", FieldType::ttl), field("loginAt", FieldType::date_time)},
                                     "userId");
  definition.unique_constraints = {unique("uniqueEmail", "email", 1), unique("uniqueHandle", "handle", 2)};
  return definition;
}

ModelDefinition post() {
  ModelDefinition definition = model(
      "Post", "p",
      {field("postId", FieldType::string), field("userId", FieldType::string),
       field("createdAt", FieldType::integer), field("title", FieldType::string),
       field("likes", FieldType::counter), field("rank", FieldType::counter),
       field("tags", FieldType::string_set), field("meta", FieldType::map), field("steps", FieldType::list)},
      "postId");
  definition.indexes = {index("byUser", "userId", "createdAt", 1), index("byRank", "modelPrefix", "rank", 2)};
  return definition;
}

ModelDefinition comment() {
  return model("Comment", "c",
               {field("postId", FieldType::string), field("commentId", FieldType::string),
                field("text", FieldType::string)},
               "postId", "commentId");
}

ModelDefinition doc() {
  ModelDefinition definition =
      model("Doc", "d",
            {field("docId", FieldType::string), field("status", FieldType::string),
             field("title", FieldType::string), field("version", FieldType::version),
             field("modifiedAt", FieldType::modified_date), field("opened", FieldType::counter)},
            "docId");
  definition.indexes = {index("byStatus", "status", "modifiedAt", 1)};
  definition.iterable = true;
  definition.iteration_buckets = 10;
  return definition;
}

ModelDefinition event() {
  FieldDefinition id = field("eventId", FieldType::ulid);
  id.auto_assign = true;
  return model("Event", "e", {id, field("seen", FieldType::counter), field("kind", FieldType::string)},
               "eventId");
}

ModelDefinition note() {
  ModelDefinition definition = model(
      "Note", "n",
      {field("noteId", FieldType::string), field("slug", FieldType::string), field("text", FieldType::string),
       field("hits", FieldType::counter), field("version", FieldType::version)},
      "noteId");
  definition.indexes = {index("byHits", "modelPrefix", "hits", 1)};
  definition.unique_constraints = {unique("uniqueSlug", "slug", 1)};
  return definition;
}

ModelDefinition article() {
  ModelDefinition definition =
      model("Article", "a",
            {field("articleId", FieldType::string), field("title", FieldType::string),
             field("content", FieldType::string), field("likes", FieldType::counter)},
            "articleId");
  definition.iterable = true;
  definition.iteration_buckets = 3;
  definition.search = SearchDefinition{.fields = {"title", "content"}};
  return definition;
}

// Its own key and an index hold numbers, which the key formats write differently.
ModelDefinition score() {
  ModelDefinition definition = model("Score", "s",
                                     {field("game", FieldType::string), field("points", FieldType::integer),
                                      field("level", FieldType::integer), field("nick", FieldType::string)},
                                     "game", "points");
  definition.indexes = {index("byLevel", "game", "level", 1)};
  definition.unique_constraints = {unique("uniqueNick", "nick", 1)};
  return definition;
}

}  // namespace

std::shared_ptr<const core::Schema> make_schema() {
  auto built =
      core::Schema::build({user(), post(), comment(), doc(), event(), note(), article(), score()}, {});
  if (!built) {
    for (const Diagnostic& diagnostic : built.error())
      std::fprintf(stderr, "%s\n", diagnostic.to_string().c_str());
    std::abort();
  }
  return std::shared_ptr<const core::Schema>(std::move(*built));
}

}  // namespace bao::scripted
