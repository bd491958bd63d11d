#!/usr/bin/env bash
# Resolves every pyproject.toml and writes the hashed locks: requirements files, which name no registry. Pins that
# still satisfy stay.
#   --upgrade  takes the newest versions instead
#   --check    writes nothing, and fails when a lock no longer satisfies its pyproject.toml
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

export UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=1
image=$root/image/requirements.txt
folder=$root
if [ "${1:-}" = --check ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    mkdir -p "$folder/image" "$folder/app"
    image=$folder/image/requirements.txt
fi

# resolve PYPROJECT_FOLDER LOCK WHAT [OPTION...]
resolve() {
    local project=$1 lock=$2
    shift 2
    # Checked against what is locked: uv keeps the pins of an existing file that still satisfy.
    [ "$folder" = "$root" ] || cp "$root/$lock" "$folder/$lock"
    say "$lock"
    (cd "$root/$project" && "$root/.venv/bin/uv" pip compile --quiet --python-version 3.11 \
        --generate-hashes --no-header --no-annotate --no-emit-index-url \
        --output-file "$folder/$lock" "${upgrade[@]}" "$@") >/dev/null
    [ "$folder" = "$root" ] || cmp -s "$root/$lock" "$folder/$lock" \
        || fail "$lock does not satisfy $project/pyproject.toml" "the lock that resolving it gives" "run \`make lock\` and commit the result"
}

upgrade=()
[ "${1:-}" != --upgrade ] || upgrade=(--upgrade)

resolve . requirements.txt pyproject.toml
resolve app image/requirements.txt pyproject.toml
resolve app image/requirements.gpu.txt --group gpu --no-deps
resolve app app/requirements.test.txt --group test --constraints "$image"
