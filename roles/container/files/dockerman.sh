#!/bin/sh
# What unRAID's Docker page keeps in files of its own. Runs under dash and busybox sh.
#   dockerman.sh listed FILE NAME         exits 0 when the list of containers to start has NAME, else 3
#   dockerman.sh list   FILE NAME         adds it; every other line stays as it is
#   dockerman.sh forget CACHE STATUS      removes the page's cache; prints what is known of updates
#   dockerman.sh write  FILE BASE64       replaces a file in one step
set -eu

verb=$1 file=$2

listed() { awk -v name="$2" '$1 == name {found = 1} END {exit !found}' "$1" 2>/dev/null; }
# Beside it and renamed: a power cut leaves no half file.
replace() {
    cat >"$1.incoming"
    [ ! -f "$1" ] || chmod "$(stat -c %a "$1")" "$1.incoming"
    mv "$1.incoming" "$1"
}

case $verb in
listed)
    listed "$file" "$3" || exit 3
    ;;
list)
    listed "$file" "$3" && exit 0
    # awk ends the last line, whether or not it was ended before.
    { [ ! -f "$file" ] || awk 1 "$file"; printf '%s\n' "$3"; } | replace "$file"
    ;;
forget)
    rm -f "$file"
    [ ! -f "$3" ] || cat "$3"
    ;;
write)
    printf '%s' "$3" | base64 -d | replace "$file"
    ;;
esac
