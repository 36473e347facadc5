#!/usr/bin/env bash
# The demo: what the guide does, first on the embedded engine, then over HTTP against an engine that is not
# ours. The requests of each section are counted outside of the program: from the driver's log for the
# embedded engine, by a proxy for HTTP.
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
      if (titled && line != "") print "   -> on the wire: " line
      delete seen
    }
    /^bao: sent / { seen[$3]++; next }
    /^wire: /     { seen[$2]++; next }
    /^$/          { next }
    /^== /        { flush_section(); titled = 1; print "" }
    { print; fflush() }
    END { flush_section() }'
}

echo "#### On the embedded engine (memory:)"
for program in guide related; do
  DYNAMO_BAO_ENDPOINT=memory: DYNAMO_BAO_LOG_LEVEL=DEBUG "$programs/demo_$program" 2>&1 | count
done

echo
echo "#### Over HTTP, against dynoxide"
exec 3< <(exec ../../tests/peers/start dynoxide)
engine=$!
trap 'kill "$engine" "${proxy:-$engine}" 2>/dev/null || true' EXIT
read -r port <&3
for program in guide related; do
  table="demo-$program"
  "$bao" create-table "$table" --endpoint "http://127.0.0.1:$port" >/dev/null
  {
    exec 4< <(exec node count_requests.mjs "$port")
    proxy=$!
    read -r _ proxy_port <&4
    cat <&4 &
    reader=$!
    TABLE_NAME=$table DYNAMO_BAO_ENDPOINT="http://127.0.0.1:$proxy_port" "$programs/demo_$program" 2>&1
    kill "$proxy"
    wait "$reader"
  } | count
done

echo
./worker.sh "$port" "$bao" 2>&1 | count
