#include "local/lmdb/lmdb_store.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "local/lmdb/lmdb_cursor.hpp"
#include "local/lmdb/lmdb_file.hpp"
#include "local/lmdb/lmdb_space.hpp"

namespace bao::local {

namespace {

/// The database that says whose file it is, and in which version of its format.
constexpr const char* format_name = "bao-local";
constexpr std::string_view format_version = "1";
constexpr MDB_dbi no_database = ~MDB_dbi{0};

/// Commits that wait to be written together, at most; more are settled at once.
constexpr std::uint64_t waiting_changes_max = 100'000;
constexpr std::uint64_t waiting_bytes_max = std::uint64_t{64} << 20U;

/// Pages that a change may copy on its way from the root to a leaf, in two trees.
constexpr std::uint64_t pages_a_change = 12;
/// For what LMDB itself writes at the end of a transaction.
constexpr std::uint64_t pages_of_a_transaction = 64;

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::string space_name(SpaceId space) {
  return "space-" + std::to_string(space);
}

/// Commits gather in one transaction of LMDB's, which settle() ends; reads go to it too. Between such
/// transactions, reads share one of their own.
class LmdbStore final : public Store {
 public:
  LmdbStore(LmdbFile file, LmdbOptions options) : file_(std::move(file)), options_(options) {}
  LmdbStore(const LmdbStore&) = delete;
  LmdbStore& operator=(const LmdbStore&) = delete;

  ~LmdbStore() override {
    if (auto done = settle(true); !done) {
      std::fprintf(stderr, "bao: %s; the last writes are lost\n", done.error().message.c_str());
    }
    cursors_.close_all();
    if (read_) ::mdb_txn_abort(read_);
  }

  /// Checks the format, writes it into a new file, and opens the spaces.
  StoreResult<void> open() {
    MDB_txn* txn = nullptr;
    int code = ::mdb_txn_begin(file_.env(), nullptr, 0, &txn);
    if (code != 0) return std::unexpected(file_.error(code));
    auto opened = open_in(txn);
    if (!opened) {
      ::mdb_txn_abort(txn);
      return opened;
    }
    code = ::mdb_txn_commit(txn);
    if (code != 0) return std::unexpected(file_.error(code));
    return {};
  }

  StoreResult<std::optional<std::string_view>> get(SpaceId space, std::string_view key) override {
    std::optional<std::string_view> value;
    const MDB_dbi dbi = database_of(space);
    if (dbi == no_database) return value;
    auto txn = reading();
    if (!txn) return std::unexpected(std::move(txn.error()));
    if (const int code = lmdb_get(*txn, dbi, key, value)) return std::unexpected(file_.error(code));
    return value;
  }

  std::unique_ptr<Cursor> cursor(SpaceId space) override {
    const MDB_dbi dbi = database_of(space);
    if (dbi == no_database) return std::make_unique<LmdbCursor>(cursors_, nullptr, std::nullopt);
    auto txn = reading();
    if (!txn) return std::make_unique<LmdbCursor>(cursors_, nullptr, std::move(txn.error()));
    MDB_cursor* opened = nullptr;
    if (const int code = ::mdb_cursor_open(*txn, dbi, &opened)) {
      return std::make_unique<LmdbCursor>(cursors_, nullptr, file_.error(code));
    }
    return std::make_unique<LmdbCursor>(cursors_, opened, std::nullopt);
  }

  StoreResult<void> commit(WriteBatch& batch) override {
    if (auto done = begin_writing(batch); !done) return done;
    for (WriteBatch::Change& change : batch.changes()) {
      if (const int code = apply(change)) {
        // LMDB cannot take back a part of a transaction: all of it is lost.
        fail(code);
        return std::unexpected(*failure_);
      }
    }
    batch.clear();
    return {};
  }

  StoreResult<void> settle(bool everything) override {
    if (failure_) return std::unexpected(*failure_);
    if (!write_) return {};
    const bool waits = options_.sync != LmdbSync::full && !everything &&
                       waiting_changes_ < waiting_changes_max && waiting_bytes_ < waiting_bytes_max &&
                       steady_ms() - waiting_since_ms_ < options_.settle_ms;
    if (waits) return {};
    cursors_.close_all();
    if (const int code = ::mdb_txn_commit(std::exchange(write_, nullptr))) {
      fail(code);
      return std::unexpected(*failure_);
    }
    if (options_.sync == LmdbSync::off && everything) ::mdb_env_sync(file_.env(), 1);
    return {};
  }

  [[nodiscard]] bool is_unsettled() const override { return write_ != nullptr; }

 private:
  StoreResult<void> open_in(MDB_txn* txn) {
    MDB_dbi main = 0;
    MDB_stat stat{};
    int code = ::mdb_dbi_open(txn, nullptr, 0, &main);
    if (code == 0) code = ::mdb_stat(txn, main, &stat);
    if (code != 0) return std::unexpected(file_.error(code));
    const bool is_new = stat.ms_entries == 0;
    MDB_dbi format = 0;
    code = ::mdb_dbi_open(txn, format_name, is_new ? unsigned{MDB_CREATE} : 0U, &format);
    std::string version_key = "version";
    MDB_val key{version_key.size(), version_key.data()};
    MDB_val value{format_version.size(), const_cast<char*>(format_version.data())};
    if (code == 0)
      code = is_new ? ::mdb_put(txn, format, &key, &value, 0) : ::mdb_get(txn, format, &key, &value);
    if (code == MDB_NOTFOUND || code == MDB_INCOMPATIBLE) {
      return std::unexpected(StoreError{file_.path().string() + ": is not a database of bao local"});
    }
    if (code != 0) return std::unexpected(file_.error(code));
    if (view(value) != format_version) {
      return std::unexpected(
          StoreError{file_.path().string() + ": was written by a newer version of bao local"});
    }
    return open_spaces(txn, main);
  }

