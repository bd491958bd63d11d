# Shared by the scripts beside it: where the repository is, and how to speak. Sourced, never run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=$root/.cache
logs=$cache/logs
mkdir -p "$logs"
export root cache logs

# Compiled code is kept, and away from the sources: where that is switched off, every start of Ansible or of the sidecar
# compiles everything anew, which takes longer than the start itself.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX=$cache/bytecode

# Progress goes to stderr, so that a script's stdout is its answer.
say() { printf '==> %s\n' "$*" >&2; }

# fail OBSERVED EXPECTED REMEDY
fail() {
    printf 'error: %s\n' "$1" >&2
    printf '  needed: %s\n' "$2" >&2
    printf '  remedy: %s\n' "$3" >&2
    exit 1
}

can_install() { [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; }

# install_packages NAME...: from the distribution, with the full output in a log. One at a time, for apt's lists can
# be held by one only.
install_packages() {
    say "installing from the distribution: $*"
    {
        flock 9
        apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
    } 9>"$cache/apt.lock" >>"$logs/apt.log" 2>&1 || fail "apt-get could not install: $* ($(tail -n 1 "$logs/apt.log"))" \
        "these packages of the distribution" "read $logs/apt.log, mend apt, and run this again"
}

# need_folders NAME...: each of these variables is empty or a folder; made absolute.
need_folders() {
    local name
    for name in "$@"; do
        [ -n "${!name:-}" ] || continue
        [ -d "${!name}" ] || fail "$name=${!name} is not a folder" "a folder that can be read" "correct $name"
        printf -v "$name" '%s' "$(cd "${!name}" && pwd)"
    done
}

# The server's programs are kept off PATH by the distribution. No runlevel, no start: only tests start one, their own.
need_postgresql() {
    command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && return 0
    can_install || fail "PostgreSQL is not installed" "its server programs (initdb, postgres)" \
        "as root: apt-get install postgresql"
    RUNLEVEL=1 install_packages postgresql
}

# need_commands NAME...: programs whose package bears their name; installed where they are missing.
need_commands() {
    local name missing=()
    for name in "$@"; do command -v "$name" >/dev/null || missing+=("$name"); done
    [ ${#missing[@]} -gt 0 ] || return 0
    can_install || fail "not on PATH: ${missing[*]}" "${missing[*]}" "install the packages of these names"
    install_packages "${missing[@]}"
}
