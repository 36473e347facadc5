#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <bao/detail/call.hpp>
#include <bao/detail/write.hpp>
#include <bao/dynamic_data.hpp>
#include <bao/operation.hpp>
#include <bao/options.hpp>
#include <bao/plugin.hpp>

namespace bao {

namespace detail {

struct ToDynamic {
  std::string model = {};
  Result<DynamicItem> operator()(const Context& context, RawFound found) const;
};
struct ToDynamicPage {
  std::string model = {};
  Result<DynamicPage> operator()(const Context& context, RawPage raw) const;
};
struct ToDynamicMany {
  std::string model = {};
  Result<std::vector<DynamicItem>> operator()(const Context& context, RawFoundMany found) const;
};
struct ToDynamicBatch {
  std::string model = {};
  Result<DynamicBatch> operator()(const Context& context, RawBatch raw) const;
};
struct ToDynamicSearched {
  std::string model = {};
  Result<DynamicSearched> operator()(const Context& context, RawSearched raw) const;
};
struct ToDynamicWritten {
  std::string model = {};
  Result<std::vector<DynamicItem>> operator()(const Context& context, RawBatchWritten raw) const;
};

[[nodiscard]] Task<Result<DynamicPage>> query_dynamic(std::string name, QueryArgs args, DynamicQuery options);
[[nodiscard]] Task<Result<DynamicItem>> load_related_of(std::string name, DynamicItem item,
                                                        std::vector<std::string> fields,
                                                        std::optional<LoaderContext> loader);
[[nodiscard]] Task<Result<DynamicItem>> save_dynamic(std::string name, DynamicItem item,
                                                     std::vector<DynamicChange> changes, DynamicSave options);

}  // namespace detail

/// A model by its name: for tools, and for programs whose models are data. Its writes run the hooks that were
/// registered by this name, and not those of the model's class, which see typed data
/// (Model::register_plugin).
class DynamicModel {
 public:
  explicit DynamicModel(std::string name) : name_(std::move(name)) {}

  [[nodiscard]] auto find(std::string_view id, FindOptions options = {}) const {
    return Operation(
        detail::FindArgs{.model = model(), .key = {.id = std::string(id)}, .options = std::move(options)},
        detail::ToDynamic{name_});
  }
  /// The same by the parts of the key; a null `sort` where the primary key has one field.
  [[nodiscard]] auto find_by_primary_key(Value partition, Value sort = {}, FindOptions options = {}) const {
    detail::RawKey key{.by_parts = true, .partition = std::move(partition), .sort = std::move(sort)};
    return Operation(detail::FindArgs{.model = model(), .key = std::move(key), .options = std::move(options)},
                     detail::ToDynamic{name_});
  }
  [[nodiscard]] auto find_many(std::vector<std::string> ids, FindOptions options = {}) const {
    return Operation(
        detail::FindManyArgs{.model = model(), .ids = std::move(ids), .options = std::move(options)},
        detail::ToDynamicMany{name_});
  }
  [[nodiscard]] auto find_by_unique_constraint(std::string constraint, Value value,
                                               FindOptions options = {}) const {
    return Operation(detail::FindUniqueArgs{.model = model(),
                                            .constraint = std::move(constraint),
                                            .value = std::move(value),
                                            .options = std::move(options)},
                     detail::ToDynamic{name_});
  }
  [[nodiscard]] TaskOperation<DynamicItem> create(std::vector<DynamicChange> changes,
                                                  DynamicWrite options = {}) const {
    return detail::item_of(
        std::make_unique<Write>(Write::Parts{.writer = {name_},
                                             .data = std::move(changes),
                                             .options = detail::hook_options(std::move(options), true)}));
  }
  /// `base`: the item as loaded, for a save from a (possibly stale) instance; empty for a plain update.
  [[nodiscard]] TaskOperation<DynamicItem> update(std::string_view id, std::vector<DynamicChange> changes,
                                                  DynamicWrite options = {},
                                                  detail::RawItem base = {}) const {
    return detail::item_of(
        std::make_unique<Write>(Write::Parts{.writer = {name_},
                                             .kind = detail::TransactPart::Kind::update,
                                             .key = {.id = std::string(id)},
                                             .data = std::move(changes),
                                             .base = std::move(base),
                                             .options = detail::hook_options(std::move(options), false)}));
  }
  /// Writes changes of an item as it was read; gives it as it is then. No change, no request, no hooks.
  /// ItemNotFoundError for a miss, ValidationError for an item that was read with `attributes`, in part. A
  /// new item (`DynamicItem()`) is created with the changes as its values.
  [[nodiscard]] TaskOperation<DynamicItem> save(DynamicItem item, std::vector<DynamicChange> changes,
                                                DynamicSave options = {}) const {
    return TaskOperation<DynamicItem>(
        detail::save_dynamic(name_, std::move(item), std::move(changes), std::move(options)));
  }
  [[nodiscard]] TaskOperation<DynamicItem> remove(std::string_view id, DynamicWrite options = {},
                                                  detail::RawItem base = {}) const {
    using Remove = detail::RemoveAction<detail::DynamicWriter>;
    return detail::item_of(std::make_unique<Remove>(detail::DynamicWriter{name_}, std::string(id),
                                                    std::move(base),
                                                    detail::hook_options(std::move(options), false)));
  }
  /// Adds hooks around the writes by this name of this client; as Model::register_plugin.
  void register_plugin(Client& client, DynamicPlugin plugin) const {
    detail::add_plugin(client, model(), std::make_shared<const DynamicPlugin>(std::move(plugin)));
  }
  /// The item with what these RelatedFields name (without fields: all of them), loaded in one turn. Names
  /// that are no RelatedFields are let pass.
  [[nodiscard]] TaskOperation<DynamicItem> load_related_data(
      DynamicItem item, std::vector<std::string> fields = {},
      std::optional<LoaderContext> loader = std::nullopt) const {
    return TaskOperation<DynamicItem>(
        detail::load_related_of(name_, std::move(item), std::move(fields), std::move(loader)));
  }
  /// An empty index name queries the primary key.
  [[nodiscard]] TaskOperation<DynamicPage> query(std::string index, Value partition,
                                                 DynamicQuery options = {}) const {
    detail::QueryArgs args{.model = model(),
                           .index = std::move(index),
                           .partition = std::move(partition),
                           .sort = std::move(options.sort),
                           .limit = options.limit,
                           .start_key = std::move(options.start_key.key),
                           .descending = options.descending,
                           .filter = std::move(options.filter),
                           .count_only = options.count_only,
                           .consistent = options.consistent,
                           .attributes = std::move(options.attributes)};
    return TaskOperation<DynamicPage>(detail::query_dynamic(name_, std::move(args), std::move(options)));
  }

