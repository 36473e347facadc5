#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include <bao/client.hpp>
#include <bao/detail/call.hpp>

#include "core/engine/engine.hpp"
#include "core/engine/scope.hpp"
#include "native/face/driving.hpp"
#include "native/face/logger.hpp"
#include "native/http/transport.hpp"

namespace bao::detail {

/// What a LoaderContext keeps: a cache for each client, as the same keys are other items in another table.
class LoaderState {
 public:
  /// `client`: its number(). Made when first asked for.
  [[nodiscard]] std::shared_ptr<core::Cache> cache(std::uint64_t client) {
    const std::scoped_lock lock(mutex_);
    std::shared_ptr<core::Cache>& cache = caches_[client];
    if (!cache) cache = std::make_shared<core::Cache>();
    return cache;
  }

 private:
  std::mutex mutex_;  // clients may be of different threads
  std::unordered_map<std::uint64_t, std::shared_ptr<core::Cache>> caches_;
};

class BatchScope {
 public:
  std::shared_ptr<core::Scope> scope = std::make_shared<core::Scope>();
};

/// Something that waits for an operation of the core: told when it ended, on the client's executor.
class Completion {
 public:
  virtual void complete() = 0;

 protected:
  ~Completion() = default;
};

/// Random bits of the operating system, through OpenSSL, a block at a time.
class SystemRandom final : public core::RandomSource {
 public:
  std::uint64_t next() override;

 private:
  std::uint64_t block_[64] = {};
  std::size_t left_ = 0;
};

/// Asks for credentials; answers on the client's executor.
using CredentialSource = std::function<void(std::function<void(Result<core::Credentials>)>)>;

/// The core's driver for one client: turns its actions into I/O and I/O into its events. Everything happens
/// on one executor.
class ClientState {
 public:
  struct Parts {
    core::EngineOptions engine;
    std::shared_ptr<const core::Schema> schema;
    std::vector<const ModelInfo*> models;  ///< in the order of the schema's first models
    Logger log;
    bool require_tenant = false;  ///< operations on items without a tenant are refused
  };

  /// `io` null: an io_context of its own.
  ClientState(boost::asio::io_context* io, Parts parts);
  ~ClientState();
  ClientState(const ClientState&) = delete;
  ClientState& operator=(const ClientState&) = delete;

  void set_transport(std::unique_ptr<native::Transport> transport) { transport_ = std::move(transport); }
  void set_credential_source(CredentialSource source) { credential_source_ = std::move(source); }
  [[nodiscard]] native::TransportEvents transport_events();

  [[nodiscard]] boost::asio::io_context& io() const { return *io_; }
  /// The io_context is this client's and no caller's.
  [[nodiscard]] bool owns_io() const { return own_io_ != nullptr; }
  [[nodiscard]] const std::shared_ptr<Driving>& driving() const { return driving_; }
  [[nodiscard]] core::Engine& engine() { return engine_; }
  [[nodiscard]] bool on_executor() const { return io_->get_executor().running_in_this_thread(); }
  [[nodiscard]] bool requires_tenant() const { return require_tenant_; }
  [[nodiscard]] TenantContext& tenants() { return tenants_; }
  /// No other client of the program has it, nor has had it.
  [[nodiscard]] std::uint64_t number() const { return number_; }
  /// Null where the model is not one of this client's.
  [[nodiscard]] const core::Model* model(const ModelInfo* info, const std::string& name) const;

  // Plugins: those of a class by its description, those of a name by that. Not while calls run.
  void add_plugin(const ModelName& model, std::shared_ptr<const void> plugin) {
    (model.info != nullptr ? plugins_[model.info] : named_plugins_[model.name]).push_back(std::move(plugin));
  }
  [[nodiscard]] std::vector<std::shared_ptr<const void>> plugins(const ModelName& model) const;

  /// To be called before an event or an operation's start; pump() after it.
  void tick();
  /// Does what the core asks for until it has nothing more.
  void pump();

 private:
  void perform(core::SendRequest&& action);
  void perform(core::CancelRequest action);
  void perform(core::StartTimer action);
  void perform(core::CancelTimer action);
  void perform(core::RequestTurn action);
  void perform(core::RequestCredentials action);
  void perform(core::Complete action);

  static std::uint64_t next_number() {
    static std::atomic<std::uint64_t> last = 0;
    return ++last;
  }

  const std::uint64_t number_ = next_number();
  std::unique_ptr<boost::asio::io_context> own_io_;
  boost::asio::io_context* io_;
  std::shared_ptr<Driving> driving_;
  SystemRandom random_;
  Logger log_;
  bool require_tenant_;
  TenantContext tenants_;
  std::unordered_map<const ModelInfo*, const core::Model*> models_;
  std::unordered_map<const ModelInfo*, std::vector<std::shared_ptr<const void>>> plugins_;
  std::unordered_map<std::string, std::vector<std::shared_ptr<const void>>> named_plugins_;
  core::Engine engine_;
  std::unique_ptr<native::Transport> transport_;
  CredentialSource credential_source_;
  std::unordered_map<std::uint64_t, std::unique_ptr<boost::asio::steady_timer>> timers_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  bool pumping_ = false;
};

}  // namespace bao::detail
