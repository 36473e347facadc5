#!/usr/bin/env bash
# The npm package's benchmark: CPU and time of one item beside its peers and the bare transport, against one server in one
# run, and what a round trip costs behind a server with a known delay. Prints tables of medians; --write puts them into
# docs/benchmarks.md. Needs npm/dist (./dev build) and the peers (./dev setup).
#   bench/npm/run.sh [--write] [--runs N]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

runs=5
write=
while [ $# -gt 0 ]; do
  case "$1" in
    --write) write=--write ;;
    --runs) runs=$2; shift ;;
    *) echo "usage: bench/npm/run.sh [--write] [--runs N]" >&2; exit 2 ;;
  esac
  shift
done
peers=$PWD/build/peers
table=bench
results=$(mktemp)
trap 'rm -f "$results"' EXIT

exec 3< <(exec tests/peers/start dynoxide)
server=$!
trap 'rm -f "$results"; kill "$server" 2>/dev/null || true' EXIT
read -r port <&3
endpoint=http://127.0.0.1:$port
client() {
  NODE_NO_WARNINGS=1 node "bench/client/$1_client.mjs" "$peers" "$endpoint" "$table" "$2" "$3"
}

client npm seed 100
declare -A rounds=([find]=2000 [find100]=200 [query100]=200 [create]=1000)
# In turn, so that a machine that slows down slows down everybody.
for ((run = 0; run < runs; run++)); do
  for operation in find find100 query100 create; do
    client npm "$operation" "${rounds[$operation]}"
    if [ "$operation" != create ]; then client transport "$operation" "${rounds[$operation]}"; fi
    case $operation in *100) client plain "$operation" "${rounds[$operation]}" ;; esac
    for peer in older sdk; do client "$peer" "$operation" $((rounds[$operation] / 2)); done
  done
done >"$results"
node bench/report.mjs "$results" npm $write
node bench/npm/round_trips.mjs "$peers" | tee "$results"
if [ -n "$write" ]; then node bench/write_part.mjs "round trips" <"$results"; fi
