#!/usr/bin/env bash
# Packs the function, and starts it behind a Runtime API of this machine, in memory unless DYNAMO_BAO_ENDPOINT says otherwise:
#   run.sh BOOTSTRAP ZIP     (./dev example lambda builds it first)
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
export DYNAMO_BAO_ENDPOINT=${DYNAMO_BAO_ENDPOINT:-memory:} PORT=${PORT:-9000}

"$here/package.sh" "$1" "$2"
cat <<TEXT

Try, in another terminal:

  curl localhost:$PORT/links -d '{"code": "docs", "url": "https://docs.aws.amazon.com/lambda/"}'
  curl -i localhost:$PORT/docs                       # 302
  curl "localhost:$PORT/links?codes=docs,nothing"    # one BatchGetItem, however many codes

Ctrl-C ends it.

TEXT
exec node "$here/local_runtime.mjs" "$1" "$PORT"
