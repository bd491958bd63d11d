#!/bin/sh
# What runs on a host, and what lies there, as one JSON object; what others wrote (answers, errors) is in base64.
# Changes nothing, and says as much as it can when the engine is stopped. Runs under dash and busybox sh.
#   look.sh DOCKER CONTAINER PORT DATA       PORT: the container's
set -u

docker=$1 name=$2 port=$3 data=${4%/}

# DOCKER may carry options (-H ...), so it is split into words on purpose.
d() {
    # shellcheck disable=SC2086
    $docker "$@"
}
encoded() { head -c 65536 | base64 | tr -d '\n'; }
of_container() { d container inspect --format "$1" "$name" 2>/dev/null; }
# Not %d: in mawk it ends at 2 GiB.
bytes() { du -sk "$@" 2>/dev/null | awk '{sum += $1} END {printf "%.0f", sum * 1024}'; }
# In one run, so that a file with two names counts once: the first release has it.
releases() {
    comma=
    du -sk "$data/releases"/* 2>/dev/null | while read -r size release; do
        case $release in *.incoming) continue ;; esac
        printf '%s{"name": "%s", "bytes": %d}' "$comma" "${release##*/}" $((size * 1024))
        comma=', '
    done
}
free() { df -Pk "$data" 2>/dev/null | awk -v column="$1" 'NR == 2 {printf "%.0f", $column * 1024}'; }

error='' state=unknown
if engine=$(d version --format '{{.Server.Version}}' 2>&1); then
    state=$(of_container '{{.State.Status}}') || state=missing
else
    error=$engine engine=''
fi
published=$(of_container "{{(index (index .HostConfig.PortBindings \"$port/tcp\") 0).HostPort}}")
answer=
[ -z "$published" ] || answer=$(curl -s --noproxy '*' -m 5 "http://127.0.0.1:$published/ready" 2>/dev/null)

printf '{"engine": "%s", "engine_error": "%s", ' "$engine" "$(printf '%s' "$error" | encoded)"
printf '"container": {"state": "%s", "since": "%s", "image_id": "%s", "image": "%s", "port": "%s"}, ' \
    "$state" "$(of_container '{{if .State.Running}}{{.State.StartedAt}}{{else}}{{.State.FinishedAt}}{{end}}')" \
    "$(of_container '{{.Image}}')" "$(of_container '{{.Config.Image}}')" "$published"
printf '"ready": "%s", ' "$(printf '%s' "$answer" | encoded)"
printf '"current": "%s", "data_releases": [%s], ' "$(basename "$(readlink "$data/current")" 2>/dev/null)" "$(releases)"
printf '"data_bytes": %s, "database_bytes": %s, ' "$(bytes "$data/releases")" "$(bytes "$data"/stash_sense.db*)"
printf '"disk_bytes": %s, "free_bytes": %s}\n' "$(free 2 | sed 's/^$/0/')" "$(free 4 | sed 's/^$/0/')"
