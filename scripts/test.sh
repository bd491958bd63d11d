#!/usr/bin/env bash
# Runs suites of tests and ends with one line for all of them: `N passed, N failed, N skipped`.
#   test.sh SUITE...   lint | app | repository | image | end_to_end | roles | unraid
# Three lanes side by side, of about the same length: what builds images and deploys them, what deploys to servers,
# and what needs neither.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
cd "$root"

export PATH=$root/.venv/bin:$PATH
for folder in models faces; do
    name=${folder^^}_DIR
    if [ -z "${!name:-}" ] && [ -d "../shared/$folder" ]; then export "$name=../shared/$folder"; fi
done
need_folders MODELS_DIR FACES_DIR
reports=$cache/reports
rm -rf "$reports"
mkdir -p "$reports"

wants() { # SUITE...: whether any of them was asked for
    local suite
    for suite in "$@"; do
        [[ " $asked " != *" $suite "* ]] || return 0
    done
    return 1
}

# run SUITE FOLDER COMMAND...: each line with the suite's name; its report is what counts.
run() {
    local suite=$1 folder=$2
    shift 2
    wants "$suite" || return 0
    say "$suite"
    (cd "$folder" && exec "$@" --junitxml="$reports/$suite.xml" -o junit_suite_name="$suite") 2>&1 \
        | sed -u "s/^/[$suite] /" || true
}

on_this_machine() {
    run app app .venv/bin/python -m pytest -n 2
    run lint . pytest tests/lint
    run repository . pytest tests/repository
    # Scenarios wait more than they compute, and share neither names nor ports: one for each worker, and first.
    run roles . pytest tests/molecule tests/roles -n 3 --maxschedchunk 1
}

on_the_engine() {
    run image . pytest tests/image
    run end_to_end . pytest tests/end_to_end
}

on_servers() {
    # A server like unRAID for each worker; what a file's tests have in common is deployed once.
    run unraid . pytest tests/unraid -n 2 --dist loadfile
}

asked=$*
environment=controller
if wants lint app; then environment=app; fi
# What several sidecars may share has to work on the real one.
if wants app; then need_postgresql; fi
# The probe of a host has to run under busybox's shell too.
if wants roles; then need_commands busybox; fi
if wants end_to_end unraid; then scripts/carrier.sh; fi
# Accounts of a registry.
if wants unraid; then
    command -v htpasswd >/dev/null || install_packages apache2-utils
fi
if wants image end_to_end roles unraid; then
    scripts/engine.sh
    scripts/base-image.sh >/dev/null &
    base=$!
fi
scripts/environment.sh "$environment"
[ -z "${base:-}" ] || wait "$base"

on_this_machine &
on_servers &
on_the_engine
wait

python3.11 scripts/summary.py "$reports" "$@"
