#!/usr/bin/env bash
# Makes the zip that Lambda takes: package.sh BOOTSTRAP ZIP. Refuses a program that the image provided.al2023 could not start.
set -euo pipefail
program=$(realpath "$1")
zip=$(realpath -m "$2")
image_glibc=2.34 # of provided.al2023; provided.al2 has 2.26, for which one would build on Amazon Linux 2

foreign=$(readelf -d "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -vE '^(libc|libm|ld-linux-[a-z0-9-]+)\.so\.[0-9]+$' || true)
if [ -n "$foreign" ]; then
  echo "package.sh: the program needs libraries that the image lacks:" $foreign >&2
  exit 1
fi
newest=$(readelf -V "$program" | grep -oE 'GLIBC_[0-9.]+' | sed 's/GLIBC_//' | sort -uV | tail -n 1)
if [ "$(printf '%s\n' "$newest" "$image_glibc" | sort -V | tail -n 1)" != "$image_glibc" ]; then
  echo "package.sh: the program needs glibc $newest; provided.al2023 has $image_glibc" >&2
  exit 1
fi

rm -f "$zip"
mkdir -p "$(dirname "$zip")"
(cd "$(dirname "$program")" && cmake -E tar cf "$zip" --format=zip "$(basename "$program")")
echo "$2: $(stat -c %s "$zip") bytes; bootstrap: $(stat -c %s "$program") bytes, needs glibc $newest and no other library"