  [[nodiscard]] auto scan(DynamicScan options = {}) const {
    return Operation(detail::ScanArgs{.model = model(),
                                      .filter = std::move(options.filter),
                                      .limit = options.limit,
                                      .start_key = std::move(options.start_key.key),
                                      .index = std::move(options.index),
                                      .segment = options.segment,
                                      .total_segments = options.total_segments,
                                      .consistent = options.consistent,
                                      .attributes = std::move(options.attributes)},
                     detail::ToDynamicPage{name_});
  }
  /// An empty index name counts all items.
  [[nodiscard]] auto count(Condition filter = {}, std::string index = {}, bool consistent = false) const {
    return Operation(detail::CountArgs{.model = model(),
                                       .filter = std::move(filter),
                                       .index = std::move(index),
                                       .consistent = consistent},
                     detail::ToCount());
  }
  /// One step; `next` of its result is where the following one starts.
  [[nodiscard]] auto iterate(DynamicIterate options = {}) const {
    return Operation(detail::IterateArgs{.model = model(),
                                         .batch_size = options.batch_size,
                                         .bucket = options.bucket,
                                         .filter = std::move(options.filter),
                                         .from = std::move(options.from)},
                     detail::ToDynamicBatch{name_});
  }
  [[nodiscard]] auto search(std::vector<std::string> terms, DynamicSearch options = {}) const {
    return Operation(detail::SearchArgs{.model = model(),
                                        .terms = std::move(terms),
                                        .any_term = options.any_term,
                                        .limit = options.limit,
                                        .batch_size = options.batch_size,
                                        .queries_per_bucket_max = options.queries_per_bucket_max,
                                        .parallel = options.parallel,
                                        .bucket = options.bucket,
                                        .cursor = std::move(options.cursor),
                                        .filter = std::move(options.filter)},
                     detail::ToDynamicSearched{name_});
  }
  /// Gives the items that were put.
  [[nodiscard]] TaskOperation<std::vector<DynamicItem>> batch_write(
      std::vector<std::vector<DynamicChange>> put, std::vector<std::string> remove = {}) const {
    return TaskOperation<std::vector<DynamicItem>>(detail::write_batch(
        detail::DynamicWriter{name_}, std::move(put), std::move(remove), detail::ToDynamicWritten{name_},
        [](std::vector<DynamicItem>& written) -> std::vector<DynamicItem>& { return written; }));
  }

 private:
  using Write = detail::DataAction<detail::DynamicWriter>;

  [[nodiscard]] detail::ModelName model() const { return {.info = nullptr, .name = name_}; }

  std::string name_;
};

}  // namespace bao
