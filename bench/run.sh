#!/usr/bin/env bash
# The client benchmark: CPU and time of one item, for this library and for its peers, against one server in
# one run. Prints a table of medians; --write puts it into docs/benchmarks.md.
#   bench/run.sh [--write] [--runs N] [--programs FOLDER]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

runs=5
write=
programs=build/release/bench
while [ $# -gt 0 ]; do
  case "$1" in
    --write) write=--write ;;
    --runs) runs=$2; shift ;;
    --programs) programs=$2; shift ;;
    *) echo "usage: bench/run.sh [--write] [--runs N] [--programs FOLDER]" >&2; exit 2 ;;
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

export AWS_REGION=us-west-2 AWS_ACCESS_KEY_ID=bench AWS_SECRET_ACCESS_KEY=bench
build/bin/bao create-table "$table" --endpoint "$endpoint" >/dev/null
"$programs/bao_client" "$endpoint" "$table" seed >/dev/null

declare -A rounds=([find]=2000 [find16]=400 [find100]=60 [query100]=60 [create]=1000)

# All clients, in turn, so that a machine that slows down slows down everybody.
clients() {
  local operation=$1 count=${rounds[$1]}
  "$programs/bao_client" "$endpoint" "$table" "$operation" "$count"
  if [ "$operation" != create ]; then "$programs/bare_client" "$endpoint" "$table" "$operation" "$count"; fi
  for client in older sdk; do
    node bench/client/${client}_client.mjs "$peers" "$endpoint" "$table" "$operation" $((count / 4))
  done
}

# Binds the server, this shell and so its clients to these cores. On one core nobody has to wake another one up: in a
# virtual machine that goes through the hypervisor, takes longer than all that we measure, and counts as the client's.
bind_to_cores() {
  local process
  for process in $$ $(pgrep -P "$server"); do taskset --all-tasks --cpu-list --pid "$1" "$process" >/dev/null; done
}

all_cores=$(taskset --cpu-list --pid $$ | sed 's/.*: //')
for ((run = 0; run < runs; run++)); do
  bind_to_cores "${all_cores%%[-,]*}"
  clients find | sed -E 's/("operation": *"find)"/\1, one core"/'
  bind_to_cores "$all_cores"
  for operation in find find16 find100 query100 create; do clients "$operation"; done
done >"$results"
node bench/report.mjs "$results" clients $write
