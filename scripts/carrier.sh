#!/usr/bin/env bash
# Brings what carries images from this machine to a server, where it is missing: ssh, and the program of a registry.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

command -v ssh >/dev/null || install_packages openssh-client
# No runlevel, no start: a deployment starts its own, for as long as it sends.
RUNLEVEL=1 need_commands docker-registry