  StoreResult<void> open_spaces(MDB_txn* txn, MDB_dbi main) {
    MDB_cursor* cursor = nullptr;
    if (const int code = ::mdb_cursor_open(txn, main, &cursor)) return std::unexpected(file_.error(code));
    std::vector<SpaceId> spaces;
    MDB_val key{};
    MDB_val value{};
    int code = ::mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
    for (; code == 0; code = ::mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
      const std::string name(view(key));
      unsigned space = 0;
      if (std::sscanf(name.c_str(), "space-%u", &space) == 1) spaces.push_back(space);
    }
    ::mdb_cursor_close(cursor);
    if (code != MDB_NOTFOUND) return std::unexpected(file_.error(code));
    for (const SpaceId space : spaces) {
      if ((code = open_database(txn, space, 0)) != 0) return std::unexpected(file_.error(code));
    }
    return {};
  }

  int open_database(MDB_txn* txn, SpaceId space, unsigned flags) {
    MDB_dbi dbi = 0;
    if (const int code = ::mdb_dbi_open(txn, space_name(space).c_str(), flags, &dbi)) return code;
    if (space >= databases_.size()) databases_.resize(std::size_t{space} + 1, no_database);
    databases_[space] = dbi;
    return 0;
  }

  [[nodiscard]] MDB_dbi database_of(SpaceId space) const {
    return space < databases_.size() ? databases_[space] : no_database;
  }

  StoreResult<MDB_txn*> reading() {
    if (failure_) return std::unexpected(*failure_);
    if (write_) return write_;
    if (reading_) return read_;
    const int code =
        read_ ? ::mdb_txn_renew(read_) : ::mdb_txn_begin(file_.env(), nullptr, MDB_RDONLY, &read_);
    if (code != 0) return std::unexpected(file_.error(code));
    reading_ = true;
    return read_;
  }

  /// Sees that there is a transaction to write in, and room for the batch. An error leaves all as it was.
  StoreResult<void> begin_writing(WriteBatch& batch) {
    if (failure_) return std::unexpected(*failure_);
    if (auto done = reserve(batch); !done) {
      if (!write_) return done;
      // What waits was counted generously; written, it shows what it really takes.
      if (auto settled = settle(true); !settled) return settled;
      if (done = reserve(batch); !done) return done;
    }
    if (!write_) {
      cursors_.close_all();
      if (reading_) ::mdb_txn_reset(read_);
      reading_ = false;
      if (const int code = ::mdb_txn_begin(file_.env(), nullptr, 0, &write_)) {
        return std::unexpected(file_.error(code));
      }
      waiting_since_ms_ = steady_ms();
      waiting_changes_ = 0;
      waiting_bytes_ = 0;
    }
    for (const WriteBatch::Change& change : batch.changes()) {
      ++waiting_changes_;
      waiting_bytes_ += change.key.size() + change.value.size();
    }
    return {};
  }

  /// Copies of existing pages, as far as there are any; and new pages, which begin half empty.
  StoreResult<void> reserve(WriteBatch& batch) {
    std::uint64_t changes = write_ ? waiting_changes_ : 0;
    std::uint64_t bytes = write_ ? waiting_bytes_ : 0;
    for (const WriteBatch::Change& change : batch.changes()) {
      ++changes;
      bytes += change.key.size() + change.value.size();
    }
    const std::uint64_t page = file_.page_size();
    const std::uint64_t used = file_.used_pages();
    const std::uint64_t copies = std::min(changes * pages_a_change, used);
    const std::uint64_t splits = std::min(changes * 2, used);
    return file_.reserve(used + copies + splits + 3 * (bytes / page + 1) + pages_of_a_transaction);
  }

  int apply(const WriteBatch::Change& change) {
    MDB_dbi dbi = database_of(change.space);
    switch (change.kind) {
      case WriteBatch::Change::Kind::put:
        if (dbi == no_database) {
          if (const int code = open_database(write_, change.space, MDB_CREATE)) return code;
          dbi = database_of(change.space);
        }
        return lmdb_put(write_, dbi, change.key, change.value);
      case WriteBatch::Change::Kind::erase:
        return dbi == no_database ? 0 : lmdb_erase(write_, dbi, change.key);
      case WriteBatch::Change::Kind::drop_space:
        if (dbi == no_database) return 0;
        cursors_.close_all();
        databases_[change.space] = no_database;
        return ::mdb_drop(write_, dbi, 1);
    }
    return 0;
  }

  void fail(int code) {
    cursors_.close_all();
    if (write_) ::mdb_txn_abort(std::exchange(write_, nullptr));
    failure_ = file_.error(code);
  }

  LmdbFile file_;
  LmdbOptions options_;
  std::vector<MDB_dbi> databases_;  ///< by space
  OpenCursors cursors_;
  MDB_txn* read_ = nullptr;
  bool reading_ = false;  ///< read_ shows the present state, rather than waiting to be renewed
  MDB_txn* write_ = nullptr;
  std::int64_t waiting_since_ms_ = 0;
  std::uint64_t waiting_changes_ = 0;
  std::uint64_t waiting_bytes_ = 0;
  std::optional<StoreError> failure_;
};

}  // namespace

StoreResult<std::unique_ptr<Store>> open_lmdb_store(const std::filesystem::path& file, LmdbOptions options) {
  auto opened = LmdbFile::open(file, options);
  if (!opened) return std::unexpected(std::move(opened.error()));
  auto store = std::make_unique<LmdbStore>(std::move(*opened), options);
  if (auto done = store->open(); !done) return std::unexpected(std::move(done.error()));
  return store;
}

}  // namespace bao::local
