#!/usr/bin/env bash
# Brings up a Docker engine if none answers, and the tools to make images with.
# `engine.sh stop` stops the one that this script started, and no other.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

pidfile=$cache/dockerd.pid
log=$logs/dockerd.log

answers() { docker info >/dev/null 2>&1; }

wait_for_engine() { # SECONDS
    local left=$1
    until answers; do
        [ "$left" -gt 0 ] || return 1
        left=$((left - 1))
        sleep 1
    done
}

install_engine() {
    can_install || fail "no Docker engine answers, and this user may not install one" \
        "a running Docker engine (\`docker info\` answers)" \
        "as root: apt-get install docker.io, start it, and add $(id -un) to the group docker"
    install_packages docker.io
}

start_engine() {
    if [ -d /run/systemd/system ]; then
        systemctl start docker
    else
        [ "$(id -u)" -eq 0 ] || fail "the Docker engine is installed but not running" \
            "a running Docker engine (\`docker info\` answers)" "as root: start dockerd"
        # No init here looks after it: the engine gets a session of its own, so that it outlives this shell.
        say "starting dockerd (log: $log)"
        rm -f /var/run/docker.pid
        setsid nohup dockerd </dev/null >"$log" 2>&1 &
        echo $! >"$pidfile"
    fi
}

stop_engine() {
    local pid
    [ -f "$pidfile" ] || return 0
    pid=$(cat "$pidfile")
    rm -f "$pidfile"
    # The number may belong to another process by now.
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ] || return 0
    say "stopping the dockerd that was started here ($pid)"
    kill "$pid"
    while kill -0 "$pid" 2>/dev/null; do sleep 0.2; done
}

if [ "${1:-start}" = stop ]; then
    stop_engine
    exit 0
fi

if ! answers; then
    command -v dockerd >/dev/null || install_engine
    wait_for_engine 2 || start_engine
    wait_for_engine 60 || fail "the Docker engine did not answer within 60 s: $(tail -n 1 "$log" 2>/dev/null)" \
        "a running Docker engine (\`docker info\` answers)" "read $log; run \`dockerd\` by hand to see why it stops"
fi
if ! "$root/scripts/docker-client.sh" >/dev/null 2>&1 && can_install; then
    install_packages docker.io
fi
"$root/scripts/docker-client.sh" >/dev/null
say "Docker engine $(docker version --format '{{.Server.Version}}')"
