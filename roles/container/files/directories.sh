#!/bin/sh
# Makes the directories that are to be mounted and are not there, as unRAID's own Apply would: mode and owner given.
#   directories.sh list DIRECTORY...                 prints the missing ones
#   directories.sh make OWNER MODE DIRECTORY...      OWNER "-": whoever runs this
set -eu

verb=$1
shift
case $verb in
list)
    for directory; do
        [ -d "$directory" ] || printf '%s\n' "$directory"
    done
    ;;
make)
    owner=$1 mode=$2
    shift 2
    for directory; do
        [ -d "$directory" ] && continue
        mkdir -p "$directory"
        chmod "$mode" "$directory"
        [ "$owner" = - ] || chown "$owner" "$directory"
    done
    ;;
esac
