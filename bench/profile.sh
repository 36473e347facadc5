#!/usr/bin/env bash
# Replaces cmake/bao.proftext by what a build with counters saw (./dev profile makes that build).
#   bench/profile.sh BUILD_FOLDER
# A client works against `bao local`, so that one run counts for both. Functions that never ran are not in the file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build=$1
client=$build/bench/bao_client
table=profile
raw=$(mktemp -d)
export LLVM_PROFILE_FILE=$raw/%p.profraw

exec 3< <(exec "$build/src/cli/bao" local --port 0)
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$raw"' EXIT
read -r started <&3
endpoint=$(grep -oE 'http://[0-9.:]+' <<<"$started")

export AWS_REGION=us-west-2 AWS_ACCESS_KEY_ID=profile AWS_SECRET_ACCESS_KEY=profile
"$build/src/cli/bao" create-table "$table" --endpoint "$endpoint" >/dev/null
"$client" "$endpoint" "$table" seed
declare -A rounds=([find]=4000 [find16]=250 [find100]=60 [query100]=60 [create]=2000 [update]=2000)
for operation in "${!rounds[@]}"; do
  "$client" "$endpoint" "$table" "$operation" "${rounds[$operation]}" >/dev/null
done
kill "$server"
wait "$server" || true # a process of the substitution, which `wait` may not know
while kill -0 "$server" 2>/dev/null; do sleep 0.1; done

profdata=$(command -v llvm-profdata-19 llvm-profdata | head -n 1)
"$profdata" merge --sparse --text -o cmake/bao.proftext "$raw"/*.profraw
echo "cmake/bao.proftext: $(grep -c '^# Func Hash:' cmake/bao.proftext) functions, $(wc -c <cmake/bao.proftext) bytes"
