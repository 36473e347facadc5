#pragma once

#include <string>
#include <string_view>

// How names of a definition become names of generated methods and files: the same in every language.
namespace bao::codegen {

/// "status" -> "Status"
[[nodiscard]] std::string capitalised(std::string_view name);
/// "TaggedPost" -> "tagged_post", "HTTPLog2" -> "http_log2"
[[nodiscard]] std::string snake_case(std::string_view name);
/// What an index is called in a method's name: "byStatus" -> "ByStatus", "postsForUser" -> "Posts".
[[nodiscard]] std::string index_title(std::string_view index);
/// A RelatedField's getter: "userId" -> "getUser", "author" -> "getAuthor".
[[nodiscard]] std::string getter_name(std::string_view field);
/// A unique constraint's finder: "uniqueEmail" -> "findByEmail", "handle" -> "findByHandle".
[[nodiscard]] std::string finder_name(std::string_view constraint);
/// "Post" -> "queryPosts"
[[nodiscard]] std::string model_query_name(std::string_view model);

}  // namespace bao::codegen
