#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/engine/draft.hpp"
#include "core/engine/unique.hpp"
#include "core/engine/write.hpp"
#include "core/expression/expression.hpp"

namespace bao::core {

/// The changes of one update, checked and encoded; independent of the item as it stands.
struct EncodedChanges {
  std::map<std::uint32_t, Value> sets;  ///< stored; null: removed
  struct Edit {
    std::uint32_t field;
    Value::StringSet added;
    Value::StringSet deleted;
  };
  std::map<std::uint32_t, Number> increments;
  std::vector<Edit> edits;
  std::vector<Change> paths;  ///< changes of parts of fields, encoded, and no two of one part
  /// The service found no way along one of the paths: their fields are to be written whole, with what is
  /// missing made, on condition that they are as loaded.
  bool paths_as_whole = false;
  /// Changes that the code of custom field types worded.
  struct Custom {
    std::uint32_t field;
    std::shared_ptr<const CustomUpdate> update;
    Value stored;
  };
  std::vector<Custom> custom;
  /// Fields of `sets` whose values are the library's: the VersionFields and ModifiedDateFields.
  std::set<std::uint32_t> automatic;
  /// The VersionField's new value, where the model has one.
  std::optional<Value> version;

  [[nodiscard]] bool empty() const {
    return sets.empty() && increments.empty() && edits.empty() && paths.empty() && custom.empty();
  }
};

/// Checks and encodes. A set to the value that `base` (where there is one) has already is no change. Refuses
/// a change of a field of the primary key, other than to the value it has. Sets what every write sets anew
/// (ModifiedDateField, VersionField), also over a value that was given, where there is any change.
[[nodiscard]] Result<EncodedChanges> encode_changes(Engine& engine, const Model& model, const KeyTexts& key,
                                                    const std::vector<Change>& changes, const ItemRef& base,
                                                    bool force);

/// Whether the update derives something from the item as it stands, so that it has to be loaded.
[[nodiscard]] bool needs_base(const Model& model, const EncodedChanges& changes, bool force_reindex);

/// One update of one item as it stands: expressions, and rows that have to change with it.
struct UpdatePlan {
  Draft draft;
  /// Fields whose loaded values the plan was made from: the write is conditioned on them.
  std::set<std::uint32_t> relied;
  /// Changes that depend on the state in the table: their outcome is not known beforehand.
  bool outcome_unknown = false;
  /// The update has another effect when it runs twice (a counter, a position in a list): it may be sent again
  /// only where the first attempt was certainly not executed.
  bool must_not_repeat = false;
  /// Increments that the service adds.
  std::map<std::uint32_t, Number> added;
  /// What the service adds to fields that hold 64 bits, in whichever words, on condition that they still do.
  std::map<std::uint32_t, Number> bounded;
  std::map<std::string, std::optional<std::string>, std::less<>>
      keys;  ///< index attributes; nothing: removed
  std::vector<Claim> claims;
  std::vector<Release> releases;
  std::vector<Release> ttl_rows;
  std::optional<Value> ttl;

  [[nodiscard]] bool transactional() const {
    return !claims.empty() || !releases.empty() || !ttl_rows.empty();
  }
};

[[nodiscard]] Result<UpdatePlan> plan_update(Call& call, const Model& model, const std::string& id,
                                             const EncodedChanges& changes, ItemRef base, bool force_reindex);

/// The plan's UpdateExpression.
void write_update(const UpdatePlan& plan, const EncodedChanges& changes, Placeholders& placeholders,
                  UpdateExpression& update);

}  // namespace bao::core
