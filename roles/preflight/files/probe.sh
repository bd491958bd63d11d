#!/bin/sh
# Looks at a host and prints what it sees as one JSON object. Changes nothing, judges nothing, needs no Python:
# runs under dash and busybox sh.
#   probe.sh DOCKER DIRECTORY MOUNT PORT STASH_URL
#     DIRECTORY  where the sidecar's files lie or will lie    MOUNT      the pool that has to be mounted, or ""
#     PORT       of the host, that is to be published         STASH_URL  to be reached from the host, or ""
set -u

docker=$1 directory=$2 mount=$3 port=$4 stash_url=$5
emhttp=${EMHTTP:-/var/local/emhttp}

# DOCKER may carry options (-H ...), so it is split into words on purpose.
d() {
    # shellcheck disable=SC2086
    $docker "$@"
}
text() { printf '"%s"' "$(printf '%s' "$1" | tr '\t\n\r' '   ' | tr -d '\000-\037' | sed 's/\\/\\\\/g; s/"/\\"/g')"; }
truth() { if "$@" >/dev/null 2>&1; then printf true; else printf false; fi; }
member() { # NAME VALUE-AS-JSON
    printf '%s"%s": %s' "$comma" "$1" "$2"
    comma=', '
}

missing_tools() {
    for tool in awk base64 curl df readlink rsync sed sha256sum; do
        command -v "$tool" >/dev/null 2>&1 || printf '%s ' "$tool"
    done
}
# The nearest directory that is there: the others will be made below it.
existing() {
    path=$1
    while [ ! -d "$path" ] && [ "$path" != / ]; do path=$(dirname "$path"); done
    printf '%s' "$path"
}
free_mib() { df -Pk "$1" 2>/dev/null | awk 'NR == 2 {print int($4 / 1024)}'; }
# What publishes the port: a container's name, "another process", or nothing.
port_holder() {
    holder=$(d ps --filter "publish=$port" --format '{{.Names}}' 2>/dev/null | head -n 1)
    if [ -z "$holder" ]; then
        hex=$(printf ':%04X' "$port")
        cat /proc/net/tcp /proc/net/tcp6 2>/dev/null \
            | awk -v hex="$hex" '$4 == "0A" && substr($2, length($2) - 4) == hex {found = 1} END {exit !found}' \
            && holder='another process'
    fi
    printf '%s' "$holder"
}
# ini_value FILE KEY [SECTION]: KEY="VALUE", in the section ["SECTION"] where one is given
ini_value() {
    awk -v key="$2" -v section="${3:-}" '
        /^\[/ {inside = ($0 == "[\"" section "\"]" || $0 == "[" section "]"); next}
        (section == "" || inside) && index($0, key "=") == 1 {
            value = substr($0, length(key) + 2); gsub(/^"|"[[:space:]]*$/, "", value); print value; exit
        }' "$1" 2>/dev/null
}

engine_error=$(d version --format '{{.Server.Version}}' 2>&1 >/dev/null)
cards=$(nvidia-smi -L 2>&1) || cards=

comma=
printf '{'
member missing_tools "$(text "$(missing_tools)")"
member engine_version "$(text "$(d version --format '{{.Server.Version}}' 2>/dev/null)")"
member engine_error "$(text "$engine_error")"
# The dollar signs are the Go template's.
# shellcheck disable=SC2016
runtimes=$(d info --format '{{range $name, $runtime := .Runtimes}}{{$name}} {{end}}' 2>/dev/null)
member runtimes "$(text "$runtimes")"
member directory "$(text "$(existing "$directory")")"
free=$(free_mib "$(existing "$directory")")
member free_mib "${free:-0}"
member port_holder "$(text "$(port_holder)")"
member gpu_cards "$(text "$cards")"
member gpu_free_mib "$(text "$(nvidia-smi --query-gpu=memory.free --format=csv,noheader,nounits 2>/dev/null)")"
member clock "$(date +%s)"
if [ -n "$mount" ]; then
    member mounted "$(truth mountpoint -q "$mount")"
fi
if [ -n "$stash_url" ]; then
    member stash_status "$(text "$(curl -s --noproxy '*' -m 5 -o /dev/null -w '%{http_code}' "$stash_url" 2>/dev/null)")"
fi
if [ -f "$emhttp/var.ini" ]; then
    member emhttp true
    member fs_state "$(text "$(ini_value "$emhttp/var.ini" fsState)")"
    member pool_status "$(text "$(ini_value "$emhttp/disks.ini" fsStatus "$(basename "$mount")")")"
    member docker_enabled "$(text "$(ini_value /boot/config/docker.cfg DOCKER_ENABLED)")"
    member time_zone "$(text "$(ini_value "$emhttp/var.ini" timeZone)")"
    member server_name "$(text "$(ini_value "$emhttp/var.ini" NAME)")"
    member unraid_version "$(text "$(ini_value "$emhttp/var.ini" version)")"
else
    member emhttp false
fi
printf '}\n'
