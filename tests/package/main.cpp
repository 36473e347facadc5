#include <bao/value.hpp>
#include <cstdio>

// Fails where the installed package lacks a header or a symbol, or behaves otherwise than in the build tree.
int main() {
  const bao::Value price(0.1);
  const bao::Value missing;
  if (price.kind() != bao::ValueKind::number || !missing.is_null() || price == missing) {
    std::puts("outside: bao::Value is not what the headers say");
    return 1;
  }
  std::puts("outside: built against the installed package");
  return 0;
}
