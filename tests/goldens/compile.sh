#!/usr/bin/env bash
# Compiles every generated header of the goldens alone, so that any order of includes works:
#   compile.sh COMPILER INCLUDE_FOLDER
# What they all include is compiled once. That would hide a header which forgets it, so that is looked for.
set -euo pipefail
compiler=$1
flags=(-std=c++23 -Wall -Wextra -Wpedantic -Wshadow -Werror -I"$2")
cd "$(dirname "${BASH_SOURCE[0]}")"
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT

echo '#include <bao/bao.hpp>' >"$built/shared.hpp"
if [[ $compiler == *clang* ]]; then
  "$compiler" "${flags[@]}" -fpch-instantiate-templates -x c++-header "$built/shared.hpp" -o "$built/shared.hpp.pch"
  shared=(-include-pch "$built/shared.hpp.pch")
else
  "$compiler" "${flags[@]}" -x c++-header "$built/shared.hpp" -o "$built/shared.hpp.gch"
  shared=(-include "$built/shared.hpp")
fi

failed=0
for header in cpp/*/models/*.hpp; do
  if ! grep -qE '^#include (<bao/bao\.hpp>|"[^"]+\.hpp")$' "$header"; then
    echo "$header includes neither <bao/bao.hpp> nor a header that does" >&2
    failed=1
  fi
  if ! "$compiler" "${flags[@]}" "${shared[@]}" -include "$header" -fsyntax-only -x c++ /dev/null; then
    echo "$compiler does not take $header alone" >&2
    failed=1
  fi
done
exit $failed
