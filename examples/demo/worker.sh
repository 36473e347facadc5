#!/usr/bin/env bash
# Starts examples/worker in workerd (wrangler dev) and visits it: first on memory:, then on the endpoint that is given.
#   worker.sh ENGINE_PORT BAO
# Lines that start with "wire: " tell of requests, for run.sh to count.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
worker=$here/../worker
engine_port=$1
bao=$2
scratch=$(mktemp -d)
wrangler_group='' proxy=''

stop() {
  if [ -n "$wrangler_group" ]; then
    kill -TERM -- "-$wrangler_group" 2>/dev/null || true
    wait "$wrangler_group" 2>/dev/null || true
    wrangler_group=''
  fi
}
cleanup() {
  stop
  [ -z "$proxy" ] || kill "$proxy" 2>/dev/null || true
  rm -rf "$scratch"
}
trap cleanup EXIT

if [ ! -e "$here/../../npm/dist" ]; then
  echo "worker.sh: npm/dist is missing: build the npm package first" >&2
  exit 1
fi
cd "$worker"
# Anew each time: the package may have been built again, and its bins with it.
npm install --no-audit --no-fund --silent >"$scratch/install.log" 2>&1 || { cat "$scratch/install.log" >&2; exit 1; }
npm run --silent generate >/dev/null

# visit VAR...: wrangler dev with these vars, and the visits.
visit() {
  local log=$scratch/wrangler.log url='' tries
  local -a vars=()
  for var in "$@"; do vars+=(--var "$var"); done
  # A process group of its own: workerd ends with it.
  CI=1 NO_COLOR=1 WRANGLER_SEND_METRICS=false WRANGLER_HIDE_BANNER=true setsid \
    node node_modules/wrangler/bin/wrangler.js dev --ip 127.0.0.1 --port 0 --inspector-port 0 "${vars[@]}" >"$log" 2>&1 </dev/null &
  wrangler_group=$!
  for ((tries = 0; tries < 600; tries++)); do
    url=$(grep -oE 'Ready on http://[0-9.:]+' "$log" | grep -oE 'http.*' || true)
    [ -z "$url" ] || break
    kill -0 "$wrangler_group" 2>/dev/null || break
    sleep 0.1
  done
  if [ -z "$url" ]; then
    echo "worker.sh: wrangler dev did not come up" >&2
    cat "$log" >&2
    exit 1
  fi
  node "$here/visit_worker.mjs" "$url"
  stop
}

echo "#### A Worker in workerd, on memory: (no server at all)"
visit DYNAMO_BAO_ENDPOINT:memory:

echo
echo "#### The same Worker over HTTP, against dynoxide"
"$bao" create-table bao-example --endpoint "http://127.0.0.1:$engine_port" >/dev/null
exec 3>&1
exec 4< <(exec node "$here/count_requests.mjs" "$engine_port" 2>&1 >&3)
proxy=$!
read -r _ proxy_port <&4
visit "DYNAMO_BAO_ENDPOINT:http://127.0.0.1:$proxy_port" AWS_ACCESS_KEY_ID:demo AWS_SECRET_ACCESS_KEY:demo
kill "$proxy"
wait "$proxy" || true
proxy=''
