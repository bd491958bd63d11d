#!/usr/bin/env bash
# Prints the base image to build the CPU variant on, having brought it once. BASE_IMAGE decides when it is set. A
# Debian machine makes its own from its own mirror, so that nothing need be pulled; any other pulls Debian's.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

made_here=stash-sense-base:bookworm

if [ -n "${BASE_IMAGE:-}" ]; then
    printf '%s\n' "$BASE_IMAGE"
    exit 0
fi
if docker image inspect "$made_here" >/dev/null 2>&1; then
    printf '%s\n' "$made_here"
    exit 0
fi

sources() {
    # shellcheck disable=SC2016  # apt's own placeholders
    apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' \
        'Identifier: Packages' 'Origin: Debian' | grep -E ' bookworm(-updates|-security)? ' | sort -u
}

if ! can_install || [ "$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" != bookworm ]; then
    say "pulling the base image $made_here (Debian's own)"
    docker pull --quiet debian:bookworm-slim >/dev/null || fail "debian:bookworm-slim could not be pulled" \
        "an image with Debian 12 or Ubuntu 22.04 to build on" "name one that this machine has: BASE_IMAGE=..."
    docker tag debian:bookworm-slim "$made_here"
    printf '%s\n' "$made_here"
    exit 0
fi
need_commands mmdebstrap
[ -n "$(sources)" ] || apt-get update >>"$logs/apt.log" 2>&1

options=()
# What this machine's apt needs to reach its mirror (a proxy, a mirror of a past day), the image's needs too.
while IFS= read -r option; do
    options+=("--aptopt=$option")
done < <(apt-config dump | grep -E '^Acquire::(Check-Valid-Until|Check-Date|Retries|https?::Proxy) ')

say "making the base image $made_here from this machine's Debian mirror (about 40 s)"
archive=$(mktemp "$cache/base-image.XXXXXX.tar")
trap 'rm -f "$archive"' EXIT
# Not piped into the import: an import makes an image of half an archive too.
sources | mmdebstrap --quiet --variant=apt "${options[@]}" bookworm "$archive" - 2>"$logs/base-image.log" \
    || fail "mmdebstrap could not make a Debian base: $(tail -n 1 "$logs/base-image.log")" \
        "a reachable Debian mirror" "read $logs/base-image.log, or name an image to build on: BASE_IMAGE=..."
docker import --change 'CMD ["bash"]' "$archive" "$made_here" >/dev/null
printf '%s\n' "$made_here"
