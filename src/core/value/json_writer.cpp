#include "core/value/json_writer.hpp"

#include <array>
#include <type_traits>
#include <variant>

#include "core/value/base64.hpp"
#include "core/value/byte_scan.hpp"
#include "core/value/integer_text.hpp"

namespace bao::core {
namespace {

void append_escape(std::string& out, char c) {
  static constexpr std::string_view hex = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default: {
      const auto byte = static_cast<unsigned char>(c);
      out += "\\u00";
      out += hex[byte >> 4U];
      out += hex[byte & 15U];
    }
  }
}

}  // namespace

void JsonWriter::separate() {
  if (need_comma_) {
    out_ += ',';
  }
  need_comma_ = true;
}

void JsonWriter::quoted(std::string_view text) {
  out_ += '"';
  const char* position = text.data();
  const char* const end = position + text.size();
  for (;;) {
    const char* const stop = scan<ScanFor::escape>(position, end);
    out_.append(position, stop);
    if (stop == end) {
      break;
    }
    append_escape(out_, *stop);
    position = stop + 1;
  }
  out_ += '"';
}

void JsonWriter::begin_object() {
  separate();
  out_ += '{';
  need_comma_ = false;
}

void JsonWriter::end_object() {
  out_ += '}';
  need_comma_ = true;
}

void JsonWriter::begin_array() {
  separate();
  out_ += '[';
  need_comma_ = false;
}

void JsonWriter::end_array() {
  out_ += ']';
  need_comma_ = true;
}

void JsonWriter::key(std::string_view name) {
  separate();
  quoted(name);
  out_ += ':';
  need_comma_ = false;
}

void JsonWriter::string(std::string_view value) {
  separate();
  quoted(value);
}

void JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
}

void JsonWriter::number(std::int64_t value) {
  separate();
  append_integer(out_, value);
}

void JsonWriter::boolean(bool value) {
  raw(value ? "true" : "false");
}

void JsonWriter::attribute_string(std::string_view value) {
  separate();
  out_ += "{\"S\":";
  quoted(value);
  out_ += '}';
}

void JsonWriter::attribute_number(std::string_view text) {
  separate();
  out_ += "{\"N\":";
  quoted(text);  // a Number that nobody validated must not break out of its quotes
  out_ += '}';
}

void JsonWriter::attribute_value(const Value& value) {
  const auto open = [this](std::string_view type) {
    separate();
    out_ += "{\"";
    out_ += type;
    out_ += "\":";
    need_comma_ = false;
  };
  const auto close = [this] {
    out_ += '}';
    need_comma_ = true;
  };
  const auto binary = [this](const Binary& bytes) {
    separate();
    out_ += '"';
    append_base64(out_, bytes);
    out_ += '"';
  };
  const auto members = [&](std::string_view type, const auto& all, const auto& write) {
    open(type);
    begin_array();
    for (const auto& member : all) {
      write(member);
    }
    end_array();
    close();
  };
  std::visit(
      [&]<class T>(const T& held) {
        if constexpr (std::is_same_v<T, Value::Null>) {
          raw(R"({"NULL":true})");
        } else if constexpr (std::is_same_v<T, bool>) {
          raw(held ? R"({"BOOL":true})" : R"({"BOOL":false})");
        } else if constexpr (std::is_same_v<T, Number>) {
          attribute_number(held.text);
        } else if constexpr (std::is_same_v<T, std::string>) {
          attribute_string(held);
        } else if constexpr (std::is_same_v<T, Binary>) {
          open("B");
          binary(held);
          close();
        } else if constexpr (std::is_same_v<T, Value::StringSet>) {
          members("SS", held, [this](const std::string& member) { string(member); });
        } else if constexpr (std::is_same_v<T, Value::NumberSet>) {
          members("NS", held, [this](const Number& member) { string(member.text); });
        } else if constexpr (std::is_same_v<T, Value::BinarySet>) {
          members("BS", held, binary);
        } else if constexpr (std::is_same_v<T, Value::List>) {
          members("L", held, [this](const Value& element) { attribute_value(element); });
        } else {
          static_assert(std::is_same_v<T, Value::Map>);
          open("M");
          item(held);
          close();
        }
      },
      value.storage());
}

void JsonWriter::item(const Value::Map& item) {
  begin_object();
  for (const auto& [name, value] : item) {
    key(name);
    attribute_value(value);
  }
  end_object();
}

void JsonWriter::attribute_value(ValueView value) {
  const auto open = [this](std::string_view json) {
    separate();
    out_ += json;
    need_comma_ = false;
  };
  const auto close = [this] {
    out_ += '}';
    need_comma_ = true;
  };
  const auto members = [&](std::string_view json) {
    open(json);
    begin_array();
    for (const ValueView member : value) {
      if (value.kind() == ValueKind::list) {
        attribute_value(member);
      } else {
        string(member.text());
      }
    }
    end_array();
    close();
  };
  switch (value.kind()) {
    case ValueKind::null:
      raw(R"({"NULL":true})");
      return;
    case ValueKind::boolean:
      raw(value.boolean() ? R"({"BOOL":true})" : R"({"BOOL":false})");
      return;
    case ValueKind::number:
      attribute_number(value.text());
      return;
    case ValueKind::string:
      attribute_string(value.text());
      return;
    case ValueKind::binary:
      open(R"({"B":)");
      string(value.text());
      close();
      return;
    case ValueKind::string_set:
      members(R"({"SS":)");
      return;
    case ValueKind::number_set:
      members(R"({"NS":)");
      return;
    case ValueKind::binary_set:
      members(R"({"BS":)");
      return;
    case ValueKind::list:
      members(R"({"L":)");
      return;
    case ValueKind::map:
      open(R"({"M":)");
      item(value);
      close();
      return;
  }
}

void JsonWriter::item(ValueView item) {
  begin_object();
  for (const ValueView member : item) {
    key(member.name());
    attribute_value(member);
  }
  end_object();
}

}  // namespace bao::core
