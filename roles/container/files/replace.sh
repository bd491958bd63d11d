#!/bin/sh
# Replaces one container by another on the host that runs them, and can be interrupted at any point: the names
# say how far it came (NAME serves, NAME-previous waits to come back, NAME-next is made but never started,
# NAME-failed is kept for its log). Runs under dash and busybox sh; needs the Docker client and curl.
#
#   replace.sh state   NAME DOCKER                        which of the four exist
#   replace.sh heal    NAME DOCKER URL TIMEOUT SETTLE PROOF   ends what an interrupted run began
#   replace.sh swap    NAME DOCKER URL TIMEOUT SETTLE PROOF STOP   next takes over; waits until it is ready, else it is
#                                                         set aside and the previous one serves again
#   replace.sh start   NAME DOCKER URL TIMEOUT SETTLE PROOF   starts the one there is; waits until it is ready
#   replace.sh finish  NAME DOCKER                        the previous and the failed one go
#
# Ready is what answers URL with 200 and a line that matches PROOF, an extended regular expression; empty asks for none.
# Prints one line of JSON; what others wrote (answers, errors) is in base64 there. Of swap, `back` says whether the
# previous one serves again: ready, none (there was none), stuck (it could not be brought back), or why it is not ready.
set -u

verb=$1 name=$2 docker=$3
url=${4:-} timeout=${5:-5} settle=${6:-0} proof=${7:-} stop=${8:-10}
previous=$name-previous next=$name-next failed=$name-failed
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
# A cut connection must not leave the host without its service half-way.
trap '' HUP PIPE

# DOCKER may carry options (-H ...), so it is split into words on purpose.
d() {
    # shellcheck disable=SC2086
    $docker "$@"
}
about() { d container inspect -f "$2" "$1" 2>/dev/null; } # CONTAINER FORMAT
exists() { d container inspect "$1" >/dev/null 2>&1; }
running() { [ "$(about "$1" '{{.State.Running}}')" = true ]; }
encoded() { head -c 16384 "$1" 2>/dev/null | base64 | tr -d '\n'; }
# Hundredths of a second since the machine started: no clock change reaches it, and every shell can read it.
now() {
    read -r up _ </proc/uptime
    printf '%s%s' "${up%.*}" "${up#*.}"
}
seconds() { printf '%d.%02d' $(($1 / 100)) $(($1 % 100)); }

serves() {
    status=$(curl -s --noproxy '*' -m 5 -o "$scratch/answer" -w '%{http_code}' "$url" 2>/dev/null)
    [ "$status" = 200 ] || return 1
    [ -z "$proof" ] || grep -Eq "$proof" "$scratch/answer"
}

# Whether it has made up its mind, and not for us: a check failed and none is being decided any more, or it is ready
# without what we want proof of.
refuses() {
    case $status in
    200) refusal=unproven ;;
    503)
        refusal=refused
        grep -q '"failed"' "$scratch/answer" && ! grep -q '"starting"' "$scratch/answer"
        ;;
    *) return 1 ;;
    esac
}

# Ready, or why not: the container ended; it refuses for SETTLE seconds on end; or the time is up.
wait_ready() {
    began=$(now)
    decided=
    status=000
    : >"$scratch/answer"
    while :; do
        serves && verdict=ready && return 0
        running "$started" || { verdict=ended && return 1; }
        if refuses; then
            decided=${decided:-$(now)}
            [ $(($(now) - decided)) -lt $((settle * 100)) ] || { verdict=$refusal && return 1; }
        else
            decided=
        fi
        [ $(($(now) - began)) -lt $((timeout * 100)) ] || { verdict=timeout && return 1; }
        sleep 0.2 2>/dev/null || sleep 1
    done
}

start_and_wait() {
    # By its id: another run may have given the name to another one meanwhile.
    started=$(about "$name" '{{.Id}}')
    if d start "$name" >/dev/null 2>"$scratch/error"; then
        wait_ready
    else
        verdict=unstartable
        return 1
    fi
}

# What came of the new one: said before another one is waited for.
outcome() {
    printf '"verdict": "%s", "status": "%s", "answer": "%s", "error": "%s"' \
        "$verdict" "${status:-000}" "$(encoded "$scratch/answer")" "$(encoded "$scratch/error")"
}
report() { printf '{%s, "pause_s": %s, "back": "%s"}\n' "$1" "$(seconds $(($(now) - stopped)))" "${2:-}"; }

present() { if exists "$1"; then printf true; else printf false; fi; }
report_state() {
    printf '{"current": %s, "previous": %s, "next": %s, "failed": %s}\n' \
        "$(present "$name")" "$(present "$previous")" "$(present "$next")" "$(present "$failed")"
}

discard() { ! exists "$1" || d rm -f "$1" >/dev/null; }

# Under a name of its own: for its log.
set_aside() { # CONTAINER
    case $(about "$1" '{{.Name}}') in '' | "/$failed") return 0 ;; esac
    discard "$failed"
    d stop -t 5 "$1" >/dev/null
    d rename "$1" "$failed"
}

bring_back() { # CONTAINER: the one that gives way
    set_aside "$1" && { exists "$name" || ! exists "$previous" || d rename "$previous" "$name"; }
}

take_over() {
    verdict=immovable
    if [ -n "$old" ]; then
        # Renamed before it is stopped, so that no state looks as if the owner had stopped it.
        d rename "$name" "$previous" 2>"$scratch/error" || return 1
        stopped=$(now)
        d stop -t "$stop" "$previous" >/dev/null 2>"$scratch/error" || return 1
    fi
    d rename "$next" "$name" 2>"$scratch/error" || return 1
    start_and_wait
}

# Here, and not by whoever waits for the answer: that one may be gone, and nobody would be served.
give_back() {
    verdict=stuck
    bring_back "${new%% *}" || return 1
    # Else the server's own Docker page would make the next container from the image that failed. Of another name
    # nothing is taken back.
    [ "${old#* }" != "${new#* }" ] || d tag "${old%% *}" "${old#* }"
    [ -n "$old" ] || { verdict=none && return 0; }
    # It was proven by the wishes of its own time.
    proof=
    start_and_wait
}

stopped=$(now)
case $verb in
state)
    report_state
    ;;
heal)
    report_state
    if exists "$previous"; then
        if running "$name" && serves; then
            discard "$previous"
        else
            bring_back "$name" || exit 1
            d start "$name" >/dev/null || exit 1
        fi
    elif exists "$failed" && exists "$name"; then
        # It was about to come back.
        d start "$name" >/dev/null || exit 1
    fi
    discard "$next" && discard "$failed"
    ;;
swap)
    new=$(about "$next" '{{.Id}} {{.Config.Image}}')
    old=$(about "$name" '{{.Image}} {{.Config.Image}}')
    if take_over; then
        report "$(outcome)"
    else
        failure=$(outcome)
        give_back 2>/dev/null
        report "$failure" "$verdict"
    fi
    ;;
start)
    start_and_wait
    report "$(outcome)"
    ;;
finish)
    discard "$previous" && discard "$failed"
    ;;
*)
    printf 'unknown verb: %s\n' "$verb" >&2
    exit 2
    ;;
esac
