#!/bin/sh
# Looks at a host and prints what it sees as one JSON object. Changes nothing, judges nothing, needs no Python:
# runs under dash and busybox sh.
#   probe.sh KEY=VALUE...
#     docker     the Docker client, with options if it needs any
#     directory  where the sidecar's files lie or will lie       mount     the pool that has to be mounted, or ""
#     templates  dockerMan's directory of templates, or ""       image     the image that is to run
#     port       of the host, that is to be published            url       Stash, to be reached from the host, or ""
#     container  the sidecar's name                              only      "pool" for the signs of the pool alone
#     data       "NAME:BYTES:SHA256 ..." of a database to be sent, or ""
set -u

docker=docker directory=/ mount='' templates='' image='' port=0 url='' container='' only='' data=''
for word; do
    case $word in
    docker=*) docker=${word#*=} ;;
    directory=*) directory=${word#*=} ;;
    mount=*) mount=${word#*=} ;;
    templates=*) templates=${word#*=} ;;
    image=*) image=${word#*=} ;;
    port=*) port=${word#*=} ;;
    url=*) url=${word#*=} ;;
    container=*) container=${word#*=} ;;
    only=*) only=${word#*=} ;;
    data=*) data=${word#*=} ;;
    *) echo "unknown argument: $word" >&2 && exit 2 ;;
    esac
done
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
# By the mount's options: busybox's `test -w` thinks that root can write anywhere.
read_only() {
    awk -v at="$(df -Pk "$1" 2>/dev/null | awk 'NR == 2 {print $6}')" '$2 == at {options = $4} END {exit options !~ /^ro(,|$)/}' /proc/mounts
}
# What publishes the port: a container's name, a process, or nothing.
port_holder() {
    holder=$(d ps --filter "publish=$port" --format '{{.Names}}' 2>/dev/null | head -n 1)
    if [ -z "$holder" ]; then
        hex=$(printf ':%04X' "$port")
        cat /proc/net/tcp /proc/net/tcp6 2>/dev/null \
            | awk -v hex="$hex" '$4 == "0A" && substr($2, length($2) - 4) == hex {found = 1} END {exit !found}' \
            && holder=$(process_at)
    fi
    printf '%s' "$holder"
}
process_at() {
    name=$(ss -Hltnp "sport = :$port" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1 (process \2)/p' | head -n 1)
    printf '%s' "${name:-another process}"
}
# Whether FOLDER has the file NAME of this size, and a manifest that has this sha256 for it: gigabytes are not read here.
has_file() { # FOLDER NAME BYTES SHA256
    [ -n "$4" ] && [ -f "$1/$2" ] && [ -f "$1/manifest.json" ] && [ "$(wc -c <"$1/$2" | tr -d ' ')" = "$3" ] \
        && tr -d '\n\r' <"$1/manifest.json" | grep -qi "\"$2\"[[:space:]]*:[[:space:]]*\"\(sha256:\)\{0,1\}$4\""
}
# Bytes of those files that the host has in no whole release and not lying flat either.
data_missing() {
    missing=0
    for words in $data; do
        digest=${words##*:} words=${words%:*} found=
        for folder in "$directory/data" "$directory/data/releases"/*; do
            case $folder in *.incoming) continue ;; esac
            ! has_file "$folder" "${words%:*}" "${words##*:}" "$digest" || found=yes
        done
        [ -n "$found" ] || missing=$((missing + ${words##*:}))
    done
    printf '%s' "$missing"
}
# An interrupted run may have left it under its second name.
sidecar_runs() { d ps --format '{{.Names}}' | grep -Fxq -e "$container" -e "$container-previous"; }
# ini_value FILE KEY [SECTION]: KEY="VALUE", in the section ["SECTION"] where one is given
ini_value() {
    awk -v key="$2" -v section="${3:-}" '
        /^\[/ {inside = ($0 == "[\"" section "\"]" || $0 == "[" section "]"); next}
        (section == "" || inside) && index($0, key "=") == 1 {
            value = substr($0, length(key) + 2); gsub(/^"|"[[:space:]]*$/, "", value); print value; exit
        }' "$1" 2>/dev/null
}
member_ini() { member "$1" "$(text "$(ini_value "$2" "$3" "${4:-}")")"; }

pool_signs() {
    [ -z "$mount" ] || member mounted "$(truth mountpoint -q "$mount")"
    member emhttp "$(truth test -f "$emhttp/var.ini")"
    [ -f "$emhttp/var.ini" ] || return 0
    member_ini fs_state "$emhttp/var.ini" fsState
    member_ini pool_status "$emhttp/disks.ini" fsStatus "$(basename "$mount")"
}

comma=
printf '{'
pool_signs
if [ "$only" = pool ]; then
    printf '}\n'
    exit 0
fi
member missing_tools "$(text "$(missing_tools)")"
member clock "$(date +%s)"
member port_holder "$(text "$(port_holder)")"

here=$(existing "$directory")
free=$(free_mib "$here")
member directory "$(text "$here")"
member free_mib "${free:-0}"
member read_only "$(truth read_only "$here")"
member data_missing "$(data_missing)"
member sidecar_runs "$(truth sidecar_runs)"

engine_error=$(d version --format '{{.Server.Version}}' 2>&1 >/dev/null)
member engine_version "$(text "$(d version --format '{{.Server.Version}}' 2>/dev/null)")"
member engine_error "$(text "$engine_error")"
# The dollar signs are the Go template's.
# shellcheck disable=SC2016
runtimes=$(d info --format '{{range $name, $runtime := .Runtimes}}{{$name}} {{end}}' 2>/dev/null)
member runtimes "$(text "$runtimes")"
store=$(d info --format '{{.DockerRootDir}}' 2>/dev/null)
if [ -d "$store" ]; then
    member image_store "$(text "$store")"
    member image_free_mib "$(free_mib "$store")"
    member image_with_data "$(truth test "$(stat -c %d "$store")" = "$(stat -c %d "$here")")"
fi
member has_image "$(truth d image inspect "$image")"

cards=$(nvidia-smi -L 2>&1) || cards=
member gpu_cards "$(text "$cards")"
# UUID:MIB, by card.
free_of_card=$(nvidia-smi --query-gpu=uuid,memory.free --format=csv,noheader,nounits 2>/dev/null | sed 's/, */:/')
member gpu_free "$(text "$free_of_card")"

if [ -n "$url" ]; then
    # An error, if there was one, and then three digits.
    answer=$(curl -sS --noproxy '*' -m 5 -o /dev/null -w '%{http_code}' "$url" 2>&1 | tr -d '\n')
    member stash_status "$(text "$(printf '%s' "$answer" | tail -c 3)")"
    member stash_error "$(text "$(printf '%s' "${answer%???}" | sed 's/^curl: *//')")"
fi
if [ -n "$templates" ]; then
    flash=$(existing "$templates")
    kept=$(free_mib "$flash")
    member flash "$(text "$flash")"
    member flash_read_only "$(truth read_only "$flash")"
    member flash_free_mib "${kept:-0}"
fi

if [ -f "$emhttp/var.ini" ]; then
    member_ini unraid_version "$emhttp/var.ini" version
    member_ini docker_enabled /boot/config/docker.cfg DOCKER_ENABLED
    member_ini time_zone "$emhttp/var.ini" timeZone
    member_ini server_name "$emhttp/var.ini" NAME
fi
printf '}\n'
