#!/usr/bin/env bash
# Writes the goldens anew: tests/goldens/update.sh [PROGRAM], by default build/bin/bao. Those of JavaScript are made of the
# definitions in cpp/.
set -euo pipefail
folder_of_this=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
program=$(realpath "${1:-$folder_of_this/../../build/bin/bao}")
cd "$folder_of_this"
configuration=$(mktemp)
trap 'rm -f "$configuration"' EXIT
export DYNAMO_BAO_CONFIG=$configuration

# use_fields FOLDER: the custom field types of these definitions, where there are some: of JavaScript in files,
# of C++ in a header.
use_fields() {
  : >"$configuration"
  if [ -f "${1}fields.hpp" ]; then echo "codegen: {fieldsInclude: ../fields.hpp}" >"$configuration"; fi
  if [ -d "${1}fields" ]; then echo "paths: {fieldsDir: ${1}fields}" >"$configuration"; fi
}

for folder in cpp/*/; do
  use_fields "$folder"
  "$program" codegen "${folder}models.yaml" "${folder}models"
done
for form in commonjs esm ts; do
  for folder in "$form"/*/; do
    options=(--lang js --modules "$form")
    if [ "$form" = ts ]; then options=(--lang ts); fi
    use_fields "cpp/$(basename "$folder")/"
    "$program" codegen "cpp/$(basename "$folder")/models.yaml" "${folder}models" "${options[@]}"
  done
done
