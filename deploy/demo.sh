#!/usr/bin/env bash
# Shows Registrar at work: deploy/demo.sh [--all] [--stop]
# Builds it, loads a simulated school into a PostgreSQL of its own, lets the school change and syncs the changes.
# With --all a school of every platform is simulated, all in one warehouse.
# Works as root and as an ordinary user, and can be run again at any time: each time the demo starts afresh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/prepare.sh
. deploy/prepare.sh

usage() {
    sed -n '2,5s/^# //p' "deploy/demo.sh"
}

stop=no
options=()
for argument in "$@"; do
    case "$argument" in
        --stop) stop=yes ;;
        --all) options+=(--all) ;;
        --help | -h) usage && exit 0 ;;
        *) usage >&2 && fail "unknown option $argument" ;;
    esac
done

program() {
    printf '%s/registrar' "$(swift build -c release --show-bin-path)"
}

build() {
    install_packages
    step "Building Registrar and the simulator (release; several minutes the first time)"
    swift build -c release --product registrar
    swift build -c release --product lms-simulator
}

check_swift
if [ "$stop" = yes ]; then
    [ -x "$(program)" ] || build
    step "Stopping the demo's PostgreSQL"
    exec "$(program)" demo --stop
fi

build
step "Looking for a school to simulate"
find_oulad

step "Running the demo"
if [ -n "${REGISTRAR_OULAD:-}" ]; then
    options+=(--oulad "$REGISTRAR_OULAD")
fi
exec "$(program)" demo ${options[@]+"${options[@]}"}
