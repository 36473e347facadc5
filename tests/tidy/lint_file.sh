#!/bin/sh
# lint_file.sh FILE: clang-tidy over one source, by the compile commands in build/tidy. A source that passed is not read
# again until its text, a header it includes, the checks or clang-tidy change. Prints findings; exit 1 with findings.
set -eu
cache=${BAO_LINT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/dynamo-bao/lint}

# Comments count (-C): NOLINT is one.
key=$({
  clang++-19 -std=c++23 -Iinclude -Isrc -E -C "$1"
  cat .clang-tidy .clang-format "$0"
  clang-tidy-19 --version
} | sha256sum | cut -c 1-64)

if [ -e "$cache/$key" ]; then exit 0; fi
# Its stderr only counts suppressed warnings, unless the file does not compile: then the error is on stdout too.
clang-tidy-19 --quiet -p build/tidy "$1" 2>/dev/null
mkdir -p "$cache"
: >"$cache/$key"
