#!/bin/sh
# header_alone.sh COMPILER INCLUDE_FOLDER HEADER: the header compiles alone, and when included twice, without a warning.
set -eu
printf '#include <%s>\n#include <%s>\n' "$3" "$3" |
  "$1" -std=c++23 -fsyntax-only -Wall -Wextra -Wpedantic -Werror -I "$2" -x c++ -
