#!/bin/sh
# What of the sidecar is on a host, and its removal: each kind of thing by its name. Runs under dash and busybox sh.
#
#   remove.sh look DOCKER NAME APPDATA TEMPLATE AUTOSTART REPOSITORY        a line for each kind that there is
#   remove.sh go   DOCKER NAME APPDATA TEMPLATE AUTOSTART REPOSITORY KIND   removes it
#
#   KIND  container  also what an interrupted replacement left   template   of this container, and of no other
#         autostart  its line in unRAID's list                   data       recognition database, cache, records, images
#         database   stash_sense.db, and those set aside
set -eu

verb=$1 docker=$2 name=$3 appdata=${4%/} template=$5 autostart=$6 repository=$7

# DOCKER may carry options (-H ...), so it is split into words on purpose.
d() {
    # shellcheck disable=SC2086
    $docker "$@"
}
containers() {
    for suffix in '' -next -previous -failed; do
        if d container inspect "$name$suffix" >/dev/null 2>&1; then printf '%s\n' "$name$suffix"; fi
    done
}
images() { d image ls --format '{{.Repository}}:{{.Tag}}' "$repository" | grep -v '<none>$' || :; }
there() { # PATH...
    for path; do
        if [ -e "$path" ] || [ -L "$path" ]; then printf '%s\n' "$path"; fi
    done
}
# Each by its name: whatever else lies there is somebody's own, such as a copy of stash_sense.db.
database() { there "$appdata"/data/stash_sense.db "$appdata"/data/stash_sense.db-* "$appdata"/data/stash_sense.db.before-*; }
data() {
    there "$appdata/deployments" "$appdata/insightface-cache"
    for name in releases current current.next previous previous.next face_arcface.voy face_facenet.voy faces.json \
        manifest.json performers.db performers.json tattoo_embeddings.json tattoo_embeddings.voy; do
        there "$appdata/data/$name"
    done
    # What a killed backup or restore left.
    there "$appdata"/data/.backup-*.db* "$appdata"/data/.restore-*.db*
}
has() {
    case $1 in
    container) [ -n "$(containers)" ] ;;
    template) [ -f "$template" ] && grep -q "<Name>[[:space:]]*${name}[[:space:]]*</Name>" "$template" ;;
    autostart) [ -f "$autostart" ] && awk -v name="$name" '$1 == name {found = 1} END {exit !found}' "$autostart" ;;
    data) [ -n "$(data)$(images)" ] ;;
    database) [ -n "$(database)" ] ;;
    esac
}

case $verb in
look)
    for kind in container template autostart data database; do
        if has "$kind"; then printf '%s\n' "$kind"; fi
    done
    ;;
go)
    case $8 in
    container)
        containers | while IFS= read -r one; do
            d stop -t 30 "$one" >/dev/null
            d rm "$one" >/dev/null
        done
        ;;
    template)
        rm -f "$template"
        sync
        ;;
    autostart)
        awk -v name="$name" '$1 != name' "$autostart" >"$autostart.incoming"
        mv "$autostart.incoming" "$autostart"
        ;;
    data)
        data | while IFS= read -r path; do rm -rf "${path:?}"; done
        images | while IFS= read -r image; do d image rm "$image" >/dev/null || :; done
        ;;
    database)
        database | while IFS= read -r path; do rm -f "${path:?}"; done
        ;;
    esac
    # Nothing of ours is left in them; somebody else's files keep them.
    rmdir "$appdata/data" "$appdata" 2>/dev/null || :
    ;;
*)
    printf 'unknown verb: %s\n' "$verb" >&2
    exit 2
    ;;
esac
