#!/bin/sh
# stash_sense.db on a host, by the commands of the sidecar's own image: the host has neither Python nor SQLite.
# Runs under dash and busybox sh.
#
#   database.sh state    DOCKER NAME PORT                    running | stopped | missing, the port of the host, as JSON
#   database.sh run      DOCKER NAME IMAGE DATA WORD...      `stash-sense WORD...`, in the running container or in one
#                                                            that is made for it; IMAGE is for when there is none at all
#   database.sh exchange DOCKER NAME IMAGE DATA STOP WORD... stops the sidecar, runs that, starts it again in any case
#
# `exchange` ends with a line that says when the sidecar was stopped, in seconds since the machine started.
set -u

verb=$1 docker=$2 name=$3
shift 3
# A cut connection must not leave the host without its service half-way.
trap '' HUP PIPE

# DOCKER may carry options (-H ...), so it is split into words on purpose.
d() {
    # shellcheck disable=SC2086
    $docker "$@"
}
of() { d container inspect --format "$1" "$name" 2>/dev/null; }
state() {
    case $(of '{{.State.Running}}') in
    true) printf running ;;
    false) printf stopped ;;
    *) printf missing ;;
    esac
}
# A sidecar on PostgreSQL has no file; told so, the command refuses in its own words.
elsewhere() {
    if of '{{range .Config.Env}}{{println .}}{{end}}' | grep -q '^DATABASE_URL=.'; then
        printf '%s' '--env=DATABASE_URL=postgresql://database/elsewhere'
    fi
}
once() { # IMAGE DATA WORD...
    image=$1 data=$2
    shift 2
    if [ "$(state)" = missing ]; then
        d run --rm --network none --volume "$data:/data" --env DATA_DIR=/data "$image" stash-sense "$@"
    else
        # shellcheck disable=SC2046 # one word or none
        d run --rm --network none --volumes-from "$name" --env DATA_DIR=/data $(elsewhere) \
            "$(of '{{.Image}}')" stash-sense "$@"
    fi
}

case $verb in
state)
    printf '{"state": "%s", "port": "%s"}\n' "$(state)" \
        "$(of "{{(index (index .HostConfig.PortBindings \"$1/tcp\") 0).HostPort}}")"
    ;;
run)
    if [ "$(state)" = running ]; then
        shift 2
        d exec "$name" stash-sense "$@"
    else
        once "$@"
    fi
    ;;
exchange)
    image=$1 data=$2 stop=$3
    shift 3
    was=$(state)
    read -r stopped _ </proc/uptime
    if [ "$was" = running ]; then d stop -t "$stop" "$name" >/dev/null || exit 1; fi
    once "$image" "$data" "$@"
    status=$?
    if [ "$was" = running ]; then d start "$name" >/dev/null || exit 1; fi
    printf '%s\n' "$stopped"
    exit "$status"
    ;;
*)
    printf 'unknown verb: %s\n' "$verb" >&2
    exit 2
    ;;
esac
