#!/usr/bin/env bash
# Makes the Python environments from their hashed locks, unless they already are what the locks say:
#   controller  .venv      what deploys, tests and checks
#   app         app/.venv  what the image holds, and the tests of it
# Without an argument, the controller's.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

export UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=1 PIP_DISABLE_PIP_VERSION_CHECK=1
uv=$root/.venv/bin/uv

need_python() {
    python3.11 -c 'import ensurepip, venv' 2>/dev/null && return 0
    if can_install && apt-cache show python3.11-venv >/dev/null 2>&1; then
        install_packages python3.11 python3.11-venv
    fi
    python3.11 -c 'import ensurepip, venv' 2>/dev/null || fail "there is no Python 3.11 with venv on PATH" \
        "python3.11 -m venv works" "apt-get install python3.11-venv, or install Python 3.11 with pyenv or uv"
}

# sync FOLDER LOCK...: up to date is what was made from the same locks by the same interpreter.
sync() {
    local folder=$1 stamp
    shift
    stamp=$(sha256sum "$@"; python3.11 -VV)
    [ "$(cat "$folder/.made-from" 2>/dev/null)" != "$stamp" ] || return 0
    say "making ${folder#"$root"/} from ${*#"$root"/}"
    [ -x "$folder/bin/python" ] || python3.11 -m venv --without-pip "$folder"
    "$uv" pip sync --quiet --require-hashes --python "$folder/bin/python" "$@"
    printf '%s\n' "$stamp" >"$folder/.made-from"
}

# uv itself comes from the lock too, by pip and with its hashes.
need_uv() {
    if [ ! -x "$uv" ]; then
        say "making .venv, with uv from requirements.txt"
        python3.11 -m venv "$root/.venv"
        sed -n '/^uv==/,/[^\\]$/p' "$root/requirements.txt" >"$cache/uv.txt"
        "$root/.venv/bin/pip" install --quiet --require-hashes --no-deps -r "$cache/uv.txt" >&2
    fi
}

need_python
# What the roles run on this machine.
need_commands curl rsync
need_uv
sync "$root/.venv" "$root/requirements.txt"
if [ "${1:-controller}" = app ]; then
    sync "$root/app/.venv" "$root/image/requirements.txt" "$root/app/requirements.test.txt"
fi
