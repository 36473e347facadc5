#!/usr/bin/env bash
# Compiles every generated header of the goldens alone, so that any order of includes works:
#   compile.sh COMPILER INCLUDE_FOLDER
set -euo pipefail
compiler=$1
include=$2
cd "$(dirname "${BASH_SOURCE[0]}")"
failed=0
for header in cpp/*/models/*.hpp; do
  if ! "$compiler" -std=c++23 -Wall -Wextra -Wpedantic -Wshadow -Werror -I"$include" -fsyntax-only -include "$header" \
    -x c++ /dev/null; then
    echo "$compiler does not take $header alone" >&2
    failed=1
  fi
done
exit $failed
