#!/bin/sh
# The records of a host: a directory for each release, named so that they sort by time, with record.json and, readable
# by root alone, the template with its secrets. Earlier ones are a file, ID.json. Runs under dash and busybox sh.
#   records.sh releases DATA                 the data releases there are
#   records.sh list    DIRECTORY             a line for each: ID, whether it has its template, the record in base64
#   records.sh prepare DIRECTORY ID [FROM]   a place for the files of a new one; with the template of the record FROM
#   records.sh commit  DIRECTORY ID          what was put there is a record
#   records.sh remove  DIRECTORY ID...       they go, and half ones
set -eu
umask 077

verb=$1 directory=$2
shift 2
incoming=$directory/.${1:-none}.incoming

show() { # ID RECORD TEMPLATE
    [ -f "$2" ] || return 0
    whole=false
    [ ! -f "$3" ] || whole=true
    printf '%s %s %s\n' "$1" "$whole" "$(base64 <"$2" | tr -d '\n')"
}

case $verb in
list)
    for file in "$directory"/*.json; do
        name=${file##*/}
        show "${name%.json}" "$file" /nonexistent
    done
    for record in "$directory"/*/; do
        record=${record%/}
        show "${record##*/}" "$record/record.json" "$record/template.xml"
    done
    ;;
releases)
    for release in "$directory"/releases/*/; do
        release=${release%/}
        case $release in *.incoming | */\*) ;; *) printf '%s\n' "${release##*/}" ;; esac
    done
    ;;
prepare)
    rm -rf "$directory"/.*.incoming
    mkdir -p "$incoming"
    if [ $# -gt 1 ]; then cp "$directory/$2/template.xml" "$incoming/template.xml"; fi
    ;;
commit)
    # Renamed as a whole: a power cut leaves no half record.
    chmod 700 "$incoming"
    chmod 600 "$incoming"/*
    sync
    mv "$incoming" "$directory/$1"
    sync
    ;;
remove)
    rm -rf "$directory"/.*.incoming
    for id; do rm -rf "${directory:?}/${id:?}" "${directory:?}/${id:?}.json"; done
    ;;
*)
    printf 'unknown verb: %s\n' "$verb" >&2
    exit 2
    ;;
esac
