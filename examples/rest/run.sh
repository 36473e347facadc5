#!/usr/bin/env bash
# Starts the service, in memory unless DYNAMO_BAO_ENDPOINT says otherwise: run.sh PROGRAM (./dev example rest builds it first).
set -euo pipefail
program=$1
export DYNAMO_BAO_ENDPOINT=${DYNAMO_BAO_ENDPOINT:-memory:} PORT=${PORT:-8080}

cat <<TEXT
Try, in another terminal:

  curl localhost:$PORT/users -d '{"name": "Ann", "email": "ann@example.com"}'     # the answer has a userId
  curl localhost:$PORT/users -d '{"name": "Eve", "email": "ann@example.com"}'     # 409: the address is taken
  curl localhost:$PORT/users/USER_ID/notes -d '{"title": "First light"}'
  curl -i "localhost:$PORT/users/USER_ID/notes?limit=10"                           # the notes, and what reading them cost

Ctrl-C ends it.

TEXT
exec "$program"
