#!/usr/bin/env bash
# From nothing to names: brings what this machine lacks, builds the image, makes a database from PHOTOS_DIR (one
# folder of photos per person), deploys to this machine's engine, and asks who is in the photos of PROBE_DIR.
# MODELS_DIR stands in for the addresses in image/models.yml.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
cd "$root"

build_log=$logs/image-build.log
report=$cache/demo.txt

check_folders() {
    [ -n "${PHOTOS_DIR:-}" ] || fail "PHOTOS_DIR is not set" "a folder with one folder of photos per person" \
        "make demo PHOTOS_DIR=/path/to/photos [MODELS_DIR=/path/to/models] [PROBE_DIR=/path/to/other/photos]"
    need_folders PHOTOS_DIR MODELS_DIR PROBE_DIR
    if [ -z "${PROBE_DIR:-}" ]; then
        PROBE_DIR=$(dirname "$PHOTOS_DIR")/probe
        [ -d "$PROBE_DIR" ] || PROBE_DIR=$PHOTOS_DIR
    fi
}

# The build runs inside one Ansible task, which is silent until it ends: its log says which step it is at.
show_build() {
    : >"$build_log"
    tail -n 0 -F "$build_log" 2>/dev/null \
        | awk '/^#[0-9]+ \[[a-z]/ && !/\[internal\]/ && !shown[$0]++ {
            sub(/^#[0-9]+ /, ""); print "    image: " substr($0, 1, 100); fflush() }' >&2 &
    follower=$!
    trap 'kill "$follower" 2>/dev/null || true' EXIT
}

check_folders
scripts/engine.sh &
engine=$!
scripts/environment.sh
wait "$engine"
base=$(scripts/base-image.sh)
say "building on $base, deploying to this machine, asking about the photos in $PROBE_DIR"
show_build

variables=(-e "demo_photos_dir=$PHOTOS_DIR" -e "demo_probe_dir=$PROBE_DIR" -e "demo_report=$report")
[ -z "${MODELS_DIR:-}" ] || variables+=(-e "models_dir=$MODELS_DIR")
rm -f "$report"
ansible-playbook -i inventories/local playbooks/demo.yml "${variables[@]}"

echo
cat "$report"
