#!/bin/sh
# Runs a build with its output in a log; prints the log's end when it fails.
#   build.sh LOG COMMAND...
set -u

log=$1
shift
mkdir -p "$(dirname "$log")"
DOCKER_BUILDKIT=1 "$@" >"$log" 2>&1 && exit 0
status=$?
tail -n 30 "$log"
exit "$status"
