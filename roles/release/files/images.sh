#!/bin/sh
# The images of one repository on a host. Runs under dash and busybox sh; needs the Docker client.
#   images.sh list   DOCKER REPOSITORY   a line for each tag: id, reference, whether a container is made from it, bytes
#   images.sh has    DOCKER ID...        prints those that are there
#   images.sh remove DOCKER REFERENCE... prints what went; what a container is made from stays
set -u

verb=$1 docker=$2
shift 2

# DOCKER may carry options (-H ...), so it is split into words on purpose.
d() {
    # shellcheck disable=SC2086
    $docker "$@"
}

case $verb in
list)
    # shellcheck disable=SC2046 # ids have no blanks
    used=$(d container inspect --format '{{.Image}}' $(d ps -aq --no-trunc 2>/dev/null) 2>/dev/null)
    # A stopped engine has none to list; its complaint is no image.
    d image ls --no-trunc --format '{{.ID}} {{.Repository}}:{{.Tag}}' "$1" 2>/dev/null | while read -r id reference; do
        case $reference in *'<none>') reference=$id ;; esac
        held=false
        case $used in *"$id"*) held=true ;; esac
        printf '%s %s %s %s\n' "$id" "$reference" "$held" "$(d image inspect --format '{{.Size}}' "$id")"
    done
    ;;
has)
    for id; do
        if d image inspect "$id" >/dev/null 2>&1; then printf '%s\n' "$id"; fi
    done
    ;;
remove)
    for reference; do
        if d image rm "$reference" >/dev/null 2>&1; then printf '%s\n' "$reference"; fi
    done
    ;;
*)
    printf 'unknown verb: %s\n' "$verb" >&2
    exit 2
    ;;
esac
