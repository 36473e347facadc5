#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/schema/schema.hpp"

namespace bao::scripted {

/// The models of the scripted tests:
///   User     "u"  pk userId; unique email (uc1) and handle (uc2); ttl; loginAt
///   Post     "p"  pk postId; byUser gsi1 (userId, createdAt); byRank gsi2 (modelPrefix, rank: a counter);
///                 likes (a counter in no index), tags, meta (map), steps (list)
///   Comment  "c"  pk postId, sk commentId
///   Doc      "d"  pk docId; version; modifiedAt in gsi1 with status; iterable in 10 buckets
///   Event    "e"  pk eventId (autoAssign); seen (counter)
///   Note     "n"  pk noteId; version; unique slug (uc1); hits: an indexed counter (gsi1)
[[nodiscard]] std::shared_ptr<const core::Schema> make_schema();

}  // namespace bao::scripted
