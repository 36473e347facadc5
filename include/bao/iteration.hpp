#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <bao/model.hpp>
#include <bao/task.hpp>

namespace bao {

namespace detail {

/// What one step of an iteration gave.
template <class M>
struct IterationStep {
  std::vector<M> items = {};
  IterationPosition next = {};
  Capacity capacity = {};
};

template <class M>
struct ToIterationStep {
  Result<IterationStep<M>> operator()(const Context& context, RawBatch raw) const {
    Result<std::vector<M>> models = to_models<M>(context, std::move(raw.items));
    if (!models) return std::unexpected(std::move(models).error());
    return IterationStep<M>{
        .items = std::move(*models), .next = std::move(raw.next), .capacity = raw.capacity};
  }
};

}  // namespace detail

/// A walk over all items of an iterable model (of the tenant), or of one bucket of it:
///
///     auto posts = Post::iterate_all({.batch_size = 50});
///     while (auto batch = co_await posts.next()) {
///       for (const Post& post : *batch) ...
///     }
///
/// It reads keys from the iteration index and then the items, which share the batch context's cache. The
/// index is eventually consistent; an item written or deleted meanwhile may or may not come. Not copied while
/// a next() is awaited; `next()` on its end gives nothing again.
template <class M>
class Iteration {
 public:
  Iteration(std::optional<std::int64_t> bucket, IterateOptions<M> options)
      : bucket_(bucket), options_(std::move(options)) {}

  /// The next items, at least one, in the order of the index; nothing at the end. Each request has the
  /// deadline of a call. ConfigurationError where the model is not iterable, QueryError for a bucket that it
  /// does not have or a filter on what the index does not hold. After an error next() tries the same again.
  [[nodiscard]] Task<std::optional<std::vector<M>>> next() & {
    while (!options_.from.ended) {
      Operation request(detail::IterateArgs{.model = Model<M, typename M::Fields>::name(),
                                            .batch_size = options_.batch_size,
                                            .bucket = bucket_,
                                            .filter = options_.filter.tree(),
                                            .from = options_.from},
                        detail::ToIterationStep<M>());
      detail::IterationStep<M> step = co_await std::move(request);
      options_.from = std::move(step.next);
      capacity_ += step.capacity;
      if (!step.items.empty()) co_return std::move(step.items);
    }
    co_return std::nullopt;
  }
  /// The task uses this walk: it has to be kept in a variable.
  void next() && = delete;

  /// Where it stands: give it as `from` to go on later, with the same bucket and options.
  [[nodiscard]] const IterationPosition& position() const { return options_.from; }
  /// What all batches so far have consumed.
  [[nodiscard]] const Capacity& consumed_capacity() const { return capacity_; }

 private:
  std::optional<std::int64_t> bucket_;
  IterateOptions<M> options_;
  Capacity capacity_;
};

}  // namespace bao
