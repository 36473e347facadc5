// A file as a power loss may leave it in the middle of a commit: of the pages that the commit wrote, some are
// there, some are not and some are garbage; its head was not written, or all was. The store opens it with
// exactly the state before or after the commit, and goes on from there. A file that was cut short is refused,
// or whole.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "local/lmdb/lmdb_store.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace bao::local;

constexpr std::size_t page_size = 4096;
constexpr std::size_t head_size =
    2 * page_size;  // LMDB's two meta pages; a commit writes one, last and in one sector
constexpr SpaceId spaces = 3;

using State = std::map<std::pair<SpaceId, std::string>, std::string>;

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  std::uint8_t byte() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  [[nodiscard]] bool is_empty() const { return size_ == 0; }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

void check(bool holds) {
  if (!holds) std::abort();
}

/// Short keys, and such as LMDB does not take whole; values in a leaf, and in pages of their own.
void change(Input& input, WriteBatch& batch, State& state) {
  const SpaceId space = input.byte() % spaces;
  const std::uint8_t kind = input.byte();
  const std::uint8_t name = input.byte();
  std::string key(name % 3 == 0 ? 700 : 1, static_cast<char>('a' + name % 7));
  key += static_cast<char>(name);
  if (kind % 16 == 0) {
    batch.drop_space(space);
    std::erase_if(state, [space](const auto& entry) { return entry.first.first == space; });
  } else if (kind % 4 == 0) {
    batch.erase(space, key);
    state.erase({space, key});
  } else {
    const std::string value(std::size_t{kind} * (kind % 8 == 1 ? 60 : 1), static_cast<char>(name));
    batch.put(space, key, value);
    state[{space, key}] = value;
  }
}

void commit(Store& store, Input& input, State& state) {
  WriteBatch batch;
  for (int i = input.byte() % 16; i >= 0; --i) change(input, batch, state);
  check(store.commit(batch).has_value() && store.settle(true).has_value());
}

std::string read_file(const std::filesystem::path& path) {
  std::string bytes(std::filesystem::file_size(path), '\0');
  std::ifstream(path, std::ios::binary).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::remove(path.string() + "-lock");
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

State contents(Store& store) {
  State out;
  for (SpaceId space = 0; space < spaces; ++space) {
    const auto cursor = store.cursor(space);
    for (bool there = cursor->seek(""); there; there = cursor->next()) {
      out.emplace(std::pair(space, std::string(cursor->key())), std::string(cursor->value()));
    }
    check(!cursor->error());
  }
  return out;
}

constexpr LmdbOptions options{.sync = LmdbSync::full, .map_size_max = std::uint64_t{64} << 20U};

/// Opens it with this state, and goes on.
void check_opens(const std::filesystem::path& file, State expected, Input& input) {
  for (int again = 0; again < 2; ++again) {
    auto store = open_lmdb_store(file, options);
    check(store.has_value());
    check(contents(**store) == expected);
    commit(**store, input, expected);
    check(contents(**store) == expected);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const TemporaryFolder folder;
  Input input(data, size);
  const std::filesystem::path file = folder / "db";
  std::filesystem::remove(file);
  std::filesystem::remove(folder / "db-lock");
  State before;
  State after;
  std::string old_bytes;
  std::string new_bytes;
  {
    auto store = open_lmdb_store(file, options);
    check(store.has_value());
    for (int i = input.byte() % 6; i >= 0; --i) commit(**store, input, before);
    old_bytes = read_file(file);
    after = before;
    commit(**store, input, after);
    new_bytes = read_file(file);
  }

  std::string torn = old_bytes;
  torn.resize(std::max(old_bytes.size(), new_bytes.size()));
  for (std::size_t at = head_size; at < new_bytes.size(); at += page_size) {
    if (torn.compare(at, page_size, new_bytes, at, page_size) == 0) continue;
    const std::uint8_t fate = input.byte();
    if (fate % 4 == 0) continue;
    if (fate % 4 == 1) torn.replace(at, page_size, page_size, static_cast<char>(input.byte()));
    if (fate % 4 > 1) torn.replace(at, page_size, new_bytes, at, page_size);
    if (fate % 4 == 2) torn.replace(at + 512 * (fate / 4 % 8), 512, 512, '\0');
  }
  write_file(file, torn);
  check_opens(file, before, input);

  const std::size_t cut = 1 + (std::size_t{input.byte()} * 256 + input.byte()) * new_bytes.size() / 65'536;
  write_file(file, std::string_view(new_bytes).substr(0, cut));
  if (auto store = open_lmdb_store(file, options)) {
    check(contents(**store) == after);
  } else {
    check(store.error().message.size() > file.string().size());
  }
  return 0;
}
