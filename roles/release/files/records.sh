#!/bin/sh
# The records of a host: one JSON file for each release, named so that they sort by time. Runs under dash and
# busybox sh.
#   records.sh newest DIRECTORY
#   records.sh write  DIRECTORY ID KEEP RECORD-IN-BASE64
set -eu

verb=$1 directory=$2
case $verb in
newest)
    last=
    for file in "$directory"/*.json; do [ ! -f "$file" ] || last=$file; done
    [ -z "$last" ] || cat "$last"
    ;;
write)
    id=$3 keep=$4 record=$5
    mkdir -p "$directory"
    # Beside it and renamed: a power cut leaves no half record.
    printf '%s' "$record" | base64 -d >"$directory/.$id.incoming"
    mv "$directory/.$id.incoming" "$directory/$id.json"
    sync
    set -- "$directory"/*.json
    while [ $# -gt "$keep" ]; do
        rm -f "$1"
        shift
    done
    ;;
esac
