#!/usr/bin/env bash
# The demo: what the guide does, in the process, over HTTP on the embedded engine, and over HTTP against an engine that is not
# ours. Over HTTP a proxy of its own counts the requests of each section; in the process there is no wire, and the driver's log tells
# them.
#   run.sh FOLDER_WITH_THE_PROGRAMS BAO
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
programs=$1
bao=$2

export AWS_REGION=us-west-2 AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo

# Prints what comes, but for the lines that tell of a request: those are counted for each section.
count() {
  awk '
    function flush_section(  line, name) {
      line = ""
      for (name in seen) line = line (line == "" ? "" : ", ") seen[name] " " name
      if (titled && line != "") print "   -> " where ": " line
      delete seen
    }
    /^bao: sent / { seen[$3]++; where = "says the driver"; next }
    /^wire: /     { seen[$2]++; where = "on the wire"; next }
    /^$/          { next }
    /^==/         { flush_section(); titled = 1; print "" }
    /^####/       { flush_section(); titled = 0; print "" }
    { print; fflush() }
    END { flush_section() }'
}

# over_http PORT: both programs against the engine behind that port, each with a table and a proxy of its own.
over_http() {
  local program table proxy proxy_port
  for program in guide related; do
    table="demo-$program"
    "$bao" create-table "$table" --endpoint "http://127.0.0.1:$1" >/dev/null
    {
      exec 5>&1
      exec 4< <(exec node count_requests.mjs "$1" 2>&1 >&5)
      proxy=$!
      trap 'kill "$proxy" 2>/dev/null || true' EXIT
      read -r _ proxy_port <&4
      TABLE_NAME=$table DYNAMO_BAO_ENDPOINT="http://127.0.0.1:$proxy_port" "$programs/demo_$program" 2>&1
    } | count
  done
}

echo "#### In the process (memory:)"
DYNAMO_BAO_ENDPOINT=memory: DYNAMO_BAO_LOG_LEVEL=DEBUG "$programs/demo_guide" 2>&1 | count

engines=()
trap 'kill "${engines[@]}" 2>/dev/null || true' EXIT

echo
echo "#### Over HTTP, on the embedded engine behind its port (bao local)"
exec 3< <(exec "$bao" local --port 0)
engines+=($!)
read -r _ _ address _ <&3
address=${address%,}
over_http "${address##*:}"

echo
echo "#### Over HTTP, against dynoxide"
exec 3< <(exec ../../tests/peers/start dynoxide)
engines+=($!)
read -r port <&3
over_http "$port"

./worker.sh "$port" "$bao" 2>&1 | count
