#!/usr/bin/env bash
# Makes the zip that Lambda takes: package.sh BOOTSTRAP ZIP. Refuses a program that needs libraries of the image.
set -euo pipefail
program=$(realpath "$1")
zip=$(realpath -m "$2")

if [ "$(basename "$program")" != bootstrap ]; then
  echo "package.sh: Lambda starts a program of the name bootstrap, not $(basename "$program")" >&2
  exit 1
fi
if readelf -lW "$program" | grep -q INTERP; then
  echo "package.sh: the program is not statically linked; it needs:" $(readelf -d "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p') >&2
  exit 1
fi

rm -f "$zip"
mkdir -p "$(dirname "$zip")"
(cd "$(dirname "$program")" && cmake -E tar cf "$zip" --format=zip bootstrap)
echo "$2: $(stat -c %s "$zip") bytes; in it bootstrap, $(stat -c %s "$program") bytes, which needs no library of the image"
