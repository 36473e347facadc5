#pragma once

#include <utility>

#include <bao/condition.hpp>

namespace bao {

/// A condition on the data F of one model: for filters and for writes. Conditions of different models do not
/// mix. Combine with `&&`, `||` and `!`.
template <class F>
class ModelCondition {
 public:
  ModelCondition() = default;
  explicit ModelCondition(Condition tree) : tree_(std::move(tree)) {}

  [[nodiscard]] const Condition& tree() const { return tree_; }
  [[nodiscard]] bool empty() const { return tree_.empty(); }

 private:
  Condition tree_;
};

template <class F>
[[nodiscard]] ModelCondition<F> operator&&(const ModelCondition<F>& a, const ModelCondition<F>& b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  return ModelCondition<F>(Condition{.kind = Condition::Kind::all_of, .children = {a.tree(), b.tree()}});
}
template <class F>
[[nodiscard]] ModelCondition<F> operator||(const ModelCondition<F>& a, const ModelCondition<F>& b) {
  if (a.empty() || b.empty()) return ModelCondition<F>();
  return ModelCondition<F>(Condition{.kind = Condition::Kind::any_of, .children = {a.tree(), b.tree()}});
}
template <class F>
[[nodiscard]] ModelCondition<F> operator!(const ModelCondition<F>& a) {
  return ModelCondition<F>(Condition{.kind = Condition::Kind::negated, .children = {a.tree()}});
}

}  // namespace bao
