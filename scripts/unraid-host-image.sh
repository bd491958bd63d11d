#!/usr/bin/env bash
# Prints the image of the unRAID-like test host, having built it once from molecule/unraid-host on this machine's base.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

recipe=$root/molecule/unraid-host
base=$("$root/scripts/base-image.sh")
digest=$( (cd "$recipe" && find . -type f -print0 | sort -z | xargs -0 sha256sum; docker image inspect -f '{{.Id}}' "$base") \
    | sha256sum | cut -c 1-12)
image=stash-sense-unraid-host:$digest
log=$logs/unraid-host-image.log

# Workers of one run ask at the same time.
exec 9>"$cache/unraid-host-image.lock"
flock 9
if ! docker image inspect "$image" >/dev/null 2>&1; then
    say "building the unRAID-like test host $image (about 40 s)"
    DOCKER_BUILDKIT=1 "$("$root/scripts/docker-client.sh")" build --progress=plain -t "$image" \
        --build-arg "BASE_IMAGE=$base" "$recipe" >"$log" 2>&1 \
        || fail "the test host could not be built: $(tail -n 1 "$log")" "a reachable Debian mirror" "read $log"
    # Earlier ones that nothing runs.
    docker image ls --format '{{.Repository}}:{{.Tag}}' stash-sense-unraid-host | grep -vxF "$image" \
        | xargs -r docker image rm >/dev/null 2>&1 || true
fi
printf '%s\n' "$image"
