#!/bin/sh
# Tells the running sidecar that `current` moved, and waits until it serves that release. It loads the new one beside
# the old one and answers from the old one meanwhile; one that it refuses, it names in /ready.
#
#   swap.sh DOCKER CONTAINER URL TIMEOUT RELEASE      RELEASE "-": only tell it; "?": only ask it
#
# Prints JSON: verdict swapped | refused | timeout | asleep (no sidecar runs that could be told), of "?" awake | failed
# (it serves nothing) | asleep; which release it serves, its answer, seconds.
set -u

docker=$1 container=$2 url=$3 timeout=$4 release=$5

# DOCKER may carry options (-H ...), so it is split into words on purpose.
d() {
    # shellcheck disable=SC2086
    $docker "$@"
}
now() {
    read -r up _ </proc/uptime
    printf '%s%s' "${up%.*}" "${up#*.}"
}
ask() { curl -s --noproxy '*' -m 5 "$url" 2>/dev/null; }
report() {
    spent=$(($(now) - began))
    printf '{"verdict": "%s", "serves": "%s", "seconds": %d.%02d, "answer": "%s"}\n' \
        "$1" "$(served)" $((spent / 100)) $((spent % 100)) \
        "$(printf '%s' "$answer" | head -c 16384 | base64 | tr -d '\n')"
    exit 0
}
expired() { [ $(($(now) - began)) -ge $((timeout * 100)) ]; }
# The release that it reads; nothing of one that lies flat.
served() {
    printf '%s' "$answer" | sed -n 's|.*"path": *"[^"]*/releases/\([A-Za-z0-9._-]*\)".*|\1|p' | head -n 1
}

# The check of the database, cut out of the list of checks.
verdict_of() { printf '%s' "$1" | tr '{' '\n' | grep '"name": *"database"' | head -n 1; }

began=$(now)
answer=
[ "$(d container inspect -f '{{.State.Running}}' "$container" 2>/dev/null)" = true ] || report asleep
# One that has just begun to run, or is hard at work, answers late.
for _ in 1 2 3 4 5; do
    answer=$(ask)
    [ -z "$answer" ] || break
    sleep 1
done
# Only a sidecar that speaks of its database knows what the signal means.
case $answer in *'"database"'*) ;; *) report asleep ;; esac
before=$(verdict_of "$answer")
if [ "$release" = '?' ]; then
    while :; do
        case $before in
        *'"starting"'*) ! expired || report awake ;;
        *'"failed"'*) if [ -n "$(served)" ]; then report awake; else report failed; fi ;;
        *) report awake ;;
        esac
        sleep 0.3 2>/dev/null || sleep 1
        answer=$(ask)
        before=$(verdict_of "$answer")
    done
fi
d kill -s HUP "$container" >/dev/null || report asleep
[ "$release" != - ] || report swapped

while :; do
    sleep 0.3 2>/dev/null || sleep 1
    answer=$(ask)
    case $answer in *"releases/$release\""*) report swapped ;; esac
    # What it said before the signal is no answer to it.
    after=$(verdict_of "$answer")
    if [ "$after" != "$before" ]; then
        case $after in *'"failed"'* | *refused*) report refused ;; esac
    fi
    ! expired || report timeout
done
