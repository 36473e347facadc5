#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <bao/dynamic_data.hpp>
#include <bao/options.hpp>
#include <bao/task.hpp>

namespace bao {

class Client;

namespace detail {

template <class Result>
concept EndsHook = std::is_void_v<Result> || std::same_as<Result, Task<void>>;

template <class Function, class Subject, class Options>
concept HookWithOptions = requires(Function& function, Subject subject, const Options& options) {
  { function(subject, options) } -> EndsHook;
};
template <class Function, class Subject>
concept HookWithoutOptions = requires(Function& function, Subject subject) {
  { function(subject) } -> EndsHook;
};

/// A hook is called with its subject and the options of the write, or with its subject only. It is a
/// coroutine that gives a bao::Task<void>, or a plain function that gives nothing.
template <class Function, class Subject, class Options>
concept HookFunction = HookWithOptions<Function, Subject, Options> || HookWithoutOptions<Function, Subject>;

}  // namespace detail

/// One function of a plugin; see Plugin.
template <class Subject, class Options>
class Hook {
 public:
  Hook() = default;
  template <class Function>
    requires(!std::same_as<std::remove_cvref_t<Function>, Hook> &&
             detail::HookFunction<std::remove_cvref_t<Function>, Subject, Options>)
  Hook(Function&& function) : function_(wrapped(std::forward<Function>(function))) {}

  [[nodiscard]] explicit operator bool() const { return static_cast<bool>(function_); }
  [[nodiscard]] Task<void> operator()(Subject subject, const Options& options) const {
    return function_(subject, options);
  }

 private:
  using Wrapped = std::function<Task<void>(Subject, const Options&)>;

  /// A plain function, or one that does not ask for the options. It lives as long as the plugin: longer than
  /// what it started.
  template <class Function>
  struct Adapted {
    Function function;

    Task<void> operator()(Subject subject, const Options& options) {
      if constexpr (detail::HookWithOptions<Function, Subject, Options>) {
        function(subject, options);
      } else if constexpr (std::is_void_v<decltype(function(subject))>) {
        function(subject);
      } else {
        auto running = function(subject);
        co_await std::move(running);
      }
      co_return;
    }
  };

  template <class Function>
  static Wrapped wrapped(Function function) {
    constexpr bool as_it_is = requires(Subject subject, const Options& options) {
      { function(subject, options) } -> std::same_as<Task<void>>;
    };
    if constexpr (as_it_is) {
      return function;
    } else {
      return Adapted<Function>{std::move(function)};
    }
  }

  Wrapped function_;
};

/// Hooks around the writes of model M, see Model::register_plugin:
///
///     Post::register_plugin(client, {
///         .before_save = [](PostFields& changes, const bao::HookOptions<Post>& options) -> bao::Task<void> {
///           if (options.is_new) changes.slug = co_await unused_slug(*changes.title);
///         },
///         .after_save = [](Post& post) { log(post.primary_id()); }});
///
/// Writes by a DynamicModel of the same name do not run them; those run the hooks of
/// DynamicModel::register_plugin.
///
/// They run for create, update, save, remove, remove_item, batch_write and transact, plugin after plugin in
/// the order of registration, each awaited before the next. They run in the context of the write: its batch
/// context, tenant and stop token. A hook that throws stops what would have followed, and what it threw
/// reaches the caller unchanged; before_... hooks run before anything is sent. A hook before a write may save
/// other instances but not the one it runs for, which is a ValidationError; so is waiting for an instance
/// whose own hook waits for this one.
template <class M>
struct Plugin {
  using Options = HookOptions<M>;

  /// What is about to be written, and may be changed: a field with a value is set, one assigned null is
  /// removed, the others stay as they are. A new item shows the defaults that its fields will get.
  Hook<typename M::Fields&, Options> before_save = {};
  /// The instance as it was written.
  Hook<M&, Options> after_save = {};
  /// The primary id of the item.
  Hook<const std::string&, Options> before_delete = {};
  Hook<const std::string&, Options> after_delete = {};
};

/// What hooks of a model without a class are told.
struct DynamicHookOptions : DynamicSave {
  bool is_new = false;
};

/// Hooks around the writes of a model by its name, see DynamicModel::register_plugin; each as in Plugin.
/// Writes by a class of that model run those of the class only.
struct DynamicPlugin {
  using Options = DynamicHookOptions;

  Hook<std::vector<DynamicChange>&, Options> before_save = {};
  Hook<DynamicItem&, Options> after_save = {};
  Hook<const std::string&, Options> before_delete = {};
  Hook<const std::string&, Options> after_delete = {};
};

namespace detail {

/// Throws a ConfigurationError where the client has no such model.
void add_plugin(Client& client, const ModelName& model, std::shared_ptr<const void> plugin);
/// In the order of registration; those of a class and those of its name are apart.
[[nodiscard]] std::vector<std::shared_ptr<const void>> plugins_of(const Context& context,
                                                                  const ModelName& model);

/// The hooks of one write.
template <class Plugin>
class Hooks {
 public:
  using Options = typename Plugin::Options;

  Hooks(const Context& context, const ModelName& model) {
    for (std::shared_ptr<const void>& plugin : plugins_of(context, model)) {
      plugins_.push_back(std::static_pointer_cast<const Plugin>(std::move(plugin)));
    }
  }

  [[nodiscard]] bool any() const { return !plugins_.empty(); }

  /// The arguments, and these hooks, live until the task has ended.
  template <class Subject, class Argument>
  [[nodiscard]] Task<void> run(Hook<Subject, Options> Plugin::* hook, Argument& subject,
                               const Options& options) const {
    for (const std::shared_ptr<const Plugin>& plugin : plugins_) {
      const Hook<Subject, Options>& function = (*plugin).*hook;
      if (!function) continue;
      auto running = function(subject, options);
      co_await std::move(running);
    }
  }

 private:
  std::vector<std::shared_ptr<const Plugin>> plugins_;
};

}  // namespace detail

}  // namespace bao
