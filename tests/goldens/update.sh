#!/usr/bin/env bash
# Writes the goldens anew: tests/goldens/update.sh [PROGRAM], by default build/bin/bao. Those of JavaScript are made of the
# definitions in cpp/.
set -euo pipefail
folder_of_this=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
program=$(realpath "${1:-$folder_of_this/../../build/bin/bao}")
cd "$folder_of_this"
for folder in cpp/*/; do
  "$program" codegen "${folder}models.yaml" "${folder}models"
done
for form in commonjs esm ts; do
  for folder in "$form"/*/; do
    options=(--lang js --modules "$form")
    if [ "$form" = ts ]; then options=(--lang ts); fi
    "$program" codegen "cpp/$(basename "$folder")/models.yaml" "${folder}models" "${options[@]}"
  done
done
