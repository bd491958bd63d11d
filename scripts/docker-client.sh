#!/usr/bin/env bash
# Prints the path of a Docker client that can build with BuildKit. The first `docker` on PATH may be a bare
# newer client without its buildx plugin, which cannot; the distribution's has BuildKit built in.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

builds() {
    local major
    "$1" buildx version >/dev/null 2>&1 && return 0
    # Up to 22 the client drives BuildKit by itself.
    major=$("$1" --version | sed -n 's/^Docker version \([0-9]*\).*/\1/p')
    [ -n "$major" ] && [ "$major" -ge 19 ] && [ "$major" -lt 23 ]
}

while IFS= read -r client; do
    if builds "$client"; then
        printf '%s\n' "$client"
        exit 0
    fi
done < <(type -ap docker)

fail "no Docker client on PATH can build with BuildKit (found: $(type -ap docker | tr '\n' ' '))" \
    "a client with the buildx plugin, or Docker 19 to 22" \
    "install docker.io (Debian, Ubuntu) or docker-buildx-plugin (Docker's own packages)"
