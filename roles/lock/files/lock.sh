#!/bin/sh
# One deployment at a time: a file on the host that says who is at it. It lies in memory, or tells by the boot that it
# was made in: a power cut lets nobody wait. Runs under dash and busybox sh.
#
#   lock.sh take FILE ID INFO BREAK    takes it; one whose id is BREAK is broken first ("-": none)
#   lock.sh show FILE                  who has it
#   lock.sh drop FILE ID               gives it back, if it still is ID's
#
# Prints one line of JSON: state taken | held | free, and of a held one the id and INFO (base64, as it was given).
set -u

verb=$1 file=$2 id=${3:-}
boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)
mine=$file.$$
trap 'rm -f "$mine"' EXIT

line() { sed -n "${1}p" "$2" 2>/dev/null; }
held() { printf '{"state": "held", "id": "%s", "info": "%s"}\n' "$(line 1 "$file")" "$(line 3 "$file")"; }
say() { printf '{"state": "%s", "id": "", "info": ""}\n' "$1"; }
fail() {
    printf 'seen:   %s\nneeded: a directory for the lock that can be written\nremedy: name another as lock_directory\n' "$1" >&2
    exit 1
}

# Breaking is a rename, so only one of two that try it at the same time takes away what both have seen.
forget() { # ID
    mv "$file" "$mine.broken" 2>/dev/null || return 0
    # A third one took it in between: that one's it stays.
    [ "$(line 1 "$mine.broken")" = "$1" ] || ln "$mine.broken" "$file"
    rm -f "$mine.broken"
}

case $verb in
take)
    mkdir -p "$(dirname "$file")" 2>/dev/null || fail "$(dirname "$file") cannot be made"
    # Written first and then linked: the lock and what it says appear together.
    printf '%s\n%s\n%s\n' "$id" "$boot" "$4" >"$mine" || fail "$mine cannot be written"
    if [ -e "$file" ]; then
        holder=$(line 1 "$file")
        if [ "$holder" = "$5" ] || [ "$(line 2 "$file")" != "$boot" ]; then forget "$holder"; fi
    fi
    if ln "$mine" "$file" 2>/dev/null; then say taken; else held; fi
    ;;
show)
    if [ -e "$file" ]; then held; else say free; fi
    ;;
drop)
    [ "$(line 1 "$file")" != "$id" ] || rm -f "$file"
    say free
    ;;
esac
