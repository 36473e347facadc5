#!/usr/bin/env bash
# The server benchmark: requests a second, and CPU time of the server for one request, of `bao local` and of the engines
# that people use, one after the other in one run; nginx with a constant answer shows what HTTP alone costs.
#   bench/local_server/run.sh [--seconds N] [--runs N] [--program FILE] [--only NAME]
# Each number is the median of the runs. Needs wrk and nginx, which it installs where it may (apt-get).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

seconds=8
runs=3
program=build/bin/bao
only=
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds) seconds=$2; shift ;;
    --runs) runs=$2; shift ;;
    --program) program=$2; shift ;;
    --only) only=$2; shift ;;
    *) sed -n '4s/^# *//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
  esac
  shift
done

for tool in wrk nginx; do
  if ! command -v "$tool" >/dev/null; then
    apt-get install -y --no-install-recommends "${tool/#nginx/nginx-light}" >/dev/null
  fi
done

work=$(mktemp -d)
server=
stop_server() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  server=
}
trap 'stop_server; rm -rf "$work"' EXIT

free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

# Sets server, port and pids (the processes whose CPU time counts).
start_server() {
  case "$1" in
    nginx)
      port=$(free_port)
      sed -e "s/PORT/$port/" -e "s#WORK#$work#" bench/local_server/nginx.conf >"$work/nginx.conf"
      nginx -c "$work/nginx.conf" &
      server=$!
      sleep 0.5
      pids=$(pgrep -P "$server")
      ;;
    bao | bao-file | bao-full)
      local -a options=()
      if [ "$1" = bao-file ]; then options=(--db "$work/normal.db"); fi
      if [ "$1" = bao-full ]; then options=(--db "$work/full.db" --sync full); fi
      "$program" local --port 0 "${options[@]}" >"$work/out" &
      server=$!
      while ! grep -q '\.1:' "$work/out"; do sleep 0.05; done
      port=$(grep -oE '127\.0\.0\.1:[0-9]+' "$work/out" | cut -d: -f2)
      pids=$server
      ;;
    *)
      exec 3< <(exec tests/peers/start "$1")
      server=$!
      read -r port <&3
      sleep 0.2
      pids=$(pgrep -P "$server" | head -n 1)
      ;;
  esac
}

# User and system time so far, in clock ticks of 10 ms.
ticks() {
  local pid sum=0
  for pid in $pids; do
    sum=$((sum + $(awk '{ print $14 + $15 }' "/proc/$pid/stat")))
  done
  echo "$sum"
}

median() {
  sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# measure ENGINE OPERATION: a line of the table.
measure() {
  local run before after
  : >"$work/rates"
  : >"$work/costs"
  for ((run = 0; run < runs; run++)); do
    before=$(ticks)
    wrk -t1 -c16 -d"${seconds}s" -s bench/local_server/requests.lua "http://127.0.0.1:$port/" -- "$2" >"$work/wrk"
    after=$(ticks)
    awk -v cpu=$(((after - before) * 10000)) -v rates="$work/rates" -v costs="$work/costs" '
      /^RESULT/ { print $2 / $3 * 1e6 >>rates; printf "%.1f\n", cpu / $2 >>costs; failed = $4 }
      END { if (failed > 0) { print failed " answers were not 200" >"/dev/stderr"; exit 1 } }' "$work/wrk"
  done
  printf '| %s | %s | %.0f | %s |\n' "$2" "$1" "$(median <"$work/rates")" "$(median <"$work/costs")"
}

printf 'load before: %s\n\n' "$(cut -d' ' -f1-3 /proc/loadavg)"
printf '| operation | server | requests/s | server CPU us/request |\n| --- | --- | ---: | ---: |\n'
for engine in nginx bao bao-file bao-full dynoxide dynalite dynamodb-local; do
  if [ -n "$only" ] && [ "$only" != "$engine" ]; then continue; fi
  start_server "$engine"
  if [ "$engine" = nginx ]; then
    measure nginx GetItem
  else
    node bench/local_server/fill.mjs "$port"
    for operation in GetItem PutItem Query BatchGetItem TransactWriteItems; do
      if [ "$engine" = dynalite ] && [ "$operation" = TransactWriteItems ]; then continue; fi
      measure "$engine" "$operation"
    done
  fi
  stop_server
done

# From starting to the first answer, and the memory of a server that has answered once.
printf '\ncold start and idle memory:\n\n'
node bench/local_server/cold_start.mjs "$program"
printf 'load after: %s\n' "$(cut -d' ' -f1-3 /proc/loadavg)"
