#include "crash/writer.hpp"

namespace bao::crash {

namespace {

constexpr std::uint64_t keys = 20;
constexpr std::uint64_t groups = 4;

std::string attribute(const char* name, const char* type, const std::string& value) {
  return std::string("\"") + name + R"(":{")" + type + R"(":")" + value + R"("})";
}

}  // namespace

Writer::Writer(std::uint64_t seed, int number, bool long_keys)
    : random_(seed),
      partition_(std::string(long_keys ? 2000 : 0, 'p') + "writer" + std::to_string(number)),
      sort_prefix_(long_keys ? 1000 : 0, 's'),
      states_(1) {}

std::string Writer::sort_key(std::uint64_t number) const {
  return sort_prefix_ + "key" + std::to_string(number);
}

std::string Writer::put_body(const std::string& key, const Item& item) const {
  std::string body = R"({"TableName":"crash","Item":{)" + attribute("p", "S", partition_) + "," +
                     attribute("s", "S", key) + "," + attribute("n", "N", std::to_string(item.number));
  if (!item.group.empty()) body += "," + attribute("g", "S", item.group);
  return body + "}}";
}

Writer::Change Writer::random_change() {
  Change change{.after = states_.back()};
  const std::uint64_t kind = random_() % 10;
  const auto random_item = [this] {
    const std::uint64_t group = random_() % (groups + 1);
    return Item{next_number_++, group == groups ? "" : "group" + std::to_string(group)};
  };
  const std::string key = sort_key(random_() % keys);
  const std::string key_json =
      R"("Key":{)" + attribute("p", "S", partition_) + "," + attribute("s", "S", key) + "}";
  if (kind < 3) {
    const Item item = random_item();
    change.operation = "PutItem";
    change.body = put_body(key, item);
    change.after[key] = item;
  } else if (kind < 6) {
    const Item item{next_number_++, "group" + std::to_string(random_() % groups)};
    change.operation = "UpdateItem";
    change.body = R"({"TableName":"crash",)" + key_json +
                  R"(,"UpdateExpression":"SET n = :n, g = :g","ExpressionAttributeValues":{)" +
                  attribute(":n", "N", std::to_string(item.number)) + "," + attribute(":g", "S", item.group) +
                  "}}";
    change.after[key] = item;
  } else if (kind < 7) {
    change.operation = "DeleteItem";
    change.body = R"({"TableName":"crash",)" + key_json + "}";
    change.after.erase(key);
  } else {
    change.operation = "TransactWriteItems";
    change.body = R"({"TransactItems":[)";
    const std::uint64_t first = random_() % keys;
    for (std::uint64_t i = 0; i < 4; ++i) {
      const std::string one = sort_key((first + i * 5) % keys);
      const Item item = random_item();
      change.body += std::string(i > 0 ? "," : "") + R"({"Put":)" + put_body(one, item) + "}";
      change.after[one] = item;
    }
    change.body += "]}";
  }
  return change;
}

std::optional<std::string> Writer::write_until_lost(int port) {
  HttpClient client(port);
  while (true) {
    Change change = random_change();
    states_.push_back(std::move(change.after));
    last_is_doubtful_ = true;
    const auto answer = client.call(change.operation, change.body);
    if (!answer) return std::nullopt;
    if (answer->status != 200) return change.operation + " got " + answer->body;
    last_is_doubtful_ = false;
    ++acknowledged_;
  }
}

std::optional<std::string> Writer::check(const Items& found, bool all_acknowledged) {
  std::size_t first = 0;
  if (all_acknowledged) first = states_.size() - (last_is_doubtful_ ? 2 : 1);
  for (std::size_t i = states_.size(); i-- > first;) {
    if (states_[i] != found) continue;
    states_ = {found};
    last_is_doubtful_ = false;
    return std::nullopt;
  }
  std::string text =
      "the items of " + partition_.substr(partition_.size() - 7) + " are in no state that they went through:";
  const Items& expected = states_[first];
  for (std::uint64_t i = 0; i < keys; ++i) {
    const std::string key = sort_key(i);
    const auto show = [&key](const Items& items) {
      const auto at = items.find(key);
      return at == items.end() ? std::string("-") : std::to_string(at->second.number) + at->second.group;
    };
    text += " " + show(expected) + "/" + show(found);
  }
  return text;
}

}  // namespace bao::crash
